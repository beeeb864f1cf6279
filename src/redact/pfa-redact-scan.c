/* pfa-redact-scan.c - finds what is secret in one piece of text
 *
 * One look at all bytes says where something could be (pfa-redact-loop.c); everything else looks
 * at those places only.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-redact-loop.h"

#include <string.h>

PfaScanLoop
pfa_scan_get_loop (void)
{
#ifdef PFA_HAVE_LOOP_AVX2
  if (__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("bmi") &&
      __builtin_cpu_supports ("bmi2") && __builtin_cpu_supports ("popcnt"))
    return pfa_scan_loop_avx2;
#endif
  return pfa_scan_loop;
}

static void
describe (const PfaScan *scan, PfaSecret secret, const char *value, gsize length, char *text)
{
  static const char alphabet[] = "abcdefghijklmnopqrstuvwxyz234567";
  g_autofree char *name = g_ascii_strup (pfa_secret_get_id (secret), -1);
  g_autoptr (GHmac) hmac = NULL;
  guint8 digest[32];
  gsize digest_length = sizeof digest;
  guint64 bits = 0;
  char token[11];

  if (value == NULL)
    {
      g_snprintf (text, PFA_SPAN_TEXT_LENGTH, "[%s]", name);
      return;
    }
  hmac = g_hmac_new (G_CHECKSUM_SHA256, scan->rules->key, sizeof scan->rules->key);
  g_hmac_update (hmac, (const guchar *) value, (gssize) length);
  g_hmac_get_digest (hmac, digest, &digest_length);
  for (guint i = 0; i < 8; i++)
    bits = bits << 8 | digest[i];
  for (guint i = 0; i < 10; i++, bits >>= 5)
    token[i] = alphabet[bits & 31];
  token[10] = '\0';
  g_snprintf (text, PFA_SPAN_TEXT_LENGTH, "[%s:%s]", name, token);
}

void
pfa_scan_add_text (PfaScan *scan, gsize start, gsize end, PfaSecret secret, const char *text)
{
  PfaSpan span = { .start = start, .end = MIN (end, scan->length), .secret = secret };

  if (span.end <= start)
    return;
  g_strlcpy (span.text, text, sizeof span.text);
  g_array_append_val (scan->spans, span);
}

void
pfa_scan_add (PfaScan *scan,
              gsize start,
              gsize end,
              PfaSecret secret,
              const char *value,
              gsize value_length)
{
  char text[PFA_SPAN_TEXT_LENGTH];

  describe (scan, secret, value, value_length, text);
  pfa_scan_add_text (scan, start, end, secret, text);
}

void
pfa_scan_add_last_four (PfaScan *scan, gsize start, gsize end, PfaSecret secret)
{
  char text[PFA_SPAN_TEXT_LENGTH];
  char last[5] = "";
  gsize p = end;
  guint n = 4;

  while (p > start && n > 0)
    if (pfa_is_alnum (scan->text[--p]))
      last[--n] = (char) scan->text[p];
  g_snprintf (text, sizeof text, "••••%s", n < 4 ? last + n : "");
  pfa_scan_add_text (scan, start, end, secret, text);
}

static int
compare_spans (gconstpointer a, gconstpointer b)
{
  const PfaSpan *one = a;
  const PfaSpan *other = b;

  if (one->start != other->start)
    return one->start < other->start ? -1 : 1;
  if (one->end != other->end)
    return one->end > other->end ? -1 : 1;
  if (one->secret != other->secret)
    return (int) one->secret - (int) other->secret;
  /* The same place found twice: the order in which the rules ran must not show. */
  return strcmp (other->text, one->text);
}

void
pfa_spans_merge (GArray *spans)
{
  guint n = 0;

  g_array_sort (spans, compare_spans);
  for (guint i = 0; i < spans->len; i++)
    {
      PfaSpan *next = &g_array_index (spans, PfaSpan, i);
      PfaSpan *last = n > 0 ? &g_array_index (spans, PfaSpan, n - 1) : NULL;

      if (last == NULL || next->start >= last->end)
        {
          g_array_index (spans, PfaSpan, n++) = *next;
          continue;
        }
      last->end = MAX (last->end, next->end);
      if (next->secret < last->secret)
        {
          last->secret = next->secret;
          memcpy (last->text, next->text, sizeof last->text);
        }
    }
  g_array_set_size (spans, n);
}

gboolean
pfa_scan_is_secret (const PfaScan *scan, const guint8 *text, gsize length, gboolean strict)
{
  g_autoptr (GArray) spans = NULL;

  /* Too deep to be looked into: not safe. */
  if (scan->depth >= PFA_SCAN_MAX_DEPTH)
    return TRUE;
  spans = g_array_new (FALSE, FALSE, sizeof (PfaSpan));
  pfa_scan_text (scan->rules, text, length, scan->depth + 1, strict, spans);
  return spans->len > 0;
}

/* All but the chain, which is large: many scans are of one short token. */
static void
scan_init (PfaScan *scan,
           const PfaScanRules *rules,
           const guint8 *text,
           gsize length,
           GArray *spans)
{
  memset (scan, 0, G_STRUCT_OFFSET (PfaScan, chain));
  scan->rules = rules;
  scan->text = text;
  scan->length = length;
  scan->until = length;
  scan->spans = spans;
}

void
pfa_scan_text (const PfaScanRules *rules,
               const guint8 *text,
               gsize length,
               guint depth,
               gboolean strict,
               GArray *spans)
{
  PfaScan scan;

  scan_init (&scan, rules, text, length, spans);
  scan.depth = depth;
  scan.strict = strict;
  rules->loop (&scan);
}

void
pfa_scan_part (const PfaScanRules *rules,
               const guint8 *text,
               gsize length,
               gsize until,
               GArray *spans)
{
  PfaScan scan;

  scan_init (&scan, rules, text, length, spans);
  scan.until = MIN (until, length);
  rules->loop (&scan);
}
