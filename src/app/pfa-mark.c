/* pfa-mark.c - one state as a disc with its own shape
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-mark.h"

#include <glib/gi18n.h>
#include <math.h>

struct _PfaMark
{
  GtkWidget parent_instance;
  int size;
  PfaStationState state;
};

typedef struct
{
  const char *style_class;
  const char *word;
} Look;

static const Look looks[] = {
  [PFA_STATION_WAITING] = { "waiting", N_ ("waiting") },
  [PFA_STATION_RUNNING] = { "running", N_ ("looking …") },
  [PFA_STATION_GOOD] = { "good", N_ ("good") },
  [PFA_STATION_DEGRADED] = { "degraded", N_ ("weak") },
  [PFA_STATION_BROKEN] = { "broken", N_ ("broken") },
  [PFA_STATION_NOT_CHECKED] = { "not-checked", N_ ("not checked") },
};

G_DEFINE_FINAL_TYPE (PfaMark, pfa_mark, GTK_TYPE_WIDGET)

const char *
pfa_mark_get_class (PfaStationState state)
{
  return looks[state].style_class;
}

const char *
pfa_mark_get_word (PfaStationState state)
{
  return _ (looks[state].word);
}

PfaStationState
pfa_mark_read_state (const char *state)
{
  if (g_strcmp0 (state, "good") == 0)
    return PFA_STATION_GOOD;
  if (g_strcmp0 (state, "degraded") == 0)
    return PFA_STATION_DEGRADED;
  if (g_strcmp0 (state, "broken") == 0)
    return PFA_STATION_BROKEN;
  return PFA_STATION_NOT_CHECKED;
}

/* The strokes of each shape, on a disc of radius 1 around 0,0. */
static void
trace_shape (cairo_t *cairo, PfaStationState state)
{
  switch (state)
    {
    case PFA_STATION_GOOD:
      cairo_move_to (cairo, -0.42, 0.04);
      cairo_line_to (cairo, -0.12, 0.34);
      cairo_line_to (cairo, 0.42, -0.32);
      break;
    case PFA_STATION_DEGRADED:
      cairo_move_to (cairo, 0, -0.52);
      cairo_line_to (cairo, 0, 0.12);
      cairo_move_to (cairo, 0, 0.47);
      cairo_line_to (cairo, 0, 0.48);
      break;
    case PFA_STATION_BROKEN:
      cairo_move_to (cairo, -0.34, -0.34);
      cairo_line_to (cairo, 0.34, 0.34);
      cairo_move_to (cairo, 0.34, -0.34);
      cairo_line_to (cairo, -0.34, 0.34);
      break;
    case PFA_STATION_RUNNING:
      for (int i = -1; i <= 1; i++)
        {
          cairo_move_to (cairo, 0.38 * i, 0);
          cairo_line_to (cairo, 0.38 * i, 0.01);
        }
      break;
    case PFA_STATION_NOT_CHECKED:
      cairo_move_to (cairo, -0.32, 0);
      cairo_line_to (cairo, 0.32, 0);
      break;
    case PFA_STATION_WAITING:
    default:
      break;
    }
}

static gboolean
is_solid (PfaStationState state)
{
  return state == PFA_STATION_GOOD || state == PFA_STATION_DEGRADED || state == PFA_STATION_BROKEN;
}

static void
pfa_mark_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PfaMark *self = PFA_MARK (widget);
  GtkStyleContext *style = gtk_widget_get_style_context (widget);
  double width = gtk_widget_get_width (widget);
  double height = gtk_widget_get_height (widget);
  double radius = MIN (width, height) / 2;
  cairo_t *cairo;
  GdkRGBA colour;
  GdkRGBA on_disc;

  if (radius < 1)
    return;
  gtk_style_context_get_color (style, &colour);
  if (!gtk_style_context_lookup_color (style, "pfa_on_status", &on_disc))
    on_disc = (GdkRGBA){ 1, 1, 1, 1 };

  cairo = gtk_snapshot_append_cairo (snapshot,
                                     &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  cairo_translate (cairo, width / 2, height / 2);
  cairo_scale (cairo, radius, radius);
  cairo_set_line_cap (cairo, CAIRO_LINE_CAP_ROUND);
  cairo_set_line_join (cairo, CAIRO_LINE_JOIN_ROUND);

  gdk_cairo_set_source_rgba (cairo, &colour);
  cairo_set_line_width (cairo, 0.13);
  cairo_arc (cairo, 0, 0, is_solid (self->state) ? 1 : 0.92, 0, 2 * G_PI);
  if (is_solid (self->state))
    {
      cairo_fill (cairo);
      gdk_cairo_set_source_rgba (cairo, &on_disc);
    }
  else
    cairo_stroke (cairo);

  cairo_set_line_width (cairo, 0.2);
  trace_shape (cairo, self->state);
  cairo_stroke (cairo);
  cairo_destroy (cairo);
}

static void
pfa_mark_measure (GtkWidget *widget,
                  GtkOrientation orientation,
                  int for_size,
                  int *minimum,
                  int *natural,
                  int *minimum_baseline,
                  int *natural_baseline)
{
  *minimum = *natural = PFA_MARK (widget)->size;
}

void
pfa_mark_set_state (PfaMark *self, PfaStationState state)
{
  g_return_if_fail (PFA_IS_MARK (self));

  gtk_widget_remove_css_class (GTK_WIDGET (self), looks[self->state].style_class);
  self->state = state;
  gtk_widget_add_css_class (GTK_WIDGET (self), looks[state].style_class);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

GtkWidget *
pfa_mark_new (int size)
{
  PfaMark *self = g_object_new (PFA_TYPE_MARK, NULL);

  self->size = size;
  return GTK_WIDGET (self);
}

static void
pfa_mark_class_init (PfaMarkClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = pfa_mark_snapshot;
  widget_class->measure = pfa_mark_measure;
  gtk_widget_class_set_css_name (widget_class, "mark");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
pfa_mark_init (PfaMark *self)
{
  self->size = 24;
  gtk_widget_set_halign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (self), looks[PFA_STATION_WAITING].style_class);
}
