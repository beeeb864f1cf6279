/* pfa-update.h - a provider's profile that came as a signed file
 *
 *   {"format": "pos-first-aid-update/1", "kind": "profile", "id": "lab", "version": 3,
 *    "content": "<base64 of the profile's JSON>", "key": "<base64>", "signature": "<base64>"}
 *
 * The signature is Ed25519 over "pos-first-aid-update/1", kind, id, version and the decoded
 * content, each of the first four followed by a line feed. tools/sign-update makes such files.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "pfa-provider.h"

G_BEGIN_DECLS

typedef struct
{
  char *id;
  guint version;
  char *profile;      /* JSON, as signed */
  char *text;         /* the whole file, as it came */
  char *fingerprint;  /* of the key: "ab12 cd34 …", to be compared by telephone */
  gboolean key_known; /* the key is the one that was known before; FALSE: ask the person first */
} PfaUpdate;

void pfa_update_free (PfaUpdate *self);

/* @known_key: update.key of the profile that is there (base64), or NULL for a provider that is new
 * here. PFA_ERROR_UNTRUSTED: not signed by that key, or not soundly; PFA_ERROR_BAD_INPUT: no
 * update, or what is signed is no sound profile. */
PfaUpdate *
pfa_update_parse (const char *text, gssize length, const char *known_key, GError **error);
PfaUpdate *pfa_update_load (const char *path, const char *known_key, GError **error);

/* Fetches update.url of @provider; on a click only. */
void pfa_update_fetch_async (SoupSession *session,
                             PfaProvider *provider,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
PfaUpdate *pfa_update_fetch_finish (GAsyncResult *result, GError **error);

/* 0: none was installed. @directory: "…/pos-first-aid" */
guint pfa_update_get_installed_version (const char *directory, const char *id);
/* Writes providers/ID.json; what was there is kept for going back. PFA_ERROR_REFUSED: it is not
 * newer than what is there. */
gboolean pfa_update_install (const PfaUpdate *self, const char *directory, GError **error);
/* Exchanges the profile for the one before; once more brings the newer one back.
 * PFA_ERROR_NOT_FOUND: there is none. */
gboolean pfa_update_go_back (const char *directory, const char *id, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaUpdate, pfa_update_free)

G_END_DECLS
