/* pfa-tus-upload.c - one file on its way to a tus 1.0.0 server, resumed where it broke off
 *
 *   OPTIONS (what it can) → POST (create) → PATCH … PATCH → all there
 *   a known address, or anything that broke off: HEAD → PATCH from the offset it says
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-tus-upload.h"

#include "pfa-error.h"
#include "pfa-tus-upload-private.h"

#define UPLOAD_TYPE      "application/offset+octet-stream"
#define STATUS_LOCKED    423
#define STATUS_TOO_EARLY 425
#define STATUS_TOO_MANY  429
#define STATUS_CHECKSUM  460
#define MAX_CHECKSUMS    3
#define MAX_CREATIONS    3
#define MIN_CHUNK_BYTES  (256 * 1024)
/* So many breaks in one place, and chunks go without a checksum: a server keeps the beginning of
 * such a chunk, and the whole file's SHA-256 is looked at in the end anyway. */
#define MAX_CHECKED_BREAKS 3
/* A chunk with a checksum is kept as a whole or not at all, so larger ones go without. */
#define MAX_CHECKED_BYTES PFA_TUS_CHUNK_BYTES
/* A chunk that took no longer was small for this line: the next may be larger. Between two chunks
 * the line stands still. */
#define QUICK_CHUNK_US  (G_USEC_PER_SEC / 2)
#define CHUNK_GROWTH    4
#define MAX_CHUNK_BYTES (80 * 1024 * 1024)
/* A server that says "come back in so many seconds" for no longer than this is waited for within
 * the attempt. */
#define MAX_LOCK_WAIT_S 5

/* A server may keep a part of each chunk, but must not have the file sent for ever. */
#define SPARE_PATCHES 100

static const int default_pauses_ms[] = { 0, 500, 1000, 2000, 4000, -1 };

G_DEFINE_FINAL_TYPE (PfaTusUpload, pfa_tus_upload, G_TYPE_OBJECT)

enum
{
  SIGNAL_LOCATED,
  SIGNAL_PROGRESSED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

void
pfa_tus_upload_set_url (PfaTusUpload *self, const char *url)
{
  g_free (self->url);
  self->url = g_strdup (url);
  g_signal_emit (self, signals[SIGNAL_LOCATED], 0, self->url);
}

static void
report_progress (PfaTusUpload *self, goffset offset)
{
  g_signal_emit (self, signals[SIGNAL_PROGRESSED], 0, (guint64) offset, (guint64) self->size);
}

void
pfa_tus_upload_fail (GTask *task, PfaError code, const char *what, const PfaSupportReply *reply)
{
  g_task_return_new_error (task,
                           PFA_ERROR,
                           code,
                           "%s: the server answered %u",
                           what,
                           reply->status);
}

static gboolean
is_final (guint status)
{
  return status == 400 || status == 401 || status == 403 || status == 405 || status == 412 ||
         status == 413 || status == 415 || status == 501;
}

static gboolean
on_pause_over_cb (gpointer user_data)
{
  GTask *task = user_data;

  pfa_tus_upload_go_on (g_task_get_source_object (task), task);
  return G_SOURCE_REMOVE;
}

static void
continue_after (PfaTusUpload *self, GTask *task, guint pause_ms)
{
  g_autoptr (GSource) pause = NULL;
  g_autoptr (GSource) cancelled = NULL;
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (pause_ms == 0)
    {
      pfa_tus_upload_go_on (self, task);
      return;
    }
  pause = g_timeout_source_new (pause_ms);
  if (cancellable != NULL)
    {
      cancelled = g_cancellable_source_new (cancellable);
      g_source_set_dummy_callback (cancelled);
      g_source_add_child_source (pause, cancelled);
    }
  g_task_attach_source (task, pause, on_pause_over_cb);
}

/* Takes @error: once more from HEAD, unless the pauses are used up or there never was a line. */
void
pfa_tus_upload_resume_or_fail (PfaTusUpload *self, GTask *task, GError *error)
{
  int pause_ms = self->pauses_ms[self->failures];

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      g_error_matches (error, PFA_ERROR, PFA_ERROR_STORAGE) ||
      g_error_matches (error, PFA_ERROR, PFA_ERROR_UNTRUSTED) ||
      g_error_matches (error, PFA_ERROR, PFA_ERROR_BAD_INPUT) || !self->answered || pause_ms < 0)
    {
      g_task_return_error (task, error);
      return;
    }
  g_debug ("resuming after: %s", error->message);
  g_error_free (error);
  self->failures++;
  /* A weak line: what has to be sent again should be little. */
  if (self->chunk > MIN_CHUNK_BYTES)
    self->chunk = MAX (self->chunk / 4, MIN_CHUNK_BYTES);
  if (self->failures >= MAX_CHECKED_BREAKS)
    self->with_checksum = FALSE;
  continue_after (self, task, (guint) pause_ms);
}

