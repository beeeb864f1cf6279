/* pfa-redact-encoded.c - base64 and hexadecimal in one token; hexdumps over lines
 *
 * What can be decoded is decoded and looked at; where a secret shows, the whole token or row goes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-redact-inflate.h"
#include "pfa-redact-scan.h"

#define TOKEN_SHORTEST 16
#define TOKEN_LIMIT    (64 * 1024)
#define WRAP_SHORTEST  40
#define INFLATE_LIMIT  (1024 * 1024)
#define DUMP_LIMIT     4096

/* What each letter stands for and one more; both alphabets. */
static const guint8 base64_values[256] = {
  ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,
  ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
  ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
  ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
  ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
  ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
  ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
  ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63, ['-'] = 63,
  ['/'] = 64, ['_'] = 64,
};

static inline int
base64_value (guint8 c)
{
  return (int) base64_values[c] - 1;
}

static gsize
decode_base64 (const guint8 *text, gsize length, guint8 *out)
{
  guint32 bits = 0;
  guint n_bits = 0;
  gsize n = 0;

  for (gsize i = 0; i < length; i++)
    {
      bits = bits << 6 | (guint32) base64_value (text[i]);
      n_bits += 6;
      if (n_bits >= 8)
        {
          n_bits -= 8;
          out[n++] = (guint8) (bits >> n_bits);
        }
    }
  return n;
}

