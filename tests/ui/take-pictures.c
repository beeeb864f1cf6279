/* take-pictures.c - writes a picture of every page; called by tools/take-pictures for every look
 *
 * take-pictures FOLDER NAME WIDTH HEIGHT TEXT-PERCENT [dark] [elder]
 * The language is LANGUAGE's; high contrast is ADW_DEBUG_HIGH_CONTRAST=1. Fails when a label is
 * cut.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <stdlib.h>

#include "pfa-language.h"
#include "pfa-place.h"
#include "pfa-stage.h"

static void
save (PfaStage *stage, const char *path)
{
  GtkWidget *widget = GTK_WIDGET (stage->window);
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  gdk_paintable_snapshot (paintable,
                          snapshot,
                          gtk_widget_get_width (widget),
                          gtk_widget_get_height (widget));
  node = gtk_snapshot_free_to_node (snapshot);
  texture = gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (widget)), node, NULL);
  if (!gdk_texture_save_to_png (texture, path))
    g_printerr ("%s: not written\n", path);
}

/* A label that got less room than its text needs is cut or ellipsised. */
static int
count_cut (GtkWidget *widget, const char *name)
{
  int cut = 0;

  if (!gtk_widget_get_mapped (widget))
    return 0;
  if (GTK_IS_LABEL (widget))
    {
      PangoLayout *layout = gtk_label_get_layout (GTK_LABEL (widget));
      int width;

      pango_layout_get_pixel_size (layout, &width, NULL);
      if (pango_layout_is_ellipsized (layout) || width > gtk_widget_get_width (widget) + 1)
        {
          g_print ("%s: cut: “%s”\n", name, gtk_label_get_text (GTK_LABEL (widget)));
          cut++;
        }
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    cut += count_cut (child, name);
  return cut;
}

int
main (int argc, char *argv[])
{
  g_autoptr (GSettings) settings = NULL;
  g_autoptr (PfaStage) stage = NULL;
  const char *const *names = pfa_window_get_page_names ();
  int cut = 0;

  if (argc < 6)
    return 2;
  pfa_language_set_up (NULL);
  gtk_init ();
  adw_init ();
  settings = pfa_place_open_settings ();
  stage = pfa_stage_new (settings);
  pfa_stage_fill_history (stage, 24);
  pfa_stage_play_incident (stage);
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 96 * 1024 * atoi (argv[5]) / 100, NULL);
  gtk_window_set_default_size (GTK_WINDOW (stage->window), atoi (argv[3]), atoi (argv[4]));
  for (int i = 6; i < argc; i++)
    {
      if (g_str_equal (argv[i], "dark"))
        adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                            ADW_COLOR_SCHEME_FORCE_DARK);
      if (g_str_equal (argv[i], "elder"))
        gtk_widget_add_css_class (GTK_WIDGET (stage->window), "elder");
    }
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *file = g_strdup_printf ("%s-%s.png", names[i], argv[2]);
      g_autofree char *path = g_build_filename (argv[1], file, NULL);

      if (g_str_equal (names[i], "step"))
        pfa_stage_begin_step (stage);
      pfa_window_go (stage->window,
                     g_str_equal (names[i], "station") ? "station:router" : names[i]);
      if (g_str_equal (names[i], "explain"))
        pfa_window_go (stage->window, "explain:96");
      pfa_stage_settle (stage);
      save (stage, path);
      if (gtk_widget_get_width (GTK_WIDGET (stage->window)) > MAX (360, atoi (argv[3])))
        {
          g_print ("%s: wants %d px\n", file, gtk_widget_get_width (GTK_WIDGET (stage->window)));
          cut++;
        }
      cut += count_cut (GTK_WIDGET (stage->window), file);
    }
  return cut > 0 ? 1 : 0;
}