/* A status that is neither success nor a reason of its own. */
void
pfa_tus_upload_handle_trouble (PfaTusUpload *self,
                               GTask *task,
                               const char *what,
                               const PfaSupportReply *reply)
{
  gint64 retry_after = pfa_support_reply_get_retry_after (reply);
  GError *error = NULL;

  if (reply->status == STATUS_LOCKED || reply->status == 409)
    {
      /* Somebody else, mostly our own earlier connection, still holds it: look again shortly. */
      error = g_error_new (PFA_ERROR, PFA_ERROR_BUSY, "%s: the upload is held", what);
      if (retry_after > 0 && retry_after <= MAX_LOCK_WAIT_S && self->pauses_ms[self->failures] >= 0)
        {
          g_error_free (error);
          self->failures++;
          continue_after (self, task, (guint) retry_after * 1000);
          return;
        }
      pfa_tus_upload_resume_or_fail (self, task, error);
      return;
    }
  if (reply->status == STATUS_TOO_MANY || reply->status == STATUS_TOO_EARLY || retry_after >= 0)
    {
      self->retry_after = retry_after;
      pfa_tus_upload_fail (task, PFA_ERROR_BUSY, what, reply);
      return;
    }
  if (is_final (reply->status))
    {
      pfa_tus_upload_fail (task, PFA_ERROR_REFUSED, what, reply);
      return;
    }
  error =
      g_error_new (PFA_ERROR, PFA_ERROR_BUSY, "%s: the server answered %u", what, reply->status);
  pfa_tus_upload_resume_or_fail (self, task, error);
}

/* The upload is gone at the server: begin anew. */
static void
start_anew (PfaTusUpload *self, GTask *task, const char *what, const PfaSupportReply *reply)
{
  if (++self->creations >= MAX_CREATIONS)
    {
      pfa_tus_upload_fail (task, PFA_ERROR_BUSY, what, reply);
      return;
    }
  self->offset = self->reached = 0;
  pfa_tus_upload_set_url (self, NULL);
  pfa_tus_upload_go_on (self, task);
}

/* What the server says has arrived. A number beyond the file is another file's. */
static gboolean
take_offset (PfaTusUpload *self, gint64 offset)
{
  if (offset < 0 || offset > self->size)
    return FALSE;
  if (offset > self->reached)
    {
      self->failures = 0;
      self->reached = offset;
    }
  self->offset = offset;
  report_progress (self, offset);
  return TRUE;
}

static void
grow_chunk (PfaTusUpload *self, goffset taken)
{
  if (taken == self->chunk && self->chunk < MAX_CHUNK_BYTES &&
      g_get_monotonic_time () - self->patch_begun < QUICK_CHUNK_US)
    self->chunk = MIN (self->chunk * CHUNK_GROWTH, MAX_CHUNK_BYTES);
}

