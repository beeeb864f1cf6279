/* pfa-guided-page.c - a session in which support sees what the person sees, and may only ask
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guided-page.h"

#include <glib/gi18n.h>

#include "pfa-aid-guided-bundle.h"
#include "pfa-button.h"
#include "pfa-choice-list.h"
#include "pfa-guided-text.h"
#include "pfa-json.h"
#include "pfa-language.h"
#include "pfa-row.h"

#define MAX_ROWS 200

struct _PfaGuidedPage
{
  PfaPage parent_instance;
  GtkLabel *code_label;
  GtkLabel *code_valid_label;
  GtkLabel *prompt_label;
  GtkLabel *sends_label;
  GtkLabel *state_label;
  GtkLabel *number_label;
  GtkEditable *message_entry;
  GtkListBox *log_list;
  GtkWidget *code_box;
  GtkWidget *log_heading;
  GtkWidget *message_box;
  GtkWidget *no_button;
  GtkWidget *prompt_box;
  GtkWidget *seen_label;
  GtkWidget *start_button;
  GtkWidget *stop_button;
  PfaButton *yes_button;
  PfaChoiceList *answers;
  PfaAidGuided *view;
  PfaGuidedSession *session; /* NULL: none */
  guint shown_prompt;        /* 0: none */
};

G_DEFINE_FINAL_TYPE (PfaGuidedPage, pfa_guided_page, PFA_TYPE_PAGE)

/* An agent who asks without end must not make the page grow. */
static void
drop_oldest (PfaGuidedPage *self)
{
  GtkListBoxRow *oldest = gtk_list_box_get_row_at_index (self->log_list, MAX_ROWS);

  if (oldest != NULL)
    gtk_list_box_remove (self->log_list, GTK_WIDGET (oldest));
}

static void
add_log (PfaGuidedPage *self, const char *text)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = g_date_time_format (now, "%H:%M:%S");

  gtk_list_box_prepend (self->log_list, pfa_row_new (text, time));
  drop_oldest (self);
  gtk_widget_set_visible (GTK_WIDGET (self->log_list), TRUE);
  gtk_widget_set_visible (self->log_heading, TRUE);
}

/* A yes to a question is an answer: before one is picked there is nothing to say yes to. */
static void
on_chosen_cb (PfaGuidedPage *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "guided.yes", TRUE);
}

static void
show_answers (PfaGuidedPage *self, const PfaGuidedRequest *request)
{
  gboolean asked = request != NULL && request->type == PFA_GUIDED_ASK && request->values != NULL;

  pfa_choice_list_clear (self->answers);
  gtk_widget_set_visible (GTK_WIDGET (self->answers), asked);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "guided.yes", !asked);
  if (!asked)
    return;
  for (guint i = 0; request->values[i] != NULL; i++)
    pfa_choice_list_add (self->answers,
                         request->values[i],
                         request->labels != NULL ? request->labels[i] : request->values[i]);
}

static void
close_prompt (PfaGuidedPage *self)
{
  gboolean focused = gtk_widget_get_focus_child (self->prompt_box) != NULL;

  self->shown_prompt = 0;
  gtk_widget_set_visible (self->prompt_box, FALSE);
  gtk_widget_set_visible (self->seen_label, TRUE);
  pfa_page_set_first_focus (PFA_PAGE (self), NULL);
  if (focused)
    pfa_page_focus (PFA_PAGE (self));
}

/* "No" has the focus: a careless Enter allows nothing. What is on screen already stays as it is,
 * so that news of the line take nobody's answer away. */
