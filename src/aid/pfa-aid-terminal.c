/* pfa-aid-terminal.c - reads the terminal on a click, and takes what it told as evidence
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-aid-private.h"

#include <string.h>

#include "pfa-diagnosis.h"
#include "pfa-error.h"
#include "pfa-terminal-address.h"
#include "pfa-terminal-session.h"

#define MAX_CONVERSATION (32 * 1024)
#define ONLINE_TEST      "terminal-online-test"
/* So long the terminal's own test is waited for even where it can change nothing: it may confirm.
 */
#define PATIENCE_US (3 * G_USEC_PER_SEC)
/* And so long after the checks at least. */
#define GRACE_US 150000
/* Likelier than all others together. */
#define SURE_ENOUGH 0.5

char *
pfa_aid_dup_terminal_host (const char *address, guint16 *port)
{
  g_autoptr (PfaTerminalAddress) parsed =
      address != NULL ? pfa_terminal_address_parse (address, NULL) : NULL;

  if (parsed == NULL || parsed->host == NULL)
    return NULL;
  *port = parsed->port;
  return g_strdup (parsed->host);
}

/* Reads one behind the other; of many the last ones, beginning with a whole one where one fits. */
static void
keep_conversation (PfaIncident *incident, const char *said)
{
  g_autofree char *all =
      g_strconcat (incident->conversation != NULL ? incident->conversation : "", said, NULL);
  const char *from = all;

  while (strlen (from) > MAX_CONVERSATION)
    {
      const char *next = strstr (from + 1, "\n# ");

      from = next != NULL ? next + 1 : all + strlen (all) - MAX_CONVERSATION;
    }
  pfa_incident_set (&incident->conversation, from);
}

/* Whoever looks from outside sees two devices behind one address, or the terminal at another one;
 * a status that was read, or not, does not tell that. */
static gboolean
is_seen_from_outside_only (const char *value)
{
  return g_strcmp0 (value, "taken") == 0 || g_strcmp0 (value, "other-subnet") == 0;
}

static gboolean
is_known_better (PfaAid *self, PfaObservation *observation)
{
  const char *known = pfa_evidence_get_value (self->incident->evidence, observation->id);

  return g_str_equal (observation->id, "terminal-on-lan") && is_seen_from_outside_only (known);
}

gboolean
pfa_aid_terminal_knows_better (PfaAid *self, const PfaObservation *seen)
{
  const PfaObservation *known = pfa_evidence_find (self->incident->evidence, seen->id);

  if (known == NULL || g_strcmp0 (known->from, PFA_FROM_TERMINAL) != 0)
    return FALSE;
  if (g_str_equal (seen->value, PFA_VALUE_CANNOT_CHECK))
    return TRUE;
  return self->terminal_told && !is_seen_from_outside_only (seen->value);
}

static void
stop_limiting (PfaAid *self)
{
  if (self->terminal_patience != NULL)
    g_source_destroy (self->terminal_patience);
  g_clear_pointer (&self->terminal_patience, g_source_unref);
}

/* Would the same cause lead, and lead well, whatever the terminal's own test still says? The host's
 * own word, good or bad, comes long before the patience ends, or over a second way only: what may
 * still come is that the terminal has reached nobody. */
static gboolean
is_decided (PfaAid *self)
{
  static const char *const late[] = { "no-connection", PFA_VALUE_CANNOT_CHECK };
  const PfaModel *model = pfa_knowledge_get_model (self->knowledge);

  for (guint i = 0; i < G_N_ELEMENTS (late); i++)
    {
      g_autoptr (PfaEvidence) evidence = pfa_aid_build_evidence (self);
      g_autoptr (PfaDecision) decision = NULL;

      pfa_evidence_take (evidence, pfa_observation_new (ONLINE_TEST, late[i], PFA_FROM_TERMINAL));
      decision = pfa_diagnosis_decide (model, evidence, NULL);
      if (decision == NULL || decision->leading_cause != self->decision->leading_cause ||
          decision->posterior[decision->leading_cause] <= SURE_ENOUGH)
        return FALSE;
    }
  return TRUE;
}

