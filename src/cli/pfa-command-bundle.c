/* pfa-command-bundle.c - bundle create, verify, list
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-aid-bundle.h"
#include "pfa-bundle-record.h"
#include "pfa-bundle-verify.h"
#include "pfa-cli-setup.h"
#include "pfa-command-list.h"
#include "pfa-commands.h"
#include "pfa-guided-log.h"
#include "pfa-json.h"

#define GUIDED_MEMBER    "guided.jsonl"
#define GUIDED_MAX_BYTES (8 * 1024 * 1024)

static PfaIncident *
load_incident (const char *id)
{
  g_autoptr (PfaJournal) journal = pfa_cli_open_journal_to_read ();
  g_autoptr (GError) error = NULL;
  PfaIncident *incident;

  if (journal == NULL)
    return NULL;
  incident = id != NULL ? pfa_journal_load_beginning (journal, id, &error)
                        : pfa_journal_load_newest (journal, FALSE, &error);
  if (incident == NULL && id != NULL)
    pfa_cli_complain (_ ("there is no incident “%s”; pos-first-aid journal lists them"), id);
  else if (incident == NULL)
    pfa_cli_complain (_ ("there is no incident yet; pos-first-aid check makes one"));
  return incident;
}

static PfaBundle *
make_bundle (const PfaIncident *incident, PfaKnowledge *knowledge, GPtrArray *logs)
{
  g_autoptr (PfaAid) aid = pfa_aid_new (knowledge, NULL);

  pfa_aid_resume (aid, incident);
  return pfa_aid_create_bundle (aid, pfa_cli_get_language (), logs);
}

/* SOURCE=FILE, as often as wanted. */
static gboolean
add_logs (GPtrArray *logs, GStrv wanted)
{
  for (guint i = 0; wanted != NULL && wanted[i] != NULL; i++)
    {
      const char *equals = strchr (wanted[i], '=');
      g_autofree char *source = equals != NULL ? g_strndup (wanted[i], equals - wanted[i]) : NULL;
      g_autofree char *member = g_strdup_printf ("logs/%s/1.log", source != NULL ? source : "");

      if (source == NULL || !pfa_bundle_is_member_name (member))
        {
          pfa_cli_complain (_ ("--log needs SOURCE=FILE, SOURCE in small letters"));
          return FALSE;
        }
      if (!g_file_test (equals + 1, G_FILE_TEST_IS_REGULAR))
        {
          pfa_cli_complain (_ ("there is no file “%s”"), equals + 1);
          return FALSE;
        }
      g_ptr_array_add (logs, pfa_bundle_log_new (source, equals + 1));
    }
  return TRUE;
}

/* So that sending it makes no second ticket beside that of the plain bundle. */
static void
remember_sealed (PfaBundle *bundle, const char *path)
{
  g_autofree char *directory = pfa_cli_dup_data_dir ();
  g_autoptr (GError) error = NULL;

  if (!pfa_bundle_record_add (directory, path, pfa_bundle_get_id (bundle), &error))
    pfa_cli_complain (_ ("this computer does not remember whose bundle it is: %s"), error->message);
}

static int
write_bundle (const char *id, GPtrArray *logs, const char *certificates, const char *output)
{
  g_autoptr (PfaIncident) incident = load_incident (id);
  g_autoptr (PfaKnowledge) knowledge = incident != NULL ? pfa_cli_load_knowledge () : NULL;
  g_autoptr (PfaBundle) bundle = NULL;
  g_autoptr (GError) error = NULL;

  if (knowledge == NULL)
    return PFA_EXIT_USAGE;
  bundle = make_bundle (incident, knowledge, logs);
  if (!pfa_bundle_write (bundle, output, certificates, NULL, &error))
    {
      pfa_cli_complain (_ ("no bundle was written: %s"), error->message);
      return PFA_EXIT_BAD;
    }
  if (certificates != NULL)
    remember_sealed (bundle, output);
  g_print ("%s\n", pfa_bundle_get_id (bundle));
  return PFA_EXIT_GOOD;
}

static int
create (int argc, char *argv[])
{
  g_autofree char *output = NULL;
  g_autofree char *id = NULL;
  g_autofree char *seal = NULL;
  g_auto (GStrv) wanted = NULL;
  const GOptionEntry entries[] = {
    { "log",
      0,
      0,
      G_OPTION_ARG_FILENAME_ARRAY,
      &wanted,
      N_ ("Add the end of a log, made safe; may be given again"),
      N_ ("SOURCE=FILE") },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &output, N_ ("The bundle to write"), N_ ("FILE") },
    { "incident",
      0,
      0,
      G_OPTION_ARG_STRING,
      &id,
      N_ ("Which incident; the newest otherwise"),
      "ID" },
    { "seal",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &seal,
      N_ ("Seal it for the certificates in this file"),
      N_ ("CERTIFICATE") },
    { NULL },
  };
  g_autofree char *certificates = NULL;
  g_autoptr (GPtrArray) logs =
      g_ptr_array_new_with_free_func ((GDestroyNotify) pfa_bundle_log_free);
  g_autoptr (GError) error = NULL;

  if (!pfa_cli_parse (&argc, &argv, entries, ""))
    return PFA_EXIT_USAGE;
  if (output == NULL || argc > 1)
    {
      pfa_cli_complain (_ ("bundle create needs -o FILE and nothing else"));
      return PFA_EXIT_USAGE;
    }
  if (!pfa_cli_may_replace (output) || !add_logs (logs, wanted))
    return PFA_EXIT_USAGE;
  if (seal != NULL && !g_file_get_contents (seal, &certificates, NULL, &error))
    {
      pfa_cli_complain (_ ("the certificate cannot be read: %s"), error->message);
      return PFA_EXIT_USAGE;
    }
  return write_bundle (id, logs, certificates, output);
}

