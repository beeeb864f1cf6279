/* fake-desk.c - a desk in this process: tus, intake and withdrawal, with a say in every answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "fake-desk.h"

#include <string.h>
#include <sys/socket.h>

#include "pfa-json.h"

static const char *
get_header (SoupServerMessage *message, const char *name)
{
  return soup_message_headers_get_one (soup_server_message_get_request_headers (message), name);
}

static void
set_header (SoupServerMessage *message, const char *name, const char *value)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (message), name, value);
}

static void
set_offset (SoupServerMessage *message, guint offset)
{
  g_autofree char *text = g_strdup_printf ("%u", offset);

  set_header (message, "Upload-Offset", text);
}

static void
answer_json (SoupServerMessage *message, guint status, char *text)
{
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message,
                                    "application/json",
                                    SOUP_MEMORY_TAKE,
                                    text,
                                    strlen (text));
}

static void
answer_upload (FakeDesk *self, SoupServerMessage *message, const char *path)
{
  const char *method = soup_server_message_get_method (message);
  GByteArray *upload = g_hash_table_lookup (self->uploads, path);

  soup_server_message_set_status (message, 204, NULL);
  if (g_str_equal (method, "OPTIONS"))
    return;
  if (g_str_equal (method, "POST"))
    {
      g_autofree char *location =
          g_strdup_printf ("/files/%u", g_hash_table_size (self->uploads) + 1);

      g_hash_table_insert (self->uploads, g_strdup (location), g_byte_array_new ());
      set_header (message, "Location", location);
      soup_server_message_set_status (message, 201, NULL);
      return;
    }
  if (upload == NULL)
    {
      soup_server_message_set_status (message, 404, NULL);
      return;
    }
  if (g_str_equal (method, "PATCH"))
    {
      g_autoptr (GBytes) body =
          soup_message_body_flatten (soup_server_message_get_request_body (message));

      if (g_ascii_strtoull (get_header (message, "Upload-Offset"), NULL, 10) != upload->len)
        soup_server_message_set_status (message, 409, NULL);
      else
        g_byte_array_append (upload,
                             g_bytes_get_data (body, NULL),
                             (guint) g_bytes_get_size (body));
    }
  set_offset (message, upload->len);
}

static void
answer_intake (FakeDesk *self, SoupServerMessage *message)
{
  const char *key = get_header (message, "Idempotency-Key");
  g_autoptr (GBytes) body =
      soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autoptr (JsonObject) object = pfa_json_parse_object (g_bytes_get_data (body, NULL),
                                                         (gssize) g_bytes_get_size (body),
                                                         "intake",
                                                         NULL);
  JsonObject *bundle = pfa_json_peek_object (object, "bundle");
  const char *path = strstr (pfa_json_peek_string (bundle, "url"), "/files/");
  GByteArray *upload = g_hash_table_lookup (self->uploads, path);
  const char *known = g_hash_table_lookup (self->by_key, key);
  guint status = known != NULL ? 200 : 201;

  if (known == NULL &&
      (upload == NULL || upload->len != (guint) pfa_json_peek_double (bundle, "size", 0)))
    {
      answer_json (message, 409, g_strdup ("{\"error\": \"upload\"}"));
      return;
    }
  if (known == NULL)
    {
      g_hash_table_insert (self->by_key, g_strdup (key), g_strdup_printf ("T%u", ++self->made));
      known = g_hash_table_lookup (self->by_key, key);
    }
  answer_json (message,
               status,
               g_strdup_printf ("{\"ticket\": \"%s\", \"url\": \"%s/%s\", \"token\": \"t\"}",
                                known,
                                self->tickets,
                                known));
}

static const char *
get_word (SoupServerMessage *message, const char *path)
{
  const char *method = soup_server_message_get_method (message);

  if (g_str_has_prefix (path, "/files"))
    return method;
  return g_str_equal (method, "DELETE") ? "WITHDRAW" : "INTAKE";
}

static void
cut (SoupServerMessage *message)
{
  GSocket *socket = soup_server_message_get_socket (message);

  shutdown (g_socket_get_fd (socket), SHUT_RDWR);
}

static void
on_request_cb (SoupServer *server,
               SoupServerMessage *message,
               const char *path,
               GHashTable *query,
               gpointer user_data)
{
  FakeDesk *self = user_data;
  const char *word = get_word (message, path);
  FakeDeskFate fate = FAKE_DESK_ANSWER;

  g_string_append_printf (self->asked, "%s ", word);
  if (self->hook != NULL)
    fate = self->hook (self, word, self->hook_data);
  soup_server_message_set_status (message, 200, NULL);
  if (fate == FAKE_DESK_CUT_BEFORE)
    {
      cut (message);
      return;
    }
  if (g_str_has_prefix (path, "/files"))
    answer_upload (self, message, path);
  else if (g_str_equal (word, "WITHDRAW"))
    {
      self->withdrawn++;
      answer_json (message, 200, g_strdup ("{\"receipt\": \"R1\"}"));
    }
  else if (self->intake_status != 0)
    answer_json (message,
                 self->intake_status,
                 g_strdup (self->intake_body != NULL ? self->intake_body : "{}"));
  else
    answer_intake (self, message);
  if (self->retry_after != NULL)
    set_header (message, "Retry-After", self->retry_after);
  if (fate == FAKE_DESK_CUT_AFTER)
    cut (message);
}

FakeDesk *
fake_desk_new (void)
{
  FakeDesk *self = g_new0 (FakeDesk, 1);
  GSList *uris;
  g_autoptr (GError) error = NULL;

  self->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (self->server, NULL, on_request_cb, self, NULL);
  soup_server_listen_local (self->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (self->server);
  self->upload =
      g_strdup_printf ("http://127.0.0.1:%d/files/", g_uri_get_port ((GUri *) uris->data));
  self->tickets =
      g_strdup_printf ("http://127.0.0.1:%d/tickets", g_uri_get_port ((GUri *) uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  self->uploads =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_byte_array_unref);
  self->by_key = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->asked = g_string_new (NULL);
  return self;
}

void
fake_desk_free (FakeDesk *self)
{
  soup_server_disconnect (self->server);
  g_object_unref (self->server);
  g_hash_table_unref (self->uploads);
  g_hash_table_unref (self->by_key);
  g_string_free (self->asked, TRUE);
  g_free (self->upload);
  g_free (self->tickets);
  g_free (self);
}
