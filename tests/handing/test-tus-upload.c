/* test-tus-upload.c - the upload against a server that answers by script: every status, every break
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>
#include <unistd.h>

#include "pfa-error.h"
#include "pfa-support-http.h"
#include "pfa-tus-upload.h"

#define SIZE  10
#define CHUNK 4
#define SHA   "00"

/* One request that is expected, and the answer. The last answer of a method is given again. */
typedef struct
{
  const char *method;
  guint status; /* 0: the connection is cut */
  const char *headers[6];
} Step;

typedef struct
{
  const char *name;
  const char *url; /* where an earlier attempt left off: a path, or NULL */
  Step steps[12];
  int error;            /* PfaError, or -1: it arrives */
  const char *requests; /* what was asked, in order */
  gint64 retry_after;
} Case;

#define OPTIONS_OK                                                                                 \
  {                                                                                                \
    "OPTIONS", 204, { "Tus-Extension", "creation" }                                                \
  }
#define CREATED                                                                                    \
  {                                                                                                \
    "POST", 201, { "Location", "/files/1" }                                                        \
  }
#define AT(n)                                                                                      \
  {                                                                                                \
    "Upload-Offset", n                                                                             \
  }
#define HEAD_AT(n)                                                                                 \
  {                                                                                                \
    "HEAD", 200, { "Upload-Offset", n, "Upload-Length", "10" }                                     \
  }

