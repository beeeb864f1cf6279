/* pfa-update.h - a provider's profile or knowledge that came as a signed file
 *
 *   {"format": "pos-first-aid-update/1", "kind": "profile", "id": "lab", "version": 3,
 *    "content": "<base64 of the JSON>", "key": "<base64>", "signature": "<base64>"}
 *
 * The kind "knowledge" carries a model (pos96-model/1); its provider's key must be known before.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

/* The signature is Ed25519 over "pos-first-aid-update/1", kind, id, version and the decoded
 * content, each of the first four followed by a line feed. tools/sign-update makes such files. */

#include <libsoup/soup.h>

#include "pfa-provider.h"

G_BEGIN_DECLS

typedef enum
{
  PFA_UPDATE_PROFILE,
  PFA_UPDATE_KNOWLEDGE,
} PfaUpdateKind;

typedef struct
{
  PfaUpdateKind kind;
  char *id; /* of the provider */
  guint version;
  char *content;      /* JSON, as signed */
  char *text;         /* the whole file, as it came */
  char *fingerprint;  /* of the key: "ab12 cd34 …", to be compared by telephone */
  gboolean key_known; /* the key is the one that was known before; FALSE: ask the person first */
} PfaUpdate;

void pfa_update_free (PfaUpdate *self);

/* @known_key: update.key of the profile that is there (base64), or NULL for a provider that is new
 * here. PFA_ERROR_UNTRUSTED: not signed by that key, or not soundly; PFA_ERROR_BAD_INPUT: no
 * update, or what is signed is no sound profile or model. */
PfaUpdate *
pfa_update_parse (const char *text, gssize length, const char *known_key, GError **error);
PfaUpdate *pfa_update_load (const char *path, const char *known_key, GError **error);

/* Fetches update.url of @provider, or update.knowledge; on a click only. */
void pfa_update_fetch_async (SoupSession *session,
                             PfaProvider *provider,
                             PfaUpdateKind kind,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
PfaUpdate *pfa_update_fetch_finish (GAsyncResult *result, GError **error);

/* 0: none was installed, or went back to the program's own. @directory: "…/pos-first-aid" */
guint pfa_update_get_installed_version (const char *directory, const char *id);
guint pfa_update_get_knowledge_version (const char *directory);
/* Writes providers/ID.json or knowledge/model.json, which the program reads at its next start; what
 * was there is kept for going back. PFA_ERROR_REFUSED: it is not newer than what this provider gave
 * before. */
gboolean pfa_update_install (const PfaUpdate *self, const char *directory, GError **error);
/* Exchanges the profile, or the knowledge, for the one before; once more brings the newer one back.
 * PFA_ERROR_NOT_FOUND: there is none. */
gboolean pfa_update_go_back (const char *directory, const char *id, GError **error);
gboolean pfa_update_can_go_back_knowledge (const char *directory);
gboolean pfa_update_go_back_knowledge (const char *directory, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaUpdate, pfa_update_free)

G_END_DECLS
