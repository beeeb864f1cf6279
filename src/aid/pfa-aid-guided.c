/* pfa-aid-guided.c - the aid as a guided session sees it: what support is shown, and may ask for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-aid-guided.h"

#include "pfa-aid-guided-sections.h"
#include "pfa-error.h"

#define ALL_CHECKS "all"

struct _PfaAidGuided
{
  GObject parent_instance;

  PfaAid *aid;
  char *language;
  PfaAidGuidedSend send;
  gpointer send_data;
  JsonArray *earlier; /* the log of the incident's sessions before this one; NULL: none */
};

static JsonObject *
build_sections (PfaGuidedView *view, const char *language)
{
  PfaAidGuided *self = PFA_AID_GUIDED (view);

  return pfa_aid_guided_build_sections (self->aid, language, self->send != NULL);
}

static const char *
describe_step (PfaAidGuided *self, PfaGuidedRequest *request)
{
  const PfaAction *action =
      pfa_knowledge_find_action (pfa_aid_get_knowledge (self->aid), request->subject);

  if (action == NULL)
    return "unknown-id";
  /* What the guards forbid the merchant, support cannot suggest either. A bundle that was handed
   * over ends nothing here. */
  if (g_str_equal (pfa_aid_get_incident (self->aid)->state, PFA_INCIDENT_SOLVED) ||
      !pfa_aid_is_allowed (self->aid, request->subject, NULL))
    return "not-allowed";
  request->title = g_strdup (pfa_text_get (action->title, self->language));
  return NULL;
}

static const char *
describe_question (PfaAidGuided *self, PfaGuidedRequest *request)
{
  const PfaObservationKind *kind =
      pfa_knowledge_find_observation (pfa_aid_get_knowledge (self->aid), request->subject);
  g_autoptr (GStrvBuilder) values = g_strv_builder_new ();
  g_autoptr (GStrvBuilder) labels = g_strv_builder_new ();

  if (kind == NULL || g_strcmp0 (kind->kind, "question") != 0)
    return "unknown-id";
  for (guint i = 0; i < kind->n_values; i++)
    {
      PfaText *label =
          kind->values[i].label != NULL ? kind->values[i].label : kind->values[i].because;

      g_strv_builder_add (values, kind->values[i].id);
      g_strv_builder_add (labels, pfa_text_get (label, self->language));
    }
  request->title = g_strdup (pfa_text_get (kind->title, self->language));
  request->values = g_strv_builder_end (values);
  request->labels = g_strv_builder_end (labels);
  return NULL;
}

static const char *
describe_check (PfaAidGuided *self, PfaGuidedRequest *request)
{
  const PfaObservationKind *kind;

  if (g_str_equal (request->subject, ALL_CHECKS))
    return NULL;
  kind = pfa_knowledge_find_observation (pfa_aid_get_knowledge (self->aid), request->subject);
  if (kind == NULL || !pfa_aid_guided_is_check (kind))
    return "unknown-id";
  request->title = g_strdup (pfa_text_get (kind->title, self->language));
  return NULL;
}

static const char *
describe (PfaGuidedView *view, PfaGuidedRequest *request)
{
  PfaAidGuided *self = PFA_AID_GUIDED (view);

  switch ((int) request->type)
    {
    case PFA_GUIDED_SUGGEST_STEP:
      return describe_step (self, request);
    case PFA_GUIDED_ASK:
      return describe_question (self, request);
    case PFA_GUIDED_RUN_CHECK:
      return describe_check (self, request);
    case PFA_GUIDED_REQUEST_BUNDLE:
      return self->send != NULL ? NULL : "not-allowed";
    default:
      return "unknown-id";
    }
}

static void
on_checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;

  if (pfa_aid_check_finish (PFA_AID (source), result, &error))
    g_task_return_pointer (task, NULL, NULL);
  else
    g_task_return_error (task, error);
}

static void
act_async (PfaGuidedView *view,
           const PfaGuidedRequest *request,
           const char *value,
           GCancellable *cancellable,
           GAsyncReadyCallback callback,
           gpointer user_data)
{
  PfaAidGuided *self = PFA_AID_GUIDED (view);
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;
  gboolean done = TRUE;

  if (request->type == PFA_GUIDED_RUN_CHECK && g_str_equal (request->subject, ALL_CHECKS))
    pfa_aid_check_async (self->aid, 0, cancellable, on_checked_cb, g_steal_pointer (&task));
  else if (request->type == PFA_GUIDED_RUN_CHECK)
    pfa_aid_run_check_async (self->aid,
                             request->subject,
                             cancellable,
                             on_checked_cb,
                             g_steal_pointer (&task));
  else if (request->type == PFA_GUIDED_REQUEST_BUNDLE)
    self->send (self, g_steal_pointer (&task), self->send_data);
  else if (request->type == PFA_GUIDED_SUGGEST_STEP)
    done = pfa_aid_begin_step (self->aid, request->subject, &error);
  else
    done = pfa_aid_answer (self->aid, request->subject, value, &error);

  if (task == NULL)
    return;
  if (done)
    g_task_return_pointer (task, g_strdup (value), g_free);
  else
    g_task_return_error (task, error);
}

