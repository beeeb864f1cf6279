/* pfa-path-picture.c - the way of a payment, from the terminal to the provider
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-path-picture.h"

#include <glib/gi18n.h>

#include "pfa-language.h"
#include "pfa-mark.h"

#define N_ON_PATH  5
#define N_STATIONS 6
#define COMPUTER   5
/* The computer hangs below the station that it shares with the shop: the router. */
#define ROUTER     2
#define ROW_GAP    16
#define LINK_WIDTH 4.0
#define LINK_AIR   4.0

struct _PfaPathPicture
{
  GtkWidget parent_instance;
  PfaStationButton *stations[N_STATIONS];
};

enum
{
  SIGNAL_STATION_ACTIVATED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static const char *const station_ids[N_STATIONS] = { "terminal", "link",     "router",
                                                     "internet", "provider", "computer" };

G_DEFINE_FINAL_TYPE (PfaPathPicture, pfa_path_picture, GTK_TYPE_WIDGET)

static int
get_column_width (PfaPathPicture *self)
{
  int widest = 0;

  for (guint i = 0; i < N_STATIONS; i++)
    widest = MAX (widest, pfa_station_button_get_width (self->stations[i], FALSE));
  return widest;
}

static gboolean
is_narrow (PfaPathPicture *self, int width)
{
  return width < N_ON_PATH * get_column_width (self);
}

static int
get_row_height (PfaPathPicture *self, int column)
{
  int tallest = 0;

  for (guint i = 0; i < N_ON_PATH; i++)
    tallest = MAX (tallest, pfa_station_button_get_height (self->stations[i], FALSE, column));
  return tallest;
}

static int
lay_out (PfaPathPicture *self, int width, gboolean allocate)
{
  gboolean narrow = is_narrow (self, width);
  gboolean right_to_left = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int column = width / N_ON_PATH;
  int row = narrow ? 0 : get_row_height (self, column);
  int y = 0;

  for (guint i = 0; i < N_STATIONS; i++)
    {
      GtkAllocation place = { 0, y, width, 0 };

      if (!narrow)
        {
          guint index = i == COMPUTER ? ROUTER : i;

          place.x = column * (int) (right_to_left ? N_ON_PATH - 1 - index : index);
          place.y = i == COMPUTER ? row + ROW_GAP : 0;
          place.width = column;
        }
      place.height = i == COMPUTER || narrow
                         ? pfa_station_button_get_height (self->stations[i], narrow, place.width)
                         : row;
      if (allocate)
        {
          pfa_station_button_set_beside (self->stations[i], narrow);
          gtk_widget_size_allocate (GTK_WIDGET (self->stations[i]), &place, -1);
        }
      y = narrow ? y + place.height + ROW_GAP : place.y + place.height;
    }
  return narrow ? y - ROW_GAP : y;
}

static GtkSizeRequestMode
pfa_path_picture_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
pfa_path_picture_measure (GtkWidget *widget,
                          GtkOrientation orientation,
                          int for_size,
                          int *minimum,
                          int *natural,
                          int *minimum_baseline,
                          int *natural_baseline)
{
  PfaPathPicture *self = PFA_PATH_PICTURE (widget);
  int least = 0;

  for (guint i = 0; i < N_STATIONS; i++)
    least = MAX (least, pfa_station_button_get_width (self->stations[i], TRUE));

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = least;
      *natural = MAX (least, N_ON_PATH * get_column_width (self));
    }
  else
    *minimum = *natural =
        lay_out (self,
                 for_size < 0 ? N_ON_PATH * get_column_width (self) : MAX (for_size, least),
                 FALSE);
}

static void
pfa_path_picture_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  lay_out (PFA_PATH_PICTURE (widget), width, TRUE);
}

static gboolean
get_centre (PfaPathPicture *self, guint i, graphene_point_t *centre)
{
  double x;
  double y;
  graphene_point_t own;

  pfa_station_button_get_centre (self->stations[i], &x, &y);
  graphene_point_init (&own, (float) x, (float) y);
  return gtk_widget_compute_point (GTK_WIDGET (self->stations[i]), GTK_WIDGET (self), &own, centre);
}

/* A link tells of the worse of its two ends: dashed where broken, dotted where nobody looked. */
static void
draw_link (PfaPathPicture *self, cairo_t *cairo, guint from, guint to)
{
  PfaStationState state = pfa_station_button_get_state (self->stations[to]);
  static const double dashes[] = { 8, 7 };
  static const double dots[] = { 0.1, 9 };
  graphene_point_t a;
  graphene_point_t b;
  double length;
  double start;
  GdkRGBA colour;

  if (!get_centre (self, from, &a) || !get_centre (self, to, &b))
    return;
  length = graphene_point_distance (&a, &b, NULL, NULL);
  start = PFA_STATION_MARK_SIZE / 2.0 + LINK_AIR + LINK_WIDTH / 2;
  if (length <= 2 * start)
    return;

  gtk_style_context_get_color (gtk_widget_get_style_context (
                                   gtk_widget_get_first_child (GTK_WIDGET (self->stations[to]))),
                               &colour);
  gdk_cairo_set_source_rgba (cairo, &colour);
  cairo_set_line_width (cairo, LINK_WIDTH);
  cairo_set_line_cap (cairo, CAIRO_LINE_CAP_ROUND);
  if (state == PFA_STATION_BROKEN)
    cairo_set_dash (cairo, dashes, G_N_ELEMENTS (dashes), 0);
  else if (state == PFA_STATION_GOOD || state == PFA_STATION_DEGRADED)
    cairo_set_dash (cairo, NULL, 0, 0);
  else
    cairo_set_dash (cairo, dots, G_N_ELEMENTS (dots), 0);

  cairo_move_to (cairo, a.x + (b.x - a.x) * start / length, a.y + (b.y - a.y) * start / length);
  cairo_line_to (cairo, b.x - (b.x - a.x) * start / length, b.y - (b.y - a.y) * start / length);
  cairo_stroke (cairo);
}

