/* pfa-nexo-crypto.h - protects messages of the nexo Terminal API, and opens them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define PFA_NEXO_NONCE_LENGTH 16
#define PFA_NEXO_REQUEST      "SaleToPOIRequest"
#define PFA_NEXO_RESPONSE     "SaleToPOIResponse"

/* What terminal and till share. A plain value; wipe it with pfa_nexo_key_clear(). */
typedef struct
{
  guint8 hmac[32];
  guint8 aes[32];
  guint8 iv[16];
  char *identifier;
  guint version;
} PfaNexoKey;

/* 80 bytes of PBKDF2-HMAC-SHA1. FALSE only when the crypto library fails. */
gboolean pfa_nexo_key_derive (PfaNexoKey *key,
                              const char *passphrase,
                              const char *identifier,
                              guint version);
void pfa_nexo_key_clear (PfaNexoKey *key);

/* @plain: the whole clear message, with its wrapper @name. Gives the message to send; its header is
 * copied in the clear. @nonce: PFA_NEXO_NONCE_LENGTH bytes never used before, or NULL to draw them.
 * (transfer full), NULL when the crypto library fails. */
char *
pfa_nexo_protect (const PfaNexoKey *key, const char *name, const char *plain, const guint8 *nonce);
/* @message: what stands in the wrapper. Gives the clear text. All failures are the same
 * PFA_ERROR_UNTRUSTED with the same words, so that nobody learns where it failed. (transfer full)
 */
char *
pfa_nexo_unprotect (const PfaNexoKey *key, const char *name, JsonObject *message, GError **error);
/* Is @message a protected one? */
gboolean pfa_nexo_is_protected (JsonObject *message);

G_END_DECLS
