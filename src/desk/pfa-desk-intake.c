/* pfa-desk-intake.c - POST /tickets: an uploaded bundle becomes a ticket, once
 *
 * The bundle is looked at in a thread. What passed waits for the next turn of the main loop, where
 * all that came meanwhile is written in one transaction: under load one fsync serves many tickets.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-intake.h"

#include <glib/gstdio.h>
#include <string.h>

#include "pfa-desk-arrival.h"
#include "pfa-desk-limits.h"
#include "pfa-desk-log.h"
#include "pfa-desk-tickets.h"
#include "pfa-desk-uploads.h"
#include "pfa-error.h"
#include "pfa-json.h"

#define MAX_BUNDLES_A_TICKET 20
#define STORAGE_RETRY_S      "60"

/* One request on its way to a ticket. */
typedef struct
{
  PfaDeskServer *desk;
  SoupServerMessage *message;
  PfaIntakeRequest *request;
  char *key;
  char *upload_id;
  char *path; /* where the bundle lies now, below the data folder */
  /* What is answered once the transaction is on the disk. */
  guint status;
  char *ticket;
  gint64 ticket_id;
  const char *discarded;
} Intake;

struct _PfaDeskIntake
{
  GObject parent_instance;

  PfaDeskServer *desk; /* not owned: it owns this */
  GPtrArray *waiting;  /* (element-type Intake) for the next transaction */
  guint source;
  PfaDeskFiledFunc filed;
  gpointer filed_data;
};

G_DEFINE_FINAL_TYPE (PfaDeskIntake, pfa_desk_intake, G_TYPE_OBJECT)

static void
intake_free (gpointer data)
{
  Intake *self = data;

  g_object_unref (self->desk);
  g_object_unref (self->message);
  g_clear_pointer (&self->request, pfa_intake_request_free);
  g_free (self->key);
  g_free (self->upload_id);
  g_free (self->path);
  g_free (self->ticket);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Intake, intake_free)

static void
answer_discarded (SoupServerMessage *message, guint status, const char *word, const char *text)
{
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "discarded", word);
  json_object_set_string_member (object, "text", text);
  pfa_desk_answer_json (message, status, object);
}

static void
answer_storage (SoupServerMessage *message, const GError *error)
{
  pfa_desk_log ("storage", "text", error != NULL ? error->message : NULL, NULL);
  soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                "Retry-After",
                                STORAGE_RETRY_S);
  pfa_desk_answer_problem (message,
                           SOUP_STATUS_SERVICE_UNAVAILABLE,
                           "storage",
                           "the desk cannot store this just now");
}

static void
answer_ticket (PfaDeskServer *desk, SoupServerMessage *message, guint status, const char *ticket)
{
  PfaIntakeAnswer answer = { .ticket = (char *) ticket };
  g_autoptr (GError) error = NULL;
  g_autofree char *token =
      pfa_desk_tickets_dup_token (pfa_desk_server_get_store (desk), ticket, &error);
  g_autofree char *base = pfa_desk_server_dup_base_url (desk, message);
  g_autofree char *url = g_strconcat (base, "/tickets/", ticket, NULL);

  if (token == NULL)
    {
      answer_storage (message, error);
      return;
    }
  answer.token = token;
  answer.url = url;
  soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                "Location",
                                url);
  pfa_desk_answer_json (message, status, pfa_intake_answer_to_json (&answer));
}

static gboolean
has_bundle (GPtrArray *bundles, const char *sha256)
{
  for (guint i = 0; i < bundles->len; i++)
    if (g_str_equal (((PfaDeskBundle *) bundles->pdata[i])->sha256, sha256))
      return TRUE;
  return FALSE;
}