static gboolean
on_patience_ended_cb (gpointer user_data)
{
  PfaAid *self = PFA_AID (user_data);

  g_clear_pointer (&self->terminal_patience, g_source_unref);
  if (self->terminal_enough != NULL)
    g_cancellable_cancel (self->terminal_enough);
  return G_SOURCE_REMOVE;
}

void
pfa_aid_limit_terminal (PfaAid *self, gint64 started_us)
{
  gint64 left_us = started_us + PATIENCE_US - g_get_monotonic_time ();

  if (!self->reading_terminal || self->terminal_enough == NULL || self->decision == NULL ||
      !is_decided (self))
    return;
  stop_limiting (self);
  self->terminal_patience = g_timeout_source_new ((guint) (MAX (left_us, GRACE_US) / 1000));
  g_source_set_callback (self->terminal_patience, on_patience_ended_cb, self, NULL);
  g_source_attach (self->terminal_patience, g_main_context_get_thread_default ());
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  PfaAid *self = g_task_get_source_object (task);
  const char *incident = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaTerminalStatus) status = pfa_terminal_session_read_finish (result, &error);
  g_autoptr (GPtrArray) observations = NULL;

  self->reading_terminal = FALSE;
  self->terminal_told = TRUE;
  stop_limiting (self);
  g_clear_object (&self->terminal_enough);
  if (status == NULL)
    {
      pfa_aid_refresh (self);
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  /* The person may have begun another incident meanwhile. */
  if (self->incident == NULL || !g_str_equal (self->incident->id, incident))
    {
      g_task_return_boolean (task, FALSE);
      return;
    }

  g_clear_pointer (&self->incident->terminal_status, json_object_unref);
  self->incident->terminal_status = pfa_terminal_status_to_json (status, "en");
  if (status->conversation != NULL)
    keep_conversation (self->incident, status->conversation);
  g_clear_pointer (&self->terminal_status, pfa_terminal_status_free);
  observations = pfa_terminal_status_dup_observations (status, self->provider);
  self->terminal_status = g_steal_pointer (&status);
  for (guint i = 0; i < observations->len; i++)
    if (!is_known_better (self, observations->pdata[i]))
      pfa_aid_add_observation (self, observations->pdata[i]);
  pfa_aid_refresh (self);
  g_task_return_boolean (task, self->terminal_status->reached);
}

void
pfa_aid_read_terminal_async (PfaAid *self,
                             gboolean online_test,
                             guint deadline_ms,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (PfaTerminalOptions) options = pfa_terminal_options_new ();

  g_return_if_fail (PFA_IS_AID (self) && self->incident != NULL);

  g_task_set_source_tag (task, pfa_aid_read_terminal_async);
  g_task_set_task_data (task, g_strdup (self->incident->id), g_free);
  if (self->reading_terminal)
    {
      g_task_return_new_error (task,
                               PFA_ERROR,
                               PFA_ERROR_BUSY,
                               "the terminal is already being read");
      return;
    }
  if (self->incident->terminal == NULL)
    {
      g_task_return_new_error (task, PFA_ERROR, PFA_ERROR_BAD_INPUT, "no terminal is set");
      return;
    }

  options->online_test = online_test;
  options->deadline_ms = deadline_ms;
  /* Where nobody waits for the end, the test is given all the time it wants. */
  self->terminal_enough = deadline_ms != 0 ? g_cancellable_new () : NULL;
  options->enough = deadline_ms != 0 ? g_object_ref (self->terminal_enough) : NULL;
  if (self->secrets_for != NULL)
    options->secrets = self->secrets_for (self->incident->terminal, self->secrets_data);
  self->reading_terminal = TRUE;
  pfa_aid_refresh (self);
  pfa_terminal_session_read_async (self->incident->terminal,
                                   options,
                                   cancellable,
                                   on_read_cb,
                                   g_steal_pointer (&task));
}

gboolean
pfa_aid_read_terminal_finish (PfaAid *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

void
pfa_aid_set_secrets_source (PfaAid *self, PfaAidSecretsFunc function, gpointer user_data)
{
  self->secrets_for = function;
  self->secrets_data = user_data;
}

PfaTerminalStatus *
pfa_aid_get_terminal_status (PfaAid *self)
{
  return self->terminal_status;
}

gboolean
pfa_aid_is_reading_terminal (PfaAid *self)
{
  return self->reading_terminal;
}
