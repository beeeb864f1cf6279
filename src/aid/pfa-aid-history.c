/* pfa-aid-history.c - what earlier runs in the journal say about this one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-aid-private.h"

#include "pfa-pattern.h"

/* What "some" and "frequent" of recent-96 mean (data/knowledge/OBSERVATIONS.md). */
#define HISTORY_DAYS  30
#define FREQUENT_FROM 5
/* payments.md R5. Nobody tries again in one shop for longer. */
#define OPEN_PAYMENT_MINUTES 30
#define MOST_LOOKED_AT       100

static void
take_observation (PfaAid *self, const char *id, const char *value)
{
  /* A newer model may know no such thing. */
  if (pfa_knowledge_find_observation (self->knowledge, id) != NULL)
    pfa_evidence_take (self->incident->evidence, pfa_observation_new (id, value, PFA_FROM_HISTORY));
}

static const char *
find_time_pattern (PfaAid *self)
{
  guint hours[PFA_PATTERN_HOURS] = { 0 };
  g_autoptr (GArray) starts =
      pfa_journal_list_starts (self->journal, self->incident->code, 0, NULL);

  for (guint i = 0; starts != NULL && i < starts->len; i++)
    {
      g_autoptr (GDateTime) time =
          g_date_time_new_from_unix_local (g_array_index (starts, gint64, i) / G_USEC_PER_SEC);

      if (time != NULL)
        hours[g_date_time_get_hour (time)]++;
    }
  switch (pfa_pattern_find_time (hours))
    {
    case PFA_PATTERN_NONE:
      return "no-pattern";
    case PFA_PATTERN_PEAK_HOURS:
      return "peak-hours";
    case PFA_PATTERN_NIGHT:
      return "night";
    case PFA_PATTERN_TOO_LITTLE:
    default:
      return "too-little";
    }
}

void
pfa_aid_add_history (PfaAid *self)
{
  gint64 since = g_get_real_time () - HISTORY_DAYS * G_TIME_SPAN_DAY;
  guint count;

  if (self->journal == NULL)
    return;
  count = pfa_journal_count (self->journal, self->incident->code, since);
  take_observation (self,
                    "recent-96",
                    count == 0              ? "first"
                    : count < FREQUENT_FROM ? "some"
                                            : "frequent");
  take_observation (self, "peak-pattern", find_time_pattern (self));
}

void
pfa_aid_replay_payment (PfaPayment *payment, const PfaIncident *incident)
{
  JsonObjectIter iter;
  const char *question;
  JsonNode *answer;

  json_object_iter_init_ordered (&iter, incident->payment);
  while (json_object_iter_next_ordered (&iter, &question, &answer))
    if (JSON_NODE_HOLDS_VALUE (answer) && json_node_get_value_type (answer) == G_TYPE_STRING)
      pfa_payment_answer (payment, question, json_node_get_string (answer), NULL);
}

/* Unknown, or one of U4 to U8: money may have moved, or may still move. */
static gboolean
is_payment_open (PfaAid *self, const PfaIncident *incident)
{
  static const char *const open[] = { "unknown", "u4", "u5", "u6", "u7", "u8", NULL };
  g_autoptr (PfaPayment) payment =
      pfa_payment_new (pfa_knowledge_get_payment (self->knowledge), NULL);

  if (payment == NULL)
    return FALSE;
  pfa_payment_set_context (payment, incident->code, incident->answered);
  pfa_aid_replay_payment (payment, incident);
  return g_strv_contains (open, pfa_payment_get_state (payment));
}

void
pfa_aid_find_open_payment (PfaAid *self)
{
  gint64 now = g_get_real_time ();
  gint64 since = now - OPEN_PAYMENT_MINUTES * G_TIME_SPAN_MINUTE;
  g_autoptr (GPtrArray) incidents = NULL;

  g_clear_pointer (&self->open_payment, pfa_incident_free);
  if (self->journal == NULL)
    return;
  incidents = pfa_journal_list (self->journal, MOST_LOOKED_AT, NULL);
  for (guint i = 0; incidents != NULL && i < incidents->len; i++)
    {
      const PfaIncident *other = incidents->pdata[i];

      if (other->practice || other->started < since || other->started > now ||
          g_str_equal (other->id, self->incident->id) || !is_payment_open (self, other))
        continue;
      self->open_payment = pfa_incident_copy (other);
      return;
    }
}

const PfaIncident *
pfa_aid_get_open_payment (PfaAid *self)
{
  g_return_val_if_fail (PFA_IS_AID (self), NULL);

  /* Practice is about no customer. */
  return self->incident != NULL && !self->incident->practice ? self->open_payment : NULL;
}

GStrv
pfa_aid_dup_open_payment_lines (PfaAid *self, const char *language)
{
  const PfaIncident *open = pfa_aid_get_open_payment (self);
  g_autoptr (GDateTime) time = NULL;
  g_autofree char *clock = NULL;
  GStrv lines;

  if (open == NULL)
    return NULL;
  time = g_date_time_new_from_unix_local (open->started / G_USEC_PER_SEC);
  clock = g_date_time_format (time, "%H:%M");
  lines =
      g_strdupv ((char **) pfa_text_get_lines (pfa_words_get_open_payment (self->words), language));
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (GString) line = g_string_new (lines[i]);

      g_string_replace (line, "{time}", clock, 0);
      g_free (lines[i]);
      lines[i] = g_string_free (g_steal_pointer (&line), FALSE);
    }
  return lines;
}
