/* test-calendar.c - what a day of the calendar shows of its incidents
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-calendar-view.h"
#include "pfa-language.h"

typedef struct
{
  const char *name;
  int incidents;
  gboolean money_open; /* of the last one */
  const char *text;
} DayCase;

static const DayCase day_cases[] = {
  { "none", 0, FALSE, "20\n " },
  { "one", 1, FALSE, "20\n1" },
  { "several", 3, FALSE, "20\n3" },
  { "open-money-is-marked", 3, TRUE, "20\n3 !" },
  { "a-wide-number-has-its-mark-below", 12, TRUE, "20\n12\n!" },
};

static const char *
find_day (GtkWidget *widget, const char *number)
{
  if (GTK_IS_LABEL (widget) && g_str_has_prefix (gtk_label_get_text (GTK_LABEL (widget)), number) &&
      strchr (gtk_label_get_text (GTK_LABEL (widget)), '\n') != NULL)
    return gtk_label_get_text (GTK_LABEL (widget));
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      const char *found = find_day (child, number);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static void
test_day (gconstpointer data)
{
  const DayCase *row = data;
  g_autoptr (GtkWidget) view = g_object_ref_sink (g_object_new (PFA_TYPE_CALENDAR_VIEW, NULL));
  g_autoptr (GDateTime) noon = g_date_time_new_local (2026, 11, 20, 12, 0, 0);
  PfaCalendarMark marks[16] = { 0 };

  for (int i = 0; i < row->incidents; i++)
    marks[i].time = g_date_time_to_unix (noon) * G_USEC_PER_SEC;
  if (row->incidents > 0)
    marks[row->incidents - 1].money_open = row->money_open;
  pfa_calendar_view_set_marks (PFA_CALENDAR_VIEW (view), marks, row->incidents);
  pfa_calendar_view_show_month (PFA_CALENDAR_VIEW (view), 2026, 11);
  g_assert_cmpstr (find_day (view, "20"), ==, row->text);
}

int
main (int argc, char *argv[])
{
  pfa_language_set_up ("en");
  gtk_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (day_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/ui/calendar/%s", day_cases[i].name);

      g_test_add_data_func (path, &day_cases[i], test_day);
    }
  return g_test_run ();
}
