/* pfa-terminal-session.c - connect, ask, close: one status read of one terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-terminal-session.h"

#include <string.h>

#include "pfa-conversation.h"
#include "pfa-dialogue.h"
#include "pfa-error.h"
#include "pfa-https-transport.h"
#include "pfa-secret-store.h"
#include "pfa-serial-transport.h"
#include "pfa-tcp-transport.h"
#include "pfa-terminal-address.h"
#include "pfa-terminal-finder.h"

/* A terminal in the same shop answers a connection in milliseconds; two lost packets cost 3 s. */
#define OPEN_TIMEOUT_MS 4000

typedef struct
{
  PfaTerminalAddress *address;
  PfaTerminalOptions *options;
  PfaTerminalStatus *status;
  PfaDialogue *dialogue;
  PfaTransport *transport;
  gint64 begun;       /* µs since 1970 */
  gint64 started;     /* µs, monotonic, as all that follows */
  gint64 end;         /* of the whole read */
  gint64 answer_end;  /* of the protocol's wait; 0: none */
  PfaWait awaited;    /* which wait the exchange under way stands for */
  gboolean last_wait; /* the whole read's own end comes first */
  GSource *enough;
} Session;

static void ask (GTask *task);

static void
session_free (gpointer data)
{
  Session *self = data;

  if (self->enough != NULL)
    g_source_destroy (self->enough);
  g_clear_pointer (&self->enough, g_source_unref);
  if (self->transport != NULL)
    pfa_transport_close (self->transport);
  g_clear_object (&self->transport);
  g_clear_pointer (&self->dialogue, pfa_dialogue_free);
  g_clear_pointer (&self->status, pfa_terminal_status_free);
  pfa_terminal_address_free (self->address);
  pfa_terminal_options_free (self->options);
  g_free (self);
}

PfaTerminalOptions *
pfa_terminal_options_new (void)
{
  return g_new0 (PfaTerminalOptions, 1);
}

void
pfa_terminal_options_free (PfaTerminalOptions *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->secrets, pfa_terminal_secrets_free);
  g_clear_object (&self->transport);
  g_clear_pointer (&self->now, g_date_time_unref);
  g_clear_object (&self->enough);
  g_free (self);
}

static PfaTerminalOptions *
options_copy (const PfaTerminalOptions *options)
{
  PfaTerminalOptions *copy = pfa_terminal_options_new ();

  if (options == NULL)
    return copy;
  *copy = *options;
  copy->secrets = pfa_terminal_secrets_copy (options->secrets);
  if (copy->transport != NULL)
    g_object_ref (copy->transport);
  if (copy->now != NULL)
    g_date_time_ref (copy->now);
  if (copy->enough != NULL)
    g_object_ref (copy->enough);
  return copy;
}

static void
keep_conversation (Session *self)
{
  const PfaTerminalStatus *status = self->status;
  g_autofree char *said = pfa_conversation_build (PFA_RECORDING_TRANSPORT (self->transport),
                                                  self->address,
                                                  self->options->secrets,
                                                  self->begun);

  self->status->conversation =
      g_strdup_printf ("%s+%u.%03u ended: %s\n",
                       said,
                       status->elapsed_ms / 1000,
                       status->elapsed_ms % 1000,
                       status->problem != NULL ? status->problem : status->state);
}

/* The port is closed before anybody hears of the end. */
static void
finish (GTask *task)
{
  Session *self = g_task_get_task_data (task);

  if (self->enough != NULL)
    g_source_destroy (self->enough);
  if (self->transport != NULL)
    pfa_transport_close (self->transport);
  self->status->elapsed_ms = (guint) ((g_get_monotonic_time () - self->started) / 1000);
  if (self->transport != NULL)
    keep_conversation (self);
  g_task_return_pointer (task,
                         g_steal_pointer (&self->status),
                         (GDestroyNotify) pfa_terminal_status_free);
}

