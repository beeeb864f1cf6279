/* pfa-desk-log.c - the desk's structured log: one JSON object a line on standard error
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-log.h"

#include "pfa-json.h"

void
pfa_desk_log (const char *event, ...)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y-%m-%dT%H:%M:%S.%fZ");
  g_autoptr (GString) line = g_string_new ("{\"time\":");
  va_list pairs;

  pfa_json_append_string (line, time);
  g_string_append (line, ",\"event\":");
  pfa_json_append_string (line, event);
  va_start (pairs, event);
  for (const char *key = va_arg (pairs, const char *); key != NULL;
       key = va_arg (pairs, const char *))
    {
      const char *value = va_arg (pairs, const char *);
      g_autofree char *valid = NULL;

      if (value == NULL)
        continue;
      valid = g_utf8_make_valid (value, -1);
      g_string_append_c (line, ',');
      pfa_json_append_string (line, key);
      g_string_append_c (line, ':');
      pfa_json_append_string (line, valid);
    }
  va_end (pairs);
  g_printerr ("%s}\n", line->str);
}
