/* pfa-file-slice.c - a part of a file as a stream, never held in memory
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-file-slice.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <unistd.h>

#include "pfa-error.h"

#define CHECKSUM_BLOCK_BYTES (64 * 1024)

struct _PfaFileSlice
{
  GInputStream parent_instance;

  int fd;
  goffset offset;
  goffset rest;
};

G_DEFINE_FINAL_TYPE (PfaFileSlice, pfa_file_slice, G_TYPE_INPUT_STREAM)

GInputStream *
pfa_file_slice_open (const char *path, goffset offset, goffset length, GError **error)
{
  PfaFileSlice *self;
  int fd = g_open (path, O_RDONLY | O_CLOEXEC, 0);

  if (fd < 0)
    {
      g_set_error (error, PFA_ERROR, PFA_ERROR_STORAGE, "%s: %s", path, g_strerror (errno));
      return NULL;
    }
  self = g_object_new (PFA_TYPE_FILE_SLICE, NULL);
  self->fd = fd;
  self->offset = offset;
  self->rest = length;
  return G_INPUT_STREAM (self);
}

/* OpenSSL's SHA-256 is several times as fast as GLib's. */
char *
pfa_file_slice_dup_checksum (const char *path, goffset offset, goffset length)
{
  g_autoptr (GInputStream) slice = pfa_file_slice_open (path, offset, length, NULL);
  g_autofree guint8 *block = g_malloc (CHECKSUM_BLOCK_BYTES);
  g_autofree char *base64 = NULL;
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  guint8 digest[EVP_MAX_MD_SIZE];
  guint digest_length = 0;
  gssize count = -1;

  if (slice != NULL && EVP_DigestInit_ex (context, EVP_sha256 (), NULL) == 1)
    while ((count = g_input_stream_read (slice, block, CHECKSUM_BLOCK_BYTES, NULL, NULL)) > 0)
      EVP_DigestUpdate (context, block, (gsize) count);
  if (count == 0)
    EVP_DigestFinal_ex (context, digest, &digest_length);
  EVP_MD_CTX_free (context);
  if (digest_length == 0)
    return NULL;
  base64 = g_base64_encode (digest, digest_length);
  return g_strconcat ("sha256 ", base64, NULL);
}

static gssize
pfa_file_slice_read (GInputStream *stream,
                     void *buffer,
                     gsize count,
                     GCancellable *cancellable,
                     GError **error)
{
  PfaFileSlice *self = PFA_FILE_SLICE (stream);
  gssize length;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return -1;
  count = (gsize) MIN ((goffset) count, self->rest);
  if (count == 0)
    return 0;
  do
    length = pread (self->fd, buffer, count, self->offset);
  while (length < 0 && errno == EINTR);
  if (length <= 0)
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_STORAGE,
                   "reading the bundle: %s",
                   length < 0 ? g_strerror (errno) : "the file became shorter");
      return -1;
    }
  self->offset += length;
  self->rest -= length;
  return length;
}

static void
pfa_file_slice_finalize (GObject *object)
{
  close (PFA_FILE_SLICE (object)->fd);
  G_OBJECT_CLASS (pfa_file_slice_parent_class)->finalize (object);
}

static void
pfa_file_slice_class_init (PfaFileSliceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pfa_file_slice_finalize;
  G_INPUT_STREAM_CLASS (klass)->read_fn = pfa_file_slice_read;
}

static void
pfa_file_slice_init (PfaFileSlice *self)
{
  self->fd = -1;
}
