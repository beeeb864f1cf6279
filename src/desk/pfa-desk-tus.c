/* pfa-desk-tus.c - /files: a tus 1.0.0 server
 *
 * Core, creation, creation-with-upload, expiration, termination, checksum. What was uploaded is
 * never given back here: agents read it behind their sign-in.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-desk-limits.h"
#include "pfa-desk-log.h"
#include "pfa-desk-routes.h"
#include "pfa-desk-uploads.h"
#include "pfa-error.h"

#define TUS_VERSION         "1.0.0"
#define TUS_EXTENSIONS      "creation,creation-with-upload,expiration,termination,checksum"
#define UPLOAD_TYPE         "application/offset+octet-stream"
#define MAX_METADATA_LENGTH 4096
#define STATUS_CHECKSUM     460
#define RECEIVING_KEY       "pfa-receiving"
#define CREATED_KEY         "pfa-created"
#define NO_SPACE_RETRY_S    "600"
/* So much stays free for the index and for what is being filed. */
#define SPARE_BYTES (256 * 1024 * 1024)

static const struct
{
  const char *name;
  GChecksumType type;
} algorithms[] = {
  { "sha256", G_CHECKSUM_SHA256 },
  { "sha1", G_CHECKSUM_SHA1 },
  { "md5", G_CHECKSUM_MD5 },
};

static PfaDeskUploads *
get_uploads (PfaDeskServer *desk)
{
  return pfa_desk_server_get_part (desk, "uploads");
}

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
set_number (SoupServerMessage *message, const char *name, gint64 value)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, value);

  set_header (message, name, text);
}

static void
answer_empty (SoupServerMessage *message, guint status)
{
  set_header (message, "Cache-Control", "no-store");
  soup_server_message_set_status (message, status, NULL);
}

static void
answer_no_space (SoupServerMessage *message)
{
  set_header (message, "Retry-After", NO_SPACE_RETRY_S);
  pfa_desk_answer_problem (message,
                           SOUP_STATUS_SERVICE_UNAVAILABLE,
                           "storage",
                           "the desk cannot store more just now");
}

static gboolean
parse_number (const char *text, gint64 *value)
{
  guint64 number;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &number, NULL))
    return FALSE;
  *value = (gint64) number;
  return TRUE;
}

static void
set_expires (SoupServerMessage *message, const PfaDeskUpload *upload)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (upload->expires);
  g_autofree char *text = soup_date_time_to_string (time, SOUP_DATE_HTTP);

  set_header (message, "Upload-Expires", text);
}

/* "key base64,key2 base64"; kept as sent, so only its form is looked at. */
static gboolean
is_sound_metadata (const char *metadata)
{
  g_auto (GStrv) pairs = NULL;

  if (metadata == NULL || *metadata == '\0')
    return TRUE;
  if (strlen (metadata) > MAX_METADATA_LENGTH || !g_str_is_ascii (metadata))
    return FALSE;
  pairs = g_strsplit (metadata, ",", -1);
  for (guint i = 0; pairs[i] != NULL; i++)
    {
      const char *pair = g_strstrip (pairs[i]);
      gsize key = strcspn (pair, " ");

      if (key == 0 || (pair[key] == ' ' && strspn (pair + key + 1,
                                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                                   "abcdefghijklmnopqrstuvwxyz"
                                                   "0123456789+/=") != strlen (pair + key + 1)))
        return FALSE;
    }
  return TRUE;
}

/* "sha256 <base64>". FALSE: unknown algorithm or no base64; a problem is answered then. */
static gboolean
parse_checksum (SoupServerMessage *message, GChecksumType *type, GBytes **digest)
{
  const char *header = get_header (message, "Upload-Checksum");
  const char *blank = header != NULL ? strchr (header, ' ') : NULL;
  gsize length = 0;
  guchar *bytes;

  *digest = NULL;
  if (header == NULL)
    return TRUE;
  for (guint i = 0; blank != NULL && i < G_N_ELEMENTS (algorithms); i++)
    if (strlen (algorithms[i].name) == (gsize) (blank - header) &&
        g_str_has_prefix (header, algorithms[i].name))
      {
        bytes = g_base64_decode (blank + 1, &length);
        *type = algorithms[i].type;
        *digest = g_bytes_new_take (bytes, length);
        if (length == (gsize) g_checksum_type_get_length (*type))
          return TRUE;
        g_clear_pointer (digest, g_bytes_unref);
      }
  pfa_desk_answer_problem (message,
                           SOUP_STATUS_BAD_REQUEST,
                           "checksum",
                           "Upload-Checksum is not sha256, sha1 or md5 and its digest in base64");
  return FALSE;
}

static void
on_chunk_arrived_cb (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  PfaDeskReceiving *receiving = g_object_get_data (G_OBJECT (message), RECEIVING_KEY);
  gsize length;
  const void *data = g_bytes_get_data (chunk, &length);

  if (receiving != NULL)
    pfa_desk_receiving_add (receiving, data, length);
}

