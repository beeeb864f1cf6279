/* pfa-guided-snapshot.h - what the agent has been shown, and what is new since
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-guided-frame.h"
#include "pfa-redactor.h"

G_BEGIN_DECLS

/* Masks every section and remembers what was sent, so that a change costs one small frame. */
typedef struct _PfaGuidedSnapshot PfaGuidedSnapshot;

PfaGuidedSnapshot *pfa_guided_snapshot_new (const guint8 *key);
void pfa_guided_snapshot_free (PfaGuidedSnapshot *self);

/* The frames that bring the other side from what it has to @sections: a snapshot at first, events
 * afterwards, at most @room of them; what found no room comes with the next call. A section that
 * does not fit into a frame loses entries from its end. (transfer full, element-type
 * PfaGuidedFrame) */
GPtrArray *pfa_guided_snapshot_update (PfaGuidedSnapshot *self, JsonObject *sections, guint room);

/* @text or @value masked as everything else; NULL when it cannot be made safe. (transfer full) */
char *pfa_guided_snapshot_mask_text (PfaGuidedSnapshot *self, const char *text);
JsonNode *pfa_guided_snapshot_mask (PfaGuidedSnapshot *self, const char *member, JsonNode *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaGuidedSnapshot, pfa_guided_snapshot_free)

G_END_DECLS
