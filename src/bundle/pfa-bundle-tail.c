/* pfa-bundle-tail.c - the end of a file as it was when it was opened
 *
 * A log goes on growing while it is being shown: what is sent is what was shown.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-bundle-tail.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pfa-error.h"

#define LONGEST_LINE (64 * 1024)

struct _PfaBundleTail
{
  GInputStream parent_instance;
  int fd;
  guint64 position;
  guint64 end;
};

G_DEFINE_FINAL_TYPE (PfaBundleTail, pfa_bundle_tail, G_TYPE_INPUT_STREAM)

gboolean
pfa_bundle_tail_open (const char *path, int *fd, guint64 *size, GError **error)
{
  struct stat about;

  *fd = g_open (path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
  if (*fd < 0)
    {
      g_set_error (error,
                   PFA_ERROR,
                   errno == ENOENT ? PFA_ERROR_NOT_FOUND : PFA_ERROR_PERMISSION_DENIED,
                   "the log cannot be opened: %s",
                   g_strerror (errno));
      return FALSE;
    }
  if (fstat (*fd, &about) == 0 && S_ISREG (about.st_mode))
    {
      *size = (guint64) about.st_size;
      return TRUE;
    }
  g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "the log is no ordinary file");
  close (*fd);
  *fd = -1;
  return FALSE;
}

static gssize
pfa_bundle_tail_read (GInputStream *stream,
                      void *buffer,
                      gsize count,
                      GCancellable *cancellable,
                      GError **error)
{
  PfaBundleTail *self = PFA_BUNDLE_TAIL (stream);
  gssize n;

  do
    n = pread (self->fd,
               buffer,
               (gsize) MIN (count, self->end - self->position),
               (off_t) self->position);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    g_set_error (error,
                 PFA_ERROR,
                 PFA_ERROR_STORAGE,
                 "the log cannot be read: %s",
                 g_strerror (errno));
  else
    self->position += (guint64) n;
  return n;
}

GInputStream *
pfa_bundle_tail_new (int fd, guint64 offset, guint64 end)
{
  PfaBundleTail *self = g_object_new (PFA_TYPE_BUNDLE_TAIL, NULL);
  g_autofree char *line = NULL;
  gssize n;

  self->fd = fd;
  self->position = offset;
  self->end = MAX (offset, end);
  if (offset > 0)
    {
      const char *newline;

      line = g_malloc (LONGEST_LINE);
      n = pread (fd, line, (gsize) MIN (LONGEST_LINE, self->end - offset), (off_t) offset);
      newline = n > 0 ? memchr (line, '\n', (gsize) n) : NULL;
      if (newline != NULL)
        self->position += (guint64) (newline - line) + 1;
    }
  return G_INPUT_STREAM (self);
}

static void
pfa_bundle_tail_class_init (PfaBundleTailClass *klass)
{
  G_INPUT_STREAM_CLASS (klass)->read_fn = pfa_bundle_tail_read;
}

static void
pfa_bundle_tail_init (PfaBundleTail *self)
{
  self->fd = -1;
}
