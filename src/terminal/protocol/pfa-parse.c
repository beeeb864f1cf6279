/* pfa-parse.c - what every parser of foreign bytes answers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-parse.h"

#include <string.h>

#define TEXT_MAX_CHARACTERS 256

/* The upper half of code page 437, where it has letters that European terminals print. 0: blank. */
static const gunichar code_page_437[0x20] = {
  0xc7, 0xfc, 0xe9, 0xe2, 0xe4, 0xe0, 0xe5, 0xe7, 0xea, 0xeb, 0xe8, 0xef, 0xee, 0xec, 0xc4, 0xc5,
  0xc9, 0xe6, 0xc6, 0xf4, 0xf6, 0xf2, 0xfb, 0xf9, 0xff, 0xd6, 0xdc, 0xa2, 0xa3, 0xa5, 0x20, 0x192,
};

char *
pfa_span_dup_hex (PfaSpan span)
{
  static const char digits[] = "0123456789ABCDEF";
  GString *hex = g_string_sized_new (span.length * 2);

  for (gsize i = 0; i < span.length; i++)
    {
      g_string_append_c (hex, digits[span.data[i] >> 4]);
      g_string_append_c (hex, digits[span.data[i] & 0x0f]);
    }
  return g_string_free (hex, FALSE);
}

char *
pfa_span_dup_digits (PfaSpan span)
{
  for (gsize i = 0; i < span.length; i++)
    if ((span.data[i] >> 4) > 9 || (span.data[i] & 0x0f) > 9)
      return NULL;
  return pfa_span_dup_hex (span);
}

/* Real terminals send umlauts in Latin-1 or in code page 437; 0x80–0x9f holds letters only there.
 */
static gunichar
character_of_byte (guint8 byte)
{
  if (byte >= 0x80 && byte < 0xa0)
    return code_page_437[byte - 0x80];
  if (byte == 0xe1)
    return 0xdf; /* ß of code page 437; á in Latin-1, which no terminal text needed so far */
  return byte;
}

static GString *
decode_text (PfaSpan span)
{
  GString *text = g_string_new (NULL);

  if (g_utf8_validate_len ((const char *) span.data, span.length, NULL))
    g_string_append_len (text, (const char *) span.data, (gssize) span.length);
  else
    for (gsize i = 0; i < span.length; i++)
      g_string_append_unichar (text, character_of_byte (span.data[i]));
  return text;
}

char *
pfa_span_dup_text (PfaSpan span)
{
  g_autoptr (GString) clean = g_string_new (NULL);
  g_autoptr (GString) text = NULL;
  guint count = 0;

  if (span.length == 0)
    return NULL;
  /* Four bytes a character are the most that UTF-8 needs. */
  if (span.length > TEXT_MAX_CHARACTERS * 4)
    span.length = TEXT_MAX_CHARACTERS * 4;
  text = decode_text (span);
  for (const char *p = text->str; *p != '\0' && count < TEXT_MAX_CHARACTERS;
       p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      /* Format characters could turn the direction of the words around them. */
      if (g_unichar_iscntrl (c) || g_unichar_type (c) == G_UNICODE_FORMAT)
        c = ' ';
      g_string_append_unichar (clean, c);
      count++;
    }
  g_strstrip (clean->str);
  return clean->str[0] != '\0' ? g_strdup (clean->str) : NULL;
}
