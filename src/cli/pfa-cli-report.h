/* pfa-cli-report.h - a run in plain words, in 80 columns
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-aid.h"

G_BEGIN_DECLS

void pfa_cli_print_report (PfaAid *aid);

G_END_DECLS
