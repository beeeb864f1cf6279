/* pfa-redact-filter.c - a text of any length, piece by piece
 *
 * The buffer holds a little of what was given on already, so that a key before a value is seen, and
 * always some of what comes next, so that a number that goes on behind a piece's end is seen whole.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-redact-filter.h"

#include <string.h>

#include "pfa-error.h"
#include "pfa-redact-report.h"
#include "pfa-redact-stretch.h"

#define PIECE_LENGTH (256 * 1024)
#define LOOK_BEHIND  4096
#define LOOK_AHEAD   (24 * 1024)
/* So far behind a piece's end something may begin to be found that belongs into the piece. */
#define LOOK_BEYOND     4096
#define BUFFER_LENGTH   (PIECE_LENGTH + LOOK_BEHIND + LOOK_AHEAD)
#define SMALLEST_JUDGED 64
#define HIGH_LENGTH     64

struct _PfaFilter
{
  const PfaFilterTarget *target;
  guint8 *buffer;
  gsize begin; /* what lies before has been given on */
  gsize length;
  guint64 line;
  GArray *spans;
};

PfaFilter *
pfa_filter_new (const PfaFilterTarget *target)
{
  PfaFilter *self = g_new0 (PfaFilter, 1);

  self->target = target;
  self->buffer = g_malloc (BUFFER_LENGTH);
  self->line = 1;
  self->spans = g_array_new (FALSE, FALSE, sizeof (PfaSpan));
  return self;
}

void
pfa_filter_free (PfaFilter *self)
{
  g_free (self->buffer);
  g_array_unref (self->spans);
  g_free (self);
}

/* Control signs other than those of screens, printers and terminals: no text has them. */
static gboolean
is_odd (guint8 c)
{
  return c < 0x07 || (c > 0x0d && c < 0x20 && c != 0x1b);
}

static gboolean
is_binary (const guint8 *bytes, gsize length)
{
  gsize odd = 0;
  gsize high = 0;

  if (length < SMALLEST_JUDGED || !pfa_stretch_has_odd (bytes, length))
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      odd += is_odd (bytes[i]) ? 1 : 0;
      high += bytes[i] >> 7;
    }
  return odd * 10 > length || (odd * 25 > length && high * 4 > length);
}

/* Where the piece ends: behind a line, else before anything that looks like a token. */
static gsize
find_cut (const PfaFilter *self)
{
  const gsize latest = self->length - LOOK_AHEAD;
  const guint8 *newline = memrchr (self->buffer + self->begin, '\n', latest - self->begin);
  gsize cut = latest;

  if (newline != NULL && latest - (gsize) (newline - self->buffer) < PIECE_LENGTH / 2)
    return (gsize) (newline - self->buffer) + 1;
  while (cut > self->begin + 1 && latest - cut < 4096 &&
         (pfa_is_alnum (self->buffer[cut - 1]) || self->buffer[cut - 1] >= 0x80))
    cut--;
  return latest - cut < 4096 ? cut : latest;
}

/* No secret is cut in two. */
static gsize
move_cut (const PfaFilter *self, gsize cut)
{
  for (guint i = 0; i < self->spans->len; i++)
    {
      const PfaSpan *span = &g_array_index (self->spans, PfaSpan, i);

      if (span->start >= cut)
        break;
      if (span->end > cut)
        return span->start > self->begin ? span->start : span->end;
    }
  return cut;
}

/* How many bytes above ASCII stand in a row; not many at once, and no sign is cut in two. */
static gsize
count_high (const guint8 *bytes, gsize length)
{
  gsize n = 0;
  gsize back = 0;

  while (n < MIN (length, HIGH_LENGTH) && bytes[n] >= 0x80)
    n++;
  if (n < HIGH_LENGTH || n == length)
    return n;
  while (back < 4 && (bytes[n - back] & 0xc0) == 0x80)
    back++;
  /* No sign has so many bytes: none is cut wherever the end is. */
  return (bytes[n - back] & 0xc0) == 0x80 ? n : n - back;
}

/* How many bytes are good UTF-8 without NUL. A plain byte is never part of a longer sign, so the
 * stretches between can be looked at one by one. */
static gsize
count_valid (const guint8 *bytes, gsize length)
{
  gsize i = 0;

  while ((i += pfa_stretch_count_plain (bytes + i, length - i)) < length)
    {
      const gsize n = count_high (bytes + i, length - i);
      const char *end;

      if (n == 0 || !g_utf8_validate_len ((const char *) bytes + i, n, &end))
        return n == 0 ? i : (gsize) (end - (const char *) bytes);
      i += n;
    }
  return length;
}

