/* pfa-bundle-manifest.c - what the bundle says of itself: id, files, left out, consent
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-bundle-documents.h"
#include "pfa-bundle-private.h"

#define NAMESPACE_BYTES "\x8a\x1f\x0c\x55\x3d\x0e\x5b\x9d\x96\x41\x70\x6f\x73\x61\x69\x64"

char *
pfa_bundle_build_id (const char *name)
{
  g_autoptr (GChecksum) sha1 = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 d[20];
  gsize length = sizeof d;

  g_checksum_update (sha1, (const guchar *) NAMESPACE_BYTES, 16);
  g_checksum_update (sha1, (const guchar *) name, -1);
  g_checksum_get_digest (sha1, d, &length);
  d[6] = (guint8) ((d[6] & 0x0f) | 0x50);
  d[8] = (guint8) ((d[8] & 0x3f) | 0x80);
  return g_strdup_printf ("%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
                          d[0],
                          d[1],
                          d[2],
                          d[3],
                          d[4],
                          d[5],
                          d[6],
                          d[7],
                          d[8],
                          d[9],
                          d[10],
                          d[11],
                          d[12],
                          d[13],
                          d[14],
                          d[15]);
}

static const char *
effect_id (PfaBundleEffect effect)
{
  static const char *const ids[] = { "required",  "no-terminal", "no-steps",
                                     "no-system", "no-guided",   "no-log" };

  return ids[effect];
}

JsonObject *
pfa_bundle_build_consent (PfaBundle *self)
{
  JsonObject *object = json_object_new ();
  JsonArray *in = json_array_new ();
  JsonArray *out = json_array_new ();

  json_object_set_string_member (object, "format", "pos-first-aid-consent/1");
  json_object_set_boolean_member (object, "previewed", self->consent_text != NULL);
  if (self->consent_text != NULL)
    json_object_set_string_member (object, "words", self->consent_text);
  if (self->consent_language != NULL)
    json_object_set_string_member (object, "language", self->consent_language);
  if (self->consent_time > 0)
    {
      g_autofree char *time = pfa_bundle_format_time (self->consent_time);

      json_object_set_string_member (object, "time", time);
    }
  json_object_set_string_member (object,
                                 "reader",
                                 self->source.reader == PFA_READER_ANYONE ? "anyone" : "provider");
  for (guint i = 0; i < self->members->len; i++)
    {
      const PfaBundlePart *member = self->members->pdata[i];

      json_array_add_string_element (member->shown.included ? in : out, member->shown.name);
    }
  json_object_set_array_member (object, "included", in);
  json_object_set_array_member (object, "left_out", out);
  return object;
}

JsonObject *
pfa_bundle_list_file (const char *path,
                      const char *source,
                      const PfaBundleSum *sum,
                      gboolean truncated,
                      guint hidden)
{
  JsonObject *file = json_object_new ();

  json_object_set_string_member (file, "path", path);
  json_object_set_int_member (file, "size", (gint64) sum->size);
  json_object_set_string_member (file, "sha256", sum->sha256);
  json_object_set_string_member (file, "source", source);
  json_object_set_boolean_member (file, "truncated", truncated);
  json_object_set_int_member (file, "redacted", hidden);
  return file;
}

/* Members that are left out or dropped, each with the reason. */
JsonArray *
pfa_bundle_build_left_out (PfaBundle *self)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < self->members->len; i++)
    {
      const PfaBundlePart *member = self->members->pdata[i];
      JsonObject *object;

      if (member->shown.included)
        continue;
      object = json_object_new ();
      json_object_set_string_member (object, "path", member->shown.name);
      json_object_set_string_member (object, "effect", effect_id (member->shown.effect));
      if (member->shown.dropped != NULL)
        json_object_set_string_member (object, "reason", member->shown.dropped);
      json_array_add_object_element (array, object);
    }
  return array;
}
