/* pfa-poslink.c - PAX POSLink: Initialize (A00) and its answer (A01), as public code shows them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-poslink.h"

#include <string.h>

#define FS              0x1c
#define ANSWER_FIELDS   8
#define REQUIRED_FIELDS 4

static const char initialize[] = "A00\x1c"
                                 "1.28";

void
pfa_poslink_append_initialize (GByteArray *out)
{
  pfa_stx_append (out,
                  PFA_LRC_PLAIN,
                  (PfaSpan){ (const guint8 *) initialize, strlen (initialize) });
}

/* What is missing at the end stays empty. */
static guint
split (PfaSpan payload, PfaSpan fields[ANSWER_FIELDS])
{
  guint count = 0;

  memset (fields, 0, sizeof (PfaSpan) * ANSWER_FIELDS);
  while (count < ANSWER_FIELDS)
    {
      const guint8 *end = payload.length > 0 ? memchr (payload.data, FS, payload.length) : NULL;
      gsize length = end != NULL ? (gsize) (end - payload.data) : payload.length;

      fields[count++] = (PfaSpan){ payload.data, length };
      if (end == NULL)
        break;
      payload.data += length + 1;
      payload.length -= length + 1;
    }
  return count;
}

gboolean
pfa_poslink_parse_answer (PfaSpan payload, PfaPoslinkAnswer *answer)
{
  PfaSpan fields[ANSWER_FIELDS];

  if (split (payload, fields) < REQUIRED_FIELDS || fields[1].length != 3 ||
      memcmp (fields[1].data, "A01", 3) != 0)
    return FALSE;
  answer->code = fields[3];
  answer->text = fields[4];
  answer->serial = fields[5];
  answer->model = fields[6];
  answer->system = fields[7];
  return TRUE;
}
