/* pfa-redact-source.c - texts out of any encoding, any compression and the common archives
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>

#include "pfa-error.h"
#include "pfa-redact-filter.h"
#include "pfa-redact-inflate.h"

#define SAMPLE_LENGTH (64 * 1024)
/* More than this from so little is no text that anyone wrote. */
#define BOMB_RATIO 250
#define BOMB_FROM  (4 * 1024 * 1024)

typedef struct archive Reader;

static void
reader_free (Reader *reader)
{
  archive_read_free (reader);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reader, reader_free)

/* Bytes from a stream, or from one entry of an archive inside another source. */
typedef struct _Source Source;
struct _Source
{
  GInputStream *input;
  Reader *entry;
  GCancellable *cancellable;
  guint depth;
  guint64 given; /* of the entry */
  guint8 *sample;
  gsize n_sample;
  gsize sample_used;
  GError *error; /* met inside libarchive's callback */
};

static gssize
read_raw (Source *self, guint8 *out, gsize size, GError **error)
{
  gssize n;

  if (g_cancellable_set_error_if_cancelled (self->cancellable, error))
    return -1;
  if (self->input != NULL)
    return g_input_stream_read (self->input, out, size, self->cancellable, error);
  n = archive_read_data (self->entry, out, size);
  if (n < 0)
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_BAD_INPUT,
                   "the packed data is damaged or cut short");
      return -1;
    }
  self->given += (guint64) n;
  if (self->given > BOMB_FROM &&
      self->given / BOMB_RATIO > (guint64) archive_filter_bytes (self->entry, -1))
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_BAD_INPUT,
                   "it unpacks to more than %d times its size",
                   BOMB_RATIO);
      return -1;
    }
  return n;
}

static gssize
source_read (Source *self, guint8 *out, gsize size, GError **error)
{
  if (self->sample_used < self->n_sample)
    {
      const gsize n = MIN (size, self->n_sample - self->sample_used);

      memcpy (out, self->sample + self->sample_used, n);
      self->sample_used += n;
      return (gssize) n;
    }
  return read_raw (self, out, size, error);
}

static gboolean
take_sample (Source *self, GError **error)
{
  self->sample = g_malloc (SAMPLE_LENGTH);
  while (self->n_sample < SAMPLE_LENGTH)
    {
      const gssize n =
          read_raw (self, self->sample + self->n_sample, SAMPLE_LENGTH - self->n_sample, error);

      if (n < 0)
        return FALSE;
      if (n == 0)
        break;
      self->n_sample += (gsize) n;
    }
  return TRUE;
}

/* UTF-16 and UTF-32 by their mark or by where the zeros stand; NULL: bytes as they are. */
static const char *
guess_wide (const guint8 *bytes, gsize length)
{
  gsize zeros[4] = { 0 };
  const gsize n = MIN (length, 4096) / 4 * 4;

  if (length >= 4 && memcmp (bytes, "\xff\xfe\0\0", 4) == 0)
    return "UTF-32LE";
  if (length >= 4 && memcmp (bytes, "\0\0\xfe\xff", 4) == 0)
    return "UTF-32BE";
  if (length >= 2 && memcmp (bytes, "\xff\xfe", 2) == 0)
    return "UTF-16LE";
  if (length >= 2 && memcmp (bytes, "\xfe\xff", 2) == 0)
    return "UTF-16BE";
  if (n < 8)
    return NULL;
  for (gsize i = 0; i < n; i++)
    zeros[i % 4] += bytes[i] == 0;
  if (zeros[1] + zeros[2] + zeros[3] > n * 6 / 10 && zeros[0] < n / 40 + 1)
    return "UTF-32LE";
  if (zeros[0] + zeros[1] + zeros[2] > n * 6 / 10 && zeros[3] < n / 40 + 1)
    return "UTF-32BE";
  if (zeros[1] + zeros[3] > n * 2 / 10 && zeros[0] + zeros[2] < n / 40 + 1)
    return "UTF-16LE";
  if (zeros[0] + zeros[2] > n * 2 / 10 && zeros[1] + zeros[3] < n / 40 + 1)
    return "UTF-16BE";
  return NULL;
}

static gboolean
converts (const guint8 *bytes, gsize length, const char *charset)
{
  g_autofree char *text = NULL;
  gsize n_read = 0;
  g_autoptr (GError) error = NULL;

  text = g_convert ((const char *) bytes, (gssize) length, "UTF-8", charset, &n_read, NULL, &error);
  return text != NULL || (g_error_matches (error, G_CONVERT_ERROR, G_CONVERT_ERROR_PARTIAL_INPUT) &&
                          n_read + 4 > length);
}

