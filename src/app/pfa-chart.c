/* pfa-chart.c - counts as bars, with the same figures as a table
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-chart.h"

#define BAR_AREA_HEIGHT 96
#define BAR_GAP         2
#define LABEL_GAP       4

struct _PfaChart
{
  GtkWidget parent_instance;
  char *title;
  GArray *values;    /* guint */
  GPtrArray *labels; /* utf8 */
  guint label_step;
};

G_DEFINE_FINAL_TYPE (PfaChart, pfa_chart, GTK_TYPE_WIDGET)

static guint
get_value (PfaChart *self, guint i)
{
  return g_array_index (self->values, guint, i);
}

static guint
find_greatest (PfaChart *self)
{
  guint greatest = 1;

  for (guint i = 0; i < self->values->len; i++)
    greatest = MAX (greatest, get_value (self, i));
  return greatest;
}

static int
get_label_height (PfaChart *self)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), "0");
  int height;

  pango_layout_get_pixel_size (layout, NULL, &height);
  return height;
}

static void
pfa_chart_measure (GtkWidget *widget,
                   GtkOrientation orientation,
                   int for_size,
                   int *minimum,
                   int *natural,
                   int *minimum_baseline,
                   int *natural_baseline)
{
  PfaChart *self = PFA_CHART (widget);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = (int) self->values->len * 6;
      *natural = MAX (*minimum, 320);
    }
  else
    *minimum = *natural = BAR_AREA_HEIGHT + LABEL_GAP + get_label_height (self);
}

static void
draw_label (PfaChart *self, GtkSnapshot *snapshot, guint i, float centre, const GdkRGBA *colour)
{
  g_autoptr (PangoLayout) layout =
      gtk_widget_create_pango_layout (GTK_WIDGET (self), g_ptr_array_index (self->labels, i));
  int width;

  pango_layout_get_pixel_size (layout, &width, NULL);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (
      snapshot,
      &GRAPHENE_POINT_INIT (CLAMP (centre - (float) width / 2,
                                   0,
                                   (float) (gtk_widget_get_width (GTK_WIDGET (self)) - width)),
                            BAR_AREA_HEIGHT + LABEL_GAP));
  gtk_snapshot_append_layout (snapshot, layout, colour);
  gtk_snapshot_restore (snapshot);
}

static void
pfa_chart_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PfaChart *self = PFA_CHART (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  guint greatest = find_greatest (self);
  float step =
      self->values->len > 0 ? (float) gtk_widget_get_width (widget) / (float) self->values->len : 0;
  GdkRGBA text;
  GdkRGBA bar;

  gtk_style_context_get_color (style, &text);
  if (!gtk_style_context_lookup_color (style, "accent_bg_color", &bar))
    bar = text;

  gtk_snapshot_append_color (
      snapshot,
      &text,
      &GRAPHENE_RECT_INIT (0, BAR_AREA_HEIGHT - 1, (float) gtk_widget_get_width (widget), 1));
  for (guint i = 0; i < self->values->len; i++)
    {
      float height = (float) (BAR_AREA_HEIGHT - 2) * (float) get_value (self, i) / (float) greatest;
      float x = step * (float) i;

      gtk_snapshot_append_color (snapshot,
                                 &bar,
                                 &GRAPHENE_RECT_INIT (x + BAR_GAP / 2,
                                                      BAR_AREA_HEIGHT - 1 - height,
                                                      step - BAR_GAP,
                                                      height));
      if (i % self->label_step == 0)
        draw_label (self, snapshot, i, x + step / 2, &text);
    }
}

static void
update_spoken (PfaChart *self)
{
  g_autoptr (GString) spoken = g_string_new (self->title);

  for (guint i = 0; i < self->values->len; i++)
    if (get_value (self, i) > 0)
      g_string_append_printf (spoken,
                              "; %s: %u",
                              (const char *) g_ptr_array_index (self->labels, i),
                              get_value (self, i));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken->str,
                                  -1);
}

void
pfa_chart_set_values (PfaChart *self,
                      const char *title,
                      const guint *values,
                      const char *const *labels,
                      guint n,
                      guint label_step)
{
  g_return_if_fail (PFA_IS_CHART (self));

  g_free (self->title);
  self->title = g_strdup (title);
  self->label_step = MAX (1, label_step);
  g_array_set_size (self->values, 0);
  g_array_append_vals (self->values, values, n);
  g_ptr_array_set_size (self->labels, 0);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (self->labels, g_strdup (labels[i]));
  update_spoken (self);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

GtkWidget *
pfa_chart_make_table (PfaChart *self)
{
  GtkWidget *grid = gtk_grid_new ();
  int row = 0;

  g_return_val_if_fail (PFA_IS_CHART (self), NULL);

  gtk_grid_set_column_spacing (GTK_GRID (grid), 24);
  gtk_grid_set_row_spacing (GTK_GRID (grid), 6);
  gtk_accessible_update_property (GTK_ACCESSIBLE (grid),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->title,
                                  -1);
  for (guint i = 0; i < self->values->len; i++)
    {
      g_autofree char *figure = g_strdup_printf ("%u", get_value (self, i));

      if (get_value (self, i) == 0)
        continue;
      gtk_grid_attach (GTK_GRID (grid),
                       gtk_label_new (g_ptr_array_index (self->labels, i)),
                       0,
                       row,
                       1,
                       1);
      gtk_grid_attach (GTK_GRID (grid), gtk_label_new (figure), 1, row++, 1, 1);
    }
  return grid;
}

static void
pfa_chart_finalize (GObject *object)
{
  PfaChart *self = PFA_CHART (object);

  g_free (self->title);
  g_array_unref (self->values);
  g_ptr_array_unref (self->labels);
  G_OBJECT_CLASS (pfa_chart_parent_class)->finalize (object);
}

static void
pfa_chart_class_init (PfaChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = pfa_chart_finalize;
  widget_class->measure = pfa_chart_measure;
  widget_class->snapshot = pfa_chart_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
pfa_chart_init (PfaChart *self)
{
  self->title = g_strdup ("");
  self->values = g_array_new (FALSE, TRUE, sizeof (guint));
  self->labels = g_ptr_array_new_with_free_func (g_free);
  self->label_step = 1;
}
