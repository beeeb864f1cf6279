/* pfa-cli.c - what all commands share: options, complaints, output, language
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-commands.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pfa-json.h"
#include "pfa-text.h"

#define COLUMNS     80
#define REPLACEMENT 0xFFFD

/* Moves the cursor, renames the window, or turns the reading order of what stands behind it. */
static gboolean
is_harmful (gunichar c)
{
  return (g_unichar_iscntrl (c) && c != '\n' && c != '\t') || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

static void
print_harmless (FILE *stream, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GString) out = g_string_sized_new (strlen (valid));
  const char *charset;

  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p))
    g_string_append_unichar (out,
                             is_harmful (g_utf8_get_char (p)) ? REPLACEMENT : g_utf8_get_char (p));
  if (!g_get_charset (&charset))
    {
      g_autofree char *converted = g_convert_with_fallback (out->str,
                                                            (gssize) out->len,
                                                            charset,
                                                            "UTF-8",
                                                            "?",
                                                            NULL,
                                                            NULL,
                                                            NULL);

      g_string_assign (out, converted != NULL ? converted : "?");
    }
  fputs (out->str, stream);
  fflush (stream);
}

static void
print (const char *text)
{
  print_harmless (stdout, text);
}

static void
print_error (const char *text)
{
  print_harmless (stderr, text);
}

void
pfa_cli_guard_output (void)
{
  g_set_print_handler (print);
  g_set_printerr_handler (print_error);
}

void
pfa_cli_complain (const char *format, ...)
{
  va_list arguments;
  g_autofree char *sentence = NULL;

  va_start (arguments, format);
  sentence = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_printerr ("pos-first-aid: %s\n", sentence);
}

gboolean
pfa_cli_parse (int *argc, char **argv[], const GOptionEntry *entries, const char *arguments)
{
  g_autoptr (GOptionContext) context = g_option_context_new (arguments);
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_strdup_printf ("pos-first-aid %s", (*argv)[0]);

  g_set_prgname (name);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
  if (!g_option_context_parse (context, argc, argv, &error))
    {
      pfa_cli_complain ("%s", error->message);
      return FALSE;
    }
  if (arguments == NULL && *argc > 1)
    {
      pfa_cli_complain (_ ("“%s” is too much here"), (*argv)[1]);
      return FALSE;
    }
  return TRUE;
}

void
pfa_cli_print_json (JsonObject *object)
{
  g_autoptr (JsonObject) owned = object;
  g_autofree char *text = pfa_json_write_object (owned, FALSE);
  g_autoptr (GString) out = g_string_sized_new (strlen (text) + 1);

  /* JSON is UTF-8 in every locale; what could act on a screen has an escape of its own there. */
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (is_harmful (g_utf8_get_char (p)))
      g_string_append_printf (out, "\\u%04x", g_utf8_get_char (p));
    else
      g_string_append_unichar (out, g_utf8_get_char (p));
  g_string_append_c (out, '\n');
  fputs (out->str, stdout);
  fflush (stdout);
}

static guint
char_width (gunichar c)
{
  if (g_unichar_iszerowidth (c))
    return 0;
  return g_unichar_iswide (c) ? 2 : 1;
}

/* The first place after @text where a line may break: behind a blank or a wide character. */
static const char *
next_chunk (const char *text, guint *width)
{
  const char *p = text;

  *width = 0;
  while (*p != '\0' && *p != '\n')
    {
      gunichar c = g_utf8_get_char (p);

      *width += char_width (c);
      p = g_utf8_next_char (p);
      /* A closing mark never begins a line. */
      if (c == ' ' || (g_unichar_iswide (c) && !g_unichar_ispunct (g_utf8_get_char (p))))
        break;
    }
  return p;
}

void
pfa_cli_print_wrapped (const char *text, guint indent)
{
  g_autoptr (GString) out = g_string_new (NULL);
  guint column = 0;

  while (*text != '\0')
    {
      guint width;
      const char *end = next_chunk (text, &width);

      if (column > 0 &&
          (*text == '\n' || column + width > COLUMNS + (end > text && end[-1] == ' ' ? 1u : 0u)))
        {
          while (out->len > 0 && out->str[out->len - 1] == ' ')
            g_string_truncate (out, out->len - 1);
          g_string_append_c (out, '\n');
          column = 0;
        }
      if (*text == '\n')
        {
          text++;
          continue;
        }
      if (column == 0)
        {
          g_string_append_printf (out, "%*s", (int) indent, "");
          column = indent;
        }
      g_string_append_len (out, text, end - text);
      column += width;
      text = end;
    }
  g_print ("%s\n", g_strchomp (out->str));
}

const char *
pfa_cli_get_language (void)
{
  const char *const *names = g_get_language_names_with_category ("LC_MESSAGES");

  for (; *names != NULL && !g_str_equal (*names, "C"); names++)
    for (guint i = 0; pfa_text_languages[i] != NULL; i++)
      if (g_str_equal (pfa_text_match_language (*names), pfa_text_languages[i]) &&
          g_str_has_prefix (*names,
                            (char[]){ pfa_text_languages[i][0], pfa_text_languages[i][1], 0 }))
        return pfa_text_languages[i];
  return "en";
}

void
pfa_cli_set_language (const char *language)
{
  g_setenv ("LANGUAGE", language, TRUE);
  /* gettext reads LANGUAGE only outside the "C" locale; C.UTF-8 is on every Debian 12. */
  if (g_strcmp0 (setlocale (LC_MESSAGES, NULL), "C") == 0)
    setlocale (LC_MESSAGES, "C.UTF-8");
}

gboolean
pfa_cli_may_replace (const char *path)
{
  if (!g_file_test (path, G_FILE_TEST_EXISTS) || g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return TRUE;
  pfa_cli_complain (_ ("“%s” is no file that could be written"), path);
  return FALSE;
}

char *
pfa_cli_dup_data_dir (void)
{
  return g_build_filename (g_get_user_data_dir (), "pos-first-aid", NULL);
}
