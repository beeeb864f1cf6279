/* pfa-maintenance.h - is it maintenance time by the provider's calendar?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-provider.h"

G_BEGIN_DECLS

/* "inside", "near" (it begins within 30 minutes) or "outside". @windows: (element-type
 * PfaMaintenance). Entries that make no sense are left out. */
const char *pfa_maintenance_judge (GPtrArray *windows, GDateTime *now);

G_END_DECLS
