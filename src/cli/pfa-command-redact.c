/* pfa-command-redact.c - standard input to standard output, with nothing secret in it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <unistd.h>

#include "pfa-command-list.h"
#include "pfa-commands.h"
#include "pfa-json.h"
#include "pfa-redactor.h"

#define MEMBER "standard input"

static gboolean
on_safe_piece (PfaSafeText *piece, gpointer user_data, GError **error)
{
  gsize length;
  const char *text = pfa_safe_text_get_data (piece, &length);

  return g_output_stream_write_all (user_data, text, length, NULL, NULL, error);
}

static gboolean
write_report (PfaRedactor *redactor, const char *path)
{
  g_autoptr (JsonObject) report =
      pfa_redaction_report_to_json (pfa_redactor_get_report (redactor), TRUE);
  g_autofree char *text = pfa_json_write_object (report, TRUE);
  g_autofree char *line = g_strconcat (text, "\n", NULL);
  g_autoptr (GError) error = NULL;

  if (!pfa_cli_may_replace (path))
    return FALSE;
  if (g_file_set_contents_full (path, line, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, &error))
    return TRUE;
  pfa_cli_complain (_ ("the report cannot be written: %s"), error->message);
  return FALSE;
}

int
pfa_command_redact (int argc, char *argv[])
{
  g_autofree char *reader = NULL;
  g_autofree char *report = NULL;
  const GOptionEntry entries[] = {
    { "for",
      0,
      0,
      G_OPTION_ARG_STRING,
      &reader,
      N_ ("Who will read it: provider (default) or anyone"),
      "provider|anyone" },
    { "report",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &report,
      N_ ("Where to list what was hidden, without the values"),
      N_ ("FILE") },
    { NULL },
  };
  g_autoptr (GInputStream) input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GOutputStream) output = g_unix_output_stream_new (STDOUT_FILENO, FALSE);
  g_autoptr (PfaRedactor) redactor = NULL;
  g_autoptr (GError) error = NULL;

  if (!pfa_cli_parse (&argc, &argv, entries, ""))
    return PFA_EXIT_USAGE;
  if (argc > 1)
    {
      pfa_cli_complain (_ ("redact reads standard input; “%s” is not expected"), argv[1]);
      return PFA_EXIT_USAGE;
    }
  if (reader != NULL && !g_str_equal (reader, "provider") && !g_str_equal (reader, "anyone"))
    {
      pfa_cli_complain (_ ("--for is “provider” or “anyone”, not “%s”"), reader);
      return PFA_EXIT_USAGE;
    }
  redactor = pfa_redactor_new_with_fresh_key (
      g_strcmp0 (reader, "anyone") == 0 ? PFA_READER_ANYONE : PFA_READER_PROVIDER);
  pfa_redactor_add_name (redactor, PFA_SECRET_HOST, g_get_host_name ());
  if (!pfa_redactor_redact_stream (redactor, MEMBER, input, on_safe_piece, output, NULL, &error))
    {
      pfa_cli_complain (_ ("refused, throw away what was printed: %s"), error->message);
      return PFA_EXIT_BAD;
    }
  return report == NULL || write_report (redactor, report) ? PFA_EXIT_GOOD : PFA_EXIT_USAGE;
}
