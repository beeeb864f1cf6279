/* pfa-payment.c - was the customer charged? A small state machine beside the engine
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-payment.h"

#include "pfa-condition.h"
#include "pfa-error.h"
#include "pfa-json.h"

#define STATE_UNKNOWN      "unknown"
#define CHARGED_NO         "no"
#define CHARGED_TAKEN_BACK "taken-back"
/* Names that rules may use besides questions. */
#define STAGE_CODE     "code"
#define STAGE_ANSWERED "answered"

typedef struct
{
  PfaPaymentQuestion question;
  GPtrArray *ask_when; /* (element-type PfaCondition) */
} Question;

typedef struct
{
  char *id;
  char *charged;
  gboolean may_retry;
  PfaText *title;
  PfaText *advice;
  PfaText *customer_note;
} State;

typedef struct
{
  const State *state;
  gboolean settled;
  GPtrArray *when; /* (element-type PfaCondition) */
} Rule;

struct _PfaPayment
{
  gatomicrefcount references;
  GPtrArray *questions; /* (element-type Question), which begins with PfaPaymentQuestion */
  GPtrArray *states;    /* (element-type State) */
  GPtrArray *rules;     /* (element-type Rule) */
  const State *unknown; /* one of states */
  GStrv confirmed_by;
  GArray *retry_minutes; /* int */
  GHashTable *known;     /* question or stage → value */
};

static void
answer_free (gpointer data)
{
  PfaPaymentAnswer *answer = data;

  g_free (answer->id);
  g_clear_pointer (&answer->title, pfa_text_unref);
  g_free (answer);
}

static void
question_free (gpointer data)
{
  Question *question = data;

  g_free (question->question.id);
  g_clear_pointer (&question->question.title, pfa_text_unref);
  g_clear_pointer (&question->question.hint, pfa_text_unref);
  g_clear_pointer (&question->question.answers, g_ptr_array_unref);
  g_clear_pointer (&question->ask_when, g_ptr_array_unref);
  g_free (question);
}

static void
state_free (gpointer data)
{
  State *state = data;

  g_free (state->id);
  g_free (state->charged);
  g_clear_pointer (&state->title, pfa_text_unref);
  g_clear_pointer (&state->advice, pfa_text_unref);
  g_clear_pointer (&state->customer_note, pfa_text_unref);
  g_free (state);
}

static void
rule_free (gpointer data)
{
  Rule *rule = data;

  g_clear_pointer (&rule->when, g_ptr_array_unref);
  g_free (rule);
}

static gboolean
fault (GError **error, const char *where, const char *what, const char *id)
{
  g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "payment: %s: %s “%s”", where, what, id);
  return FALSE;
}

static gboolean
read_text (JsonObject *object,
           const char *member,
           const char *where,
           PfaText **text,
           GError **error)
{
  g_autofree char *path = g_strdup_printf ("payment: %s.%s", where, member);

  *text = pfa_text_new_from_json (json_object_get_member (object, member), path, error);
  return *text != NULL;
}

static gboolean
read_answers (JsonObject *object, const char *where, GPtrArray *answers, GError **error)
{
  JsonArray *array = pfa_json_require_array (object, "answers", where, error);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *item = json_array_get_object_element (array, i);
      const char *id = pfa_json_require_string (item, "id", where, error);
      PfaPaymentAnswer *answer = g_new0 (PfaPaymentAnswer, 1);

      g_ptr_array_add (answers, answer);
      answer->id = g_strdup (id);
      if (id == NULL || !read_text (item, "title", where, &answer->title, error))
        return FALSE;
    }
  return array != NULL;
}

static gboolean
read_question (PfaPayment *self, JsonObject *object, GError **error)
{
  const char *id = pfa_json_require_string (object, "id", "payment: questions", error);
  Question *question = g_new0 (Question, 1);

  g_ptr_array_add (self->questions, question);
  if (id == NULL)
    return FALSE;
  question->question.id = g_strdup (id);
  question->question.answers = g_ptr_array_new_with_free_func (answer_free);
  if (!read_text (object, "title", id, &question->question.title, error))
    return FALSE;
  if (json_object_has_member (object, "hint") &&
      !read_text (object, "hint", id, &question->question.hint, error))
    return FALSE;
  question->ask_when = pfa_conditions_new_from_json (object, "ask_when", id, error);
  return question->ask_when != NULL && read_answers (object, id, question->question.answers, error);
}

static gboolean
read_state (PfaPayment *self, JsonObject *object, GError **error)
{
  const char *id = pfa_json_require_string (object, "id", "payment: states", error);
  const char *charged = id != NULL ? pfa_json_require_string (object, "charged", id, error) : NULL;
  State *state = g_new0 (State, 1);

  g_ptr_array_add (self->states, state);
  state->id = g_strdup (id);
  state->charged = g_strdup (charged);
  if (charged == NULL ||
      !pfa_json_get_boolean (object, "may_retry", id, FALSE, &state->may_retry, error))
    return FALSE;
  if (state->may_retry && !g_str_equal (charged, CHARGED_NO) &&
      !g_str_equal (charged, CHARGED_TAKEN_BACK))
    return fault (error, id, "a retry is allowed though charged is", charged);
  return read_text (object, "title", id, &state->title, error) &&
         read_text (object, "advice", id, &state->advice, error) &&
         read_text (object, "customer_note", id, &state->customer_note, error);
}

