/* pfa-language.c - the language of the window and of the knowledge's texts
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-language.h"

#include <glib/gi18n.h>
#include <libintl.h>
#include <locale.h>

#include "pfa-place.h"

static const char *
get_asked_language (void)
{
  static const char *const variables[] = { "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG" };

  for (guint i = 0; i < G_N_ELEMENTS (variables); i++)
    {
      const char *value = g_getenv (variables[i]);

      if (value != NULL && *value != '\0' && !g_str_has_prefix (value, "C"))
        return value;
    }
  return NULL;
}

void
pfa_language_set_up (const char *chosen)
{
  g_autofree char *directory = pfa_place_dup_locale_dir ();

  if (chosen == NULL || *chosen == '\0' || g_str_equal (chosen, "system"))
    chosen = get_asked_language ();

  /* gettext looks at LANGUAGE in any locale except plain "C". */
  g_setenv ("LANGUAGE", pfa_text_match_language (chosen), TRUE);
  if (setlocale (LC_ALL, "") == NULL || g_str_equal (setlocale (LC_MESSAGES, NULL), "C"))
    setlocale (LC_ALL, "C.UTF-8");

  bindtextdomain (GETTEXT_PACKAGE, directory);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

const char *
pfa_language_get (void)
{
  return pfa_text_match_language (g_get_language_names ()[0]);
}

const char *
pfa_language_say (PfaText *text)
{
  return pfa_text_get (text, pfa_language_get ());
}

char *
pfa_language_dup_paragraph (PfaText *text)
{
  const char *language = pfa_language_get ();

  return g_strjoinv (g_str_equal (language, "zh_CN") ? "" : " ",
                     (char **) pfa_text_get_lines (text, language));
}

char *
pfa_language_dup_pair (const char *name, const char *text)
{
  return g_strdup_printf (_ ("%s: %s"), name, text);
}

char *
pfa_language_dup_aside (const char *text, const char *aside)
{
  return g_strdup_printf (_ ("%s (%s)"), text, aside);
}
