/* pfa-check-context-private.h - what the run knows of its checks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-check.h"

G_BEGIN_DECLS

typedef enum
{
  PFA_CHECK_WAITING,
  PFA_CHECK_RUNNING,
  PFA_CHECK_OVER,
} PfaCheckState;

/* What all checks of one run have in common. */
typedef struct
{
  PfaCheckSettings settings;
  GHashTable *observations; /* id → PfaObservation */
  GHashTable *shared;       /* name → Shared (pfa-check-context.c) */
  gint64 started_us;
  gint64 deadline_us;
  /* Called by the contexts; @owner is the run, NULL once it has ended. */
  gpointer owner;
  void (*observed) (gpointer owner, PfaCheckContext *context, PfaObservation *observation);
  void (*ended) (gpointer owner, PfaCheckContext *context);
  guint working; /* checks that have not ended and do more than watch */
} PfaCheckBoard;

PfaCheckBoard *pfa_check_board_new (const PfaCheckSettings *settings);
void pfa_check_board_unref (PfaCheckBoard *self);

PfaCheckContext *pfa_check_context_new (const PfaCheck *check, PfaCheckBoard *board);
const PfaCheck *pfa_check_context_get_check (PfaCheckContext *self);
PfaCheckState pfa_check_context_get_state (PfaCheckContext *self);
void pfa_check_context_start (PfaCheckContext *self);
/* Reports what is missing as cannot-check with @reason and ends it; nothing if it is over. */
void pfa_check_context_stop (PfaCheckContext *self, const char *reason);

G_END_DECLS
