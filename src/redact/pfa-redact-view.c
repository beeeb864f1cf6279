/* pfa-redact-view.c - the same text with escapes and foreign digits made plain
 *
 * Each byte of the view remembers where it came from, so that what is found in the view is hidden
 * in the text itself.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-redact-scan.h"

#define VIEW_REACH 2048

typedef struct
{
  const guint8 *text;
  gsize end; /* of the region in the text */
  gsize position;
  gboolean printable; /* =XX counts */
  GByteArray *bytes;
  GArray *starts; /* gsize: where the byte's source begins */
  GArray *ends;
} View;

static guint8
at (const View *view, gsize offset)
{
  return view->position + offset < view->end ? view->text[view->position + offset] : 0;
}

static void
emit (View *view, guint8 byte, gsize source_length)
{
  const gsize end = view->position + source_length;

  g_byte_array_append (view->bytes, &byte, 1);
  g_array_append_val (view->starts, view->position);
  g_array_append_val (view->ends, end);
}

/* Digits of other scripts that Unicode does not call digits: circles, raised, Chinese. */
static int
odd_digit (gunichar c)
{
  static const gunichar chinese[] = { 0x3007, 0x4e00, 0x4e8c, 0x4e09, 0x56db, 0x4e94, 0x516d,
                                      0x4e03, 0x516b, 0x4e5d, 0x96f6, 0x58f9, 0x8d30, 0x53c1,
                                      0x8086, 0x4f0d, 0x9646, 0x67d2, 0x634c, 0x7396 };

  for (guint i = 0; i < G_N_ELEMENTS (chinese); i++)
    if (chinese[i] == c)
      return (int) (i % 10);
  if (c >= 0x2460 && c <= 0x2468)
    return (int) (c - 0x2460) + 1;
  if (c >= 0x2080 && c <= 0x2089)
    return (int) (c - 0x2080);
  if (c == 0x2070 || (c >= 0x2074 && c <= 0x2079))
    return (int) (c - 0x2070);
  if (c == 0xb2 || c == 0xb3)
    return (int) (c - 0xb0);
  if (c == 0xb9)
    return 1;
  return c == 0x24ea ? 0 : -1;
}

static void
emit_character (View *view, gunichar c, gsize source_length)
{
  char utf8[6];
  int digit;

  if (c >= 0xff01 && c <= 0xff5e)
    c -= 0xfee0;
  digit = c < 0x80 ? -1 : g_unichar_digit_value (c);
  if (digit < 0 && c >= 0x80)
    digit = odd_digit (c);
  if (digit >= 0)
    emit (view, (guint8) ('0' + digit), source_length);
  else if (c < 0x80)
    {
      /* Signs that only steer a screen or a printer hide nothing and separate nothing. */
      if (c >= 0x20 || c == '\n' || c == '\t' || c == '\r')
        emit (view, (guint8) c, source_length);
    }
  else
    switch ((guint) g_unichar_type (c))
      {
      case G_UNICODE_SPACE_SEPARATOR:
      case G_UNICODE_LINE_SEPARATOR:
      case G_UNICODE_PARAGRAPH_SEPARATOR:
        emit (view, ' ', source_length);
        break;
      case G_UNICODE_DASH_PUNCTUATION:
        emit (view, '-', source_length);
        break;
      case G_UNICODE_FORMAT:
      case G_UNICODE_CONTROL:
      case G_UNICODE_NON_SPACING_MARK:
      case G_UNICODE_ENCLOSING_MARK:
        break;
      default:
        if (c == 0x2212)
          emit (view, '-', source_length);
        else if (c == 0xb7 || c == 0x2022 || c == 0x2024)
          emit (view, '.', source_length);
        else
          for (int i = 0, n = g_unichar_to_utf8 (c, utf8); i < n; i++)
            emit (view, (guint8) utf8[i], source_length);
        break;
      }
}

static gboolean
read_hex (const View *view, gsize offset, guint digits, guint *value)
{
  *value = 0;
  for (guint i = 0; i < digits; i++)
    {
      const int digit = g_ascii_xdigit_value ((char) at (view, offset + i));

      if (digit < 0)
        return FALSE;
      *value = *value * 16 + (guint) digit;
    }
  return TRUE;
}

/* \u0034 \x34 \064 \n \" \/ and a line that goes on. Any number of backslashes. Returns its length.
 */
