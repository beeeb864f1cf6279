/* pfa-question-page.c - one question of the engine, answered by the person
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-question-page.h"

#include <glib/gi18n.h>

#include "pfa-choice-list.h"
#include "pfa-language.h"
#include "pfa-phrases.h"

struct _PfaQuestionPage
{
  PfaPage parent_instance;
  GtkLabel *hint_label;
  GtkLabel *why_label;
  PfaChoiceList *answers;
  char *asked; /* observation, or NULL */
};

G_DEFINE_FINAL_TYPE (PfaQuestionPage, pfa_question_page, PFA_TYPE_PAGE)

static double
find_worth (const PfaDecision *decision, guint question)
{
  for (guint i = 0; i < decision->questions->len; i++)
    {
      const PfaQuestionRank *rank = &g_array_index (decision->questions, PfaQuestionRank, i);

      if (rank->question == question)
        return rank->worth;
    }
  return 0;
}

static void
show_why (PfaQuestionPage *self, const PfaDecision *decision, guint question)
{
  double worth = find_worth (decision, question);
  g_autofree char *minutes = pfa_phrases_dup_minutes (worth);
  g_autofree char *text = g_strdup_printf (_ ("Why we ask: it saves %s."), minutes);

  gtk_label_set_text (self->why_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->why_label), worth > 0.5);
}

static void
ask (PfaQuestionPage *self, const PfaObservationKind *kind)
{
  g_free (self->asked);
  self->asked = g_strdup (kind->id);
  pfa_page_set_title (PFA_PAGE (self), pfa_language_say (kind->title));
  gtk_label_set_text (self->hint_label, pfa_language_say (kind->hint));
  gtk_widget_set_visible (GTK_WIDGET (self->hint_label), kind->hint != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->answers),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  pfa_language_say (kind->title),
                                  -1);
  pfa_choice_list_clear (self->answers);
  for (guint i = 0; i < kind->n_values; i++)
    {
      const PfaValue *value = &kind->values[i];

      if (!g_str_equal (value->id, PFA_VALUE_UNKNOWN) &&
          !g_str_equal (value->id, PFA_VALUE_CANNOT_CHECK))
        pfa_choice_list_add (self->answers,
                             value->id,
                             pfa_language_say (value->label != NULL ? value->label
                                                                    : value->because));
    }
  pfa_choice_list_add (self->answers, PFA_VALUE_UNKNOWN, _ ("I don’t know"));
}

static void
pfa_question_page_refresh (PfaPage *page)
{
  PfaQuestionPage *self = PFA_QUESTION_PAGE (page);
  PfaAid *aid = pfa_page_get_aid (page);
  PfaModel *model = pfa_knowledge_get_model (pfa_aid_get_knowledge (aid));
  const PfaDecision *decision = pfa_aid_get_decision (aid);

  if (decision == NULL || decision->next_kind != PFA_NEXT_QUESTION || decision->next < 0)
    {
      gtk_widget_set_visible (GTK_WIDGET (self->answers), self->asked != NULL);
      if (self->asked == NULL)
        gtk_label_set_text (self->hint_label, _ ("There is nothing to ask now."));
      return;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->answers), TRUE);
  if (g_strcmp0 (self->asked, model->observations[decision->next].id) != 0)
    ask (self, &model->observations[decision->next]);
  show_why (self, decision, (guint) decision->next);
}

static void
pfa_question_page_shown (PfaPage *page, const char *parameter)
{
  g_clear_pointer (&PFA_QUESTION_PAGE (page)->asked, g_free);
}

static void
on_next_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PfaQuestionPage *self = PFA_QUESTION_PAGE (widget);
  PfaAid *aid = pfa_page_get_aid (PFA_PAGE (self));
  const char *chosen = pfa_choice_list_get_chosen (self->answers);
  g_autofree char *answer = g_strdup (chosen != NULL ? chosen : PFA_VALUE_UNKNOWN);
  g_autofree char *asked = g_strdup (self->asked);
  g_autoptr (GError) error = NULL;

  if (asked != NULL && !pfa_aid_answer (aid, asked, answer, &error))
    pfa_context_report (pfa_page_get_context (PFA_PAGE (self)), error);
  pfa_page_go (PFA_PAGE (self), "next", NULL);
}

static void
pfa_question_page_finalize (GObject *object)
{
  g_free (PFA_QUESTION_PAGE (object)->asked);
  G_OBJECT_CLASS (pfa_question_page_parent_class)->finalize (object);
}

static void
pfa_question_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PFA_TYPE_QUESTION_PAGE);
  G_OBJECT_CLASS (pfa_question_page_parent_class)->dispose (object);
}

static void
pfa_question_page_class_init (PfaQuestionPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_question_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = pfa_question_page_finalize;
  PFA_PAGE_CLASS (klass)->refresh = pfa_question_page_refresh;
  PFA_PAGE_CLASS (klass)->shown = pfa_question_page_shown;

  gtk_widget_class_set_template_from_resource (
      widget_class,
      "/io/github/pos_first_aid/PosFirstAid/ui/pfa-question-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PfaQuestionPage, answers);
  gtk_widget_class_bind_template_child (widget_class, PfaQuestionPage, hint_label);
  gtk_widget_class_bind_template_child (widget_class, PfaQuestionPage, why_label);
  gtk_widget_class_install_action (widget_class, "question.next", NULL, on_next_cb);
}

static void
pfa_question_page_init (PfaQuestionPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
