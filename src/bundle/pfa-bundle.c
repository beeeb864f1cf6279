/* pfa-bundle.c - the diagnostic bundle: preview, consent, writing
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-bundle.h"

#include <string.h>
#include <unistd.h>

#include "pfa-bundle-archive.h"
#include "pfa-bundle-documents.h"
#include "pfa-bundle-tail.h"
#include "pfa-error.h"
#include "pfa-json.h"

#define SMALL_RAW   (30 * 1000 * 1000)
#define LEVEL_SMALL 6
#define LEVEL_LARGE 1
/* Room for what is written behind the logs. */
#define PACKED_RESERVE  (512 * 1024)
#define MAX_ATTEMPTS    5
#define MAX_LOGS        32
#define NAMESPACE_BYTES "\x8a\x1f\x0c\x55\x3d\x0e\x5b\x9d\x96\x41\x70\x6f\x73\x61\x69\x64"

/* A member with what it takes to write it: a small one is held as text, a log is read again. */
typedef struct
{
  PfaBundleMember shown;
  PfaSafeText *text;
  int fd;
  guint64 offset;
  guint64 end;
} Member;

struct _PfaBundle
{
  GObject parent_instance;

  PfaBundleSource source;
  char *id;
  char *language;
  char *agent_language;
  GStrv names;
  GPtrArray *members; /* (element-type Member) */
  PfaRedactor *redactor;
  gboolean prepared;
  gboolean busy;
  char *consent_text;
  char *consent_language;
  gint64 consent_time;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PfaBundle, pfa_bundle, G_TYPE_OBJECT)

PfaBundleLog *
pfa_bundle_log_new (const char *source, const char *path)
{
  PfaBundleLog *self = g_new0 (PfaBundleLog, 1);

  self->source = g_strdup (source);
  self->path = g_strdup (path);
  return self;
}

void
pfa_bundle_log_free (PfaBundleLog *self)
{
  g_free (self->source);
  g_free (self->path);
  g_free (self);
}

static void
member_free (gpointer data)
{
  Member *member = data;

  g_free (member->shown.name);
  g_free (member->shown.source);
  g_free (member->shown.dropped);
  g_clear_pointer (&member->text, pfa_safe_text_unref);
  if (member->fd >= 0)
    close (member->fd);
  g_free (member);
}

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

static PfaRedactor *
make_redactor (PfaBundle *self)
{
  PfaRedactor *redactor =
      pfa_redactor_new (self->source.incident->pseudonym_key, self->source.reader);

  for (guint i = 0; self->names != NULL && self->names[i] != NULL; i++)
    pfa_redactor_add_name (redactor, PFA_SECRET_HOST, self->names[i]);
  return redactor;
}

static Member *
add_member (PfaBundle *self, const char *name, const char *source, PfaBundleEffect effect)
{
  Member *member = g_new0 (Member, 1);

  member->fd = -1;
  member->shown.name = g_strdup (name);
  member->shown.source = g_strdup (source);
  member->shown.included = TRUE;
  member->shown.effect = effect;
  g_ptr_array_add (self->members, member);
  return member;
}

/* @text: (transfer full), NULL when redacting failed. */
static gboolean
add_text (PfaBundle *self,
          const char *name,
          const char *source,
          PfaBundleEffect effect,
          PfaSafeText *text)
{
  Member *member;
  gsize length;

  if (text == NULL)
    return FALSE;
  member = add_member (self, name, source, effect);
  member->text = text;
  pfa_safe_text_get_data (text, &length);
  pfa_safe_text_get_marks (text, &member->shown.hidden);
  member->shown.size = length;
  return TRUE;
}

/* @object: (transfer full) */
static PfaSafeText *
redact_object (PfaBundle *self, const char *name, JsonObject *object, GError **error)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  json_node_take_object (node, object);
  return pfa_redactor_redact_json (self->redactor, name, node, TRUE, error);
}

static PfaSafeText *
redact_lines (PfaBundle *self, const char *name, JsonArray *lines, GError **error)
{
  g_autoptr (JsonArray) owned = lines;

  return pfa_redactor_redact_json_lines (self->redactor, name, owned, error);
}

