/* pfa-echo.c - Greek ECR protocol (AADE A.1098): the echo
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-echo.h"

#include <string.h>

#define LENGTH_BYTES  2
#define PREFIX_LENGTH 7 /* "MEL" "02" "01" */
#define MAX_TEXT      200

gboolean
pfa_echo_append_request (GByteArray *out, const char *text)
{
  g_autofree char *message = NULL;
  gsize length = strlen (text);
  guint8 header[LENGTH_BYTES];

  if (length == 0 || length > MAX_TEXT || strchr (text, '/') != NULL)
    return FALSE;
  message = g_strconcat ("ECR0201X/", text, NULL);
  length = strlen (message);
  header[0] = (guint8) (length >> 8);
  header[1] = (guint8) length;
  g_byte_array_append (out, header, sizeof header);
  g_byte_array_append (out, (const guint8 *) message, (guint) length);
  return TRUE;
}

/* The last "/T" divides, for the text is ours and the rest has none. */
static gboolean
parse_body (PfaSpan body, PfaEchoAnswer *answer)
{
  gsize at = body.length;
  const guint8 *colon;

  if (body.length < 2 || memcmp (body.data, "X/", 2) != 0)
    return FALSE;
  while (at > 3 && memcmp (body.data + at - 2, "/T", 2) != 0)
    at--;
  if (at <= 3)
    return FALSE;
  answer->text = (PfaSpan){ body.data + 2, at - 4 };
  colon = at < body.length ? memchr (body.data + at, ':', body.length - at) : NULL;
  if (colon == NULL)
    return FALSE;
  answer->terminal_id = (PfaSpan){ body.data + at, (gsize) (colon - body.data) - at };
  answer->software = (PfaSpan){ colon + 1, (gsize) (body.data + body.length - colon) - 1 };
  return TRUE;
}

PfaParse
pfa_echo_parse_answer (PfaSpan bytes, PfaEchoAnswer *answer, gsize *consumed)
{
  gsize length;

  *consumed = 0;
  if (bytes.length < LENGTH_BYTES)
    return PFA_PARSE_NEEDS_MORE;
  length = (gsize) bytes.data[0] << 8 | bytes.data[1];
  *consumed = bytes.length;
  if (length < PREFIX_LENGTH || length > PFA_ECHO_MAX_MESSAGE)
    return PFA_PARSE_INVALID;
  if (bytes.length >= LENGTH_BYTES + 3 && memcmp (bytes.data + LENGTH_BYTES, "MEL", 3) != 0)
    return PFA_PARSE_INVALID;
  if (bytes.length - LENGTH_BYTES < length)
    {
      *consumed = 0;
      return PFA_PARSE_NEEDS_MORE;
    }
  *consumed = LENGTH_BYTES + length;
  if (!parse_body ((PfaSpan){ bytes.data + LENGTH_BYTES + PREFIX_LENGTH, length - PREFIX_LENGTH },
                   answer))
    return PFA_PARSE_INVALID;
  return PFA_PARSE_COMPLETE;
}