static void
pfa_path_picture_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  PfaPathPicture *self = PFA_PATH_PICTURE (widget);
  float width = (float) gtk_widget_get_width (widget);
  float height = (float) gtk_widget_get_height (widget);
  cairo_t *cairo = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));

  /* In the wide form the texts stand below the marks; in the narrow one they stand in the way of a
   * link between rows only when the rows are far apart, and ROW_GAP keeps a short link visible. */
  for (guint i = 0; i + 1 < N_ON_PATH; i++)
    draw_link (self, cairo, i, i + 1);
  cairo_destroy (cairo);

  for (guint i = 0; i < N_STATIONS; i++)
    gtk_widget_snapshot_child (widget, GTK_WIDGET (self->stations[i]), snapshot);
}

static gboolean
pfa_path_picture_focus (GtkWidget *widget, GtkDirectionType direction)
{
  PfaPathPicture *self = PFA_PATH_PICTURE (widget);
  GtkWidget *focus = gtk_widget_get_focus_child (widget);
  gboolean right_to_left = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int step = direction == GTK_DIR_RIGHT || direction == GTK_DIR_DOWN ? 1 : -1;

  if (direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD || focus == NULL)
    return GTK_WIDGET_CLASS (pfa_path_picture_parent_class)->focus (widget, direction);

  if (right_to_left && (direction == GTK_DIR_LEFT || direction == GTK_DIR_RIGHT))
    step = -step;
  for (int i = 0; i < N_STATIONS; i++)
    if (GTK_WIDGET (self->stations[i]) == focus && i + step >= 0 && i + step < N_STATIONS)
      return gtk_widget_grab_focus (GTK_WIDGET (self->stations[i + step]));
  return FALSE;
}

void
pfa_path_picture_set_stations (PfaPathPicture *self, GArray *stations)
{
  g_return_if_fail (PFA_IS_PATH_PICTURE (self));
  g_return_if_fail (stations != NULL);

  for (guint i = 0; i < stations->len; i++)
    {
      const PfaStation *station = &g_array_index (stations, PfaStation, i);

      for (guint j = 0; j < N_STATIONS; j++)
        if (g_strcmp0 (station->id, station_ids[j]) == 0)
          pfa_station_button_set (self->stations[j],
                                  station->state,
                                  pfa_language_say (station->text));
    }
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

char *
pfa_path_picture_dup_spoken (PfaPathPicture *self)
{
  g_autoptr (GString) spoken = g_string_new (NULL);

  g_return_val_if_fail (PFA_IS_PATH_PICTURE (self), NULL);

  for (guint i = 0; i < N_STATIONS; i++)
    g_string_append_printf (spoken, "%s\n", pfa_station_button_get_spoken (self->stations[i]));
  return g_string_free (g_steal_pointer (&spoken), FALSE);
}

static void
on_station_clicked_cb (GtkButton *button, gpointer user_data)
{
  g_signal_emit (user_data,
                 signals[SIGNAL_STATION_ACTIVATED],
                 0,
                 pfa_station_button_get_id (PFA_STATION_BUTTON (button)));
}

GtkWidget *
pfa_path_picture_new (void)
{
  return g_object_new (PFA_TYPE_PATH_PICTURE, NULL);
}

static void
pfa_path_picture_dispose (GObject *object)
{
  PfaPathPicture *self = PFA_PATH_PICTURE (object);

  for (guint i = 0; i < N_STATIONS; i++)
    if (self->stations[i] != NULL)
      {
        gtk_widget_unparent (GTK_WIDGET (self->stations[i]));
        self->stations[i] = NULL;
      }
  G_OBJECT_CLASS (pfa_path_picture_parent_class)->dispose (object);
}

static void
pfa_path_picture_class_init (PfaPathPictureClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_path_picture_dispose;
  widget_class->get_request_mode = pfa_path_picture_get_request_mode;
  widget_class->measure = pfa_path_picture_measure;
  widget_class->size_allocate = pfa_path_picture_size_allocate;
  widget_class->snapshot = pfa_path_picture_snapshot;
  widget_class->focus = pfa_path_picture_focus;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);

  signals[SIGNAL_STATION_ACTIVATED] = g_signal_new ("station-activated",
                                                    PFA_TYPE_PATH_PICTURE,
                                                    G_SIGNAL_RUN_LAST,
                                                    0,
                                                    NULL,
                                                    NULL,
                                                    NULL,
                                                    G_TYPE_NONE,
                                                    1,
                                                    G_TYPE_STRING);
}

static void
pfa_path_picture_init (PfaPathPicture *self)
{
  for (guint i = 0; i < N_STATIONS; i++)
    {
      self->stations[i] = pfa_station_button_new (station_ids[i]);
      gtk_widget_set_parent (GTK_WIDGET (self->stations[i]), GTK_WIDGET (self));
      g_signal_connect (self->stations[i], "clicked", G_CALLBACK (on_station_clicked_cb), self);
    }
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("The way of a payment"),
                                  -1);
}