/* The same object with nothing secret left in it: for the page, where a value stands far from its
 * name. @object may be NULL. */
static JsonObject *
clean_object (PfaBundle *self, JsonObject *object)
{
  g_autoptr (PfaRedactor) redactor = make_redactor (self);
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (PfaSafeText) text = NULL;

  if (object == NULL)
    return NULL;
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_set_object (node, object);
  text = pfa_redactor_redact_json (redactor, "page", node, FALSE, NULL);
  return text != NULL
             ? pfa_json_parse_object (pfa_safe_text_get_data (text, NULL), -1, "page", NULL)
             : NULL;
}

static char *
build_page (PfaBundle *self)
{
  g_autoptr (JsonObject) report = clean_object (self, self->source.report);
  g_autoptr (JsonObject) agent_report = clean_object (self, self->source.agent_report);
  g_autoptr (PfaIncident) incident = pfa_incident_copy (self->source.incident);
  JsonObject *terminal = clean_object (self, incident->terminal_status);
  PfaBundleSource clean = self->source;

  g_clear_pointer (&incident->terminal_status, json_object_unref);
  incident->terminal_status = terminal;
  clean.incident = incident;
  clean.report = report != NULL ? report : self->source.report;
  clean.agent_report = agent_report;
  return pfa_bundle_build_readme (&clean, self->id);
}

static gboolean
add_documents (PfaBundle *self, GError **error)
{
  const PfaBundleSource *source = &self->source;
  g_autofree char *readme = build_page (self);

  JsonObject *steps = json_object_new ();

  json_object_set_array_member (steps, "steps", pfa_bundle_build_steps (source));
  if (!add_text (self,
                 "readme.html",
                 "program",
                 PFA_BUNDLE_EFFECT_REQUIRED,
                 pfa_redactor_redact_text (self->redactor, "readme.html", readme, -1, error)) ||
      !add_text (self,
                 "summary.json",
                 "program",
                 PFA_BUNDLE_EFFECT_REQUIRED,
                 redact_object (self,
                                "summary.json",
                                pfa_bundle_build_summary (source, self->id),
                                error)) ||
      !add_text (self,
                 "report.json",
                 "checks",
                 PFA_BUNDLE_EFFECT_REQUIRED,
                 redact_object (self, "report.json", json_object_ref (source->report), error)) ||
      !add_text (self,
                 "checks.jsonl",
                 "checks",
                 PFA_BUNDLE_EFFECT_REQUIRED,
                 redact_lines (self, "checks.jsonl", pfa_bundle_build_checks (source), error)) ||
      !add_text (self,
                 "timeline.jsonl",
                 "program",
                 PFA_BUNDLE_EFFECT_REQUIRED,
                 redact_lines (self, "timeline.jsonl", pfa_bundle_build_timeline (source), error)))
    {
      json_object_unref (steps);
      return FALSE;
    }
  if (source->incident->terminal_status != NULL &&
      !add_text (self,
                 "terminal.json",
                 "terminal",
                 PFA_BUNDLE_EFFECT_NO_TERMINAL,
                 redact_object (self,
                                "terminal.json",
                                json_object_ref (source->incident->terminal_status),
                                error)))
    {
      json_object_unref (steps);
      return FALSE;
    }
  return add_text (self,
                   "steps.json",
                   "program",
                   PFA_BUNDLE_EFFECT_NO_STEPS,
                   redact_object (self, "steps.json", steps, error)) &&
         (source->system == NULL ||
          add_text (
              self,
              "system.json",
              "computer",
              PFA_BUNDLE_EFFECT_NO_SYSTEM,
              redact_object (self, "system.json", json_object_ref (source->system), error))) &&
         (source->incident->guided == NULL ||
          add_text (self,
                    "guided.jsonl",
                    "guided session",
                    PFA_BUNDLE_EFFECT_NO_GUIDED,
                    redact_lines (self,
                                  "guided.jsonl",
                                  json_array_ref (source->incident->guided),
                                  error)));
}