static const Case cases[] = {
  { "plain",
    NULL,
    { OPTIONS_OK,
      CREATED,
      { "PATCH", 204, AT ("4") },
      { "PATCH", 204, AT ("8") },
      { "PATCH", 204, AT ("10") } },
    -1,
    "OPTIONS POST PATCH@0 PATCH@4 PATCH@8",
    -1 },
  { "partial-204-is-believed",
    NULL,
    { OPTIONS_OK,
      CREATED,
      { "PATCH", 204, AT ("1") },
      { "PATCH", 204, AT ("5") },
      { "PATCH", 200, AT ("9") },
      { "PATCH", 204, AT ("10") } },
    -1,
    "OPTIONS POST PATCH@0 PATCH@1 PATCH@5 PATCH@9",
    -1 },
  { "resumed-by-head",
    "/files/1",
    { OPTIONS_OK, HEAD_AT ("7"), { "PATCH", 204, AT ("10") } },
    -1,
    "OPTIONS HEAD PATCH@7",
    -1 },
  { "all-there-already", "/files/1", { OPTIONS_OK, HEAD_AT ("10") }, -1, "OPTIONS HEAD", -1 },
  { "gone-404-begins-anew",
    "/files/0",
    { OPTIONS_OK, { "HEAD", 404, { NULL } }, CREATED, { "PATCH", 204, AT ("10") } },
    -1,
    "OPTIONS HEAD POST PATCH@0",
    -1 },
  { "expired-410-begins-anew",
    "/files/0",
    { OPTIONS_OK, { "HEAD", 410, { NULL } }, CREATED, { "PATCH", 204, AT ("10") } },
    -1,
    "OPTIONS HEAD POST PATCH@0",
    -1 },
  { "gone-while-sending",
    NULL,
    { OPTIONS_OK, CREATED, { "PATCH", 410, { NULL } }, CREATED, { "PATCH", 204, AT ("10") } },
    -1,
    "OPTIONS POST PATCH@0 POST PATCH@0",
    -1 },
  { "another-length-begins-anew",
    "/files/0",
    { OPTIONS_OK,
      { "HEAD", 200, { "Upload-Offset", "3", "Upload-Length", "99" } },
      CREATED,
      { "PATCH", 204, AT ("10") } },
    -1,
    "OPTIONS HEAD POST PATCH@0",
    -1 },
  { "conflict-409-looks-again",
    NULL,
    { OPTIONS_OK, CREATED, { "PATCH", 409, { NULL } }, HEAD_AT ("6"), { "PATCH", 204, AT ("10") } },
    -1,
    "OPTIONS POST PATCH@0 HEAD PATCH@6",
    -1 },
  { "locked-423-looks-again",
    NULL,
    { OPTIONS_OK, CREATED, { "PATCH", 423, { NULL } }, HEAD_AT ("2"), { "PATCH", 204, AT ("10") } },
    -1,
    "OPTIONS POST PATCH@0 HEAD PATCH@2",
    -1 },
  { "cut-and-resumed",
    NULL,
    { OPTIONS_OK, CREATED, { "PATCH", 0, { NULL } }, HEAD_AT ("3"), { "PATCH", 204, AT ("10") } },
    -1,
    "OPTIONS POST PATCH@0 HEAD PATCH@3",
    -1 },
  { "wrong-checksum-once",
    NULL,
    { OPTIONS_OK, CREATED, { "PATCH", 460, { NULL } }, HEAD_AT ("0"), { "PATCH", 204, AT ("10") } },
    -1,
    "OPTIONS POST PATCH@0 HEAD PATCH@0",
    -1 },
  { "wrong-checksum-three-times",
    NULL,
    { OPTIONS_OK,
      CREATED,
      { "PATCH", 460, { NULL } },
      HEAD_AT ("0"),
      { "PATCH", 460, { NULL } },
      HEAD_AT ("0"),
      { "PATCH", 460, { NULL } } },
    PFA_ERROR_REFUSED,
    "OPTIONS POST PATCH@0 HEAD PATCH@0 HEAD PATCH@0",
    -1 },
  { "nothing-kept-is-no-progress",
    NULL,
    { OPTIONS_OK,
      CREATED,
      { "PATCH", 204, AT ("0") },
      HEAD_AT ("0"),
      { "PATCH", 204, AT ("0") },
      HEAD_AT ("0"),
      { "PATCH", 204, AT ("0") } },
    PFA_ERROR_INVALID_DATA,
    "OPTIONS POST PATCH@0 HEAD PATCH@0 HEAD PATCH@0",
    -1 },
  { "offset-beyond-the-file",
    "/files/1",
    { OPTIONS_OK, HEAD_AT ("11"), CREATED, { "PATCH", 204, AT ("10") } },
    -1,
    "OPTIONS HEAD POST PATCH@0",
    -1 },
  { "too-large-by-options",
    NULL,
    { { "OPTIONS", 204, { "Tus-Max-Size", "9" } } },
    PFA_ERROR_REFUSED,
    "OPTIONS",
    -1 },
  { "too-large-413",
    NULL,
    { OPTIONS_OK, { "POST", 413, { NULL } } },
    PFA_ERROR_REFUSED,
    "OPTIONS POST",
    -1 },
  { "unauthorised-401",
    NULL,
    { OPTIONS_OK, { "POST", 401, { NULL } } },
    PFA_ERROR_REFUSED,
    "OPTIONS POST",
    -1 },
  { "no-such-place-404",
    NULL,
    { OPTIONS_OK, { "POST", 404, { NULL } } },
    PFA_ERROR_REFUSED,
    "OPTIONS POST",
    -1 },
  { "too-many-429",
    NULL,
    { OPTIONS_OK, { "POST", 429, { "Retry-After", "37" } } },
    PFA_ERROR_BUSY,
    "OPTIONS POST",
    37 },
  { "unavailable-503-with-time",
    NULL,
    { OPTIONS_OK, CREATED, { "PATCH", 503, { "Retry-After", "120" } } },
    PFA_ERROR_BUSY,
    "OPTIONS POST PATCH@0",
    120 },
  { "unavailable-503-with-date",
    NULL,
    { OPTIONS_OK,
      { "POST",
        503,
        { "Retry-After",
          "Sun, 22 Nov 2026 10:02:00 GMT",
          "Date",
          "Sun, 22 Nov 2026 10:00:00 GMT" } } },
    PFA_ERROR_BUSY,
    "OPTIONS POST",
    120 },
  { "broken-500-is-tried-again",
    NULL,
    { OPTIONS_OK,
      { "POST", 500, { NULL } },
      CREATED,
      { "PATCH", 502, { NULL } },
      HEAD_AT ("0"),
      { "PATCH", 204, AT ("10") } },
    -1,
    "OPTIONS POST POST PATCH@0 HEAD PATCH@0",
    -1 },
  { "broken-500-for-ever",
    NULL,
    { OPTIONS_OK, { "POST", 500, { NULL } }, { "POST", 500, { NULL } }, { "POST", 500, { NULL } } },
    PFA_ERROR_BUSY,
    "OPTIONS POST POST POST",
    -1 },
  { "sent-on-to-another-server",
    NULL,
    { OPTIONS_OK, { "POST", 201, { "Location", "http://127.0.0.1:1/files/1" } } },
    PFA_ERROR_UNTRUSTED,
    "OPTIONS POST",
    -1 },
  { "redirect-to-another-server",
    NULL,
    { OPTIONS_OK, { "POST", 307, { "Location", "https://other.example/files" } } },
    PFA_ERROR_UNTRUSTED,
    "OPTIONS POST",
    -1 },
  { "redirect-to-the-same-server",
    NULL,
    { OPTIONS_OK,
      { "POST", 308, { "Location", "/there/" } },
      CREATED,
      { "PATCH", 204, AT ("10") } },
    -1,
    "OPTIONS POST POST PATCH@0",
    -1 },
  { "options-not-understood",
    NULL,
    { { "OPTIONS", 405, { NULL } }, CREATED, { "PATCH", 204, AT ("10") } },
    -1,
    "OPTIONS POST PATCH@0",
    -1 },
};

