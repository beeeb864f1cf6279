/* pfa-history-page.c - earlier incidents: calendar, list, charts, patterns
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-history-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pfa-calendar-view.h"
#include "pfa-chart.h"
#include "pfa-file-question.h"
#include "pfa-history-text.h"
#include "pfa-language.h"
#include "pfa-pattern.h"
#include "pfa-phrases.h"
#include "pfa-row.h"

#define HOUR_LABEL_STEP 6

struct _PfaHistoryPage
{
  PfaPage parent_instance;
  GtkListBox *incidents_list;
  GtkListBox *patterns_list;
  GtkWidget *empty_label;
  GtkWidget *filled_box;
  GtkWidget *table_box;
  PfaCalendarView *calendar;
  PfaChart *day_chart;
  PfaChart *hour_chart;
  GPtrArray *incidents; /* (element-type PfaIncident), newest first; may be NULL */
};

G_DEFINE_FINAL_TYPE (PfaHistoryPage, pfa_history_page, PFA_TYPE_PAGE)

static void
count_times (GPtrArray *incidents, guint hours[PFA_PATTERN_HOURS], guint days[PFA_PATTERN_WEEKDAYS])
{
  for (guint i = 0; i < incidents->len; i++)
    {
      const PfaIncident *incident = g_ptr_array_index (incidents, i);
      g_autoptr (GDateTime) time =
          g_date_time_new_from_unix_local (incident->started / G_USEC_PER_SEC);

      if (incident->practice)
        continue;
      hours[g_date_time_get_hour (time)]++;
      days[g_date_time_get_day_of_week (time) - 1]++;
    }
}

static void
show_charts (PfaHistoryPage *self,
             const guint hours[PFA_PATTERN_HOURS],
             const guint days[PFA_PATTERN_WEEKDAYS])
{
  g_auto (GStrv) hour_names = pfa_history_text_dup_hours ();
  g_auto (GStrv) day_names = pfa_history_text_dup_weekdays ();
  GtkWidget *child;

  pfa_chart_set_values (self->hour_chart,
                        _ ("Incidents by hour of the day"),
                        hours,
                        (const char *const *) hour_names,
                        PFA_PATTERN_HOURS,
                        HOUR_LABEL_STEP);
  pfa_chart_set_values (self->day_chart,
                        _ ("Incidents by day of the week"),
                        days,
                        (const char *const *) day_names,
                        PFA_PATTERN_WEEKDAYS,
                        1);
  while ((child = gtk_widget_get_first_child (self->table_box)) != NULL)
    gtk_box_remove (GTK_BOX (self->table_box), child);
  gtk_box_append (GTK_BOX (self->table_box), pfa_chart_make_table (self->hour_chart));
  gtk_box_append (GTK_BOX (self->table_box), pfa_chart_make_table (self->day_chart));
}

static void
show_patterns (PfaHistoryPage *self,
               const guint hours[PFA_PATTERN_HOURS],
               const guint days[PFA_PATTERN_WEEKDAYS])
{
  PfaPattern by_hour = pfa_pattern_find_hours (hours);
  PfaPattern by_day = pfa_pattern_find_weekday (days);
  g_autofree char *hour_sentence = pfa_history_text_dup_hour_pattern (&by_hour);
  g_autofree char *day_sentence = pfa_history_text_dup_weekday_pattern (&by_day);

  pfa_row_clear_list (self->patterns_list);
  if (hour_sentence != NULL)
    gtk_list_box_append (self->patterns_list, pfa_row_new (hour_sentence, _ ("By hour")));
  if (day_sentence != NULL)
    gtk_list_box_append (self->patterns_list, pfa_row_new (day_sentence, _ ("By day")));
  if (hour_sentence == NULL && day_sentence == NULL)
    gtk_list_box_append (self->patterns_list, pfa_row_new (_ ("Too few to tell a pattern"), NULL));
}

static GtkWidget *
make_incident_row (const char *title, const char *subtitle, gboolean open)
{
  GtkWidget *row = pfa_row_new (title, subtitle);

  if (open)
    g_object_set (row, "icon-name", "dialog-warning-symbolic", NULL);
  return row;
}

static void
show_incidents (PfaHistoryPage *self, int year, int month, int day)
{
  PfaKnowledge *knowledge = pfa_context_get_knowledge (pfa_page_get_context (PFA_PAGE (self)));

  pfa_row_clear_list (self->incidents_list);
  for (guint i = 0; i < self->incidents->len; i++)
    {
      const PfaIncident *incident = g_ptr_array_index (self->incidents, i);
      g_autoptr (GDateTime) time =
          g_date_time_new_from_unix_local (incident->started / G_USEC_PER_SEC);
      g_autofree char *title = NULL;
      g_autofree char *subtitle = NULL;
      gboolean open;
      int y;
      int m;
      int d;

      g_date_time_get_ymd (time, &y, &m, &d);
      if (year != 0 && (y != year || m != month || d != day))
        continue;
      title = pfa_history_text_dup_title (incident);
      subtitle = pfa_history_text_dup_subtitle (incident, knowledge);
      open = pfa_history_text_is_money_open (incident, knowledge);
      gtk_list_box_append (self->incidents_list, make_incident_row (title, subtitle, open));
    }
  if (gtk_widget_get_first_child (GTK_WIDGET (self->incidents_list)) == NULL)
    gtk_list_box_append (self->incidents_list, pfa_row_new (_ ("Nothing on that day"), NULL));
}

