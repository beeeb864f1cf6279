/* pfa-file-slice.c - a part of a file as a stream, never held in memory
 *
 * It says that it can be polled and is always ready: reads of a local file come from the page
 * cache, and GIO would otherwise send each 8 KiB through a thread.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-file-slice.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "pfa-error.h"

struct _PfaFileSlice
{
  GInputStream parent_instance;

  int fd;
  goffset offset;
  goffset rest;
};

static void pollable_iface_init (GPollableInputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PfaFileSlice,
                               pfa_file_slice,
                               G_TYPE_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM,
                                                      pollable_iface_init))

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

static gboolean
pfa_file_slice_is_readable (GPollableInputStream *stream)
{
  return TRUE;
}

static GSource *
pfa_file_slice_create_source (GPollableInputStream *stream, GCancellable *cancellable)
{
  g_autoptr (GSource) ready = g_timeout_source_new (0);

  g_source_set_dummy_callback (ready);
  return g_pollable_source_new_full (stream, ready, cancellable);
}

static gssize
pfa_file_slice_read_nonblocking (GPollableInputStream *stream,
                                 void *buffer,
                                 gsize count,
                                 GError **error)
{
  return pfa_file_slice_read (G_INPUT_STREAM (stream), buffer, count, NULL, error);
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
pollable_iface_init (GPollableInputStreamInterface *iface)
{
  iface->is_readable = pfa_file_slice_is_readable;
  iface->create_source = pfa_file_slice_create_source;
  iface->read_nonblocking = pfa_file_slice_read_nonblocking;
}

static void
pfa_file_slice_init (PfaFileSlice *self)
{
  self->fd = -1;
}
