/* take-pictures.c - writes a picture of every page; called by tools/take-pictures for every look
 *
 * take-pictures FOLDER NAME WIDTH HEIGHT TEXT-PERCENT [dark] [elder] [texts] [locale=FOLDER]
 * The language is LANGUAGE's; high contrast is ADW_DEBUG_HIGH_CONTRAST=1. "texts" lists every text
 * instead of drawing, "locale" takes the translations from another folder (test-pseudo). Fails when
 * a label is cut.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <libintl.h>
#include <math.h>
#include <stdlib.h>

#include "pfa-language.h"
#include "pfa-place.h"
#include "pfa-stage.h"

/* What scrolls below the buttons at the foot is not on the picture. */
#define FOOTER_HEIGHT  220
#define LEAST_CONTRAST 4.5

static GdkTexture *
draw (PfaStage *stage)
{
  GtkWidget *widget = GTK_WIDGET (stage->window);
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;

  gdk_paintable_snapshot (paintable,
                          snapshot,
                          gtk_widget_get_width (widget),
                          gtk_widget_get_height (widget));
  node = gtk_snapshot_free_to_node (snapshot);
  return gsk_renderer_render_texture (gtk_native_get_renderer (GTK_NATIVE (widget)), node, NULL);
}

/* WCAG's relative luminance of a pixel of GDK's native format. */
static double
get_luminance (guint32 pixel)
{
  double parts[3];

  for (guint i = 0; i < 3; i++)
    {
      double value = ((pixel >> (16 - 8 * i)) & 0xff) / 255.0;

      parts[i] = value <= 0.04045 ? value / 12.92 : pow ((value + 0.055) / 1.055, 2.4);
    }
  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
}

/* The commonest pixel of a label's place is its ground; the one that differs most is its ink. */
static double
measure_contrast (const guint32 *pixels, int stride, const graphene_rect_t *place)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);
  GHashTableIter iter;
  gpointer pixel;
  gpointer count;
  guint most = 0;
  double ground = 1;
  double best = 1;

  for (int y = (int) place->origin.y; y < (int) (place->origin.y + place->size.height); y++)
    for (int x = (int) place->origin.x; x < (int) (place->origin.x + place->size.width); x++)
      {
        gpointer key = GUINT_TO_POINTER (pixels[y * stride + x]);

        count = g_hash_table_lookup (counts, key);
        g_hash_table_insert (counts, key, GUINT_TO_POINTER (GPOINTER_TO_UINT (count) + 1));
      }
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &pixel, &count))
    if (GPOINTER_TO_UINT (count) > most)
      {
        most = GPOINTER_TO_UINT (count);
        ground = get_luminance (GPOINTER_TO_UINT (pixel));
      }
  g_hash_table_iter_init (&iter, counts);
  while (g_hash_table_iter_next (&iter, &pixel, &count))
    {
      double ink = get_luminance (GPOINTER_TO_UINT (pixel));

      best = MAX (best, (MAX (ink, ground) + 0.05) / (MIN (ink, ground) + 0.05));
    }
  return best;
}