static const State *
find_state (PfaPayment *self, const char *id)
{
  for (guint i = 0; i < self->states->len; i++)
    if (g_str_equal (((State *) self->states->pdata[i])->id, id))
      return self->states->pdata[i];
  return NULL;
}

static Question *
find_question (PfaPayment *self, const char *id)
{
  for (guint i = 0; i < self->questions->len; i++)
    if (g_str_equal (((Question *) self->questions->pdata[i])->question.id, id))
      return self->questions->pdata[i];
  return NULL;
}

static gboolean
has_answer (const Question *question, const char *id)
{
  for (guint i = 0; i < question->question.answers->len; i++)
    if (g_str_equal (((PfaPaymentAnswer *) question->question.answers->pdata[i])->id, id))
      return TRUE;
  return FALSE;
}

/* Every name is a question or the stage, every value one of its answers. */
static gboolean
check_conditions (PfaPayment *self, GPtrArray *conditions, const char *where, GError **error)
{
  for (guint i = 0; i < conditions->len; i++)
    {
      const PfaCondition *condition = conditions->pdata[i];
      const Question *question = find_question (self, condition->name);

      if (g_str_equal (condition->name, STAGE_CODE) ||
          g_str_equal (condition->name, STAGE_ANSWERED))
        continue;
      if (question == NULL)
        return fault (error, where, "there is no question", condition->name);
      for (guint v = 0; condition->values[v] != NULL; v++)
        if (!has_answer (question, condition->values[v]))
          return fault (error, where, "there is no answer", condition->values[v]);
    }
  return TRUE;
}

static gboolean
names_question (GPtrArray *conditions, const char *question)
{
  for (guint i = 0; i < conditions->len; i++)
    {
      const PfaCondition *condition = conditions->pdata[i];

      if (g_str_equal (condition->name, question))
        return !g_strv_contains ((const char *const *) condition->values, STATE_UNKNOWN);
    }
  return FALSE;
}

/* R1: "not charged" needs an answer, and not "I don't know", to each of these. */
static gboolean
check_is_confirmed (PfaPayment *self, const Rule *rule, const char *where, GError **error)
{
  if (!g_str_equal (rule->state->charged, CHARGED_NO))
    return TRUE;
  if (self->confirmed_by[0] == NULL)
    return fault (error, where, "nothing confirms the state", rule->state->id);
  for (guint i = 0; self->confirmed_by[i] != NULL; i++)
    if (!names_question (rule->when, self->confirmed_by[i]))
      return fault (error, where, "“not charged” is said without", self->confirmed_by[i]);
  return TRUE;
}

static gboolean
read_rule (PfaPayment *self, JsonObject *object, GError **error)
{
  g_autofree char *where = g_strdup_printf ("rules[%u]", self->rules->len);
  const char *state = pfa_json_require_string (object, "state", where, error);
  Rule *rule = g_new0 (Rule, 1);

  g_ptr_array_add (self->rules, rule);
  if (state == NULL)
    return FALSE;
  rule->state = find_state (self, state);
  if (rule->state == NULL)
    return fault (error, where, "there is no state", state);
  rule->when = pfa_conditions_new_from_json (object, "when", where, error);
  if (rule->when == NULL ||
      !pfa_json_get_boolean (object, "settled", where, FALSE, &rule->settled, error))
    return FALSE;
  if (rule->when->len == 0)
    return fault (error, where, "a rule without a condition leads to", state);
  return check_conditions (self, rule->when, where, error) &&
         check_is_confirmed (self, rule, where, error);
}

typedef gboolean (*ItemReader) (PfaPayment *self, JsonObject *object, GError **error);

static gboolean
read_items (PfaPayment *self, JsonObject *json, const char *member, ItemReader read, GError **error)
{
  JsonArray *array = pfa_json_require_array (json, member, "payment", error);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *node = json_array_get_element (array, i);

      if (!JSON_NODE_HOLDS_OBJECT (node))
        return fault (error, member, "an item is no", "object");
      if (!read (self, json_node_get_object (node), error))
        return FALSE;
    }
  return array != NULL;
}

static gboolean
read_retry_minutes (PfaPayment *self, JsonObject *json, GError **error)
{
  JsonArray *array = pfa_json_require_array (json, "retry_minutes", "payment", error);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      int minutes = (int) json_array_get_int_element (array, i);

      g_array_append_val (self->retry_minutes, minutes);
    }
  return array != NULL;
}