/* From here on each piece goes to the disk as it comes. */
static void
begin_receiving (PfaDeskServer *desk, SoupServerMessage *message, const PfaDeskUpload *upload)
{
  g_autoptr (GBytes) digest = NULL;
  g_autoptr (GError) error = NULL;
  GChecksumType type = G_CHECKSUM_SHA256;
  goffset announced =
      soup_message_headers_get_content_length (soup_server_message_get_request_headers (message));
  PfaDeskReceiving *receiving;

  if (announced > upload->length - upload->offset)
    {
      pfa_desk_answer_problem (message,
                               SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE,
                               "too-large",
                               "more than the upload's length was sent");
      return;
    }
  if (!parse_checksum (message, &type, &digest))
    return;
  receiving = pfa_desk_uploads_receive (get_uploads (desk), upload, type, digest, &error);
  if (receiving == NULL)
    {
      pfa_desk_log ("storage", "text", error->message, NULL);
      answer_no_space (message);
      return;
    }
  g_object_set_data_full (G_OBJECT (message),
                          RECEIVING_KEY,
                          receiving,
                          (GDestroyNotify) pfa_desk_receiving_free);
  set_expires (message, upload);
  g_signal_connect (message, "got-chunk", G_CALLBACK (on_chunk_arrived_cb), NULL);
}

static void
create_upload (PfaDeskServer *desk, SoupServerMessage *message)
{
  PfaDeskUploads *uploads = get_uploads (desk);
  const char *metadata = get_header (message, "Upload-Metadata");
  const char *type = get_header (message, "Content-Type");
  g_autoptr (PfaDeskUpload) upload = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *base = pfa_desk_server_dup_base_url (desk, message);
  g_autofree char *location = NULL;
  gint64 free_space = pfa_desk_uploads_get_free_space (uploads);
  gint64 length;

  if (!pfa_desk_limits_pass (desk, message))
    return;
  if (!parse_number (get_header (message, "Upload-Length"), &length) ||
      !is_sound_metadata (metadata))
    {
      pfa_desk_answer_problem (message,
                               SOUP_STATUS_BAD_REQUEST,
                               "announcement",
                               "Upload-Length or Upload-Metadata is missing or wrong");
      return;
    }
  if (length > (gint64) pfa_desk_server_get_config (desk)->max_size)
    {
      pfa_desk_answer_problem (message,
                               SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE,
                               "too-large",
                               "larger than Tus-Max-Size");
      return;
    }
  if (free_space >= 0 && free_space < length + SPARE_BYTES)
    {
      pfa_desk_log ("storage", "text", "the disk is nearly full", NULL);
      answer_no_space (message);
      return;
    }
  upload = pfa_desk_uploads_create (uploads, length, metadata, &error);
  if (upload == NULL)
    {
      pfa_desk_log ("storage", "text", error->message, NULL);
      answer_no_space (message);
      return;
    }
  location = g_strconcat (base, "/files/", upload->id, NULL);
  set_header (message, "Location", location);
  set_expires (message, upload);
  g_object_set_data (G_OBJECT (message), CREATED_KEY, GINT_TO_POINTER (TRUE));
  if (type != NULL && g_ascii_strcasecmp (type, UPLOAD_TYPE) == 0)
    begin_receiving (desk, message, upload);
  else
    answer_empty (message, SOUP_STATUS_CREATED);
}

/* NULL: answered. */
static PfaDeskUpload *
find_upload (PfaDeskServer *desk, SoupServerMessage *message, const char *id)
{
  g_autoptr (PfaDeskUpload) upload = pfa_desk_uploads_find (get_uploads (desk), id, NULL);

  if (upload == NULL)
    pfa_desk_answer_problem (message,
                             SOUP_STATUS_NOT_FOUND,
                             "not-found",
                             "there is no such upload");
  else if (upload->expires < g_get_real_time () / G_USEC_PER_SEC)
    {
      pfa_desk_answer_problem (message, SOUP_STATUS_GONE, "expired", "the upload has expired");
      return NULL;
    }
  return g_steal_pointer (&upload);
}

static void
answer_head (PfaDeskServer *desk, SoupServerMessage *message, const char *id)
{
  g_autoptr (PfaDeskUpload) upload = find_upload (desk, message, id);

  if (upload == NULL)
    return;
  set_number (message, "Upload-Offset", upload->offset);
  set_number (message, "Upload-Length", upload->length);
  if (*upload->metadata != '\0')
    set_header (message, "Upload-Metadata", upload->metadata);
  set_expires (message, upload);
  answer_empty (message, SOUP_STATUS_OK);
}

