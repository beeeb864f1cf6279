/* pfa-command-model.c - prints the program's own knowledge as one model file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-cli-knowledge.h"
#include "pfa-command-list.h"
#include "pfa-commands.h"
#include "pfa-json.h"

int
pfa_command_model (int argc, char *argv[])
{
  static const GOptionEntry entries[] = { G_OPTION_ENTRY_NULL };
  g_autoptr (PfaKnowledge) knowledge = NULL;
  g_autofree char *text = NULL;

  if (!pfa_cli_parse (&argc, &argv, entries, NULL))
    return PFA_EXIT_USAGE;
  knowledge = pfa_cli_load_knowledge ();
  if (knowledge == NULL)
    return PFA_EXIT_USAGE;
  text = pfa_json_write (pfa_knowledge_get_model (knowledge)->json, TRUE);
  g_print ("%s\n", text);
  return PFA_EXIT_GOOD;
}