typedef struct
{
  const Case *c;
  guint next;
  GString *requests;
  SoupServer *server;
  char *base;
  char *path;
  SoupSession *session;
  PfaTusUpload *upload;
  GCancellable *cancellable;
  GMainLoop *loop;
  GError *error;
  gboolean arrived;
  gboolean silent;
} Fixture;

static void
on_asked_cb (SoupServer *server,
             SoupServerMessage *message,
             const char *path,
             GHashTable *query,
             gpointer user_data)
{
  Fixture *f = user_data;
  const char *method = soup_server_message_get_method (message);
  const char *offset =
      soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                    "Upload-Offset");
  const Step *step;

  g_string_append_printf (f->requests, "%s%s", f->requests->len > 0 ? " " : "", method);
  if (g_str_equal (method, "PATCH"))
    g_string_append_printf (f->requests, "@%s", offset);
  if (f->silent)
    {
      soup_server_message_pause (message);
      return;
    }
  step = &f->c->steps[f->next++];
  g_assert_cmpstr (step->method, ==, method);
  if (step->status == 0)
    {
      g_socket_shutdown (soup_server_message_get_socket (message), TRUE, TRUE, NULL);
      return;
    }
  soup_server_message_set_status (message, step->status, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (step->headers) && step->headers[i] != NULL; i += 2)
    soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                  step->headers[i],
                                  step->headers[i + 1]);
}

