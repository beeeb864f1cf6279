/* pfa-sampler.c - many small questions at a steady pace: how many come back, and how quickly
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-sampler.h"

#include <glib-unix.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pfa-dns-message.h"
#include "pfa-packet-socket.h"
#include "pfa-ping.h"

#define DNS_PORT    53
#define MAX_SAMPLES 220
/* More than these on their way look like a queue that our own questions fill. */
#define MANY_UNDERWAY      24
#define SLOW_INTERVAL_US   20000
#define STRAGGLER_FLOOR_MS 120
#define STRAGGLER_FACTOR   3.0
#define LOOK_AGAIN_MS      10
#define ECHO_PAYLOAD       24
/* What a timer may be late each time. */
#define LATENESS_US 1500

typedef struct
{
  GInetAddress *address;
  int fd;
  gboolean raw;
  GSource *watch;
} Target;

struct _PfaSampler
{
  GObject parent_instance;

  PfaSamplerKind kind;
  GPtrArray *targets; /* (element-type Target) */
  int link;
  char *link_name;
  char *name;
  const char *method;
  guint16 id;
  guint sent;
  guint received;
  guint duplicates;
  gint64 sent_us[MAX_SAMPLES];
  double round_trip[MAX_SAMPLES]; /* ms, negative: none yet */

  GTask *task; /* the run under way */
  GSource *timer;
  guint left;
  guint interval_us;
  guint patience_ms;
  gint64 last_sent_us;
  gint64 send_until_us;
};

G_DEFINE_FINAL_TYPE (PfaSampler, pfa_sampler, G_TYPE_OBJECT)

static void
target_free (Target *target)
{
  if (target->watch != NULL)
    g_source_destroy (target->watch);
  g_clear_pointer (&target->watch, g_source_unref);
  if (target->fd >= 0)
    close (target->fd);
  g_object_unref (target->address);
  g_free (target);
}

static guint16
compute_checksum (const guint8 *data, gsize size)
{
  guint32 sum = 0;

  for (gsize i = 0; i < size; i += 2)
    sum += (guint32) (data[i] << 8) + (i + 1 < size ? data[i + 1] : 0);
  while (sum >> 16 != 0)
    sum = (sum & 0xFFFF) + (sum >> 16);
  return (guint16) ~sum;
}

static gboolean
send_echo (PfaSampler *self, Target *target, guint number)
{
  gboolean v6 = g_inet_address_get_family (target->address) == G_SOCKET_FAMILY_IPV6;
  guint8 message[8 + ECHO_PAYLOAD] = { 0 };
  guint16 sum;

  message[0] = v6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO;
  message[4] = (guint8) (self->id >> 8);
  message[5] = (guint8) self->id;
  message[6] = (guint8) (number >> 8);
  message[7] = (guint8) number;
  sum = v6 ? 0 : compute_checksum (message, sizeof message);
  message[2] = (guint8) (sum >> 8);
  message[3] = (guint8) sum;
  return send (target->fd, message, sizeof message, 0) >= 0;
}

static gboolean
send_question (PfaSampler *self, Target *target, guint number)
{
  g_autoptr (GBytes) question =
      pfa_dns_message_build ((guint16) (self->id + number), self->name, PFA_DNS_TYPE_A, 0);

  return question != NULL &&
         send (target->fd, g_bytes_get_data (question, NULL), g_bytes_get_size (question), 0) >= 0;
}

/* The number of the question that a received packet answers; -1: not ours. */
static int
read_number (PfaSampler *self, Target *target, const guint8 *data, gsize size)
{
  gboolean v6 = g_inet_address_get_family (target->address) == G_SOCKET_FAMILY_IPV6;
  guint number;

  if (self->kind == PFA_SAMPLER_NAME)
    {
      if (size < 12 || (data[2] & 0x80) == 0)
        return -1;
      number = (guint16) ((data[0] << 8 | data[1]) - self->id);
      return number < self->sent ? (int) number : -1;
    }
  if (target->raw && !v6)
    {
      gsize header = size > 0 ? (gsize) (data[0] & 0x0F) * 4 : 0;

      if (size < header + 8)
        return -1;
      data += header;
      size -= header;
    }
  if (size < 8 || data[0] != (v6 ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY))
    return -1;
  if (target->raw && (data[4] << 8 | data[5]) != self->id)
    return -1;
  number = (guint) (data[6] << 8 | data[7]);
  return number < self->sent ? (int) number : -1;
}

