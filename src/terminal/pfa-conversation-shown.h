/* pfa-conversation-shown.h - which bytes of a conversation may be shown, a protocol a function
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-parse.h"

G_BEGIN_DECLS

/* @stream is all that went one way; each function sets @shown[i] to 1 where nothing secret can
 * stand, and leaves the rest as it is. What does not read as the protocol stays hidden. */
typedef void (*PfaConversationShow) (PfaSpan stream, gboolean sent, guint8 *shown);

void pfa_conversation_show_zvt (PfaSpan stream, gboolean sent, guint8 *shown);
void pfa_conversation_show_zvt_serial (PfaSpan stream, gboolean sent, guint8 *shown);
void pfa_conversation_show_ecr17 (PfaSpan stream, gboolean sent, guint8 *shown);
void pfa_conversation_show_transbank (PfaSpan stream, gboolean sent, guint8 *shown);
void pfa_conversation_show_poslink (PfaSpan stream, gboolean sent, guint8 *shown);
void pfa_conversation_show_codepay (PfaSpan stream, gboolean sent, guint8 *shown);
void pfa_conversation_show_echo (PfaSpan stream, gboolean sent, guint8 *shown);
void pfa_conversation_show_nexo (PfaSpan stream, gboolean sent, guint8 *shown);

G_END_DECLS
