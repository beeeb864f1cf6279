/* pfa-command-profile.c - pos-first-aid profile: takes a provider's signed profile or knowledge,
 * and goes back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-command-list.h"
#include "pfa-commands.h"
#include "pfa-json.h"
#include "pfa-knowledge.h"
#include "pfa-support-http.h"
#include "pfa-update.h"

typedef struct
{
  GMainLoop *loop;
  PfaUpdate *update;
  GError *error;
} Fetch;

/* Whose profile the file claims to be, only to find the key that it must be signed with. */
static char *
peek_id (const char *path)
{
  g_autoptr (JsonNode) node = pfa_json_load (path, NULL);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node)
             ? g_strdup (pfa_json_peek_string (json_node_get_object (node), "id"))
             : NULL;
}

static void
say_in_use (PfaUpdateKind kind, const char *id, guint version)
{
  if (kind == PFA_UPDATE_PROFILE)
    g_print (_ ("The profile “%s”, version %u, is in use.\n"), id, version);
  else if (version > 0)
    g_print (_ ("The provider’s knowledge, version %u, is in use.\n"), version);
  else
    g_print (_ ("The program’s own knowledge is in use.\n"));
}

static int
install (PfaUpdate *update, const char *directory, gboolean trust)
{
  g_autoptr (GError) error = NULL;

  if (!update->key_known && !trust)
    {
      g_print (
          _ ("“%s” is new here. Ring them on a number that you know. Ask whether their key is:\n"
             "  %s\n"
             "If so, say the command again with --trust.\n"),
          update->id,
          update->fingerprint);
      return PFA_EXIT_OPEN;
    }
  if (!pfa_update_install (update, directory, &error))
    {
      pfa_cli_complain ("%s", error->message);
      return PFA_EXIT_BAD;
    }
  say_in_use (update->kind, update->id, update->version);
  return PFA_EXIT_GOOD;
}

static int
open_file (const char *path, PfaKnowledge *knowledge, const char *directory, gboolean trust)
{
  g_autofree char *id = peek_id (path);
  PfaProvider *provider = id != NULL ? pfa_knowledge_find_provider (knowledge, id) : NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaUpdate) update =
      pfa_update_load (path, provider != NULL ? provider->update_key : NULL, &error);

  if (update != NULL)
    return install (update, directory, trust);
  pfa_cli_complain ("%s: %s", path, error->message);
  return PFA_EXIT_USAGE;
}

static void
on_fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fetch *fetch = user_data;

  fetch->update = pfa_update_fetch_finish (result, &fetch->error);
  g_main_loop_quit (fetch->loop);
}

static int
fetch_for (PfaProvider *provider, PfaUpdateKind kind, const char *directory)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GError) error = NULL;
  g_autoptr (SoupSession) session = pfa_support_session_new (provider->trust, &error);
  Fetch fetch = { .loop = loop };
  int status = PFA_EXIT_OPEN;

  if (session == NULL)
    {
      pfa_cli_complain ("%s", error->message);
      return PFA_EXIT_USAGE;
    }
  pfa_update_fetch_async (session, provider, kind, NULL, on_fetched_cb, &fetch);
  g_main_loop_run (loop);
  if (fetch.update != NULL)
    status = install (fetch.update, directory, FALSE);
  else
    pfa_cli_complain ("%s", fetch.error->message);
  g_clear_pointer (&fetch.update, pfa_update_free);
  g_clear_error (&fetch.error);
  return status;
}

static int
go_back (const char *id, PfaUpdateKind kind, const char *directory)
{
  g_autoptr (GError) error = NULL;

  if (kind == PFA_UPDATE_KNOWLEDGE ? pfa_update_go_back_knowledge (directory, &error)
                                   : pfa_update_go_back (directory, id, &error))
    {
      say_in_use (kind,
                  id,
                  kind == PFA_UPDATE_KNOWLEDGE ? pfa_update_get_knowledge_version (directory)
                                               : pfa_update_get_installed_version (directory, id));
      return PFA_EXIT_GOOD;
    }
  pfa_cli_complain ("%s", error->message);
  return PFA_EXIT_BAD;
}

int
pfa_command_profile (int argc, char *argv[])
{
  gboolean trust = FALSE;
  gboolean knowledge_wanted = FALSE;
  const GOptionEntry entries[] = { { "knowledge",
                                     0,
                                     0,
                                     G_OPTION_ARG_NONE,
                                     &knowledge_wanted,
                                     N_ ("Fetch, or go back with, the knowledge instead"),
                                     NULL },
                                   { "trust",
                                     0,
                                     0,
                                     G_OPTION_ARG_NONE,
                                     &trust,
                                     N_ ("The key of a new provider was compared"),
                                     NULL },
                                   G_OPTION_ENTRY_NULL };
  g_autofree char *directory = pfa_cli_dup_data_dir ();
  g_autoptr (PfaKnowledge) knowledge = NULL;
  g_autoptr (GError) error = NULL;
  PfaProvider *provider;
  PfaUpdateKind kind;

  if (!pfa_cli_parse (&argc, &argv, entries, "open FILE | fetch ID | back ID | --knowledge back"))
    return PFA_EXIT_USAGE;
  if (argc == 2 && knowledge_wanted && g_str_equal (argv[1], "back"))
    return go_back (NULL, PFA_UPDATE_KNOWLEDGE, directory);
  if (argc != 3)
    {
      pfa_cli_complain (_ ("say profile open FILE, profile fetch ID or profile back ID"));
      return PFA_EXIT_USAGE;
    }
  kind = knowledge_wanted ? PFA_UPDATE_KNOWLEDGE : PFA_UPDATE_PROFILE;
  if (g_str_equal (argv[1], "back"))
    return go_back (argv[2], kind, directory);
  knowledge = pfa_knowledge_new_for_user (directory, NULL, &error);
  if (knowledge == NULL)
    {
      pfa_cli_complain ("%s", error->message);
      return PFA_EXIT_USAGE;
    }
  if (g_str_equal (argv[1], "open"))
    return open_file (argv[2], knowledge, directory, trust);
  provider = pfa_knowledge_find_provider (knowledge, argv[2]);
  if (provider == NULL || !g_str_equal (argv[1], "fetch"))
    {
      pfa_cli_complain (_ ("there is no provider “%s”"), argv[2]);
      return PFA_EXIT_USAGE;
    }
  return fetch_for (provider, kind, directory);
}
