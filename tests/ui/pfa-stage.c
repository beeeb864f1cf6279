/* pfa-stage.c - a window with a scripted incident, for tests and pictures
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-stage.h"

#include <glib/gstdio.h>

#include "pfa-app-resources.h"
#include "pfa-language.h"

#define SETTLE_FRAMES 4

typedef struct
{
  const char *id;
  const char *value;
} Fact;

/* Ids of data/knowledge; the test fails when they are gone. */
static const Fact facts[] = {
  { "connection", "lan" },     { "answer-from", "terminal" }, { "link", "up" },
  { "address", "ok" },         { "gateway", "ok" },           { "router-answer", "none" },
  { "control-site", "fails" }, { "internet", "none" },
};

static PfaIncident *
make_incident (PfaStage *self, const char *code)
{
  PfaKnowledge *knowledge = pfa_context_get_knowledge (self->context);
  PfaIncident *incident = pfa_incident_new (code);

  for (guint i = 0; i < G_N_ELEMENTS (facts); i++)
    {
      const PfaObservationKind *kind = pfa_knowledge_find_observation (knowledge, facts[i].id);

      g_assert_nonnull (kind);
      g_assert_cmpint (pfa_observation_kind_find_value (kind, facts[i].value), >=, 0);
      pfa_evidence_take (incident->evidence,
                         pfa_observation_new (facts[i].id,
                                              facts[i].value,
                                              i < 2 ? "person" : "check"));
    }
  return incident;
}

void
pfa_stage_play_incident (PfaStage *self)
{
  g_autoptr (PfaIncident) incident = make_incident (self, "96");

  pfa_aid_resume (pfa_context_get_aid (self->context), incident);
}

void
pfa_stage_play_open_incident (PfaStage *self)
{
  PfaAid *aid = pfa_context_get_aid (self->context);
  g_autoptr (PfaIncident) incident = pfa_incident_new ("96");

  pfa_aid_resume (aid, incident);
  g_assert_cmpint (pfa_aid_get_decision (aid)->next_kind, ==, PFA_NEXT_QUESTION);
}

void
pfa_stage_begin_step (PfaStage *self)
{
  PfaAid *aid = pfa_context_get_aid (self->context);
  const PfaModel *model = pfa_knowledge_get_model (pfa_aid_get_knowledge (aid));
  const PfaDecision *decision = pfa_aid_get_decision (aid);

  g_assert_cmpint (decision->next_kind, ==, PFA_NEXT_ACTION);
  g_assert_true (pfa_aid_begin_step (aid, model->actions[decision->next].id, NULL));
}

void
pfa_stage_fill_history (PfaStage *self, guint n)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) noon =
      g_date_time_new_local (g_date_time_get_year (now), g_date_time_get_month (now), 1, 12, 10, 0);
  gint64 first = g_date_time_to_unix (noon) * G_USEC_PER_SEC;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (PfaIncident) incident = make_incident (self, "96");

      incident->started =
          first + (gint64) (i % 20) * 24 * 3600 * G_USEC_PER_SEC + (i % 7) * 500 * G_USEC_PER_SEC;
      incident->ended = incident->started + (gint64) (5 + i % 9) * 60 * G_USEC_PER_SEC;
      pfa_incident_set (&incident->state, PFA_INCIDENT_SOLVED);
      pfa_incident_set (&incident->place, "shop");
      pfa_incident_set (&incident->cause, "router-dead");
      if (i % 8 == 0)
        json_object_set_string_member (incident->payment, "terminal-list", "reversing");
      g_assert_true (pfa_journal_save (pfa_context_get_journal (self->context), incident, NULL));
    }
}

void
pfa_stage_settle (PfaStage *self)
{
  for (guint i = 0; i < SETTLE_FRAMES; i++)
    {
      gint64 frame = gdk_frame_clock_get_frame_counter (
          gtk_widget_get_frame_clock (GTK_WIDGET (self->window)));

      gtk_widget_queue_resize (GTK_WIDGET (self->window));
      while (gdk_frame_clock_get_frame_counter (
                 gtk_widget_get_frame_clock (GTK_WIDGET (self->window))) == frame)
        g_main_context_iteration (NULL, TRUE);
    }
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

PfaStage *
pfa_stage_new (GSettings *settings)
{
  PfaStage *self = g_new0 (PfaStage, 1);
  g_autoptr (PfaKnowledge) knowledge = NULL;
  g_autoptr (PfaJournal) journal = NULL;
  g_autoptr (PfaAid) aid = NULL;
  g_autoptr (GError) error = NULL;

  self->directory = g_dir_make_tmp ("pfa-stage-XXXXXX", NULL);
  knowledge = pfa_knowledge_new (&error);
  g_assert_no_error (error);
  journal = pfa_journal_open (self->directory, &error);
  g_assert_no_error (error);
  aid = pfa_aid_new (knowledge, journal);
  self->context = pfa_context_new (aid, settings, self->directory);
  self->application = g_object_new (ADW_TYPE_APPLICATION,
                                    "application-id",
                                    APPLICATION_ID,
                                    "flags",
                                    G_APPLICATION_NON_UNIQUE,
                                    NULL);
  pfa_app_register_resource ();
  g_assert_true (g_application_register (G_APPLICATION (self->application), NULL, &error));
  self->window = pfa_window_new (GTK_APPLICATION (self->application), self->context);
  g_object_set (gtk_widget_get_settings (GTK_WIDGET (self->window)),
                "gtk-enable-animations",
                FALSE,
                NULL);
  gtk_window_present (GTK_WINDOW (self->window));
  return self;
}

static void
remove_file (const char *directory, const char *name)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);

  g_unlink (path);
}

void
pfa_stage_free (PfaStage *self)
{
  gtk_window_destroy (GTK_WINDOW (self->window));
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (self->application);
  g_object_unref (self->context);
  remove_file (self->directory, "journal.db");
  remove_file (self->directory, "journal.db-wal");
  remove_file (self->directory, "journal.db-shm");
  g_rmdir (self->directory);
  g_free (self->directory);
  g_free (self);
}
