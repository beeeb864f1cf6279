/* pfa-bundle-prepare.c - all that will be in the bundle, redacted once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-bundle-documents.h"
#include "pfa-bundle-private.h"
#include "pfa-bundle-tail.h"
#include "pfa-json.h"

#define MAX_LOGS 32

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
  PfaBundlePart *member =
      add_member (self,
                  name,
                  source != NULL ? pfa_safe_text_get_data (source, NULL) : log->source,
                  PFA_BUNDLE_EFFECT_NO_LOG);
  g_autoptr (GInputStream) input = NULL;
  g_autoptr (GError) local = NULL;
  PfaBundleCount sum = { 0 };
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

static guint
count_logs (PfaBundle *self, const char *source)
{
  g_autofree char *folder = g_strdup_printf ("logs/%s/", source);
  guint n = 0;

  for (guint i = 0; i < self->members->len; i++)
    n += g_str_has_prefix (((PfaBundlePart *) self->members->pdata[i])->shown.name, folder) ? 1 : 0;
  return n;
}

gboolean
pfa_bundle_prepare (PfaBundle *self, GCancellable *cancellable, GError **error)
{
  GPtrArray *logs = self->source.logs;
  guint64 left = PFA_BUNDLE_MAX_RAW;

  g_ptr_array_set_size (self->members, 0);
  g_clear_pointer (&self->redactor, pfa_redactor_free);
  self->redactor = pfa_bundle_make_redactor (self);
  if (!add_documents (self, error))
    return FALSE;
  for (guint i = 0; logs != NULL && i < MIN (logs->len, MAX_LOGS); i++)
    {
      const PfaBundleLog *log = logs->pdata[i];

      if (!prepare_log (self, log, count_logs (self, log->source) + 1, &left, cancellable, error))
        return FALSE;
    }
  return TRUE;
}
