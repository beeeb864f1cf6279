/* pfa-autostart.c - whether the watch starts with the person's session
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-autostart.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "pfa-error.h"

#define ENTRY                                                                                      \
  "[Desktop Entry]\n"                                                                              \
  "Type=Application\n"                                                                             \
  "Name=POS First Aid watch\n"                                                                     \
  "Exec=pos-first-aid --watch\n"                                                                   \
  "Icon=" APPLICATION_ID "\n"                                                                      \
  "NoDisplay=true\n"                                                                               \
  "X-GNOME-UsesNotifications=true\n"

gboolean
pfa_autostart_set (gboolean on, GError **error)
{
  g_autofree char *directory = g_build_filename (g_get_user_config_dir (), "autostart", NULL);
  g_autofree char *path = g_build_filename (directory, APPLICATION_ID ".watch.desktop", NULL);

  if (!on)
    {
      if (g_unlink (path) == 0 || errno == ENOENT)
        return TRUE;
    }
  else if (g_mkdir_with_parents (directory, 0700) == 0 &&
           g_file_set_contents (path, ENTRY, -1, NULL))
    return TRUE;

  g_set_error (error, PFA_ERROR, PFA_ERROR_STORAGE, "%s: cannot be changed", path);
  return FALSE;
}