static void
on_day_chosen_cb (PfaHistoryPage *self, int year, int month, int day)
{
  show_incidents (self, year, month, day);
}

static void
load (PfaHistoryPage *self)
{
  PfaJournal *journal = pfa_context_get_journal (pfa_page_get_context (PFA_PAGE (self)));
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->incidents, g_ptr_array_unref);
  if (journal != NULL)
    self->incidents = pfa_journal_list (journal, 0, &error);
  pfa_context_report (pfa_page_get_context (PFA_PAGE (self)), error);
}

/* Practice counts nowhere. */
static void
show_calendar (PfaHistoryPage *self)
{
  PfaKnowledge *knowledge = pfa_context_get_knowledge (pfa_page_get_context (PFA_PAGE (self)));
  g_autoptr (GArray) marks = g_array_new (FALSE, FALSE, sizeof (PfaCalendarMark));

  for (guint i = 0; i < self->incidents->len; i++)
    {
      const PfaIncident *incident = g_ptr_array_index (self->incidents, i);
      PfaCalendarMark mark = { .time = incident->started };

      if (incident->practice)
        continue;
      mark.money_open = pfa_history_text_is_money_open (incident, knowledge);
      g_array_append_val (marks, mark);
    }
  pfa_calendar_view_set_marks (self->calendar,
                               (const PfaCalendarMark *) (gpointer) marks->data,
                               marks->len);
}

static void
pfa_history_page_shown (PfaPage *page, const char *parameter)
{
  PfaHistoryPage *self = PFA_HISTORY_PAGE (page);
  guint hours[PFA_PATTERN_HOURS] = { 0 };
  guint days[PFA_PATTERN_WEEKDAYS] = { 0 };
  gboolean filled;

  load (self);
  filled = self->incidents != NULL && self->incidents->len > 0;
  gtk_widget_set_visible (self->filled_box, filled);
  gtk_widget_set_visible (self->empty_label, !filled);
  if (!filled)
    return;
  show_calendar (self);
  count_times (self->incidents, hours, days);
  show_charts (self, hours, days);
  show_patterns (self, hours, days);
  show_incidents (self, 0, 0, 0);
}

static void
on_saved_cb (GtkNativeDialog *dialog, int response, PfaHistoryPage *self)
{
  g_autoptr (GFile) file = pfa_file_question_take (dialog, response);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (file != NULL && self->incidents != NULL)
    {
      text = pfa_history_text_dup_csv (self->incidents);
      if (!g_file_replace_contents (file,
                                    text,
                                    strlen (text),
                                    NULL,
                                    FALSE,
                                    G_FILE_CREATE_PRIVATE,
                                    NULL,
                                    NULL,
                                    &error))
        pfa_context_say (pfa_page_get_context (PFA_PAGE (self)),
                         _ ("This cannot be saved there. Please choose another folder."));
    }
}

static void
on_export_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  pfa_file_question_ask (widget,
                         _ ("Save the history"),
                         "pos-first-aid.csv",
                         G_CALLBACK (on_saved_cb));
}

static void
pfa_history_page_finalize (GObject *object)
{
  g_clear_pointer (&PFA_HISTORY_PAGE (object)->incidents, g_ptr_array_unref);
  G_OBJECT_CLASS (pfa_history_page_parent_class)->finalize (object);
}

static void
pfa_history_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PFA_TYPE_HISTORY_PAGE);
  G_OBJECT_CLASS (pfa_history_page_parent_class)->dispose (object);
}

static void
pfa_history_page_class_init (PfaHistoryPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_history_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = pfa_history_page_finalize;
  PFA_PAGE_CLASS (klass)->shown = pfa_history_page_shown;
  g_type_ensure (PFA_TYPE_CALENDAR_VIEW);
  g_type_ensure (PFA_TYPE_CHART);

  gtk_widget_class_set_template_from_resource (
      widget_class,
      "/io/github/pos_first_aid/PosFirstAid/ui/pfa-history-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PfaHistoryPage, calendar);
  gtk_widget_class_bind_template_child (widget_class, PfaHistoryPage, day_chart);
  gtk_widget_class_bind_template_child (widget_class, PfaHistoryPage, empty_label);
  gtk_widget_class_bind_template_child (widget_class, PfaHistoryPage, filled_box);
  gtk_widget_class_bind_template_child (widget_class, PfaHistoryPage, hour_chart);
  gtk_widget_class_bind_template_child (widget_class, PfaHistoryPage, incidents_list);
  gtk_widget_class_bind_template_child (widget_class, PfaHistoryPage, patterns_list);
  gtk_widget_class_bind_template_child (widget_class, PfaHistoryPage, table_box);
  gtk_widget_class_bind_template_callback (widget_class, on_day_chosen_cb);
  gtk_widget_class_install_action (widget_class, "history.export", NULL, on_export_cb);
}

static void
pfa_history_page_init (PfaHistoryPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
