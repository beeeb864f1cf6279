/* pfa-redact-report.c - what was hidden where, and the text that is safe
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-redact-report.h"

#include "pfa-json.h"

/* Lines noted of one member; beyond that only the counts grow, so that memory stays bounded. */
#define MAX_PLACES 2000

typedef struct
{
  guint64 line;
  PfaSecret secret;
  guint count;
} Place;

typedef struct
{
  char *name;
  guint64 counts[PFA_N_SECRETS];
  GArray *places; /* (element-type Place) */
  gboolean more;
} Member;

typedef struct
{
  char *name;
  char *reason;
} Dropped;

struct _PfaRedactionReport
{
  gatomicrefcount references;
  GPtrArray *members; /* (element-type Member) */
  GPtrArray *dropped; /* (element-type Dropped) */
};

struct _PfaSafeText
{
  gatomicrefcount references;
  char *text;
  gsize length;
  GArray *marks; /* (element-type PfaMark) */
};

static const char *const ids[PFA_N_SECRETS] = {
  [PFA_SECRET_PRIVATE_KEY] = "private-key",
  [PFA_SECRET_TRACK] = "track",
  [PFA_SECRET_PIN] = "pin",
  [PFA_SECRET_CARD] = "card",
  [PFA_SECRET_VERIFICATION_CODE] = "verification-code",
  [PFA_SECRET_PASSWORD] = "password",
  [PFA_SECRET_KEY] = "key",
  [PFA_SECRET_TOKEN] = "token",
  [PFA_SECRET_IDENTITY] = "identity",
  [PFA_SECRET_IBAN] = "iban",
  [PFA_SECRET_PERSON] = "person",
  [PFA_SECRET_EMAIL] = "email",
  [PFA_SECRET_PHONE] = "phone",
  [PFA_SECRET_PLACE] = "place",
  [PFA_SECRET_WIFI] = "wifi",
  [PFA_SECRET_MAC] = "mac",
  [PFA_SECRET_ADDRESS] = "address",
  [PFA_SECRET_HOST] = "host",
  [PFA_SECRET_SERIAL] = "serial",
  [PFA_SECRET_NUMBER] = "number",
  [PFA_SECRET_ENCODED] = "encoded",
};

const char *
pfa_secret_get_id (PfaSecret secret)
{
  return secret < PFA_N_SECRETS ? ids[secret] : "unknown";
}

static void
member_free (gpointer data)
{
  Member *member = data;

  g_free (member->name);
  g_array_unref (member->places);
  g_free (member);
}

static void
dropped_free (gpointer data)
{
  Dropped *dropped = data;

  g_free (dropped->name);
  g_free (dropped->reason);
  g_free (dropped);
}

PfaRedactionReport *
pfa_redaction_report_new (void)
{
  PfaRedactionReport *self = g_new0 (PfaRedactionReport, 1);

  g_atomic_ref_count_init (&self->references);
  self->members = g_ptr_array_new_with_free_func (member_free);
  self->dropped = g_ptr_array_new_with_free_func (dropped_free);
  return self;
}

