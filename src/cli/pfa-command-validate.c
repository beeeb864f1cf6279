/* pfa-command-validate.c - says what is wrong with a model, profile or bundle, and where
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

#include "pfa-bundle-verify.h"
#include "pfa-command-list.h"
#include "pfa-commands.h"
#include "pfa-error.h"
#include "pfa-json.h"
#include "pfa-model.h"
#include "pfa-provider.h"

#define HEAD_LENGTH 64

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
validate_json (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) json = pfa_json_load (path, &error);
  g_auto (GStrv) faults = NULL;
  const Kind *kind;

  if (json == NULL && !g_error_matches (error, PFA_ERROR, PFA_ERROR_BAD_INPUT))
    {
      pfa_cli_complain ("%s", error->message);
      return PFA_EXIT_USAGE;
    }
  if (json == NULL)
    {
      g_print ("%s\n", error->message);
      return PFA_EXIT_BAD;
    }
  kind = find_kind (json);
  if (kind == NULL)
    {
      g_print (_ ("%s: “format” names neither a model (%s) nor a provider’s profile (%s)\n"),
               path,
               kinds[0].format,
               kinds[1].format);
      return PFA_EXIT_BAD;
    }
  faults = kind->validate (json, path);
  return print_faults (faults, path);
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

/* The first bytes, so that a file of any size is judged without being read. Nothing is taken from
 * what is no file: from a pipe it would be missing afterwards. */
static gsize
read_head (const char *path, char head[HEAD_LENGTH])
{
  FILE *file = g_file_test (path, G_FILE_TEST_IS_REGULAR) ? fopen (path, "rbe") : NULL;
  gsize length = file != NULL ? fread (head, 1, HEAD_LENGTH, file) : 0;

  if (file != NULL)
    fclose (file);
  return length;
}

static gboolean
looks_like_json (const char *head, gsize length)
{
  gsize i = length >= 3 && memcmp (head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;

  while (i < length && g_ascii_isspace (head[i]))
    i++;
  return i == length || head[i] == '{' || head[i] == '[';
}

static int
validate_file (const char *path)
{
  char head[HEAD_LENGTH];
  gsize length = read_head (path, head);
  GStatBuf info;

  /* A pipe ends; a device never does. */
  if (g_stat (path, &info) == 0 && (S_ISCHR (info.st_mode) || S_ISBLK (info.st_mode)))
    {
      pfa_cli_complain (_ ("there is no file “%s”"), path);
      return PFA_EXIT_USAGE;
    }

  if ((length >= 4 && memcmp (head, "PK\x03\x04", 4) == 0) ||
      (length > 0 && pfa_bundle_is_sealed (path)))
    return validate_bundle (path);
  if (length == 0 || looks_like_json (head, length))
    return validate_json (path);
  pfa_cli_complain (_ ("%s is neither a model, nor a provider’s profile, nor a bundle"), path);
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
