/* pfa-terminal-status.c - what a terminal told about itself, whatever it speaks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-terminal-status.h"

#include <string.h>

#include "pfa-json.h"
#include "pfa-redactor.h"
#include "pfa-safe-text.h"
#include "pfa-terminal-table.h"

#define MASK       "••••"
#define MASK_KEEPS 4

PfaTerminalStatus *
pfa_terminal_status_new (const char *address, const char *protocol)
{
  PfaTerminalStatus *self = g_new0 (PfaTerminalStatus, 1);

  self->address = g_strdup (address);
  self->protocol = g_strdup (protocol);
  self->state = g_strdup ("unknown");
  self->locks = g_ptr_array_new_with_free_func (g_free);
  self->needs = g_ptr_array_new_with_free_func (g_free);
  self->battery_percent = -1;
  self->sources = json_object_new ();
  return self;
}

void
pfa_terminal_status_free (PfaTerminalStatus *self)
{
  g_free (self->address);
  g_free (self->protocol);
  g_free (self->brand);
  g_free (self->model);
  g_free (self->serial);
  g_free (self->terminal_id);
  g_free (self->software);
  g_free (self->clock);
  g_free (self->state);
  g_free (self->state_code);
  g_ptr_array_unref (self->locks);
  g_ptr_array_unref (self->needs);
  g_free (self->printer);
  g_free (self->result_code);
  g_free (self->result_made_by);
  g_free (self->result_raw);
  g_free (self->result_words);
  g_free (self->online_result);
  g_free (self->online_code);
  g_free (self->problem);
  g_free (self->problem_facts);
  g_free (self->conversation);
  g_clear_pointer (&self->usb, pfa_observation_unref);
  json_object_unref (self->sources);
  g_free (self);
}

void
pfa_terminal_status_note_source (PfaTerminalStatus *self, const char *name, const char *source)
{
  json_object_set_string_member (self->sources, name, source);
}

void
pfa_terminal_status_take (PfaTerminalStatus *self,
                          char **field,
                          const char *name,
                          char *value,
                          const char *source)
{
  if (value == NULL)
    return;
  g_free (*field);
  *field = value;
  pfa_terminal_status_note_source (self, name, source);
}

void
pfa_terminal_status_set_state (PfaTerminalStatus *self, const char *state, const char *code)
{
  g_free (self->state);
  self->state = g_strdup (state);
  if (code != NULL)
    {
      g_free (self->state_code);
      self->state_code = g_strdup (code);
    }
}

void
pfa_terminal_status_set_problem (PfaTerminalStatus *self, const char *problem, const char *facts)
{
  if (self->problem != NULL)
    return;
  self->problem = g_strdup (problem);
  self->problem_facts = g_strdup (facts);
}

static void
add_once (GPtrArray *list, const char *id)
{
  if (!g_ptr_array_find_with_equal_func (list, id, g_str_equal, NULL))
    g_ptr_array_add (list, g_strdup (id));
}

void
pfa_terminal_status_add_lock (PfaTerminalStatus *self, const char *lock)
{
  add_once (self->locks, lock);
}

void
pfa_terminal_status_add_need (PfaTerminalStatus *self, const char *need)
{
  add_once (self->needs, need);
}

gboolean
pfa_terminal_status_has_need (const PfaTerminalStatus *self, const char *need)
{
  return g_ptr_array_find_with_equal_func (self->needs, need, g_str_equal, NULL);
}

void
pfa_terminal_status_set_result (PfaTerminalStatus *self,
                                const char *code,
                                const char *made_by,
                                const char *raw)
{
  g_free (self->result_code);
  g_free (self->result_made_by);
  g_free (self->result_raw);
  self->result_code = g_strdup (code);
  self->result_made_by = g_strdup (made_by);
  self->result_raw = g_strdup (raw);
}

static gboolean
set_clock (PfaTerminalStatus *self,
           const char *clock,
           GDateTime *now,
           gint64 unit,
           const char *source)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (clock, zone);

  if (time == NULL)
    return FALSE;
  pfa_terminal_status_take (self, &self->clock, "clock", g_strdup (clock), source);
  self->has_clock_offset = TRUE;
  self->clock_offset_s =
      (g_date_time_to_unix (time) / unit - g_date_time_to_unix (now) / unit) * unit;
  return TRUE;
}

gboolean
pfa_terminal_status_set_clock (PfaTerminalStatus *self,
                               const char *clock,
                               GDateTime *now,
                               const char *source)
{
  return set_clock (self, clock, now, 1, source);
}

gboolean
pfa_terminal_status_set_clock_to_the_minute (PfaTerminalStatus *self,
                                             const char *clock,
                                             GDateTime *now,
                                             const char *source)
{
  return set_clock (self, clock, now, 60, source);
}

gboolean
pfa_terminal_status_is_ready (const PfaTerminalStatus *self)
{
  return self->reached && strcmp (self->state, "ready") == 0;
}

char *
pfa_terminal_mask (const char *text)
{
  glong length;

  if (text == NULL)
    return NULL;
  length = g_utf8_strlen (text, -1);
  /* Of a short number even the last four would be nearly all. */
  if (length <= MASK_KEEPS)
    return g_strdup (MASK);
  return g_strconcat (MASK, g_utf8_offset_to_pointer (text, length - MASK_KEEPS), NULL);
}