static gsize
read_backslash (View *view)
{
  gsize n = 1;
  guint value, low;

  while (at (view, n) == '\\' && n < 16)
    n++;
  switch (at (view, n))
    {
    case 'u':
    case 'U':
      if (at (view, n + 1) == '{' && read_hex (view, n + 2, 2, &value) && at (view, n + 4) == '}')
        {
          emit_character (view, value, n + 5);
          return n + 5;
        }
      if (at (view, n) == 'U' && read_hex (view, n + 1, 8, &value))
        {
          emit_character (view, value, n + 9);
          return n + 9;
        }
      if (!read_hex (view, n + 1, 4, &value))
        return 0;
      if (value >= 0xd800 && value < 0xdc00 && at (view, n + 5) == '\\' &&
          at (view, n + 6) == 'u' && read_hex (view, n + 7, 4, &low))
        {
          emit_character (view,
                          0x10000 + ((value - 0xd800) << 10) + ((low - 0xdc00) & 0x3ff),
                          n + 11);
          return n + 11;
        }
      emit_character (view, value, n + 5);
      return n + 5;
    case 'x':
      if (!read_hex (view, n + 1, 2, &value))
        return 0;
      emit (view, (guint8) value, n + 3);
      return n + 3;
    case 'n':
    case 'r':
      emit (view, '\n', n + 1);
      return n + 1;
    case 't':
      emit (view, ' ', n + 1);
      return n + 1;
    case '"':
    case '/':
    case '\'':
      emit (view, at (view, n), n + 1);
      return n + 1;
    default:
      if (at (view, n) >= '0' && at (view, n) <= '3' && at (view, n + 1) >= '0' &&
          at (view, n + 1) <= '7' && at (view, n + 2) >= '0' && at (view, n + 2) <= '7')
        {
          emit (view,
                (guint8) ((at (view, n) - '0') * 64 + (at (view, n + 1) - '0') * 8 +
                          at (view, n + 2) - '0'),
                n + 3);
          return n + 3;
        }
      return 0;
    }
}

/* &#52; &#x34; &nbsp; with or without the semicolon. */
static gsize
read_entity (View *view)
{
  static const struct
  {
    const char *name;
    gunichar c;
  } names[] = { { "nbsp", ' ' },   { "ensp", ' ' },  { "emsp", ' ' },    { "thinsp", ' ' },
                { "shy", 0xad },   { "quot", '"' },  { "apos", '\'' },   { "amp", '&' },
                { "lt", '<' },     { "gt", '>' },    { "colon", ':' },   { "equals", '=' },
                { "commat", '@' }, { "ndash", '-' }, { "zwnj", 0x200c }, { "zwj", 0x200d } };
  gunichar c = 0;
  gsize n = 2;

  if (at (view, 1) != '#')
    {
      for (guint i = 0; i < G_N_ELEMENTS (names); i++)
        {
          const gsize length = strlen (names[i].name);

          if (view->position + 1 + length < view->end &&
              memcmp (view->text + view->position + 1, names[i].name, length) == 0)
            {
              n = 1 + length + (at (view, 1 + length) == ';' ? 1 : 0);
              emit_character (view, names[i].c, n);
              return n;
            }
        }
      return 0;
    }
  if (at (view, 2) == 'x' || at (view, 2) == 'X')
    for (n = 3; n < 10 && pfa_is_xdigit (at (view, n)); n++)
      c = c * 16 + (gunichar) g_ascii_xdigit_value ((char) at (view, n));
  else
    for (n = 2; n < 9 && pfa_is_digit (at (view, n)); n++)
      c = c * 10 + (gunichar) (at (view, n) - '0');
  n += at (view, n) == ';' ? 1 : 0;
  if (c == 0 || c > 0x10ffff)
    return 0;
  emit_character (view, c, n);
  return n;
}

static gsize
read_control (View *view)
{
  gsize n = 1;

  if (at (view, 0) == 0x1b && at (view, 1) == '[')
    {
      for (n = 2; n < 32 && at (view, n) >= 0x20 && at (view, n) < 0x40; n++)
        ;
      return n + 1;
    }
  if (at (view, 0) == 0x1b)
    return 2;
  if (at (view, 0) == 0x08 && view->bytes->len > 0)
    {
      g_byte_array_set_size (view->bytes, view->bytes->len - 1);
      g_array_set_size (view->starts, view->starts->len - 1);
      g_array_set_size (view->ends, view->ends->len - 1);
    }
  return 1;
}

static gsize
read_high (View *view)
{
  const gunichar c = g_utf8_get_char_validated ((const char *) view->text + view->position,
                                                (gssize) (view->end - view->position));
  gsize n;

  if (c >= (gunichar) -2)
    {
      /* Latin-1's no-break space and soft hyphen. */
      if (at (view, 0) == 0xa0)
        emit (view, ' ', 1);
      else if (at (view, 0) != 0xad)
        emit (view, at (view, 0), 1);
      return 1;
    }
  n = (gsize) g_utf8_skip[view->text[view->position]];
  emit_character (view, c, n);
  return n;
}