/* What a member comes to when its pieces are only counted, kept up to a length, or written. */
typedef struct
{
  guint64 size;
  guint hidden;
  guint64 limit;
  PfaBundleArchive *archive;
} Sum;

static gboolean
on_counted (PfaSafeText *piece, gpointer user_data, GError **error)
{
  Sum *sum = user_data;
  gsize length;
  guint n_marks;

  pfa_safe_text_get_data (piece, &length);
  pfa_safe_text_get_marks (piece, &n_marks);
  sum->size += length;
  sum->hidden += n_marks;
  return sum->archive == NULL || pfa_bundle_archive_write (sum->archive, piece, error);
}

static void
drop (PfaBundle *self, Member *member, const GError *reason)
{
  member->shown.dropped = g_strdup (reason->message);
  member->shown.included = FALSE;
  pfa_redaction_report_add_dropped (pfa_redactor_get_report (self->redactor),
                                    member->shown.name,
                                    reason->message);
}

/* TRUE also when the log is dropped: it is then said why. FALSE only when cancelled. */
static gboolean
prepare_log (PfaBundle *self,
             const PfaBundleLog *log,
             guint number,
             guint64 *left,
             GCancellable *cancellable,
             GError **error)
{
  g_autofree char *name = g_strdup_printf ("logs/%s/%u.log", log->source, number);
  g_autofree char *base = g_path_get_basename (log->path);
  g_autoptr (PfaSafeText) source =
      pfa_redactor_redact_text (self->redactor, "names", base, -1, NULL);
  Member *member = add_member (self,
                               name,
                               source != NULL ? pfa_safe_text_get_data (source, NULL) : log->source,
                               PFA_BUNDLE_EFFECT_NO_LOG);
  g_autoptr (GInputStream) input = NULL;
  g_autoptr (GError) local = NULL;
  Sum sum = { 0 };
  guint64 size, wanted;

  if (!pfa_bundle_tail_open (log->path, &member->fd, &size, &local))
    {
      drop (self, member, local);
      return TRUE;
    }
  wanted = MIN (MIN (size, PFA_BUNDLE_MAX_SOURCE), *left);
  member->offset = size - wanted;
  member->end = size;
  member->shown.truncated = wanted < size;
  *left -= wanted;
  input = pfa_bundle_tail_new (member->fd, member->offset, member->end);
  if (!pfa_redactor_redact_stream (self->redactor,
                                   name,
                                   input,
                                   on_counted,
                                   &sum,
                                   cancellable,
                                   &local))
    {
      if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return FALSE;
        }
      drop (self, member, local);
    }
  member->shown.size = sum.size;
  member->shown.hidden = sum.hidden;
  return TRUE;
}

static gboolean
prepare (PfaBundle *self, GCancellable *cancellable, GError **error)
{
  GPtrArray *logs = self->source.logs;
  guint64 left = PFA_BUNDLE_MAX_RAW;

  g_ptr_array_set_size (self->members, 0);
  g_clear_pointer (&self->redactor, pfa_redactor_free);
  self->redactor = make_redactor (self);
  if (!add_documents (self, error))
    return FALSE;
  for (guint i = 0; logs != NULL && i < MIN (logs->len, MAX_LOGS); i++)
    {
      const PfaBundleLog *log = logs->pdata[i];
      guint number = 1;

      for (guint j = 0; j < i; j++)
        number += g_str_equal (((PfaBundleLog *) logs->pdata[j])->source, log->source) ? 1 : 0;
      if (!prepare_log (self, log, number, &left, cancellable, error))
        return FALSE;
    }
  return TRUE;
}

static const char *
effect_id (PfaBundleEffect effect)
{
  static const char *const ids[] = { "required",  "no-terminal", "no-steps",
                                     "no-system", "no-guided",   "no-log" };

  return ids[effect];
}

static JsonObject *
build_consent (PfaBundle *self)
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
      const Member *member = self->members->pdata[i];

      json_array_add_string_element (member->shown.included ? in : out, member->shown.name);
    }
  json_object_set_array_member (object, "included", in);
  json_object_set_array_member (object, "left_out", out);
  return object;
}

