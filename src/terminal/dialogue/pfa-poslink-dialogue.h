/* pfa-poslink-dialogue.h - asks a PAX terminal what it is (experimental)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-dialogue.h"

G_BEGIN_DECLS

PfaDialogue *pfa_poslink_dialogue_new (const PfaDialogueSettings *settings,
                                       PfaTerminalStatus *status);

G_END_DECLS
