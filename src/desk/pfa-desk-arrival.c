/* pfa-desk-arrival.c - an upload becomes a stored bundle, once it is what it was announced as
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-arrival.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pfa-bundle-verify.h"
#include "pfa-error.h"

#define BLOCK_BYTES (64 * 1024)

typedef struct
{
  char *data_directory;
  char *upload_path;
  char *upload_id;
  char *sha256;
  gint64 size;
  gboolean sealed;
  JsonObject *summary;
} Arrival;

static void
arrival_free (Arrival *self)
{
  g_free (self->data_directory);
  g_free (self->upload_path);
  g_free (self->upload_id);
  g_free (self->sha256);
  g_clear_pointer (&self->summary, json_object_unref);
  g_free (self);
}

static gboolean
refuse (GError **error, PfaError code, const char *text)
{
  g_set_error_literal (error, PFA_ERROR, code, text);
  return FALSE;
}

static gboolean
set_storage_error (GError **error, const char *path)
{
  g_set_error (error, PFA_ERROR, PFA_ERROR_STORAGE, "%s: %s", path, g_strerror (errno));
  return FALSE;
}

/* openssl writes PEM too. */
static gboolean
is_sealed (const char *path, const guint8 *start, gsize length)
{
  static const char pem[] = "-----BEGIN CMS";

  return pfa_bundle_is_sealed (path) ||
         (length >= strlen (pem) && memcmp (start, pem, strlen (pem)) == 0);
}

static gboolean
check_bytes (Arrival *arrival, int fd, GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree guint8 *block = g_malloc (BLOCK_BYTES);
  gboolean first = TRUE;
  gssize length;

  while ((length = read (fd, block, BLOCK_BYTES)) > 0)
    {
      if (first && arrival->sealed && !is_sealed (arrival->upload_path, block, (gsize) length))
        return refuse (error, PFA_ERROR_REFUSED, "this is not a sealed bundle");
      first = FALSE;
      g_checksum_update (checksum, block, length);
    }
  if (length < 0)
    return set_storage_error (error, arrival->upload_path);
  if (!g_str_equal (g_checksum_get_string (checksum), arrival->sha256))
    return refuse (error,
                   PFA_ERROR_REFUSED,
                   "the bundle's checksum differs from the one announced");
  return TRUE;
}

/* What is sealed is for the provider's key alone and stays closed. */
static gboolean
verify (Arrival *arrival, GError **error)
{
  g_autoptr (PfaBundleContents) contents = NULL;
  g_autoptr (GError) local = NULL;

  if (arrival->sealed)
    return TRUE;
  contents = pfa_bundle_verify (arrival->upload_path, NULL, &local);
  if (contents == NULL)
    return refuse (error,
                   g_error_matches (local, PFA_ERROR, PFA_ERROR_BAD_INPUT) ? PFA_ERROR_REFUSED
                                                                           : PFA_ERROR_STORAGE,
                   local->message);
  if (contents->summary != NULL)
    arrival->summary = json_object_ref (contents->summary);
  return TRUE;
}

static gboolean
sync_directory (const char *path, GError **error)
{
  int fd = g_open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  gboolean synced = fd >= 0 && fsync (fd) == 0;

  if (!synced)
    set_storage_error (error, path);
  if (fd >= 0)
    close (fd);
  return synced;
}

/* 256 folders, so that none grows beyond what a file system likes. */
static char *
link_bundle (Arrival *arrival, int fd, GError **error)
{
  g_autofree char *folder = g_strdup_printf ("bundles/%.2s", arrival->upload_id);
  g_autofree char *folder_path = g_build_filename (arrival->data_directory, folder, NULL);
  g_autofree char *name = g_strconcat (arrival->upload_id, ".bundle", NULL);
  g_autofree char *path = g_build_filename (folder_path, name, NULL);

  if (g_mkdir_with_parents (folder_path, 0700) != 0)
    {
      set_storage_error (error, folder_path);
      return NULL;
    }
  if (fsync (fd) != 0 || (link (arrival->upload_path, path) != 0 && errno != EEXIST))
    {
      set_storage_error (error, path);
      return NULL;
    }
  if (!sync_directory (folder_path, error))
    return NULL;
  return g_build_filename (folder, name, NULL);
}

static void
store_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Arrival *arrival = task_data;
  GError *error = NULL;
  char *path = NULL;
  struct stat status;
  int fd = g_open (arrival->upload_path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);

  if (fd < 0 || fstat (fd, &status) != 0 || status.st_size < arrival->size)
    refuse (&error, PFA_ERROR_NOT_FOUND, "the upload is not there or not complete");
  else if (status.st_size != arrival->size)
    refuse (&error, PFA_ERROR_REFUSED, "the bundle is larger than announced");
  else if (check_bytes (arrival, fd, &error) && verify (arrival, &error))
    path = link_bundle (arrival, fd, &error);
  if (fd >= 0)
    close (fd);
  if (path != NULL)
    g_task_return_pointer (task, path, g_free);
  else
    g_task_return_error (task, error);
}

void
pfa_desk_arrival_store_async (const char *data_directory,
                              const char *upload_path,
                              const char *upload_id,
                              const PfaIntakeRequest *request,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);
  Arrival *arrival = g_new0 (Arrival, 1);

  arrival->data_directory = g_strdup (data_directory);
  arrival->upload_path = g_strdup (upload_path);
  arrival->upload_id = g_strdup (upload_id);
  arrival->sha256 = g_strdup (request->sha256);
  arrival->size = request->size;
  arrival->sealed = request->sealed;
  g_task_set_source_tag (task, pfa_desk_arrival_store_async);
  g_task_set_task_data (task, arrival, (GDestroyNotify) arrival_free);
  g_task_run_in_thread (task, store_in_thread);
}

char *
pfa_desk_arrival_store_finish (GAsyncResult *result, JsonObject **summary, GError **error)
{
  Arrival *arrival = g_task_get_task_data (G_TASK (result));

  *summary = g_steal_pointer (&arrival->summary);
  return g_task_propagate_pointer (G_TASK (result), error);
}
