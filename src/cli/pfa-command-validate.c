/* pfa-command-validate.c - says what is wrong with a model, profile or bundle, and where
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-bundle-verify.h"
#include "pfa-command-list.h"
#include "pfa-commands.h"
#include "pfa-error.h"
#include "pfa-json.h"
#include "pfa-model.h"
#include "pfa-provider.h"

/* One kind of JSON file that can be checked. */
typedef struct
{
  const char *format;
  GStrv (*validate) (JsonNode *json, const char *name);
} Kind;

static const Kind kinds[] = {
  { "pos96-model/1", pfa_model_validate },
  { "pos-first-aid-provider/1", pfa_provider_validate },
};

static const Kind *
find_kind (JsonNode *json)
{
  const char *format = JSON_NODE_HOLDS_OBJECT (json)
                           ? pfa_json_peek_string (json_node_get_object (json), "format")
                           : NULL;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (format, kinds[i].format) == 0)
      return &kinds[i];
  return NULL;
}

static gboolean
looks_like_json (const char *text, gsize length)
{
  gsize i = length >= 3 && memcmp (text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

  while (i < length && g_ascii_isspace (text[i]))
    i++;
  return i < length && (text[i] == '{' || text[i] == '[');
}

static int
print_faults (GStrv faults, const char *path)
{
  gboolean is_sound = TRUE;

  for (guint i = 0; faults[i] != NULL; i++)
    {
      g_print ("%s\n", faults[i]);
      is_sound = is_sound && g_str_has_prefix (faults[i], PFA_WARNING_PREFIX);
    }
  if (is_sound)
    g_print (_ ("%s: sound\n"), path);
  return is_sound ? PFA_EXIT_GOOD : PFA_EXIT_BAD;
}

static int
validate_json (const char *path, const char *text, gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) json = pfa_json_parse (text, (gssize) length, path, &error);
  g_auto (GStrv) faults = NULL;
  const Kind *kind;

  if (json == NULL)
    {
      g_print ("%s\n", error->message);
      return PFA_EXIT_BAD;
    }
  kind = find_kind (json);
  if (kind == NULL)
    {
      g_print (_ ("%s: “format” names neither a model (%s) nor a provider's profile (%s)\n"),
               path,
               kinds[0].format,
               kinds[1].format);
      return PFA_EXIT_BAD;
    }
  faults = kind->validate (json, path);
  return print_faults (faults, path);
}

static gboolean
looks_like_bundle (const char *path, const char *text, gsize length)
{
  return (length >= 4 && memcmp (text, "PK\x03\x04", 4) == 0) || pfa_bundle_is_sealed (path);
}

static int
validate_bundle (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaBundleContents) contents = pfa_bundle_verify (path, NULL, &error);

  if (contents == NULL)
    {
      g_print ("%s: %s\n", path, error->message);
      return PFA_EXIT_BAD;
    }
  g_print (_ ("%s: sound\n"), path);
  return PFA_EXIT_GOOD;
}

static int
validate_file (const char *path)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  /* A device never ends. */
  if (g_file_test (path, G_FILE_TEST_EXISTS) && !g_file_test (path, G_FILE_TEST_IS_REGULAR) &&
      !g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      pfa_cli_complain (_ ("there is no file “%s”"), path);
      return PFA_EXIT_USAGE;
    }
  if (!g_file_get_contents (path, &text, &length, &error))
    {
      pfa_cli_complain ("%s", error->message);
      return PFA_EXIT_USAGE;
    }
  if (looks_like_bundle (path, text, length))
    return validate_bundle (path);
  if (looks_like_json (text, length))
    return validate_json (path, text, length);
  pfa_cli_complain (_ ("%s is neither a model, nor a provider's profile, nor a bundle"), path);
  return PFA_EXIT_USAGE;
}

int
pfa_command_validate (int argc, char *argv[])
{
  static const GOptionEntry entries[] = { G_OPTION_ENTRY_NULL };
  int worst = PFA_EXIT_GOOD;

  if (!pfa_cli_parse (&argc, &argv, entries, "FILE…"))
    return PFA_EXIT_USAGE;
  if (argc < 2)
    {
      pfa_cli_complain (_ ("name the file to be checked"));
      return PFA_EXIT_USAGE;
    }
  for (int i = 1; i < argc; i++)
    {
      int status = validate_file (argv[i]);

      worst = MAX (worst, status);
    }
  return worst;
}
