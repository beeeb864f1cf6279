/* test-cancel.c - a run that is cancelled at any turn of the main loop ends at once and leaves
 * nothing
 *
 * The provider accepts and never answers, one name is not there, one resolver refuses: after a
 * given number of turns the run is cancelled, dropped or runs into its deadline, and then neither
 * timer nor socket nor object may be left. Run under valgrind and the sanitizers, it says more.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "pfa-check-run.h"
#include "pfa-json.h"

#define MAX_TURNS   200
#define EVERY_ONE   40 /* beyond so many, one in STRIDE is tried */
#define STRIDE      8
#define PATIENCE_US (10 * G_USEC_PER_SEC)

typedef enum
{
  BY_CANCELLING,
  BY_DROPPING, /* nobody waits any more and nobody holds the run */
} Way;

typedef struct
{
  GSocket *silent;
  PfaProvider *provider;
  guint answers;
  gboolean ended; /* the run has ended: nothing may be observed any more */
  GError *error;
} Fixture;

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (JsonObject) object = NULL;
  g_autofree char *text = NULL;
  guint16 port;

  self->silent =
      g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, NULL);
  g_assert_true (g_socket_bind (self->silent, any, TRUE, NULL));
  g_assert_true (g_socket_listen (self->silent, NULL));
  bound = g_socket_get_local_address (self->silent, NULL);
  port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  text = g_strdup_printf (
      "{\"format\": \"pos-first-aid-provider/1\", \"id\": \"silent\", \"name\": {\"en\": "
      "\"Silent\"},"
      " \"hosts\": [{\"role\": \"payment\", \"host\": \"127.0.0.1\", \"port\": %u, \"speaks\": "
      "\"tls\"},"
      "  {\"role\": \"health\", \"url\": \"https://127.0.0.1:%u/health\"},"
      "  {\"role\": \"echo\", \"url\": \"http://127.0.0.1:%u/echo\"}],"
      " \"control\": [\"https://none.invalid/\"],"
      " \"captive_portal_probe\": {\"url\": \"http://127.0.0.1:%u/204\", \"status\": 204},"
      " \"status_feed\": {\"kind\": \"statuspage-v2\", \"url\": \"https://127.0.0.1:%u/feed\"},"
      " \"time_servers\": [\"127.0.0.1\"], \"public_resolvers\": [\"127.0.0.99\"]}",
      port,
      port,
      port,
      port,
      port);
  object = pfa_json_parse_object (text, -1, "silent", NULL);
  self->provider = pfa_provider_new_from_json (object, "silent", NULL, NULL);
  g_assert_nonnull (self->provider);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  pfa_provider_unref (self->provider);
  g_object_unref (self->silent);
  g_clear_error (&self->error);
}

static void
on_observed_cb (PfaCheckRun *run, PfaObservation *observation, gpointer user_data)
{
  Fixture *self = user_data;

  g_assert_false (self->ended);
}

static void
on_run_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *self = user_data;

  g_clear_error (&self->error);
  pfa_check_run_finish (PFA_CHECK_RUN (source), result, &self->error);
  self->answers++;
  self->ended = TRUE;
}

static guint
count_open_files (void)
{
  g_autoptr (GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint count = 0;

  while (folder != NULL && g_dir_read_name (folder) != NULL)
    count++;
  return count;
}

/* Nothing waits in the main context: no timer, and no descriptor but its own. */
static gboolean
is_quiet (void)
{
  GMainContext *main_context = g_main_context_default ();
  GPollFD fds[8];
  int priority;
  int timeout;
  int n_fds;
  gboolean ready;

  g_assert_true (g_main_context_acquire (main_context));
  ready = g_main_context_prepare (main_context, &priority);
  n_fds = g_main_context_query (main_context, G_MAXINT, &timeout, fds, (gint) G_N_ELEMENTS (fds));
  g_main_context_release (main_context);
  return !ready && timeout == -1 && n_fds <= 1;
}

/* What still lies with a worker thread comes back, and then nothing is left. */
static void
settle (PfaCheckRun **run)
{
  gint64 until = g_get_monotonic_time () + PATIENCE_US;

  while ((*run != NULL || !is_quiet ()) && g_get_monotonic_time () < until)
    if (!g_main_context_iteration (NULL, FALSE))
      g_thread_yield ();
  g_assert_null (*run);
  g_assert_true (is_quiet ());
}

static void
run_for (Fixture *self, guint turns, Way way)
{
  PfaCheckSettings settings = { .provider = self->provider, .terminal_host = "127.0.0.1" };
  PfaCheckRun *run = pfa_check_run_new (&settings);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  self->answers = 0;
  self->ended = FALSE;
  g_signal_connect (run, "observed", G_CALLBACK (on_observed_cb), self);
  pfa_check_run_async (run, 60000, cancellable, on_run_cb, self);
  g_object_add_weak_pointer (G_OBJECT (run), (gpointer *) &run);
  if (way == BY_DROPPING)
    g_object_unref (run);
  for (guint i = 0; i < turns && self->answers == 0; i++)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (self->answers, ==, 0);
  g_cancellable_cancel (cancellable);
  while (self->answers == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  if (way == BY_CANCELLING)
    g_object_unref (run);
  settle (&run);
  g_assert_cmpuint (self->answers, ==, 1);
}

static void
test_any_turn (Fixture *self, gconstpointer data)
{
  const Way way = GPOINTER_TO_INT (data);
  gint64 until;
  guint files;

  /* What is loaded once stays: the authorities, the connection to the bus, worker threads. */
  run_for (self, MAX_TURNS / 4, way);
  files = count_open_files ();
  for (guint turns = 0; turns <= MAX_TURNS; turns += turns < EVERY_ONE ? 1 : STRIDE)
    run_for (self, turns, way);
  /* Some sockets are closed in a worker thread. */
  until = g_get_monotonic_time () + PATIENCE_US;
  while (count_open_files () > files && g_get_monotonic_time () < until)
    g_thread_yield ();
  g_assert_cmpuint (count_open_files (), <=, files);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/checks/run/cancelled-at-any-turn",
              Fixture,
              GINT_TO_POINTER (BY_CANCELLING),
              set_up,
              test_any_turn,
              tear_down);
  g_test_add ("/checks/run/dropped-at-any-turn",
              Fixture,
              GINT_TO_POINTER (BY_DROPPING),
              set_up,
              test_any_turn,
              tear_down);
  return g_test_run ();
}