/* Labels that can be seen whole and act; what is greyed out may be pale. */
static int
count_pale (GtkWidget *widget, GtkWidget *root, const guint32 *pixels, const char *name)
{
  int pale = 0;
  graphene_rect_t place;
  int height = gtk_widget_get_height (root) - FOOTER_HEIGHT;

  if (!gtk_widget_get_mapped (widget) || !gtk_widget_is_sensitive (widget))
    return 0;
  if (GTK_IS_LABEL (widget) && *gtk_label_get_text (GTK_LABEL (widget)) != '\0' &&
      gtk_widget_compute_bounds (widget, root, &place) && place.origin.x >= 0 &&
      place.origin.y >= 0 && place.size.width >= 4 && place.size.height >= 4 &&
      place.origin.x + place.size.width < gtk_widget_get_width (root) &&
      place.origin.y + place.size.height < height)
    {
      double contrast = measure_contrast (pixels, gtk_widget_get_width (root), &place);

      if (contrast < LEAST_CONTRAST)
        {
          g_print ("%s: contrast %.2f: “%s”\n",
                   name,
                   contrast,
                   gtk_label_get_text (GTK_LABEL (widget)));
          pale++;
        }
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    pale += count_pale (child, root, pixels, name);
  return pale;
}

static int
save (PfaStage *stage, const char *path, const char *name)
{
  GtkWidget *root = GTK_WIDGET (stage->window);
  g_autoptr (GdkTexture) texture = draw (stage);
  int width = gdk_texture_get_width (texture);
  g_autofree guint32 *pixels =
      g_new0 (guint32, (gsize) width * (gsize) gdk_texture_get_height (texture));

  if (!gdk_texture_save_to_png (texture, path))
    g_printerr ("%s: not written\n", path);
  gdk_texture_download (texture, (guchar *) pixels, (gsize) width * 4);
  return width == gtk_widget_get_width (root) ? count_pale (root, root, pixels, name) : 0;
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

/* One line a text: the page, then what stands there. */
static void
list_texts (GtkWidget *widget, const char *page)
{
  const char *texts[2] = { NULL };

  if (!gtk_widget_get_mapped (widget))
    return;
  if (GTK_IS_LABEL (widget))
    texts[0] = gtk_label_get_text (GTK_LABEL (widget));
  else if (GTK_IS_TEXT (widget))
    texts[0] = gtk_text_get_placeholder_text (GTK_TEXT (widget));
  else if (GTK_IS_WINDOW (widget))
    texts[0] = gtk_window_get_title (GTK_WINDOW (widget));
  texts[1] = gtk_widget_get_tooltip_text (widget);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (texts[i] != NULL && *texts[i] != '\0')
      {
        g_autofree char *plain = g_strdup (texts[i]);

        g_strdelimit (plain, "\n\t", ' ');
        g_print ("text\t%s\t%s\n", page, plain);
      }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    list_texts (child, page);
}

typedef struct
{
  const char *folder;
  const char *look;
  int width;
  gboolean only_texts;
} Shot;

static const struct
{
  const char *name;
  const char *address;
} scenes[] = {
  { "question-open", "question" },     { "verdict-open", "verdict" },
  { "explain-unknown", "explain:Q9" }, { "explain-words", "explain:failed" },
  { "explain-card", "explain:51" },
};

static int
look (PfaStage *stage, const Shot *shot, const char *name)
{
  g_autofree char *file = g_strdup_printf ("%s-%s.png", name, shot->look);
  g_autofree char *path = g_build_filename (shot->folder, file, NULL);
  GtkWidget *window = GTK_WIDGET (stage->window);
  int cut = 0;

  pfa_stage_settle (stage);
  if (shot->only_texts)
    list_texts (window, name);
  else
    cut += save (stage, path, file);
  if (gtk_widget_get_width (window) > MAX (360, shot->width))
    {
      g_print ("%s: wants %d px\n", file, gtk_widget_get_width (window));
      cut++;
    }
  return cut + count_cut (window, file);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GSettings) settings = NULL;
  g_autoptr (PfaStage) stage = NULL;
  const char *const *names = pfa_window_get_page_names ();
  Shot shot = { NULL };
  int cut = 0;

  if (argc < 6)
    return 2;
  shot = (Shot){ .folder = argv[1], .look = argv[2], .width = atoi (argv[3]) };
  pfa_language_set_up (NULL);
  for (int i = 6; i < argc; i++)
    if (g_str_has_prefix (argv[i], "locale="))
      bindtextdomain (GETTEXT_PACKAGE, argv[i] + strlen ("locale="));
  gtk_init ();
  adw_init ();
  settings = pfa_place_open_settings ();
  stage = pfa_stage_new (settings);
  pfa_stage_fill_history (stage, 24);
  pfa_stage_play_incident (stage);
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 96 * 1024 * atoi (argv[5]) / 100, NULL);
  gtk_window_set_default_size (GTK_WINDOW (stage->window), shot.width, atoi (argv[4]));
  for (int i = 6; i < argc; i++)
    {
      if (g_str_equal (argv[i], "dark"))
        adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                            ADW_COLOR_SCHEME_FORCE_DARK);
      if (g_str_equal (argv[i], "texts"))
        shot.only_texts = TRUE;
      if (g_str_equal (argv[i], "elder"))
        gtk_widget_add_css_class (GTK_WIDGET (stage->window), "elder");
    }
  for (guint i = 0; names[i] != NULL; i++)
    {
      if (g_str_equal (names[i], "step"))
        pfa_stage_begin_step (stage);
      pfa_window_go (stage->window,
                     g_str_equal (names[i], "station") ? "station:router" : names[i]);
      if (g_str_equal (names[i], "explain"))
        pfa_window_go (stage->window, "explain:96");
      cut += look (stage, &shot, names[i]);
    }
  /* What else these pages may look like. */
  pfa_stage_play_open_incident (stage);
  for (guint i = 0; i < G_N_ELEMENTS (scenes); i++)
    {
      pfa_window_go (stage->window, scenes[i].address);
      cut += look (stage, &shot, scenes[i].name);
    }
  return cut > 0 ? 1 : 0;
}
