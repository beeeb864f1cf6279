/* pfa-zvt-dialogue.h - reads a ZVT terminal: status enquiry, and line diagnosis on its own yes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-dialogue.h"

G_BEGIN_DECLS

PfaDialogue *pfa_zvt_dialogue_new (const PfaDialogueSettings *settings, PfaTerminalStatus *status);

G_END_DECLS
