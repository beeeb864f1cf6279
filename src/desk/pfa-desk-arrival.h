/* pfa-desk-arrival.h - an upload becomes a stored bundle, once it is what it was announced as
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "pfa-intake.h"

G_BEGIN_DECLS

/* In a thread: size, SHA-256, form (a plain bundle is verified, a sealed one stays closed), then a
 * second name below @data_directory/bundles, safe on the disk. The upload itself stays. Fails with
 * PFA_ERROR_NOT_FOUND: the upload is not there or not complete; PFA_ERROR_REFUSED: it is no sound
 * bundle, for good; PFA_ERROR_STORAGE: later perhaps. */
void pfa_desk_arrival_store_async (const char *data_directory,
                                   const char *upload_path,
                                   const char *upload_id,
                                   const PfaIntakeRequest *request,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data);
/* The path below @data_directory. @summary: what a plain bundle itself says, NULL for a sealed one;
 * it counts more than what the request says about it. (transfer full) */
char *pfa_desk_arrival_store_finish (GAsyncResult *result, JsonObject **summary, GError **error);

G_END_DECLS
