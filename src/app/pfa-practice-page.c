/* pfa-practice-page.c - a made-up trouble to walk through: nothing real is touched
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-practice-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pfa-choice-list.h"
#include "pfa-place.h"

#define MOST_FACTS 9

struct _PfaPracticePage
{
  PfaPage parent_instance;
  PfaChoiceList *stories;
  GSubprocess *simulator; /* a terminal that shows 96; NULL: none could be started */
  GCancellable *cancellable;
};

typedef struct
{
  const char *id;
  const char *value;
} Fact;

/* What the checks would have found. Nothing real is asked in practice. */
typedef struct
{
  const char *id;
  const char *title;
  Fact facts[MOST_FACTS];
} Story;

static const Story stories[] = {
  { "provider",
    N_ ("The provider’s system has a fault"),
    { { "connection", "lan" },
      { "answer-from", "host" },
      { "link", "up" },
      { "router-answer", "fast" },
      { "internet", "ok" },
      { "provider-answer", "says-96" } } },
  { "router",
    N_ ("The router is stuck"),
    { { "connection", "lan" },
      { "answer-from", "terminal" },
      { "link", "up" },
      { "address", "ok" },
      { "gateway", "ok" },
      { "router-answer", "none" },
      { "control-site", "fails" },
      { "internet", "none" } } },
  { "unclear",
    N_ ("Everything looks fine, yet it shows 96"),
    { { "connection", "wifi" },
      { "answer-from", "host" },
      { "link", "up" },
      { "router-answer", "fast" },
      { "internet", "ok" },
      { "provider-answer", "ok" } } },
};

G_DEFINE_FINAL_TYPE (PfaPracticePage, pfa_practice_page, PFA_TYPE_PAGE)

static const Story *
find_story (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (stories); i++)
    if (g_strcmp0 (stories[i].id, id) == 0)
      return &stories[i];
  return &stories[0];
}

static PfaIncident *
make_incident (PfaPracticePage *self, const Story *story)
{
  PfaKnowledge *knowledge = pfa_context_get_knowledge (pfa_page_get_context (PFA_PAGE (self)));
  PfaIncident *incident = pfa_incident_new ("96");

  incident->practice = TRUE;
  pfa_incident_set (&incident->provider, "demo");
  for (guint i = 0; i < MOST_FACTS && story->facts[i].id != NULL; i++)
    {
      const Fact *fact = &story->facts[i];
      const PfaObservationKind *kind = pfa_knowledge_find_observation (knowledge, fact->id);

      if (kind != NULL && pfa_observation_kind_find_value (kind, fact->value) >= 0)
        pfa_evidence_take (incident->evidence,
                           pfa_observation_new (fact->id,
                                                fact->value,
                                                i < 2 ? PFA_FROM_PERSON : PFA_FROM_CHECK));
    }
  return incident;
}

static void
stop_simulator (PfaPracticePage *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->simulator != NULL)
    g_subprocess_force_exit (self->simulator);
  g_clear_object (&self->simulator);
}

static void
on_line_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaPracticePage) self = PFA_PRACTICE_PAGE (user_data);
  g_autofree char *line =
      g_data_input_stream_read_line_finish_utf8 (G_DATA_INPUT_STREAM (source), result, NULL, NULL);
  g_autofree char *address = NULL;
  const PfaIncident *incident = pfa_aid_get_incident (pfa_page_get_aid (PFA_PAGE (self)));

  if (line == NULL || !g_str_has_prefix (line, "listening ") || incident == NULL ||
      !incident->practice)
    return;
  address = g_strdup_printf ("zvt+tcp://%s", line + strlen ("listening "));
  pfa_aid_set_terminal (pfa_page_get_aid (PFA_PAGE (self)), address);
}

/* A simulated terminal that can be read as a real one. Practice goes on without it. */
static void
start_simulator (PfaPracticePage *self)
{
  g_autofree char *program = pfa_place_dup_program ("simulator", "pos-first-aid-sim");
  g_autoptr (GDataInputStream) lines = NULL;

  stop_simulator (self);
  if (program == NULL)
    return;
  self->simulator = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                                      NULL,
                                      program,
                                      "terminal",
                                      "zvt",
                                      "--listen",
                                      "127.0.0.1:0",
                                      NULL);
  if (self->simulator == NULL)
    return;
  self->cancellable = g_cancellable_new ();
  lines = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->simulator));
  g_data_input_stream_read_line_async (lines,
                                       G_PRIORITY_DEFAULT,
                                       self->cancellable,
                                       on_line_read_cb,
                                       g_object_ref (self));
}

static void
on_start_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PfaPracticePage *self = PFA_PRACTICE_PAGE (widget);
  g_autoptr (PfaIncident) incident =
      make_incident (self, find_story (pfa_choice_list_get_chosen (self->stories)));

  pfa_aid_resume (pfa_page_get_aid (PFA_PAGE (self)), incident);
  start_simulator (self);
  pfa_page_go (PFA_PAGE (self), "money", NULL);
}

static void
pfa_practice_page_constructed (GObject *object)
{
  PfaPracticePage *self = PFA_PRACTICE_PAGE (object);

  G_OBJECT_CLASS (pfa_practice_page_parent_class)->constructed (object);
  for (guint i = 0; i < G_N_ELEMENTS (stories); i++)
    pfa_choice_list_add (self->stories, stories[i].id, _ (stories[i].title));
  pfa_choice_list_choose (self->stories, stories[0].id);
}

static void
pfa_practice_page_dispose (GObject *object)
{
  stop_simulator (PFA_PRACTICE_PAGE (object));
  gtk_widget_dispose_template (GTK_WIDGET (object), PFA_TYPE_PRACTICE_PAGE);
  G_OBJECT_CLASS (pfa_practice_page_parent_class)->dispose (object);
}

static void
pfa_practice_page_class_init (PfaPracticePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_practice_page_dispose;
  G_OBJECT_CLASS (klass)->constructed = pfa_practice_page_constructed;

  gtk_widget_class_set_template_from_resource (
      widget_class,
      "/io/github/pos_first_aid/PosFirstAid/ui/pfa-practice-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PfaPracticePage, stories);
  gtk_widget_class_install_action (widget_class, "practice.start", NULL, on_start_cb);
}

static void
pfa_practice_page_init (PfaPracticePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
