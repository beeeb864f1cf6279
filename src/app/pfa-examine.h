/* pfa-examine.h - a report file that somebody opens with this program: what is to be said of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Reads the whole file beside the main loop. */
void pfa_examine_async (GFile *file,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data);
/* The sentence for the person, also when the file is none of ours; NULL when cancelled.
 * (transfer full) */
char *pfa_examine_finish (GAsyncResult *result, GError **error);

G_END_DECLS