static const char *
problem_of_error (const GError *error, gboolean serial)
{
  if (error->domain != PFA_ERROR)
    return PFA_PROBLEM_NO_ROUTE;
  switch ((PfaError) error->code)
    {
    case PFA_ERROR_REFUSED:
      return PFA_PROBLEM_REFUSED;
    case PFA_ERROR_BUSY:
      return PFA_PROBLEM_HELD;
    case PFA_ERROR_PERMISSION_DENIED:
      return PFA_PROBLEM_PERMISSION;
    case PFA_ERROR_UNTRUSTED:
      return PFA_PROBLEM_TLS;
    case PFA_ERROR_INVALID_DATA:
      return PFA_PROBLEM_GARBLED;
    case PFA_ERROR_NOT_SUPPORTED:
    case PFA_ERROR_BAD_INPUT:
      return PFA_PROBLEM_NOT_SUPPORTED;
    case PFA_ERROR_TIMED_OUT:
      return PFA_PROBLEM_SILENT;
    case PFA_ERROR_NOT_FOUND:
    case PFA_ERROR_UNREACHABLE:
    case PFA_ERROR_INTERNAL:
    case PFA_ERROR_STORAGE:
    default:
      return serial ? PFA_PROBLEM_UNPLUGGED : PFA_PROBLEM_NO_ROUTE;
    }
}

static void
fail (GTask *task, GError *error)
{
  g_autoptr (GError) owned = error;
  Session *self = g_task_get_task_data (task);

  if (g_error_matches (owned, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      pfa_transport_close (self->transport);
      g_task_return_error (task, g_steal_pointer (&owned));
      return;
    }
  /* No terminal was asked: the address names something else. */
  if (self->address->link == PFA_LINK_SERIAL &&
      g_error_matches (owned, PFA_ERROR, PFA_ERROR_BAD_INPUT))
    {
      g_prefix_error (&owned, "terminal address “%s”: ", self->address->text);
      pfa_transport_close (self->transport);
      g_task_return_error (task, g_steal_pointer (&owned));
      return;
    }
  pfa_terminal_status_set_problem (self->status,
                                   problem_of_error (owned, self->address->link == PFA_LINK_SERIAL),
                                   owned->message);
  finish (task);
}

/* Which of the three ends comes first: the line's, the protocol's, the whole read's. */
static guint
choose_wait (Session *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 end = self->end;

  self->last_wait = TRUE;
  self->awaited = PFA_WAIT_ANSWER;
  if (self->answer_end != 0 && self->answer_end < end)
    {
      end = self->answer_end;
      self->last_wait = FALSE;
    }
  if (self->dialogue->line_wait_ms > 0 && now + self->dialogue->line_wait_ms * 1000 < end)
    {
      end = now + self->dialogue->line_wait_ms * 1000;
      self->awaited = PFA_WAIT_LINE;
      self->last_wait = FALSE;
    }
  return (guint) MAX ((end - now + 999) / 1000, 1);
}

/* The status was read; only the terminal's own test is not over yet. */
static gboolean
awaits_test (Session *self)
{
  return self->options->online_test && self->status->online_result == NULL &&
         self->status->problem == NULL && !g_str_equal (self->status->state, "unknown");
}

/* A status that was read stays true. */
static void
end_reading (Session *self)
{
  if (awaits_test (self))
    {
      self->status->online_unfinished = TRUE;
      pfa_dialogue_finish (self->dialogue);
    }
  else
    pfa_dialogue_fail (self->dialogue,
                       PFA_PROBLEM_SILENT,
                       "the time for reading the terminal is over");
}

static gboolean
on_enough_cb (GCancellable *cancellable, gpointer user_data)
{
  GTask *task = G_TASK (user_data);
  Session *self = g_task_get_task_data (task);

  if (self->status != NULL && awaits_test (self))
    {
      end_reading (self);
      finish (task);
    }
  return G_SOURCE_REMOVE;
}

static void
on_time_over (GTask *task)
{
  Session *self = g_task_get_task_data (task);

  if (self->last_wait)
    {
      end_reading (self);
      finish (task);
      return;
    }
  pfa_dialogue_expire (self->dialogue, self->awaited);
  ask (task);
}

static void
on_exchanged_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = NULL;
  Session *self = g_task_get_task_data (task);
  PfaSpan bytes;

  answer = pfa_transport_exchange_finish (PFA_TRANSPORT (source), result, &error);
  if (self->status == NULL)
    return; /* ended already: it was enough */
  if (self->dialogue->finished && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      finish (task);
      return;
    }
  if (g_error_matches (error, PFA_ERROR, PFA_ERROR_TIMED_OUT))
    {
      on_time_over (task);
      return;
    }
  if (error != NULL)
    {
      fail (task, g_steal_pointer (&error));
      return;
    }
  bytes.data = g_bytes_get_data (answer, &bytes.length);
  if (bytes.length > 0)
    pfa_dialogue_receive (self->dialogue, bytes);
  else if (self->address->link == PFA_LINK_SERIAL)
    pfa_dialogue_fail (self->dialogue, PFA_PROBLEM_UNPLUGGED, "the serial line ended");
  else
    pfa_dialogue_hang_up (self->dialogue);
  ask (task);
}