static void
set_up (Fixture *f, const char *url)
{
  g_autofree char *endpoint = NULL;
  g_autofree char *known = NULL;
  GSList *uris;
  int fd;

  f->requests = g_string_new (NULL);
  f->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (f->server, NULL, on_asked_cb, f, NULL);
  g_assert_true (soup_server_listen_local (f->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  uris = soup_server_get_uris (f->server);
  f->base = g_strdup_printf ("http://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  fd = g_file_open_tmp ("pfa-tus-XXXXXX", &f->path, NULL);
  g_assert_cmpint (write (fd, "0123456789", SIZE), ==, SIZE);
  close (fd);
  f->session = pfa_support_session_new (NULL, NULL);
  f->cancellable = g_cancellable_new ();
  f->loop = g_main_loop_new (NULL, FALSE);
  endpoint = g_strconcat (f->base, "/files/", NULL);
  known = url != NULL ? g_strconcat (f->base, url, NULL) : NULL;
  f->upload = pfa_tus_upload_new (f->session, endpoint, f->path, SIZE, SHA, "name", known);
  pfa_tus_upload_set_chunk (f->upload, CHUNK);
}

static void
tear_down (Fixture *f)
{
  g_assert_finalize_object (f->upload);
  soup_server_disconnect (f->server);
  g_object_unref (f->server);
  g_object_unref (f->session);
  g_object_unref (f->cancellable);
  g_main_loop_unref (f->loop);
  g_string_free (f->requests, TRUE);
  g_unlink (f->path);
  g_free (f->path);
  g_free (f->base);
  g_clear_error (&f->error);
}

static void
on_run_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *f = user_data;

  f->arrived = pfa_tus_upload_run_finish (PFA_TUS_UPLOAD (source), result, &f->error);
  g_main_loop_quit (f->loop);
}

static void
run (Fixture *f)
{
  static const int no_pauses[] = { 0, 0, -1 };

  pfa_tus_upload_set_pauses (f->upload, no_pauses);
  pfa_tus_upload_run_async (f->upload, f->cancellable, on_run_cb, f);
  g_main_loop_run (f->loop);
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  Fixture f = { .c = c };

  set_up (&f, c->url);
  run (&f);
  g_assert_cmpstr (f.requests->str, ==, c->requests);
  if (c->error < 0)
    g_assert_no_error (f.error);
  else
    g_assert_error (f.error, PFA_ERROR, c->error);
  g_assert_cmpint (f.arrived, ==, c->error < 0);
  g_assert_cmpint (pfa_tus_upload_get_retry_after (f.upload), ==, c->retry_after);
  tear_down (&f);
}

static void
on_located_cb (PfaTusUpload *upload, const char *url, gpointer user_data)
{
  g_ptr_array_add (user_data, g_strdup (url != NULL ? strrchr (url, '/') : "none"));
}

static void
test_place_is_told_and_taken_back (void)
{
  static const Case c = {
    "located",
    "/files/0",
    { OPTIONS_OK, { "HEAD", 404, { NULL } }, CREATED, { "PATCH", 204, AT ("10") } },
    -1,
    NULL,
    -1
  };
  g_autoptr (GPtrArray) told = g_ptr_array_new_with_free_func (g_free);
  Fixture f = { .c = &c };

  set_up (&f, c.url);
  g_signal_connect (f.upload, "located", G_CALLBACK (on_located_cb), told);
  run (&f);
  g_assert_cmpuint (told->len, ==, 2);
  g_assert_cmpstr (told->pdata[0], ==, "none");
  g_assert_cmpstr (told->pdata[1], ==, "/1");
  tear_down (&f);
}

static gboolean
on_time_to_cancel_cb (gpointer user_data)
{
  Fixture *f = user_data;

  if (f->requests->len == 0)
    return G_SOURCE_CONTINUE;
  g_cancellable_cancel (f->cancellable);
  return G_SOURCE_REMOVE;
}

static void
test_cancel_while_silent (void)
{
  static const Case c = { "cancel", NULL, { OPTIONS_OK }, -1, NULL, -1 };
  Fixture f = { .c = &c, .silent = TRUE };

  set_up (&f, NULL);
  g_idle_add (on_time_to_cancel_cb, &f);
  run (&f);
  g_assert_error (f.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  tear_down (&f);
}

static void
test_silence_ends (void)
{
  static const Case c = { "silence", NULL, { OPTIONS_OK }, -1, NULL, -1 };
  Fixture f = { .c = &c, .silent = TRUE };

  set_up (&f, NULL);
  soup_session_set_timeout (f.session, 1);
  run (&f);
  g_assert_error (f.error, PFA_ERROR, PFA_ERROR_TIMED_OUT);
  tear_down (&f);
}

static void
test_no_server_is_no_line (void)
{
  static const Case c = { "nobody", NULL, { OPTIONS_OK }, -1, NULL, -1 };
  Fixture f = { .c = &c };

  set_up (&f, NULL);
  soup_server_disconnect (f.server);
  run (&f);
  g_assert_error (f.error, PFA_ERROR, PFA_ERROR_UNREACHABLE);
  g_assert_cmpstr (f.requests->str, ==, "");
  tear_down (&f);
}

static void
test_addresses (void)
{
  static const char *const good[] = { "https://a.example/x",
                                      "http://127.0.0.1:80/",
                                      "http://[::1]/",
                                      "http://localhost:1/" };
  static const char *const bad[] = {
    "http://a.example/", "http://192.168.1.1/", "ftp://a/", "", "http://127.0.0.1.evil.example/",
    "https://",          "file:///etc/passwd"
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (pfa_support_check_url (good[i], NULL));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (pfa_support_check_url (bad[i], NULL));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strconcat ("/support/tus-upload/", cases[i].name, NULL);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/support/tus-upload/place-is-told-and-taken-back",
                   test_place_is_told_and_taken_back);
  g_test_add_func ("/support/tus-upload/cancel-while-silent", test_cancel_while_silent);
  g_test_add_func ("/support/tus-upload/silence-ends", test_silence_ends);
  g_test_add_func ("/support/tus-upload/no-server-is-no-line", test_no_server_is_no_line);
  g_test_add_func ("/support/tus-upload/addresses", test_addresses);
  return g_test_run ();
}