static void
begin_patch (PfaDeskServer *desk, SoupServerMessage *message, const char *id)
{
  const char *type = get_header (message, "Content-Type");
  g_autoptr (PfaDeskUpload) upload = NULL;
  gint64 offset;

  if (type == NULL || g_ascii_strcasecmp (type, UPLOAD_TYPE) != 0)
    {
      pfa_desk_answer_problem (message,
                               SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE,
                               "type",
                               "the type must be " UPLOAD_TYPE);
      return;
    }
  if (!parse_number (get_header (message, "Upload-Offset"), &offset))
    {
      pfa_desk_answer_problem (message,
                               SOUP_STATUS_BAD_REQUEST,
                               "offset",
                               "Upload-Offset is missing or wrong");
      return;
    }
  upload = find_upload (desk, message, id);
  if (upload == NULL)
    return;
  if (offset != upload->offset)
    {
      set_number (message, "Upload-Offset", upload->offset);
      pfa_desk_answer_problem (message,
                               SOUP_STATUS_CONFLICT,
                               "offset",
                               "the upload stands at another offset");
      return;
    }
  begin_receiving (desk, message, upload);
}

static void
answer_delete (PfaDeskServer *desk, SoupServerMessage *message, const char *id)
{
  if (!pfa_desk_uploads_remove (get_uploads (desk), id))
    pfa_desk_answer_problem (message,
                             SOUP_STATUS_NOT_FOUND,
                             "not-found",
                             "there is no such upload");
  else
    answer_empty (message, SOUP_STATUS_NO_CONTENT);
}

static const char *
get_method (SoupServerMessage *message)
{
  const char *override = get_header (message, "X-HTTP-Method-Override");

  return override != NULL ? override : soup_server_message_get_method (message);
}

static void
answer_options (PfaDeskServer *desk, SoupServerMessage *message)
{
  set_header (message, "Tus-Version", TUS_VERSION);
  set_header (message, "Tus-Extension", TUS_EXTENSIONS);
  set_header (message, "Tus-Checksum-Algorithm", "sha256,sha1,md5");
  set_number (message, "Tus-Max-Size", (gint64) pfa_desk_server_get_config (desk)->max_size);
  answer_empty (message, SOUP_STATUS_NO_CONTENT);
}

static void
on_headers (PfaDeskServer *desk, SoupServerMessage *message, const char *id)
{
  const char *method = get_method (message);

  /* Whatever comes behind the headers goes to the disk or nowhere. */
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  set_header (message, "Tus-Resumable", TUS_VERSION);
  if (g_str_equal (method, "OPTIONS"))
    answer_options (desk, message);
  else if (g_strcmp0 (get_header (message, "Tus-Resumable"), TUS_VERSION) != 0)
    {
      set_header (message, "Tus-Version", TUS_VERSION);
      pfa_desk_answer_problem (message,
                               SOUP_STATUS_PRECONDITION_FAILED,
                               "version",
                               "Tus-Resumable is not " TUS_VERSION);
    }
  else if (g_str_equal (method, "POST") && *id == '\0')
    create_upload (desk, message);
  else if (g_str_equal (method, "HEAD") && *id != '\0')
    answer_head (desk, message, id);
  else if (g_str_equal (method, "PATCH") && *id != '\0')
    begin_patch (desk, message, id);
  else if (g_str_equal (method, "DELETE") && *id != '\0')
    answer_delete (desk, message, id);
  else
    pfa_desk_answer_problem (message,
                             SOUP_STATUS_METHOD_NOT_ALLOWED,
                             "method",
                             "tus knows no such request");
}

static void
on_request (PfaDeskServer *desk, SoupServerMessage *message, const char *id)
{
  PfaDeskReceiving *receiving = g_object_get_data (G_OBJECT (message), RECEIVING_KEY);
  gboolean created = g_object_get_data (G_OBJECT (message), CREATED_KEY) != NULL;
  gint64 offset = 0;

  switch (pfa_desk_receiving_finish (receiving, &offset))
    {
    case PFA_DESK_RECEIVED:
      set_number (message, "Upload-Offset", offset);
      answer_empty (message, created ? SOUP_STATUS_CREATED : SOUP_STATUS_NO_CONTENT);
      break;
    case PFA_DESK_RECEIVED_OTHER:
      pfa_desk_answer_problem (message, STATUS_CHECKSUM, "checksum", "the checksum differs");
      soup_server_message_set_status (message, STATUS_CHECKSUM, "Checksum Mismatch");
      break;
    case PFA_DESK_RECEIVED_TOO_MUCH:
      pfa_desk_answer_problem (message,
                               SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE,
                               "too-large",
                               "more than the upload's length was sent");
      break;
    case PFA_DESK_RECEIVED_CUT:
      pfa_desk_answer_problem (message,
                               SOUP_STATUS_LOCKED,
                               "locked",
                               "a newer request took this upload over");
      break;
    case PFA_DESK_RECEIVED_NO_SPACE:
    default:
      answer_no_space (message);
      break;
    }
  g_object_set_data (G_OBJECT (message), RECEIVING_KEY, NULL);
}

const PfaDeskRoute pfa_desk_tus_routes[] = {
  { "/files", on_request, on_headers },
  { NULL, NULL, NULL },
};
