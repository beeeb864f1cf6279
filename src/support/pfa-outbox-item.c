/* pfa-outbox-item.c - one bundle in the outbox: its file, where it goes, how far it has come
 *
 * A folder an item: it appears under its name only when all in it is on the disk, and state.json is
 * only ever replaced as a whole, so that a kill or a power cut leaves the state before or after.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#include "pfa-error.h"
#include "pfa-json.h"
#include "pfa-outbox-item-private.h"

#define FORMAT "pos-first-aid-outbox/1"

enum
{
  PROP_0,
  PROP_STATE,
  PROP_PROGRESS,
  PROP_TICKET,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (PfaOutboxItem, pfa_outbox_item, G_TYPE_OBJECT)

static const char *const state_words[] = { "pending", "sending",   "sent",
                                           "refused", "cancelled", "expired",
                                           "paused",  "withdrawn", "withdrawing" };

const char *
pfa_outbox_state_to_string (PfaOutboxState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (state_words), NULL);

  return state_words[state];
}

static void
set_text (JsonObject *object, const char *member, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, member, text);
}

JsonObject *
pfa_outbox_item_to_json (PfaOutboxItem *self)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "format", FORMAT);
  set_text (object, "id", self->id);
  set_text (object, "state", state_words[self->state]);
  set_text (object, "key", self->key);
  set_text (object, "incident", self->incident);
  set_text (object, "sha256", self->sha256);
  json_object_set_int_member (object, "size", self->size);
  json_object_set_boolean_member (object, "sealed", self->sealed);
  set_text (object, "provider", self->provider);
  set_text (object, "upload", self->upload);
  set_text (object, "tickets", self->tickets);
  set_text (object, "trust", self->trust);
  json_object_set_int_member (object, "created", self->created);
  json_object_set_int_member (object, "attempts", self->attempts);
  json_object_set_int_member (object, "next", self->next);
  json_object_set_boolean_member (object, "uploaded", self->uploaded);
  json_object_set_boolean_member (object, "asked", self->asked);
  json_object_set_int_member (object, "retry_after", self->retry_after);
  set_text (object, "ticket", self->ticket);
  set_text (object, "ticket_url", self->ticket_url);
  set_text (object, "problem", self->problem);
  set_text (object, "problem_text", self->problem_text);
  return object;
}

gboolean
pfa_outbox_item_save (PfaOutboxItem *self, GError **error)
{
  g_autoptr (JsonObject) object = pfa_outbox_item_to_json (self);
  g_autofree char *path = g_build_filename (self->folder, PFA_OUTBOX_STATE_FILE, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) local = NULL;

  set_text (object, "token", self->token);
  set_text (object, "upload_url", self->upload_url);
  if (self->summary != NULL)
    json_object_set_object_member (object, "summary", json_object_ref (self->summary));
  json_object_set_object_member (object, "contact", pfa_contact_to_json (self->contact));
  text = pfa_json_write_object (object, TRUE);
  if (g_file_set_contents_full (path,
                                text,
                                -1,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                0600,
                                &local))
    return TRUE;
  g_propagate_error (error, pfa_error_adopt (g_steal_pointer (&local)));
  return FALSE;
}

static void
take_text (char **field, JsonObject *object, const char *member)
{
  g_free (*field);
  *field = g_strdup (pfa_json_peek_string (object, member));
}

static gint64
peek_int (JsonObject *object, const char *member)
{
  return (gint64) pfa_json_peek_double (object, member, 0);
}

static void
read_texts (PfaOutboxItem *self, JsonObject *object)
{
  take_text (&self->key, object, "key");
  take_text (&self->incident, object, "incident");
  take_text (&self->sha256, object, "sha256");
  take_text (&self->provider, object, "provider");
  take_text (&self->upload, object, "upload");
  take_text (&self->tickets, object, "tickets");
  take_text (&self->trust, object, "trust");
  take_text (&self->upload_url, object, "upload_url");
  take_text (&self->ticket, object, "ticket");
  take_text (&self->ticket_url, object, "ticket_url");
  take_text (&self->token, object, "token");
  take_text (&self->problem, object, "problem");
  take_text (&self->problem_text, object, "problem_text");
}

static gboolean
read_state (PfaOutboxItem *self, JsonObject *object)
{
  const char *word = pfa_json_peek_string (object, "state");
  JsonObject *summary = pfa_json_peek_object (object, "summary");
  PfaContact *contact = pfa_contact_new_from_json (pfa_json_peek_object (object, "contact"), NULL);
  PfaOutboxState state = PFA_OUTBOX_PENDING;

  for (guint i = 0; word != NULL && i < G_N_ELEMENTS (state_words); i++)
    if (g_str_equal (word, state_words[i]))
      state = (PfaOutboxState) i;
  read_texts (self, object);
  self->size = peek_int (object, "size");
  self->sealed = pfa_json_peek_boolean (object, "sealed", FALSE);
  self->created = peek_int (object, "created");
  self->attempts = (guint) peek_int (object, "attempts");
  self->next = peek_int (object, "next");
  self->uploaded = pfa_json_peek_boolean (object, "uploaded", FALSE);
  self->asked = pfa_json_peek_boolean (object, "asked", FALSE);
  self->retry_after = peek_int (object, "retry_after");
  g_clear_pointer (&self->summary, json_object_unref);
  self->summary = summary != NULL ? json_object_ref (summary) : NULL;
  g_clear_pointer (&self->contact, pfa_contact_free);
  self->contact = contact != NULL ? contact : pfa_contact_new ();
  pfa_outbox_item_set_state (self, state);
  return word != NULL && self->key != NULL && self->sha256 != NULL && self->upload != NULL &&
         self->tickets != NULL;
}

gboolean
pfa_outbox_item_reload (PfaOutboxItem *self, GError **error)
{
  g_autofree char *path = g_build_filename (self->folder, PFA_OUTBOX_STATE_FILE, NULL);
  g_autoptr (JsonNode) node = pfa_json_load (path, error);

  if (node == NULL)
    return FALSE;
  if (JSON_NODE_HOLDS_OBJECT (node) && read_state (self, json_node_get_object (node)))
    return TRUE;
  g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "%s: not an outbox item", path);
  return FALSE;
}

PfaOutboxItem *
pfa_outbox_item_load (const char *directory, const char *id, GError **error)
{
  g_autoptr (PfaOutboxItem) self = g_object_new (PFA_TYPE_OUTBOX_ITEM, NULL);

  self->id = g_strdup (id);
  self->folder = g_build_filename (directory, id, NULL);
  return pfa_outbox_item_reload (self, error) ? g_steal_pointer (&self) : NULL;
}

gboolean
pfa_outbox_item_is_stopped (PfaOutboxItem *self)
{
  g_autofree char *path = g_build_filename (self->folder, PFA_OUTBOX_STOP_FILE, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

gboolean
pfa_outbox_item_ask_to_stop (PfaOutboxItem *self)
{
  g_autofree char *path = g_build_filename (self->folder, PFA_OUTBOX_STOP_FILE, NULL);

  return g_file_set_contents (path, "", 0, NULL);
}

void
pfa_outbox_item_keep_receipt (PfaOutboxItem *self, JsonObject *receipt)
{
  g_autofree char *path = g_build_filename (self->folder, PFA_OUTBOX_RECEIPT_FILE, NULL);
  g_autofree char *text = pfa_json_write_object (receipt, TRUE);
  g_autoptr (GError) error = NULL;

  if (!g_file_set_contents (path, text, -1, &error))
    g_info ("%s", error->message);
}

/* Folders are named by key and content. */
gboolean
pfa_outbox_item_has_sent_brother (PfaOutboxItem *self)
{
  g_autofree char *directory = g_path_get_dirname (self->folder);
  g_autoptr (GDir) folders = g_dir_open (directory, 0, NULL);
  const char *name;

  while (folders != NULL && (name = g_dir_read_name (folders)) != NULL)
    {
      g_autoptr (PfaOutboxItem) other = NULL;

      if (!g_str_has_prefix (name, self->key) || g_str_equal (name, self->id))
        continue;
      other = pfa_outbox_item_load (directory, name, NULL);
      if (other != NULL && other->state == PFA_OUTBOX_SENT)
        return TRUE;
    }
  return FALSE;
}