static void
show_prompt (PfaGuidedPage *self)
{
  const PfaGuidedPrompt *prompt =
      self->session != NULL ? pfa_guided_session_get_prompt (self->session) : NULL;
  g_autofree char *text = NULL;

  if (prompt == NULL)
    {
      close_prompt (self);
      return;
    }
  if (prompt->id == self->shown_prompt)
    return;
  self->shown_prompt = prompt->id;
  text = pfa_guided_text_dup_prompt (prompt);
  gtk_label_set_text (self->prompt_label, text);
  gtk_label_set_text (self->sends_label, pfa_guided_text_say_what_is_sent (prompt));
  gtk_label_set_text (self->number_label, prompt->number != NULL ? prompt->number : "");
  gtk_widget_set_visible (GTK_WIDGET (self->number_label), prompt->number != NULL);
  pfa_button_set_text (self->yes_button,
                       prompt->kind == PFA_GUIDED_PROMPT_REQUEST ? _ ("_Yes, once") : _ ("_Yes"));
  show_answers (self, prompt->request);
  gtk_widget_set_visible (self->prompt_box, TRUE);
  gtk_widget_set_visible (self->seen_label, FALSE);
  pfa_page_set_first_focus (PFA_PAGE (self), self->no_button);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    pfa_page_focus (PFA_PAGE (self));
  else
    pfa_page_go (PFA_PAGE (self), "guided", NULL);
  pfa_page_reveal (PFA_PAGE (self), self->prompt_box);
}

static void
show_state (PfaGuidedPage *self)
{
  PfaGuidedState state =
      self->session != NULL ? pfa_guided_session_get_state (self->session) : PFA_GUIDED_ENDED;
  const char *code = self->session != NULL ? pfa_guided_session_get_code (self->session) : NULL;
  g_autofree char *text = NULL;

  if (self->session != NULL)
    text = pfa_guided_text_dup_state (state,
                                      pfa_guided_session_get_agent (self->session),
                                      pfa_guided_session_get_organisation (self->session),
                                      pfa_guided_session_is_line_up (self->session));
  if (text != NULL)
    gtk_label_set_text (self->state_label, text);
  gtk_widget_set_visible (self->code_box, state == PFA_GUIDED_WAITING && code != NULL);
  gtk_widget_set_visible (self->message_box, state == PFA_GUIDED_WATCHED);
  gtk_widget_set_visible (self->start_button, state == PFA_GUIDED_ENDED);
  gtk_widget_set_visible (self->stop_button, state != PFA_GUIDED_ENDED);
  pfa_context_set_watched (pfa_page_get_context (PFA_PAGE (self)),
                           state == PFA_GUIDED_WATCHED
                               ? pfa_guided_session_get_agent (self->session)
                               : NULL);
  show_prompt (self);
}

static void
on_code_cb (PfaGuidedPage *self, const char *code, guint valid_s)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) until = g_date_time_add_seconds (now, valid_s);
  g_autofree char *time = g_date_time_format (until, "%H:%M");
  g_autofree char *text = g_strdup_printf (_ ("It is valid until %s. Then a new one comes."), time);

  gtk_label_set_text (self->code_label, code);
  gtk_label_set_text (self->code_valid_label, text);
  show_state (self);
}

/* What the question was, and what was said. */
static void
on_answered_cb (PfaGuidedPage *self, guint id, const char *answer)
{
  const char *said = pfa_guided_text_say_answer (answer);
  g_autofree char *text =
      said != NULL ? g_strdup_printf ("%s %s", gtk_label_get_text (self->prompt_label), said)
                   : NULL;

  if (text != NULL)
    add_log (self, text);
  show_state (self);
}

static void
on_acted_cb (PfaGuidedPage *self, gint64 number, const char *outcome)
{
  add_log (self, g_strcmp0 (outcome, "done") == 0 ? _ ("Done.") : _ ("That failed."));
  if (pfa_aid_get_state (pfa_page_get_aid (PFA_PAGE (self))) == PFA_AID_STEPPING)
    pfa_page_go (PFA_PAGE (self), "step", NULL);
}

static void
on_message_cb (PfaGuidedPage *self, const char *message)
{
  g_autofree char *text =
      g_strdup_printf (_ ("%s writes: %s"), pfa_guided_session_get_agent (self->session), message);

  add_log (self, text);
}

