/* pfa-history-text.c - incidents and patterns as sentences, names of hours and days, and CSV
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-history-text.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pfa-language.h"
#include "pfa-payment.h"
#include "pfa-phrases.h"

GStrv
pfa_history_text_dup_hours (void)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (int hour = 0; hour < PFA_PATTERN_HOURS; hour++)
    {
      g_autofree char *name = g_strdup_printf ("%02d", hour);

      g_strv_builder_add (names, name);
    }
  return g_strv_builder_end (names);
}

/* Own names: the language may be chosen here while its locale was never made on this computer. */
static const char *const weekdays[PFA_PATTERN_WEEKDAYS] = { N_ ("Monday"),    N_ ("Tuesday"),
                                                            N_ ("Wednesday"), N_ ("Thursday"),
                                                            N_ ("Friday"),    N_ ("Saturday"),
                                                            N_ ("Sunday") };
/* Translators: two letters at most. */
static const char *const short_weekdays[PFA_PATTERN_WEEKDAYS] = { N_ ("Mo"), N_ ("Tu"), N_ ("We"),
                                                                  N_ ("Th"), N_ ("Fr"), N_ ("Sa"),
                                                                  N_ ("Su") };

GStrv
pfa_history_text_dup_weekdays (void)
{
  g_autoptr (GStrvBuilder) names = g_strv_builder_new ();

  for (int day = 0; day < PFA_PATTERN_WEEKDAYS; day++)
    g_strv_builder_add (names, _ (short_weekdays[day]));
  return g_strv_builder_end (names);
}

char *
pfa_history_text_dup_hour_pattern (const PfaPattern *pattern)
{
  if (!pattern->found)
    return NULL;
  return g_strdup_printf (_ ("%u of %u came between %02d:00 and %02d:00."),
                          pattern->events,
                          pattern->of,
                          pattern->from,
                          pattern->to % PFA_PATTERN_HOURS);
}

char *
pfa_history_text_dup_weekday_pattern (const PfaPattern *pattern)
{
  if (!pattern->found)
    return NULL;
  return g_strdup_printf (_ ("%u of %u came on a %s."),
                          pattern->events,
                          pattern->of,
                          _ (weekdays[pattern->from]));
}

char *
pfa_history_text_dup_title (const PfaIncident *incident)
{
  g_autofree char *when = pfa_phrases_dup_time (incident->started);

  return g_strdup_printf (_ ("%s: code %s"), when, incident->code);
}

/* Values of pfa_payment_get_charged() after which somebody has to look again. */
static const char *const open_charges[] = { "unknown", "pending", NULL };

static const char *
get_outcome (const PfaIncident *incident)
{
  if (g_strcmp0 (incident->state, PFA_INCIDENT_SOLVED) == 0)
    return _ ("It works again");
  if (g_strcmp0 (incident->state, PFA_INCIDENT_HANDED_OVER) == 0)
    return _ ("With support");
  if (g_strcmp0 (incident->state, PFA_INCIDENT_GIVEN_UP) == 0)
    return _ ("Stopped");
  return _ ("Still open");
}

gboolean
pfa_history_text_is_money_open (const PfaIncident *incident, PfaKnowledge *knowledge)
{
  g_autoptr (PfaPayment) payment = NULL;
  JsonObjectIter iter;
  const char *question;
  JsonNode *answer;

  if (incident->practice || json_object_get_size (incident->payment) == 0)
    return FALSE;
  payment = pfa_payment_new (pfa_knowledge_get_payment (knowledge), NULL);
  if (payment == NULL)
    return FALSE;
  pfa_payment_set_context (payment, incident->code, incident->answered);
  json_object_iter_init_ordered (&iter, incident->payment);
  while (json_object_iter_next_ordered (&iter, &question, &answer))
    if (JSON_NODE_HOLDS_VALUE (answer) && json_node_get_value_type (answer) == G_TYPE_STRING)
      pfa_payment_answer (payment, question, json_node_get_string (answer), NULL);
  return g_strv_contains (open_charges, pfa_payment_get_charged (payment));
}

static int
count_minutes (const PfaIncident *incident)
{
  return incident->ended > incident->started
             ? (int) ((incident->ended - incident->started) / G_USEC_PER_SEC / 60)
             : 0;
}

char *
pfa_history_text_dup_subtitle (const PfaIncident *incident, PfaKnowledge *knowledge)
{
  const PfaCause *cause =
      incident->cause != NULL ? pfa_knowledge_find_cause (knowledge, incident->cause) : NULL;
  g_autoptr (GString) text = g_string_new (get_outcome (incident));
  int minutes = count_minutes (incident);

  if (pfa_history_text_is_money_open (incident, knowledge))
    g_string_append_printf (text, " · %s", _ ("Money open: look whether the customer was charged"));
  if (cause != NULL)
    g_string_append_printf (text, " · %s", pfa_language_say (cause->title));
  if (minutes > 0)
    g_string_append_printf (text, " · ");
  if (minutes > 0)
    g_string_append_printf (text, ngettext ("%d minute", "%d minutes", (gulong) minutes), minutes);
  if (incident->ticket != NULL)
    g_string_append_printf (text, " · %s", incident->ticket);
  if (incident->practice)
    g_string_append_printf (text, " · %s", _ ("practice"));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* A field that begins like a formula would be run by a spreadsheet; a quote mark in front stops it.
 */
static void
append_field (GString *out, const char *field, gboolean last)
{
  const char *text = field != NULL ? field : "";

  g_string_append_c (out, '"');
  if (*text != '\0' && strchr ("=+-@\t", *text) != NULL)
    g_string_append_c (out, '\'');
  for (const char *at = text; *at != '\0'; at++)
    {
      if (*at == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, *at);
    }
  g_string_append (out, last ? "\"\r\n" : "\",");
}

char *
pfa_history_text_dup_csv (GPtrArray *incidents)
{
  g_autoptr (GString) out = g_string_new (
      "started,code,state,place,cause,solved_by,ticket,provider,minutes,practice\r\n");

  for (guint i = 0; i < incidents->len; i++)
    {
      const PfaIncident *incident = g_ptr_array_index (incidents, i);
      g_autoptr (GDateTime) time =
          g_date_time_new_from_unix_local (incident->started / G_USEC_PER_SEC);
      g_autofree char *when = g_date_time_format_iso8601 (time);
      g_autofree char *minutes = g_strdup_printf ("%d", count_minutes (incident));

      append_field (out, when, FALSE);
      append_field (out, incident->code, FALSE);
      append_field (out, incident->state, FALSE);
      append_field (out, incident->place, FALSE);
      append_field (out, incident->cause, FALSE);
      append_field (out, incident->solved_by, FALSE);
      append_field (out, incident->ticket, FALSE);
      append_field (out, incident->provider, FALSE);
      append_field (out, minutes, FALSE);
      append_field (out, incident->practice ? "yes" : "no", TRUE);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}