static PfaBundleContents *
verify_file (int argc, char *argv[], int *status)
{
  g_autoptr (GError) error = NULL;
  PfaBundleContents *contents;

  *status = PFA_EXIT_USAGE;
  if (argc != 2)
    {
      pfa_cli_complain (_ ("bundle %s needs one FILE"), argv[0]);
      return NULL;
    }
  if (!g_file_test (argv[1], G_FILE_TEST_IS_REGULAR))
    {
      pfa_cli_complain (_ ("there is no file “%s”"), argv[1]);
      return NULL;
    }
  contents = pfa_bundle_verify (argv[1], NULL, &error);
  *status = contents != NULL ? PFA_EXIT_GOOD : PFA_EXIT_BAD;
  if (contents == NULL)
    pfa_cli_complain ("%s: %s", argv[1], error->message);
  return contents;
}

static JsonArray *
read_lines (GBytes *bytes)
{
  JsonArray *entries = json_array_new ();
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  g_autofree char *text = g_strndup (data, size);
  g_auto (GStrv) lines = g_strsplit (g_strchomp (text), "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      JsonNode *node = pfa_json_parse (lines[i], -1, GUIDED_MEMBER, NULL);

      json_array_add_element (entries, node != NULL ? node : json_node_new (JSON_NODE_NULL));
    }
  return entries;
}

/* The sums of the manifest say that the bundle is whole; the chain, that nobody has written another
 * history of the guided session into it. Its last head is what support's own page shows. */
static int
verify_guided (const char *path)
{
  g_autoptr (GBytes) bytes = pfa_bundle_read_entry (path, GUIDED_MEMBER, GUIDED_MAX_BYTES, NULL);
  g_autoptr (JsonArray) entries = bytes != NULL ? read_lines (bytes) : NULL;
  guint length = entries != NULL ? json_array_get_length (entries) : 0;
  guint fault;

  if (length == 0)
    return PFA_EXIT_GOOD;
  if (!pfa_guided_log_verify (NULL, entries, &fault))
    {
      pfa_cli_complain (_ ("%s: guided.jsonl: line %u was changed, or lines before it are missing"),
                        path,
                        fault);
      return PFA_EXIT_BAD;
    }
  g_print (_ ("guided.jsonl: %u entries, chain sound, head %s\n"),
           length,
           pfa_json_peek_string (json_array_get_object_element (entries, length - 1), "head"));
  return PFA_EXIT_GOOD;
}

static gboolean
has_entry (const PfaBundleContents *contents, const char *name)
{
  for (guint i = 0; i < contents->entries->len; i++)
    if (g_str_equal (((PfaBundleEntry *) contents->entries->pdata[i])->name, name))
      return TRUE;
  return FALSE;
}

static int
verify (int argc, char *argv[])
{
  int status;
  g_autoptr (PfaBundleContents) contents = verify_file (argc, argv, &status);

  if (contents != NULL)
    g_print (_ ("%s: sound, %u members\n"), contents->id, contents->entries->len);
  if (contents != NULL && has_entry (contents, GUIDED_MEMBER))
    status = verify_guided (argv[1]);
  return status;
}

static int
list (int argc, char *argv[])
{
  int status;
  g_autoptr (PfaBundleContents) contents = verify_file (argc, argv, &status);

  for (guint i = 0; contents != NULL && i < contents->entries->len; i++)
    {
      const PfaBundleEntry *entry = contents->entries->pdata[i];

      g_print ("%10" G_GUINT64_FORMAT "  %.12s  %s\n", entry->size, entry->sha256, entry->name);
    }
  return status;
}

int
pfa_command_bundle (int argc, char *argv[])
{
  if (argc > 1 && g_str_equal (argv[1], "create"))
    return create (argc - 1, argv + 1);
  if (argc > 1 && g_str_equal (argv[1], "verify"))
    return verify (argc - 1, argv + 1);
  if (argc > 1 && g_str_equal (argv[1], "list"))
    return list (argc - 1, argv + 1);
  if (argc > 1 && (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "-h")))
    {
      g_print (
          _ ("Usage:\n  pos-first-aid bundle create -o FILE [--incident ID] [--seal CERTIFICATE] "
             "[--log SOURCE=FILE]\n"
             "  pos-first-aid bundle verify FILE\n  pos-first-aid bundle list FILE\n"));
      return PFA_EXIT_GOOD;
    }
  pfa_cli_complain (_ ("bundle needs create, verify or list"));
  return PFA_EXIT_USAGE;
}