static JsonObject *
list_file (const char *path,
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
static JsonArray *
build_left_out (PfaBundle *self)
{
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < self->members->len; i++)
    {
      const Member *member = self->members->pdata[i];
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
           const Member *member,
           double share,
           PfaBundleSum *written,
           GCancellable *cancellable,
           GError **error)
{
  const guint64 wanted = (guint64) ((double) (member->end - member->offset) * share);
  g_autoptr (GInputStream) input =
      pfa_bundle_tail_new (member->fd, member->end - wanted, member->end);
  /* Counted already: this one's report is thrown away. */
  g_autoptr (PfaRedactor) redactor = make_redactor (self);
  Sum sum = { .archive = archive };

  if (!pfa_bundle_archive_begin (archive, member->shown.name, error) ||
      !pfa_redactor_redact_stream (redactor,
                                   member->shown.name,
                                   input,
                                   on_counted,
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
      const Member *member = self->members->pdata[i];
      PfaBundleSum sum = { 0 };

      if (!member->shown.included)
        continue;
      if (g_cancellable_set_error_if_cancelled (cancellable, error) ||
          !(member->text != NULL
                ? write_text (archive, member->shown.name, member->text, &sum, error)
                : write_log (self, archive, member, share, &sum, cancellable, error)))
        return FALSE;
      json_array_add_object_element (files,
                                     list_file (member->shown.name,
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

static gboolean
write_closing (PfaBundle *self, PfaBundleArchive *archive, JsonArray *files, GError **error)
{
  g_autoptr (PfaSafeText) redaction =
      redact_object (self,
                     "redaction.json",
                     pfa_redaction_report_to_json (pfa_redactor_get_report (self->redactor), FALSE),
                     error);
  g_autoptr (PfaSafeText) consent = NULL;
  g_autoptr (PfaSafeText) manifest = NULL;
  JsonObject *object;
  PfaBundleSum sum = { 0 };

  if (!write_text (archive, "redaction.json", redaction, &sum, error))
    return FALSE;
  json_array_add_object_element (files, list_file ("redaction.json", "program", &sum, FALSE, 0));
  consent = redact_object (self, "consent.json", build_consent (self), error);
  if (!write_text (archive, "consent.json", consent, &sum, error))
    return FALSE;
  json_array_add_object_element (files, list_file ("consent.json", "program", &sum, FALSE, 0));

  object = json_object_new ();
  json_object_set_string_member (object, "format", "pos-first-aid-bundle/1");
  json_object_set_string_member (object, "id", self->id);
  json_object_set_string_member (object, "program", PACKAGE_VERSION);
  json_object_set_boolean_member (object, "practice", self->source.incident->practice);
  json_object_set_array_member (object, "files", json_array_ref (files));
  json_object_set_array_member (object, "left_out", build_left_out (self));
  /* The consent stands here as well: whoever reads only the manifest sees what was agreed to. */
  json_object_set_object_member (object, "consent", build_consent (self));
  manifest = redact_object (self, "manifest.json", object, error);
  return write_text (archive, "manifest.json", manifest, &sum, error);
}

static guint64
raw_length (PfaBundle *self)
{
  guint64 length = 0;

  for (guint i = 0; i < self->members->len; i++)
    {
      const Member *member = self->members->pdata[i];

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
      if (!prepare (self, cancellable, error))
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

typedef struct
{
  char *path;
  char *certificates;
  guint index;
  gsize max_length;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->path);
  g_free (job->certificates);
  g_free (job);
}

/* Begins an operation, or answers BUSY and returns NULL. */
static GTask *
begin (PfaBundle *self,
       gpointer tag,
       GCancellable *cancellable,
       GAsyncReadyCallback callback,
       gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  if (self->busy)
    {
      g_task_return_new_error (task, PFA_ERROR, PFA_ERROR_BUSY, "the bundle is being worked on");
      g_object_unref (task);
      return NULL;
    }
  self->busy = TRUE;
  return task;
}

static void
on_prepare_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  if (prepare (source, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
pfa_bundle_prepare_async (PfaBundle *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = begin (self, pfa_bundle_prepare_async, cancellable, callback, user_data);

  if (task == NULL)
    return;
  self->prepared = FALSE;
  g_task_run_in_thread (task, on_prepare_thread);
}

gboolean
pfa_bundle_prepare_finish (PfaBundle *self, GAsyncResult *result, GError **error)
{
  g_autoptr (GError) local = NULL;
  const gboolean good = g_task_propagate_boolean (G_TASK (result), &local);

  if (!g_error_matches (local, PFA_ERROR, PFA_ERROR_BUSY))
    self->busy = FALSE;
  if (good)
    self->prepared = TRUE;
  else
    g_propagate_error (error, g_steal_pointer (&local));
  return good;
}

guint
pfa_bundle_get_n_members (PfaBundle *self)
{
  return self->prepared ? self->members->len : 0;
}

const PfaBundleMember *
pfa_bundle_get_member (PfaBundle *self, guint index)
{
  g_return_val_if_fail (index < pfa_bundle_get_n_members (self), NULL);

  return &((Member *) self->members->pdata[index])->shown;
}

void
pfa_bundle_set_included (PfaBundle *self, guint index, gboolean included)
{
  Member *member;

  g_return_if_fail (index < pfa_bundle_get_n_members (self));

  member = self->members->pdata[index];
  if (member->shown.effect == PFA_BUNDLE_EFFECT_REQUIRED || member->shown.dropped != NULL ||
      member->shown.included == included)
    return;
  member->shown.included = included;
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Redacts the head of a log again; the same key gives the same text. */
static PfaSafeText *
read_log (PfaBundle *self, const Member *member, gsize max_length, GError **error)
{
  g_autoptr (PfaRedactor) redactor = make_redactor (self);
  g_autoptr (GInputStream) input =
      pfa_bundle_tail_new (member->fd,
                           member->offset,
                           MIN (member->end, member->offset + max_length));
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 block[16384];
  gssize n;

  while ((n = g_input_stream_read (input, block, sizeof block, NULL, error)) > 0)
    g_byte_array_append (bytes, block, (guint) n);
  return n < 0 ? NULL
               : pfa_redactor_redact_text (redactor,
                                           member->shown.name,
                                           (const char *) bytes->data,
                                           bytes->len,
                                           error);
}

static void
on_read_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  PfaBundle *self = source;
  const Job *job = data;
  const Member *member = self->members->pdata[job->index];
  g_autoptr (GError) error = NULL;
  PfaSafeText *text;

  if (member->text != NULL)
    text = pfa_safe_text_ref (member->text);
  else if (member->fd < 0)
    text = pfa_redactor_redact_text (self->redactor, "names", "", 0, &error);
  else
    text = read_log (self, member, job->max_length, &error);
  if (text != NULL)
    g_task_return_pointer (task, text, (GDestroyNotify) pfa_safe_text_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
pfa_bundle_read_async (PfaBundle *self,
                       guint index,
                       gsize max_length,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  g_return_if_fail (index < pfa_bundle_get_n_members (self));

  task = begin (self, pfa_bundle_read_async, cancellable, callback, user_data);
  if (task == NULL)
    return;
  job = g_new0 (Job, 1);
  job->index = index;
  job->max_length = max_length;
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, on_read_thread);
}

PfaSafeText *
pfa_bundle_read_finish (PfaBundle *self, GAsyncResult *result, GError **error)
{
  g_autoptr (GError) local = NULL;
  PfaSafeText *text = g_task_propagate_pointer (G_TASK (result), &local);

  if (!g_error_matches (local, PFA_ERROR, PFA_ERROR_BUSY))
    self->busy = FALSE;
  if (text == NULL)
    g_propagate_error (error, g_steal_pointer (&local));
  return text;
}

void
pfa_bundle_set_consent (PfaBundle *self, const char *text, const char *language, gint64 time)
{
  g_free (self->consent_text);
  g_free (self->consent_language);
  self->consent_text = g_strdup (text);
  self->consent_language = g_strdup (language);
  self->consent_time = time;
}

static void
on_write_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  g_autoptr (GError) error = NULL;

  if (pfa_bundle_write (source, job->path, job->certificates, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

void
pfa_bundle_write_async (PfaBundle *self,
                        const char *path,
                        const char *certificates,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = begin (self, pfa_bundle_write_async, cancellable, callback, user_data);
  Job *job;

  if (task == NULL)
    return;
  job = g_new0 (Job, 1);
  job->path = g_strdup (path);
  job->certificates = g_strdup (certificates);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, on_write_thread);
}

gboolean
pfa_bundle_write_finish (PfaBundle *self, GAsyncResult *result, GError **error)
{
  g_autoptr (GError) local = NULL;
  const gboolean good = g_task_propagate_boolean (G_TASK (result), &local);

  if (!g_error_matches (local, PFA_ERROR, PFA_ERROR_BUSY))
    self->busy = FALSE;
  if (!good)
    g_propagate_error (error, g_steal_pointer (&local));
  return good;
}

const char *
pfa_bundle_get_id (PfaBundle *self)
{
  return self->id;
}

static JsonObject *
ref_object (JsonObject *object)
{
  return object != NULL ? json_object_ref (object) : NULL;
}

PfaBundle *
pfa_bundle_new (const PfaBundleSource *source)
{
  PfaBundle *self = g_object_new (PFA_TYPE_BUNDLE, NULL);

  self->source = *source;
  self->source.incident = pfa_incident_copy (source->incident);
  self->source.report = pfa_bundle_copy_report (source->report, source->incident);
  if (source->agent_report != NULL)
    self->source.agent_report = pfa_bundle_copy_report (source->agent_report, source->incident);
  self->source.titles = ref_object (source->titles);
  self->source.system = ref_object (source->system);
  self->source.stations = source->stations != NULL ? json_array_ref (source->stations) : NULL;
  self->source.language = self->language = g_strdup (source->language);
  self->source.agent_language = self->agent_language = g_strdup (source->agent_language);
  self->names = g_strdupv ((char **) source->names);
  self->source.names = (const char *const *) self->names;
  self->source.logs = g_ptr_array_new_with_free_func ((GDestroyNotify) pfa_bundle_log_free);
  for (guint i = 0; source->logs != NULL && i < source->logs->len; i++)
    {
      const PfaBundleLog *log = source->logs->pdata[i];

      g_ptr_array_add (self->source.logs, pfa_bundle_log_new (log->source, log->path));
    }
  self->id = pfa_bundle_build_id (source->incident->id);
  return self;
}

static void
pfa_bundle_finalize (GObject *object)
{
  PfaBundle *self = PFA_BUNDLE (object);

  pfa_incident_free ((PfaIncident *) self->source.incident);
  json_object_unref (self->source.report);
  g_clear_pointer (&self->source.agent_report, json_object_unref);
  g_clear_pointer (&self->source.titles, json_object_unref);
  g_clear_pointer (&self->source.system, json_object_unref);
  g_clear_pointer (&self->source.stations, json_array_unref);
  g_ptr_array_unref (self->source.logs);
  g_ptr_array_unref (self->members);
  g_clear_pointer (&self->redactor, pfa_redactor_free);
  g_strfreev (self->names);
  g_free (self->language);
  g_free (self->agent_language);
  g_free (self->consent_text);
  g_free (self->consent_language);
  g_free (self->id);
  G_OBJECT_CLASS (pfa_bundle_parent_class)->finalize (object);
}

static void
pfa_bundle_class_init (PfaBundleClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pfa_bundle_finalize;
  signals[CHANGED] = g_signal_new ("changed",
                                   PFA_TYPE_BUNDLE,
                                   G_SIGNAL_RUN_LAST,
                                   0,
                                   NULL,
                                   NULL,
                                   NULL,
                                   G_TYPE_NONE,
                                   0);
}

static void
pfa_bundle_init (PfaBundle *self)
{
  self->members = g_ptr_array_new_with_free_func (member_free);
}
