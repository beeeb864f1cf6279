/* pfa-bundle-prepare.c - all that will be in the bundle, redacted once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-bundle-documents.h"
#include "pfa-bundle-private.h"
#include "pfa-bundle-tail.h"
#include "pfa-error.h"
#include "pfa-json.h"

PfaRedactor *
pfa_bundle_make_redactor (PfaBundle *self)
{
  PfaRedactor *redactor =
      pfa_redactor_new (self->source.incident->pseudonym_key, self->source.reader);

  for (guint i = 0; self->names != NULL && self->names[i] != NULL; i++)
    pfa_redactor_add_name (redactor, PFA_SECRET_HOST, self->names[i]);
  return redactor;
}

static PfaBundlePart *
add_member (PfaBundle *self, const char *name, const char *source, PfaBundleEffect effect)
{
  PfaBundlePart *member = g_new0 (PfaBundlePart, 1);

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
  PfaBundlePart *member;
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

PfaSafeText *
pfa_bundle_redact_object (PfaBundle *self, const char *name, JsonObject *object, GError **error)
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
  g_autoptr (PfaRedactor) redactor = pfa_bundle_make_redactor (self);
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

/* @object: (transfer full) */
static gboolean
add_object (PfaBundle *self,
            const char *name,
            const char *source,
            PfaBundleEffect effect,
            JsonObject *object,
            GError **error)
{
  return add_text (self,
                   name,
                   source,
                   effect,
                   pfa_bundle_redact_object (self, name, object, error));
}

/* @lines: (transfer full) */
static gboolean
add_lines (PfaBundle *self,
           const char *name,
           const char *source,
           PfaBundleEffect effect,
           JsonArray *lines,
           GError **error)
{
  return add_text (self, name, source, effect, redact_lines (self, name, lines, error));
}

static JsonObject *
build_steps (const PfaBundleSource *source)
{
  JsonObject *steps = json_object_new ();

  json_object_set_array_member (steps, "steps", pfa_bundle_build_steps (source));
  return steps;
}

/* What no bundle goes without. */
static gboolean
add_required (PfaBundle *self, GError **error)
{
  const PfaBundleEffect required = PFA_BUNDLE_EFFECT_REQUIRED;
  const PfaBundleSource *source = &self->source;
  g_autofree char *page = build_page (self);
  PfaSafeText *readme = pfa_redactor_redact_text (self->redactor, "readme.html", page, -1, error);
  JsonObject *report = source->report;

  return add_text (self, "readme.html", "program", required, readme) &&
         add_object (self,
                     "summary.json",
                     "program",
                     required,
                     pfa_bundle_build_summary (source, self->id),
                     error) &&
         add_object (self, "report.json", "checks", required, json_object_ref (report), error) &&
         add_lines (self,
                    "checks.jsonl",
                    "checks",
                    required,
                    pfa_bundle_build_checks (source),
                    error) &&
         add_lines (self,
                    "timeline.jsonl",
                    "program",
                    required,
                    pfa_bundle_build_timeline (source),
                    error);
}

/* A log of its own beside those of the shop: an older desk takes it too. */
static gboolean
add_conversation (PfaBundle *self, GError **error)
{
  const char *name = "logs/" PFA_BUNDLE_CONVERSATION "/1.log";
  const char *said = self->source.incident->conversation;

  return said == NULL ||
         add_text (self,
                   name,
                   "terminal",
                   PFA_BUNDLE_EFFECT_NO_TERMINAL,
                   pfa_redactor_redact_text (self->redactor, name, said, -1, error));
}

static gboolean
add_documents (PfaBundle *self, GError **error)
{
  JsonObject *terminal = self->source.incident->terminal_status;
  JsonObject *system = self->source.system;
  JsonArray *guided = self->source.incident->guided;

  return add_required (self, error) &&
         (terminal == NULL || add_object (self,
                                          "terminal.json",
                                          "terminal",
                                          PFA_BUNDLE_EFFECT_NO_TERMINAL,
                                          json_object_ref (terminal),
                                          error)) &&
         add_object (self,
                     "steps.json",
                     "program",
                     PFA_BUNDLE_EFFECT_NO_STEPS,
                     build_steps (&self->source),
                     error) &&
         (system == NULL || add_object (self,
                                        "system.json",
                                        "computer",
                                        PFA_BUNDLE_EFFECT_NO_SYSTEM,
                                        json_object_ref (system),
                                        error)) &&
         (guided == NULL || add_lines (self,
                                       "guided.jsonl",
                                       "guided session",
                                       PFA_BUNDLE_EFFECT_NO_GUIDED,
                                       json_array_ref (guided),
                                       error)) &&
         add_conversation (self, error);
}

