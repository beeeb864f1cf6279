/* pfa-autostart.h - whether the watch starts with the person's session
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Writes or removes the person's own autostart entry ($XDG_CONFIG_HOME/autostart). */
gboolean pfa_autostart_set (gboolean on, GError **error);

G_END_DECLS
