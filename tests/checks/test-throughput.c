/* test-throughput.c - how much the line carries: what is judged, what is not, and how much is read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <unistd.h>

#include "pfa-check-run.h"
#include "pfa-json.h"
#include "pfa-line-judge.h"

#define MOST_BYTES  (2 * 1000 * 1000)
#define DEADLINE_MS 20000 /* the check's own is 3 s */
#define EVER        G_MAXUINT

/* Signed by itself for 127.0.0.1, until 2120, with its key: it guards nothing but this test. */
static const char certificate_text[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgBJJmrqaosGwnGhrF\n"
    "jZnEnncmRE6k7UDcB1Ca6UDOvVOhRANCAAQKULWqNdjaN3PUNQAu47gKJs9fz3o0\n"
    "R1/F+4ySBNWSNd2Orz8CxotpIGhxbi3YXf8Lme7vBBHOz8wxZ6ykXm0f\n"
    "-----END PRIVATE KEY-----\n"
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBXTCCAQKgAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAkxMjcuMC4w\n"
    "LjEwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM\n"
    "CTEyNy4wLjAuMTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABApQtao12No3c9Q1\n"
    "AC7juAomz1/PejRHX8X7jJIE1ZI13Y6vPwLGi2kgaHFuLdhd/wuZ7u8EEc7PzDFn\n"
    "rKRebR+jQzBBMA8GA1UdEQQIMAaHBH8AAAEwDwYDVR0TAQH/BAUwAwEB/zAdBgNV\n"
    "HQ4EFgQUguKIo+ho3jMDcl36FtYZ7TaSF+cwCgYIKoZIzj0EAwIDSQAwRgIhALq2\n"
    "eJQqtcedoF65Ua7/aGyFD9VR2oYfFRsx2Qmvh5RCAiEAy/PC4df4AyI9r0TQ6N3N\n"
    "qvQOOMM0DCfTweno5lkcu6M=\n"
    "-----END CERTIFICATE-----\n";

typedef struct
{
  const char *name;
  guint status;
  gsize piece; /* so many bytes … */
  guint every_ms;
  guint pieces;      /* … so many times; EVER: without end */
  gsize announced;   /* Content-Length; 0: none */
  guint deadline_ms; /* of the run; 0: plenty */
  gboolean distrusted;
  gboolean metered;
  gboolean unnamed; /* the profile names no file */
  const char *value;
  const char *reason; /* part of it */
} LoadCase;

static const LoadCase load_cases[] = {
  { "fast", 200, 65536, 0, 48, 48 * 65536, .value = "good" },
  { "fast-part", 206, 65536, 0, 24, 24 * 65536, .value = "good" },
  { "endless", 200, 65536, 0, EVER, .value = "good" },
  { "fair", 200, 30000, 100, 10, 10 * 30000, .value = "fair" },
  { "slow", 200, 10000, 100, 12, 12 * 10000, .value = "slow" },
  { "slow-endless", 200, 8000, 100, EVER, .value = "slow" },
  { "dripping",
    200,
    500,
    50,
    EVER,
    .deadline_ms = 1200,
    .value = "cannot-check",
    .reason = "too little" },
  { "silent",
    200,
    500,
    3600 * 1000,
    EVER,
    .deadline_ms = 1200,
    .value = "cannot-check",
    .reason = "too little" },
  { "small", 200, 1000, 0, 20, 20 * 1000, .value = "cannot-check", .reason = "too little" },
  { "empty", 200, 0, 0, 0, .value = "cannot-check", .reason = "too little" },
  { "breaks-off", 200, 10000, 0, 2, 3000000, .value = "cannot-check", .reason = "too little" },
  { "not-there", 404, 65536, 0, 24, 24 * 65536, .value = "cannot-check", .reason = "given out" },
  { "busy", 503, 65536, 0, 24, 24 * 65536, .value = "cannot-check", .reason = "given out" },
  { "elsewhere", 302, 65536, 0, 24, 24 * 65536, .value = "cannot-check", .reason = "has moved" },
  { "bad-certificate",
    200,
    65536,
    0,
    24,
    24 * 65536,
    .distrusted = TRUE,
    .value = "cannot-check",
    .reason = "secure" },
  { "metered",
    200,
    65536,
    0,
    24,
    24 * 65536,
    .metered = TRUE,
    .value = "cannot-check",
    .reason = "metered" },
  { "no-file", .unnamed = TRUE, .value = "cannot-check", .reason = "names no" },
};

typedef struct
{
  SoupServer *server;
  guint16 port;
  char *trust; /* path */
  const LoadCase *load;
  guint requests;
  guint elsewhere; /* requests for where a redirection leads */
  char *range;
  GPtrArray *senders;
  PfaObservation *seen;
  GMainLoop *loop;
  GError *error;
  gboolean not_wanted; /* the run's settings do not ask for it */
} Fixture;

typedef struct
{
  Fixture *fixture;
  SoupServerMessage *message;
  guint left;
  guint timer;
} Sender;

/* ------------------------------------------------------------------ the monitor of the test */

typedef struct
{
  GObject parent_instance;
} TestMonitor;

typedef struct
{
  GObjectClass parent_class;
} TestMonitorClass;

static gboolean is_metered;

enum
{
  PROP_AVAILABLE = 1,
  PROP_METERED,
  PROP_CONNECTIVITY
};

static gboolean
test_monitor_init_initable (GInitable *self, GCancellable *cancellable, GError **error)
{
  return TRUE;
}

static void
test_monitor_initable_init (GInitableIface *iface)
{
  iface->init = test_monitor_init_initable;
}

static void
test_monitor_monitor_init (GNetworkMonitorInterface *iface)
{
}

GType test_monitor_get_type (void);
G_DEFINE_TYPE_WITH_CODE (TestMonitor,
                         test_monitor,
                         G_TYPE_OBJECT,
                         G_IMPLEMENT_INTERFACE (G_TYPE_INITABLE, test_monitor_initable_init)
                             G_IMPLEMENT_INTERFACE (G_TYPE_NETWORK_MONITOR,
                                                    test_monitor_monitor_init))

static void
test_monitor_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  if (id == PROP_CONNECTIVITY)
    g_value_set_enum (value, G_NETWORK_CONNECTIVITY_FULL);
  else
    g_value_set_boolean (value, id == PROP_METERED ? is_metered : TRUE);
}