static JsonNode *
act_finish (PfaGuidedView *view, GAsyncResult *result, GError **error)
{
  g_autofree char *text = g_task_propagate_pointer (G_TASK (result), error);
  JsonNode *node = NULL;

  if (text != NULL)
    {
      node = json_node_alloc ();
      json_node_init_string (node, text);
    }
  return node;
}

static void
pfa_aid_guided_view_init (PfaGuidedViewInterface *iface)
{
  iface->build_sections = build_sections;
  iface->describe = describe;
  iface->act_async = act_async;
  iface->act_finish = act_finish;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PfaAidGuided,
                               pfa_aid_guided,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PFA_TYPE_GUIDED_VIEW,
                                                      pfa_aid_guided_view_init))

static void
on_aid_changed_cb (PfaAid *aid, gpointer user_data)
{
  pfa_guided_view_emit_changed (user_data);
}

static void
on_aid_observed_cb (PfaAid *aid, gpointer observation, gpointer user_data)
{
  pfa_guided_view_emit_changed (user_data);
}

PfaAidGuided *
pfa_aid_guided_new (PfaAid *aid, const char *language)
{
  PfaAidGuided *self = g_object_new (PFA_TYPE_AID_GUIDED, NULL);

  self->aid = g_object_ref (aid);
  self->language = g_strdup (language);
  g_signal_connect_object (aid, "changed", G_CALLBACK (on_aid_changed_cb), self, 0);
  g_signal_connect_object (aid, "observed", G_CALLBACK (on_aid_observed_cb), self, 0);
  return self;
}

PfaAid *
pfa_aid_guided_get_aid (PfaAidGuided *self)
{
  return self->aid;
}

const char *
pfa_aid_guided_get_language (PfaAidGuided *self)
{
  return self->language;
}

void
pfa_aid_guided_set_send (PfaAidGuided *self, PfaAidGuidedSend send, gpointer user_data)
{
  self->send = send;
  self->send_data = user_data;
}

static void
append_copies (JsonArray *array, JsonArray *entries)
{
  for (guint i = 0; entries != NULL && i < json_array_get_length (entries); i++)
    json_array_add_element (array, json_node_copy (json_array_get_element (entries, i)));
}

/* A killed program must not lose what was said yes to, nor a second session what was in the first.
 */
static void
on_logged_cb (PfaGuidedSession *session, const char *line, gpointer user_data)
{
  PfaAidGuided *self = user_data;
  g_autoptr (JsonArray) entries = pfa_guided_session_build_log (session);
  JsonArray *all = json_array_new ();

  append_copies (all, self->earlier);
  append_copies (all, entries);
  pfa_aid_take_guided_log (self->aid, all);
}

PfaGuidedSession *
pfa_aid_guided_create_session (PfaAidGuided *self)
{
  PfaProvider *provider = pfa_aid_get_provider (self->aid);
  const PfaIncident *incident = pfa_aid_get_incident (self->aid);
  PfaGuidedSession *session;

  if (provider == NULL || provider->guided_url == NULL || incident == NULL)
    return NULL;
  session = pfa_guided_session_new (PFA_GUIDED_VIEW (self),
                                    incident->pseudonym_key,
                                    provider->guided_url,
                                    provider->trust,
                                    provider->id,
                                    self->language);
  g_clear_pointer (&self->earlier, json_array_unref);
  self->earlier = incident->guided != NULL ? json_array_ref (incident->guided) : NULL;
  g_signal_connect_object (session, "logged", G_CALLBACK (on_logged_cb), self, 0);
  return session;
}

static void
pfa_aid_guided_dispose (GObject *object)
{
  g_clear_object (&PFA_AID_GUIDED (object)->aid);
  G_OBJECT_CLASS (pfa_aid_guided_parent_class)->dispose (object);
}

static void
pfa_aid_guided_finalize (GObject *object)
{
  g_clear_pointer (&PFA_AID_GUIDED (object)->earlier, json_array_unref);
  g_free (PFA_AID_GUIDED (object)->language);
  G_OBJECT_CLASS (pfa_aid_guided_parent_class)->finalize (object);
}

static void
pfa_aid_guided_class_init (PfaAidGuidedClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = pfa_aid_guided_dispose;
  object_class->finalize = pfa_aid_guided_finalize;
}

static void
pfa_aid_guided_init (PfaAidGuided *self)
{
}
