/* pfa-redact-table.c - tables whose first line names what stands in the lines below
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-redact-scan.h"

#define LINE_LIMIT    4096
#define COLUMNS_LIMIT 64
#define NAME_LIMIT    40

typedef struct
{
  PfaKey keys[COLUMNS_LIMIT];
  guint n_columns;
  guint8 sign; /* between the columns */
} Table;

typedef struct
{
  gsize start;
  gsize end;
} Field;

static gsize
line_end (const PfaScan *scan, gsize p)
{
  const gsize limit = MIN (p + LINE_LIMIT, scan->length);
  const guint8 *end = memchr (scan->text + p, '\n', limit - MIN (p, limit));

  return end != NULL ? (gsize) (end - scan->text) : limit;
}

/* Between blanks and quotation marks. */
static Field
trim (const PfaScan *scan, Field field)
{
  while (field.start < field.end && strchr (" \"'\r", scan->text[field.start]) != NULL)
    field.start++;
  while (field.end > field.start && strchr (" \"'\r", scan->text[field.end - 1]) != NULL)
    field.end--;
  return field;
}

/* Signs between quotation marks part nothing. */
static guint
split (const PfaScan *scan, gsize start, gsize end, guint8 sign, Field *fields)
{
  guint n = 0;
  gboolean quoted = FALSE;

  fields[0].start = start;
  for (gsize p = start; p < end; p++)
    {
      quoted ^= scan->text[p] == '"';
      if (scan->text[p] != sign || quoted)
        continue;
      fields[n++].end = p;
      if (n == COLUMNS_LIMIT)
        return 0;
      fields[n].start = p + 1;
    }
  fields[n++].end = end;
  return n;
}

/* A name of a column is short and made of letters; prose has blanks behind its commas. */
static gboolean
is_column_name (const PfaScan *scan, Field field, guint8 sign)
{
  if (field.end - field.start > NAME_LIMIT ||
      ((sign == ',' || sign == ';') && field.start < field.end && scan->text[field.start] == ' '))
    return FALSE;
  field = trim (scan, field);
  for (gsize p = field.start; p < field.end; p++)
    if (!pfa_is_alnum (scan->text[p]) && scan->text[p] < 0x80 &&
        strchr ("_-. /", scan->text[p]) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
read_header (const PfaScan *scan, gsize start, gsize end, guint8 sign, Table *table)
{
  Field fields[COLUMNS_LIMIT];
  guint named = 0;

  table->sign = sign;
  table->n_columns = split (scan, start, end, sign, fields);
  if (table->n_columns < 2)
    return FALSE;
  for (guint i = 0; i < table->n_columns; i++)
    {
      const Field field = trim (scan, fields[i]);

      if (!is_column_name (scan, fields[i], sign))
        return FALSE;
      table->keys[i] =
          field.end > field.start ? pfa_scan_classify (scan, field.start, field.end) : PFA_KEY_NONE;
      /* Between bars stands what people wrote: an address may be that of anything. */
      if (sign == '|' && table->keys[i] == PFA_KEY_PLACE)
        table->keys[i] = PFA_KEY_NONE;
      named += table->keys[i] != PFA_KEY_NONE ? 1 : 0;
    }
  return named > 0;
}

void
pfa_scan_table (PfaScan *scan, gsize start, gsize end)
{
  const gsize low = start - MIN (start, LINE_LIMIT / 4);
  const guint8 *newline = memrchr (scan->text + low, '\n', start - low);
  const gsize line = newline != NULL ? (gsize) (newline - scan->text) + 1 : low;
  gsize row = line_end (scan, end);
  Field fields[COLUMNS_LIMIT];
  guint8 sign;
  Table table;

  while (pfa_scan_at (scan, end) == '"' || pfa_scan_at (scan, end) == ' ')
    end++;
  while (start > line && (scan->text[start - 1] == '"' || scan->text[start - 1] == ' '))
    start--;
  /* The last column has its sign before it. */
  sign = strchr ("\r\n", pfa_scan_at (scan, end)) != NULL && start > line ? scan->text[start - 1]
                                                                          : pfa_scan_at (scan, end);
  if (start < scan->tabled_until || sign == 0 || strchr (",;\t|", sign) == NULL ||
      !read_header (scan, line, row, sign, &table))
    return;
  while (row + 1 < scan->length)
    {
      const gsize next = line_end (scan, row + 1);

      if (split (scan, row + 1, next, sign, fields) != table.n_columns)
        break;
      for (guint i = 0; i < table.n_columns; i++)
        {
          const Field field = trim (scan, fields[i]);

          if (table.keys[i] != PFA_KEY_NONE && field.end > field.start)
            (void) pfa_scan_value (scan, table.keys[i], field.start, field.end);
        }
      row = next;
    }
  scan->tabled_until = row;
}
