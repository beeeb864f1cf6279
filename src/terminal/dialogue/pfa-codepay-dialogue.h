/* pfa-codepay-dialogue.h - is the payment program of a Wiseasy terminal alive?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-dialogue.h"

G_BEGIN_DECLS

PfaDialogue *pfa_codepay_dialogue_new (const PfaDialogueSettings *settings,
                                       PfaTerminalStatus *status);

G_END_DECLS