static void
test_monitor_class_init (TestMonitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = test_monitor_get_property;
  g_object_class_override_property (object_class, PROP_AVAILABLE, "network-available");
  g_object_class_override_property (object_class, PROP_METERED, "network-metered");
  g_object_class_override_property (object_class, PROP_CONNECTIVITY, "connectivity");
}

static void
test_monitor_init (TestMonitor *self)
{
}

/* ------------------------------------------------------------------ the provider's server */

static void
sender_free (gpointer data)
{
  Sender *sender = data;

  g_clear_handle_id (&sender->timer, g_source_remove);
  g_signal_handlers_disconnect_by_data (sender->message, sender);
  g_object_unref (sender->message);
  g_free (sender);
}

static void
send_piece (Sender *sender)
{
  const LoadCase *load = sender->fixture->load;
  SoupMessageBody *body = soup_server_message_get_response_body (sender->message);

  if (sender->left > 0)
    {
      soup_message_body_append_take (body, g_malloc0 (load->piece), load->piece);
      sender->left -= sender->left != EVER ? 1 : 0;
    }
  else if (load->announced > load->piece * load->pieces)
    {
      g_autoptr (GIOStream) stream = soup_server_message_steal_connection (sender->message);

      g_io_stream_close (stream, NULL, NULL);
      return;
    }
  else
    soup_message_body_complete (body);
  soup_server_message_unpause (sender->message);
}

static gboolean
on_piece_due_cb (gpointer user_data)
{
  Sender *sender = user_data;

  sender->timer = 0;
  send_piece (sender);
  return G_SOURCE_REMOVE;
}

static void
on_wrote_cb (SoupServerMessage *message, gpointer user_data)
{
  Sender *sender = user_data;

  if (sender->timer == 0)
    sender->timer = g_timeout_add (sender->fixture->load->every_ms, on_piece_due_cb, sender);
}

static void
on_finished_cb (SoupServerMessage *message, gpointer user_data)
{
  Sender *sender = user_data;

  sender->left = 0;
  g_clear_handle_id (&sender->timer, g_source_remove);
}

