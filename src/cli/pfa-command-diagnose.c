/* pfa-command-diagnose.c - the engine alone: a model and evidence in, a decision out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-cli-knowledge.h"
#include "pfa-command-list.h"
#include "pfa-commands.h"
#include "pfa-diagnosis.h"
#include "pfa-error.h"
#include "pfa-json.h"
#include "pfa-words.h"

#define CAUSES_SHOWN 3
#define INDENT       2

static PfaModel *
load_model (PfaKnowledge *knowledge, const char *path, GError **error)
{
  g_autoptr (JsonNode) json = NULL;

  if (path == NULL)
    return pfa_model_ref (pfa_knowledge_get_model (knowledge));
  json = pfa_json_load (path, error);
  return json != NULL ? pfa_model_new_from_json (json, path, error) : NULL;
}

static PfaEvidence *
load_evidence (const char *path, GError **error)
{
  g_autoptr (JsonNode) json = NULL;

  if (path == NULL)
    return pfa_evidence_new ();
  json = pfa_json_load (path, error);
  if (json == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_OBJECT (json))
    return pfa_evidence_new_from_json (json_node_get_object (json), path, error);
  g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "%s: not a JSON object", path);
  return NULL;
}

static void
print_place (const PfaDecision *decision, const PfaWords *words, const char *language)
{
  const PfaPlaceShare *share = &g_array_index (decision->places, PfaPlaceShare, 0);
  PfaText *headline = pfa_words_get_headline (words, share->place, share->probability);

  pfa_cli_print_wrapped (headline != NULL ? pfa_text_get (headline, language) : share->place, 0);
  pfa_cli_print_wrapped (pfa_text_get (pfa_words_get_confidence (words, share->probability),
                                       language),
                         INDENT);
}

static gint
compare_probabilities (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const double *posterior = user_data;
  double left = posterior[*(const guint *) a];
  double right = posterior[*(const guint *) b];

  return (right > left) - (right < left);
}

static void
print_causes (const PfaDecision *decision,
              const PfaModel *model,
              const PfaWords *words,
              const char *language)
{
  g_autoptr (GArray) order = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint c = 0; c < decision->n_causes; c++)
    g_array_append_val (order, c);
  g_array_sort_with_data (order, compare_probabilities, decision->posterior);
  for (guint i = 0; i < MIN (order->len, CAUSES_SHOWN); i++)
    {
      guint cause = g_array_index (order, guint, i);
      g_autofree char *line = g_strdup_printf (
          "%s: %s",
          pfa_text_get (model->causes[cause].title, language),
          pfa_text_get (pfa_words_get_confidence (words, decision->posterior[cause]), language));

      pfa_cli_print_wrapped (line, INDENT);
    }
}

static void
print_reasons (const PfaDecision *decision,
               const PfaModel *model,
               const PfaWords *words,
               const char *language)
{
  g_autoptr (GArray) chosen = pfa_words_select_reasons (words, decision->cause.reasons);
  PfaText *title = model->causes[decision->leading_cause].title;

  if (chosen->len > 0)
    g_print ("\n%s\n", _ ("Why:"));
  for (guint i = 0; i < chosen->len; i++)
    {
      g_autofree char *sentence = pfa_words_build_reason (words,
                                                          model,
                                                          &g_array_index (chosen, PfaReason, i),
                                                          title,
                                                          language);

      pfa_cli_print_wrapped (sentence, INDENT);
    }
}

static void
print_next (const PfaDecision *decision, const PfaModel *model, const char *language)
{
  PfaText *title = model->service_title;

  if (decision->next_kind == PFA_NEXT_ACTION)
    title = model->actions[decision->next].title;
  else if (decision->next_kind == PFA_NEXT_QUESTION)
    title = model->observations[decision->next].title;
  g_print ("\n%s\n", _ ("Next:"));
  pfa_cli_print_wrapped (pfa_text_get (title, language), INDENT);
}

static void
print_for_people (const PfaDecision *decision, const PfaModel *model, const PfaWords *words)
{
  const char *language = pfa_cli_get_language ();

  print_place (decision, words, language);
  g_print ("\n%s\n", _ ("Most likely:"));
  print_causes (decision, model, words, language);
  print_reasons (decision, model, words, language);
  print_next (decision, model, language);
  if (decision->conflict_bits > 0)
    pfa_cli_print_wrapped (_ ("Some findings disagree. More than one thing may be wrong."), 0);
}

static int
give_up (const GError *error)
{
  pfa_cli_complain ("%s", error->message);
  return PFA_EXIT_USAGE;
}

int
pfa_command_diagnose (int argc, char *argv[])
{
  g_autofree char *model_path = NULL;
  g_autofree char *evidence_path = NULL;
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {
    { "model", 0, 0, G_OPTION_ARG_FILENAME, &model_path, N_ ("Reason with this model"), "FILE" },
    { "evidence",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &evidence_path,
      N_ ("What is known; - is standard input"),
      "FILE|-" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print one JSON object"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (PfaKnowledge) knowledge = NULL;
  g_autoptr (PfaModel) model = NULL;
  g_autoptr (PfaEvidence) evidence = NULL;
  g_autoptr (PfaDecision) decision = NULL;
  g_autoptr (PfaWords) words = NULL;
  g_autoptr (GError) error = NULL;

  if (!pfa_cli_parse (&argc, &argv, entries, NULL))
    return PFA_EXIT_USAGE;
  /* With a model of its own and JSON, the engine needs nothing that the program knows. */
  if (model_path == NULL || !as_json)
    knowledge = pfa_cli_load_knowledge ();
  if (knowledge == NULL && (model_path == NULL || !as_json))
    return PFA_EXIT_USAGE;
  model = load_model (knowledge, model_path, &error);
  if (model == NULL)
    return give_up (error);
  evidence = load_evidence (evidence_path, &error);
  if (evidence == NULL)
    return give_up (error);
  decision = pfa_diagnosis_decide (model, evidence, &error);
  if (decision == NULL)
    return give_up (error);
  if (as_json)
    {
      pfa_cli_print_json (pfa_decision_to_json (decision, model));
      return PFA_EXIT_GOOD;
    }
  words = pfa_words_new (pfa_knowledge_get_words (knowledge), &error);
  if (words == NULL)
    return give_up (error);
  print_for_people (decision, model, words);
  return PFA_EXIT_GOOD;
}
