/* pfa-step-page.c - one step to do, then a look whether it helped
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-step-page.h"

#include <glib/gi18n.h>

#include "pfa-finding.h"
#include "pfa-language.h"
#include "pfa-phrases.h"

/* The step that this program does itself. */
#define WATCH_STEP "watch"

struct _PfaStepPage
{
  PfaPage parent_instance;
  GtkLabel *interrupts_label;
  GtkLabel *minutes_label;
  GtkLabel *safety_label;
  GtkLabel *undo_label;
  GtkLabel *why_label;
  GtkListBox *findings;
  GtkWidget *asking_box;
  GtkWidget *done_button;
  GtkWidget *failed_button;
  GtkWidget *lines;
  GtkWidget *looking_box;
  GtkWidget *notice_box;
  GtkWidget *skip_button;
  GtkWidget *step_box;
  GtkWidget *watch_box;
  GtkWidget *worked_button;
  char *action;
  GCancellable *recheck;
  gboolean asking;
};

G_DEFINE_FINAL_TYPE (PfaStepPage, pfa_step_page, PFA_TYPE_PAGE)

static void
set_text (GtkLabel *label, const char *text)
{
  gtk_label_set_text (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL && *text != '\0');
}

static void
show_lines (PfaStepPage *self, const PfaAction *action)
{
  const char *const *lines = pfa_text_get_lines (action->how, pfa_language_get ());
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->lines)) != NULL)
    gtk_box_remove (GTK_BOX (self->lines), child);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      GtkWidget *check = gtk_check_button_new ();
      g_autofree char *text = g_strdup_printf ("%u. %s", i + 1, lines[i]);
      GtkWidget *label = g_object_new (GTK_TYPE_LABEL,
                                       "label",
                                       text,
                                       "wrap",
                                       TRUE,
                                       "wrap-mode",
                                       PANGO_WRAP_WORD_CHAR,
                                       "xalign",
                                       0.0,
                                       "hexpand",
                                       TRUE,
                                       NULL);

      gtk_check_button_set_child (GTK_CHECK_BUTTON (check), label);
      gtk_accessible_update_property (GTK_ACCESSIBLE (check),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      text,
                                      -1);
      gtk_widget_add_css_class (check, "choice");
      gtk_box_append (GTK_BOX (self->lines), check);
    }
}

static void
show_safety (PfaStepPage *self, const PfaModel *model, const PfaAction *action)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; action->safety != NULL && action->safety[i] != NULL; i++)
    g_string_append_printf (text,
                            "%s%s",
                            text->len > 0 ? "\n" : "",
                            pfa_language_say (
                                g_hash_table_lookup (model->safety, action->safety[i])));
  set_text (self->safety_label, text->str);
  set_text (self->interrupts_label, pfa_language_say (action->interrupts));
  gtk_widget_set_visible (self->notice_box, text->len > 0 || action->interrupts != NULL);
}

static void
show_why (PfaStepPage *self, const PfaDecision *decision, guint index)
{
  set_text (self->why_label, NULL);
  for (guint i = 0; decision != NULL && i < decision->actions->len; i++)
    {
      const PfaActionRank *rank = &g_array_index (decision->actions, PfaActionRank, i);
      g_autofree char *share = NULL;
      g_autofree char *text = NULL;

      if (rank->action != index)
        continue;
      share = pfa_phrases_dup_share (rank->p);
      text = g_strdup_printf (_ ("Why this step: it mends %s cases like yours."), share);
      set_text (self->why_label, text);
    }
}

