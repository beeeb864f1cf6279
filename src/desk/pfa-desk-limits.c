/* pfa-desk-limits.c - how much one address may ask for, and how long it may keep a connection idle
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-limits.h"

#include <string.h>

#define MAX_ADDRESSES 100000
/* All are looked at no more often than this. */
#define SWEEP_US                 G_USEC_PER_SEC
#define IPV6_BYTES               16
#define IPV6_NETWORK_BYTES       8
#define OTHERS                   "*"
#define MOVED_KEY                "pfa-moved"
#define STATUS_TOO_MANY_REQUESTS 429

typedef struct
{
  double tokens;
  gint64 filled_us;
} Bucket;

struct _PfaDeskLimits
{
  GObject parent_instance;

  guint per_minute;
  GHashTable *buckets; /* address, or network → Bucket */
  gint64 swept_us;
};

G_DEFINE_FINAL_TYPE (PfaDeskLimits, pfa_desk_limits, G_TYPE_OBJECT)

static double
tokens_at (PfaDeskLimits *self, const Bucket *bucket, gint64 now_us)
{
  double minutes = (double) (now_us - bucket->filled_us) / (60.0 * G_USEC_PER_SEC);

  return MIN (bucket->tokens + minutes * self->per_minute, self->per_minute);
}

/* Full buckets say nothing; without this every address ever seen would stay. */
static gboolean
is_full (gpointer key, gpointer value, gpointer user_data)
{
  gpointer *data = user_data;
  PfaDeskLimits *self = data[0];

  return tokens_at (self, value, *(gint64 *) data[1]) >= self->per_minute;
}

/* Whose bucket it is. Whoever has one IPv6 address has the 2^64 beside it: they share one. */
static char *
dup_key (GInetAddress *address, const char *client)
{
  /* An IPv4 address as a socket for both sees it. */
  static const guint8 mapped[] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };
  g_autofree guint8 *bytes = NULL;
  g_autoptr (GInetAddress) network = NULL;

  if (address == NULL)
    return g_strdup ("?");
  if (g_inet_address_get_family (address) != G_SOCKET_FAMILY_IPV6 ||
      memcmp (g_inet_address_to_bytes (address), mapped, sizeof mapped) == 0)
    return g_strdup (client);
  bytes = g_memdup2 (g_inet_address_to_bytes (address), IPV6_BYTES);
  memset (bytes + IPV6_NETWORK_BYTES, 0, IPV6_BYTES - IPV6_NETWORK_BYTES);
  network = g_inet_address_new_from_bytes (bytes, G_SOCKET_FAMILY_IPV6);
  return g_inet_address_to_string (network);
}

/* The bucket of @key; when there are too many that are not full, they share one. */
static Bucket *
ensure_bucket (PfaDeskLimits *self, const char *key, gint64 now_us)
{
  Bucket *bucket = g_hash_table_lookup (self->buckets, key);

  if (bucket != NULL)
    return bucket;
  if (g_hash_table_size (self->buckets) >= MAX_ADDRESSES && now_us - self->swept_us >= SWEEP_US)
    {
      self->swept_us = now_us;
      g_hash_table_foreach_remove (self->buckets, is_full, (gpointer[]){ self, &now_us });
    }
  if (g_hash_table_size (self->buckets) >= MAX_ADDRESSES && !g_str_equal (key, OTHERS))
    return ensure_bucket (self, OTHERS, now_us);
  bucket = g_new0 (Bucket, 1);
  bucket->tokens = self->per_minute;
  bucket->filled_us = now_us;
  g_hash_table_insert (self->buckets, g_strdup (key), bucket);
  return bucket;
}

guint
pfa_desk_limits_take (PfaDeskLimits *self, const char *client, gint64 now_us)
{
  g_autoptr (GInetAddress) address =
      client != NULL ? g_inet_address_new_from_string (client) : NULL;
  g_autofree char *key = NULL;
  Bucket *bucket;

  if (self->per_minute == 0 || (address != NULL && g_inet_address_get_is_loopback (address)))
    return 0;
  key = dup_key (address, client);
  bucket = ensure_bucket (self, key, now_us);
  bucket->tokens = tokens_at (self, bucket, now_us);
  bucket->filled_us = now_us;
  if (bucket->tokens < 1)
    return (guint) ((1 - bucket->tokens) * 60 / self->per_minute) + 1;
  bucket->tokens -= 1;
  return 0;
}