/* Bytes that are no UTF-8: the GB 18030 of Chinese Windows where characters come in pairs. A few
 * odd bytes in an else plain text are left as they are. */
static const char *
guess_charset (const Source *self)
{
  const char *wide = guess_wide (self->sample, self->n_sample);
  const char *end;
  gsize odd = 0;
  gsize pairs = 0;

  if (wide != NULL)
    return wide;
  if (g_utf8_validate_len ((const char *) self->sample, self->n_sample, &end) ||
      (self->n_sample == SAMPLE_LENGTH &&
       (gsize) (end - (const char *) self->sample) + 4 > self->n_sample))
    return NULL;
  for (gsize i = 0; i < self->n_sample; i++)
    {
      odd += self->sample[i] >= 0x80;
      if (i + 1 < self->n_sample && self->sample[i] >= 0xb0 && self->sample[i] <= 0xf7 &&
          self->sample[i + 1] >= 0xa1)
        pairs++, i++, odd++;
    }
  if (pairs * 2 * 10 >= odd * 8 && pairs >= 4 && converts (self->sample, self->n_sample, "GB18030"))
    return "GB18030";
  return NULL;
}

static gboolean
push_converted (Source *self, const char *charset, PfaFilter *filter, GError **error)
{
  g_autoptr (GCharsetConverter) charsets = g_charset_converter_new ("UTF-8", charset, error);
  g_autofree guint8 *in = g_malloc (SAMPLE_LENGTH);
  g_autofree guint8 *out = g_malloc (4 * SAMPLE_LENGTH);
  gsize held = 0;

  if (charsets == NULL)
    return FALSE;
  g_charset_converter_set_use_fallback (charsets, TRUE);
  for (;;)
    {
      const gssize n = source_read (self, in + held, SAMPLE_LENGTH - held, error);
      gsize used = 0;

      if (n < 0)
        return FALSE;
      held += (gsize) n;
      while (used < held)
        {
          gsize n_read = 0, n_written = 0;
          g_autoptr (GError) local = NULL;
          const GConverterResult result = g_converter_convert (G_CONVERTER (charsets),
                                                               in + used,
                                                               held - used,
                                                               out,
                                                               4 * SAMPLE_LENGTH,
                                                               G_CONVERTER_NO_FLAGS,
                                                               &n_read,
                                                               &n_written,
                                                               &local);

          if (result == G_CONVERTER_ERROR &&
              g_error_matches (local, G_IO_ERROR, G_IO_ERROR_PARTIAL_INPUT))
            break;
          if (result == G_CONVERTER_ERROR)
            {
              n_read = 1;
              n_written = 1;
              out[0] = '?';
            }
          used += n_read;
          if (!pfa_filter_push (filter, out, n_written, error))
            return FALSE;
        }
      if (n == 0)
        return TRUE;
      memmove (in, in + used, held - used);
      held -= used;
    }
}

static gboolean
push_plain (Source *self, PfaFilter *filter, GError **error)
{
  g_autofree guint8 *bytes = g_malloc (SAMPLE_LENGTH);
  gssize n;

  while ((n = source_read (self, bytes, SAMPLE_LENGTH, error)) > 0)
    if (!pfa_filter_push (filter, bytes, (gsize) n, error))
      return FALSE;
  return n == 0;
}

static gboolean
is_archive (const guint8 *bytes, gsize length)
{
  if (pfa_inflate_is_packed (bytes, length))
    return !(length > 1 && bytes[0] == 0x78);
  return length > 262 && memcmp (bytes + 257, "ustar", 5) == 0;
}