static gboolean
read_all (PfaPayment *self, JsonObject *json, GError **error)
{
  self->confirmed_by = pfa_json_dup_strings (json, "confirmed_by", "payment", error);
  if (self->confirmed_by == NULL || !read_retry_minutes (self, json, error) ||
      !read_items (self, json, "questions", read_question, error) ||
      !read_items (self, json, "states", read_state, error) ||
      !read_items (self, json, "rules", read_rule, error))
    return FALSE;
  self->unknown = find_state (self, STATE_UNKNOWN);
  if (self->unknown == NULL)
    return fault (error, "states", "there is no state", STATE_UNKNOWN);
  for (guint i = 0; i < self->questions->len; i++)
    {
      Question *question = self->questions->pdata[i];

      if (!check_conditions (self, question->ask_when, question->question.id, error))
        return FALSE;
    }
  return TRUE;
}

PfaPayment *
pfa_payment_new (JsonObject *json, GError **error)
{
  g_autoptr (PfaPayment) self = g_new0 (PfaPayment, 1);

  g_return_val_if_fail (json != NULL, NULL);

  g_atomic_ref_count_init (&self->references);
  self->questions = g_ptr_array_new_with_free_func (question_free);
  self->states = g_ptr_array_new_with_free_func (state_free);
  self->rules = g_ptr_array_new_with_free_func (rule_free);
  self->retry_minutes = g_array_new (FALSE, FALSE, sizeof (int));
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return read_all (self, json, error) ? g_steal_pointer (&self) : NULL;
}

PfaPayment *
pfa_payment_ref (PfaPayment *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
pfa_payment_unref (PfaPayment *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_ptr_array_unref (self->rules);
  g_ptr_array_unref (self->states);
  g_ptr_array_unref (self->questions);
  g_array_unref (self->retry_minutes);
  g_hash_table_unref (self->known);
  g_strfreev (self->confirmed_by);
  g_free (self);
}

static void
set_known (PfaPayment *self, const char *name, char *value)
{
  if (value != NULL)
    g_hash_table_insert (self->known, g_strdup (name), value);
  else
    g_hash_table_remove (self->known, name);
}

void
pfa_payment_set_context (PfaPayment *self, const char *code, const char *answered)
{
  set_known (self, STAGE_CODE, code != NULL ? g_ascii_strup (code, -1) : NULL);
  set_known (self, STAGE_ANSWERED, g_strdup (answered));
}

gboolean
pfa_payment_answer (PfaPayment *self, const char *question, const char *answer, GError **error)
{
  const Question *found = find_question (self, question);

  if (found == NULL)
    return fault (error, "answer", "there is no question", question);
  if (answer != NULL && !has_answer (found, answer))
    return fault (error, question, "there is no answer", answer);
  set_known (self, question, g_strdup (answer));
  return TRUE;
}

const char *
pfa_payment_get_answer (PfaPayment *self, const char *question)
{
  return g_hash_table_lookup (self->known, question);
}

GPtrArray *
pfa_payment_get_questions (PfaPayment *self)
{
  return self->questions;
}

static gboolean
all_hold (PfaPayment *self, GPtrArray *conditions)
{
  for (guint i = 0; i < conditions->len; i++)
    {
      const PfaCondition *condition = conditions->pdata[i];

      if (!pfa_condition_holds (condition, g_hash_table_lookup (self->known, condition->name)))
        return FALSE;
    }
  return TRUE;
}

static const Rule *
find_rule (PfaPayment *self)
{
  for (guint i = 0; i < self->rules->len; i++)
    if (all_hold (self, ((Rule *) self->rules->pdata[i])->when))
      return self->rules->pdata[i];
  return NULL;
}

static const State *
get_state (PfaPayment *self)
{
  const Rule *rule = find_rule (self);

  return rule != NULL ? rule->state : self->unknown;
}

const PfaPaymentQuestion *
pfa_payment_get_question (PfaPayment *self)
{
  const Rule *rule = find_rule (self);

  if (rule != NULL && rule->settled)
    return NULL;
  for (guint i = 0; i < self->questions->len; i++)
    {
      const Question *question = self->questions->pdata[i];

      if (!g_hash_table_contains (self->known, question->question.id) &&
          all_hold (self, question->ask_when))
        return &question->question;
    }
  return NULL;
}

const char *
pfa_payment_get_state (PfaPayment *self)
{
  return get_state (self)->id;
}

const char *
pfa_payment_get_charged (PfaPayment *self)
{
  return get_state (self)->charged;
}

gboolean
pfa_payment_may_retry (PfaPayment *self)
{
  return get_state (self)->may_retry;
}

int
pfa_payment_get_retry_minutes (PfaPayment *self, guint n_done)
{
  if (!pfa_payment_may_retry (self) || n_done >= self->retry_minutes->len)
    return -1;
  return g_array_index (self->retry_minutes, int, n_done);
}

PfaText *
pfa_payment_get_title (PfaPayment *self)
{
  return get_state (self)->title;
}

PfaText *
pfa_payment_get_advice (PfaPayment *self)
{
  return get_state (self)->advice;
}

PfaText *
pfa_payment_get_customer_note (PfaPayment *self)
{
  return get_state (self)->customer_note;
}
