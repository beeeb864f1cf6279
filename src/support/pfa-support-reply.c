/* pfa-support-reply.c - what a provider's server answered
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-support-http.h"

void
pfa_support_reply_free (PfaSupportReply *self)
{
  soup_message_headers_unref (self->headers);
  g_free (self->text);
  g_free (self->url);
  g_free (self);
}

const char *
pfa_support_reply_get_header (const PfaSupportReply *self, const char *name)
{
  return soup_message_headers_get_one (self->headers, name);
}

static gint64
parse_number (const char *text)
{
  guint64 number;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &number, NULL))
    return -1;
  return (gint64) number;
}

gint64
pfa_support_reply_get_number (const PfaSupportReply *self, const char *name)
{
  return parse_number (pfa_support_reply_get_header (self, name));
}

gint64
pfa_support_reply_get_retry_after (const PfaSupportReply *self)
{
  const char *text = pfa_support_reply_get_header (self, "Retry-After");
  const char *date = pfa_support_reply_get_header (self, "Date");
  g_autoptr (GDateTime) then = NULL;
  g_autoptr (GDateTime) now = NULL;

  if (text == NULL || parse_number (text) >= 0)
    return parse_number (text);
  then = soup_date_time_new_from_http_string (text);
  /* The server's own clock: this computer's may be wrong, which is a fault we know well. */
  now = date != NULL ? soup_date_time_new_from_http_string (date) : NULL;
  if (now == NULL)
    now = g_date_time_new_now_utc ();
  return then != NULL ? MAX (g_date_time_to_unix (then) - g_date_time_to_unix (now), 0) : -1;
}