PfaRedactionReport *
pfa_redaction_report_ref (PfaRedactionReport *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
pfa_redaction_report_unref (PfaRedactionReport *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_ptr_array_unref (self->members);
  g_ptr_array_unref (self->dropped);
  g_free (self);
}

static Member *
find_member (const PfaRedactionReport *self, const char *name)
{
  for (guint i = self->members->len; i > 0; i--)
    {
      Member *member = self->members->pdata[i - 1];

      if (g_str_equal (member->name, name))
        return member;
    }
  return NULL;
}

void
pfa_redaction_report_add (PfaRedactionReport *self,
                          const char *name,
                          PfaSecret secret,
                          guint64 line)
{
  Member *member = find_member (self, name);

  if (member == NULL)
    {
      member = g_new0 (Member, 1);
      member->name = g_strdup (name);
      member->places = g_array_new (FALSE, FALSE, sizeof (Place));
      g_ptr_array_add (self->members, member);
    }
  member->counts[secret]++;
  for (guint i = member->places->len; i > 0; i--)
    {
      Place *place = &g_array_index (member->places, Place, i - 1);

      if (place->line != line)
        break;
      if (place->secret == secret)
        {
          place->count++;
          return;
        }
    }
  if (member->places->len < MAX_PLACES)
    {
      const Place place = { line, secret, 1 };

      g_array_append_val (member->places, place);
    }
  else
    member->more = TRUE;
}

void
pfa_redaction_report_forget (PfaRedactionReport *self, const char *name)
{
  Member *member = find_member (self, name);

  if (member != NULL)
    g_ptr_array_remove (self->members, member);
  for (guint i = self->dropped->len; i > 0; i--)
    if (g_str_equal (((Dropped *) self->dropped->pdata[i - 1])->name, name))
      g_ptr_array_remove_index (self->dropped, i - 1);
}

void
pfa_redaction_report_add_dropped (PfaRedactionReport *self, const char *name, const char *reason)
{
  Dropped *dropped = g_new0 (Dropped, 1);

  dropped->name = g_strdup (name);
  dropped->reason = g_strdup (reason);
  g_ptr_array_add (self->dropped, dropped);
}

guint64
pfa_redaction_report_get_count (const PfaRedactionReport *self, const char *name, PfaSecret secret)
{
  const Member *member = find_member (self, name);

  return member != NULL && secret < PFA_N_SECRETS ? member->counts[secret] : 0;
}

guint64
pfa_redaction_report_get_total (const PfaRedactionReport *self)
{
  guint64 total = 0;

  for (guint i = 0; i < self->members->len; i++)
    for (guint j = 0; j < PFA_N_SECRETS; j++)
      total += ((Member *) self->members->pdata[i])->counts[j];
  return total;
}

static JsonObject *
member_to_json (const Member *member, gboolean with_places)
{
  JsonObject *object = json_object_new ();
  JsonObject *counts = json_object_new ();
  JsonArray *places = json_array_new ();

  for (guint i = 0; i < PFA_N_SECRETS; i++)
    if (member->counts[i] > 0)
      json_object_set_int_member (counts, ids[i], (gint64) member->counts[i]);
  for (guint i = 0; i < member->places->len; i++)
    {
      const Place *place = &g_array_index (member->places, Place, i);
      JsonObject *item = json_object_new ();

      json_object_set_int_member (item, "line", (gint64) place->line);
      json_object_set_string_member (item, "kind", ids[place->secret]);
      json_object_set_int_member (item, "count", place->count);
      json_array_add_object_element (places, item);
    }
  json_object_set_string_member (object, "name", member->name);
  json_object_set_object_member (object, "counts", counts);
  if (with_places)
    json_object_set_array_member (object, "places", places);
  else
    json_array_unref (places);
  if (member->more)
    json_object_set_boolean_member (object, "more", TRUE);
  return object;
}

JsonObject *
pfa_redaction_report_to_json (const PfaRedactionReport *self, gboolean places)
{
  JsonObject *object = json_object_new ();
  JsonArray *members = json_array_new ();
  JsonArray *dropped = json_array_new ();

  for (guint i = 0; i < self->members->len; i++)
    json_array_add_object_element (members, member_to_json (self->members->pdata[i], places));
  for (guint i = 0; i < self->dropped->len; i++)
    {
      const Dropped *one = self->dropped->pdata[i];
      JsonObject *item = json_object_new ();

      json_object_set_string_member (item, "name", one->name);
      json_object_set_string_member (item, "reason", one->reason);
      json_array_add_object_element (dropped, item);
    }
  json_object_set_string_member (object, "format", "pos-first-aid-redaction/1");
  json_object_set_array_member (object, "members", members);
  json_object_set_array_member (object, "dropped", dropped);
  return object;
}

PfaSafeText *
pfa_safe_text_new_from_redactor (GString *text, GArray *marks)
{
  PfaSafeText *self = g_new0 (PfaSafeText, 1);

  g_atomic_ref_count_init (&self->references);
  self->length = text->len;
  self->text = g_string_free (text, FALSE);
  self->marks = marks;
  return self;
}

PfaSafeText *
pfa_safe_text_ref (PfaSafeText *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
pfa_safe_text_unref (PfaSafeText *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_free (self->text);
  g_array_unref (self->marks);
  g_free (self);
}

const char *
pfa_safe_text_get_data (const PfaSafeText *self, gsize *length)
{
  if (length != NULL)
    *length = self->length;
  return self->text;
}

const PfaMark *
pfa_safe_text_get_marks (const PfaSafeText *self, guint *n_marks)
{
  *n_marks = self->marks->len;
  return (const PfaMark *) (gpointer) self->marks->data;
}

/* Kinds, counts and member names are the program's own; only a reason may quote what was met. */
static gboolean
redact_reasons (PfaRedactor *redactor, JsonArray *dropped, GError **error)
{
  for (guint i = 0; i < json_array_get_length (dropped); i++)
    {
      JsonObject *item = json_array_get_object_element (dropped, i);
      const char *reason = json_object_get_string_member (item, "reason");
      g_autoptr (PfaSafeText) safe =
          pfa_redactor_redact_text (redactor, "redaction.json", reason, -1, error);

      if (safe == NULL)
        return FALSE;
      json_object_set_string_member (item, "reason", pfa_safe_text_get_data (safe, NULL));
    }
  return TRUE;
}

PfaSafeText *
pfa_redactor_build_report (PfaRedactor *self, GError **error)
{
  g_autoptr (JsonObject) object =
      pfa_redaction_report_to_json (pfa_redactor_get_report (self), FALSE);
  g_autofree char *text = NULL;

  if (!redact_reasons (self, json_object_get_array_member (object, "dropped"), error))
    return NULL;
  text = pfa_json_write_object (object, TRUE);
  return pfa_safe_text_new_from_redactor (g_string_new (text),
                                          g_array_new (FALSE, FALSE, sizeof (PfaMark)));
}