/* What the program turned away by itself is told too: it says something of the agent. */
static void
on_logged_cb (PfaGuidedPage *self, const char *line)
{
  g_autoptr (JsonObject) entry = pfa_json_parse_object (line, -1, "log", NULL);
  g_autofree char *text = NULL;

  if (entry == NULL || g_strcmp0 (pfa_json_peek_string (entry, "what"), "refused") != 0)
    return;
  text = g_strdup_printf (_ ("%s asked for something that is not allowed now. Refused."),
                          pfa_guided_session_get_agent (self->session));
  add_log (self, text);
}

static void
on_ended_cb (PfaGuidedPage *self, const char *reason)
{
  add_log (self, pfa_guided_text_say_end (reason));
  gtk_label_set_text (self->state_label, pfa_guided_text_say_end (reason));
  g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  show_state (self);
}

static void
on_start_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PfaGuidedPage *self = PFA_GUIDED_PAGE (widget);
  PfaAid *aid = pfa_page_get_aid (PFA_PAGE (self));
  PfaOutbox *outbox;

  if (self->session != NULL)
    return;
  if (pfa_aid_get_incident (aid) == NULL)
    pfa_aid_begin (aid, "96", pfa_context_find_provider (pfa_page_get_context (PFA_PAGE (self))));
  g_clear_object (&self->view);
  self->view = pfa_aid_guided_new (aid, pfa_language_get ());
  outbox = pfa_context_ensure_outbox (pfa_page_get_context (PFA_PAGE (self)), NULL);
  if (outbox != NULL)
    pfa_aid_guided_set_outbox (self->view, outbox);
  self->session = pfa_aid_guided_create_session (self->view);
  if (self->session == NULL)
    {
      gtk_label_set_text (self->state_label,
                          _ ("Your provider offers no guided session. Please ring its support."));
      return;
    }
  g_signal_connect_swapped (self->session, "code", G_CALLBACK (on_code_cb), self);
  g_signal_connect_swapped (self->session, "prompt", G_CALLBACK (show_state), self);
  g_signal_connect_swapped (self->session, "changed", G_CALLBACK (show_state), self);
  g_signal_connect_swapped (self->session, "answered", G_CALLBACK (on_answered_cb), self);
  g_signal_connect_swapped (self->session, "acted", G_CALLBACK (on_acted_cb), self);
  g_signal_connect_swapped (self->session, "message", G_CALLBACK (on_message_cb), self);
  g_signal_connect_swapped (self->session, "logged", G_CALLBACK (on_logged_cb), self);
  g_signal_connect_swapped (self->session, "ended", G_CALLBACK (on_ended_cb), self);
  pfa_guided_session_start (self->session);
  show_state (self);
}

static void
on_stop_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  if (PFA_GUIDED_PAGE (widget)->session != NULL)
    pfa_guided_session_stop (PFA_GUIDED_PAGE (widget)->session);
}

static void
answer (PfaGuidedPage *self, gboolean yes)
{
  const PfaGuidedPrompt *prompt =
      self->session != NULL ? pfa_guided_session_get_prompt (self->session) : NULL;
  g_autofree char *value = g_strdup (pfa_choice_list_get_chosen (self->answers));

  if (prompt != NULL &&
      pfa_guided_session_answer (self->session, prompt->id, yes, yes ? value : NULL) &&
      self->session != NULL)
    show_state (self);
}

static void
on_yes_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  answer (PFA_GUIDED_PAGE (widget), TRUE);
}

static void
on_no_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  answer (PFA_GUIDED_PAGE (widget), FALSE);
}

static void
on_say_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PfaGuidedPage *self = PFA_GUIDED_PAGE (widget);
  const char *said = gtk_editable_get_text (self->message_entry);
  g_autofree char *text = g_strdup_printf (_ ("You wrote: %s"), said);

  if (self->session == NULL || !pfa_guided_session_say (self->session, said))
    return;
  add_log (self, text);
  gtk_editable_set_text (self->message_entry, "");
}

static void
on_entered_cb (PfaGuidedPage *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "guided.say", NULL);
}

