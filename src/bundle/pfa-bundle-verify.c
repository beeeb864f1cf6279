/* pfa-bundle-verify.c - the receiving side: is this a sound bundle?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-bundle-verify.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "pfa-bundle-headers.h"
#include "pfa-error.h"
#include "pfa-json.h"

#define MAX_FILE    (64 * 1000 * 1000)
#define MAX_MEMBER  (64 * 1000 * 1000)
#define MAX_ALL     (200 * 1000 * 1000)
#define MAX_MEMBERS 256
/* Kept in memory while reading: manifest and summary. */
#define MAX_KEPT     (2 * 1024 * 1024)
#define BLOCK_LENGTH (64 * 1024)
/* The end of a ZIP without a comment. */
#define END_LENGTH 22

typedef struct archive Reader;

static void
reader_free (Reader *reader)
{
  archive_read_free (reader);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reader, reader_free)

static void
entry_free (gpointer data)
{
  PfaBundleEntry *entry = data;

  g_free (entry->name);
  g_free (entry->sha256);
  g_free (entry);
}

void
pfa_bundle_contents_free (PfaBundleContents *self)
{
  g_ptr_array_unref (self->entries);
  g_clear_pointer (&self->manifest, json_object_unref);
  g_clear_pointer (&self->summary, json_object_unref);
  g_free (self->id);
  g_free (self);
}

static gboolean G_GNUC_PRINTF (2, 3) refuse (GError **error, const char *format, ...)
{
  va_list arguments;
  g_autofree char *text = NULL;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, text);
  return FALSE;
}

/* A pipe or a device would be read for ever. */
static gboolean
require_file (const char *path, GError **error)
{
  GStatBuf info;

  if (g_stat (path, &info) != 0)
    {
      g_set_error (error, PFA_ERROR, PFA_ERROR_NOT_FOUND, "%s: %s", path, g_strerror (errno));
      return FALSE;
    }
  if (!S_ISREG (info.st_mode))
    return refuse (error, "this is no bundle: it is no file");
  if (info.st_size > MAX_FILE)
    return refuse (error, "the bundle is larger than a bundle may be");
  return TRUE;
}

static gboolean
is_word (const char *text, gsize length)
{
  if (length == 0 || length > 32 || text[0] == '-')
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_islower (text[i]) && !g_ascii_isdigit (text[i]) && text[i] != '-')
      return FALSE;
  return TRUE;
}

/* logs/SOURCE/N.log */
static gboolean
is_log_name (const char *name)
{
  const char *source = name + strlen ("logs/");
  const char *slash;
  char *end;

  if (!g_str_has_prefix (name, "logs/"))
    return FALSE;
  slash = strchr (source, '/');
  if (slash == NULL || !is_word (source, (gsize) (slash - source)) || !g_ascii_isdigit (slash[1]) ||
      slash[1] == '0')
    return FALSE;
  return g_ascii_strtoull (slash + 1, &end, 10) < 1000 && g_str_equal (end, ".log");
}

gboolean
pfa_bundle_is_member_name (const char *name)
{
  static const char *const names[] = {
    "readme.html",   "summary.json",  "report.json", "checks.jsonl", "timeline.jsonl",
    "terminal.json", "steps.json",    "system.json", "guided.jsonl", "redaction.json",
    "consent.json",  "manifest.json", NULL,
  };

  return g_strv_contains (names, name) || is_log_name (name);
}

gboolean
pfa_bundle_is_sealed (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) input =
      g_file_test (path, G_FILE_TEST_IS_REGULAR) ? g_file_read (file, NULL, NULL) : NULL;
  guint8 head[32];
  /* 1.2.840.113549.1.9.16.1.23: AuthEnvelopedData */
  static const guint8 oid[] = { 0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7,
                                0x0d, 0x01, 0x09, 0x10, 0x01, 0x17 };
  gsize n = 0;

  return input != NULL &&
         g_input_stream_read_all (G_INPUT_STREAM (input), head, sizeof head, &n, NULL, NULL) &&
         n == sizeof head && head[0] == 0x30 && memmem (head, n, oid, sizeof oid) != NULL;
}

