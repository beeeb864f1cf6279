/* pfa-stage.h - a window with a scripted incident, for tests and pictures
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-window.h"

G_BEGIN_DECLS

typedef struct
{
  AdwApplication *application;
  PfaContext *context;
  PfaWindow *window;
  char *directory; /* holds the journal; removed with the stage */
} PfaStage;

/* Registers resources, takes @language, and shows the window on its first page. @settings may be
 * NULL. */
PfaStage *pfa_stage_new (GSettings *settings);
/* Takes up an incident whose evidence leaves little doubt: the router does not answer. */
void pfa_stage_play_incident (PfaStage *self);
/* Takes up an incident of which nothing is known yet: a question is asked next. */
void pfa_stage_play_open_incident (PfaStage *self);
/* Begins the step that is best now. */
void pfa_stage_begin_step (PfaStage *self);
/* Puts @n earlier incidents into the journal, most of them at lunch time. */
void pfa_stage_fill_history (PfaStage *self, guint n);
/* Runs the main loop until nothing is left to lay out or draw. */
void pfa_stage_settle (PfaStage *self);
void pfa_stage_free (PfaStage *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaStage, pfa_stage_free)

G_END_DECLS
