/* pfa-ecr17.c - ECR17 (Nexi, Italy): the status request and its answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-ecr17.h"

#include <string.h>

#define TERMINAL_ID_LENGTH 8
#define DATE_OFFSET        20
#define DATE_LENGTH        10
#define STATUS_OFFSET      30
#define SOFTWARE_OFFSET    31
#define SOFTWARE_LENGTH    8
#define ANSWER_LENGTH      (SOFTWARE_OFFSET + SOFTWARE_LENGTH)

static const char request[] = "000000000s";

void
pfa_ecr17_append_status_request (GByteArray *out, PfaLrc lrc)
{
  pfa_stx_append (out, lrc, (PfaSpan){ (const guint8 *) request, strlen (request) });
}

gboolean
pfa_ecr17_is_status_request (PfaSpan payload)
{
  return payload.length == strlen (request) && memcmp (payload.data, request, payload.length) == 0;
}

static gboolean
are_digits (const guint8 *data, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isdigit (data[i]))
      return FALSE;
  return TRUE;
}

gboolean
pfa_ecr17_parse_status (PfaSpan payload, PfaEcr17Status *status)
{
  const guint8 *data = payload.data;

  if (payload.length != ANSWER_LENGTH || data[TERMINAL_ID_LENGTH] != '0' ||
      data[TERMINAL_ID_LENGTH + 1] != 's' || !are_digits (data, TERMINAL_ID_LENGTH) ||
      !are_digits (data + DATE_OFFSET, DATE_LENGTH + 1))
    return FALSE;
  status->terminal_id = (PfaSpan){ data, TERMINAL_ID_LENGTH };
  status->date = (PfaSpan){ data + DATE_OFFSET, DATE_LENGTH };
  status->status = data[STATUS_OFFSET];
  status->software = (PfaSpan){ data + SOFTWARE_OFFSET, SOFTWARE_LENGTH };
  return TRUE;
}
