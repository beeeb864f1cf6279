/* pfa-update-private.h - what the files of the updates share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-update.h"

G_BEGIN_DECLS

/* Of a signed file. */
#define PFA_UPDATE_MAX_BYTES (8 * 1024 * 1024)

/* It becomes a file's name. */
gboolean pfa_update_is_sound_id (const char *id);

G_END_DECLS