/* Decides what becomes of @intake, inside the transaction. FALSE: the index cannot be written. */
static gboolean
file_one (PfaDeskIntake *self, Intake *intake, GError **error)
{
  PfaDeskStore *store = pfa_desk_server_get_store (self->desk);
  g_autoptr (GError) local = NULL;
  g_autoptr (PfaDeskTicket) ticket = pfa_desk_tickets_find_key (store, intake->key, &local);
  g_autoptr (GPtrArray) bundles = NULL;

  intake->status = SOUP_STATUS_OK;
  if (ticket == NULL && local == NULL)
    {
      intake->status = SOUP_STATUS_CREATED;
      ticket = pfa_desk_tickets_add (store, intake->key, intake->request, &local);
    }
  if (ticket != NULL)
    bundles = pfa_desk_tickets_list_bundles (store, ticket, &local);
  if (bundles == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  intake->ticket = g_strdup (ticket->ticket);
  intake->ticket_id = ticket->id;
  if (has_bundle (bundles, intake->request->sha256))
    return TRUE;
  if (bundles->len >= MAX_BUNDLES_A_TICKET)
    {
      intake->discarded = "quota";
      return TRUE;
    }
  return pfa_desk_tickets_add_bundle (store, ticket, intake->request, intake->path, error) &&
         (self->filed == NULL ||
          self->filed (ticket->id, intake->request->sha256, self->filed_data, error)) &&
         (intake->status == SOUP_STATUS_CREATED ||
          pfa_desk_tickets_update (store, ticket, intake->request, error));
}

static void
answer_one (PfaDeskIntake *self, Intake *intake, const GError *error)
{
  PfaDeskUploads *uploads = pfa_desk_server_get_part (intake->desk, "uploads");

  if (error != NULL)
    answer_storage (intake->message, error);
  else if (intake->discarded != NULL)
    {
      g_autofree char *path =
          g_build_filename (pfa_desk_server_get_config (intake->desk)->data, intake->path, NULL);

      g_unlink (path);
      answer_discarded (intake->message,
                        SOUP_STATUS_FORBIDDEN,
                        intake->discarded,
                        "this ticket holds as many bundles as it may");
    }
  else
    {
      pfa_desk_log (intake->status == SOUP_STATUS_CREATED ? "ticket-made" : "ticket-updated",
                    "ticket",
                    intake->ticket,
                    "sha256",
                    intake->request->sha256,
                    NULL);
      answer_ticket (intake->desk, intake->message, intake->status, intake->ticket);
      pfa_desk_uploads_remove (uploads, intake->upload_id);
    }
  soup_server_message_unpause (intake->message);
}

static gboolean
on_time_to_write_cb (gpointer user_data)
{
  PfaDeskIntake *self = user_data;
  PfaDeskStore *store = pfa_desk_server_get_store (self->desk);
  g_autoptr (GPtrArray) intakes = g_steal_pointer (&self->waiting);
  g_autoptr (GError) error = NULL;
  gboolean written;

  self->waiting = g_ptr_array_new_with_free_func (intake_free);
  self->source = 0;
  written = pfa_desk_store_begin (store, &error);
  for (guint i = 0; written && i < intakes->len; i++)
    written = file_one (self, intakes->pdata[i], &error);
  if (written)
    written = pfa_desk_store_commit (store, &error);
  else
    pfa_desk_store_roll_back (store);
  for (guint i = 0; i < intakes->len; i++)
    answer_one (self, intakes->pdata[i], written ? NULL : error);
  return G_SOURCE_REMOVE;
}

static void
on_stored_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Intake) intake = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) summary = NULL;
  PfaDeskIntake *self = pfa_desk_server_get_part (intake->desk, "intake");

  intake->path = pfa_desk_arrival_store_finish (result, &summary, &error);
  if (summary != NULL)
    {
      g_clear_pointer (&intake->request->summary, json_object_unref);
      intake->request->summary = g_steal_pointer (&summary);
    }
  if (intake->path != NULL && self != NULL)
    {
      g_ptr_array_add (self->waiting, g_steal_pointer (&intake));
      /* Behind what is being received, so that a burst is written together. */
      if (self->source == 0)
        self->source = g_idle_add (on_time_to_write_cb, self);
      return;
    }
  if (g_error_matches (error, PFA_ERROR, PFA_ERROR_REFUSED))
    {
      pfa_desk_log ("bundle-refused", "text", error->message, NULL);
      answer_discarded (intake->message,
                        SOUP_STATUS_UNPROCESSABLE_ENTITY,
                        "not-sound",
                        error->message);
    }
  else if (g_error_matches (error, PFA_ERROR, PFA_ERROR_NOT_FOUND))
    pfa_desk_answer_problem (intake->message, SOUP_STATUS_CONFLICT, "upload", error->message);
  else
    answer_storage (intake->message, error);
  soup_server_message_unpause (intake->message);
}

