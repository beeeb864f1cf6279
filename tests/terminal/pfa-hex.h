/* pfa-hex.h - hex in tests
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-parse.h"

/* Blanks are passed over. (transfer full) */
static inline GByteArray *
pfa_bytes_of_hex (const char *hex)
{
  GByteArray *bytes = g_byte_array_new ();

  for (; *hex != '\0'; hex++)
    {
      guint8 byte;

      if (*hex == ' ')
        continue;
      byte = (guint8) (g_ascii_xdigit_value (hex[0]) << 4 | g_ascii_xdigit_value (hex[1]));
      g_byte_array_append (bytes, &byte, 1);
      hex++;
    }
  return bytes;
}

static inline PfaSpan
pfa_span_of (const GByteArray *bytes)
{
  return (PfaSpan){ bytes->data, bytes->len };
}

static inline void
pfa_assert_hex (PfaSpan span, const char *expected)
{
  g_autofree char *hex = pfa_span_dup_hex (span);

  g_assert_cmpstr (hex, ==, expected);
}