static void
append_valid (GString *out, const guint8 *bytes, gsize length)
{
  gsize n;

  while ((n = count_valid (bytes, length)) < length)
    {
      g_string_append_len (out, (const char *) bytes, (gssize) n);
      /* NUL is valid but ends every other program's string. */
      g_string_append (out, bytes[n] == '\0' ? " " : "\xef\xbf\xbd");
      bytes += n + 1;
      length -= n + 1;
    }
  g_string_append_len (out, (const char *) bytes, (gssize) length);
}

/* A bare number of JSON becomes a string, so that JSON stays JSON. */
static gboolean
is_json_number (const PfaFilter *self, const PfaSpan *span)
{
  gsize p = span->start;
  gsize q = span->end;

  if (!pfa_is_digit (self->buffer[span->start]) || !pfa_is_digit (self->buffer[span->end - 1]))
    return FALSE;
  while (p > 0 && self->buffer[p - 1] == ' ')
    p--;
  while (q < self->length && self->buffer[q] == ' ')
    q++;
  return p > 1 && self->buffer[p - 1] == ':' && self->buffer[p - 2] == '"' &&
         (q == self->length || strchr (",}]\n\r", self->buffer[q]) != NULL);
}

static void
append_span (PfaFilter *self, const PfaSpan *span, GString *out, GArray *marks)
{
  const gboolean quoted = is_json_number (self, span);
  PfaMark mark = { .offset = out->len, .secret = span->secret, .line = self->line };

  if (quoted)
    g_string_append_c (out, '"');
  g_string_append (out, span->text);
  if (quoted)
    g_string_append_c (out, '"');
  mark.length = out->len - mark.offset;
  g_array_append_val (marks, mark);
  pfa_redaction_report_add (self->target->report, self->target->member, span->secret, self->line);
}

static gboolean
give (PfaFilter *self, GString *text, GArray *marks, GError **error)
{
  g_autoptr (PfaSafeText) piece = pfa_safe_text_new_from_redactor (text, marks);
  gsize length;
  const char *data = pfa_safe_text_get_data (piece, &length);
  const char *found = self->target->audit ? pfa_audit_find (data, length) : NULL;

  if (found != NULL)
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_BAD_INPUT,
                   "%s: the last scan still found %s near line %" G_GUINT64_FORMAT,
                   self->target->member,
                   found,
                   self->line);
      return FALSE;
    }
  return self->target->sink (piece, self->target->user_data, error);
}

static gboolean
give_piece (PfaFilter *self, gsize cut, GError **error)
{
  GString *out = g_string_sized_new (cut - self->begin + 256);
  GArray *marks = g_array_new (FALSE, FALSE, sizeof (PfaMark));
  gsize p = self->begin;

  for (guint i = 0; i < self->spans->len; i++)
    {
      const PfaSpan *span = &g_array_index (self->spans, PfaSpan, i);

      if (span->end <= self->begin)
        continue;
      if (span->start >= cut)
        break;
      /* The rest of what began in the piece before. */
      if (span->start < self->begin)
        {
          p = MAX (p, MIN (span->end, cut));
          continue;
        }
      append_valid (out, self->buffer + p, span->start - p);
      self->line += pfa_stretch_count_lines (self->buffer + p, span->start - p);
      append_span (self, span, out, marks);
      self->line +=
          pfa_stretch_count_lines (self->buffer + span->start, MIN (span->end, cut) - span->start);
      p = MIN (span->end, cut);
    }
  append_valid (out, self->buffer + p, cut - p);
  self->line += pfa_stretch_count_lines (self->buffer + p, cut - p);
  return give (self, out, marks, error);
}

static gboolean
run (PfaFilter *self, gboolean last, GError **error)
{
  gsize cut, keep;

  if (is_binary (self->buffer + self->begin, self->length - self->begin))
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_BAD_INPUT,
                   "%s: no text but binary data near line %" G_GUINT64_FORMAT,
                   self->target->member,
                   self->line);
      return FALSE;
    }
  g_array_set_size (self->spans, 0);
  cut = last ? self->length : find_cut (self);
  pfa_scan_part (self->target->rules, self->buffer, self->length, cut + LOOK_BEYOND, self->spans);
  pfa_spans_merge (self->spans);
  cut = last ? cut : move_cut (self, cut);
  if (!give_piece (self, cut, error))
    return FALSE;
  keep = MIN (cut, LOOK_BEHIND);
  memmove (self->buffer, self->buffer + cut - keep, self->length - cut + keep);
  self->length -= cut - keep;
  self->begin = keep;
  return TRUE;
}

gboolean
pfa_filter_push (PfaFilter *self, const guint8 *bytes, gsize length, GError **error)
{
  while (length > 0)
    {
      const gsize n = MIN (length, BUFFER_LENGTH - self->length);

      memcpy (self->buffer + self->length, bytes, n);
      self->length += n;
      bytes += n;
      length -= n;
      if (self->length == BUFFER_LENGTH && !run (self, FALSE, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
pfa_filter_finish (PfaFilter *self, GError **error)
{
  return self->length == self->begin || run (self, TRUE, error);
}