/* Sends what the dialogue has to say and waits for what comes next. */
static void
ask (GTask *task)
{
  Session *self = g_task_get_task_data (task);
  PfaDialogue *dialogue = self->dialogue;
  g_autoptr (GBytes) request = NULL;

  if (dialogue->finished && dialogue->out->len == 0)
    {
      finish (task);
      return;
    }
  if (dialogue->restart)
    self->answer_end = dialogue->answer_wait_ms == 0
                           ? 0
                           : g_get_monotonic_time () + dialogue->answer_wait_ms * (gint64) 1000;
  dialogue->restart = FALSE;
  /* Whoever keeps the line busy without an end is ended as well. */
  if (!dialogue->finished && g_get_monotonic_time () >= self->end)
    {
      self->last_wait = TRUE;
      on_time_over (task);
      return;
    }
  if (dialogue->out->len > 0)
    request = g_bytes_new (dialogue->out->data, dialogue->out->len);
  g_byte_array_set_size (dialogue->out, 0);
  pfa_transport_exchange_async (self->transport,
                                request,
                                dialogue->finished ? 0 : choose_wait (self),
                                g_task_get_cancellable (task),
                                on_exchanged_cb,
                                g_object_ref (task));
}

static void
on_opened_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  Session *self = g_task_get_task_data (task);
  gboolean open = pfa_transport_open_finish (PFA_TRANSPORT (source), result, &error);

  if (self->status == NULL)
    return;
  if (!open)
    {
      fail (task, g_steal_pointer (&error));
      return;
    }
  pfa_dialogue_begin (self->dialogue);
  ask (task);
}

static const char *
problem_of_usb (const PfaUsbDevice *device)
{
  if (device == NULL)
    return PFA_PROBLEM_UNPLUGGED;
  switch (device->state)
    {
    case PFA_USB_BLOCKED:
    case PFA_USB_NO_PERMISSION:
      return PFA_PROBLEM_PERMISSION;
    case PFA_USB_NO_DRIVER:
      return PFA_PROBLEM_NOT_SUPPORTED;
    case PFA_USB_HELD:
      return PFA_PROBLEM_HELD;
    case PFA_USB_OK:
    case PFA_USB_SUSPENDED:
    case PFA_USB_REAPPEARING:
    default:
      return NULL;
    }
}

/* Nothing is contacted: this is what the computer knows about the plug. */
static void
look_at_usb (GTask *task)
{
  Session *self = g_task_get_task_data (task);
  PfaTerminalStatus *status = self->status;
  g_autoptr (PfaTerminalFinder) finder = pfa_terminal_finder_new ();
  g_autoptr (PfaUsbDevice) device = pfa_terminal_finder_find (finder, self->address->usb_port);
  const char *problem = problem_of_usb (device);

  status->reached = device != NULL;
  if (problem != NULL)
    pfa_terminal_status_set_problem (status, problem, "as USB shows it");
  if (device != NULL)
    {
      const char *brand = device->brand != NULL ? device->brand : device->manufacturer_text;
      const char *model = device->model != NULL ? device->model : device->product_text;

      pfa_terminal_status_take (status, &status->brand, "brand", g_strdup (brand), "usb");
      pfa_terminal_status_take (status, &status->model, "model", g_strdup (model), "usb");
      pfa_terminal_status_take (status,
                                &status->serial,
                                "serial",
                                g_strdup (device->serial),
                                "usb");
      status->usb = pfa_usb_device_observe (device);
    }
  finish (task);
}

