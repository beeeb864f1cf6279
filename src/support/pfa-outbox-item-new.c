/* pfa-outbox-item-new.c - a bundle's copy gets a place in the outbox, whole or not at all
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pfa-error.h"
#include "pfa-outbox-item-private.h"
#include "pfa-outbox-schedule.h"

#define BLOCK_BYTES (256 * 1024)
#define NEW_PREFIX  ".new-"
/* No copying takes so long. */
#define HALF_MADE_LIFE_S (60 * 60)

static gboolean
set_storage_error (GError **error, const char *path)
{
  g_set_error (error, PFA_ERROR, PFA_ERROR_STORAGE, "%s: %s", path, g_strerror (errno));
  return FALSE;
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
                                       PFA_OUTBOX_LOCK_FILE };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

/* The proof that the provider has deleted it once outlives its being sent anew. */
static void
move_receipt (const char *from, const char *to)
{
  g_autofree char *before = g_build_filename (from, PFA_OUTBOX_RECEIPT_FILE, NULL);
  g_autofree char *after = g_build_filename (to, PFA_OUTBOX_RECEIPT_FILE, NULL);

  (void) g_rename (before, after);
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
      move_receipt (folder, self->folder);
      delete_folder (folder);
      if (g_rename (self->folder, folder) != 0)
        {
          move_receipt (self->folder, folder);
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