static void
on_patched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PfaTusUpload *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaSupportReply) reply = pfa_support_request_send_finish (result, &error);
  goffset before = self->offset;

  if (reply == NULL)
    {
      self->offset = -1;
      pfa_tus_upload_resume_or_fail (self, task, g_steal_pointer (&error));
      return;
    }
  self->answered = TRUE;
  if (reply->status == 204 || reply->status == 200)
    {
      /* A 204 may be about less than was sent. */
      if (take_offset (self, pfa_support_reply_get_number (reply, "Upload-Offset")) &&
          self->offset > before)
        {
          grow_chunk (self, self->offset - before);
          pfa_tus_upload_go_on (self, task);
        }
      else
        {
          self->offset = -1;
          pfa_tus_upload_resume_or_fail (
              self,
              task,
              g_error_new_literal (PFA_ERROR,
                                   PFA_ERROR_INVALID_DATA,
                                   "the server took the chunk and kept nothing of it"));
        }
      return;
    }
  self->offset = -1;
  if (reply->status == 404 || reply->status == 410)
    start_anew (self, task, "sending", reply);
  else if (reply->status == STATUS_CHECKSUM && ++self->checksum_failures < MAX_CHECKSUMS)
    pfa_tus_upload_go_on (self, task);
  else if (reply->status == STATUS_CHECKSUM)
    pfa_tus_upload_fail (task, PFA_ERROR_REFUSED, "sending", reply);
  else
    pfa_tus_upload_handle_trouble (self, task, "sending", reply);
}

static void
on_sent_some (goffset sent, gpointer user_data)
{
  PfaTusUpload *self = user_data;

  report_progress (self, self->offset + sent);
}

static void
begin_patch (PfaTusUpload *self, GTask *task)
{
  goffset length = MIN (self->chunk, self->size - self->offset);
  gboolean checked = self->with_checksum && length <= MAX_CHECKED_BYTES;
  PfaSupportRequest *request;

  if (self->patches++ > SPARE_PATCHES + (guint64) self->size / (MIN_CHUNK_BYTES / 4))
    {
      g_task_return_new_error (task,
                               PFA_ERROR,
                               PFA_ERROR_INVALID_DATA,
                               "the server keeps next to nothing of what it is sent");
      return;
    }
  request = pfa_tus_upload_new_request (self, "PATCH", self->url);
  if (checked)
    pfa_support_request_set_checksum_header (request, "Upload-Checksum");
  pfa_support_request_set_number (request, "Upload-Offset", self->offset);
  pfa_support_request_set_file (request,
                                UPLOAD_TYPE,
                                self->path,
                                self->offset,
                                length,
                                on_sent_some,
                                self);
  self->patch_begun = g_get_monotonic_time ();
  pfa_tus_upload_send (self, task, request, on_patched_cb);
}

static void
on_headed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  PfaTusUpload *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaSupportReply) reply = pfa_support_request_send_finish (result, &error);
  gint64 length;

  if (reply == NULL)
    {
      pfa_tus_upload_resume_or_fail (self, task, g_steal_pointer (&error));
      return;
    }
  self->answered = TRUE;
  if (reply->status == 404 || reply->status == 410 || reply->status == 403)
    {
      start_anew (self, task, "looking where it stands", reply);
      return;
    }
  if (reply->status != 200 && reply->status != 204)
    {
      pfa_tus_upload_handle_trouble (self, task, "looking where it stands", reply);
      return;
    }
  length = pfa_support_reply_get_number (reply, "Upload-Length");
  if ((length >= 0 && length != self->size) ||
      !take_offset (self, pfa_support_reply_get_number (reply, "Upload-Offset")))
    start_anew (self, task, "looking where it stands", reply);
  else
    pfa_tus_upload_go_on (self, task);
}

