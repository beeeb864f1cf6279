/* pfa-outbox-item.c - one bundle in the outbox: its file, where it goes, how far it has come
 *
 * A folder an item: it appears under its name only when all in it is on the disk, and state.json is
 * only ever replaced as a whole, so that a kill or a power cut leaves the state before or after.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pfa-error.h"
#include "pfa-json.h"
#include "pfa-outbox-item-private.h"
#include "pfa-outbox-schedule.h"

#define FORMAT      "pos-first-aid-outbox/1"
#define LOCK_FILE   "lock"
#define BLOCK_BYTES (256 * 1024)
#define NEW_PREFIX  ".new-"
/* No copying takes so long. */
#define HALF_MADE_LIFE_S (60 * 60)

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

static const char *const state_words[] = { "pending",   "sending", "sent",   "refused",
                                           "cancelled", "expired", "paused", "withdrawn" };

const char *
pfa_outbox_state_to_string (PfaOutboxState state)
{
  g_return_val_if_fail (state < G_N_ELEMENTS (state_words), NULL);

  return state_words[state];
}

static gboolean
set_storage_error (GError **error, const char *path)
{
  g_set_error (error, PFA_ERROR, PFA_ERROR_STORAGE, "%s: %s", path, g_strerror (errno));
  return FALSE;
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

static gboolean
write_all (int fd, const guint8 *data, gsize length)
{
  while (length > 0)
    {
      gssize written = write (fd, data, length);

      if (written < 0 && errno == EINTR)
        continue;
      if (written < 0)
        return FALSE;
      data += written;
      length -= (gsize) written;
    }
  return TRUE;
}

static gboolean
copy_blocks (int from, int to, GChecksum *checksum, goffset *size)
{
  g_autofree guint8 *block = g_malloc (BLOCK_BYTES);
  gssize length;

  *size = 0;
  while ((length = read (from, block, BLOCK_BYTES)) > 0)
    {
      g_checksum_update (checksum, block, length);
      *size += length;
      if (!write_all (to, block, (gsize) length))
        return FALSE;
    }
  return length == 0 && fsync (to) == 0;
}

/* Fills sha256 and size on the way. */
static gboolean
copy_bundle (PfaOutboxItem *self, const char *path, GError **error)
{
  g_autofree char *copy = pfa_outbox_item_dup_bundle_path (self);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  int from = g_open (path, O_RDONLY | O_CLOEXEC, 0);
  int to = from >= 0 ? g_open (copy, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600) : -1;
  gboolean copied = FALSE;

  if (from < 0)
    g_set_error (error,
                 PFA_ERROR,
                 errno == ENOENT ? PFA_ERROR_NOT_FOUND : PFA_ERROR_PERMISSION_DENIED,
                 "%s: %s",
                 path,
                 g_strerror (errno));
  else if (to < 0 || !copy_blocks (from, to, checksum, &self->size))
    set_storage_error (error, from >= 0 && to < 0 ? copy : path);
  else if (self->size == 0)
    g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "%s: the file is empty", path);
  else
    copied = TRUE;
  if (copied)
    self->sha256 = g_strdup (g_checksum_get_string (checksum));
  if (from >= 0)
    close (from);
  if (to >= 0)
    close (to);
  return copied;
}

/* UUIDv5 of a name, so that the same file is the same incident on every computer. */
static char *
make_key (const char *sha256)
{
  static const guint8 space[16] = { 0x6f, 0x2b, 0x1d, 0x6a, 0x0d, 0x0c, 0x5c, 0x11,
                                    0x9a, 0x4e, 0x27, 0x5c, 0x8e, 0x51, 0x3a, 0x96 };
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 u[20];
  gsize length = sizeof u;

  g_checksum_update (checksum, space, sizeof space);
  g_checksum_update (checksum, (const guchar *) sha256, -1);
  g_checksum_get_digest (checksum, u, &length);
  u[6] = (guint8) ((u[6] & 0x0f) | 0x50);
  u[8] = (guint8) ((u[8] & 0x3f) | 0x80);
  return g_strdup_printf ("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                          u[0],
                          u[1],
                          u[2],
                          u[3],
                          u[4],
                          u[5],
                          u[6],
                          u[7],
                          u[8],
                          u[9],
                          u[10],
                          u[11],
                          u[12],
                          u[13],
                          u[14],
                          u[15]);
}