/* Files that hold no text, or hold it in a way nobody can look into. */
static const char *
guess_foreign (const guint8 *bytes, gsize length)
{
  static const struct
  {
    const char *magic;
    guint8 length;
    const char *name;
  } known[] = {
    { "SQLite format 3", 15, "a database" },
    { "\x7f"
      "ELF",
      4,
      "a program" },
    { "MZ\x90", 3, "a program" },
    { "%PDF-", 5, "a PDF file" },
    { "\x89PNG", 4, "a picture" },
    { "\xff\xd8\xff", 3, "a picture" },
    { "Rar!", 4, "an archive that cannot be read" },
    { "\xd0\xcf\x11\xe0", 4, "an office file" },
    { "\xd4\xc3\xb2\xa1", 4, "a network capture" },
    { "\x0a\x0d\x0d\x0a", 4, "a network capture" },
    { "LPKSHHRH", 8, "a journal file" },
    { "PK\x05\x06", 4, "an empty archive" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (length >= known[i].length && memcmp (bytes, known[i].magic, known[i].length) == 0)
      return known[i].name;
  return NULL;
}

static la_ssize_t
on_bytes_wanted (struct archive *reader, void *user_data, const void **buffer)
{
  Source *self = user_data;
  guint8 *block = self->sample + SAMPLE_LENGTH;
  const gssize n = source_read (self, block, SAMPLE_LENGTH, &self->error);

  *buffer = block;
  if (n < 0)
    archive_set_error (reader, EIO, "%s", self->error->message);
  return n;
}

static gboolean push_source (Source *self, PfaFilter *filter, GError **error);

static gboolean
push_entry (Source *self,
            Reader *reader,
            struct archive_entry *entry,
            PfaFilter *filter,
            GError **error)
{
  Source inner = { .entry = reader, .cancellable = self->cancellable, .depth = self->depth + 1 };
  const char *name = archive_entry_pathname_utf8 (entry);
  gboolean good;

  if (archive_entry_filetype (entry) != AE_IFREG && archive_format (reader) != ARCHIVE_FORMAT_RAW)
    return TRUE;
  if (archive_entry_is_encrypted (entry))
    {
      g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "the archive is encrypted");
      return FALSE;
    }
  /* The names of an archive's files are text like any other. */
  if (archive_format (reader) != ARCHIVE_FORMAT_RAW)
    {
      g_autofree char *head = g_strdup_printf ("==> %s <==\n", name != NULL ? name : "?");

      if (!pfa_filter_push (filter, (const guint8 *) head, strlen (head), error))
        return FALSE;
    }
  good = push_source (&inner, filter, error) &&
         pfa_filter_push (filter,
                          (const guint8 *) "\n",
                          archive_format (reader) != ARCHIVE_FORMAT_RAW ? 1 : 0,
                          error);
  g_free (inner.sample);
  g_clear_error (&inner.error);
  return good;
}

static gboolean
push_archive (Source *self, PfaFilter *filter, GError **error)
{
  g_autoptr (Reader) reader = archive_read_new ();
  struct archive_entry *entry;
  guint n_entries = 0;
  int status;

  if (self->depth >= PFA_SCAN_MAX_DEPTH)
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_BAD_INPUT,
                   "it is packed more than %d times",
                   PFA_SCAN_MAX_DEPTH);
      return FALSE;
    }
  self->sample = g_realloc (self->sample, 2 * SAMPLE_LENGTH);
  archive_read_support_filter_gzip (reader);
  archive_read_support_filter_xz (reader);
  archive_read_support_filter_bzip2 (reader);
  archive_read_support_filter_zstd (reader);
  archive_read_support_format_zip_streamable (reader);
  archive_read_support_format_tar (reader);
  archive_read_support_format_raw (reader);
  if (archive_read_open (reader, self, NULL, on_bytes_wanted, NULL) != ARCHIVE_OK)
    {
      g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "the packed data cannot be read");
      return FALSE;
    }
  for (;
       (status = archive_read_next_header (reader, &entry)) == ARCHIVE_OK || status == ARCHIVE_WARN;
       n_entries++)
    if (!push_entry (self, reader, entry, filter, error))
      return FALSE;
  /* A million packed zeros look like an empty tar file. */
  if (status == ARCHIVE_EOF && n_entries > 0)
    return TRUE;
  g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "the packed data is damaged or cut short");
  return FALSE;
}

static gboolean
push_source (Source *self, PfaFilter *filter, GError **error)
{
  const char *foreign, *charset;

  if (!take_sample (self, error))
    return FALSE;
  if (is_archive (self->sample, self->n_sample))
    return push_archive (self, filter, error);
  foreign = guess_foreign (self->sample, self->n_sample);
  if (foreign != NULL)
    {
      g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "this is %s, not text", foreign);
      return FALSE;
    }
  charset = guess_charset (self);
  return charset != NULL ? push_converted (self, charset, filter, error)
                         : push_plain (self, filter, error);
}

gboolean
pfa_source_read (GInputStream *input, PfaFilter *filter, GCancellable *cancellable, GError **error)
{
  Source source = { .input = input, .cancellable = cancellable };
  const gboolean good = push_source (&source, filter, error);

  g_free (source.sample);
  g_clear_error (&source.error);
  return good;
}
