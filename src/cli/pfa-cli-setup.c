/* pfa-cli-setup.c - what several commands begin with: the journal, the terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-cli-setup.h"

#include "pfa-commands.h"
#include "pfa-terminal-address.h"

PfaJournal *
pfa_cli_open_journal_to_read (void)
{
  g_autofree char *directory = pfa_cli_dup_data_dir ();
  g_autoptr (GError) error = NULL;
  PfaJournal *journal = pfa_journal_open_to_read (directory, &error);

  if (journal == NULL)
    pfa_cli_complain (_ ("earlier runs cannot be read (%s)"), error->message);
  return journal;
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

static void
on_not_saved_cb (PfaAid *aid, const char *sentence)
{
  pfa_cli_complain (_ ("this run cannot be saved (%s)"), sentence);
}

PfaAid *
pfa_cli_new_aid (PfaKnowledge *knowledge, PfaJournal *journal)
{
  PfaAid *aid = pfa_aid_new (knowledge, journal);

  g_signal_connect (aid, "not-saved", G_CALLBACK (on_not_saved_cb), NULL);
  return aid;
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
