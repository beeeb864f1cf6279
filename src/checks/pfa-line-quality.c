/* pfa-line-quality.c - how good is the line, as rows of questions to name servers show it
 *
 * A first row asks quickly; only when it comes back badly, a second one looks longer, beside
 * questions to others that tell whose fault it is.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-json.h"
#include "pfa-line-judge.h"
#include "pfa-line.h"

#define FIRST_SAMPLES 100
#define MORE_SAMPLES  80
/* A slow movement as large as this may be our own traffic on a thin line. */
#define MOVING_MS 100
/* Not even the first of our own questions made an echo wait for so long. */
#define FILLING_MS      60
#define ROUTER_LOSSES   3
#define SAMPLE_EVERY_US 4500
#define MORE_EVERY_US   12000
/* So many of the first echoes at least must have come back to be believed. */
#define ENOUGH_ECHOES 4

/* Quick and even among questions that are not: name servers are busy, the line is well. */
static gboolean
echoes_are_steady (PfaLine *self)
{
  PfaSamplerStatistics echoes;

  pfa_sampler_get_statistics (self->echoes, &echoes);
  return echoes.received >= ENOUGH_ECHOES && echoes.maximum < PFA_LINE_QUICK_MS &&
         echoes.maximum - echoes.minimum < FILLING_MS;
}

/* Alone, the questions come back quickly and evenly. */
static gboolean
was_own_queue (PfaLine *self)
{
  PfaSamplerStatistics quiet;

  if (self->quiet == NULL)
    return FALSE;
  pfa_sampler_get_statistics (self->quiet, &quiet);
  return pfa_line_is_calm (&quiet);
}

static void
report_lossy_router (PfaCheckContext *context, const char *method, const PfaSamplerStatistics *near)
{
  PfaObservation *observation = pfa_check_new_observation ("router-answer", "lossy");
  g_autofree char *address = g_inet_address_to_string (pfa_path_get (context)->gateway);

  pfa_observation_set_fact_string (observation, "address", address);
  pfa_observation_set_fact_string (observation, "method", method);
  if (near != NULL)
    {
      pfa_observation_set_fact_int (observation, "sent", near->sent);
      pfa_observation_set_fact_int (observation, "received", near->received);
      pfa_observation_set_fact_double (observation, "round_trip_ms", near->median);
    }
  pfa_check_report (context, observation);
}

/* The router loses as well: then so much less is the line's. */
static void
blame_router (PfaCheckContext *context, const PfaSamplerStatistics *seen)
{
  PfaLine *self = pfa_check_get_data (context);
  PfaObservation *router = pfa_check_find_observation (context, "router-answer");
  PfaSamplerStatistics near;

  if (self->router == NULL || seen->received == seen->sent ||
      (router != NULL && g_str_equal (router->value, "lossy")))
    return;
  pfa_sampler_get_statistics (self->router, &near);
  if (near.received > 0 && near.sent - near.received >= ROUTER_LOSSES &&
      near.loss_percent >= 0.5 * seen->loss_percent)
    report_lossy_router (context, near.method, &near);
}

static void
report_figures (PfaCheckContext *context, const PfaSamplerStatistics *seen)
{
  PfaObservation *router = pfa_check_find_observation (context, "router-answer");
  PfaLine *self = pfa_check_get_data (context);
  PfaSamplerStatistics first = { 0 };
  const char *value;
  PfaObservation *observation;

  if (router != NULL && router->facts != NULL &&
      json_object_has_member (router->facts, "round_trip_ms"))
    {
      double sent = pfa_json_peek_double (router->facts, "sent", 0);

      first.median = pfa_json_peek_double (router->facts, "round_trip_ms", 0);
      if (sent > 0)
        first.loss_percent =
            100 * (1 - pfa_json_peek_double (router->facts, "received", sent) / sent);
    }
  value = pfa_line_judge (seen, &first, pfa_check_get_settings (context)->provider);
  if (g_str_equal (value, "lossy") && self->crossed && self->cross != PFA_CROSS_LOSES)
    {
      pfa_check_report_cannot (context,
                               "line-quality",
                               self->cross == PFA_CROSS_CLEAN
                                   ? "name servers leave questions unanswered, but no connection "
                                     "to them is lost: they may limit how many they answer"
                                   : "name servers leave questions unanswered, and nothing else "
                                     "answers to compare with");
      return;
    }
  if (!g_str_equal (value, "lossy"))
    value = echoes_are_steady (self) ? "good" : self->thin || was_own_queue (self) ? "slow" : value;
  observation = pfa_check_new_observation ("line-quality", value);
  pfa_observation_set_fact_string (observation, "method", seen->method);
  pfa_observation_set_fact_int (observation, "sent", seen->sent);
  pfa_observation_set_fact_int (observation, "received", seen->received);
  pfa_observation_set_fact_int (observation, "duplicates", seen->duplicates);
  pfa_observation_set_fact_double (observation, "minimum_ms", seen->minimum);
  pfa_observation_set_fact_double (observation, "round_trip_ms", seen->median);
  pfa_observation_set_fact_double (observation, "p90_ms", seen->p90);
  pfa_observation_set_fact_double (observation, "maximum_ms", seen->maximum);
  pfa_observation_set_fact_double (observation, "jitter_ms", seen->jitter);
  pfa_observation_set_fact_double (observation, "drift_ms", seen->drift);
  pfa_observation_set_fact_double (observation, "trend_ms", seen->trend);
  pfa_check_report (context, observation);
}