gboolean
pfa_bundle_count_piece (PfaSafeText *piece, gpointer user_data, GError **error)
{
  PfaBundleCount *sum = user_data;
  gsize length;
  guint n_marks;

  pfa_safe_text_get_data (piece, &length);
  pfa_safe_text_get_marks (piece, &n_marks);
  sum->size += length;
  sum->hidden += n_marks;
  return sum->archive == NULL || pfa_bundle_archive_write (sum->archive, piece, error);
}

static void
drop (PfaBundle *self, PfaBundlePart *member, const GError *reason)
{
  member->shown.dropped = g_strdup (reason->message);
  member->shown.included = FALSE;
  pfa_redaction_report_add_dropped (pfa_redactor_get_report (self->redactor),
                                    member->shown.name,
                                    reason->message);
}

static guint
count_logs (PfaBundle *self, const char *source)
{
  g_autofree char *folder = g_strdup_printf ("logs/%s/", source);
  guint n = 0;

  for (guint i = 0; i < self->members->len; i++)
    n += g_str_has_prefix (((PfaBundlePart *) self->members->pdata[i])->shown.name, folder) ? 1 : 0;
  return n;
}

static PfaBundlePart *
add_log (PfaBundle *self, const PfaBundleLog *log)
{
  g_autofree char *name =
      g_strdup_printf ("logs/%s/%u.log", log->source, count_logs (self, log->source) + 1);
  g_autofree char *base = g_path_get_basename (log->path);
  g_autoptr (PfaSafeText) source =
      pfa_redactor_redact_text (self->redactor, "names", base, -1, NULL);
  PfaBundlePart *member =
      add_member (self,
                  name,
                  source != NULL ? pfa_safe_text_get_data (source, NULL) : log->source,
                  PFA_BUNDLE_EFFECT_NO_LOG);

  member->log = log;
  return member;
}

/* How much more of the shop's logs fits in. */
static guint64
count_room (PfaBundle *self)
{
  guint64 taken = 0;

  for (guint i = 0; i < self->members->len; i++)
    {
      const PfaBundlePart *member = self->members->pdata[i];

      taken += member->end - member->offset;
    }
  return PFA_BUNDLE_MAX_RAW - MIN (taken, PFA_BUNDLE_MAX_RAW);
}

/* Redacts the tail of what is open at @fd, which is taken. TRUE also when it is dropped: the member
 * then says why. FALSE only when cancelled. */
static gboolean
fill_log (PfaBundle *self,
          PfaBundlePart *member,
          int fd,
          guint64 size,
          GCancellable *cancellable,
          GError **error)
{
  const guint64 wanted = MIN (MIN (size, PFA_BUNDLE_MAX_SOURCE), count_room (self));
  g_autoptr (GInputStream) input = NULL;
  g_autoptr (GError) local = NULL;
  PfaBundleCount sum = { 0 };

  member->fd = fd;
  member->offset = size - wanted;
  member->end = size;
  member->shown.truncated = wanted < size;
  input = pfa_bundle_tail_new (member->fd, member->offset, member->end);
  if (!pfa_redactor_redact_stream (self->redactor,
                                   member->shown.name,
                                   input,
                                   pfa_bundle_count_piece,
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
prepare_log (PfaBundle *self, const PfaBundleLog *log, GCancellable *cancellable, GError **error)
{
  PfaBundlePart *member = add_log (self, log);
  g_autoptr (GError) local = NULL;
  guint64 size;
  int fd;

  if (pfa_bundle_tail_open (log->path, &fd, &size, &local))
    return fill_log (self, member, fd, size, cancellable, error);
  drop (self, member, local);
  return TRUE;
}

gboolean
pfa_bundle_prepare_one_log (PfaBundle *self,
                            const PfaBundleLog *log,
                            GCancellable *cancellable,
                            GError **error)
{
  guint64 size;
  int fd;

  if (self->source.logs->len >= PFA_BUNDLE_MAX_LOGS || count_room (self) == 0)
    {
      g_set_error_literal (error, PFA_ERROR, PFA_ERROR_REFUSED, "no more logs fit in the bundle");
      return FALSE;
    }
  if (!pfa_bundle_tail_open (log->path, &fd, &size, error))
    return FALSE;
  if (fill_log (self, add_log (self, log), fd, size, cancellable, error))
    return TRUE;
  g_ptr_array_set_size (self->members, (int) self->members->len - 1);
  return FALSE;
}

gboolean
pfa_bundle_prepare (PfaBundle *self, GCancellable *cancellable, GError **error)
{
  GPtrArray *logs = self->source.logs;

  g_ptr_array_set_size (self->members, 0);
  g_clear_pointer (&self->redactor, pfa_redactor_free);
  self->redactor = pfa_bundle_make_redactor (self);
  if (!add_documents (self, error))
    return FALSE;
  for (guint i = 0; logs != NULL && i < MIN (logs->len, PFA_BUNDLE_MAX_LOGS); i++)
    if (!prepare_log (self, logs->pdata[i], cancellable, error))
      return FALSE;
  return TRUE;
}
