/* pfa-bundle-headers.c - a ZIP tells of its members twice: is it the same story?
 *
 * APPNOTE.TXT 4.3.7 (local header), 4.3.12 (table of contents), 4.3.16 (its end).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-bundle-headers.h"

#include <string.h>

#include "pfa-error.h"

#define END_LENGTH    22
#define LISTED_LENGTH 46
#define LOCAL_LENGTH  30
/* 256 members with names of the allow-list need a tenth of it. */
#define MAX_TABLE       (256 * 1024)
#define MAX_NAME        256
#define FLAG_ENCRYPTED  0x0001
#define FLAG_SUMS_AFTER 0x0008
/* Gives a member a second name. */
#define EXTRA_UNICODE_PATH 0x7075

/* What one of the two says of a member. */
typedef struct
{
  guint16 flags;
  guint16 method;
  guint32 crc;
  guint32 packed;
  guint32 size;
  const guint8 *name;
  gsize name_length;
  const guint8 *extra;
  gsize extra_length;
} Story;

static guint16
get_16 (const guint8 *bytes)
{
  return (guint16) (bytes[0] | bytes[1] << 8);
}

static guint32
get_32 (const guint8 *bytes)
{
  return (guint32) get_16 (bytes) | (guint32) get_16 (bytes + 2) << 16;
}

static gboolean
refuse (GError **error)
{
  g_set_error_literal (
      error,
      PFA_ERROR,
      PFA_ERROR_BAD_INPUT,
      "the bundle's table of contents and its members do not agree, or a name is not plain");
  return FALSE;
}

static gboolean
read_at (GInputStream *input, guint64 offset, guint8 *bytes, gsize length)
{
  gsize n = 0;

  return g_seekable_seek (G_SEEKABLE (input), (goffset) offset, G_SEEK_SET, NULL, NULL) &&
         g_input_stream_read_all (input, bytes, length, &n, NULL, NULL) && n == length;
}

/* From the flags on, both headers have the same order. */
static void
read_story (Story *self, const guint8 *flags)
{
  self->flags = get_16 (flags);
  self->method = get_16 (flags + 2);
  self->crc = get_32 (flags + 8);
  self->packed = get_32 (flags + 12);
  self->size = get_32 (flags + 16);
  self->name_length = get_16 (flags + 20);
  self->extra_length = get_16 (flags + 22);
}

static gboolean
has_second_name (const Story *self)
{
  gsize at = 0;

  while (at + 4 <= self->extra_length)
    {
      if (get_16 (self->extra + at) == EXTRA_UNICODE_PATH)
        return TRUE;
      at += 4 + (gsize) get_16 (self->extra + at + 2);
    }
  return FALSE;
}

static gboolean
is_same_story (const Story *listed, const Story *local)
{
  if (listed->flags != local->flags || listed->method != local->method ||
      listed->name_length != local->name_length ||
      memcmp (listed->name, local->name, listed->name_length) != 0 ||
      memchr (listed->name, '\0', listed->name_length) != NULL || has_second_name (listed) ||
      has_second_name (local))
    return FALSE;
  return (listed->flags & (FLAG_SUMS_AFTER | FLAG_ENCRYPTED)) != 0 ||
         (listed->crc == local->crc && listed->packed == local->packed &&
          listed->size == local->size);
}

/* Behind a member come its sums where the header says so, with or without their mark, with sizes of
 * 4 or of 8 bytes; else nothing. */
static gboolean
is_gap (guint64 length, gboolean sums_after)
{
  return sums_after ? length == 12 || length == 16 || length == 20 || length == 24 : length == 0;
}

/* No backslash, which some programs take for a slash, no line end that would act on a screen, no
 * letter that looks like another. */
static gboolean
is_plain_name (const guint8 *name, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (name[i] <= 0x20 || name[i] >= 0x7f || name[i] == '\\')
      return FALSE;
  return length > 0;
}

/* @start: where the member has to begin; becomes the end of its packed bytes. */
static gboolean
check_member (GInputStream *input, const Story *listed, guint64 *start)
{
  guint8 head[LOCAL_LENGTH];
  g_autofree guint8 *rest = NULL;
  Story local = { 0 };

  if (!read_at (input, *start, head, sizeof head) || memcmp (head, "PK\x03\x04", 4) != 0)
    return FALSE;
  read_story (&local, head + 6);
  if (local.name_length > MAX_NAME)
    return FALSE;
  rest = g_malloc (local.name_length + local.extra_length + 1);
  if (!read_at (input, *start + LOCAL_LENGTH, rest, local.name_length + local.extra_length))
    return FALSE;
  local.name = rest;
  local.extra = rest + local.name_length;
  *start += LOCAL_LENGTH + local.name_length + local.extra_length + listed->packed;
  return is_same_story (listed, &local);
}

/* @table: from @table_start on. Every member begins where the one before it ends. */
static gboolean
check_table (GInputStream *input, const guint8 *table, gsize length, guint64 table_start)
{
  guint64 end = 0;
  gboolean sums_after = FALSE;
  gsize at = 0;

  while (at < length)
    {
      Story listed = { 0 };
      guint64 start;

      if (at + LISTED_LENGTH > length || memcmp (table + at, "PK\x01\x02", 4) != 0)
        return FALSE;
      read_story (&listed, table + at + 8);
      listed.name = table + at + LISTED_LENGTH;
      listed.extra = listed.name + listed.name_length;
      start = get_32 (table + at + 42);
      at += LISTED_LENGTH + listed.name_length + listed.extra_length +
            (gsize) get_16 (table + at + 32);
      if (at > length || start < end || !is_gap (start - end, sums_after) ||
          !is_plain_name (listed.name, listed.name_length) ||
          !check_member (input, &listed, &start))
        return FALSE;
      end = start;
      sums_after = (listed.flags & FLAG_SUMS_AFTER) != 0;
    }
  return end <= table_start && is_gap (table_start - end, sums_after);
}

gboolean
pfa_bundle_check_headers (const char *path, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) local = NULL;
  g_autoptr (GFileInputStream) input = g_file_read (file, NULL, &local);
  g_autofree guint8 *table = NULL;
  guint8 end[END_LENGTH];
  guint64 end_start, start, length;

  if (input == NULL)
    {
      g_propagate_error (error, pfa_error_adopt (g_steal_pointer (&local)));
      return FALSE;
    }
  if (!g_seekable_seek (G_SEEKABLE (input), -END_LENGTH, G_SEEK_END, NULL, NULL))
    return refuse (error);
  end_start = (guint64) g_seekable_tell (G_SEEKABLE (input));
  if (!read_at (G_INPUT_STREAM (input), end_start, end, sizeof end))
    return refuse (error);
  length = get_32 (end + 12);
  start = get_32 (end + 16);
  if (length > MAX_TABLE || start + length != end_start)
    return refuse (error);
  table = g_malloc (length + 1);
  if (!read_at (G_INPUT_STREAM (input), start, table, length) ||
      !check_table (G_INPUT_STREAM (input), table, length, start))
    return refuse (error);
  return TRUE;
}
