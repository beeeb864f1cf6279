/* pfa-echo-dialogue.h - echo of a Greek terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-dialogue.h"

G_BEGIN_DECLS

PfaDialogue *pfa_echo_dialogue_new (const PfaDialogueSettings *settings, PfaTerminalStatus *status);

G_END_DECLS
