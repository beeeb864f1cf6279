/* pfa-tus-upload.h - one file on its way to a tus 1.0.0 server, resumed where it broke off
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

#define PFA_TYPE_TUS_UPLOAD (pfa_tus_upload_get_type ())
G_DECLARE_FINAL_TYPE (PfaTusUpload, pfa_tus_upload, PFA, TUS_UPLOAD, GObject)

/* A multiple of 256 KiB, as some services ask. */
#define PFA_TUS_CHUNK_BYTES (5 * 1024 * 1024)

/* Signals:
 *   located (const char *url): the upload has an address now, or a new one, or (NULL) none any
 *     more; it must be on the disk before the signal returns, so that a kill does not lose it.
 *   progressed (guint64 sent, guint64 size): for people; counts what left this computer. */

/* @sha256: of the whole file, hexadecimal. @url: where an earlier attempt left off, or NULL. */
PfaTusUpload *pfa_tus_upload_new (SoupSession *session,
                                  const char *endpoint,
                                  const char *path,
                                  goffset size,
                                  const char *sha256,
                                  const char *name,
                                  const char *url);
/* For tests: what is waited before the second, third … resumption. -1 ends. */
void pfa_tus_upload_set_pauses (PfaTusUpload *self, const int *pauses_ms);
void pfa_tus_upload_set_chunk (PfaTusUpload *self, goffset bytes);

/* One attempt: what breaks off is resumed by HEAD and PATCH at once, then after 0.5, 1, 2 and 4 s,
 * counted anew whenever the offset grew. Errors: PFA_ERROR_UNREACHABLE, TIMED_OUT (no line);
 * PFA_ERROR_BUSY (the server asks to come later); PFA_ERROR_REFUSED (it does not want this file,
 * for good); PFA_ERROR_UNTRUSTED, BAD_INPUT, STORAGE, INVALID_DATA. */
void pfa_tus_upload_run_async (PfaTusUpload *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean pfa_tus_upload_run_finish (PfaTusUpload *self, GAsyncResult *result, GError **error);

/* (transfer none) NULL before it is located. */
const char *pfa_tus_upload_get_url (PfaTusUpload *self);
/* After a failure: what the server's Retry-After said, in seconds; -1: nothing. */
gint64 pfa_tus_upload_get_retry_after (PfaTusUpload *self);

G_END_DECLS