static gsize
read_one (View *view)
{
  const guint8 c = at (view, 0);
  gsize n = 0;
  guint value;

  if (c == '\\')
    n = read_backslash (view);
  else if (c == '&')
    n = read_entity (view);
  else if (c == '%' && read_hex (view, 1, 2, &value))
    emit (view, (guint8) value, n = 3);
  else if (c == '=' && view->printable && at (view, 1) == '\n')
    return 2;
  else if (c == '=' && view->printable && read_hex (view, 1, 2, &value))
    emit (view, (guint8) value, n = 3);
  else if (c == '0' && at (view, 1) == 'x' && read_hex (view, 2, 2, &value) &&
           !pfa_is_xdigit (at (view, 4)))
    emit (view, (guint8) value, n = 4);
  else if (c >= 0x80)
    return read_high (view);
  else if (c == 0x7f || (c < 0x20 && c != '\n' && c != '\t' && c != '\r'))
    return read_control (view);
  if (n > 0)
    return n;
  emit (view, c, 1);
  return 1;
}

/* The line of @position and the next, since a number may go on there. */
static void
find_region (const PfaScan *scan, gsize position, gsize *start, gsize *end)
{
  const gsize low = position > VIEW_REACH ? position - VIEW_REACH : 0;
  const gsize high = MIN (position + 2 * VIEW_REACH, scan->length);
  const guint8 *first = memrchr (scan->text + low, '\n', position - low);
  const guint8 *last = memchr (scan->text + position, '\n', high - position);

  *start = first != NULL ? (gsize) (first - scan->text) + 1 : low;
  if (last != NULL && (gsize) (last - scan->text) + 1 < high)
    last = memchr (last + 1, '\n', high - ((gsize) (last - scan->text) + 1));
  *end = last != NULL ? (gsize) (last - scan->text) : high;
}

static gboolean
is_printable_trigger (const PfaScan *scan, gsize position)
{
  return scan->text[position] == '=';
}

void
pfa_scan_view (PfaScan *scan, gsize position)
{
  View view = { .text = scan->text };
  g_autoptr (GArray) spans = NULL;
  gsize start;

  if (position < scan->viewed_until || scan->depth >= PFA_SCAN_MAX_DEPTH)
    return;
  find_region (scan, position, &start, &view.end);
  view.bytes = g_byte_array_sized_new ((guint) (view.end - start));
  view.starts = g_array_sized_new (FALSE, FALSE, sizeof (gsize), (guint) (view.end - start));
  view.ends = g_array_sized_new (FALSE, FALSE, sizeof (gsize), (guint) (view.end - start));
  view.printable = is_printable_trigger (scan, position);
  for (view.position = start; view.position < view.end;)
    view.position += read_one (&view);

  spans = g_array_new (FALSE, FALSE, sizeof (PfaSpan));
  if (view.bytes->len != view.end - start ||
      memcmp (view.bytes->data, scan->text + start, view.bytes->len) != 0)
    pfa_scan_text (scan->rules,
                   view.bytes->data,
                   view.bytes->len,
                   scan->depth + 1,
                   scan->strict,
                   spans);
  for (guint i = 0; i < spans->len; i++)
    {
      PfaSpan span = g_array_index (spans, PfaSpan, i);

      span.start = g_array_index (view.starts, gsize, span.start);
      span.end = MIN (g_array_index (view.ends, gsize, span.end - 1), scan->length);
      g_array_append_val (scan->spans, span);
    }
  /* Overlap with the next region by the second line, so that nothing falls between. */
  scan->viewed_until = MIN (view.end, position + VIEW_REACH);
  g_byte_array_unref (view.bytes);
  g_array_unref (view.starts);
  g_array_unref (view.ends);
}

static gboolean
between_digits (const PfaScan *scan, gsize position, gsize length)
{
  const guint8 before = position > 0 ? scan->text[position - 1] : 0;
  const guint8 after = pfa_scan_at (scan, position + length);

  return (pfa_is_digit (before) || before >= 0x80) && (pfa_is_digit (after) || after >= 0x80);
}

