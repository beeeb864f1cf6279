/* pfa-desk-bus.c - what joins several desks: NATS, seen from the main loop
 *
 * libnats calls back in threads of its own; every message crosses to the main context before
 * anything else sees it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-bus.h"

#include <nats/nats.h>
#include <string.h>

#include "pfa-desk-agents.h"
#include "pfa-error.h"

#define RECONNECT_WAIT_MS 200
#define PING_INTERVAL_MS  5000

typedef struct
{
  natsSubscription *nats;
  PfaDeskBusHandler handler;
  gpointer user_data;
} Subscription;

struct _PfaDeskBus
{
  GObject parent_instance;

  char *name;
  natsConnection *connection;
  GHashTable *subscriptions; /* subject → Subscription */
  GMainContext *context;
};

/* Lives while libnats may still call: holds the bus weakly. */
typedef struct
{
  GWeakRef bus;
  char *subject;
  char *text;
} Arrival;

G_DEFINE_FINAL_TYPE (PfaDeskBus, pfa_desk_bus, G_TYPE_OBJECT)

static void
arrival_free (Arrival *arrival)
{
  g_weak_ref_clear (&arrival->bus);
  g_free (arrival->subject);
  g_free (arrival->text);
  g_free (arrival);
}

static gboolean
on_message_crossed_cb (gpointer user_data)
{
  Arrival *arrival = user_data;
  g_autoptr (PfaDeskBus) self = g_weak_ref_get (&arrival->bus);
  Subscription *subscription =
      self != NULL ? g_hash_table_lookup (self->subscriptions, arrival->subject) : NULL;

  if (subscription != NULL)
    subscription->handler (arrival->subject, arrival->text, subscription->user_data);
  return G_SOURCE_REMOVE;
}

/* In a thread of libnats. The bus lives as long as the desk, and the connection ends first. */
static void
on_message_arrived_cb (natsConnection *connection,
                       natsSubscription *subscription,
                       natsMsg *message,
                       void *closure)
{
  PfaDeskBus *self = closure;
  Arrival *arrival = g_new0 (Arrival, 1);

  g_weak_ref_init (&arrival->bus, self);
  arrival->subject = g_strdup (natsMsg_GetSubject (message));
  arrival->text = g_strndup (natsMsg_GetData (message), (gsize) natsMsg_GetDataLength (message));
  natsMsg_Destroy (message);
  g_main_context_invoke_full (self->context,
                              G_PRIORITY_DEFAULT,
                              on_message_crossed_cb,
                              arrival,
                              (GDestroyNotify) arrival_free);
}

static void
subscription_free (Subscription *subscription)
{
  natsSubscription_Destroy (subscription->nats);
  g_free (subscription);
}

PfaDeskBus *
pfa_desk_bus_new (const char *url, GError **error)
{
  g_autoptr (PfaDeskBus) self = g_object_new (PFA_TYPE_DESK_BUS, NULL);
  natsOptions *options = NULL;
  natsStatus status = natsOptions_Create (&options);

  if (status == NATS_OK)
    status = natsOptions_SetURL (options, url);
  if (status == NATS_OK)
    status = natsOptions_SetNoEcho (options, true);
  /* A frame waits for no flusher thread, and a killed desk has said what it had to say. */
  if (status == NATS_OK)
    status = natsOptions_SetSendAsap (options, true);
  if (status == NATS_OK)
    status = natsOptions_SetMaxReconnect (options, -1);
  if (status == NATS_OK)
    status = natsOptions_SetReconnectWait (options, RECONNECT_WAIT_MS);
  if (status == NATS_OK)
    status = natsOptions_SetPingInterval (options, PING_INTERVAL_MS);
  if (status == NATS_OK)
    status = natsConnection_Connect (&self->connection, options);
  natsOptions_Destroy (options);
  if (status == NATS_OK)
    return g_steal_pointer (&self);
  g_set_error (error,
               PFA_ERROR,
               PFA_ERROR_UNREACHABLE,
               "the bus at %s: %s",
               url,
               natsStatus_GetText (status));
  return NULL;
}

const char *
pfa_desk_bus_get_name (PfaDeskBus *self)
{
  return self->name;
}

gboolean
pfa_desk_bus_is_up (PfaDeskBus *self)
{
  return natsConnection_Status (self->connection) == NATS_CONN_STATUS_CONNECTED;
}

/* While the bus is away libnats keeps a bounded buffer; what does not fit is lost, and the numbers
 * of the frames show it. */
void
pfa_desk_bus_publish (PfaDeskBus *self, const char *subject, const char *text)
{
  natsStatus status = natsConnection_Publish (self->connection, subject, text, (int) strlen (text));

  if (status != NATS_OK)
    g_debug ("bus: %s", natsStatus_GetText (status));
}

void
pfa_desk_bus_subscribe (PfaDeskBus *self,
                        const char *subject,
                        PfaDeskBusHandler handler,
                        gpointer user_data)
{
  Subscription *subscription;
  natsStatus status;

  if (g_hash_table_contains (self->subscriptions, subject))
    return;
  subscription = g_new0 (Subscription, 1);
  subscription->handler = handler;
  subscription->user_data = user_data;
  g_hash_table_insert (self->subscriptions, g_strdup (subject), subscription);
  status = natsConnection_Subscribe (&subscription->nats,
                                     self->connection,
                                     subject,
                                     on_message_arrived_cb,
                                     self);
  if (status != NATS_OK)
    g_debug ("bus: %s: %s", subject, natsStatus_GetText (status));
}

void
pfa_desk_bus_unsubscribe (PfaDeskBus *self, const char *subject)
{
  g_hash_table_remove (self->subscriptions, subject);
}

static void
pfa_desk_bus_dispose (GObject *object)
{
  PfaDeskBus *self = PFA_DESK_BUS (object);

  g_hash_table_remove_all (self->subscriptions);
  if (self->connection != NULL)
    natsConnection_Close (self->connection);
  g_clear_pointer (&self->connection, natsConnection_Destroy);
  G_OBJECT_CLASS (pfa_desk_bus_parent_class)->dispose (object);
}

static void
pfa_desk_bus_finalize (GObject *object)
{
  PfaDeskBus *self = PFA_DESK_BUS (object);

  g_hash_table_unref (self->subscriptions);
  g_main_context_unref (self->context);
  g_free (self->name);
  G_OBJECT_CLASS (pfa_desk_bus_parent_class)->finalize (object);
}

static void
pfa_desk_bus_class_init (PfaDeskBusClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pfa_desk_bus_dispose;
  object_class->finalize = pfa_desk_bus_finalize;
}

static void
pfa_desk_bus_init (PfaDeskBus *self)
{
  self->name = pfa_desk_random_word (10);
  self->context = g_main_context_ref_thread_default ();
  self->subscriptions =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) subscription_free);
}
