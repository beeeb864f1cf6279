/* pfa-redact-inflate.c - small packed texts, unpacked in memory
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-redact-inflate.h"

#include <archive.h>
#include <archive_entry.h>
#include <gio/gio.h>
#include <string.h>

typedef struct archive Reader;

static void
reader_free (Reader *reader)
{
  archive_read_free (reader);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reader, reader_free)

static gboolean
is_zlib (const guint8 *bytes, gsize length)
{
  return length > 8 && bytes[0] == 0x78 &&
         (bytes[1] == 0x01 || bytes[1] == 0x5e || bytes[1] == 0x9c || bytes[1] == 0xda);
}

gboolean
pfa_inflate_is_packed (const guint8 *bytes, gsize length)
{
  static const struct
  {
    const char *magic;
    guint8 length;
  } known[] = {
    { "\x1f\x8b\x08", 3 },
    { "\xfd"
      "7zXZ",
      5 },
    { "BZh", 3 },
    { "\x28\xb5\x2f\xfd", 4 },
    { "PK\x03\x04", 4 },
    { "7z\xbc\xaf", 4 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (length >= known[i].length && memcmp (bytes, known[i].magic, known[i].length) == 0)
      return TRUE;
  return is_zlib (bytes, length);
}

static gssize
inflate_zlib (const guint8 *bytes, gsize length, guint8 *out, gsize size)
{
  g_autoptr (GZlibDecompressor) zlib = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB);
  gsize n_read, n_written;

  if (g_converter_convert (G_CONVERTER (zlib),
                           bytes,
                           length,
                           out,
                           size,
                           G_CONVERTER_INPUT_AT_END,
                           &n_read,
                           &n_written,
                           NULL) != G_CONVERTER_FINISHED)
    return -1;
  return (gssize) n_written;
}

gssize
pfa_inflate (const guint8 *bytes, gsize length, guint8 *out, gsize size)
{
  g_autoptr (Reader) reader = NULL;
  struct archive_entry *entry;
  gsize n = 0;

  if (is_zlib (bytes, length))
    return inflate_zlib (bytes, length, out, size);
  reader = archive_read_new ();
  /* Not "all": some filters start other programs. */
  archive_read_support_filter_gzip (reader);
  archive_read_support_filter_xz (reader);
  archive_read_support_filter_bzip2 (reader);
  archive_read_support_filter_zstd (reader);
  archive_read_support_format_zip (reader);
  archive_read_support_format_tar (reader);
  archive_read_support_format_7zip (reader);
  archive_read_support_format_raw (reader);
  if (archive_read_open_memory (reader, bytes, length) != ARCHIVE_OK)
    return -1;
  while (archive_read_next_header (reader, &entry) == ARCHIVE_OK)
    {
      gssize got;

      if (archive_entry_is_encrypted (entry))
        return -1;
      while ((got = archive_read_data (reader, out + n, size - n)) > 0)
        {
          n += (gsize) got;
          if (n == size)
            return -1;
        }
      if (got < 0)
        return -1;
      if (n < size)
        out[n++] = '\n';
    }
  return archive_errno (reader) == 0 ? (gssize) n : -1;
}