static void
show_step (PfaStepPage *self)
{
  PfaAid *aid = pfa_page_get_aid (PFA_PAGE (self));
  const PfaModel *model = pfa_knowledge_get_model (pfa_aid_get_knowledge (aid));
  int index = self->action != NULL ? pfa_model_find_action (model, self->action) : -1;
  g_autofree char *minutes = NULL;
  g_autofree char *undo = NULL;

  if (index < 0)
    return;
  minutes = pfa_phrases_dup_minutes (model->actions[index].minutes);
  pfa_page_set_title (PFA_PAGE (self), pfa_language_say (model->actions[index].title));
  set_text (self->minutes_label, minutes);
  show_lines (self, &model->actions[index]);
  show_safety (self, model, &model->actions[index]);
  show_why (self, pfa_aid_get_decision (aid), (guint) index);
  if (model->actions[index].undo != NULL)
    undo =
        g_strdup_printf (_ ("How to undo it: %s"), pfa_language_say (model->actions[index].undo));
  set_text (self->undo_label, undo);
  gtk_widget_set_visible (self->watch_box, g_str_equal (self->action, WATCH_STEP));
}

static void
show_stage (PfaStepPage *self)
{
  gboolean looking = self->recheck != NULL;
  gboolean doing = !looking && !self->asking;

  gtk_widget_set_visible (self->step_box, doing && self->action != NULL);
  gtk_widget_set_visible (self->done_button, doing);
  gtk_widget_set_visible (self->skip_button, doing);
  gtk_widget_set_visible (self->looking_box, looking || self->asking);
  gtk_widget_set_visible (self->asking_box, self->asking);
  gtk_widget_set_visible (self->worked_button, self->asking);
  gtk_widget_set_visible (self->failed_button, self->asking);
  pfa_page_set_blue_button (PFA_PAGE (self),
                            self->asking ? self->worked_button : self->done_button);
}

/* The button that had the focus is gone; the new heading is read out. */
static void
turn_page (PfaStepPage *self, const char *title)
{
  pfa_page_set_title (PFA_PAGE (self), title);
  show_stage (self);
  pfa_page_focus (PFA_PAGE (self));
}

static void
end_step (PfaStepPage *self, const char *outcome)
{
  g_autoptr (GError) error = NULL;

  if (!pfa_aid_end_step (pfa_page_get_aid (PFA_PAGE (self)), self->action, outcome, &error))
    pfa_context_report (pfa_page_get_context (PFA_PAGE (self)), error);
  pfa_page_go (PFA_PAGE (self), g_str_equal (outcome, "worked") ? "solved" : "next", NULL);
}

static void
ask_whether_it_worked (PfaStepPage *self)
{
  self->asking = TRUE;
  turn_page (self, _ ("Did it work?"));
}

static void
on_rechecked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaStepPage) self = PFA_STEP_PAGE (user_data);
  g_autoptr (GError) error = NULL;
  gboolean works = pfa_aid_recheck_finish (PFA_AID (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->recheck);
  pfa_context_report (pfa_page_get_context (PFA_PAGE (self)), error);
  if (works)
    {
      end_step (self, "worked");
      return;
    }
  ask_whether_it_worked (self);
}

static void
on_done_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PfaStepPage *self = PFA_STEP_PAGE (widget);

  if (self->action == NULL || self->recheck != NULL)
    return;
  if (pfa_aid_get_incident (pfa_page_get_aid (PFA_PAGE (self)))->practice)
    {
      ask_whether_it_worked (self);
      return;
    }
  self->recheck = g_cancellable_new ();
  pfa_row_clear_list (self->findings);
  turn_page (self, _ ("Looking again …"));
  pfa_aid_recheck_async (pfa_page_get_aid (PFA_PAGE (self)),
                         self->action,
                         self->recheck,
                         on_rechecked_cb,
                         g_object_ref (self));
}

static void
on_end_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PfaStepPage *self = PFA_STEP_PAGE (widget);

  if (self->action != NULL)
    end_step (self, g_variant_get_string (parameter, NULL));
}

static void
on_observed_cb (PfaStepPage *self, PfaObservation *observation)
{
  PfaAid *aid = pfa_page_get_aid (PFA_PAGE (self));
  GtkWidget *row = self->recheck != NULL ? pfa_finding_new_row (aid, observation) : NULL;

  if (row != NULL)
    gtk_list_box_prepend (self->findings, row);
}

