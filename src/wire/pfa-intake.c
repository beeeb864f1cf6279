/* pfa-intake.c - what a shop's program and a provider's intake say to each other about a ticket
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-intake.h"

#include <string.h>

#include "pfa-error.h"
#include "pfa-json.h"

#define SHA256_LENGTH     64
#define MAX_TICKET_LENGTH 64
#define MAX_URL_LENGTH    2048
#define MAX_ANSWER_LENGTH 65536
#define MAX_ANSWERS       1000
#define MAX_BUNDLE_BYTES  (G_GINT64_CONSTANT (1) << 40)

static gboolean
refuse (GError **error, const char *what)
{
  g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "intake: %s", what);
  return FALSE;
}

static gboolean
has_control (const char *text)
{
  for (; *text != '\0'; text++)
    if (g_ascii_iscntrl (*text))
      return TRUE;
  return FALSE;
}

/* One line of at most @limit bytes, or NULL. */
static gboolean
get_line (JsonObject *object, const char *member, gsize limit, char **value, GError **error)
{
  const char *text;

  if (!pfa_json_get_string (object, member, "intake", &text, error))
    return FALSE;
  if (text != NULL && (strlen (text) > limit || has_control (text)))
    return refuse (error, "a text is too long or not one line");
  g_free (*value);
  *value = g_strdup (text);
  return TRUE;
}

static void
set_text (JsonObject *object, const char *member, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, member, text);
}

PfaContact *
pfa_contact_new (void)
{
  return g_new0 (PfaContact, 1);
}

PfaContact *
pfa_contact_copy (const PfaContact *self)
{
  PfaContact *copy = pfa_contact_new ();

  copy->name = g_strdup (self->name);
  copy->phone = g_strdup (self->phone);
  copy->email = g_strdup (self->email);
  copy->call_between = g_strdup (self->call_between);
  return copy;
}

void
pfa_contact_free (PfaContact *self)
{
  g_free (self->name);
  g_free (self->phone);
  g_free (self->email);
  g_free (self->call_between);
  g_free (self);
}

gboolean
pfa_contact_is_empty (const PfaContact *self)
{
  return self->name == NULL && self->phone == NULL && self->email == NULL &&
         self->call_between == NULL;
}

JsonObject *
pfa_contact_to_json (const PfaContact *self)
{
  JsonObject *object = json_object_new ();

  set_text (object, "name", self->name);
  set_text (object, "phone", self->phone);
  set_text (object, "email", self->email);
  set_text (object, "call_between", self->call_between);
  return object;
}

PfaContact *
pfa_contact_new_from_json (JsonObject *object, GError **error)
{
  g_autoptr (PfaContact) self = pfa_contact_new ();
  const gsize limit = PFA_INTAKE_MAX_CONTACT_LENGTH;

  if (object != NULL && (!get_line (object, "name", limit, &self->name, error) ||
                         !get_line (object, "phone", limit, &self->phone, error) ||
                         !get_line (object, "email", limit, &self->email, error) ||
                         !get_line (object, "call_between", limit, &self->call_between, error)))
    return NULL;
  return g_steal_pointer (&self);
}

PfaIntakeRequest *
pfa_intake_request_new (void)
{
  PfaIntakeRequest *self = g_new0 (PfaIntakeRequest, 1);

  self->contact = pfa_contact_new ();
  return self;
}

void
pfa_intake_request_free (PfaIntakeRequest *self)
{
  g_free (self->url);
  g_free (self->sha256);
  g_clear_pointer (&self->summary, json_object_unref);
  g_clear_pointer (&self->contact, pfa_contact_free);
  g_free (self);
}

JsonObject *
pfa_intake_request_to_json (const PfaIntakeRequest *self)
{
  JsonObject *object = json_object_new ();
  JsonObject *bundle = json_object_new ();

  set_text (bundle, "url", self->url);
  set_text (bundle, "sha256", self->sha256);
  json_object_set_int_member (bundle, "size", self->size);
  json_object_set_boolean_member (bundle, "sealed", self->sealed);
  json_object_set_object_member (object, "bundle", bundle);
  json_object_set_object_member (object,
                                 "summary",
                                 self->summary != NULL ? json_object_ref (self->summary)
                                                       : json_object_new ());
  json_object_set_object_member (object, "contact", pfa_contact_to_json (self->contact));
  return object;
}

static gboolean
is_sha256 (const char *text)
{
  return text != NULL && strlen (text) == SHA256_LENGTH &&
         strspn (text, "0123456789abcdef") == SHA256_LENGTH;
}

static gboolean
read_bundle (PfaIntakeRequest *self, JsonObject *bundle, GError **error)
{
  double size;

  if (!get_line (bundle, "url", MAX_URL_LENGTH, &self->url, error) ||
      !get_line (bundle, "sha256", SHA256_LENGTH, &self->sha256, error) ||
      !pfa_json_require_double (bundle, "size", "intake", &size, error) ||
      !pfa_json_get_boolean (bundle, "sealed", "intake", FALSE, &self->sealed, error))
    return FALSE;
  if (self->url == NULL || !is_sha256 (self->sha256) || size < 1 ||
      size > (double) MAX_BUNDLE_BYTES)
    return refuse (error, "the bundle's url, sha256 or size is missing or wrong");
  self->size = (gint64) size;
  return TRUE;
}

