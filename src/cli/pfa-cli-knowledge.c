/* pfa-cli-knowledge.c - what several commands begin with: the knowledge, the provider's profile
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-cli-knowledge.h"

#include <string.h>

#include "pfa-commands.h"

/* The profile of who answers "I don't know". */
#define UNKNOWN_PROVIDER "generic"

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
  const char *id = id_or_file != NULL ? id_or_file : UNKNOWN_PROVIDER;
  PfaProvider *provider = pfa_knowledge_find_provider (knowledge, id);

  if (provider != NULL)
    return pfa_provider_ref (provider);
  if (strchr (id, '/') == NULL && !g_str_has_suffix (id, ".json") &&
      !g_file_test (id, G_FILE_TEST_EXISTS))
    {
      pfa_cli_complain (_ ("there is no provider “%s”, and no file of that name"), id);
      return NULL;
    }
  provider = pfa_provider_load (id, &error);
  if (provider == NULL)
    pfa_cli_complain ("%s", error->message);
  return provider;
}