static gboolean
is_hidden_entity (const PfaScan *scan, gsize position)
{
  static const char *const names[] = { "#",    "nbsp", "quot",  "amp",    "shy",    "ensp",  "emsp",
                                       "thin", "apos", "colon", "equals", "commat", "ndash", "zw" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (position + 1 + strlen (names[i]) < scan->length &&
        memcmp (scan->text + position + 1, names[i], strlen (names[i])) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
is_hidden_escape (const PfaScan *scan, gsize position)
{
  gsize p = position + 1;

  while (pfa_scan_at (scan, p) == '\\' && p - position < 16)
    p++;
  switch (pfa_scan_at (scan, p))
    {
    case 'u':
    case 'U':
    case 'x':
      return pfa_is_xdigit (pfa_scan_at (scan, p + 1)) || pfa_scan_at (scan, p + 1) == '{';
    case 'n':
    case 'r':
    case 't':
    case '/':
      return position > 0 && pfa_is_digit (scan->text[position - 1]);
    case '0':
    case '1':
      return pfa_is_digit (pfa_scan_at (scan, p + 1));
    default:
      return FALSE;
    }
}

/* Of three bytes, of which the first is that of a Chinese sign: most are words. */
static gboolean
may_be_chinese_digit (const guint8 *text)
{
  switch ((text[0] & 15u) << 12 | (text[1] & 63u) << 6 | (text[2] & 63u))
    {
    case 0x4e00:
    case 0x4e8c:
    case 0x4e09:
    case 0x56db:
    case 0x4e94:
    case 0x516d:
    case 0x4e03:
    case 0x516b:
    case 0x4e5d:
    case 0x96f6:
    case 0x58f9:
    case 0x8d30:
    case 0x53c1:
    case 0x8086:
    case 0x4f0d:
    case 0x9646:
    case 0x67d2:
    case 0x634c:
    case 0x7396:
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
is_chinese_digit (const PfaScan *scan, gsize position)
{
  const gunichar c = g_utf8_get_char_validated ((const char *) scan->text + position,
                                                (gssize) (scan->length - position));

  return c < (gunichar) -2 && odd_digit (c) >= 0;
}

static gboolean
high_needs_view (const PfaScan *scan, gsize position)
{
  const guint8 *p = scan->text + position;
  const guint8 second = pfa_scan_at (scan, position + 1);
  const guint8 third = pfa_scan_at (scan, position + 2);
  gunichar c;

  switch (p[0])
    {
    case 0xc2:
      return second == 0xad || (second == 0x85 && between_digits (scan, position, 2)) ||
             ((second == 0xa0 || second == 0xb7) && between_digits (scan, position, 2)) ||
             second == 0xb2 || second == 0xb3 || second == 0xb9;
    case 0xe2:
      if (second == 0x80 || second == 0x88)
        return (second == 0x80 && third >= 0x8b && third <= 0x8f) ||
               between_digits (scan, position, 3);
      return (second == 0x81 && (third >= 0x9f)) || (second == 0x82 && third <= 0x89) ||
             (second == 0x91 && third >= 0xa0 && third <= 0xa8);
    case 0xe3:
      return (second == 0x80 && third == 0x80 && between_digits (scan, position, 3)) ||
             (second == 0x80 && third == 0x87);
    case 0xef:
      if (second == 0xbb)
        return third == 0xbf;
      return (second == 0xbc &&
              ((third >= 0x90 && third <= 0x99) || (third >= 0xa0 && third <= 0xba) ||
               ((third == 0x8c || third == 0x8d) && between_digits (scan, position, 3)) ||
               (third == 0x8e && between_digits (scan, position, 3)) || third == 0x9d)) ||
             (second == 0xbd && third >= 0x81 && third <= 0x9a);
    case 0xe4:
    case 0xe5:
    case 0xe9:
      return position + 9 <= scan->length && may_be_chinese_digit (p) &&
             is_chinese_digit (scan, position) && is_chinese_digit (scan, position + 3) &&
             is_chinese_digit (scan, position + 6);
    case 0xd9:
    case 0xdb:
    case 0xdf:
    case 0xe0:
    case 0xe1:
    case 0xea:
    case 0xf0:
      c = g_utf8_get_char_validated ((const char *) p, (gssize) (scan->length - position));
      return c < (gunichar) -2 && g_unichar_isdigit (c);
    case 0xa0:
    case 0xad:
      return position > 0 && pfa_is_digit (p[-1]) && pfa_is_digit (second);
    default:
      return FALSE;
    }
}

gboolean
pfa_scan_needs_view (const PfaScan *scan, gsize position)
{
  switch (scan->text[position])
    {
    case '%':
      return pfa_scan_at (scan, position + 1) >= '2' &&
             pfa_is_xdigit (pfa_scan_at (scan, position + 1)) &&
             pfa_is_xdigit (pfa_scan_at (scan, position + 2));
    case '&':
      return is_hidden_entity (scan, position);
    case '\\':
      return is_hidden_escape (scan, position);
    default:
      return scan->text[position] < 0x80 || high_needs_view (scan, position);
    }
}
