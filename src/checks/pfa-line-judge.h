/* pfa-line-judge.h - what a row of round trips says of the line, and figures of the Wi-Fi
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-provider.h"
#include "pfa-sampler.h"

G_BEGIN_DECLS

/* "good", "lossy", "latency", "jitter", "congested" or "slow". @router: the figures of the first
 * hop, whose losses and delays are not the line's; NULL when not known. */
const char *pfa_line_judge (const PfaSamplerStatistics *line,
                            const PfaSamplerStatistics *router,
                            const PfaProvider *provider);
/* "good", "fair", "weak", or "noisy": not weak, but too much is sent again. @retry_percent: -1 when
 * not known. */
const char *pfa_wifi_judge (double dbm, int retry_percent);

/* "good", "fair" or "slow" (payments.md 6.2, K13); NULL when too little came in, or too quickly, to
 * say anything of the line. */
const char *pfa_flow_judge (gsize bytes, guint span_us);

/* Quick and steady: taken while nothing of our own was under way, it shows that what was seen
 * before was our own queue on a thin line. */
gboolean pfa_line_is_calm (const PfaSamplerStatistics *line);

G_END_DECLS
