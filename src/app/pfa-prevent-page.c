/* pfa-prevent-page.c - what keeps code 96 away, the most useful first
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-prevent-page.h"

#include <glib/gi18n.h>

#include "pfa-button.h"
#include "pfa-phrases.h"
#include "pfa-row.h"
#include "pfa-task.h"
#include "pfa-wrap-box.h"

/* More at once is done by nobody. */
#define MOST_DUE 3

struct _PfaPreventPage
{
  PfaPage parent_instance;
  GtkListBox *due_list;
  GtkListBox *later_list;
};

G_DEFINE_FINAL_TYPE (PfaPreventPage, pfa_prevent_page, PFA_TYPE_PAGE)

static GSettings *
get_settings (PfaPreventPage *self)
{
  return pfa_context_get_settings (pfa_page_get_context (PFA_PAGE (self)));
}

static gint64
get_done (PfaPreventPage *self, const char *id)
{
  g_autoptr (GVariant) done = NULL;
  gint64 time = 0;

  if (get_settings (self) == NULL)
    return 0;
  done = g_settings_get_value (get_settings (self), "tasks-done");
  g_variant_lookup (done, id, "x", &time);
  return time;
}

static gboolean
is_reminded (PfaPreventPage *self, const char *id)
{
  g_auto (GStrv) reminders =
      get_settings (self) != NULL ? g_settings_get_strv (get_settings (self), "reminders") : NULL;

  return reminders != NULL && g_strv_contains ((const char *const *) reminders, id);
}

/* Minutes lost by place, from the shop's own history. */
static GHashTable *
count_lost (PfaPreventPage *self)
{
  PfaJournal *journal = pfa_context_get_journal (pfa_page_get_context (PFA_PAGE (self)));
  GHashTable *lost = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) incidents = journal != NULL ? pfa_journal_list (journal, 0, NULL) : NULL;

  for (guint i = 0; incidents != NULL && i < incidents->len; i++)
    {
      const PfaIncident *incident = g_ptr_array_index (incidents, i);
      guint minutes = 1;

      if (incident->place == NULL || incident->practice)
        continue;
      if (incident->ended > incident->started)
        minutes += (guint) ((incident->ended - incident->started) / G_USEC_PER_SEC / 60);
      minutes += GPOINTER_TO_UINT (g_hash_table_lookup (lost, incident->place));
      g_hash_table_insert (lost, g_strdup (incident->place), GUINT_TO_POINTER (minutes));
    }
  return lost;
}

static GtkWidget *
make_row (PfaPreventPage *self, const PfaTask *task, guint worth)
{
  g_autofree char *rhythm = pfa_phrases_dup_sentence (pfa_task_get_rhythm (task));
  g_autoptr (GString) subtitle = g_string_new (pfa_task_say (task->why));
  GtkWidget *done = pfa_button_new (_ ("Done"));
  GtkWidget *remind = gtk_toggle_button_new ();
  GtkWidget *content = adw_button_content_new ();
  g_autofree char *spoken = g_strdup_printf (_ ("Remind me: %s"), pfa_task_say (task->title));
  GtkWidget *buttons = pfa_wrap_box_new (12);
  GtkWidget *row;

  g_string_append_printf (subtitle, "\n%s", rhythm);
  if (worth > 1)
    {
      g_string_append (subtitle, " · ");
      g_string_append_printf (subtitle,
                              ngettext ("such trouble cost you %u minute",
                                        "such trouble cost you %u minutes",
                                        worth),
                              worth);
    }
  row = pfa_row_new (pfa_task_say (task->title), subtitle->str);
  adw_button_content_set_icon_name (ADW_BUTTON_CONTENT (content), "alarm-symbolic");
  adw_button_content_set_label (ADW_BUTTON_CONTENT (content), _ ("Remind me"));
  gtk_button_set_child (GTK_BUTTON (remind), content);
  gtk_accessible_update_property (GTK_ACCESSIBLE (remind),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  spoken,
                                  -1);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (remind), is_reminded (self, task->id));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (done), "prevent.done");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (done), "s", task->id);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (remind), "prevent.remind");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (remind), "s", task->id);
  pfa_wrap_box_append (PFA_WRAP_BOX (buttons), done);
  pfa_wrap_box_append (PFA_WRAP_BOX (buttons), remind);
  pfa_row_add_below (PFA_ROW (row), buttons);
  return row;
}

