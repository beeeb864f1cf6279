/* pfa-place.h - where the program's own files lie, installed or in a build folder
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* (transfer full): the folder of translations. */
char *pfa_place_dup_locale_dir (void);
/* (transfer full): another program of the project by its name, or NULL. */
char *pfa_place_dup_program (const char *room, const char *name);
/* (transfer full): $XDG_DATA_HOME/pos-first-aid; not made. */
char *pfa_place_dup_data_dir (void);
/* (transfer full) or NULL where the schema is not found: every setting then has its default. */
GSettings *pfa_place_open_settings (void);

G_END_DECLS
