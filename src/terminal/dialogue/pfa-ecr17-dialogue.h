/* pfa-ecr17-dialogue.h - reads an ECR17 terminal (Nexi, Italy)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-dialogue.h"

G_BEGIN_DECLS

PfaDialogue *pfa_ecr17_dialogue_new (const PfaDialogueSettings *settings,
                                     PfaTerminalStatus *status);

G_END_DECLS