static void
on_stop_watching_cb (PfaGuidedPage *self)
{
  if (self->session != NULL)
    pfa_guided_session_stop (self->session);
}

static void
pfa_guided_page_constructed (GObject *object)
{
  G_OBJECT_CLASS (pfa_guided_page_parent_class)->constructed (object);
  g_signal_connect_object (pfa_page_get_context (PFA_PAGE (object)),
                           "stop-watching",
                           G_CALLBACK (on_stop_watching_cb),
                           object,
                           G_CONNECT_SWAPPED);
}

static void
pfa_guided_page_shown (PfaPage *page, const char *parameter)
{
  show_state (PFA_GUIDED_PAGE (page));
}

static void
end_session (PfaGuidedPage *self)
{
  if (self->session != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->session, self);
      pfa_guided_session_stop (self->session);
    }
  g_clear_object (&self->session);
  g_clear_object (&self->view);
}

static void
pfa_guided_page_dispose (GObject *object)
{
  end_session (PFA_GUIDED_PAGE (object));
  gtk_widget_dispose_template (GTK_WIDGET (object), PFA_TYPE_GUIDED_PAGE);
  G_OBJECT_CLASS (pfa_guided_page_parent_class)->dispose (object);
}

static void
pfa_guided_page_class_init (PfaGuidedPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_guided_page_dispose;
  G_OBJECT_CLASS (klass)->constructed = pfa_guided_page_constructed;
  PFA_PAGE_CLASS (klass)->shown = pfa_guided_page_shown;

  gtk_widget_class_set_template_from_resource (
      widget_class,
      "/io/github/pos_first_aid/PosFirstAid/ui/pfa-guided-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PfaGuidedPage, answers);
  gtk_widget_class_bind_template_child (widget_class, PfaGuidedPage, code_box);
  gtk_widget_class_bind_template_child (widget_class, PfaGuidedPage, code_label);
  gtk_widget_class_bind_template_child (widget_class, PfaGuidedPage, code_valid_label);
  gtk_widget_class_bind_template_child (widget_class, PfaGuidedPage, log_heading);
  gtk_widget_class_bind_template_child (widget_class, PfaGuidedPage, log_list);
  gtk_widget_class_bind_template_child (widget_class, PfaGuidedPage, message_box);
  gtk_widget_class_bind_template_child (widget_class, PfaGuidedPage, message_entry);
  gtk_widget_class_bind_template_child (widget_class, PfaGuidedPage, no_button);
  gtk_widget_class_bind_template_child (widget_class, PfaGuidedPage, number_label);
  gtk_widget_class_bind_template_child (widget_class, PfaGuidedPage, prompt_box);
  gtk_widget_class_bind_template_child (widget_class, PfaGuidedPage, prompt_label);
  gtk_widget_class_bind_template_child (widget_class, PfaGuidedPage, seen_label);
  gtk_widget_class_bind_template_child (widget_class, PfaGuidedPage, sends_label);
  gtk_widget_class_bind_template_child (widget_class, PfaGuidedPage, start_button);
  gtk_widget_class_bind_template_child (widget_class, PfaGuidedPage, state_label);
  gtk_widget_class_bind_template_child (widget_class, PfaGuidedPage, stop_button);
  gtk_widget_class_bind_template_child (widget_class, PfaGuidedPage, yes_button);
  gtk_widget_class_bind_template_callback (widget_class, on_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_entered_cb);
  gtk_widget_class_install_action (widget_class, "guided.start", NULL, on_start_cb);
  gtk_widget_class_install_action (widget_class, "guided.stop", NULL, on_stop_cb);
  gtk_widget_class_install_action (widget_class, "guided.yes", NULL, on_yes_cb);
  gtk_widget_class_install_action (widget_class, "guided.no", NULL, on_no_cb);
  gtk_widget_class_install_action (widget_class, "guided.say", NULL, on_say_cb);
}

static void
pfa_guided_page_init (PfaGuidedPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
