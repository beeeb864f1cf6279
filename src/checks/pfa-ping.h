/* pfa-ping.h - the system's ping program, which may do what an ordinary user's sockets may not
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  guint number; /* from 1 */
  double round_trip_ms;
} PfaPingAnswer;

typedef struct
{
  GArray *answers; /* (element-type PfaPingAnswer) */
  guint sent;      /* fewer than wanted when a busy computer held it up */
} PfaPingResult;

gboolean pfa_ping_is_available (void);
/* @link: name of the link for link-local IPv6 addresses, else NULL. */
void pfa_ping_async (GInetAddress *address,
                     const char *link,
                     guint count,
                     guint interval_us,
                     guint patience_ms,
                     GCancellable *cancellable,
                     GAsyncReadyCallback callback,
                     gpointer user_data);
/* (transfer full) */
PfaPingResult *pfa_ping_finish (GAsyncResult *result, GError **error);
/* What ping has written. */
PfaPingResult *pfa_ping_parse (const char *output);
void pfa_ping_result_free (PfaPingResult *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaPingResult, pfa_ping_result_free)

G_END_DECLS
