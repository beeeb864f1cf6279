/* pfa-bundle-private.h - the bundle's own members, for the files that make it up
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-bundle-archive.h"
#include "pfa-bundle.h"

G_BEGIN_DECLS

/* A member with what it takes to write it: a small one is held as text, a log is read again. */
typedef struct
{
  PfaBundleMember shown;
  PfaSafeText *text;
  const PfaBundleLog *log; /* of the source's, or NULL */
  int fd;
  guint64 offset;
  guint64 end;
} PfaBundlePart;

/* Begins an operation, or answers BUSY and returns NULL; a finish function ends it. */
GTask *pfa_bundle_begin (PfaBundle *self,
                         gpointer tag,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
/* Ends it: TRUE, or FALSE with @error. */
gboolean pfa_bundle_end (PfaBundle *self, GAsyncResult *result, GError **error);

struct _PfaBundle
{
  GObject parent_instance;

  PfaBundleSource source;
  char *id;
  char *language;
  char *agent_language;
  GStrv names;
  GPtrArray *members; /* (element-type PfaBundlePart) */
  PfaRedactor *redactor;
  gboolean prepared;
  gboolean busy;
  char *consent_text;
  char *consent_language;
  gint64 consent_time;
};

/* What a member comes to when its pieces are only counted, kept up to a length, or written. */
typedef struct
{
  guint64 size;
  guint hidden;
  guint64 limit;
  PfaBundleArchive *archive;
} PfaBundleCount;

/* A sink: adds what @piece comes to to the PfaBundleCount. */
gboolean pfa_bundle_count_piece (PfaSafeText *piece, gpointer user_data, GError **error);

/* A fresh one with the incident's key and the shop's names. */
PfaRedactor *pfa_bundle_make_redactor (PfaBundle *self);
/* @object: (transfer full) */
PfaSafeText *
pfa_bundle_redact_object (PfaBundle *self, const char *name, JsonObject *object, GError **error);

/* Redacts everything once and fills the parts. Blocks. */
gboolean pfa_bundle_prepare (PfaBundle *self, GCancellable *cancellable, GError **error);

/* Redacts one log of the source more and adds its part; one that cannot be opened, or for which no
 * room is left, is an error and no part. Blocks. */
gboolean pfa_bundle_prepare_one_log (PfaBundle *self,
                                     const PfaBundleLog *log,
                                     GCancellable *cancellable,
                                     GError **error);

/* What the manifest says of one file, of the parts that are not in, and of the consent; each
 * (transfer full). */
JsonObject *pfa_bundle_list_file (const char *path,
                                  const char *source,
                                  const PfaBundleSum *sum,
                                  gboolean truncated,
                                  guint hidden);
JsonArray *pfa_bundle_build_left_out (PfaBundle *self);
JsonObject *pfa_bundle_build_consent (PfaBundle *self);

G_END_DECLS
