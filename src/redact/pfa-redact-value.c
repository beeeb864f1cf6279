/* pfa-redact-value.c - from the name of a secret to the secret itself
 *
 * password=x, "password": "x", <password>x</password>, --password x, password is x,
 * {"name": "password", "value": "x"}, .password = "x", password: | and the line below …
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-redact-text.h"

/* Texts between brackets that belong to one name. */
#define OTHERS_LIMIT 16

/* <SSID><hex>…</hex><name>…</name></SSID>: all texts up to where two elements end. */
static void
hide_nested (PfaScan *scan, gsize p, PfaKey key)
{
  const gsize limit = MIN (p + 2 * PFA_PAIR_LIMIT, scan->length);

  while (p < limit && scan->text[p] == '<')
    {
      const guint8 *close = memchr (scan->text + p, '>', limit - p);
      const guint8 *open;

      if (close == NULL)
        return;
      p = (gsize) (close - scan->text) + 1;
      open = p < limit ? memchr (scan->text + p, '<', limit - p) : NULL;
      if (open == NULL)
        return;
      if (open > scan->text + p)
        (void) pfa_scan_value (scan, key, p, (gsize) (open - scan->text));
      p = (gsize) (open - scan->text);
      if (open == scan->text + p && pfa_text_stands_at (scan, p, "</") && close[-1] != '/' &&
          close + 1 == open)
        return;
    }
}

/* ["one", "other"], ("name", "other"): all texts between the same brackets. */
static void
hide_others (PfaScan *scan, gsize at, gsize end, PfaKey key)
{
  const gsize first = pfa_text_skip_spaces (scan, at);
  const guint8 open = pfa_scan_at (scan, first);
  const guint8 before = at > 0 ? scan->text[at - 1] : 0;

  if (open != '[' && open != '(' && before != '(' && before != '[')
    return;
  for (guint i = 0; i < OTHERS_LIMIT; i++)
    {
      const guint8 quote = pfa_scan_at (scan, end);
      const guint8 *close;
      gsize p;

      if (quote != '"' && quote != '\'')
        return;
      p = pfa_text_skip_spaces (scan, end + 1);
      if (pfa_scan_at (scan, p) != ',')
        return;
      p = pfa_text_skip_spaces (scan, p + 1);
      if (pfa_scan_at (scan, p) != quote)
        return;
      p++;
      close = memchr (scan->text + p, quote, MIN (256, scan->length - MIN (p, scan->length)));
      if (close == NULL)
        return;
      end = (gsize) (close - scan->text);
      (void) pfa_scan_value (scan, key, p, end);
    }
}

void
pfa_scan_key (PfaScan *scan, gsize position)
{
  const PfaPlace name = pfa_name_around (scan, position);
  PfaPlace label, value;
  gsize at;
  PfaKey key;

  if (pfa_name_is_digest (scan, name))
    return;
  key = pfa_scan_classify (scan, name.start, name.end);
  label = pfa_name_label_around (scan, name);

  if (label.end > name.end)
    {
      const PfaKey longer = pfa_scan_classify (scan, label.start, label.end);

      if (longer != key && (longer != PFA_KEY_NONE || pfa_value_find (scan, name, key) == 0))
        key = longer;
      else if (longer == PFA_KEY_NONE)
        label = name;
    }
  if (key == PFA_KEY_BARE)
    key = pfa_name_key_with_word_before (scan, name);
  /* The name is that of a placeholder. */
  if (key == PFA_KEY_NONE ||
      (name.start > 0 && scan->text[name.start - 1] == '[' && pfa_scan_at (scan, name.end) == ':' &&
       pfa_scan_at (scan, name.end + 11) == ']'))
    return;
  at = pfa_value_find (scan, label, key);
  if (at == 0 && label.end > name.end)
    at = pfa_value_find (scan, name, key);
  if (at == 0)
    at = pfa_value_find_bare_pair (scan, name);
  if (at == 0)
    {
      if (key == PFA_KEY_BARE && pfa_scan_at (scan, name.end) == ' ' &&
          pfa_is_alnum (pfa_scan_at (scan, name.end + 8)) &&
          pfa_name_is_wireless (scan, name.start))
        key = PFA_KEY_PASSWORD;
      pfa_scan_table (scan, name.start, name.end);
      pfa_scan_prose (scan, name.start, name.end, key);
      return;
    }
  at = pfa_value_find_member (scan, at);
  if (at == 0)
    return;
  value = pfa_value_at (scan, at, key);
  if (key == PFA_KEY_BARE && value.end - value.start >= 5 &&
      pfa_name_is_wireless (scan, name.start))
    key = PFA_KEY_PASSWORD;
  if (value.end == value.start && pfa_scan_at (scan, at) == '<')
    hide_nested (scan, at, key);
  /* "PIN entered, block A1B2…" */
  else if (value.end > value.start && !pfa_scan_value (scan, key, value.start, value.end) &&
           key == PFA_KEY_PIN)
    pfa_scan_prose (scan, name.start, name.end, key);
  hide_others (scan, at, value.end, key);
}
