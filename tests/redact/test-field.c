/* test-field.c - what shops' machines really write: each secret goes, and what is none stays
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib.h>
#include <string.h>

#include "pfa-redactor.h"

#define OPEN  "«"
#define CLOSE "»"

static const guint8 key[PFA_REDACTOR_KEY_LENGTH] = { 1, 2, 3 };

/* (element-type utf8) The lines of a file beside this one, with \n, \t and \\ made plain. */
static GPtrArray *
read_lines (const char *name)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  GPtrArray *lines = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) all = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  all = g_strsplit (text, "\n", -1);
  for (guint i = 0; all[i] != NULL; i++)
    {
      GString *line;

      if (all[i][0] == '#' || all[i][0] == '\0')
        continue;
      line = g_string_new (NULL);
      for (const char *p = all[i]; *p != '\0'; p++)
        if (p[0] == '\\' && strchr ("nt\\", p[1]) != NULL && p[1] != '\0')
          g_string_append_c (line, *++p == 'n' ? '\n' : *p == 't' ? '\t' : '\\');
        else
          g_string_append_c (line, *p);
      g_ptr_array_add (lines, g_string_free (line, FALSE));
    }
  return lines;
}

static PfaSafeText *
redact (const char *text, PfaReader reader)
{
  g_autoptr (PfaRedactor) redactor = pfa_redactor_new (key, reader);
  g_autoptr (GError) error = NULL;
  PfaSafeText *safe = pfa_redactor_redact_text (redactor, "case", text, -1, &error);

  g_assert_no_error (error);
  return safe;
}

/* Takes the marks out of @line; (element-type utf8) what stood between them. */
static GPtrArray *
take_secrets (const char *line, GString *plain)
{
  GPtrArray *secrets = g_ptr_array_new_with_free_func (g_free);

  for (;;)
    {
      const char *open = strstr (line, OPEN);
      const char *close = open != NULL ? strstr (open, CLOSE) : NULL;

      if (close == NULL)
        break;
      g_string_append_len (plain, line, open - line);
      open += strlen (OPEN);
      g_string_append_len (plain, open, close - open);
      g_ptr_array_add (secrets, g_strndup (open, (gsize) (close - open)));
      line = close + strlen (CLOSE);
    }
  g_string_append (plain, line);
  return secrets;
}

static void
test_secrets (gconstpointer data)
{
  g_autoptr (GPtrArray) lines = read_lines ("redact/field-secrets.txt");

  g_assert_cmpuint (lines->len, >=, 200);
  for (guint i = 0; i < lines->len; i++)
    {
      g_autoptr (GString) plain = g_string_new (NULL);
      g_autoptr (GPtrArray) secrets = take_secrets (lines->pdata[i], plain);
      g_autoptr (PfaSafeText) safe = redact (plain->str, (PfaReader) GPOINTER_TO_UINT (data));

      g_assert_cmpuint (secrets->len, >, 0);
      for (guint j = 0; j < secrets->len; j++)
        {
          const gboolean gone =
              strstr (pfa_safe_text_get_data (safe, NULL), secrets->pdata[j]) == NULL;

          if (!gone)
            g_test_message ("%s -> %s", plain->str, pfa_safe_text_get_data (safe, NULL));
          g_assert_true (gone);
        }
    }
}

static void
test_clean (void)
{
  g_autoptr (GPtrArray) lines = read_lines ("redact/field-clean.txt");

  g_assert_cmpuint (lines->len, >=, 200);
  for (guint i = 0; i < lines->len; i++)
    {
      g_autoptr (PfaSafeText) safe = redact (lines->pdata[i], PFA_READER_PROVIDER);

      g_assert_cmpstr (pfa_safe_text_get_data (safe, NULL), ==, lines->pdata[i]);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/redact/field/secrets-go-for-provider",
                        GUINT_TO_POINTER (PFA_READER_PROVIDER),
                        test_secrets);
  g_test_add_data_func ("/redact/field/secrets-go-for-anyone",
                        GUINT_TO_POINTER (PFA_READER_ANYONE),
                        test_secrets);
  g_test_add_func ("/redact/field/what-is-no-secret-stays", test_clean);
  return g_test_run ();
}
