/* pfa-lookup.c - one name asked of several name servers side by side
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-lookup.h"

#include "pfa-datagram.h"
#include "pfa-path.h"

#define DNS_PORT  53
#define RESEND_MS 700
/* A name server slower than this does not serve a payment either: terminals wait 5 s in all. */
#define SERVER_TIMEOUT_MS 3800
#define MARGIN_MS         250
/* So long the own server is waited for before another one's answer is used. */
#define OWN_PATIENCE_MS 350
#define MAX_SERVERS     8

struct _PfaLookup
{
  GObject parent_instance;

  char *name;
  GPtrArray *servers; /* (element-type PfaLookupServer) */
  GPtrArray *addresses6;
  GPtrArray *hints;
  GInetAddress *numeric;
  GPtrArray *waiting; /* (element-type GTask) */
  GCancellable *cancellable;
  guint patience;
  gboolean impatient;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PfaLookup, pfa_lookup, G_TYPE_OBJECT)

typedef struct
{
  PfaLookup *lookup;
  PfaLookupServer *server; /* owned by the lookup */
  gboolean six;
} Question;

static void
server_free (PfaLookupServer *server)
{
  g_object_unref (server->server);
  g_clear_pointer (&server->answer, pfa_dns_answer_free);
  g_free (server);
}

const PfaLookupServer *
pfa_lookup_find_server (PfaLookup *self, PfaLookupRole role, PfaLookupState state)
{
  for (guint i = 0; i < self->servers->len; i++)
    {
      const PfaLookupServer *server = g_ptr_array_index (self->servers, i);

      if (server->role == role && server->state == state)
        return server;
    }
  return NULL;
}

gboolean
pfa_lookup_has_pending (PfaLookup *self, PfaLookupRole role)
{
  return pfa_lookup_find_server (self, role, PFA_LOOKUP_PENDING) != NULL;
}

static GInetAddress *
first_address (const PfaLookupServer *server)
{
  return server != NULL ? g_ptr_array_index (server->answer->addresses, 0) : NULL;
}

/* The address to use now; NULL when there is none yet, or none at all (@final). */
static GInetAddress *
choose (PfaLookup *self, gboolean *final)
{
  GInetAddress *found;
  gboolean waits = pfa_lookup_has_pending (self, PFA_LOOKUP_OWN) && !self->impatient;

  *final = TRUE;
  if (self->numeric != NULL)
    return self->numeric;
  found = first_address (pfa_lookup_find_server (self, PFA_LOOKUP_OWN, PFA_LOOKUP_FOUND));
  if (found == NULL && waits)
    {
      *final = FALSE;
      return NULL;
    }
  if (found == NULL)
    found = first_address (pfa_lookup_find_server (self, PFA_LOOKUP_ROUTER, PFA_LOOKUP_FOUND));
  if (found == NULL)
    found = first_address (pfa_lookup_find_server (self, PFA_LOOKUP_PUBLIC, PFA_LOOKUP_FOUND));
  if (found != NULL)
    return found;
  *final = !pfa_lookup_has_pending (self, PFA_LOOKUP_OWN) &&
           !pfa_lookup_has_pending (self, PFA_LOOKUP_ROUTER) &&
           !pfa_lookup_has_pending (self, PFA_LOOKUP_PUBLIC);
  if ((*final || self->impatient) && self->hints->len > 0)
    {
      *final = TRUE;
      return g_ptr_array_index (self->hints, 0);
    }
  return NULL;
}

static void
answer_waiting (PfaLookup *self)
{
  gboolean final;
  GInetAddress *found = choose (self, &final);
  g_autoptr (GPtrArray) waiting = NULL;

  if (!final)
    return;
  waiting = g_steal_pointer (&self->waiting);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < waiting->len; i++)
    g_task_return_pointer (g_ptr_array_index (waiting, i),
                           found != NULL ? g_object_ref (found) : NULL,
                           g_object_unref);
}

static PfaLookupState
read_state (PfaLookupServer *server, const PfaDatagramResult *result)
{
  if (result->outcome == PFA_DATAGRAM_REFUSED)
    {
      server->port_closed = TRUE;
      return PFA_LOOKUP_REFUSED;
    }
  server->denied = result->outcome == PFA_DATAGRAM_DENIED;
  if (result->outcome == PFA_DATAGRAM_SILENT)
    return PFA_LOOKUP_SILENT;
  if (result->outcome != PFA_DATAGRAM_ANSWERED)
    return PFA_LOOKUP_UNREACHABLE;
  server->answer = pfa_dns_answer_parse (g_bytes_get_data (result->answer, NULL),
                                         g_bytes_get_size (result->answer));
  if (server->answer == NULL)
    return PFA_LOOKUP_FAILING;
  switch (server->answer->rcode)
    {
    case PFA_DNS_RCODE_NO_ERROR:
      return server->answer->addresses->len > 0 ? PFA_LOOKUP_FOUND : PFA_LOOKUP_EMPTY;
    case PFA_DNS_RCODE_NO_SUCH_NAME:
      return PFA_LOOKUP_NO_SUCH_NAME;
    case PFA_DNS_RCODE_REFUSED:
      return PFA_LOOKUP_REFUSED;
    default:
      return PFA_LOOKUP_FAILING;
    }
}

