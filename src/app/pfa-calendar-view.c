/* pfa-calendar-view.c - one month of days, each with its number of incidents
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-calendar-view.h"

#include <glib/gi18n.h>

#include "pfa-history-text.h"

#define WEEK    7
#define MONTHS  12
#define DAY_KEY "pfa-day"
/* From here on a number and a mark beside it are wider than a seventh of 360 px in a wide font. */
#define WIDE 10

struct _PfaCalendarView
{
  GtkBox parent_instance;
  GArray *marks; /* PfaCalendarMark */
  int year;
  int month;
  GtkWidget *title;
  GtkWidget *grid;
};

enum
{
  SIGNAL_DAY_CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PfaCalendarView, pfa_calendar_view, GTK_TYPE_BOX)

typedef struct
{
  guint incidents;
  gboolean open; /* the money of one of them */
} Day;

static void
count_days (PfaCalendarView *self, Day days[32])
{
  for (guint i = 0; i < self->marks->len; i++)
    {
      const PfaCalendarMark *mark = &g_array_index (self->marks, PfaCalendarMark, i);
      g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (mark->time / G_USEC_PER_SEC);
      Day *day = &days[g_date_time_get_day_of_month (time)];

      if (g_date_time_get_year (time) != self->year || g_date_time_get_month (time) != self->month)
        continue;
      day->incidents++;
      day->open = day->open || mark->money_open;
    }
}

/* (transfer full) */
static char *
dup_day_spoken (int number, const Day *day)
{
  g_autofree char *text = NULL;

  if (day->incidents == 0)
    return g_strdup_printf (_ ("%d: none"), number);
  text = g_strdup_printf (ngettext ("%d: %u incident", "%d: %u incidents", day->incidents),
                          number,
                          day->incidents);
  return day->open ? g_strdup_printf (_ ("%s, money open"), text) : g_steal_pointer (&text);
}

static void
on_day_clicked_cb (GtkButton *button, PfaCalendarView *self)
{
  g_signal_emit (self,
                 signals[SIGNAL_DAY_CHOSEN],
                 0,
                 self->year,
                 self->month,
                 GPOINTER_TO_INT (g_object_get_data (G_OBJECT (button), DAY_KEY)));
}

static GtkWidget *
make_day (PfaCalendarView *self, int number, const Day *day)
{
  GtkWidget *button = gtk_button_new ();
  GtkWidget *label = gtk_label_new (NULL);
  g_autofree char *text =
      day->incidents > 0
          ? g_strdup_printf ("%d\n%u%s",
                             number,
                             day->incidents,
                             day->open ? (day->incidents < WIDE ? " !" : "\n!") : "")
          : g_strdup_printf ("%d\n ", number);
  g_autofree char *spoken = dup_day_spoken (number, day);

  gtk_label_set_text (GTK_LABEL (label), text);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_widget_add_css_class (button, "day");
  gtk_widget_add_css_class (button, day->incidents > 0 ? "degraded" : "flat");
  gtk_widget_set_hexpand (button, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken,
                                  -1);
  g_object_set_data (G_OBJECT (button), DAY_KEY, GINT_TO_POINTER (number));
  g_signal_connect (button, "clicked", G_CALLBACK (on_day_clicked_cb), self);
  return button;
}

static void
attach_week_days (PfaCalendarView *self)
{
  g_auto (GStrv) names = pfa_history_text_dup_weekdays ();

  for (int i = 0; i < WEEK; i++)
    gtk_grid_attach (GTK_GRID (self->grid), gtk_label_new (names[i]), i, 0, 1, 1);
}