/* Nothing in front of the archive, nothing behind it: @path is a ZIP and nothing else. */
static gboolean
check_frame (const char *path, guint *n_entries, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GError) local = NULL;
  g_autoptr (GFileInputStream) input = g_file_read (file, NULL, &local);
  guint8 head[4] = { 0 };
  guint8 end[END_LENGTH] = { 0 };
  gsize n;

  if (input == NULL)
    {
      g_propagate_error (error, pfa_error_adopt (g_steal_pointer (&local)));
      return FALSE;
    }
  if (!g_input_stream_read_all (G_INPUT_STREAM (input), head, sizeof head, &n, NULL, NULL) ||
      memcmp (head, "PK\x03\x04", 4) != 0)
    return refuse (error, "this is no bundle: it does not begin as a ZIP file");
  if (!g_seekable_seek (G_SEEKABLE (input), -END_LENGTH, G_SEEK_END, NULL, NULL) ||
      !g_input_stream_read_all (G_INPUT_STREAM (input), end, sizeof end, &n, NULL, NULL) ||
      memcmp (end, "PK\x05\x06", 4) != 0 || end[20] != 0 || end[21] != 0)
    return refuse (error, "the bundle is cut short, or something was added behind its end");
  *n_entries = end[10] | (guint) end[11] << 8;
  return TRUE;
}

static gboolean
check_entry (PfaBundleContents *self, struct archive_entry *entry, GError **error)
{
  const char *name = archive_entry_pathname_utf8 (entry);

  if (name == NULL)
    return refuse (error, "a member of the bundle has a name that cannot be read");
  if (archive_entry_is_encrypted (entry))
    return refuse (error, "the member “%s” is encrypted", name);
  if (archive_entry_filetype (entry) != AE_IFREG || archive_entry_symlink (entry) != NULL ||
      archive_entry_hardlink (entry) != NULL)
    return refuse (error, "the member “%s” is no file but a link or a folder", name);
  if (!pfa_bundle_is_member_name (name))
    return refuse (error, "the member “%s” does not belong in a bundle", name);
  for (guint i = 0; i < self->entries->len; i++)
    if (g_str_equal (((PfaBundleEntry *) self->entries->pdata[i])->name, name))
      return refuse (error, "the member “%s” is there twice", name);
  if (self->entries->len >= MAX_MEMBERS)
    return refuse (error, "the bundle has more than %d members", MAX_MEMBERS);
  return TRUE;
}

static gboolean
is_packed (const guint8 *bytes, gsize length)
{
  static const struct
  {
    const char *magic;
    gsize length;
  } known[] = { { "PK\x03\x04", 4 },
                { "\x1f\x8b", 2 },
                { "\xfd"
                  "7zXZ",
                  5 },
                { "7z\xbc\xaf", 4 },
                { "Rar!", 4 },
                { "BZh", 3 },
                { "\x28\xb5\x2f\xfd", 4 } };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (length >= known[i].length && memcmp (bytes, known[i].magic, known[i].length) == 0)
      return TRUE;
  return FALSE;
}

/* A bundle holds text and nothing else: whatever is hidden in a member, further in too, is not. Of
 * a character that the block cuts in two, up to three bytes wait in @rest for the next one. */
static gboolean
is_text (GByteArray *rest, const guint8 *bytes, gsize length)
{
  const char *end;
  gsize left;

  g_byte_array_append (rest, bytes, (guint) length);
  if (!g_utf8_validate_len ((const char *) rest->data, rest->len, &end))
    {
      left = rest->len - (gsize) (end - (const char *) rest->data);
      if (left > 3 || g_utf8_get_char_validated (end, (gssize) left) != (gunichar) -2)
        return FALSE;
      g_byte_array_remove_range (rest, 0, rest->len - (guint) left);
      return TRUE;
    }
  g_byte_array_set_size (rest, 0);
  return TRUE;
}