static void
set_string (JsonObject *object, const char *name, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
  else
    json_object_set_null_member (object, name);
}

static void
set_told (JsonObject *object, const char *name, PfaTold told)
{
  if (told == PFA_TOLD_NOTHING)
    json_object_set_null_member (object, name);
  else
    json_object_set_boolean_member (object, name, told == PFA_TOLD_YES);
}

static void
set_text (JsonObject *object, PfaText *text, const char *language)
{
  g_autofree char *joined = NULL;

  if (text != NULL)
    joined = g_strjoinv (" ", (char **) pfa_text_get_lines (text, language));
  set_string (object, "text", joined);
}

/* What a terminal calls itself is its own text: a card number in it is neither shown nor stored. */
static void
set_told_text (JsonObject *object, const char *name, const char *value)
{
  g_autoptr (PfaRedactor) redactor = NULL;
  g_autoptr (PfaSafeText) safe = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (JsonNode) masked = NULL;
  g_autofree char *text = NULL;
  JsonObject *pair;

  if (value == NULL)
    {
      json_object_set_null_member (object, name);
      return;
    }
  redactor = pfa_redactor_new_with_fresh_key (PFA_READER_PROVIDER);
  pair = json_object_new ();
  json_object_set_string_member (pair, name, value);
  node = json_node_init_object (json_node_alloc (), pair);
  json_object_unref (pair);
  text = pfa_json_write (node, FALSE);
  safe = pfa_redactor_redact_text (redactor, "terminal", text, -1, NULL);
  if (safe != NULL)
    masked = pfa_json_parse (pfa_safe_text_get_data (safe, NULL), -1, "terminal", NULL);
  if (masked != NULL && JSON_NODE_HOLDS_OBJECT (masked))
    set_string (object, name, pfa_json_peek_string (json_node_get_object (masked), name));
  else
    set_string (object, name, MASK);
}

static JsonObject *
identity_to_json (PfaTerminalStatus *self)
{
  JsonObject *identity = json_object_new ();
  g_autofree char *serial = pfa_terminal_mask (self->serial);
  g_autofree char *terminal_id = pfa_terminal_mask (self->terminal_id);

  set_told_text (identity, "brand", self->brand);
  set_told_text (identity, "model", self->model);
  set_string (identity, "serial", serial);
  set_string (identity, "terminal_id", terminal_id);
  return identity;
}

static JsonObject *
state_to_json (PfaTerminalStatus *self, const char *language)
{
  JsonObject *state = json_object_new ();

  set_string (state, "id", self->state);
  set_string (state, "code", self->state_code);
  set_text (state,
            pfa_terminal_table_get_state_text (self->protocol, self->state, self->state_code),
            language);
  return state;
}