/* The id behind "/files/" of an upload's URL; whose host it names is of no matter. (transfer full)
 */
static char *
dup_upload_id (const char *url)
{
  const char *found = strstr (url, "/files/");
  const char *id = found != NULL ? found + strlen ("/files/") : "";

  return g_strndup (id, strspn (id, "0123456789abcdefghijklmnopqrstuvwxyz"));
}

static PfaIntakeRequest *
read_request (SoupServerMessage *message, GError **error)
{
  g_autoptr (GBytes) body =
      soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autoptr (JsonObject) object = NULL;
  gsize length;
  const char *text = g_bytes_get_data (body, &length);

  object = pfa_json_parse_object (text != NULL ? text : "", (gssize) length, "intake", error);
  return object != NULL ? pfa_intake_request_new_from_json (object, error) : NULL;
}

/* A shop's program that was killed between our answer and its own disk asks again: it gets the
 * same ticket, although the upload is gone by now. */
static gboolean
answer_known (PfaDeskServer *desk, SoupServerMessage *message, const char *key, const char *sha256)
{
  PfaDeskStore *store = pfa_desk_server_get_store (desk);
  g_autoptr (PfaDeskTicket) ticket = pfa_desk_tickets_find_key (store, key, NULL);
  g_autoptr (GPtrArray) bundles =
      ticket != NULL ? pfa_desk_tickets_list_bundles (store, ticket, NULL) : NULL;

  if (bundles == NULL || !has_bundle (bundles, sha256))
    return FALSE;
  answer_ticket (desk, message, SOUP_STATUS_OK, ticket->ticket);
  return TRUE;
}

void
pfa_desk_intake_answer_post (PfaDeskServer *desk, SoupServerMessage *message)
{
  const char *key = soup_message_headers_get_one (soup_server_message_get_request_headers (message),
                                                  "Idempotency-Key");
  g_autoptr (PfaIntakeRequest) request = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  Intake *intake;

  if (!pfa_desk_limits_pass (desk, message))
    return;
  request = read_request (message, &error);
  if (request == NULL || !pfa_intake_is_sound_key (key))
    {
      answer_discarded (message,
                        SOUP_STATUS_BAD_REQUEST,
                        "not-understood",
                        error != NULL ? error->message : "Idempotency-Key is missing or wrong");
      return;
    }
  if (answer_known (desk, message, key, request->sha256))
    return;

  intake = g_new0 (Intake, 1);
  intake->desk = g_object_ref (desk);
  intake->message = g_object_ref (message);
  intake->key = g_strdup (key);
  intake->upload_id = dup_upload_id (request->url);
  intake->request = g_steal_pointer (&request);
  path = pfa_desk_uploads_dup_path (pfa_desk_server_get_part (desk, "uploads"), intake->upload_id);
  soup_server_message_pause (message);
  pfa_desk_arrival_store_async (pfa_desk_server_get_config (desk)->data,
                                path,
                                intake->upload_id,
                                intake->request,
                                on_stored_cb,
                                intake);
}

PfaDeskIntake *
pfa_desk_intake_new (PfaDeskServer *desk)
{
  PfaDeskIntake *self = g_object_new (PFA_TYPE_DESK_INTAKE, NULL);

  self->desk = desk;
  return self;
}

void
pfa_desk_intake_set_filed_func (PfaDeskIntake *self, PfaDeskFiledFunc func, gpointer user_data)
{
  self->filed = func;
  self->filed_data = user_data;
}

static void
pfa_desk_intake_dispose (GObject *object)
{
  PfaDeskIntake *self = PFA_DESK_INTAKE (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_clear_pointer (&self->waiting, g_ptr_array_unref);
  G_OBJECT_CLASS (pfa_desk_intake_parent_class)->dispose (object);
}

static void
pfa_desk_intake_class_init (PfaDeskIntakeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pfa_desk_intake_dispose;
}

static void
pfa_desk_intake_init (PfaDeskIntake *self)
{
  self->waiting = g_ptr_array_new_with_free_func (intake_free);
}
