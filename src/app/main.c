/* main.c - pos-first-aid-window: the window, started by pos-first-aid
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gi18n.h>

#include "pfa-app-resources.h"
#include "pfa-application.h"
#include "pfa-language.h"
#include "pfa-place.h"

#define STATUS_NO_DISPLAY 2

int
main (int argc, char *argv[])
{
  g_autoptr (GSettings) settings = pfa_place_open_settings ();
  g_autofree char *language =
      settings != NULL ? g_settings_get_string (settings, "language") : NULL;
  g_autoptr (PfaApplication) application = NULL;

  pfa_language_set_up (language);
  g_set_prgname ("pos-first-aid");
  g_set_application_name (_ ("POS First Aid"));
  if (!gtk_init_check ())
    {
      g_printerr ("%s\n",
                  _ ("There is no display here. Use “pos-first-aid check” on the command line."));
      return STATUS_NO_DISPLAY;
    }

  pfa_app_register_resource ();
  gtk_window_set_default_icon_name (APPLICATION_ID);
  application = pfa_application_new (settings);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
