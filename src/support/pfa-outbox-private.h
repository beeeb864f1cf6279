/* pfa-outbox-private.h - what the outbox's own files share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

#include "pfa-outbox-item-private.h"
#include "pfa-outbox.h"

G_BEGIN_DECLS

struct _PfaOutbox
{
  GObject parent_instance;

  char *directory;
  GPtrArray *items;     /* (element-type PfaOutboxItem) */
  GHashTable *sessions; /* trust file or "" → SoupSession */
  GNetworkMonitor *monitor;
  gboolean started;
  gboolean line_lost;
  guint timer;
  /* The pass under way, or NULL. */
  GTask *pass;
  PfaOutboxItem *current;
  GCancellable *current_cancellable;
};

/* One session a trust file, kept as long as @self. (transfer none) */
SoupSession *pfa_outbox_ensure_session (PfaOutbox *self, PfaOutboxItem *item, GError **error);

/* Wakes up for what is due first; not while a pass runs. */
void pfa_outbox_arm (PfaOutbox *self);

G_END_DECLS
