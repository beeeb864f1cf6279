/* pfa-guided-frame.c - the frames of a guided session: parsing, building, limits
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guided-frame.h"

#include <math.h>
#include <string.h>

#include "pfa-error.h"
#include "pfa-json.h"

/* Numbers in JSON are doubles for the page: exact up to here. */
#define LARGEST_NUMBER 9007199254740991.0

typedef enum
{
  MEMBER_ID,     /* [a-z0-9-], at most 64 */
  MEMBER_WORD,   /* base64url or hexadecimal, at most 128 */
  MEMBER_TEXT,   /* at most 2,000 bytes */
  MEMBER_LINE,   /* a line of the log, at most 8,000 bytes */
  MEMBER_BASE64, /* at most the frame */
  MEMBER_NUMBER, /* whole, 0 to 2^53-1 */
  MEMBER_BOOLEAN,
  MEMBER_OBJECT,
  MEMBER_ANY,
} MemberKind;

typedef struct
{
  const char *name;
  MemberKind kind;
  gboolean required;
} Member;

#define MAX_MEMBERS 9

/* Where a frame may travel. Bits: ping, pong, result and bye exist on both levels. */
enum
{
  IN_CLEAR = 1 << 0,
  SEALED = 1 << 1,
};

typedef struct
{
  const char *name;
  guint where;
  Member clear[MAX_MEMBERS];
  Member sealed[MAX_MEMBERS];
} FrameKind;

static const FrameKind kinds[PFA_GUIDED_N_TYPES] = {
  [PFA_GUIDED_HELLO] = { "hello",
                         IN_CLEAR,
                         { { "role", MEMBER_ID, TRUE },
                           { "version", MEMBER_NUMBER, TRUE },
                           { "program", MEMBER_TEXT, FALSE },
                           { "provider", MEMBER_TEXT, FALSE },
                           { "language", MEMBER_TEXT, FALSE },
                           { "session", MEMBER_WORD, FALSE },
                           { "resume", MEMBER_WORD, FALSE } },
                         { { NULL } } },
  [PFA_GUIDED_WELCOME] = { "welcome",
                           IN_CLEAR,
                           { { "session", MEMBER_WORD, FALSE },
                             { "resume", MEMBER_WORD, FALSE },
                             { "code", MEMBER_ID, FALSE },
                             { "valid_s", MEMBER_NUMBER, FALSE },
                             { "peer", MEMBER_ID, TRUE },
                             { "peer_ack", MEMBER_NUMBER, FALSE },
                             { "heartbeat_s", MEMBER_NUMBER, FALSE },
                             { "dead_s", MEMBER_NUMBER, FALSE } },
                           { { NULL } } },
  [PFA_GUIDED_CLAIM] = { "claim",
                         IN_CLEAR,
                         { { "code", MEMBER_ID, FALSE }, { "agent", MEMBER_OBJECT, FALSE } },
                         { { NULL } } },
  [PFA_GUIDED_GRANT] = { "grant", IN_CLEAR, { { "allowed", MEMBER_BOOLEAN, TRUE } }, { { NULL } } },
  [PFA_GUIDED_COMMIT] = { "commit", IN_CLEAR, { { "hash", MEMBER_BASE64, TRUE } }, { { NULL } } },
  [PFA_GUIDED_REVEAL] = { "reveal",
                          IN_CLEAR,
                          { { "key", MEMBER_BASE64, TRUE }, { "nonce", MEMBER_BASE64, TRUE } },
                          { { NULL } } },
  [PFA_GUIDED_COMPARED] = { "compared",
                            SEALED,
                            { { NULL } },
                            { { "same", MEMBER_BOOLEAN, TRUE },
                              { "language", MEMBER_TEXT, FALSE } } },
  [PFA_GUIDED_SNAPSHOT] = { "snapshot", SEALED, { { NULL } }, { { "view", MEMBER_OBJECT, TRUE } } },
  [PFA_GUIDED_EVENT] = { "event",
                         SEALED,
                         { { NULL } },
                         { { "section", MEMBER_ID, TRUE },
                           { "value", MEMBER_ANY, FALSE },
                           { "line", MEMBER_LINE, FALSE } } },
  [PFA_GUIDED_SUGGEST_STEP] = { "suggest-step",
                                SEALED,
                                { { NULL } },
                                { { "request", MEMBER_NUMBER, TRUE },
                                  { "step", MEMBER_ID, TRUE } } },
  [PFA_GUIDED_ASK] = { "ask",
                       SEALED,
                       { { NULL } },
                       { { "request", MEMBER_NUMBER, TRUE }, { "question", MEMBER_ID, TRUE } } },
  [PFA_GUIDED_RUN_CHECK] = { "run-check",
                             SEALED,
                             { { NULL } },
                             { { "request", MEMBER_NUMBER, TRUE }, { "check", MEMBER_ID, TRUE } } },
  [PFA_GUIDED_REQUEST_BUNDLE] = { "request-bundle",
                                  SEALED,
                                  { { NULL } },
                                  { { "request", MEMBER_NUMBER, TRUE } } },
  [PFA_GUIDED_CONSENT] = { "consent",
                           SEALED,
                           { { NULL } },
                           { { "request", MEMBER_NUMBER, TRUE },
                             { "answer", MEMBER_ID, TRUE },
                             { "why", MEMBER_ID, FALSE } } },
  [PFA_GUIDED_RESULT] = { "result",
                          IN_CLEAR | SEALED,
                          { { "problem", MEMBER_ID, TRUE }, { "wait_s", MEMBER_NUMBER, FALSE } },
                          { { "request", MEMBER_NUMBER, TRUE },
                            { "outcome", MEMBER_ID, TRUE },
                            { "value", MEMBER_ANY, FALSE },
                            { "text", MEMBER_TEXT, FALSE } } },
  [PFA_GUIDED_MESSAGE] = { "message", SEALED, { { NULL } }, { { "text", MEMBER_TEXT, TRUE } } },
  [PFA_GUIDED_PING] = { "ping",
                        IN_CLEAR | SEALED,
                        { { "n", MEMBER_NUMBER, TRUE }, { "got", MEMBER_NUMBER, FALSE } },
                        { { "n", MEMBER_NUMBER, FALSE },
                          { "entries", MEMBER_NUMBER, FALSE },
                          { "head", MEMBER_WORD, FALSE } } },
  [PFA_GUIDED_PONG] = { "pong",
                        IN_CLEAR | SEALED,
                        { { "n", MEMBER_NUMBER, TRUE }, { "peer_ack", MEMBER_NUMBER, FALSE } },
                        { { "n", MEMBER_NUMBER, FALSE },
                          { "entries", MEMBER_NUMBER, FALSE },
                          { "head", MEMBER_WORD, FALSE } } },
  [PFA_GUIDED_BYE] = { "bye",
                       IN_CLEAR | SEALED,
                       { { "reason", MEMBER_ID, TRUE } },
                       { { "reason", MEMBER_ID, TRUE },
                         { "entries", MEMBER_NUMBER, FALSE },
                         { "head", MEMBER_WORD, FALSE } } },
  [PFA_GUIDED_SEALED] = { "", IN_CLEAR, { { "sealed", MEMBER_BASE64, TRUE } }, { { NULL } } },
};