static void
rebuild (PfaCalendarView *self)
{
  g_autoptr (GDateTime) first = g_date_time_new_local (self->year, self->month, 1, 12, 0, 0);
  /* Translators: month and year of the calendar, see g_date_time_format(). Numbers are safe. */
  g_autofree char *title = g_date_time_format (first, _ ("%B %Y"));
  int column = g_date_time_get_day_of_week (first) - 1;
  int days = g_date_get_days_in_month ((GDateMonth) self->month, (GDateYear) self->year);
  Day marked[32] = { 0 };
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->grid)) != NULL)
    gtk_grid_remove (GTK_GRID (self->grid), child);
  gtk_label_set_text (GTK_LABEL (self->title), title);
  count_days (self, marked);
  attach_week_days (self);
  for (int day = 1; day <= days; day++)
    gtk_grid_attach (GTK_GRID (self->grid),
                     make_day (self, day, &marked[day]),
                     (column + day - 1) % WEEK,
                     1 + (column + day - 1) / WEEK,
                     1,
                     1);
}

void
pfa_calendar_view_show_month (PfaCalendarView *self, int year, int month)
{
  g_return_if_fail (PFA_IS_CALENDAR_VIEW (self));

  self->year = year;
  self->month = month;
  rebuild (self);
}

void
pfa_calendar_view_set_marks (PfaCalendarView *self, const PfaCalendarMark *marks, guint n)
{
  g_return_if_fail (PFA_IS_CALENDAR_VIEW (self));

  g_array_set_size (self->marks, 0);
  g_array_append_vals (self->marks, marks, n);
  rebuild (self);
}

static void
move (PfaCalendarView *self, int months)
{
  int index = self->year * MONTHS + self->month - 1 + months;

  pfa_calendar_view_show_month (self, index / MONTHS, index % MONTHS + 1);
}

static void
on_earlier_clicked_cb (PfaCalendarView *self)
{
  move (self, -1);
}

static void
on_later_clicked_cb (PfaCalendarView *self)
{
  move (self, 1);
}

static GtkWidget *
make_arrow (PfaCalendarView *self, const char *icon, const char *name, GCallback callback)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_add_css_class (button, "target");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_signal_connect_swapped (button, "clicked", callback, self);
  return button;
}

static void
pfa_calendar_view_finalize (GObject *object)
{
  g_array_unref (PFA_CALENDAR_VIEW (object)->marks);
  G_OBJECT_CLASS (pfa_calendar_view_parent_class)->finalize (object);
}

static void
pfa_calendar_view_class_init (PfaCalendarViewClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = pfa_calendar_view_finalize;
  signals[SIGNAL_DAY_CHOSEN] = g_signal_new ("day-chosen",
                                             PFA_TYPE_CALENDAR_VIEW,
                                             G_SIGNAL_RUN_LAST,
                                             0,
                                             NULL,
                                             NULL,
                                             NULL,
                                             G_TYPE_NONE,
                                             3,
                                             G_TYPE_INT,
                                             G_TYPE_INT,
                                             G_TYPE_INT);
}

static void
pfa_calendar_view_init (PfaCalendarView *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);

  self->marks = g_array_new (FALSE, FALSE, sizeof (PfaCalendarMark));
  self->title = gtk_label_new (NULL);
  gtk_label_set_wrap (GTK_LABEL (self->title), TRUE);
  gtk_widget_set_hexpand (self->title, TRUE);
  gtk_widget_add_css_class (self->title, "title-4");
  gtk_box_append (GTK_BOX (bar),
                  make_arrow (self,
                              "go-previous-symbolic",
                              _ ("The month before"),
                              G_CALLBACK (on_earlier_clicked_cb)));
  gtk_box_append (GTK_BOX (bar), self->title);
  gtk_box_append (GTK_BOX (bar),
                  make_arrow (self,
                              "go-next-symbolic",
                              _ ("The month after"),
                              G_CALLBACK (on_later_clicked_cb)));
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self), GTK_ORIENTATION_VERTICAL);
  gtk_box_set_spacing (GTK_BOX (self), 6);
  gtk_box_append (GTK_BOX (self), bar);
  self->grid = gtk_grid_new ();
  gtk_grid_set_column_homogeneous (GTK_GRID (self->grid), TRUE);
  gtk_box_append (GTK_BOX (self), self->grid);
  pfa_calendar_view_show_month (self, g_date_time_get_year (now), g_date_time_get_month (now));
}