gboolean
pfa_outbox_item_lock (PfaOutboxItem *self)
{
  g_autofree char *path = g_build_filename (self->folder, PFA_OUTBOX_LOCK_FILE, NULL);
  int fd;

  if (self->lock_fd >= 0)
    return FALSE;
  fd = g_open (path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    return FALSE;
  if (flock (fd, LOCK_EX | LOCK_NB) != 0)
    {
      close (fd);
      return FALSE;
    }
  self->lock_fd = fd;
  return TRUE;
}

void
pfa_outbox_item_unlock (PfaOutboxItem *self)
{
  if (self->lock_fd >= 0)
    close (self->lock_fd);
  self->lock_fd = -1;
}

gboolean
pfa_outbox_item_is_waiting (PfaOutboxItem *self)
{
  return self->state == PFA_OUTBOX_PENDING || self->state == PFA_OUTBOX_SENDING ||
         self->state == PFA_OUTBOX_PAUSED || self->state == PFA_OUTBOX_WITHDRAWING;
}

char *
pfa_outbox_item_dup_bundle_path (PfaOutboxItem *self)
{
  return g_build_filename (self->folder, PFA_OUTBOX_BUNDLE_FILE, NULL);
}

void
pfa_outbox_item_delete_bundle (PfaOutboxItem *self)
{
  g_autofree char *path = pfa_outbox_item_dup_bundle_path (self);

  g_unlink (path);
}

void
pfa_outbox_item_set_state (PfaOutboxItem *self, PfaOutboxState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TICKET]);
}

