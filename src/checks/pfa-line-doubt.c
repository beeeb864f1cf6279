/* pfa-line-doubt.c - when questions are lost or late: is it the line at all?
 *
 * Name servers answer only so many questions a second, the shop's own network may lose them before
 * the line does, and our own questions may be the queue that they wait in.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-json.h"
#include "pfa-line.h"

#define DNS_PORT       53
#define QUIET_SAMPLES  12
#define QUIET_EVERY_US 40000
/* The other checks' own traffic is over by then. */
#define QUIET_AFTER_MS 3000
/* Beside the second row, the router is asked once more: the shop's own network may lose them. */
#define ROUTER_SAMPLES   40
#define ROUTER_EVERY_US  22000
#define ROUTER_WAIT_MS   300
#define CONNECTIONS      30
#define CONNECT_EVERY_MS 35

static void
on_crossed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  PfaCrossVerdict verdict = pfa_cross_check_finish (result, NULL);
  PfaLine *self;

  if (pfa_check_is_over (context))
    return;
  self = pfa_check_get_data (context);
  self->crossing = FALSE;
  self->crossed = TRUE;
  self->cross = verdict;
}

/* Where no echo comes back, connections must tell the line from a name server that saves itself. */
void
pfa_line_cross_check (PfaCheckContext *context)
{
  PfaLine *self = pfa_check_get_data (context);
  g_autoptr (GPtrArray) targets = pfa_path_find_public_ones (pfa_path_get (context));

  self->crossing = TRUE;
  pfa_cross_check_async (targets,
                         DNS_PORT,
                         CONNECTIONS,
                         CONNECT_EVERY_MS,
                         pfa_check_get_cancellable (context),
                         on_crossed_cb,
                         pfa_check_context_ref (context));
}

static void
on_quiet_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;

  if (pfa_sampler_run_finish (PFA_SAMPLER (source), result, NULL) && !pfa_check_is_over (context))
    ((PfaLine *) pfa_check_get_data (context))->when_quiet (context);
}

static void
look_for_quiet (PfaCheckContext *context)
{
  static const char *const loud[] = { "control-site",
                                      "provider-answer",
                                      "captive-portal",
                                      "provider-tls" };
  PfaLine *self = pfa_check_get_data (context);
  g_autoptr (GPtrArray) targets = pfa_path_find_public_ones (pfa_path_get (context));
  gboolean waiting = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (loud); i++)
    waiting |= pfa_check_find_observation (context, loud[i]) == NULL;
  if (waiting && pfa_check_get_elapsed_ms (context) < QUIET_AFTER_MS)
    {
      pfa_check_later (context, PFA_LINE_LOOK_EVERY_MS, look_for_quiet);
      return;
    }
  self->quiet = pfa_sampler_new (PFA_SAMPLER_NAME, targets, 0, NULL, "localhost");
  pfa_sampler_run_async (self->quiet,
                         QUIET_SAMPLES,
                         QUIET_EVERY_US,
                         PFA_LINE_PATIENCE_MS,
                         pfa_check_get_cancellable (context),
                         on_quiet_cb,
                         pfa_check_context_ref (context));
}

static void
on_router_asked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;

  if (pfa_sampler_run_finish (PFA_SAMPLER (source), result, NULL) && !pfa_check_is_over (context))
    ((PfaLine *) pfa_check_get_data (context))->asking_router = FALSE;
}

static void
on_router_crossed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  PfaCrossVerdict verdict = pfa_cross_check_finish (result, NULL);
  PfaLine *self;

  if (pfa_check_is_over (context))
    return;
  self = pfa_check_get_data (context);
  self->asking_router = FALSE;
  self->router_loses_connections = verdict == PFA_CROSS_LOSES;
}

/* Was the router seen by its hardware address only? */
static gboolean
router_is_mute (PfaCheckContext *context)
{
  PfaObservation *router = pfa_check_find_observation (context, "router-answer");

  return router != NULL && router->facts != NULL &&
         g_strcmp0 (pfa_json_peek_string (router->facts, "method"), "arp") == 0;
}

void
pfa_line_ask_router_again (PfaCheckContext *context)
{
  PfaLine *self = pfa_check_get_data (context);
  PfaPath *path = pfa_path_get (context);
  g_autoptr (GPtrArray) targets = g_ptr_array_new ();

  if (path->gateway == NULL)
    return;
  g_ptr_array_add (targets, path->gateway);
  if (router_is_mute (context))
    {
      self->asking_router = TRUE;
      pfa_cross_check_async (targets,
                             DNS_PORT,
                             CONNECTIONS,
                             CONNECT_EVERY_MS,
                             pfa_check_get_cancellable (context),
                             on_router_crossed_cb,
                             pfa_check_context_ref (context));
      return;
    }
  self->router =
      pfa_sampler_new (PFA_SAMPLER_ECHO, targets, path->link->index, path->link->name, NULL);
  self->asking_router = TRUE;
  pfa_sampler_run_async (self->router,
                         ROUTER_SAMPLES,
                         ROUTER_EVERY_US,
                         ROUTER_WAIT_MS,
                         pfa_check_get_cancellable (context),
                         on_router_asked_cb,
                         pfa_check_context_ref (context));
}

void
pfa_line_wait_for_quiet (PfaCheckContext *context, void (*callback) (PfaCheckContext *context))
{
  ((PfaLine *) pfa_check_get_data (context))->when_quiet = callback;
  look_for_quiet (context);
}
