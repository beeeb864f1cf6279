/* pfa-desk-uploads.h - uploads on disk: what arrived so far, and what each was announced as
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PFA_TYPE_DESK_UPLOADS (pfa_desk_uploads_get_type ())
G_DECLARE_FINAL_TYPE (PfaDeskUploads, pfa_desk_uploads, PFA, DESK_UPLOADS, GObject)

/* Longer than a shop's program goes on trying (72 hours). */
#define PFA_DESK_UPLOAD_LIFE_S (4 * 24 * 60 * 60)

/* One upload as it lies on disk: ID.info says length, metadata and end of life, ID.data holds what
 * arrived. Its size is the offset, so there is nothing that could disagree with it. */
typedef struct
{
  char *id;
  char *metadata; /* the header as sent, "" when none */
  gint64 length;
  gint64 offset;
  gint64 expires; /* seconds since 1970 */
} PfaDeskUpload;

/* A request that is bringing bytes. */
typedef struct _PfaDeskReceiving PfaDeskReceiving;

typedef enum
{
  PFA_DESK_RECEIVED,          /* all that was brought is kept */
  PFA_DESK_RECEIVED_OTHER,    /* the checksum differs: nothing of it is kept */
  PFA_DESK_RECEIVED_TOO_MUCH, /* more than announced: nothing behind the end is kept */
  PFA_DESK_RECEIVED_CUT,      /* a newer request for the same upload took over */
  PFA_DESK_RECEIVED_NO_SPACE,
} PfaDeskReceived;

PfaDeskUploads *pfa_desk_uploads_new (const char *data_directory, GError **error);

PfaDeskUpload *
pfa_desk_uploads_create (PfaDeskUploads *self, gint64 length, const char *metadata, GError **error);
/* NULL with PFA_ERROR_NOT_FOUND. Ends a request that is still bringing bytes for it: when the same
 * shop asks again, its old connection is dead, whatever TCP says. */
PfaDeskUpload *pfa_desk_uploads_find (PfaDeskUploads *self, const char *id, GError **error);
gboolean pfa_desk_uploads_remove (PfaDeskUploads *self, const char *id);
/* Where the bytes lie. (transfer full) */
char *pfa_desk_uploads_dup_path (PfaDeskUploads *self, const char *id);
/* Deletes what has outlived itself; returns how many. */
guint pfa_desk_uploads_expire (PfaDeskUploads *self, gint64 now);
/* Bytes free for ordinary users where the uploads lie; -1: unknown. */
gint64 pfa_desk_uploads_get_free_space (PfaDeskUploads *self);

/* @type and @digest: what the bytes of this request must hash to, or @digest NULL. */
PfaDeskReceiving *pfa_desk_uploads_receive (PfaDeskUploads *self,
                                            const PfaDeskUpload *upload,
                                            GChecksumType type,
                                            GBytes *digest,
                                            GError **error);
void pfa_desk_receiving_add (PfaDeskReceiving *self, const void *data, gsize length);
/* The request is there as a whole. @offset: where the upload stands now. */
PfaDeskReceived pfa_desk_receiving_finish (PfaDeskReceiving *self, gint64 *offset);
/* Without _finish before: the request broke off. Bytes that a checksum would have vouched for go.
 */
void pfa_desk_receiving_free (PfaDeskReceiving *self);

void pfa_desk_upload_free (PfaDeskUpload *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaDeskUpload, pfa_desk_upload_free)

G_END_DECLS
