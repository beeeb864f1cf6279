/* pfa-cli-report.c - a run in plain words, in 80 columns
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-cli-report.h"

#include "pfa-commands.h"

static void
print_heading (const char *text)
{
  g_print ("\n");
  pfa_cli_print_wrapped (text, 0);
}

static const char *
station_name (const char *id)
{
  static const struct
  {
    const char *id;
    const char *name;
  } names[] = {
    { "terminal", N_ ("Terminal") }, { "link", N_ ("Shop’s link") },
    { "router", N_ ("Router") },     { "internet", N_ ("Internet") },
    { "provider", N_ ("Provider") }, { "computer", N_ ("This computer") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (id, names[i].id))
      return _ (names[i].name);
  return id;
}

static const char *
state_name (PfaStationState state)
{
  switch (state)
    {
    case PFA_STATION_GOOD:
      return _ ("good");
    case PFA_STATION_DEGRADED:
      return _ ("weak");
    case PFA_STATION_BROKEN:
      return _ ("broken");
    case PFA_STATION_RUNNING:
    case PFA_STATION_WAITING:
      return _ ("waiting");
    case PFA_STATION_NOT_CHECKED:
    default:
      return _ ("not checked");
    }
}

/* A mark beside the word, as the window has a shape beside it. */
static const char *
state_mark (PfaStationState state)
{
  switch (state)
    {
    case PFA_STATION_GOOD:
      return "✓";
    case PFA_STATION_DEGRADED:
      return "!";
    case PFA_STATION_BROKEN:
      return "✗";
    case PFA_STATION_RUNNING:
    case PFA_STATION_WAITING:
    case PFA_STATION_NOT_CHECKED:
    default:
      return "–";
    }
}

static void
print_money (PfaAid *aid, const char *language)
{
  PfaPayment *payment = pfa_aid_get_payment (aid);
  const char *const *lines = pfa_text_get_lines (pfa_payment_get_advice (payment), language);
  g_auto (GStrv) open = pfa_aid_dup_open_payment_lines (aid, language);

  print_heading (_ ("First the money"));
  pfa_cli_print_wrapped (pfa_text_get (pfa_payment_get_title (payment), language), 2);
  for (guint i = 0; lines[i] != NULL; i++)
    pfa_cli_print_wrapped (lines[i], 2);
  for (guint i = 0; open != NULL && open[i] != NULL; i++)
    pfa_cli_print_wrapped (open[i], 2);
}

static void
print_path (PfaAid *aid, const char *language)
{
  g_autoptr (GArray) stations = pfa_aid_dup_stations (aid);

  print_heading (_ ("The way of a payment"));
  for (guint i = 0; i < stations->len; i++)
    {
      const PfaStation *station = &g_array_index (stations, PfaStation, i);
      g_autofree char *state =
          g_strdup_printf (_ ("%s: %s"), station_name (station->id), state_name (station->state));
      g_autofree char *line = g_strdup_printf ("%s %s", state_mark (station->state), state);

      pfa_cli_print_wrapped (line, 2);
      if (station->text != NULL && station->state != PFA_STATION_GOOD)
        {
          /* Translators: why a station was not looked at; the clause follows. */
          g_autofree char *because =
              station->state == PFA_STATION_NOT_CHECKED
                  ? g_strdup_printf (_ ("because %s"), pfa_text_get (station->text, language))
                  : g_strdup (pfa_text_get (station->text, language));

          pfa_cli_print_wrapped (because, 4);
        }
    }
}

static void
print_verdict (PfaAid *aid, const char *language)
{
  PfaModel *model = pfa_knowledge_get_model (pfa_aid_get_knowledge (aid));
  const PfaDecision *decision = pfa_aid_get_decision (aid);
  const PfaCause *cause = &model->causes[decision->leading_cause];
  g_autofree char *headline = pfa_aid_dup_headline (aid, language);
  g_autofree char *confidence = pfa_aid_dup_confidence (aid, language);
  g_autofree char *line =
      g_strdup_printf (_ ("%s: %s"), confidence, pfa_text_get (cause->title, language));
  g_auto (GStrv) reasons = pfa_aid_dup_reasons (aid, language);
  const char *const *explanation = pfa_text_get_lines (cause->explanation, language);

  print_heading (_ ("What we found"));
  pfa_cli_print_wrapped (headline, 2);
  pfa_cli_print_wrapped (line, 2);
  for (guint i = 0; explanation[i] != NULL; i++)
    pfa_cli_print_wrapped (explanation[i], 2);
  if (reasons[0] != NULL)
    print_heading (_ ("Why"));
  for (guint i = 0; reasons[i] != NULL; i++)
    pfa_cli_print_wrapped (reasons[i], 2);
}