/* Whatever has to come next. An offset of -1 is one that has to be asked for. */
void
pfa_tus_upload_go_on (PfaTusUpload *self, GTask *task)
{
  if (g_task_return_error_if_cancelled (task))
    return;
  if (!self->asked)
    pfa_tus_upload_ask_options (self, task);
  else if (self->url == NULL)
    pfa_tus_upload_begin_creation (self, task);
  else if (self->offset < 0)
    pfa_tus_upload_send (self,
                         task,
                         pfa_tus_upload_new_request (self, "HEAD", self->url),
                         on_headed_cb);
  else if (self->offset < self->size)
    begin_patch (self, task);
  else
    g_task_return_boolean (task, TRUE);
}

void
pfa_tus_upload_run_async (PfaTusUpload *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, pfa_tus_upload_run_async);
  if (self->running)
    {
      g_task_return_new_error (task, PFA_ERROR, PFA_ERROR_BUSY, "the upload is under way");
      return;
    }
  if (!pfa_support_check_url (self->endpoint, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  self->running = TRUE;
  self->answered = FALSE;
  self->failures = self->checksum_failures = self->creations = 0;
  self->patches = 0;
  self->retry_after = -1;
  self->offset = -1;
  self->reached = 0;
  pfa_tus_upload_go_on (self, task);
}

gboolean
pfa_tus_upload_run_finish (PfaTusUpload *self, GAsyncResult *result, GError **error)
{
  self->running = FALSE;
  return g_task_propagate_boolean (G_TASK (result), error);
}

const char *
pfa_tus_upload_get_url (PfaTusUpload *self)
{
  return self->url;
}

gint64
pfa_tus_upload_get_retry_after (PfaTusUpload *self)
{
  return self->retry_after;
}

void
pfa_tus_upload_set_pauses (PfaTusUpload *self, const int *pauses_ms)
{
  self->pauses_ms = pauses_ms;
}

void
pfa_tus_upload_set_chunk (PfaTusUpload *self, goffset bytes)
{
  self->chunk = bytes;
}

PfaTusUpload *
pfa_tus_upload_new (SoupSession *session,
                    const char *endpoint,
                    const char *path,
                    goffset size,
                    const char *sha256,
                    const char *name,
                    const char *url)
{
  PfaTusUpload *self = g_object_new (PFA_TYPE_TUS_UPLOAD, NULL);

  self->session = g_object_ref (session);
  self->endpoint = g_strdup (endpoint);
  self->path = g_strdup (path);
  self->size = size;
  self->sha256 = g_strdup (sha256);
  self->name = g_strdup (name);
  self->url = g_strdup (url);
  return self;
}

static void
pfa_tus_upload_finalize (GObject *object)
{
  PfaTusUpload *self = PFA_TUS_UPLOAD (object);

  g_object_unref (self->session);
  g_free (self->endpoint);
  g_free (self->path);
  g_free (self->sha256);
  g_free (self->name);
  g_free (self->url);
  G_OBJECT_CLASS (pfa_tus_upload_parent_class)->finalize (object);
}

static void
pfa_tus_upload_class_init (PfaTusUploadClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pfa_tus_upload_finalize;
  signals[SIGNAL_LOCATED] = g_signal_new ("located",
                                          PFA_TYPE_TUS_UPLOAD,
                                          G_SIGNAL_RUN_LAST,
                                          0,
                                          NULL,
                                          NULL,
                                          NULL,
                                          G_TYPE_NONE,
                                          1,
                                          G_TYPE_STRING);
  signals[SIGNAL_PROGRESSED] = g_signal_new ("progressed",
                                             PFA_TYPE_TUS_UPLOAD,
                                             G_SIGNAL_RUN_LAST,
                                             0,
                                             NULL,
                                             NULL,
                                             NULL,
                                             G_TYPE_NONE,
                                             2,
                                             G_TYPE_UINT64,
                                             G_TYPE_UINT64);
}

static void
pfa_tus_upload_init (PfaTusUpload *self)
{
  self->chunk = PFA_TUS_CHUNK_BYTES;
  self->pauses_ms = default_pauses_ms;
  self->offset = -1;
  self->retry_after = -1;
}