gboolean
pfa_desk_limits_pass (PfaDeskServer *desk, SoupServerMessage *message)
{
  PfaDeskLimits *limits = pfa_desk_server_get_part (desk, "limits");
  g_autofree char *client = pfa_desk_server_dup_client (desk, message);
  g_autofree char *seconds = NULL;
  guint wait = limits != NULL ? pfa_desk_limits_take (limits, client, g_get_monotonic_time ()) : 0;

  if (wait == 0)
    return TRUE;
  seconds = g_strdup_printf ("%u", wait);
  soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                "Retry-After",
                                seconds);
  pfa_desk_answer_problem (message,
                           STATUS_TOO_MANY_REQUESTS,
                           "too-many",
                           "too many requests from one address");
  return FALSE;
}

typedef struct
{
  GHashTable *messages; /* SoupServerMessage, whose client has the word */
  guint idle_s;
  guint source;
} IdleWatch;

static void
idle_watch_free (gpointer data)
{
  IdleWatch *watch = data;

  g_source_remove (watch->source);
  g_hash_table_unref (watch->messages);
  g_free (watch);
}

static void
on_moved_cb (SoupServerMessage *message)
{
  gint64 *moved = g_object_get_data (G_OBJECT (message), MOVED_KEY);

  *moved = g_get_monotonic_time ();
}

/* From here on the desk has the word: looking at a bundle or waiting for an event is not idling. */
static void
on_request_complete_cb (SoupServerMessage *message, gpointer user_data)
{
  IdleWatch *watch = user_data;

  g_hash_table_remove (watch->messages, message);
}

static void
on_request_started_cb (SoupServer *soup, SoupServerMessage *message, gpointer user_data)
{
  IdleWatch *watch = user_data;

  g_object_set_data_full (G_OBJECT (message), MOVED_KEY, g_new0 (gint64, 1), g_free);
  on_moved_cb (message);
  g_hash_table_add (watch->messages, message);
  g_signal_connect (message, "got-headers", G_CALLBACK (on_moved_cb), NULL);
  g_signal_connect (message, "got-chunk", G_CALLBACK (on_moved_cb), NULL);
  g_signal_connect (message, "got-body", G_CALLBACK (on_request_complete_cb), watch);
}

static void
on_request_ended_cb (SoupServer *soup, SoupServerMessage *message, gpointer user_data)
{
  on_request_complete_cb (message, user_data);
}

static gboolean
on_tick_cb (gpointer user_data)
{
  IdleWatch *watch = user_data;
  gint64 limit = g_get_monotonic_time () - (gint64) watch->idle_s * G_USEC_PER_SEC;
  g_autoptr (GPtrArray) idle = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer message;

  g_hash_table_iter_init (&iter, watch->messages);
  while (g_hash_table_iter_next (&iter, &message, NULL))
    if (*(gint64 *) g_object_get_data (G_OBJECT (message), MOVED_KEY) < limit)
      g_ptr_array_add (idle, g_object_ref (message));
  for (guint i = 0; i < idle->len; i++)
    {
      GSocket *socket = soup_server_message_get_socket (idle->pdata[i]);

      if (socket != NULL)
        g_socket_shutdown (socket, TRUE, TRUE, NULL);
    }
  return G_SOURCE_CONTINUE;
}

void
pfa_desk_limits_watch_idle (PfaDeskServer *desk, guint idle_s)
{
  SoupServer *soup = pfa_desk_server_get_soup (desk);
  IdleWatch *watch = g_new0 (IdleWatch, 1);

  watch->messages = g_hash_table_new (NULL, NULL);
  watch->idle_s = idle_s;
  watch->source = g_timeout_add_seconds (MAX (idle_s / 4, 1), on_tick_cb, watch);
  g_signal_connect (soup, "request-started", G_CALLBACK (on_request_started_cb), watch);
  g_signal_connect (soup, "request-finished", G_CALLBACK (on_request_ended_cb), watch);
  g_signal_connect (soup, "request-aborted", G_CALLBACK (on_request_ended_cb), watch);
  g_object_set_data_full (G_OBJECT (desk), "pfa-idle-watch", watch, idle_watch_free);
}

PfaDeskLimits *
pfa_desk_limits_new (guint per_minute)
{
  PfaDeskLimits *self = g_object_new (PFA_TYPE_DESK_LIMITS, NULL);

  self->per_minute = per_minute;
  return self;
}

static void
pfa_desk_limits_finalize (GObject *object)
{
  g_hash_table_unref (PFA_DESK_LIMITS (object)->buckets);
  G_OBJECT_CLASS (pfa_desk_limits_parent_class)->finalize (object);
}

static void
pfa_desk_limits_class_init (PfaDeskLimitsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pfa_desk_limits_finalize;
}

static void
pfa_desk_limits_init (PfaDeskLimits *self)
{
  self->buckets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}
