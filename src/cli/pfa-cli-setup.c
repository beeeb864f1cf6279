/* pfa-cli-setup.c - what several commands begin with: knowledge, provider, journal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-cli-setup.h"

#include <string.h>

#include "pfa-commands.h"
#include "pfa-terminal-address.h"

PfaKnowledge *
pfa_cli_load_knowledge (void)
{
  g_autofree char *directory = pfa_cli_dup_data_dir ();
  g_auto (GStrv) problems = NULL;
  g_autoptr (GError) error = NULL;
  PfaKnowledge *knowledge = pfa_knowledge_new_for_user (directory, &problems, &error);

  if (knowledge == NULL)
    pfa_cli_complain ("%s", error->message);
  for (guint i = 0; problems != NULL && problems[i] != NULL; i++)
    pfa_cli_complain ("%s", problems[i]);
  return knowledge;
}

PfaProvider *
pfa_cli_load_provider (PfaKnowledge *knowledge, const char *id_or_file)
{
  g_autoptr (GError) error = NULL;
  PfaProvider *provider =
      pfa_knowledge_find_provider (knowledge, id_or_file != NULL ? id_or_file : "generic");

  if (provider != NULL)
    return pfa_provider_ref (provider);
  if (strchr (id_or_file, '/') == NULL && !g_str_has_suffix (id_or_file, ".json"))
    {
      pfa_cli_complain (_ ("there is no provider “%s”, and no file of that name ends in .json"),
                        id_or_file);
      return NULL;
    }
  provider = pfa_provider_load (id_or_file, &error);
  if (provider == NULL)
    pfa_cli_complain ("%s", error->message);
  return provider;
}

PfaJournal *
pfa_cli_open_journal (void)
{
  g_autofree char *directory = pfa_cli_dup_data_dir ();
  g_autoptr (GError) error = NULL;
  PfaJournal *journal = pfa_journal_open (directory, &error);

  if (journal == NULL)
    pfa_cli_complain (_ ("this run cannot be saved (%s)"), error->message);
  return journal;
}

gboolean
pfa_cli_set_terminal (PfaAid *aid, const char *address)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaTerminalAddress) parsed = pfa_terminal_address_parse (address, &error);

  if (parsed == NULL)
    {
      pfa_cli_complain ("%s", error->message);
      return FALSE;
    }
  pfa_aid_set_terminal (aid, address);
  return TRUE;
}