PfaIntakeRequest *
pfa_intake_request_new_from_json (JsonObject *object, GError **error)
{
  g_autoptr (PfaIntakeRequest) self = pfa_intake_request_new ();
  JsonObject *bundle = pfa_json_require_object (object, "bundle", "intake", error);
  JsonObject *summary = pfa_json_peek_object (object, "summary");

  if (bundle == NULL || !read_bundle (self, bundle, error))
    return NULL;
  self->summary = summary != NULL ? json_object_ref (summary) : NULL;
  g_clear_pointer (&self->contact, pfa_contact_free);
  self->contact = pfa_contact_new_from_json (pfa_json_peek_object (object, "contact"), error);
  return self->contact != NULL ? g_steal_pointer (&self) : NULL;
}

gboolean
pfa_intake_is_sound_key (const char *key)
{
  gsize length = key != NULL ? strlen (key) : 0;

  return length >= 8 && length <= PFA_INTAKE_MAX_KEY_LENGTH &&
         strspn (key, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") == length;
}

void
pfa_intake_answer_free (PfaIntakeAnswer *self)
{
  g_free (self->ticket);
  g_free (self->url);
  g_free (self->token);
  g_free (self->discarded);
  g_free (self->text);
  g_free (self);
}

PfaIntakeAnswer *
pfa_intake_answer_new_from_json (JsonObject *object, GError **error)
{
  g_autoptr (PfaIntakeAnswer) self = g_new0 (PfaIntakeAnswer, 1);

  if (!get_line (object, "ticket", MAX_TICKET_LENGTH, &self->ticket, error) ||
      !get_line (object, "url", MAX_URL_LENGTH, &self->url, error) ||
      !get_line (object, "token", MAX_URL_LENGTH, &self->token, error) ||
      !get_line (object, "discarded", MAX_TICKET_LENGTH, &self->discarded, error) ||
      !get_line (object, "text", MAX_URL_LENGTH, &self->text, error))
    return NULL;
  if ((self->ticket == NULL || *self->ticket == '\0') && self->discarded == NULL)
    {
      refuse (error, "the answer has neither a ticket nor a reason");
      return NULL;
    }
  return g_steal_pointer (&self);
}

JsonObject *
pfa_intake_answer_to_json (const PfaIntakeAnswer *self)
{
  JsonObject *object = json_object_new ();

  set_text (object, "ticket", self->ticket);
  set_text (object, "url", self->url);
  set_text (object, "token", self->token);
  set_text (object, "discarded", self->discarded);
  set_text (object, "text", self->text);
  return object;
}

static void
ticket_answer_free (gpointer data)
{
  PfaTicketAnswer *self = data;

  g_free (self->time);
  g_free (self->author);
  g_free (self->text);
  g_free (self);
}

PfaTicketState *
pfa_ticket_state_new (const char *ticket, const char *state)
{
  PfaTicketState *self = g_new0 (PfaTicketState, 1);

  self->ticket = g_strdup (ticket);
  self->state = g_strdup (state);
  self->answers = g_ptr_array_new_with_free_func (ticket_answer_free);
  return self;
}

void
pfa_ticket_state_free (PfaTicketState *self)
{
  g_free (self->ticket);
  g_free (self->state);
  g_ptr_array_unref (self->answers);
  g_free (self);
}

void
pfa_ticket_state_add_answer (PfaTicketState *self,
                             const char *time,
                             const char *author,
                             const char *text)
{
  PfaTicketAnswer *answer = g_new0 (PfaTicketAnswer, 1);

  answer->time = g_strdup (time);
  answer->author = g_strdup (author);
  answer->text = g_strdup (text);
  g_ptr_array_add (self->answers, answer);
}

static gboolean
read_answer (PfaTicketState *self, JsonNode *node, GError **error)
{
  JsonObject *object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  const char *text = object != NULL ? pfa_json_peek_string (object, "text") : NULL;

  if (text == NULL || strlen (text) > MAX_ANSWER_LENGTH)
    return refuse (error, "an answer has no text or is too long");
  pfa_ticket_state_add_answer (self,
                               pfa_json_peek_string (object, "time"),
                               pfa_json_peek_string (object, "author"),
                               text);
  return TRUE;
}

PfaTicketState *
pfa_ticket_state_new_from_json (JsonObject *object, GError **error)
{
  g_autoptr (PfaTicketState) self = NULL;
  const char *ticket = pfa_json_require_string (object, "ticket", "ticket", error);
  const char *state =
      ticket != NULL ? pfa_json_require_string (object, "state", "ticket", error) : NULL;
  JsonArray *answers = pfa_json_peek_array (object, "answers");
  guint count = answers != NULL ? json_array_get_length (answers) : 0;

  if (state == NULL)
    return NULL;
  if (strlen (ticket) > MAX_TICKET_LENGTH || strlen (state) > MAX_TICKET_LENGTH ||
      has_control (ticket) || has_control (state) || count > MAX_ANSWERS)
    {
      refuse (error, "the ticket's state is too long");
      return NULL;
    }
  self = pfa_ticket_state_new (ticket, state);
  for (guint i = 0; i < count; i++)
    if (!read_answer (self, json_array_get_element (answers, i), error))
      return NULL;
  return g_steal_pointer (&self);
}

JsonObject *
pfa_ticket_state_to_json (const PfaTicketState *self)
{
  JsonObject *object = json_object_new ();
  JsonArray *answers = json_array_new ();

  set_text (object, "ticket", self->ticket);
  set_text (object, "state", self->state);
  for (guint i = 0; i < self->answers->len; i++)
    {
      const PfaTicketAnswer *answer = self->answers->pdata[i];
      JsonObject *entry = json_object_new ();

      set_text (entry, "time", answer->time);
      set_text (entry, "author", answer->author);
      set_text (entry, "text", answer->text);
      json_array_add_object_element (answers, entry);
    }
  json_object_set_array_member (object, "answers", answers);
  return object;
}