static void
take_addresses6 (PfaLookup *self, const PfaDatagramResult *result)
{
  g_autoptr (PfaDnsAnswer) answer = NULL;

  if (result->outcome != PFA_DATAGRAM_ANSWERED)
    return;
  answer = pfa_dns_answer_parse (g_bytes_get_data (result->answer, NULL),
                                 g_bytes_get_size (result->answer));
  for (guint i = 0; answer != NULL && i < answer->addresses->len; i++)
    {
      GInetAddress *address = g_ptr_array_index (answer->addresses, i);

      if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6)
        g_ptr_array_add (self->addresses6, g_object_ref (address));
    }
}

static void
on_answered_cb (GObject *source, GAsyncResult *async_result, gpointer user_data)
{
  g_autofree Question *question = user_data;
  g_autoptr (PfaLookup) self = question->lookup;
  g_autoptr (PfaDatagramResult) result = pfa_datagram_ask_finish (async_result, NULL);

  if (result == NULL)
    return;
  if (question->six)
    take_addresses6 (self, result);
  else
    {
      question->server->elapsed_ms =
          (result->outcome == PFA_DATAGRAM_ANSWERED ? result->elapsed_us : result->waited_us) /
          1000;
      question->server->state = read_state (question->server, result);
      answer_waiting (self);
    }
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

static void
ask (PfaLookup *self, PfaLookupServer *server, guint16 type, guint timeout_ms)
{
  Question *question = g_new0 (Question, 1);
  g_autoptr (GBytes) message =
      pfa_dns_message_build ((guint16) g_random_int (), self->name, type, 0);
  PfaDatagramPlan plan = { .address = server->server,
                           .port = DNS_PORT,
                           .question = message,
                           .vary_at = 1,
                           .echo_at = 1,
                           .resend_ms = RESEND_MS,
                           .timeout_ms = timeout_ms };

  question->lookup = g_object_ref (self);
  question->server = server;
  question->six = type == PFA_DNS_TYPE_AAAA;
  pfa_datagram_ask_async (&plan, self->cancellable, on_answered_cb, question);
}

static gboolean
has_server (PfaLookup *self, GInetAddress *address)
{
  for (guint i = 0; i < self->servers->len; i++)
    if (g_inet_address_equal (((PfaLookupServer *) g_ptr_array_index (self->servers, i))->server,
                              address))
      return TRUE;
  return FALSE;
}

static void
add_server (PfaLookup *self, GInetAddress *address, PfaLookupRole role)
{
  PfaLookupServer *server;

  if (address == NULL || self->servers->len >= MAX_SERVERS || has_server (self, address))
    return;
  server = g_new0 (PfaLookupServer, 1);
  server->server = g_object_ref (address);
  server->role = role;
  server->state = PFA_LOOKUP_PENDING;
  g_ptr_array_add (self->servers, server);
}

static gboolean
on_patience_ended_cb (gpointer user_data)
{
  PfaLookup *self = PFA_LOOKUP (user_data);

  self->patience = 0;
  self->impatient = TRUE;
  answer_waiting (self);
  return G_SOURCE_REMOVE;
}

static void
add_hints (PfaLookup *self, PfaProvider *provider)
{
  char **hints = provider != NULL && provider->known_addresses != NULL
                     ? g_hash_table_lookup (provider->known_addresses, self->name)
                     : NULL;

  for (guint i = 0; hints != NULL && hints[i] != NULL; i++)
    {
      GInetAddress *address = g_inet_address_new_from_string (hints[i]);

      if (address != NULL)
        g_ptr_array_add (self->hints, address);
    }
}

static gboolean
is_a_name (const char *name)
{
  g_autoptr (GBytes) message = pfa_dns_message_build (0, name, PFA_DNS_TYPE_A, 0);

  return message != NULL;
}

static void
begin (PfaLookup *self, PfaCheckContext *context)
{
  PfaPath *path = pfa_path_get (context);
  guint timeout = MIN (SERVER_TIMEOUT_MS, pfa_check_get_remaining_ms (context));

  timeout = timeout > 2 * MARGIN_MS ? timeout - MARGIN_MS : timeout;
  for (guint i = 0; i < path->resolvers->len; i++)
    add_server (self, g_ptr_array_index (path->resolvers, i), PFA_LOOKUP_OWN);
  add_server (self, path->gateway, PFA_LOOKUP_ROUTER);
  for (guint i = 0; i < path->public_ones->len; i++)
    add_server (self, g_ptr_array_index (path->public_ones, i), PFA_LOOKUP_PUBLIC);
  if (!is_a_name (self->name))
    {
      g_ptr_array_set_size (self->servers, 0);
      return;
    }
  for (guint i = 0; i < self->servers->len; i++)
    {
      PfaLookupServer *server = g_ptr_array_index (self->servers, i);

      ask (self, server, PFA_DNS_TYPE_A, timeout);
      if (i == 0)
        ask (self, server, PFA_DNS_TYPE_AAAA, timeout);
    }
  self->patience = g_timeout_add (OWN_PATIENCE_MS, on_patience_ended_cb, self);
}

/* The run is over: nobody is asked any more. */
static void
abandon (PfaLookup *self)
{
  g_autoptr (GPtrArray) waiting = g_steal_pointer (&self->waiting);

  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < waiting->len; i++)
    g_task_return_new_error (g_ptr_array_index (waiting, i),
                             G_IO_ERROR,
                             G_IO_ERROR_CANCELLED,
                             "stopped");
  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->patience, g_source_remove);
  g_object_unref (self);
}