static gboolean
is_printable (guint8 c)
{
  return (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\r' || c == '\t';
}

static gsize
count_printable (const guint8 *bytes, gsize length)
{
  gsize n = 0;

  for (gsize i = 0; i < length; i++)
    n += is_printable (bytes[i]) || bytes[i] == 0 ? 1 : 0;
  return n;
}

static gboolean
has_packed_pair (guint8 c)
{
  return (c >> 4) <= 9 && (c & 15) <= 9;
}

/* Six bytes in a row of two decimal digits each: a packed number may be among them. */
static gboolean
has_packed_digits (const guint8 *bytes, gsize length)
{
  guint run = 0;

  for (gsize i = 0; i < length; i++)
    {
      run = (bytes[i] >> 4) <= 9 && (bytes[i] & 15) <= 9 ? run + 1 : 0;
      if (run >= 6)
        return TRUE;
    }
  return FALSE;
}

static gboolean
packed_is_secret (const PfaScan *scan, const guint8 *bytes, gsize length)
{
  g_autofree guint8 *hex = NULL;

  if (!has_packed_digits (bytes, length))
    return FALSE;
  hex = g_malloc (length * 2 + 1);
  for (gsize i = 0; i < length; i++)
    {
      hex[2 * i] = (guint8) "0123456789ABCDEF"[bytes[i] >> 4];
      hex[2 * i + 1] = (guint8) "0123456789ABCDEF"[bytes[i] & 15];
    }
  return pfa_scan_is_secret (scan, hex, length * 2, TRUE);
}

/* F0 to F9 are digits on a mainframe. */
static gboolean
ebcdic_is_secret (const PfaScan *scan, const guint8 *bytes, gsize length)
{
  g_autofree guint8 *text = NULL;
  gsize digits = 0;

  for (gsize i = 0; i < length; i++)
    digits += bytes[i] >= 0xf0 && bytes[i] <= 0xf9 ? 1 : 0;
  if (digits < 12)
    return FALSE;
  text = g_malloc (length);
  for (gsize i = 0; i < length; i++)
    text[i] = bytes[i] >= 0xf0 && bytes[i] <= 0xf9 ? (guint8) (bytes[i] - 0xf0 + '0')
              : bytes[i] == 0x7e                   ? '='
              : bytes[i] == 0x40                   ? ' '
              : bytes[i] == 0x60                   ? '-'
                                                   : 'x';
  return pfa_scan_is_secret (scan, text, length, FALSE);
}

static gboolean
bytes_are_secret (const PfaScan *scan, const guint8 *bytes, gsize length)
{
  const gsize printable = count_printable (bytes, length);

  if (length < 6)
    return FALSE;
  if (pfa_inflate_is_packed (bytes, length))
    {
      g_autofree guint8 *text = g_malloc (INFLATE_LIMIT);
      const gssize n = pfa_inflate (bytes, length, text, INFLATE_LIMIT);

      /* What says it is packed and cannot be looked into goes. */
      return n < 0 || pfa_scan_is_secret (scan, text, (gsize) n, FALSE);
    }
  if (printable * 20 >= length * 19)
    return pfa_scan_is_secret (scan, bytes, length, FALSE);
  if (printable * 2 >= length && pfa_scan_is_secret (scan, bytes, length, TRUE))
    return TRUE;
  return packed_is_secret (scan, bytes, length);
}

/* base64 of digits has M, N or O in every fourth place. Returns the place modulo four, or -1. */
static int
digits_phase (const guint8 *text, gsize length)
{
  for (gsize i = 0; i + 12 < length; i++)
    if (text[i] >= 'M' && text[i] <= 'O' && text[i + 4] >= 'M' && text[i + 4] <= 'O' &&
        text[i + 8] >= 'M' && text[i + 8] <= 'O')
      return (int) (i % 4);
  return -1;
}

static gboolean
base64_is_secret (const PfaScan *scan, const guint8 *text, gsize length)
{
  guint8 head[12];
  g_autofree guint8 *bytes = NULL;
  gsize n = decode_base64 (text, 16, head);
  const int phase = digits_phase (text, length);
  gboolean mixed = FALSE;

  for (gsize i = 0; i < MIN (length, 64); i++)
    mixed |= pfa_is_upper (text[i]) || pfa_is_digit (text[i]);
  if (!mixed)
    return FALSE;
  if (count_printable (head, n) + 2 < n && phase < 0 && length < 24 &&
      !pfa_inflate_is_packed (head, n) && !has_packed_digits (head, n))
    return FALSE;
  bytes = g_malloc (length);
  n = decode_base64 (text, length, bytes);
  if (bytes_are_secret (scan, bytes, n))
    return TRUE;
  if (phase <= 0)
    return FALSE;
  n = decode_base64 (text + phase, length - (gsize) phase, bytes);
  return pfa_scan_is_secret (scan, bytes, n, TRUE);
}

static gboolean
hex_is_secret (const PfaScan *scan, const guint8 *text, gsize length)
{
  g_autofree guint8 *bytes = NULL;

  if (length < 24)
    return FALSE;
  bytes = g_malloc (length / 2 + 1);
  for (gsize phase = 0; phase < 2; phase++)
    {
      const gsize n = (length - phase) / 2;

      for (gsize i = 0; i < n; i++)
        bytes[i] = (guint8) (g_ascii_xdigit_value ((char) text[phase + 2 * i]) * 16 +
                             g_ascii_xdigit_value ((char) text[phase + 2 * i + 1]));
      if (count_printable (bytes, n) * 20 >= n * 19 && pfa_scan_is_secret (scan, bytes, n, FALSE))
        return TRUE;
      if (pfa_inflate_is_packed (bytes, n) && phase == 0)
        return bytes_are_secret (scan, bytes, n);
      if (count_printable (bytes, n) >= 12 && pfa_scan_is_secret (scan, bytes, n, TRUE))
        return TRUE;
      if (ebcdic_is_secret (scan, bytes, n))
        return TRUE;
    }
  return FALSE;
}

/* The characters of a token; a line that is full goes on in the next. */
static gsize
gather (const PfaScan *scan, gsize start, gsize end, guint8 *out, gsize *last)
{
  gsize n = 0;
  gsize line = end - start;

  for (;;)
    {
      gsize p = end;

      memcpy (out + n, scan->text + start, MIN (end - start, TOKEN_LIMIT - n));
      n += MIN (end - start, TOKEN_LIMIT - n);
      *last = end;
      if (line < WRAP_SHORTEST || n >= TOKEN_LIMIT)
        return n;
      if (pfa_scan_at (scan, p) == '\r')
        p++;
      if (pfa_scan_at (scan, p) != '\n')
        return n;
      for (p++; pfa_scan_at (scan, p) == ' ' || pfa_scan_at (scan, p) == '\t' ||
                pfa_scan_at (scan, p) == '>';
           p++)
        ;
      start = p;
      for (end = start;
           end < scan->length && base64_value (scan->text[end]) >= 0 && end - start < 4096;
           end++)
        ;
      if (end == start ||
          (end - start < line && end < scan->length && scan->text[end] != '=' &&
           scan->text[end] != '\n' && scan->text[end] != '\r' && scan->text[end] != '"'))
        return n;
      line = end - start;
    }
}

/* A random number in the usual five groups: what it decodes to is chance. */
static gboolean
is_uuid (const guint8 *text, gsize length)
{
  if (length != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-')
    return FALSE;
  for (guint i = 0; i < 36; i++)
    if (!pfa_is_xdigit (text[i]) && i != 8 && i != 13 && i != 18 && i != 23)
      return FALSE;
  return TRUE;
}

void
pfa_scan_token (PfaScan *scan, gsize start, gsize end)
{
  g_autofree guint8 *text = NULL;
  guint8 small[512];
  guint8 *bytes = small;
  gsize last, n;
  gboolean hex = TRUE;

  if (end - start < TOKEN_SHORTEST || start < scan->encoded_until ||
      is_uuid (scan->text + start, end - start))
    return;
  if (end - start > sizeof small ||
      (end - start >= WRAP_SHORTEST &&
       (pfa_scan_at (scan, end) == '\n' || pfa_scan_at (scan, end) == '\r')))
    bytes = text = g_malloc (TOKEN_LIMIT);
  n = gather (scan,
              start,
              MIN (end, start + (text != NULL ? TOKEN_LIMIT : sizeof small)),
              bytes,
              &last);
  if (text != NULL)
    scan->encoded_until = last;
  for (gsize i = 0; i < n && hex; i++)
    hex = pfa_is_xdigit (bytes[i]);
  if (hex && pfa_scan_find_key (scan, start) == PFA_KEY_DIGEST)
    return;
  if (!(hex && hex_is_secret (scan, bytes, n)) && !base64_is_secret (scan, bytes, n))
    return;
  while (pfa_scan_at (scan, last) == '=')
    last++;
  pfa_scan_add (scan, start, last, PFA_SECRET_ENCODED, (const char *) bytes, n);
}

/* Packed digits in the midst of text: 41 11 11 … as bytes, most of them control signs. */
void
pfa_scan_packed (PfaScan *scan, gsize position)
{
  gsize start = position;
  gsize end = position;

  while (start > 0 && position - start < 32 && has_packed_pair (scan->text[start - 1]))
    start--;
  while (end < scan->length && end - position < 32 && has_packed_pair (scan->text[end]))
    end++;
  if (end - start >= 6 && packed_is_secret (scan, scan->text + start, end - start))
    pfa_scan_add (scan,
                  start,
                  end,
                  PFA_SECRET_CARD,
                  (const char *) scan->text + start,
                  end - start);
}

/* One run of hexadecimal pairs or groups, and where in the text each of its bytes stands. */
typedef struct
{
  guint8 bytes[DUMP_LIMIT];
  gsize starts[DUMP_LIMIT];
  gsize ends[DUMP_LIMIT];
  guint n;
} Dump;

static guint
group_length (const PfaScan *scan, gsize p)
{
  guint n = 0;

  while (n <= 16 && pfa_is_xdigit (pfa_scan_at (scan, p + n)))
    n++;
  return pfa_is_alnum (pfa_scan_at (scan, p + n)) ? 0 : n;
}

/* Of a hexadecimal digit. */
static inline guint
hex_value (guint8 c)
{
  return c <= '9' ? (guint) c - '0' : (c & 15u) + 9;
}

static void
add_byte (const PfaScan *scan, Dump *dump, gsize p)
{
  if (dump->n >= DUMP_LIMIT)
    return;
  dump->bytes[dump->n] = (guint8) (hex_value (scan->text[p]) * 16 + hex_value (scan->text[p + 1]));
  dump->starts[dump->n] = p;
  dump->ends[dump->n++] = p + 2;
}

static gboolean
parts_bytes (guint8 c)
{
  return c == ' ' || c == ':' || c == '-' || c == ',' || c == '.';
}

/* Groups of 2, 4 or 8 from @p on; stops at the text column or at another shape. Returns its end. */
static gsize
read_row (const PfaScan *scan, Dump *dump, gsize p)
{
  const guint first = dump->n;

  for (;;)
    {
      const guint n = group_length (scan, p);
      guint gap = 0;

      if ((n != 2 && n != 4 && n != 8) || dump->n >= DUMP_LIMIT)
        break;
      for (guint i = 0; i < n; i += 2)
        add_byte (scan, dump, p + i);
      p += n;
      while (gap < 3 && parts_bytes (pfa_scan_at (scan, p + gap)))
        gap++;
      if (gap == 0)
        break;
      p += gap;
    }
  return dump->n > first ? dump->ends[dump->n - 1] : p;
}

/* Where the pairs of a dump's next row begin; 0 when the line is none. */
static gsize
next_row (const PfaScan *scan, gsize line)
{
  gsize p = line;
  gsize offset;

  while (pfa_scan_at (scan, p) == ' ' || pfa_scan_at (scan, p) == '\t')
    p++;
  if (pfa_scan_at (scan, p) == '0' && pfa_scan_at (scan, p + 1) == 'x')
    p += 2;
  for (offset = p; offset - p < 12 && pfa_is_xdigit (pfa_scan_at (scan, offset)); offset++)
    ;
  if (offset - p >= 3 && (pfa_scan_at (scan, offset) == ':' || pfa_scan_at (scan, offset) == ' '))
    for (p = offset; pfa_scan_at (scan, p) == ' ' || pfa_scan_at (scan, p) == ':' ||
                     pfa_scan_at (scan, p) == '\t';)
      p++;
  else
    /* Without an offset the whole line has to be of pairs: it could be anything else. */
    for (offset = p; pfa_scan_at (scan, offset) != '\n' && offset < scan->length; offset++)
      if (!pfa_is_xdigit (scan->text[offset]) && strchr (" \t\r", scan->text[offset]) == NULL)
        return 0;
  return group_length (scan, p) == 2 || group_length (scan, p) == 4 ? p : 0;
}

static gsize
line_end (const PfaScan *scan, gsize p)
{
  const guint8 *end = memchr (scan->text + p, '\n', scan->length - p);

  return end != NULL ? (gsize) (end - scan->text) : scan->length;
}

/* From the first pair to the end of each line concerned: the text column says the same again. */
static void
hide_rows (PfaScan *scan, const Dump *dump, guint first, guint last, gboolean dumped)
{
  if (dumped)
    {
      /* The row begins at the first byte of the line. */
      while (first > 0 &&
             line_end (scan, dump->starts[first - 1]) == line_end (scan, dump->starts[first]))
        first--;
      for (guint i = first; i <= last;)
        {
          const gsize end = line_end (scan, dump->starts[i]);
          const gsize start = dump->starts[i];

          pfa_scan_add (scan,
                        start,
                        end,
                        PFA_SECRET_ENCODED,
                        (const char *) scan->text + start,
                        end - start);
          while (i <= last && dump->starts[i] < end)
            i++;
        }
      return;
    }
  pfa_scan_add (scan,
                dump->starts[first],
                dump->ends[last],
                PFA_SECRET_ENCODED,
                (const char *) scan->text + dump->starts[first],
                dump->ends[last] - dump->starts[first]);
}

static void
look_into (PfaScan *scan,
           const Dump *dump,
           const guint8 *text,
           gsize length,
           guint per_byte,
           gboolean strict,
           gboolean dumped)
{
  g_autoptr (GArray) spans = g_array_new (FALSE, FALSE, sizeof (PfaSpan));

  pfa_scan_text (scan->rules, text, length, scan->depth + 1, strict, spans);
  for (guint i = 0; i < spans->len; i++)
    {
      const PfaSpan *span = &g_array_index (spans, PfaSpan, i);

      hide_rows (scan,
                 dump,
                 (guint) (span->start / per_byte),
                 (guint) ((span->end - 1) / per_byte),
                 dumped);
    }
}

/* FALSE: too few digits for a number, too few letters and digits for an account. */
static gboolean
may_hold_number (const guint8 *bytes, gsize length)
{
  guint digits = 0;
  guint alnum = 0;

  for (gsize i = 0; i < length; i++)
    {
      digits += pfa_is_digit (bytes[i]) ? 1 : 0;
      alnum += pfa_is_alnum (bytes[i]) ? 1 : 0;
    }
  return digits >= 10 || alnum >= 15;
}

static void
judge_dump (PfaScan *scan, const Dump *dump, gboolean dumped)
{
  g_autofree guint8 *text = g_malloc (dump->n * 2);
  const gboolean strict = count_printable (dump->bytes, dump->n) * 10 < (gsize) dump->n * 9;
  gsize digits = 0;

  if (!strict || may_hold_number (dump->bytes, dump->n))
    look_into (scan, dump, dump->bytes, dump->n, 1, strict, dumped);
  for (guint i = 0; i < dump->n; i++)
    {
      const gboolean digit = dump->bytes[i] >= 0xf0 && dump->bytes[i] <= 0xf9;

      digits += digit ? 1 : 0;
      text[i] = digit ? (guint8) (dump->bytes[i] - 0xf0 + '0') : dump->bytes[i] == 0x7e ? '=' : 'x';
    }
  if (digits >= 12)
    look_into (scan, dump, text, dump->n, 1, FALSE, dumped);
  if (!has_packed_digits (dump->bytes, dump->n))
    return;
  for (guint i = 0; i < dump->n; i++)
    {
      text[2 * i] = (guint8) "0123456789ABCDEF"[dump->bytes[i] >> 4];
      text[2 * i + 1] = (guint8) "0123456789ABCDEF"[dump->bytes[i] & 15];
    }
  look_into (scan, dump, text, (gsize) dump->n * 2, 2, TRUE, dumped);
}

void
pfa_scan_pairs (PfaScan *scan, gsize position)
{
  g_autofree Dump *dump = NULL;
  const guint8 *newline;
  gsize p = position;
  gboolean dumped = FALSE;
  gsize line, end;

  if (position < scan->dumped_until || scan->depth >= PFA_SCAN_MAX_DEPTH)
    return;
  newline =
      position > 0
          ? memrchr (scan->text + (position > 64 ? position - 64 : 0), '\n', MIN (position, 64))
          : NULL;
  line = newline != NULL ? (gsize) (newline - scan->text) + 1 : position > 64 ? position : 0;
  /* A dump's row is read from its own beginning. */
  if (line < position)
    {
      const gsize row = next_row (scan, line);

      dumped = row != 0 && row <= position;
      p = dumped ? row : p;
    }
  dump = g_new (Dump, 1);
  dump->n = 0;
  for (;;)
    {
      end = read_row (scan, dump, p);
      line = line_end (scan, end) + 1;
      if (line >= scan->length || dump->n >= DUMP_LIMIT || line - end > 128)
        break;
      p = next_row (scan, line);
      if (p == 0)
        break;
    }
  scan->dumped_until = MAX (end, position + 1);
  if (dump->n >= 6)
    judge_dump (scan, dump, dumped);
}
