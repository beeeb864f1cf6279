/* pfa-bundle.c - the diagnostic bundle: the object, its preview, its consent
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-bundle.h"

#include <unistd.h>

#include "pfa-bundle-documents.h"
#include "pfa-bundle-private.h"
#include "pfa-bundle-tail.h"
#include "pfa-error.h"

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
  PfaBundlePart *member = data;

  g_free (member->shown.name);
  g_free (member->shown.source);
  g_free (member->shown.dropped);
  g_clear_pointer (&member->text, pfa_safe_text_unref);
  if (member->fd >= 0)
    close (member->fd);
  g_free (member);
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

GTask *
pfa_bundle_begin (PfaBundle *self,
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

gboolean
pfa_bundle_end (PfaBundle *self, GAsyncResult *result, GError **error)
{
  g_autoptr (GError) local = NULL;
  const gboolean good = g_task_propagate_boolean (G_TASK (result), &local);

  if (!g_error_matches (local, PFA_ERROR, PFA_ERROR_BUSY))
    self->busy = FALSE;
  if (!good)
    g_propagate_error (error, g_steal_pointer (&local));
  return good;
}

static void
on_prepare_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  g_autoptr (GError) error = NULL;

  if (pfa_bundle_prepare (source, cancellable, &error))
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
  g_autoptr (GTask) task =
      pfa_bundle_begin (self, pfa_bundle_prepare_async, cancellable, callback, user_data);

  if (task == NULL)
    return;
  self->prepared = FALSE;
  g_task_run_in_thread (task, on_prepare_thread);
}

gboolean
pfa_bundle_prepare_finish (PfaBundle *self, GAsyncResult *result, GError **error)
{
  const gboolean good = pfa_bundle_end (self, result, error);

  self->prepared = self->prepared || good;
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

  return &((PfaBundlePart *) self->members->pdata[index])->shown;
}

void
pfa_bundle_set_included (PfaBundle *self, guint index, gboolean included)
{
  PfaBundlePart *member;

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
read_log (PfaBundle *self, const PfaBundlePart *member, gsize max_length, GError **error)
{
  g_autoptr (PfaRedactor) redactor = pfa_bundle_make_redactor (self);
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
  const PfaBundlePart *member = self->members->pdata[job->index];
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

  task = pfa_bundle_begin (self, pfa_bundle_read_async, cancellable, callback, user_data);
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
  g_autoptr (GTask) task =
      pfa_bundle_begin (self, pfa_bundle_write_async, cancellable, callback, user_data);
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
  return pfa_bundle_end (self, result, error);
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

static JsonArray *
ref_array (JsonArray *array)
{
  return array != NULL ? json_array_ref (array) : NULL;
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
  self->source.agent_titles = ref_object (source->agent_titles);
  self->source.system = ref_object (source->system);
  self->source.stations = ref_array (source->stations);
  self->source.agent_stations = ref_array (source->agent_stations);
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
  g_clear_pointer (&self->source.agent_titles, json_object_unref);
  g_clear_pointer (&self->source.system, json_object_unref);
  g_clear_pointer (&self->source.stations, json_array_unref);
  g_clear_pointer (&self->source.agent_stations, json_array_unref);
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
