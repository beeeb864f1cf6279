/* pfa-line-judge.c - what a row of round trips says of the line, and figures of the Wi-Fi
 *
 * A long way is long for every packet. A queue that the shop's own traffic fills is long, and
 * breathes slowly as senders speed up and slow down. A jittering line jumps from packet to packet.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-line-judge.h"

/* Fewer than these may be chance. */
#define LOST_AT_LEAST 3
#define LOSSY_PERCENT 1.5
/* A steady way varies by less than this, and by less than this share of its length. */
#define STEADY_MS    12
#define STEADY_SHARE 0.04
/* A thin line that is quick when idle, and whose queue our own few questions fill steadily. */
#define QUICK_MS      150
#define FILLING_MS    60
#define CALM_MS       40
#define FILLING_SHARE 0.4
/* Jitter: the spread is large against the shortest round trip, and the late ones are many or come
 * singly: behind a large answer of our own a few are late in a row. */
#define JITTER_SHARE 0.5
#define USUAL_SHARE  0.25
#define SINGLY_SHARE 0.15
/* Whose answers jump from one to the next needs less of a spread: a queue moves smoothly. */
#define JUMPY_SHARE  0.1
#define JUMPY_SPREAD 0.7
/* From one answer to the next a queue moves by far less than by what it is long. */
#define SMOOTH_SHARE 0.12
/* payments.md 6.2 K06, measured where this computer stands. */
#define WIFI_GOOD_DBM -67
#define WIFI_FAIR_DBM -75
/* Judgement: a link in order sends up to one in five again. */
#define WIFI_NOISY_PERCENT 30
/* payments.md 6.2 K13, in bits a second. */
#define FLOW_GOOD_BITS 5e6
#define FLOW_FAIR_BITS 1e6
/* Less may be one burst out of somebody's buffer, or what waited while we were busy. */
#define FLOW_LEAST_BYTES 64000
#define FLOW_LEAST_US    50000
#define FLOW_MANY_BYTES  1000000

const char *
pfa_line_judge (const PfaSamplerStatistics *line,
                const PfaSamplerStatistics *router,
                const PfaProvider *provider)
{
  double slow = provider != NULL ? provider->round_trip_ms.bad : 400;
  double unsteady = provider != NULL ? provider->jitter_ms.bad : 100;
  double loss = line->loss_percent - (router != NULL ? router->loss_percent : 0);
  double median = line->median - (router != NULL ? router->median : 0);
  double spread = line->p90 - line->minimum;
  gboolean jumpy = line->jitter >= JUMPY_SHARE * unsteady;
  gboolean steady = spread <= MAX (STEADY_MS, STEADY_SHARE * line->median);

  if (line->received == 0)
    return "good";
  if (line->sent - line->received >= LOST_AT_LEAST && loss >= LOSSY_PERCENT)
    return "lossy";
  if (median > slow && steady)
    return "latency";
  if (line->minimum < QUICK_MS && line->trend >= FILLING_MS &&
      line->trend >= FILLING_SHARE * spread)
    return "slow";
  if (spread >= unsteady * (jumpy ? JUMPY_SPREAD : 1) &&
      spread > JITTER_SHARE * line->minimum * (jumpy ? JUMPY_SPREAD : 1) &&
      line->jitter >= SMOOTH_SHARE * (line->median - line->minimum) &&
      (line->median - line->minimum >= USUAL_SHARE * unsteady ||
       line->jitter >= SINGLY_SHARE * unsteady))
    return "jitter";
  if (median > slow / 2 && !steady)
    return "congested";
  return median > slow ? "latency" : "good";
}

gboolean
pfa_line_is_calm (const PfaSamplerStatistics *line)
{
  return line->received > 0 && line->received == line->sent &&
         line->p90 - line->minimum <= CALM_MS && line->median < QUICK_MS;
}

const char *
pfa_wifi_judge (double dbm, int retry_percent)
{
  if (dbm < WIFI_FAIR_DBM)
    return "weak";
  if (retry_percent >= WIFI_NOISY_PERCENT)
    return "noisy";
  return dbm >= WIFI_GOOD_DBM ? "good" : "fair";
}

const char *
pfa_flow_judge (gsize bytes, guint span_us)
{
  double bits = (double) bytes * 8 / (MAX (span_us, 1) / 1e6);

  if (bytes < FLOW_LEAST_BYTES || (span_us < FLOW_LEAST_US && bytes < FLOW_MANY_BYTES))
    return NULL;
  if (bits >= FLOW_GOOD_BITS)
    return "good";
  return bits >= FLOW_FAIR_BITS ? "fair" : "slow";
}
