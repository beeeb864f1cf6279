/* fuzz-guided-handshake.c - the other side's half of the keys, and what claims to be sealed by it
 *
 *   key 65 bytes · nonce 32 · number of the frame 8 · what is sealed: the rest
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-guided-keys.h"

#define HALF (PFA_GUIDED_KEY_SIZE + PFA_GUIDED_NONCE_SIZE)

int LLVMFuzzerTestOneInput (const guint8 *data, gsize length);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  static const guint8 private_key[32] = { [31] = 7 };
  static const guint8 nonce[PFA_GUIDED_NONCE_SIZE] = { 1 };
  g_autoptr (PfaGuidedKeys) keys =
      pfa_guided_keys_new_fixed (PFA_GUIDED_MERCHANT, private_key, nonce, NULL);
  g_autofree char *plain = NULL;
  guint64 seq;

  if (length < HALF + sizeof seq)
    return 0;
  if (!pfa_guided_keys_agree (keys, data, data + PFA_GUIDED_KEY_SIZE, "session", NULL))
    return 0;
  if (pfa_guided_keys_get_comparison (keys) >= 1000000)
    __builtin_trap ();
  memcpy (&seq, data + HALF, sizeof seq);
  /* Nobody without the key seals anything that opens. */
  plain = pfa_guided_keys_open (keys,
                                seq,
                                data + HALF + sizeof seq,
                                length - HALF - sizeof seq,
                                NULL);
  if (plain != NULL)
    __builtin_trap ();
  return 0;
}
