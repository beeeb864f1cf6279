/* pfa-guided-words.c - a stranger's words made fit to stand on a person's screen
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guided-words.h"

#include <string.h>

/* More marks on one letter write over the lines above and below. */
#define MAX_MARKS 2

/* Letters that look like those of the program's name, beyond what decomposition takes apart. */
typedef struct
{
  gunichar letter;
  char like;
} Likeness;

static const Likeness likenesses[] = {
  { 0x0430, 'a' }, { 0x03b1, 'a' }, { 0x0251, 'a' },                                /* а α ɑ */
  { 0x0501, 'd' }, { 0x0257, 'd' },                                                 /* ԁ ɗ */
  { 0x0435, 'e' }, { 0x03b5, 'e' }, { 0x0454, 'e' },                                /* е ε є */
  { 0x0192, 'f' }, { 0x03dd, 'f' },                                                 /* ƒ ϝ */
  { 0x04bb, 'h' }, { 0x0570, 'h' },                                                 /* һ հ */
  { 0x0456, 'i' }, { 0x03b9, 'i' }, { 0x0131, 'i' }, { '1', 'i' }, { 'l', 'i' },    /* і ι ı */
  { '|', 'i' },    { 0x04cf, 'i' }, { 0x0406, 'i' },                                /* ӏ І */
  { 0x043e, 'o' }, { 0x03bf, 'o' }, { 0x0585, 'o' }, { '0', 'o' }, { 0x03c3, 'o' }, /* о ο օ σ */
  { 0x0440, 'p' }, { 0x03c1, 'p' }, { 0x03f8, 'p' },                                /* р ρ ϸ */
  { 0x0433, 'r' }, { 0x0280, 'r' },                                                 /* г ʀ */
  { 0x0455, 's' }, { 0x03c2, 's' }, { '5', 's' },    { '$', 's' }, { 0x0282, 's' }, /* ѕ ς ʂ */
  { 0x0442, 't' }, { 0x03c4, 't' }, { '7', 't' },                                   /* т τ */
};

/* The program's name, folded as below. */
static const char *const own_names[] = { "posfirstaid", "poserstehiife", "pos急救箱" };

static gboolean
is_mark (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK;
}

static gboolean
is_visible (gunichar c)
{
  switch ((int) g_unichar_type (c))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_UNASSIGNED:
    case G_UNICODE_PRIVATE_USE:
    case G_UNICODE_SURROGATE:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
    case G_UNICODE_SPACE_SEPARATOR:
      return FALSE;
    default:
      /* Fillers of Hangul and Braille's blank are letters and signs, but nothing is seen of them.
       */
      return c != 0x115f && c != 0x1160 && c != 0x3164 && c != 0xffa0 && c != 0x2800;
    }
}

char *
pfa_guided_words_clean (const char *text, guint max)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *composed = g_utf8_normalize (valid, -1, G_NORMALIZE_NFC);
  g_autoptr (GString) clean = g_string_new (NULL);
  gboolean blank = FALSE;
  guint length = 0;
  guint marks = 0;

  for (const char *p = composed; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (!is_visible (c))
        {
          blank = clean->len > 0;
          continue;
        }
      marks = is_mark (c) ? marks + 1 : 0;
      if (marks > MAX_MARKS)
        continue;
      if (length + blank >= max)
        {
          g_string_append (clean, "…");
          break;
        }
      if (blank)
        g_string_append_c (clean, ' ');
      g_string_append_unichar (clean, c);
      length += 1 + blank;
      blank = FALSE;
    }
  return g_string_free (g_steal_pointer (&clean), FALSE);
}

static gunichar
fold_letter (gunichar c)
{
  for (guint i = 0; i < G_N_ELEMENTS (likenesses); i++)
    if (likenesses[i].letter == c)
      return (gunichar) likenesses[i].like;
  return c;
}

/* Lower case, without marks, blanks and signs, every letter the one that it looks like. */
static char *
fold_name (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  g_autofree char *apart = g_utf8_normalize (valid, -1, G_NORMALIZE_NFKD);
  g_autofree char *small = g_utf8_casefold (apart, -1);
  GString *folded = g_string_new (NULL);

  for (const char *p = small; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = fold_letter (g_utf8_get_char (p));

      if (g_unichar_isalnum (c))
        g_string_append_unichar (folded, c);
    }
  return g_string_free (folded, FALSE);
}

gboolean
pfa_guided_words_is_own_name (const char *name)
{
  g_autofree char *folded = fold_name (name);

  for (guint i = 0; i < G_N_ELEMENTS (own_names); i++)
    if (strstr (folded, own_names[i]) != NULL)
      return TRUE;
  return FALSE;
}
