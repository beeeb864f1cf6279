/* pfa-command-send.c - pos-first-aid send: a bundle to the provider, and its ticket back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-bundle-record.h"
#include "pfa-bundle-verify.h"
#include "pfa-cli-outbox.h"
#include "pfa-command-list.h"
#include "pfa-commands.h"
#include "pfa-json.h"
#include "pfa-knowledge.h"

#define DEFAULT_WAIT_S 60
#define MAX_WAIT_S     (72 * 60 * 60)

static PfaProvider *
load_provider (const char *id_or_file)
{
  g_autoptr (PfaKnowledge) knowledge = NULL;
  g_autofree char *directory = pfa_cli_dup_data_dir ();
  g_autoptr (GError) error = NULL;
  PfaProvider *provider = NULL;

  if (strchr (id_or_file, '/') != NULL || g_str_has_suffix (id_or_file, ".json"))
    provider = pfa_provider_load (id_or_file, &error);
  else
    {
      knowledge = pfa_knowledge_new_for_user (directory, NULL, &error);
      provider = knowledge != NULL ? pfa_knowledge_find_provider (knowledge, id_or_file) : NULL;
      if (provider != NULL)
        pfa_provider_ref (provider);
    }
  if (provider == NULL && error == NULL)
    pfa_cli_complain (_ ("there is no provider “%s”"), id_or_file);
  else if (provider == NULL)
    pfa_cli_complain ("%s", error->message);
  return provider;
}

/* Only a bundle leaves: what is in it went through the redactor. NULL and no complaint for a sealed
 * one, which nobody here can look into. */
static gboolean
examine (const char *path, PfaBundleContents **contents)
{
  g_autoptr (GError) error = NULL;

  *contents = NULL;
  if (pfa_bundle_is_sealed (path))
    return TRUE;
  *contents = pfa_bundle_verify (path, NULL, &error);
  if (*contents != NULL)
    return TRUE;
  pfa_cli_complain ("%s: %s", path, error->message);
  return FALSE;
}

static PfaOutboxItem *
add (PfaOutbox *outbox, const char *path, PfaBundleContents *contents, PfaProvider *provider)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = pfa_cli_dup_data_dir ();
  g_autofree char *sealed_id = contents == NULL ? pfa_bundle_record_find (directory, path) : NULL;
  PfaOutboxItem *item;
  PfaOutboxRequest request = {
    .path = path,
    .provider = provider->id,
    .upload = provider->upload_tus,
    .tickets = provider->tickets_url,
    .trust = provider->trust,
    .key = contents != NULL ? contents->id : sealed_id,
    .summary = contents != NULL ? contents->summary : NULL,
    .sealed = contents == NULL,
  };

  if (provider->upload_tus == NULL || provider->tickets_url == NULL)
    {
      pfa_cli_complain (_ ("“%s” takes no bundles over the network; save it to a USB stick and say "
                           "so to support"),
                        provider->id);
      return NULL;
    }
  item = pfa_outbox_add (outbox, &request, &error);
  if (item == NULL)
    pfa_cli_complain ("%s", error->message);
  return item;
}

/* The first line is for scripts, the rest for people. */
static int
report (PfaOutboxItem *item, gboolean kept)
{
  g_autofree char *description = pfa_cli_describe_item (item);
  g_autofree char *sentence = NULL;

  switch (pfa_outbox_item_get_state (item))
    {
    case PFA_OUTBOX_SENT:
      g_print ("ticket %s\n", pfa_outbox_item_get_ticket (item));
      if (pfa_outbox_item_get_ticket_url (item) != NULL)
        g_print ("%s\n", pfa_outbox_item_get_ticket_url (item));
      return PFA_EXIT_GOOD;
    case PFA_OUTBOX_REFUSED:
    case PFA_OUTBOX_CANCELLED:
    case PFA_OUTBOX_EXPIRED:
    case PFA_OUTBOX_WITHDRAWN:
      pfa_cli_complain ("%s", description);
      return PFA_EXIT_BAD;
    case PFA_OUTBOX_PENDING:
    case PFA_OUTBOX_SENDING:
    case PFA_OUTBOX_PAUSED:
    case PFA_OUTBOX_WITHDRAWING:
    default:
      g_print ("queued %.8s\n", pfa_outbox_item_get_id (item));
      if (kept)
        sentence = g_strdup_printf (
            _ ("Not sent yet: it %s. “pos-first-aid outbox run” tries again; so does the window."),
            description);
      pfa_cli_print_wrapped (sentence != NULL ? sentence : description, 0);
      return PFA_EXIT_OPEN;
    }
}

static int
send_file (const char *path, PfaBundleContents *contents, PfaProvider *provider, double wait_s)
{
  g_autofree char *temporary = NULL;
  g_autoptr (PfaOutbox) outbox = pfa_cli_open_outbox (&temporary);
  g_autoptr (PfaOutboxItem) item = NULL;
  gboolean kept = temporary == NULL;
  int status = PFA_EXIT_USAGE;

  if (outbox == NULL)
    return PFA_EXIT_USAGE;
  item = add (outbox, path, contents, provider);
  if (item != NULL)
    {
      pfa_outbox_hurry (outbox, item);
      pfa_cli_run_outbox (outbox, item, wait_s);
      status = report (item, kept);
    }
  pfa_cli_close_outbox (outbox, g_steal_pointer (&temporary));
  return status;
}

int
pfa_command_send (int argc, char *argv[])
{
  g_autofree char *id_or_file = NULL;
  double wait_s = DEFAULT_WAIT_S;
  const GOptionEntry entries[] = { { "provider",
                                     0,
                                     0,
                                     G_OPTION_ARG_STRING,
                                     &id_or_file,
                                     N_ ("Who gets it; else as in the bundle"),
                                     "ID|FILE" },
                                   { "wait",
                                     0,
                                     0,
                                     G_OPTION_ARG_DOUBLE,
                                     &wait_s,
                                     N_ ("How long to wait for the ticket (60)"),
                                     "SECONDS" },
                                   G_OPTION_ENTRY_NULL };
  g_autoptr (PfaBundleContents) contents = NULL;
  g_autoptr (PfaProvider) provider = NULL;

  if (!pfa_cli_parse (&argc, &argv, entries, "FILE"))
    return PFA_EXIT_USAGE;
  if (argc != 2)
    {
      pfa_cli_complain (_ ("say which file to send"));
      return PFA_EXIT_USAGE;
    }
  if (!(wait_s >= 0 && wait_s <= MAX_WAIT_S))
    {
      pfa_cli_complain (_ ("--wait is from 0 to %d seconds"), MAX_WAIT_S);
      return PFA_EXIT_USAGE;
    }
  if (!g_file_test (argv[1], G_FILE_TEST_IS_REGULAR))
    {
      pfa_cli_complain (_ ("there is no file “%s”"), argv[1]);
      return PFA_EXIT_USAGE;
    }
  if (!examine (argv[1], &contents))
    return PFA_EXIT_USAGE;
  if (id_or_file == NULL && contents != NULL && contents->summary != NULL)
    id_or_file = g_strdup (pfa_json_peek_string (contents->summary, "provider"));
  if (id_or_file == NULL)
    {
      pfa_cli_complain (_ ("say with --provider who gets it"));
      return PFA_EXIT_USAGE;
    }
  provider = load_provider (id_or_file);
  return provider != NULL ? send_file (argv[1], contents, provider, wait_s) : PFA_EXIT_USAGE;
}