PfaLookup *
pfa_lookup_get (PfaCheckContext *context, const char *name)
{
  g_autofree char *key = g_strconcat ("lookup:", name, NULL);
  PfaLookup *self = pfa_check_get_shared (context, key);

  if (self != NULL)
    return self;
  self = g_object_new (PFA_TYPE_LOOKUP, NULL);
  self->name = g_strdup (name);
  self->numeric = g_inet_address_new_from_string (name);
  /* RFC 6761: this name is never asked of anybody. */
  if (self->numeric == NULL && g_ascii_strcasecmp (name, "localhost") == 0)
    self->numeric = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  add_hints (self, pfa_check_get_settings (context)->provider);
  if (self->numeric == NULL)
    begin (self, context);
  pfa_check_set_shared (context, key, self, (GDestroyNotify) abandon);
  return self;
}

const char *
pfa_lookup_get_name (PfaLookup *self)
{
  return self->name;
}

gboolean
pfa_lookup_is_numeric (PfaLookup *self)
{
  return self->numeric != NULL;
}

void
pfa_lookup_find_async (PfaLookup *self,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, pfa_lookup_find_async);
  g_ptr_array_add (self->waiting, task);
  answer_waiting (self);
}

GInetAddress *
pfa_lookup_find_finish (PfaLookup *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

guint
pfa_lookup_get_n_servers (PfaLookup *self)
{
  return self->servers->len;
}

const PfaLookupServer *
pfa_lookup_get_server (PfaLookup *self, guint index)
{
  return g_ptr_array_index (self->servers, index);
}

GPtrArray *
pfa_lookup_get_addresses6 (PfaLookup *self)
{
  return self->addresses6;
}

static void
pfa_lookup_finalize (GObject *object)
{
  PfaLookup *self = PFA_LOOKUP (object);

  g_clear_handle_id (&self->patience, g_source_remove);
  g_ptr_array_unref (self->servers);
  g_ptr_array_unref (self->addresses6);
  g_ptr_array_unref (self->hints);
  g_ptr_array_unref (self->waiting);
  g_clear_object (&self->numeric);
  g_object_unref (self->cancellable);
  g_free (self->name);
  G_OBJECT_CLASS (pfa_lookup_parent_class)->finalize (object);
}

static void
pfa_lookup_class_init (PfaLookupClass *class)
{
  G_OBJECT_CLASS (class)->finalize = pfa_lookup_finalize;
  signals[SIGNAL_CHANGED] = g_signal_new ("changed",
                                          G_TYPE_FROM_CLASS (class),
                                          G_SIGNAL_RUN_LAST,
                                          0,
                                          NULL,
                                          NULL,
                                          NULL,
                                          G_TYPE_NONE,
                                          0);
}

static void
pfa_lookup_init (PfaLookup *self)
{
  self->servers = g_ptr_array_new_with_free_func ((GDestroyNotify) server_free);
  self->addresses6 = g_ptr_array_new_with_free_func (g_object_unref);
  self->hints = g_ptr_array_new_with_free_func (g_object_unref);
  self->waiting = g_ptr_array_new_with_free_func (g_object_unref);
  self->cancellable = g_cancellable_new ();
}
