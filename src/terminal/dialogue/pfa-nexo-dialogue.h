/* pfa-nexo-dialogue.h - reads a terminal of the nexo Terminal API
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-dialogue.h"

G_BEGIN_DECLS

PfaDialogue *pfa_nexo_dialogue_new (const PfaDialogueSettings *settings, PfaTerminalStatus *status);

G_END_DECLS
