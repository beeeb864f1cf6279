/* pfa-probe-wait.c - a task that waits for one socket: until it speaks, for too long, or stopped
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-probe-wait.h"

#include <errno.h>
#include <unistd.h>

static void
source_end (GSource *source)
{
  g_source_destroy (source);
  g_source_unref (source);
}

int
pfa_probe_wait_open (PfaProbeWait *self,
                     int type,
                     GInetAddress *address,
                     guint16 port,
                     int link,
                     const PfaSocketOptions *options)
{
  self->fd = pfa_packet_socket_open (g_inet_address_get_family (address), type, 0, options);
  return self->fd >= 0 ? pfa_packet_socket_connect (self->fd, address, port, link) : errno;
}

static gboolean
on_cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  g_autoptr (GTask) task = g_object_ref (G_TASK (user_data));
  PfaProbeWait *self = g_task_get_task_data (task);

  if (self->sources == NULL)
    return G_SOURCE_REMOVE; /* has ended */
  pfa_probe_wait_end (self);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "stopped");
  return G_SOURCE_REMOVE;
}

static void
attach (GTask *task, GSource *source, GSourceFunc callback)
{
  PfaProbeWait *self = g_task_get_task_data (task);

  g_source_set_callback (source, callback, g_object_ref (task), g_object_unref);
  g_source_attach (source, g_task_get_context (task));
  g_ptr_array_add (self->sources, source);
}

void
pfa_probe_wait_begin (GTask *task,
                      GIOCondition condition,
                      GUnixFDSourceFunc on_event,
                      guint timeout_ms,
                      GSourceFunc on_timeout)
{
  PfaProbeWait *self = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  self->sources = g_ptr_array_new_with_free_func ((GDestroyNotify) source_end);
  attach (task, g_unix_fd_source_new (self->fd, condition), G_SOURCE_FUNC (on_event));
  attach (task, g_timeout_source_new (timeout_ms), on_timeout);
  if (cancellable != NULL)
    attach (task, g_cancellable_source_new (cancellable), G_SOURCE_FUNC (on_cancelled_cb));
}

void
pfa_probe_wait_add_timer (GTask *task, guint interval_ms, GSourceFunc on_due)
{
  attach (task, g_timeout_source_new (interval_ms), on_due);
}

void
pfa_probe_wait_end (PfaProbeWait *self)
{
  g_clear_pointer (&self->sources, g_ptr_array_unref);
}

void
pfa_probe_wait_clear (PfaProbeWait *self)
{
  pfa_probe_wait_end (self);
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
}