/* Reads one member; keeps its text in @kept where that is wanted. */
static gboolean
read_member (Reader *reader,
             PfaBundleEntry *entry,
             guint64 *all,
             GString *kept,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autoptr (GByteArray) rest = g_byte_array_new ();
  g_autofree guint8 *block = g_malloc (BLOCK_LENGTH);
  la_ssize_t n;

  while ((n = archive_read_data (reader, block, BLOCK_LENGTH)) > 0)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (entry->size == 0 && is_packed (block, (gsize) n))
        return refuse (error, "the member “%s” is an archive itself", entry->name);
      if (!is_text (rest, block, (gsize) n))
        return refuse (error, "the member “%s” is no text", entry->name);
      entry->size += (guint64) n;
      *all += (guint64) n;
      if (entry->size > MAX_MEMBER || *all > MAX_ALL)
        return refuse (error,
                       "the member “%s” unpacks to more than a bundle may hold",
                       entry->name);
      if (kept != NULL && kept->len + (gsize) n > MAX_KEPT)
        return refuse (error, "the member “%s” is too long", entry->name);
      if (kept != NULL)
        g_string_append_len (kept, (const char *) block, n);
      g_checksum_update (sum, block, n);
    }
  if (n < 0)
    return refuse (error, "the member “%s” is damaged", entry->name);
  if (rest->len > 0)
    return refuse (error, "the member “%s” is no text", entry->name);
  entry->sha256 = g_strdup (g_checksum_get_string (sum));
  return TRUE;
}

static gboolean
take_member (PfaBundleContents *self,
             Reader *reader,
             struct archive_entry *header,
             guint64 *all,
             GCancellable *cancellable,
             GError **error)
{
  g_autoptr (GString) kept = NULL;
  PfaBundleEntry *entry;
  JsonObject **place;

  if (!check_entry (self, header, error))
    return FALSE;
  entry = g_new0 (PfaBundleEntry, 1);
  entry->name = g_strdup (archive_entry_pathname_utf8 (header));
  g_ptr_array_add (self->entries, entry);
  place = g_str_equal (entry->name, "manifest.json")  ? &self->manifest
          : g_str_equal (entry->name, "summary.json") ? &self->summary
                                                      : NULL;
  kept = place != NULL ? g_string_new (NULL) : NULL;
  if (!read_member (reader, entry, all, kept, cancellable, error))
    return FALSE;
  if (place != NULL)
    *place = pfa_json_parse_object (kept->str, (gssize) kept->len, entry->name, error);
  return place == NULL || *place != NULL;
}

static JsonObject *
find_listed (JsonArray *files, const char *name)
{
  JsonObject *found = NULL;

  for (guint i = 0; i < json_array_get_length (files); i++)
    {
      JsonNode *node = json_array_get_element (files, i);

      if (JSON_NODE_HOLDS_OBJECT (node) &&
          g_strcmp0 (pfa_json_peek_string (json_node_get_object (node), "path"), name) == 0)
        found = json_node_get_object (node);
    }
  return found;
}

