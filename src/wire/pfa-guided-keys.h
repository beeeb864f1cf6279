/* pfa-guided-keys.h - the key agreement of a guided session and the sealing of its frames
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PFA_GUIDED_KEY_SIZE   65 /* an uncompressed point of P-256 */
#define PFA_GUIDED_NONCE_SIZE 32
#define PFA_GUIDED_HASH_SIZE  32
#define PFA_GUIDED_TAG_SIZE   16

typedef enum
{
  PFA_GUIDED_MERCHANT,
  PFA_GUIDED_AGENT,
} PfaGuidedRole;

/* One side's half: a fresh key pair and nonce, then, once the other half is known, two keys that
 * seal one direction each. All secrets are wiped when it is freed. */
typedef struct _PfaGuidedKeys PfaGuidedKeys;

PfaGuidedKeys *pfa_guided_keys_new (PfaGuidedRole role, GError **error);
/* For test vectors only: a given private key (32 bytes) and nonce. */
PfaGuidedKeys *pfa_guided_keys_new_fixed (PfaGuidedRole role,
                                          const guint8 *private_key,
                                          const guint8 *nonce,
                                          GError **error);
void pfa_guided_keys_free (PfaGuidedKeys *self);

const guint8 *pfa_guided_keys_get_public (PfaGuidedKeys *self);
const guint8 *pfa_guided_keys_get_nonce (PfaGuidedKeys *self);

/* SHA-256 ("posaid-commit-v1" ‖ key ‖ nonce): what the merchant's side says first, so that neither
 * side nor the relay can choose its half after it has seen the other. */
void pfa_guided_compute_commitment (const guint8 *public_key,
                                    const guint8 *nonce,
                                    guint8 hash[PFA_GUIDED_HASH_SIZE]);

/* Takes the other half. @session is what the relay named the session. Fails with
 * PFA_ERROR_UNTRUSTED when the point does not lie on the curve. */
gboolean pfa_guided_keys_agree (PfaGuidedKeys *self,
                                const guint8 *peer_public,
                                const guint8 *peer_nonce,
                                const char *session,
                                GError **error);
/* 0 to 999,999: to be read out on the phone. Only after pfa_guided_keys_agree(). */
guint pfa_guided_keys_get_comparison (PfaGuidedKeys *self);

/* Seals for the other side: ciphertext and tag. @seq must never have been used before with this
 * object; one that is not larger than the last is refused. */
GBytes *pfa_guided_keys_seal (PfaGuidedKeys *self, guint64 seq, const char *plain, GError **error);
/* Opens what the other side sealed as number @seq: NUL-terminated text, PFA_ERROR_UNTRUSTED when it
 * was altered, or sealed by somebody else, or as another number. */
char *pfa_guided_keys_open (PfaGuidedKeys *self,
                            guint64 seq,
                            const guint8 *sealed,
                            gsize size,
                            GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaGuidedKeys, pfa_guided_keys_free)

G_END_DECLS
