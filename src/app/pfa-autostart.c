/* pfa-autostart.c - whether the watch starts with the person's session
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-autostart.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "pfa-error.h"

#define COMMAND "pos-first-aid"

/* (transfer full) */
static char *
build_entry (void)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  const char *group = G_KEY_FILE_DESKTOP_GROUP;

  g_key_file_set_string (file, group, G_KEY_FILE_DESKTOP_KEY_TYPE, "Application");
  g_key_file_set_string (file, group, G_KEY_FILE_DESKTOP_KEY_NAME, _ ("POS First Aid watch"));
  g_key_file_set_string (file,
                         group,
                         G_KEY_FILE_DESKTOP_KEY_COMMENT,
                         _ ("Tells you when the payment line fails or works again"));
  /* A session does not complain about what was removed from this computer. */
  g_key_file_set_string (file, group, G_KEY_FILE_DESKTOP_KEY_TRY_EXEC, COMMAND);
  g_key_file_set_string (file, group, G_KEY_FILE_DESKTOP_KEY_EXEC, COMMAND " --watch");
  g_key_file_set_string (file, group, G_KEY_FILE_DESKTOP_KEY_ICON, APPLICATION_ID);
  g_key_file_set_boolean (file, group, G_KEY_FILE_DESKTOP_KEY_NO_DISPLAY, TRUE);
  g_key_file_set_boolean (file, group, "X-GNOME-UsesNotifications", TRUE);
  return g_key_file_to_data (file, NULL, NULL);
}

gboolean
pfa_autostart_set (gboolean on, GError **error)
{
  g_autofree char *directory = g_build_filename (g_get_user_config_dir (), "autostart", NULL);
  g_autofree char *path = g_build_filename (directory, APPLICATION_ID ".watch.desktop", NULL);
  g_autofree char *entry = build_entry ();

  if (!on)
    {
      if (g_unlink (path) == 0 || errno == ENOENT || errno == ENOTDIR)
        return TRUE;
    }
  else if (g_mkdir_with_parents (directory, 0700) == 0 &&
           g_file_set_contents (path, entry, -1, NULL))
    return TRUE;

  g_set_error (error, PFA_ERROR, PFA_ERROR_STORAGE, "%s: cannot be changed", path);
  return FALSE;
}