static void
on_asked_cb (SoupServer *server,
             SoupServerMessage *message,
             const char *path,
             GHashTable *query,
             gpointer user_data)
{
  Fixture *self = user_data;
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (message);
  Sender *sender;

  if (!g_str_equal (path, "/file"))
    {
      self->elsewhere += g_str_equal (path, "/elsewhere") ? 1 : 0;
      soup_server_message_set_status (message, 200, NULL);
      return;
    }
  self->requests++;
  g_free (self->range);
  self->range = g_strdup (
      soup_message_headers_get_one (soup_server_message_get_request_headers (message), "Range"));
  soup_server_message_set_status (message, self->load->status, NULL);
  if (self->load->status == 302)
    soup_message_headers_replace (headers, "Location", "https://localhost/elsewhere");
  if (self->load->announced != 0)
    soup_message_headers_set_content_length (headers, (goffset) self->load->announced);
  else
    soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (message), FALSE);
  sender = g_new0 (Sender, 1);
  sender->fixture = self;
  sender->message = g_object_ref (message);
  sender->left = self->load->pieces;
  g_ptr_array_add (self->senders, sender);
  g_signal_connect (message, "wrote-headers", G_CALLBACK (on_wrote_cb), sender);
  g_signal_connect (message, "wrote-chunk", G_CALLBACK (on_wrote_cb), sender);
  g_signal_connect (message, "finished", G_CALLBACK (on_finished_cb), sender);
}

static void
set_up (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate =
      g_tls_certificate_new_from_pem (certificate_text, -1, &error);
  g_autoslist (GUri) uris = NULL;
  int fd;

  g_assert_no_error (error);
  self->load = data;
  self->server = soup_server_new ("tls-certificate", certificate, NULL);
  soup_server_add_handler (self->server, NULL, on_asked_cb, self, NULL);
  soup_server_listen_local (self->server,
                            0,
                            SOUP_SERVER_LISTEN_IPV4_ONLY | SOUP_SERVER_LISTEN_HTTPS,
                            &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->port = (guint16) g_uri_get_port (uris->data);
  fd = g_file_open_tmp ("throughput-XXXXXX.pem", &self->trust, &error);
  g_assert_no_error (error);
  close (fd);
  g_assert_true (g_file_set_contents (self->trust, certificate_text, -1, NULL));
  self->senders = g_ptr_array_new_with_free_func (sender_free);
  self->loop = g_main_loop_new (NULL, FALSE);
}

static void
tear_down (Fixture *self, gconstpointer data)
{
  g_ptr_array_unref (self->senders);
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_unlink (self->trust);
  g_free (self->trust);
  g_free (self->range);
  g_clear_pointer (&self->seen, pfa_observation_unref);
  g_main_loop_unref (self->loop);
  g_clear_error (&self->error);
  is_metered = FALSE;
}

/* ------------------------------------------------------------------ the run */

static void
on_observed_cb (PfaCheckRun *run, PfaObservation *observation, gpointer user_data)
{
  Fixture *self = user_data;

  if (!g_str_equal (observation->id, "throughput"))
    return;
  g_assert_null (self->seen);
  self->seen = pfa_observation_ref (observation);
}

static void
on_run_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *self = user_data;

  pfa_check_run_finish (PFA_CHECK_RUN (source), result, &self->error);
  g_main_loop_quit (self->loop);
}

static PfaProvider *
load_profile (Fixture *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *file =
      g_strdup_printf (",\"throughput\":{\"url\":\"https://127.0.0.1:%u/file\"}", self->port);
  g_autofree char *trust = g_strdup_printf (",\"trust\":\"%s\"", self->trust);
  g_autofree char *text = g_strdup_printf (
      "{\"format\":\"pos-first-aid-provider/1\",\"id\":\"test\",\"name\":{\"en\":\"Test\"},"
      "\"hosts\":[{\"role\":\"health\",\"url\":\"https://127.0.0.1:%u/health\"}]%s%s}",
      self->port,
      self->load->unnamed ? "" : file,
      self->load->distrusted ? "" : trust);
  g_autoptr (JsonObject) object = pfa_json_parse_object (text, -1, "profile", &error);
  PfaProvider *provider = pfa_provider_new_from_json (object, "profile", NULL, &error);

  g_assert_no_error (error);
  return provider;
}