static PfaTransport *
make_transport (const PfaTerminalAddress *address, const PfaTerminalOptions *options)
{
  if (options->transport != NULL)
    return g_object_ref (options->transport);
  if (address->link == PFA_LINK_SERIAL)
    return pfa_serial_transport_new (address->device,
                                     address->baud,
                                     address->protocol == PFA_PROTOCOL_ZVT ? 2 : 1);
  if (address->link == PFA_LINK_HTTPS)
    return pfa_https_transport_new (address->host,
                                    address->port,
                                    options->secrets != NULL ? options->secrets->nexo_root : NULL,
                                    options->secrets != NULL ? options->secrets->nexo_name_pattern
                                                             : NULL);
  return pfa_tcp_transport_new (address->host, address->port);
}

/* @task: (transfer full) */
static void
connect_terminal (GTask *task)
{
  Session *self = g_task_get_task_data (task);
  const PfaDialogueSettings settings = {
    .address = self->address,
    .secrets = self->options->secrets,
    .online_test = self->options->online_test,
    .now = self->options->now,
  };
  g_autoptr (PfaTransport) inner = NULL;
  gint64 left_ms = MAX ((self->end - g_get_monotonic_time ()) / 1000, 1);

  if (self->options->enough != NULL)
    {
      self->enough = g_cancellable_source_new (self->options->enough);
      /* The source lives in the task's data: it must not hold the task. */
      g_source_set_callback (self->enough, G_SOURCE_FUNC (on_enough_cb), task, NULL);
      g_source_attach (self->enough, g_task_get_context (task));
    }
  self->dialogue = pfa_dialogue_new (&settings, self->status);
  inner = make_transport (self->address, self->options);
  self->transport = pfa_recording_transport_new (inner);
  self->begun = g_get_real_time ();
  pfa_transport_open_async (self->transport,
                            (guint) MIN (left_ms, OPEN_TIMEOUT_MS),
                            g_task_get_cancellable (task),
                            on_opened_cb,
                            task);
}

static gboolean
needs_secrets (Session *self)
{
  return self->options->secrets == NULL && self->options->transport == NULL &&
         (self->address->protocol == PFA_PROTOCOL_ZVT ||
          self->address->protocol == PFA_PROTOCOL_NEXO);
}

static void
on_secrets_found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  Session *self = g_task_get_task_data (task);

  self->options->secrets = pfa_secret_store_find_finish (PFA_SECRET_STORE (source), result, &error);
  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    connect_terminal (g_steal_pointer (&task));
}

static Session *
session_new (PfaTerminalAddress *address, const PfaTerminalOptions *options)
{
  Session *self = g_new0 (Session, 1);
  guint deadline_ms;

  self->address = address;
  self->options = options_copy (options);
  if (self->options->now == NULL)
    self->options->now = g_date_time_new_now_local ();
  deadline_ms = self->options->deadline_ms;
  if (deadline_ms == 0)
    deadline_ms =
        self->options->online_test ? PFA_TERMINAL_ONLINE_DEADLINE_MS : PFA_TERMINAL_DEADLINE_MS;
  self->started = g_get_monotonic_time ();
  self->end = self->started + deadline_ms * (gint64) 1000;
  self->status =
      pfa_terminal_status_new (address->text, pfa_terminal_address_get_protocol_name (address));
  self->status->experimental = pfa_terminal_address_is_experimental (address);
  return self;
}

void
pfa_terminal_session_read_async (const char *address,
                                 const PfaTerminalOptions *options,
                                 GCancellable *cancellable,
                                 GAsyncReadyCallback callback,
                                 gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;
  PfaTerminalAddress *parsed;
  Session *self;

  g_return_if_fail (address != NULL);

  g_task_set_source_tag (task, pfa_terminal_session_read_async);
  parsed = pfa_terminal_address_parse (address, &error);
  if (parsed == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  self = session_new (parsed, options);
  g_task_set_task_data (task, self, session_free);
  if (parsed->link == PFA_LINK_USB)
    look_at_usb (task);
  else if (needs_secrets (self))
    {
      g_autoptr (PfaSecretStore) store = pfa_default_secret_store_new ();

      pfa_secret_store_find_async (store,
                                   parsed->text,
                                   cancellable,
                                   on_secrets_found_cb,
                                   g_steal_pointer (&task));
    }
  else
    connect_terminal (g_steal_pointer (&task));
}

PfaTerminalStatus *
pfa_terminal_session_read_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