/* Without a parameter (after "go on") it is the step that was being done. */
static const char *
find_open_step (PfaAid *aid)
{
  const PfaIncident *incident = pfa_aid_get_incident (aid);

  for (guint i = incident != NULL ? incident->steps->len : 0; i > 0; i--)
    {
      const PfaIncidentStep *step = g_ptr_array_index (incident->steps, i - 1);

      if (step->ended == 0)
        return step->action;
    }
  return NULL;
}

static void
pfa_step_page_shown (PfaPage *page, const char *parameter)
{
  PfaStepPage *self = PFA_STEP_PAGE (page);

  if (parameter == NULL)
    parameter = find_open_step (pfa_page_get_aid (page));
  if (parameter != NULL && g_strcmp0 (parameter, self->action) != 0)
    {
      g_free (self->action);
      self->action = g_strdup (parameter);
    }
  self->asking = FALSE;
  show_step (self);
  show_stage (self);
}

static void
pfa_step_page_left (PfaPage *page)
{
  PfaStepPage *self = PFA_STEP_PAGE (page);

  if (self->recheck != NULL)
    g_cancellable_cancel (self->recheck);
  g_clear_object (&self->recheck);
}

static void
pfa_step_page_constructed (GObject *object)
{
  G_OBJECT_CLASS (pfa_step_page_parent_class)->constructed (object);
  g_signal_connect_object (pfa_page_get_aid (PFA_PAGE (object)),
                           "observed",
                           G_CALLBACK (on_observed_cb),
                           object,
                           G_CONNECT_SWAPPED);
}

static void
pfa_step_page_finalize (GObject *object)
{
  g_free (PFA_STEP_PAGE (object)->action);
  G_OBJECT_CLASS (pfa_step_page_parent_class)->finalize (object);
}

static void
pfa_step_page_dispose (GObject *object)
{
  pfa_step_page_left (PFA_PAGE (object));
  gtk_widget_dispose_template (GTK_WIDGET (object), PFA_TYPE_STEP_PAGE);
  G_OBJECT_CLASS (pfa_step_page_parent_class)->dispose (object);
}

static void
pfa_step_page_class_init (PfaStepPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_step_page_dispose;
  G_OBJECT_CLASS (klass)->constructed = pfa_step_page_constructed;
  G_OBJECT_CLASS (klass)->finalize = pfa_step_page_finalize;
  PFA_PAGE_CLASS (klass)->shown = pfa_step_page_shown;
  PFA_PAGE_CLASS (klass)->left = pfa_step_page_left;

  gtk_widget_class_set_template_from_resource (
      widget_class,
      "/io/github/pos_first_aid/PosFirstAid/ui/pfa-step-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PfaStepPage, asking_box);
  gtk_widget_class_bind_template_child (widget_class, PfaStepPage, done_button);
  gtk_widget_class_bind_template_child (widget_class, PfaStepPage, failed_button);
  gtk_widget_class_bind_template_child (widget_class, PfaStepPage, findings);
  gtk_widget_class_bind_template_child (widget_class, PfaStepPage, interrupts_label);
  gtk_widget_class_bind_template_child (widget_class, PfaStepPage, lines);
  gtk_widget_class_bind_template_child (widget_class, PfaStepPage, looking_box);
  gtk_widget_class_bind_template_child (widget_class, PfaStepPage, minutes_label);
  gtk_widget_class_bind_template_child (widget_class, PfaStepPage, notice_box);
  gtk_widget_class_bind_template_child (widget_class, PfaStepPage, safety_label);
  gtk_widget_class_bind_template_child (widget_class, PfaStepPage, skip_button);
  gtk_widget_class_bind_template_child (widget_class, PfaStepPage, step_box);
  gtk_widget_class_bind_template_child (widget_class, PfaStepPage, undo_label);
  gtk_widget_class_bind_template_child (widget_class, PfaStepPage, watch_box);
  gtk_widget_class_bind_template_child (widget_class, PfaStepPage, why_label);
  gtk_widget_class_bind_template_child (widget_class, PfaStepPage, worked_button);
  gtk_widget_class_install_action (widget_class, "step.done", NULL, on_done_cb);
  gtk_widget_class_install_action (widget_class, "step.end", "s", on_end_cb);
}

static void
pfa_step_page_init (PfaStepPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