static gboolean
check_manifest (PfaBundleContents *self, GError **error)
{
  JsonArray *files = self->manifest != NULL ? pfa_json_peek_array (self->manifest, "files") : NULL;
  const PfaBundleEntry *first = self->entries->len > 0 ? self->entries->pdata[0] : NULL;
  const PfaBundleEntry *last =
      self->entries->len > 0 ? self->entries->pdata[self->entries->len - 1] : NULL;

  if (files == NULL ||
      g_strcmp0 (pfa_json_peek_string (self->manifest, "format"), "pos-first-aid-bundle/1") != 0)
    return refuse (error, "the bundle has no manifest.json that can be read");
  if (!g_str_equal (first->name, "readme.html") || !g_str_equal (last->name, "manifest.json"))
    return refuse (error, "the bundle does not begin with readme.html and end with manifest.json");
  for (guint i = 0; i + 1 < self->entries->len; i++)
    {
      const PfaBundleEntry *entry = self->entries->pdata[i];
      JsonObject *listed = find_listed (files, entry->name);

      if (listed == NULL)
        return refuse (error, "the member “%s” is not in the manifest", entry->name);
      if (pfa_json_peek_double (listed, "size", -1) < (double) entry->size ||
          pfa_json_peek_double (listed, "size", -1) > (double) entry->size ||
          g_strcmp0 (pfa_json_peek_string (listed, "sha256"), entry->sha256) != 0)
        return refuse (error,
                       "the member “%s” was changed: its sum is not the one in the manifest",
                       entry->name);
    }
  if (json_array_get_length (files) != self->entries->len - 1)
    return refuse (error, "the manifest lists members that are missing in the bundle");
  self->id = g_strdup (pfa_json_peek_string (self->manifest, "id"));
  if (self->id == NULL || !g_uuid_string_is_valid (self->id))
    return refuse (error, "the manifest does not say which bundle this is");
  return TRUE;
}

static Reader *
open_reader (const char *path, GError **error)
{
  g_autoptr (Reader) reader = archive_read_new ();

  archive_read_support_format_zip_seekable (reader);
  if (archive_read_open_filename (reader, path, BLOCK_LENGTH) == ARCHIVE_OK)
    return g_steal_pointer (&reader);
  refuse (error, "the bundle cannot be read as a ZIP file");
  return NULL;
}

PfaBundleContents *
pfa_bundle_verify (const char *path, GCancellable *cancellable, GError **error)
{
  g_autoptr (PfaBundleContents) self = g_new0 (PfaBundleContents, 1);
  g_autoptr (Reader) reader = NULL;
  struct archive_entry *entry;
  guint n_entries = 0;
  guint64 all = 0;
  int status;

  self->entries = g_ptr_array_new_with_free_func (entry_free);
  if (!require_file (path, error))
    return NULL;
  if (pfa_bundle_is_sealed (path))
    {
      refuse (error,
              "the bundle is sealed; only the provider's key opens it (openssl cms -decrypt)");
      return NULL;
    }
  if (!check_frame (path, &n_entries, error) || !pfa_bundle_check_headers (path, error))
    return NULL;
  reader = open_reader (path, error);
  if (reader == NULL)
    return NULL;
  while ((status = archive_read_next_header (reader, &entry)) == ARCHIVE_OK)
    if (!take_member (self, reader, entry, &all, cancellable, error))
      return NULL;
  if (status != ARCHIVE_EOF || self->entries->len != n_entries)
    {
      refuse (error, "the bundle's table of contents is damaged");
      return NULL;
    }
  return check_manifest (self, error) ? g_steal_pointer (&self) : NULL;
}

GBytes *
pfa_bundle_read_entry (const char *path, const char *name, gsize max_length, GError **error)
{
  g_autoptr (Reader) reader = open_reader (path, error);
  struct archive_entry *entry;

  if (reader == NULL)
    return NULL;
  while (archive_read_next_header (reader, &entry) == ARCHIVE_OK)
    {
      g_autofree guint8 *bytes = NULL;
      gsize n = 0;
      la_ssize_t got = 0;

      if (g_strcmp0 (archive_entry_pathname_utf8 (entry), name) != 0)
        continue;
      bytes = g_malloc (MIN (max_length, MAX_MEMBER) + 1);
      while (n < MIN (max_length, MAX_MEMBER) &&
             (got = archive_read_data (reader, bytes + n, MIN (max_length, MAX_MEMBER) - n)) > 0)
        n += (gsize) got;
      if (got >= 0)
        return g_bytes_new_take (g_steal_pointer (&bytes), n);
      refuse (error, "the member “%s” is damaged", name);
      return NULL;
    }
  g_set_error (error, PFA_ERROR, PFA_ERROR_NOT_FOUND, "the bundle has no member “%s”", name);
  return NULL;
}
