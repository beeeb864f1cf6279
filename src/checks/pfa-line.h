/* pfa-line.h - what the parts of the line check share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-check-common.h"
#include "pfa-cross-check.h"
#include "pfa-sampler.h"

G_BEGIN_DECLS

#define PFA_LINE_QUICK_MS    150
#define PFA_LINE_PATIENCE_MS 1830
/* What others are about to report is looked for so often. */
#define PFA_LINE_LOOK_EVERY_MS 40

/* The data of the context of pfa_check_line. */
typedef struct
{
  PfaSampler *questions;
  PfaSampler *echoes;
  PfaSampler *quiet;  /* when nothing else is under way */
  PfaSampler *router; /* at the same time as the second row */
  gboolean asking_router;
  gboolean router_loses_connections; /* where the router answers no echo */
  gboolean sampled;
  gboolean given_up; /* no question had been answered when the first row was over */
  gboolean echoed;   /* the first echoes have all come back or been given up */
  gboolean grown;
  gboolean thin;     /* the first row of questions filled the line */
  gboolean crossing; /* connections are asked whether it is the line that loses */
  gboolean crossed;
  PfaCrossVerdict cross;
  const PfaLink *tunnel; /* the VPN that all questions go into; or NULL */
  gboolean past_tunnel;  /* past it, the internet answers */
  gboolean alive;
  gboolean router_spoke; /* the router itself sent an error or an expiry */
  gboolean beyond_spoke; /* a hop past it did */
  char *last_hop;
  void (*when_quiet) (PfaCheckContext *context);
} PfaLine;

/* How good the line is (pfa-line-quality.c): asks the first row of questions, and more of them and
 * others where they come back badly; reports line-quality and ends the check. Where no question
 * comes back, it only says so in @sampled and @given_up. */
void pfa_line_ask (PfaCheckContext *context);
void pfa_line_ask_more (PfaCheckContext *context, PfaSampler *sampler);
void pfa_line_conclude (PfaCheckContext *context);

/* Is it the line at all (pfa-line-doubt.c)? Connections to the name servers set @crossing, then
 * @crossed and @cross; questions to the router @asking_router, then @router or
 * @router_loses_connections. */
void pfa_line_cross_check (PfaCheckContext *context);
void pfa_line_ask_router_again (PfaCheckContext *context);
/* Asks a few once more, alone, into @quiet; then calls @callback, unless the check is over. */
void pfa_line_wait_for_quiet (PfaCheckContext *context,
                              void (*callback) (PfaCheckContext *context));

G_END_DECLS
