/* pfa-tus-upload-private.h - the upload's own members, for the files that make it up
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-error.h"
#include "pfa-support-http.h"
#include "pfa-tus-upload.h"

G_BEGIN_DECLS

#define PFA_TUS_VERSION "1.0.0"

struct _PfaTusUpload
{
  GObject parent_instance;

  SoupSession *session;
  char *endpoint;
  char *path;
  char *sha256;
  char *name;
  char *url;
  goffset size;
  goffset chunk;
  const int *pauses_ms;

  goffset offset;
  goffset reached;        /* the highest offset that the server confirmed */
  gboolean asked;         /* OPTIONS has been tried */
  gboolean with_checksum; /* the server takes a SHA-256 with each chunk */
  gboolean answered;      /* the server answered within this attempt: there is a line */
  guint failures;         /* since the offset grew last */
  guint checksum_failures;
  guint creations;
  guint64 patches;
  gint64 retry_after;
  gint64 patch_begun;
  gboolean running;
};

/* With the protocol's version. (transfer full) */
PfaSupportRequest *
pfa_tus_upload_new_request (PfaTusUpload *self, const char *method, const char *url);
/* @callback gets a reference of the task. Takes @request. */
void pfa_tus_upload_send (PfaTusUpload *self,
                          GTask *task,
                          PfaSupportRequest *request,
                          GAsyncReadyCallback callback);
void pfa_tus_upload_set_url (PfaTusUpload *self, const char *url);

/* Whatever has to come next. */
void pfa_tus_upload_go_on (PfaTusUpload *self, GTask *task);
void
pfa_tus_upload_fail (GTask *task, PfaError code, const char *what, const PfaSupportReply *reply);
/* Takes @error: once more from HEAD, unless the pauses are used up or there never was a line. */
void pfa_tus_upload_resume_or_fail (PfaTusUpload *self, GTask *task, GError *error);
/* A status that is neither success nor a reason of its own. */
void pfa_tus_upload_handle_trouble (PfaTusUpload *self,
                                    GTask *task,
                                    const char *what,
                                    const PfaSupportReply *reply);

void pfa_tus_upload_ask_options (PfaTusUpload *self, GTask *task);
void pfa_tus_upload_begin_creation (PfaTusUpload *self, GTask *task);

G_END_DECLS