static void
run (Fixture *self, GCancellable *cancellable)
{
  static const char *const limit[] = { "throughput", NULL };
  g_autoptr (PfaProvider) provider = load_profile (self);
  PfaCheckSettings settings = { .provider = provider, .throughput = !self->not_wanted };
  PfaCheckRun *checks = pfa_check_run_new (&settings);

  is_metered = self->load->metered;
  pfa_check_run_limit (checks, limit);
  g_signal_connect (checks, "observed", G_CALLBACK (on_observed_cb), self);
  pfa_check_run_async (checks,
                       self->load->deadline_ms != 0 ? self->load->deadline_ms : DEADLINE_MS,
                       cancellable,
                       on_run_cb,
                       self);
  g_main_loop_run (self->loop);
  g_object_add_weak_pointer (G_OBJECT (checks), (gpointer *) &checks);
  g_object_unref (checks);
  /* The authorities may still be loading. */
  while (checks != NULL)
    g_main_context_iteration (NULL, TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
test_load (Fixture *self, gconstpointer data)
{
  const LoadCase *load = data;

  run (self, NULL);
  g_assert_no_error (self->error);
  g_assert_nonnull (self->seen);
  g_test_message ("%s %s", self->seen->value, self->seen->reason);
  g_assert_cmpstr (self->seen->value, ==, load->value);
  if (load->reason != NULL)
    g_assert_nonnull (strstr (self->seen->reason, load->reason));
  else
    {
      gint64 bytes = json_object_get_int_member (self->seen->facts, "bytes");

      g_assert_cmpint (bytes, <=, MOST_BYTES);
      if (load->pieces == EVER && load->every_ms == 0)
        g_assert_cmpint (bytes, ==, MOST_BYTES);
    }
  g_assert_cmpuint (self->elsewhere, ==, 0);
  g_assert_cmpuint (self->requests, ==, load->metered || load->unnamed || load->distrusted ? 0 : 1);
  if (self->requests > 0)
    g_assert_cmpstr (self->range, ==, "bytes=0-1999999");
}

static const LoadCase silence = { "silence", 200, 1000, 3600 * 1000, EVER, .value = NULL };

/* Nothing is loaded, and nothing said, unless the settings ask for it. */
static void
test_not_wanted (Fixture *self, gconstpointer data)
{
  self->not_wanted = TRUE;
  run (self, NULL);
  g_assert_no_error (self->error);
  g_assert_null (self->seen);
  g_assert_cmpuint (self->requests, ==, 0);
}

static gboolean
on_cancel_when_asked_cb (gpointer user_data)
{
  gpointer *both = user_data;

  if (((Fixture *) both[0])->requests == 0)
    return G_SOURCE_CONTINUE;
  g_cancellable_cancel (both[1]);
  return G_SOURCE_REMOVE;
}

static void
test_cancel (Fixture *self, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gpointer both[] = { self, cancellable };

  g_timeout_add (5, on_cancel_when_asked_cb, both);
  run (self, cancellable);
  g_assert_error (self->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (self->seen->value, ==, "cannot-check");
  g_assert_cmpstr (self->seen->reason, ==, "stopped");
}

/* ------------------------------------------------------------------ the verdict alone */

static void
test_judge (void)
{
  static const struct
  {
    gsize bytes;
    guint span_us;
    const char *value;
  } cases[] = {
    { 0, 0, NULL },
    { 63999, 1000000, NULL },
    { 64000, 49999, NULL },
    { 999999, 49999, NULL },
    { 64000, 51200, "good" },
    { 1900000, 0, "good" },
    { 1900000, 3000000, "good" },
    { 625000, 1000000, "good" },
    { 624999, 1000000, "fair" },
    { 125000, 1000000, "fair" },
    { 124999, 1000000, "slow" },
    { 64000, 3000000, "slow" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (pfa_flow_judge (cases[i].bytes, cases[i].span_us), ==, cases[i].value);
}

int
main (int argc, char *argv[])
{
  /* Before anybody asks for the monitor. */
  g_setenv ("GIO_USE_NETWORK_MONITOR", "test", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_io_extension_point_register (G_NETWORK_MONITOR_EXTENSION_POINT_NAME);
  g_io_extension_point_implement (G_NETWORK_MONITOR_EXTENSION_POINT_NAME,
                                  test_monitor_get_type (),
                                  "test",
                                  0);
  for (guint i = 0; i < G_N_ELEMENTS (load_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/checks/throughput/%s", load_cases[i].name);

      g_test_add (path, Fixture, &load_cases[i], set_up, test_load, tear_down);
    }
  g_test_add ("/checks/throughput/not-asked-for",
              Fixture,
              &load_cases[0],
              set_up,
              test_not_wanted,
              tear_down);
  g_test_add ("/checks/throughput/cancelled", Fixture, &silence, set_up, test_cancel, tear_down);
  g_test_add_func ("/checks/throughput/judge", test_judge);
  return g_test_run ();
}
