/* pfa-bundle-write.c - the parts that are in, as an archive that is not too large
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-bundle-private.h"
#include "pfa-bundle-tail.h"
#include "pfa-error.h"

#define SMALL_RAW   (30 * 1000 * 1000)
#define LEVEL_SMALL 6
#define LEVEL_LARGE 1
/* Room for what is written behind the logs. */
#define PACKED_RESERVE (512 * 1024)
#define MAX_ATTEMPTS   5

static gboolean
write_text (PfaBundleArchive *archive,
            const char *name,
            PfaSafeText *text,
            PfaBundleSum *sum,
            GError **error)
{
  return text != NULL && pfa_bundle_archive_begin (archive, name, error) &&
         pfa_bundle_archive_write (archive, text, error) &&
         pfa_bundle_archive_end (archive, sum, error);
}

static gboolean
write_log (PfaBundle *self,
           PfaBundleArchive *archive,
           const PfaBundlePart *member,
           double share,
           PfaBundleSum *written,
           GCancellable *cancellable,
           GError **error)
{
  const guint64 wanted = (guint64) ((double) (member->end - member->offset) * share);
  g_autoptr (GInputStream) input =
      pfa_bundle_tail_new (member->fd, member->end - wanted, member->end);
  /* Counted already: this one's report is thrown away. */
  g_autoptr (PfaRedactor) redactor = pfa_bundle_make_redactor (self);
  PfaBundleCount sum = { .archive = archive };

  if (!pfa_bundle_archive_begin (archive, member->shown.name, error) ||
      !pfa_redactor_redact_stream (redactor,
                                   member->shown.name,
                                   input,
                                   pfa_bundle_count_piece,
                                   &sum,
                                   cancellable,
                                   error) ||
      !pfa_bundle_archive_end (archive, written, error))
    return FALSE;
  if (share >= 1 && sum.size != member->shown.size)
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_INVALID_DATA,
                   "%s changed since it was shown; look at it again",
                   member->shown.name);
      return FALSE;
    }
  return TRUE;
}

static gboolean
write_members (PfaBundle *self,
               PfaBundleArchive *archive,
               double share,
               JsonArray *files,
               GCancellable *cancellable,
               GError **error)
{
  for (guint i = 0; i < self->members->len; i++)
    {
      const PfaBundlePart *member = self->members->pdata[i];
      PfaBundleSum sum = { 0 };

      if (!member->shown.included)
        continue;
      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !(member->text != NULL
                ? write_text (archive, member->shown.name, member->text, &sum, error)
                : write_log (self, archive, member, share, &sum, cancellable, error)))
        return FALSE;
      json_array_add_object_element (files,
                                     pfa_bundle_list_file (member->shown.name,
                                                           member->shown.source,
                                                           &sum,
                                                           member->shown.truncated ||
                                                               (member->text == NULL && share < 1),
                                                           member->shown.hidden));
      if (pfa_bundle_archive_get_packed (archive) > PFA_BUNDLE_MAX_PACKED - PACKED_RESERVE)
        return TRUE;
    }
  return TRUE;
}

/* The bundle's id and the sums of its members. */
static GStrv
list_fingerprints (PfaBundle *self, JsonArray *files)
{
  g_autoptr (GStrvBuilder) own = g_strv_builder_new ();

  g_strv_builder_add (own, self->id);
  for (guint i = 0; i < json_array_get_length (files); i++)
    g_strv_builder_add (own,
                        json_object_get_string_member (json_array_get_object_element (files, i),
                                                       "sha256"));
  return g_strv_builder_end (own);
}

static gboolean
write_closing (PfaBundle *self, PfaBundleArchive *archive, JsonArray *files, GError **error)
{
  g_autoptr (PfaSafeText) redaction = pfa_redactor_build_report (self->redactor, error);
  g_autoptr (PfaSafeText) consent = NULL;
  g_autoptr (PfaSafeText) manifest = NULL;
  g_autoptr (JsonObject) object = NULL;
  g_auto (GStrv) own = NULL;
  PfaBundleSum sum = { 0 };

  if (redaction == NULL || !write_text (archive, "redaction.json", redaction, &sum, error))
    return FALSE;
  json_array_add_object_element (
      files,
      pfa_bundle_list_file ("redaction.json", "program", &sum, FALSE, 0));
  consent = pfa_bundle_redact_object (self, "consent.json", pfa_bundle_build_consent (self), error);
  if (!write_text (archive, "consent.json", consent, &sum, error))
    return FALSE;
  json_array_add_object_element (files,
                                 pfa_bundle_list_file ("consent.json", "program", &sum, FALSE, 0));

  object = json_object_new ();
  json_object_set_string_member (object, "format", "pos-first-aid-bundle/1");
  json_object_set_string_member (object, "id", self->id);
  json_object_set_string_member (object, "program", PACKAGE_VERSION);
  json_object_set_boolean_member (object, "practice", self->source.incident->practice);
  json_object_set_array_member (object, "files", json_array_ref (files));
  json_object_set_array_member (object, "left_out", pfa_bundle_build_left_out (self));
  /* The consent stands here as well: whoever reads only the manifest sees what was agreed to. */
  json_object_set_object_member (object, "consent", pfa_bundle_build_consent (self));
  own = list_fingerprints (self, files);
  manifest = pfa_redactor_redact_json_with_own (self->redactor,
                                                "manifest.json",
                                                object,
                                                (const char *const *) own,
                                                error);
  return write_text (archive, "manifest.json", manifest, &sum, error);
}

static guint64
raw_length (PfaBundle *self)
{
  guint64 length = 0;

  for (guint i = 0; i < self->members->len; i++)
    {
      const PfaBundlePart *member = self->members->pdata[i];

      if (member->shown.included)
        length += member->text != NULL ? member->shown.size : member->end - member->offset;
    }
  return length;
}

/* One attempt with @share of each log's tail; *@packed says how much it came to. */
static gboolean
write_once (PfaBundle *self,
            const char *path,
            const char *certificates,
            double share,
            guint64 *packed,
            GCancellable *cancellable,
            GError **error)
{
  const int level = raw_length (self) < SMALL_RAW ? LEVEL_SMALL : LEVEL_LARGE;
  g_autoptr (PfaBundleArchive) archive = pfa_bundle_archive_new (path, certificates, level, error);
  g_autoptr (JsonArray) files = json_array_new ();

  *packed = 0;
  if (archive == NULL || !write_members (self, archive, share, files, cancellable, error))
    return FALSE;
  *packed = pfa_bundle_archive_get_packed (archive);
  if (*packed > PFA_BUNDLE_MAX_PACKED - PACKED_RESERVE)
    return FALSE;
  return write_closing (self, archive, files, error) && pfa_bundle_archive_close (archive, error);
}

gboolean
pfa_bundle_write (PfaBundle *self,
                  const char *path,
                  const char *certificates,
                  GCancellable *cancellable,
                  GError **error)
{
  double share = 1;

  if (!self->prepared)
    {
      if (!pfa_bundle_prepare (self, cancellable, error))
        return FALSE;
      self->prepared = TRUE;
    }
  for (guint i = 0; i < MAX_ATTEMPTS; i++)
    {
      g_autoptr (GError) local = NULL;
      guint64 packed;

      if (write_once (self, path, certificates, share, &packed, cancellable, &local))
        return TRUE;
      if (local != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      /* Too large when packed: shorter tails. What was packed may not have been all of it. */
      share *= 0.6;
    }
  g_set_error (error, PFA_ERROR, PFA_ERROR_INTERNAL, "the bundle does not become small enough");
  return FALSE;
}