void
pfa_outbox_item_set_problem (PfaOutboxItem *self, const char *word, const char *text)
{
  g_free (self->problem);
  g_free (self->problem_text);
  self->problem = g_strdup (word);
  self->problem_text = g_strdup (text);
}

void
pfa_outbox_item_set_sent (PfaOutboxItem *self, goffset sent)
{
  self->sent = sent;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROGRESS]);
}

const char *
pfa_outbox_item_get_id (PfaOutboxItem *self)
{
  return self->id;
}

const char *
pfa_outbox_item_get_key (PfaOutboxItem *self)
{
  return self->key;
}

const char *
pfa_outbox_item_get_incident (PfaOutboxItem *self)
{
  return self->incident;
}

const char *
pfa_outbox_item_get_provider (PfaOutboxItem *self)
{
  return self->provider;
}

PfaOutboxState
pfa_outbox_item_get_state (PfaOutboxItem *self)
{
  return self->state;
}

goffset
pfa_outbox_item_get_size (PfaOutboxItem *self)
{
  return self->size;
}

goffset
pfa_outbox_item_get_sent (PfaOutboxItem *self)
{
  return self->state == PFA_OUTBOX_SENT ? self->size : self->sent;
}

gint64
pfa_outbox_item_get_created (PfaOutboxItem *self)
{
  return self->created;
}

gint64
pfa_outbox_item_get_next (PfaOutboxItem *self)
{
  return self->next;
}

guint
pfa_outbox_item_get_attempts (PfaOutboxItem *self)
{
  return self->attempts;
}

const char *
pfa_outbox_item_get_ticket (PfaOutboxItem *self)
{
  return self->ticket;
}

const char *
pfa_outbox_item_get_ticket_url (PfaOutboxItem *self)
{
  return self->ticket_url;
}

const char *
pfa_outbox_item_get_problem (PfaOutboxItem *self)
{
  return self->problem;
}

const char *
pfa_outbox_item_get_problem_text (PfaOutboxItem *self)
{
  return self->problem_text;
}

static void
pfa_outbox_item_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  PfaOutboxItem *self = PFA_OUTBOX_ITEM (object);

  switch (id)
    {
    case PROP_STATE:
      g_value_set_uint (value, self->state);
      break;
    case PROP_PROGRESS:
      g_value_set_double (value,
                          self->size > 0
                              ? (double) pfa_outbox_item_get_sent (self) / (double) self->size
                              : 0);
      break;
    case PROP_TICKET:
      g_value_set_string (value, self->ticket);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
pfa_outbox_item_finalize (GObject *object)
{
  PfaOutboxItem *self = PFA_OUTBOX_ITEM (object);

  pfa_outbox_item_unlock (self);
  g_free (self->folder);
  g_free (self->id);
  g_free (self->key);
  g_free (self->sha256);
  g_free (self->incident);
  g_free (self->provider);
  g_free (self->upload);
  g_free (self->tickets);
  g_free (self->trust);
  g_clear_pointer (&self->summary, json_object_unref);
  g_clear_pointer (&self->contact, pfa_contact_free);
  g_free (self->upload_url);
  g_free (self->ticket);
  g_free (self->ticket_url);
  g_free (self->token);
  g_free (self->problem);
  g_free (self->problem_text);
  G_OBJECT_CLASS (pfa_outbox_item_parent_class)->finalize (object);
}

static void
pfa_outbox_item_class_init (PfaOutboxItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = pfa_outbox_item_finalize;
  object_class->get_property = pfa_outbox_item_get_property;
  properties[PROP_STATE] =
      g_param_spec_uint ("state", NULL, NULL, 0, PFA_OUTBOX_WITHDRAWING, PFA_OUTBOX_PENDING, flags);
  properties[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0, 1, 0, flags);
  properties[PROP_TICKET] = g_param_spec_string ("ticket", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pfa_outbox_item_init (PfaOutboxItem *self)
{
  self->lock_fd = -1;
  self->contact = pfa_contact_new ();
}