/* The ids for programs, and the same in words for people. */
static void
set_ids (JsonObject *object, const char *name, GPtrArray *ids, const char *language)
{
  g_autofree char *texts_name = g_strconcat (name, "_texts", NULL);
  JsonArray *array = json_array_new ();
  JsonArray *texts = json_array_new ();

  for (guint i = 0; i < ids->len; i++)
    {
      PfaText *text = pfa_terminal_table_get_text (name, ids->pdata[i]);

      json_array_add_string_element (array, ids->pdata[i]);
      json_array_add_string_element (texts,
                                     text != NULL ? pfa_text_get (text, language) : ids->pdata[i]);
    }
  json_object_set_array_member (object, name, array);
  json_object_set_array_member (object, texts_name, texts);
}

static void
result_to_json (PfaTerminalStatus *self, JsonObject *object, const char *language)
{
  JsonObject *result;

  if (self->result_code == NULL)
    {
      json_object_set_null_member (object, "last_result");
      return;
    }
  result = json_object_new ();
  set_string (result, "code", self->result_code);
  set_string (result, "made_by", self->result_made_by);
  set_string (result, "raw", self->result_raw);
  set_text (result,
            pfa_terminal_table_get_result_text (self->protocol,
                                                self->result_made_by,
                                                self->result_code),
            language);
  if (self->result_words != NULL)
    set_string (result, "terminal_says", self->result_words);
  json_object_set_object_member (object, "last_result", result);
}

static void
online_test_to_json (PfaTerminalStatus *self, JsonObject *object)
{
  JsonObject *test;

  if (self->online_result == NULL)
    {
      json_object_set_null_member (object, "online_test");
      return;
    }
  test = json_object_new ();
  set_string (test, "result", self->online_result);
  set_string (test, "code", self->online_code);
  json_object_set_object_member (object, "online_test", test);
}

static void
problem_to_json (PfaTerminalStatus *self, JsonObject *object, const char *language)
{
  JsonObject *problem;

  if (self->problem == NULL)
    {
      json_object_set_null_member (object, "problem");
      return;
    }
  problem = json_object_new ();
  set_string (problem, "id", self->problem);
  set_text (problem, pfa_terminal_table_get_text ("problems", self->problem), language);
  json_object_set_object_member (object, "problem", problem);
}

static void
condition_to_json (PfaTerminalStatus *self, JsonObject *object)
{
  if (self->battery_percent >= 0)
    json_object_set_int_member (object, "battery_percent", self->battery_percent);
  else
    json_object_set_null_member (object, "battery_percent");
  set_string (object, "printer", self->printer);
  set_told (object, "reader_works", self->reader);
  set_told (object, "security_intact", self->security);
  set_told (object, "host_reachable", self->host_reachable);
}

JsonObject *
pfa_terminal_status_to_json (PfaTerminalStatus *self, const char *language)
{
  JsonObject *object = json_object_new ();

  set_string (object, "format", "pos-first-aid-terminal/1");
  set_string (object, "address", self->address);
  set_string (object, "protocol", self->protocol);
  if (self->experimental)
    json_object_set_boolean_member (object, "experimental", TRUE);
  json_object_set_boolean_member (object, "reached", self->reached);
  json_object_set_int_member (object, "elapsed_ms", self->elapsed_ms);
  json_object_set_object_member (object, "identity", identity_to_json (self));
  set_told_text (object, "software", self->software);
  set_string (object, "clock", self->clock);
  if (self->has_clock_offset)
    json_object_set_int_member (object, "clock_offset_s", self->clock_offset_s);
  else
    json_object_set_null_member (object, "clock_offset_s");
  json_object_set_object_member (object, "state", state_to_json (self, language));
  set_ids (object, "locks", self->locks, language);
  set_ids (object, "needs", self->needs, language);
  condition_to_json (self, object);
  result_to_json (self, object, language);
  online_test_to_json (self, object);
  problem_to_json (self, object, language);
  if (self->usb != NULL)
    json_object_set_object_member (object, "usb", pfa_observation_to_json (self->usb));
  json_object_set_object_member (object, "sources", json_object_ref (self->sources));
  return object;
}