/* Due tasks first, those that would have saved the most minutes before the others. */
static void
show_tasks (PfaPreventPage *self)
{
  g_autoptr (GHashTable) lost = count_lost (self);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (GPtrArray) rest = g_ptr_array_new ();
  guint shown = 0;

  pfa_row_clear_list (self->due_list);
  pfa_row_clear_list (self->later_list);
  for (guint i = 0; pfa_tasks[i].id != NULL; i++)
    g_ptr_array_add (rest, (gpointer) &pfa_tasks[i]);
  while (rest->len > 0)
    {
      guint best = 0;
      const PfaTask *task;
      gboolean due;

      for (guint i = 1; i < rest->len; i++)
        if (pfa_task_get_worth (rest->pdata[i], lost) >
            pfa_task_get_worth (rest->pdata[best], lost))
          best = i;
      task = g_ptr_array_remove_index (rest, best);
      due = shown < MOST_DUE && pfa_task_is_due (task, get_done (self, task->id), now);
      shown += due ? 1 : 0;
      gtk_list_box_append (due ? self->due_list : self->later_list,
                           make_row (self, task, pfa_task_get_worth (task, lost)));
    }
  if (shown == 0)
    gtk_list_box_append (self->due_list, pfa_row_new (_ ("Nothing is due now"), NULL));
}

static void
on_done_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PfaPreventPage *self = PFA_PREVENT_PAGE (widget);
  GVariantBuilder done;

  if (get_settings (self) == NULL)
    return;
  g_variant_builder_init (&done, G_VARIANT_TYPE ("a{sx}"));
  for (guint i = 0; pfa_tasks[i].id != NULL; i++)
    {
      gint64 time = get_done (self, pfa_tasks[i].id);

      if (g_str_equal (pfa_tasks[i].id, g_variant_get_string (parameter, NULL)))
        time = g_get_real_time () / G_USEC_PER_SEC;
      if (time != 0)
        g_variant_builder_add (&done, "{sx}", pfa_tasks[i].id, time);
    }
  g_settings_set_value (get_settings (self), "tasks-done", g_variant_builder_end (&done));
  show_tasks (self);
}

static void
on_remind_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PfaPreventPage *self = PFA_PREVENT_PAGE (widget);
  const char *id = g_variant_get_string (parameter, NULL);
  g_auto (GStrv) old = NULL;
  g_auto (GStrv) list = NULL;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  gboolean was = is_reminded (self, id);

  if (get_settings (self) == NULL)
    return;
  old = g_settings_get_strv (get_settings (self), "reminders");
  for (guint i = 0; old[i] != NULL; i++)
    if (!g_str_equal (old[i], id))
      g_strv_builder_add (builder, old[i]);
  if (!was)
    g_strv_builder_add (builder, id);
  list = g_strv_builder_end (builder);
  g_settings_set_strv (get_settings (self), "reminders", (const char *const *) list);
}

static void
pfa_prevent_page_shown (PfaPage *page, const char *parameter)
{
  show_tasks (PFA_PREVENT_PAGE (page));
}

static void
pfa_prevent_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PFA_TYPE_PREVENT_PAGE);
  G_OBJECT_CLASS (pfa_prevent_page_parent_class)->dispose (object);
}

static void
pfa_prevent_page_class_init (PfaPreventPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_prevent_page_dispose;
  PFA_PAGE_CLASS (klass)->shown = pfa_prevent_page_shown;

  gtk_widget_class_set_template_from_resource (
      widget_class,
      "/io/github/pos_first_aid/PosFirstAid/ui/pfa-prevent-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PfaPreventPage, due_list);
  gtk_widget_class_bind_template_child (widget_class, PfaPreventPage, later_list);
  gtk_widget_class_install_action (widget_class, "prevent.done", "s", on_done_cb);
  gtk_widget_class_install_action (widget_class, "prevent.remind", "s", on_remind_cb);
}

static void
pfa_prevent_page_init (PfaPreventPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
