/* pfa-observation.c - one thing that was looked at, and what was seen
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-observation.h"

#include "pfa-json.h"

PfaObservation *
pfa_observation_new (const char *id, const char *value, const char *from)
{
  PfaObservation *self;

  g_return_val_if_fail (id != NULL && value != NULL && from != NULL, NULL);

  self = g_new0 (PfaObservation, 1);
  g_atomic_ref_count_init (&self->references);
  self->id = g_strdup (id);
  self->value = g_strdup (value);
  self->from = g_strdup (from);
  return self;
}

PfaObservation *
pfa_observation_new_cannot_check (const char *id, const char *from, const char *reason)
{
  PfaObservation *self = pfa_observation_new (id, PFA_VALUE_CANNOT_CHECK, from);

  self->reason = g_strdup (reason);
  return self;
}

PfaObservation *
pfa_observation_ref (PfaObservation *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
pfa_observation_unref (PfaObservation *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_free (self->id);
  g_free (self->value);
  g_free (self->from);
  g_free (self->reason);
  g_clear_pointer (&self->facts, json_object_unref);
  g_free (self);
}

static JsonObject *
ensure_facts (PfaObservation *self)
{
  if (self->facts == NULL)
    self->facts = json_object_new ();
  return self->facts;
}

void
pfa_observation_set_elapsed (PfaObservation *self, guint elapsed_ms)
{
  self->elapsed_ms = elapsed_ms;
}

void
pfa_observation_set_reason (PfaObservation *self, const char *reason)
{
  g_free (self->reason);
  self->reason = g_strdup (reason);
}

void
pfa_observation_set_fact_string (PfaObservation *self, const char *name, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (ensure_facts (self), name, value);
  else
    json_object_set_null_member (ensure_facts (self), name);
}

void
pfa_observation_set_fact_int (PfaObservation *self, const char *name, gint64 value)
{
  json_object_set_int_member (ensure_facts (self), name, value);
}

void
pfa_observation_set_fact_double (PfaObservation *self, const char *name, double value)
{
  json_object_set_double_member (ensure_facts (self), name, value);
}

void
pfa_observation_set_fact_boolean (PfaObservation *self, const char *name, gboolean value)
{
  json_object_set_boolean_member (ensure_facts (self), name, value);
}

void
pfa_observation_take_facts (PfaObservation *self, JsonObject *facts)
{
  g_clear_pointer (&self->facts, json_object_unref);
  self->facts = facts;
}

JsonObject *
pfa_observation_to_json (PfaObservation *self)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "id", self->id);
  json_object_set_string_member (object, "value", self->value);
  json_object_set_string_member (object, "from", self->from);
  json_object_set_int_member (object, "elapsed_ms", self->elapsed_ms);
  if (self->reason != NULL)
    json_object_set_string_member (object, "reason", self->reason);
  if (self->facts != NULL)
    json_object_set_object_member (object, "facts", json_object_ref (self->facts));
  return object;
}

PfaObservation *
pfa_observation_new_from_json (JsonObject *object, GError **error)
{
  const char *id = pfa_json_require_string (object, "id", "observation", error);
  const char *value = id != NULL ? pfa_json_require_string (object, "value", id, error) : NULL;
  const char *from;
  JsonObject *facts;
  PfaObservation *self;

  if (value == NULL)
    return NULL;

  from = pfa_json_peek_string (object, "from");
  self = pfa_observation_new (id, value, from != NULL ? from : PFA_FROM_CHECK);
  self->reason = g_strdup (pfa_json_peek_string (object, "reason"));
  self->elapsed_ms = (guint) CLAMP (pfa_json_peek_double (object, "elapsed_ms", 0), 0, G_MAXINT);
  facts = pfa_json_peek_object (object, "facts");
  if (facts != NULL)
    self->facts = json_object_ref (facts);
  return self;
}