static gboolean
on_readable_cb (int fd, GIOCondition condition, gpointer user_data)
{
  PfaSampler *self = PFA_SAMPLER (user_data);
  Target *target = NULL;
  guint8 buffer[2048];
  gint64 arrived;
  gssize got;

  for (guint i = 0; i < self->targets->len; i++)
    if (((Target *) g_ptr_array_index (self->targets, i))->fd == fd)
      target = g_ptr_array_index (self->targets, i);
  if (target == NULL)
    return G_SOURCE_REMOVE;
  while ((got = pfa_packet_socket_receive (fd, buffer, sizeof buffer, &arrived)) >= 0)
    {
      int number = read_number (self, target, buffer, (gsize) got);

      if (number < 0)
        continue;
      if (self->round_trip[number] >= 0)
        {
          self->duplicates++;
          continue;
        }
      self->round_trip[number] = (double) MAX (0, arrived - self->sent_us[number]) / 1000.0;
      self->received++;
    }
  if ((condition & G_IO_ERR) != 0)
    {
      PfaSocketTrouble trouble;

      while (pfa_packet_socket_take_trouble (fd, &trouble))
        pfa_socket_trouble_clear (&trouble);
    }
  return G_SOURCE_CONTINUE;
}

static gboolean
open_target (PfaSampler *self, Target *target)
{
  GSocketFamily family = g_inet_address_get_family (target->address);
  guint16 port = self->kind == PFA_SAMPLER_NAME ? DNS_PORT : 0;

  if (target->fd >= 0)
    return TRUE;
  target->fd = self->kind == PFA_SAMPLER_NAME ? pfa_packet_socket_open (family, SOCK_DGRAM, 0, NULL)
                                              : pfa_packet_socket_open_echo (family, &target->raw);
  if (target->fd < 0)
    return FALSE;
  if (pfa_packet_socket_connect (target->fd, target->address, port, self->link) != 0)
    {
      close (target->fd);
      target->fd = -1;
      return FALSE;
    }
  target->watch = g_unix_fd_source_new (target->fd, G_IO_IN | G_IO_ERR);
  g_source_set_callback (target->watch, G_SOURCE_FUNC (on_readable_cb), self, NULL);
  g_source_attach (target->watch, g_main_context_get_thread_default ());
  return TRUE;
}

static void
send_next (PfaSampler *self)
{
  Target *target = g_ptr_array_index (self->targets, self->sent % self->targets->len);
  guint number = self->sent++;

  self->sent_us[number] = g_get_real_time ();
  self->round_trip[number] = -1;
  self->last_sent_us = g_get_monotonic_time ();
  self->left--;
  /* What the kernel refuses counts as lost: it is. */
  if (self->kind == PFA_SAMPLER_NAME)
    send_question (self, target, number);
  else
    send_echo (self, target, number);
}

static void
finish (PfaSampler *self)
{
  g_autoptr (GTask) task = g_steal_pointer (&self->task);

  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  if (task != NULL)
    g_task_return_boolean (task, TRUE);
}

/* How long after the last question an answer may still be expected. */
static double
expected_ms (PfaSampler *self)
{
  PfaSamplerStatistics seen;

  pfa_sampler_get_statistics (self, &seen);
  if (seen.received == 0)
    return self->patience_ms;
  return CLAMP (STRAGGLER_FACTOR * seen.p90, STRAGGLER_FLOOR_MS, self->patience_ms);
}

static gboolean on_timer_cb (gpointer user_data);

static void
set_timer (PfaSampler *self, guint delay_us)
{
  g_source_set_ready_time (self->timer, g_get_monotonic_time () + delay_us);
}

static gboolean
on_timer_cb (gpointer user_data)
{
  g_autoptr (PfaSampler) self = g_object_ref (PFA_SAMPLER (user_data));
  gint64 waited_us;

  if (self->left > 0 && g_get_monotonic_time () < self->send_until_us)
    {
      send_next (self);
      set_timer (self,
                 self->sent - self->received > MANY_UNDERWAY
                     ? MAX (self->interval_us, SLOW_INTERVAL_US)
                     : self->interval_us);
      return G_SOURCE_CONTINUE;
    }
  waited_us = g_get_monotonic_time () - self->last_sent_us;
  if (self->received >= self->sent || (double) waited_us / 1000 >= expected_ms (self))
    {
      finish (self);
      return G_SOURCE_REMOVE;
    }
  set_timer (self, LOOK_AGAIN_MS * 1000);
  return G_SOURCE_CONTINUE;
}

static gboolean
dispatch_timer (GSource *source, GSourceFunc callback, gpointer user_data)
{
  g_source_set_ready_time (source, -1);
  return callback (user_data);
}

static GSourceFuncs timer_functions = { .dispatch = dispatch_timer };

