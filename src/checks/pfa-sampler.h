/* pfa-sampler.h - many small questions at a steady pace: how many come back, and how quickly
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  PFA_SAMPLER_ECHO, /* ICMP echo: a socket where permitted, else /usr/bin/ping */
  PFA_SAMPLER_NAME, /* questions to name servers */
} PfaSamplerKind;

typedef struct
{
  guint sent;
  guint received;
  guint duplicates;
  double loss_percent;
  /* Milliseconds. */
  double minimum;
  double median;
  double p90;
  double maximum;
  double jitter; /* mean difference between one answer and the next */
  /* How far the slow movement goes: the spread of the medians of eight parts of the window. */
  double drift;
  /* The last quarter's median less the first one's; 0 unless each quarter lies above the one before
   * it: a queue that our own questions fill. */
  double trend;
  const char *method; /* "icmp", "ping", "dns", or "none" when nothing could be sent */
} PfaSamplerStatistics;

#define PFA_TYPE_SAMPLER (pfa_sampler_get_type ())
G_DECLARE_FINAL_TYPE (PfaSampler, pfa_sampler, PFA, SAMPLER, GObject)

/* The questions go to @addresses (element-type GInetAddress) in turn; @link is the scope of
 * link-local IPv6 ones. @name is asked for by PFA_SAMPLER_NAME. */
PfaSampler *pfa_sampler_new (PfaSamplerKind kind,
                             GPtrArray *addresses,
                             int link,
                             const char *link_name,
                             const char *name);

/* Sends at most @count, one every @interval_us, for at most as long as that takes, then waits for
 * stragglers: as long as the answers so far let expect, at most @patience_ms. Slows down by itself
 * while too many are on their way. May be run again: the figures add up. */
void pfa_sampler_run_async (PfaSampler *self,
                            guint count,
                            guint interval_us,
                            guint patience_ms,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
/* FALSE only when cancelled. */
gboolean pfa_sampler_run_finish (PfaSampler *self, GAsyncResult *result, GError **error);

guint pfa_sampler_get_received (PfaSampler *self);
void pfa_sampler_get_statistics (PfaSampler *self, PfaSamplerStatistics *statistics);
/* The figures of any row of round trips in the order of sending (ms, negative: lost). */
void pfa_sampler_compute (const double *round_trips, guint count, PfaSamplerStatistics *statistics);

G_END_DECLS