static void
take_request (PfaOutboxItem *self, const PfaOutboxRequest *request)
{
  g_autofree char *trust =
      request->trust != NULL ? g_canonicalize_filename (request->trust, NULL) : NULL;

  self->key = request->key != NULL ? g_strdup (request->key) : make_key (self->sha256);
  self->incident = g_strdup (request->incident);
  self->provider = g_strdup (request->provider);
  self->upload = g_strdup (request->upload);
  self->tickets = g_strdup (request->tickets);
  self->trust = g_steal_pointer (&trust);
  self->sealed = request->sealed;
  self->summary = request->summary != NULL ? json_object_ref (request->summary) : NULL;
  g_clear_pointer (&self->contact, pfa_contact_free);
  self->contact =
      request->contact != NULL ? pfa_contact_copy (request->contact) : pfa_contact_new ();
  self->created = g_get_real_time () / G_USEC_PER_SEC;
  if (request->spread)
    self->next = self->created + g_random_int_range (0, PFA_OUTBOX_FIRST_SPREAD_S + 1);
}

static void
delete_folder (const char *folder)
{
  static const char *const names[] = { PFA_OUTBOX_BUNDLE_FILE,
                                       PFA_OUTBOX_STATE_FILE,
                                       PFA_OUTBOX_STOP_FILE,
                                       LOCK_FILE };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

static gboolean
sync_folder (const char *path, GError **error)
{
  int fd = g_open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  gboolean synced = fd >= 0 && fsync (fd) == 0;

  if (!synced)
    set_storage_error (error, path);
  if (fd >= 0)
    close (fd);
  return synced;
}

/* The folder gets its name, at once and for good. Where the name is taken, by the same bundle,
 * that one is given back; one that had ended without a ticket is begun anew. */
static PfaOutboxItem *
settle (PfaOutboxItem *self, const char *directory, GError **error)
{
  g_autofree char *folder = NULL;
  g_autoptr (PfaOutboxItem) other = NULL;

  self->id = g_strdup_printf ("%s-%.8s", self->key, self->sha256);
  folder = g_build_filename (directory, self->id, NULL);
  if (!pfa_outbox_item_save (self, error) || !sync_folder (self->folder, error))
    return NULL;
  if (g_rename (self->folder, folder) != 0)
    {
      int reason = errno;

      other = pfa_outbox_item_load (directory, self->id, NULL);
      if (other != NULL && (pfa_outbox_item_is_waiting (other) || other->state == PFA_OUTBOX_SENT))
        return g_steal_pointer (&other);
      delete_folder (folder);
      if (g_rename (self->folder, folder) != 0)
        {
          errno = reason;
          set_storage_error (error, folder);
          return NULL;
        }
    }
  if (!sync_folder (directory, error))
    return NULL;
  g_free (self->folder);
  self->folder = g_steal_pointer (&folder);
  return g_object_ref (self);
}

PfaOutboxItem *
pfa_outbox_item_new (const char *directory, const PfaOutboxRequest *request, GError **error)
{
  g_autoptr (PfaOutboxItem) self = g_object_new (PFA_TYPE_OUTBOX_ITEM, NULL);
  g_autofree char *temporary = g_build_filename (directory, NEW_PREFIX "XXXXXX", NULL);
  PfaOutboxItem *settled = NULL;

  if (request->key != NULL && !pfa_intake_is_sound_key (request->key))
    {
      g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "“%s” is no bundle's id", request->key);
      return NULL;
    }
  if (g_mkdtemp_full (temporary, 0700) == NULL)
    {
      set_storage_error (error, temporary);
      return NULL;
    }
  self->folder = g_strdup (temporary);
  if (copy_bundle (self, request->path, error))
    {
      take_request (self, request);
      settled = settle (self, directory, error);
    }
  if (settled != self)
    delete_folder (temporary);
  return settled;
}

void
pfa_outbox_item_sweep (const char *directory)
{
  g_autoptr (GDir) folders = g_dir_open (directory, 0, NULL);
  gint64 limit = g_get_real_time () / G_USEC_PER_SEC - HALF_MADE_LIFE_S;
  const char *name;

  while (folders != NULL && (name = g_dir_read_name (folders)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      GStatBuf status;

      if (g_str_has_prefix (name, NEW_PREFIX) && g_lstat (path, &status) == 0 &&
          S_ISDIR (status.st_mode) && status.st_mtime < limit)
        delete_folder (path);
    }
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

gboolean
pfa_outbox_item_lock (PfaOutboxItem *self)
{
  g_autofree char *path = g_build_filename (self->folder, LOCK_FILE, NULL);
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
         self->state == PFA_OUTBOX_PAUSED;
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
      g_param_spec_uint ("state", NULL, NULL, 0, PFA_OUTBOX_WITHDRAWN, PFA_OUTBOX_PENDING, flags);
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