static void
on_pinged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaSampler) self = PFA_SAMPLER (user_data);
  g_autoptr (PfaPingResult) pinged = pfa_ping_finish (result, NULL);
  guint first = self->sent;
  guint sent = self->left;

  if (self->task == NULL)
    return;
  /* Stopped while it was still sending: its last one may be on its way. */
  if (pinged != NULL && pinged->sent > 0 && pinged->sent < sent)
    sent = pinged->sent - 1;
  for (guint i = 0; i < sent && self->sent < MAX_SAMPLES; i++)
    self->round_trip[self->sent++] = -1;
  self->left = 0;
  for (guint i = 0; pinged != NULL && i < pinged->answers->len; i++)
    {
      PfaPingAnswer *answer = &g_array_index (pinged->answers, PfaPingAnswer, i);
      guint number = first + answer->number - 1;

      if (answer->number < 1 || number >= self->sent)
        continue;
      if (self->round_trip[number] >= 0)
        self->duplicates++;
      else
        {
          self->round_trip[number] = answer->round_trip_ms;
          self->received++;
        }
    }
  finish (self);
}

static void
run_ping (PfaSampler *self)
{
  Target *target = g_ptr_array_index (self->targets, 0);

  self->method = "ping";
  pfa_ping_async (target->address,
                  self->link != 0 ? self->link_name : NULL,
                  self->left,
                  self->interval_us,
                  self->patience_ms,
                  g_task_get_cancellable (self->task),
                  on_pinged_cb,
                  g_object_ref (self));
}

static gboolean
on_cancelled_cb (GCancellable *cancellable, gpointer user_data)
{
  GTask *task = G_TASK (user_data);
  PfaSampler *self = g_task_get_source_object (task);

  if (self->task != task)
    return G_SOURCE_REMOVE;
  g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  g_clear_object (&self->task);
  g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "stopped");
  return G_SOURCE_REMOVE;
}

static gboolean
open_targets (PfaSampler *self)
{
  guint open = 0;

  for (guint i = 0; i < self->targets->len; i++)
    open += open_target (self, g_ptr_array_index (self->targets, i)) ? 1 : 0;
  return open > 0;
}

PfaSampler *
pfa_sampler_new (PfaSamplerKind kind,
                 GPtrArray *addresses,
                 int link,
                 const char *link_name,
                 const char *name)
{
  PfaSampler *self = g_object_new (PFA_TYPE_SAMPLER, NULL);

  self->kind = kind;
  self->link = link;
  self->link_name = g_strdup (link_name);
  self->name = g_strdup (name);
  self->method = kind == PFA_SAMPLER_NAME ? "dns" : "icmp";
  for (guint i = 0; i < addresses->len; i++)
    {
      Target *target = g_new0 (Target, 1);

      target->address = g_object_ref (g_ptr_array_index (addresses, i));
      target->fd = -1;
      g_ptr_array_add (self->targets, target);
    }
  return self;
}

void
pfa_sampler_run_async (PfaSampler *self,
                       guint count,
                       guint interval_us,
                       guint patience_ms,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, pfa_sampler_run_async);
  self->left = MIN (count, MAX_SAMPLES - self->sent);
  self->interval_us = interval_us;
  self->patience_ms = patience_ms;
  self->send_until_us = g_get_monotonic_time () + (gint64) self->left * (interval_us + LATENESS_US);
  if (self->task != NULL || self->left == 0 || self->targets->len == 0)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  self->task = g_object_ref (task);
  self->timer = g_source_new (&timer_functions, sizeof (GSource));
  g_source_set_callback (self->timer, on_timer_cb, self, NULL);
  g_source_attach (self->timer, g_task_get_context (task));
  if (cancellable != NULL)
    {
      g_autoptr (GSource) stop = g_cancellable_source_new (cancellable);

      g_task_attach_source (task, stop, G_SOURCE_FUNC (on_cancelled_cb));
    }
  if (open_targets (self))
    set_timer (self, 0);
  else if (self->kind == PFA_SAMPLER_ECHO && pfa_ping_is_available ())
    run_ping (self);
  else
    {
      self->method = "none";
      finish (self);
    }
}

gboolean
pfa_sampler_run_finish (PfaSampler *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

guint
pfa_sampler_get_received (PfaSampler *self)
{
  return self->received;
}

void
pfa_sampler_get_statistics (PfaSampler *self, PfaSamplerStatistics *statistics)
{
  pfa_sampler_compute (self->round_trip, self->sent, statistics);
  statistics->duplicates = self->duplicates;
  statistics->method = self->method;
}

static void
pfa_sampler_finalize (GObject *object)
{
  PfaSampler *self = PFA_SAMPLER (object);

  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  g_ptr_array_unref (self->targets);
  g_free (self->link_name);
  g_free (self->name);
  G_OBJECT_CLASS (pfa_sampler_parent_class)->finalize (object);
}

static void
pfa_sampler_class_init (PfaSamplerClass *class)
{
  G_OBJECT_CLASS (class)->finalize = pfa_sampler_finalize;
}

static void
pfa_sampler_init (PfaSampler *self)
{
  self->targets = g_ptr_array_new_with_free_func ((GDestroyNotify) target_free);
  self->id = (guint16) g_random_int ();
}