static gboolean
is_made_of (const char *text, gsize max, const char *also)
{
  gsize length = strlen (text);

  if (length == 0 || length > max)
    return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    if (!g_ascii_isalnum (*p) && strchr (also, *p) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
is_sound_text (const char *text, MemberKind kind)
{
  switch (kind)
    {
    case MEMBER_ID:
      return is_made_of (text, 64, "-");
    case MEMBER_WORD:
      return is_made_of (text, 128, "-_");
    case MEMBER_TEXT:
      return strlen (text) <= 2000;
    case MEMBER_LINE:
      return strlen (text) <= 8000 && strchr (text, '\n') == NULL;
    case MEMBER_BASE64:
      return is_made_of (text, PFA_GUIDED_FRAME_MAX, "+/=") && strlen (text) % 4 == 0;
    case MEMBER_NUMBER:
    case MEMBER_BOOLEAN:
    case MEMBER_OBJECT:
    case MEMBER_ANY:
      break;
    }
  return FALSE;
}

static gboolean
read_number (JsonNode *node, guint64 *number)
{
  double value;

  if (!JSON_NODE_HOLDS_VALUE (node) || (json_node_get_value_type (node) != G_TYPE_INT64 &&
                                        json_node_get_value_type (node) != G_TYPE_DOUBLE))
    return FALSE;
  value = json_node_get_double (node);
  if (!(value >= 0 && value <= LARGEST_NUMBER) || floor (value) < value)
    return FALSE;
  *number = (guint64) value;
  return TRUE;
}

static gboolean
is_sound_member (JsonNode *node, MemberKind kind)
{
  guint64 number;

  if (kind == MEMBER_ANY)
    return TRUE;
  if (kind == MEMBER_OBJECT)
    return JSON_NODE_HOLDS_OBJECT (node);
  if (kind == MEMBER_NUMBER)
    return read_number (node, &number);
  if (!JSON_NODE_HOLDS_VALUE (node))
    return FALSE;
  if (kind == MEMBER_BOOLEAN)
    return json_node_get_value_type (node) == G_TYPE_BOOLEAN;
  return json_node_get_value_type (node) == G_TYPE_STRING &&
         is_sound_text (json_node_get_string (node), kind);
}

static gboolean
check_members (JsonObject *object, const char *type, const Member *members, GError **error)
{
  for (guint i = 0; i < MAX_MEMBERS && members[i].name != NULL; i++)
    {
      JsonNode *node = json_object_get_member (object, members[i].name);

      if (node == NULL && !members[i].required)
        continue;
      if (node == NULL || !is_sound_member (node, members[i].kind))
        {
          g_set_error (error,
                       PFA_ERROR,
                       PFA_ERROR_INVALID_DATA,
                       "guided frame %s: member \"%s\" is %s",
                       type,
                       members[i].name,
                       node == NULL ? "missing" : "not of its kind");
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
read_counter (JsonObject *object, const char *member, guint64 *value, GError **error)
{
  JsonNode *node = json_object_get_member (object, member);

  if (node != NULL && read_number (node, value))
    return TRUE;
  g_set_error (error,
               PFA_ERROR,
               PFA_ERROR_INVALID_DATA,
               "guided frame: \"%s\" is no whole number",
               member);
  return FALSE;
}

static JsonObject *
parse_object (const char *text, gssize length, gsize max, GError **error)
{
  g_autoptr (GError) problem = NULL;
  g_autoptr (JsonObject) object = NULL;
  gsize size = length < 0 ? strlen (text) : (gsize) length;

  if (size > max)
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_INVALID_DATA,
                   "guided frame: %" G_GSIZE_FORMAT " bytes, at most %" G_GSIZE_FORMAT " are taken",
                   size,
                   max);
      return NULL;
    }
  object = pfa_json_parse_object (text, (gssize) size, "guided frame", &problem);
  if (object == NULL)
    g_set_error_literal (error, PFA_ERROR, PFA_ERROR_INVALID_DATA, problem->message);
  return g_steal_pointer (&object);
}

static gboolean
find_type (JsonObject *object, guint where, PfaGuidedType *type, GError **error)
{
  const char *name = pfa_json_peek_string (object, "type");

  if (name == NULL && where == IN_CLEAR && json_object_has_member (object, "sealed"))
    {
      *type = PFA_GUIDED_SEALED;
      return TRUE;
    }
  for (guint i = 0; name != NULL && i < PFA_GUIDED_SEALED; i++)
    if ((kinds[i].where & where) != 0 && strcmp (kinds[i].name, name) == 0)
      {
        *type = i;
        return TRUE;
      }
  g_set_error_literal (error,
                       PFA_ERROR,
                       PFA_ERROR_INVALID_DATA,
                       "guided frame: its type is unknown or not allowed here");
  return FALSE;
}

PfaGuidedFrame *
pfa_guided_frame_new (PfaGuidedType type)
{
  PfaGuidedFrame *self = g_new0 (PfaGuidedFrame, 1);

  self->type = type;
  self->body = json_object_new ();
  return self;
}

void
pfa_guided_frame_free (PfaGuidedFrame *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->body, json_object_unref);
  g_free (self);
}

PfaGuidedFrame *
pfa_guided_frame_parse (const char *text, gssize length, GError **error)
{
  g_autoptr (PfaGuidedFrame) self = g_new0 (PfaGuidedFrame, 1);

  g_return_val_if_fail (text != NULL, NULL);

  self->body = parse_object (text, length, PFA_GUIDED_FRAME_MAX, error);
  if (self->body == NULL || !find_type (self->body, IN_CLEAR, &self->type, error) ||
      !read_counter (self->body, "seq", &self->seq, error) ||
      !read_counter (self->body, "ack", &self->ack, error) ||
      !check_members (self->body, kinds[self->type].name, kinds[self->type].clear, error))
    return NULL;
  json_object_remove_member (self->body, "type");
  json_object_remove_member (self->body, "seq");
  json_object_remove_member (self->body, "ack");
  return g_steal_pointer (&self);
}

PfaGuidedFrame *
pfa_guided_frame_parse_inside (const char *text, gssize length, GError **error)
{
  g_autoptr (PfaGuidedFrame) self = g_new0 (PfaGuidedFrame, 1);

  g_return_val_if_fail (text != NULL, NULL);

  self->body = parse_object (text, length, PFA_GUIDED_PLAIN_MAX, error);
  if (self->body == NULL || !find_type (self->body, SEALED, &self->type, error) ||
      !read_counter (self->body, "seen", &self->ack, error) ||
      !check_members (self->body, kinds[self->type].name, kinds[self->type].sealed, error))
    return NULL;
  json_object_remove_member (self->body, "type");
  json_object_remove_member (self->body, "seen");
  return g_steal_pointer (&self);
}

static char *
write_frame (const PfaGuidedFrame *self, gboolean inside, gsize max, GError **error)
{
  const FrameKind *kind = &kinds[self->type];
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *text = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (!check_members (self->body, kind->name, inside ? kind->sealed : kind->clear, error))
    return NULL;
  if (self->type != PFA_GUIDED_SEALED)
    json_object_set_string_member (object, "type", kind->name);
  if (!inside)
    json_object_set_int_member (object, "seq", (gint64) self->seq);
  json_object_set_int_member (object, inside ? "seen" : "ack", (gint64) self->ack);
  json_object_iter_init_ordered (&iter, self->body);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    json_object_set_member (object, name, json_node_copy (node));
  text = pfa_json_write_object (object, FALSE);
  if (strlen (text) <= max)
    return g_steal_pointer (&text);
  g_set_error (error, PFA_ERROR, PFA_ERROR_INVALID_DATA, "guided frame %s is too long", kind->name);
  return NULL;
}

char *
pfa_guided_frame_write (const PfaGuidedFrame *self, GError **error)
{
  g_return_val_if_fail (self != NULL && (kinds[self->type].where & IN_CLEAR) != 0, NULL);

  return write_frame (self, FALSE, PFA_GUIDED_FRAME_MAX, error);
}

char *
pfa_guided_frame_write_inside (const PfaGuidedFrame *self, GError **error)
{
  g_return_val_if_fail (self != NULL && (kinds[self->type].where & SEALED) != 0, NULL);

  return write_frame (self, TRUE, PFA_GUIDED_PLAIN_MAX, error);
}

const char *
pfa_guided_type_get_name (PfaGuidedType type)
{
  g_return_val_if_fail (type < PFA_GUIDED_N_TYPES, NULL);

  return type == PFA_GUIDED_SEALED ? "sealed" : kinds[type].name;
}

gboolean
pfa_guided_type_is_sealed (PfaGuidedType type)
{
  return type < PFA_GUIDED_N_TYPES && (kinds[type].where & SEALED) != 0;
}

gboolean
pfa_guided_type_is_request (PfaGuidedType type)
{
  return type >= PFA_GUIDED_SUGGEST_STEP && type <= PFA_GUIDED_REQUEST_BUNDLE;
}

const char *
pfa_guided_frame_get_text (const PfaGuidedFrame *self, const char *member)
{
  return pfa_json_peek_string (self->body, member);
}

gint64
pfa_guided_frame_get_number (const PfaGuidedFrame *self, const char *member)
{
  return (gint64) pfa_json_peek_double (self->body, member, 0);
}

gboolean
pfa_guided_frame_get_boolean (const PfaGuidedFrame *self, const char *member)
{
  return pfa_json_peek_boolean (self->body, member, FALSE);
}

gboolean
pfa_guided_frame_read_bytes (const PfaGuidedFrame *self,
                             const char *member,
                             guint8 *bytes,
                             gsize size)
{
  const char *text = pfa_json_peek_string (self->body, member);
  g_autofree guint8 *decoded = NULL;
  gsize length = 0;

  if (text == NULL)
    return FALSE;
  decoded = g_base64_decode (text, &length);
  if (length != size)
    return FALSE;
  memcpy (bytes, decoded, size);
  return TRUE;
}

void
pfa_guided_frame_set_bytes (PfaGuidedFrame *self,
                            const char *member,
                            const guint8 *bytes,
                            gsize size)
{
  g_autofree char *text = g_base64_encode (bytes, size);

  json_object_set_string_member (self->body, member, text);
}