static void
print_computer (PfaAid *aid, const char *language)
{
  g_autoptr (JsonObject) report = pfa_aid_build_report (aid, language);
  JsonArray *computer = json_object_get_array_member (report, "computer");

  if (json_array_get_length (computer) == 0)
    return;
  print_heading (_ ("This computer"));
  for (guint i = 0; i < json_array_get_length (computer); i++)
    pfa_cli_print_wrapped (
        json_object_get_string_member (json_array_get_object_element (computer, i), "text"),
        2);
}

static void
print_action (const PfaAction *action, const char *language)
{
  const char *const *how = pfa_text_get_lines (action->how, language);
  g_autofree char *title = g_strdup_printf (ngettext ("%s (about %.0f minute)",
                                                      "%s (about %.0f minutes)",
                                                      (gulong) action->minutes),
                                            pfa_text_get (action->title, language),
                                            action->minutes);

  pfa_cli_print_wrapped (title, 2);
  if (action->interrupts != NULL)
    pfa_cli_print_wrapped (pfa_text_get (action->interrupts, language), 2);
  for (guint i = 0; how[i] != NULL; i++)
    {
      g_autofree char *line = g_strdup_printf ("%u. %s", i + 1, how[i]);

      pfa_cli_print_wrapped (line, 4);
    }
}

static void
print_support (PfaAid *aid, const char *language)
{
  PfaModel *model = pfa_knowledge_get_model (pfa_aid_get_knowledge (aid));
  PfaProvider *provider = pfa_aid_get_provider (aid);

  pfa_cli_print_wrapped (pfa_text_get (model->service_title, language), 2);
  if (provider != NULL && provider->support_phone != NULL)
    pfa_cli_print_wrapped (provider->support_phone, 4);
}

/* Support first, when no one step can be expected to be all. */
static void
print_several (PfaAid *aid, const char *language)
{
  g_autofree char *title = pfa_aid_dup_several_title (aid, language);
  g_auto (GStrv) lines = pfa_aid_dup_several_lines (aid, language);

  if (title == NULL)
    return;
  print_heading (title);
  for (guint i = 0; lines[i] != NULL; i++)
    pfa_cli_print_wrapped (lines[i], 2);
  if (pfa_aid_get_decision (aid)->next_kind != PFA_NEXT_CALL_SUPPORT)
    print_support (aid, language);
}

static void
print_next_step (PfaAid *aid, const char *language)
{
  PfaModel *model = pfa_knowledge_get_model (pfa_aid_get_knowledge (aid));
  const PfaDecision *decision = pfa_aid_get_decision (aid);

  print_heading (_ ("Next step"));
  if (decision->next_kind == PFA_NEXT_ACTION)
    {
      print_action (&model->actions[decision->next], language);
      return;
    }
  if (decision->next_kind == PFA_NEXT_QUESTION)
    {
      const PfaObservationKind *kind = &model->observations[decision->next];

      pfa_cli_print_wrapped (pfa_text_get (kind->title, language), 2);
      for (guint i = 0; i < kind->n_values; i++)
        {
          g_autofree char *line = g_strdup_printf ("--answer %s=%s   %s",
                                                   kind->id,
                                                   kind->values[i].id,
                                                   pfa_text_get (kind->values[i].label, language));

          pfa_cli_print_wrapped (line, 4);
        }
      return;
    }
  print_support (aid, language);
}

void
pfa_cli_print_report (PfaAid *aid)
{
  const char *language = pfa_cli_get_language ();

  print_money (aid, language);
  print_path (aid, language);
  print_computer (aid, language);
  print_verdict (aid, language);
  print_several (aid, language);
  print_next_step (aid, language);
  if (!pfa_aid_get_incident (aid)->complete)
    {
      g_print ("\n");
      pfa_cli_print_wrapped (_ ("The time was up before everything could be looked at."), 0);
    }
}
