/* pfa-safe-text.h - text that may leave the computer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What was hidden. The order is strength: where two shapes overlap, the first one names the place.
 */
typedef enum
{
  PFA_SECRET_PRIVATE_KEY,
  PFA_SECRET_TRACK,
  PFA_SECRET_PIN,
  PFA_SECRET_CARD,
  PFA_SECRET_VERIFICATION_CODE,
  PFA_SECRET_PASSWORD,
  PFA_SECRET_KEY,
  PFA_SECRET_TOKEN,
  PFA_SECRET_IDENTITY,
  PFA_SECRET_IBAN,
  PFA_SECRET_PERSON,
  PFA_SECRET_EMAIL,
  PFA_SECRET_PHONE,
  PFA_SECRET_PLACE,
  PFA_SECRET_WIFI,
  PFA_SECRET_MAC,
  PFA_SECRET_ADDRESS,
  PFA_SECRET_HOST,
  PFA_SECRET_SERIAL,
  PFA_SECRET_NUMBER,
  PFA_SECRET_ENCODED,
  PFA_N_SECRETS,
} PfaSecret;

/* "card", "private-key", …: the words of redaction.json. */
const char *pfa_secret_get_id (PfaSecret secret);

/* One hidden place in a safe text, for the preview: what stands there now is its placeholder. */
typedef struct
{
  gsize offset;
  gsize length;
  PfaSecret secret;
  guint64 line; /* from 1, in the member it came from */
} PfaMark;

/* Immutable, reference counted, valid UTF-8, NUL-terminated. There is no constructor here: only the
 * redactor makes one, so a function that asks for a PfaSafeText cannot be handed raw text. */
typedef struct _PfaSafeText PfaSafeText;

PfaSafeText *pfa_safe_text_ref (PfaSafeText *self);
void pfa_safe_text_unref (PfaSafeText *self);
/* (transfer none) */
const char *pfa_safe_text_get_data (const PfaSafeText *self, gsize *length);
/* Ascending, not overlapping. (transfer none) */
const PfaMark *pfa_safe_text_get_marks (const PfaSafeText *self, guint *n_marks);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaSafeText, pfa_safe_text_unref)

G_END_DECLS