/* The questions' figures; the echoes' where only those came back, or where they were asked as often
 * and lost none. Else both count together. */
static void
choose_figures (PfaLine *self, PfaSamplerStatistics *seen)
{
  PfaSamplerStatistics echoes;

  pfa_sampler_get_statistics (self->questions, seen);
  pfa_sampler_get_statistics (self->echoes, &echoes);
  if (seen->received == 0 || (echoes.sent >= MORE_SAMPLES && echoes.received == echoes.sent))
    *seen = echoes;
  else if (echoes.sent >= MORE_SAMPLES)
    {
      seen->sent += echoes.sent;
      seen->received += echoes.received;
      seen->loss_percent = 100.0 * (seen->sent - seen->received) / seen->sent;
    }
}

/* The router's own losses must be known before the line is blamed. */
void
pfa_line_conclude (PfaCheckContext *context)
{
  PfaLine *self = pfa_check_get_data (context);
  PfaSamplerStatistics seen;

  choose_figures (self, &seen);
  if (self->crossing || self->asking_router ||
      pfa_check_find_observation (context, "router-answer") == NULL)
    {
      pfa_check_later (context, PFA_LINE_LOOK_EVERY_MS, pfa_line_conclude);
      return;
    }
  if (self->router_loses_connections)
    {
      report_lossy_router (context, "tcp", NULL);
      pfa_check_report_cannot (context,
                               "line-quality",
                               "packets are lost already on their way to the router");
    }
  else
    {
      blame_router (context, &seen);
      report_figures (context, &seen);
    }
  pfa_check_done (context);
}

/* A longer look tells a queue that breathes from a long way and from jitter. */
static gboolean
looks_unsteady (PfaCheckContext *context, const PfaSamplerStatistics *seen)
{
  const char *value = pfa_line_judge (seen, NULL, pfa_check_get_settings (context)->provider);

  return !g_str_equal (value, "good");
}

/* Some name servers answer only so many questions a second. Where echoes come back, they decide
 * whether it is the line that loses. */
static PfaSampler *
choose_second (PfaLine *self, const PfaSamplerStatistics *seen)
{
  PfaSamplerStatistics echoes;

  pfa_sampler_get_statistics (self->echoes, &echoes);
  if (seen->received == seen->sent || echoes.received == 0 || !self->echoed)
    return self->questions;
  return self->echoes;
}

/* Delays that move slowly: another's queue, or our own questions and web pages on a thin line? */
static gboolean
may_be_own_queue (PfaCheckContext *context)
{
  PfaLine *self = pfa_check_get_data (context);
  PfaSamplerStatistics seen;
  const char *value;

  choose_figures (self, &seen);
  value = pfa_line_judge (&seen, NULL, pfa_check_get_settings (context)->provider);
  return !self->thin && (g_str_equal (value, "jitter") || g_str_equal (value, "congested")) &&
         seen.minimum < PFA_LINE_QUICK_MS && seen.drift >= MOVING_MS;
}

static void
on_sampled_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaCheckContext) context = user_data;
  PfaLine *self = pfa_check_get_data (context);
  PfaSampler *sampler = PFA_SAMPLER (source);
  PfaSamplerStatistics seen;

  if (!pfa_sampler_run_finish (sampler, result, NULL) || pfa_check_is_over (context))
    return;
  self->sampled = TRUE;
  pfa_sampler_get_statistics (sampler, &seen);
  self->given_up = seen.received == 0;
  if (self->given_up)
    return; /* the looking goes on */
  if (!self->grown)
    self->thin =
        g_str_equal (pfa_line_judge (&seen, NULL, pfa_check_get_settings (context)->provider),
                     "slow");
  if (!self->grown && (seen.received < seen.sent || looks_unsteady (context, &seen)))
    {
      if (seen.received < seen.sent && pfa_sampler_get_received (self->echoes) == 0)
        pfa_line_cross_check (context);
      pfa_line_ask_router_again (context);
      pfa_line_ask_more (context, choose_second (self, &seen));
      return;
    }
  if (may_be_own_queue (context))
    pfa_line_wait_for_quiet (context, pfa_line_conclude);
  else
    pfa_line_conclude (context);
}

void
pfa_line_ask (PfaCheckContext *context)
{
  PfaLine *self = pfa_check_get_data (context);

  pfa_sampler_run_async (self->questions,
                         FIRST_SAMPLES,
                         SAMPLE_EVERY_US,
                         PFA_LINE_PATIENCE_MS,
                         pfa_check_get_cancellable (context),
                         on_sampled_cb,
                         pfa_check_context_ref (context));
}

void
pfa_line_ask_more (PfaCheckContext *context, PfaSampler *sampler)
{
  PfaLine *self = pfa_check_get_data (context);

  self->grown = TRUE;
  self->given_up = FALSE;
  pfa_sampler_run_async (sampler,
                         MORE_SAMPLES,
                         MORE_EVERY_US,
                         PFA_LINE_PATIENCE_MS,
                         pfa_check_get_cancellable (context),
                         on_sampled_cb,
                         pfa_check_context_ref (context));
}
