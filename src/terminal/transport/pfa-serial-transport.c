/* pfa-serial-transport.c - a terminal on a serial line, which may be a USB cable
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-serial-transport.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixinputstream.h>
#include <gio/gunixoutputstream.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "pfa-error.h"
#include "pfa-stream-exchange.h"

struct _PfaSerialTransport
{
  GObject parent_instance;

  char *device;
  guint baud;
  guint stop_bits;
  int fd; /* -1: closed */
  struct termios before;
  GInputStream *input;
  GOutputStream *output;
  gboolean busy;
};

static speed_t
speed_of_baud (guint baud)
{
  switch (baud)
    {
    case 1200:
      return B1200;
    case 2400:
      return B2400;
    case 4800:
      return B4800;
    case 19200:
      return B19200;
    case 38400:
      return B38400;
    case 57600:
      return B57600;
    case 115200:
      return B115200;
    default:
      return B9600;
    }
}

static PfaError
code_of_errno (int number)
{
  switch (number)
    {
    case EACCES:
    case EPERM:
      return PFA_ERROR_PERMISSION_DENIED;
    case EBUSY:
    case EWOULDBLOCK:
      return PFA_ERROR_BUSY;
    default:
      /* ENOENT, ENXIO, ENODEV, EIO: the device is gone. */
      return PFA_ERROR_NOT_FOUND;
    }
}

static gboolean
fail (PfaSerialTransport *self, const char *what, GError **error)
{
  int number = errno;

  if (number == ENOTTY)
    {
      g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "%s is no serial line", self->device);
      return FALSE;
    }
  g_set_error (error,
               PFA_ERROR,
               code_of_errno (number),
               "%s %s: %s",
               what,
               self->device,
               g_strerror (number));
  return FALSE;
}

static gboolean
set_up_line (PfaSerialTransport *self, GError **error)
{
  struct termios line;
  int modem = TIOCM_DTR | TIOCM_RTS;

  if (tcgetattr (self->fd, &self->before) != 0)
    return fail (self, "looking at", error);
  line = self->before;
  cfmakeraw (&line);
  line.c_cflag = (line.c_cflag | CLOCAL | CREAD | CS8) & ~(tcflag_t) (CRTSCTS | PARENB | CSTOPB);
  if (self->stop_bits == 2)
    line.c_cflag |= CSTOPB;
  line.c_cc[VMIN] = 1;
  line.c_cc[VTIME] = 0;
  cfsetispeed (&line, speed_of_baud (self->baud));
  cfsetospeed (&line, speed_of_baud (self->baud));
  if (tcsetattr (self->fd, TCSANOW, &line) != 0)
    return fail (self, "setting up", error);
  /* USB lines and ptys may know neither: that is no fault. */
  ioctl (self->fd, TIOCMBIS, &modem);
  tcflush (self->fd, TCIOFLUSH);
  return TRUE;
}

/* flock() tells programs that ask; TIOCEXCL keeps out those that do not. */
static gboolean
open_line (PfaSerialTransport *self, GError **error)
{
  self->fd = open (self->device, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
  if (self->fd < 0)
    return fail (self, "opening", error);
  if (flock (self->fd, LOCK_EX | LOCK_NB) != 0)
    return fail (self, "locking", error);
  if (!set_up_line (self, error))
    return FALSE;
  ioctl (self->fd, TIOCEXCL);
  self->input = g_unix_input_stream_new (self->fd, FALSE);
  self->output = g_unix_output_stream_new (self->fd, FALSE);
  return TRUE;
}

static void
serial_close (PfaTransport *transport)
{
  PfaSerialTransport *self = PFA_SERIAL_TRANSPORT (transport);

  if (self->fd >= 0)
    {
      if (self->input != NULL)
        {
          ioctl (self->fd, TIOCNXCL);
          tcsetattr (self->fd, TCSANOW, &self->before);
        }
      close (self->fd);
      self->fd = -1;
    }
  g_clear_object (&self->input);
  g_clear_object (&self->output);
}

static void
serial_open_async (PfaTransport *transport,
                   guint timeout_ms,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  PfaSerialTransport *self = PFA_SERIAL_TRANSPORT (transport);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;

  g_task_set_source_tag (task, serial_open_async);
  if (open_line (self, &error))
    g_task_return_boolean (task, TRUE);
  else
    {
      serial_close (transport);
      g_task_return_error (task, g_steal_pointer (&error));
    }
}

static gboolean
serial_open_finish (PfaTransport *transport, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
serial_exchange_async (PfaTransport *transport,
                       GBytes *request,
                       guint timeout_ms,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  PfaSerialTransport *self = PFA_SERIAL_TRANSPORT (transport);

  if (self->fd < 0 || self->busy)
    {
      g_task_report_new_error (self,
                               callback,
                               user_data,
                               serial_exchange_async,
                               PFA_ERROR,
                               self->busy ? PFA_ERROR_BUSY : PFA_ERROR_NOT_FOUND,
                               self->busy ? "an exchange is under way" : "not open");
      return;
    }
  self->busy = TRUE;
  pfa_stream_exchange_async (G_OBJECT (self),
                             self->input,
                             self->output,
                             request,
                             timeout_ms,
                             cancellable,
                             callback,
                             user_data);
}

/* A line never hangs up by itself: its end, or EIO, is the plug that was pulled. */
static GBytes *
serial_exchange_finish (PfaTransport *transport, GAsyncResult *result, GError **error)
{
  g_autoptr (GError) failure = NULL;
  GBytes *bytes;

  if (!g_async_result_is_tagged (result, serial_exchange_async))
    PFA_SERIAL_TRANSPORT (transport)->busy = FALSE;
  bytes = pfa_stream_exchange_finish (result, &failure);
  if (g_error_matches (failure, PFA_ERROR, PFA_ERROR_INTERNAL))
    failure->code = PFA_ERROR_NOT_FOUND;
  if (failure != NULL)
    g_propagate_error (error, g_steal_pointer (&failure));
  return bytes;
}

static void
transport_iface_init (PfaTransportInterface *iface)
{
  iface->open_async = serial_open_async;
  iface->open_finish = serial_open_finish;
  iface->exchange_async = serial_exchange_async;
  iface->exchange_finish = serial_exchange_finish;
  iface->close = serial_close;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PfaSerialTransport,
                               pfa_serial_transport,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PFA_TYPE_TRANSPORT, transport_iface_init))

PfaTransport *
pfa_serial_transport_new (const char *device, guint baud, guint stop_bits)
{
  PfaSerialTransport *self = g_object_new (PFA_TYPE_SERIAL_TRANSPORT, NULL);

  self->device = g_strdup (device);
  self->baud = baud;
  self->stop_bits = stop_bits;
  return PFA_TRANSPORT (self);
}

static void
pfa_serial_transport_dispose (GObject *object)
{
  serial_close (PFA_TRANSPORT (object));

  G_OBJECT_CLASS (pfa_serial_transport_parent_class)->dispose (object);
}

static void
pfa_serial_transport_finalize (GObject *object)
{
  g_free (PFA_SERIAL_TRANSPORT (object)->device);

  G_OBJECT_CLASS (pfa_serial_transport_parent_class)->finalize (object);
}

static void
pfa_serial_transport_class_init (PfaSerialTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pfa_serial_transport_dispose;
  G_OBJECT_CLASS (klass)->finalize = pfa_serial_transport_finalize;
}

static void
pfa_serial_transport_init (PfaSerialTransport *self)
{
  self->fd = -1;
}
