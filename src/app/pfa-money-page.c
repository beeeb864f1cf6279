/* pfa-money-page.c - was the customer charged? The first page of every run
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-money-page.h"

#include <glib/gi18n.h>

#include "pfa-choice-list.h"
#include "pfa-language.h"

struct _PfaMoneyPage
{
  PfaPage parent_instance;
  PfaChoiceList *answers;
  GtkWidget *open_payment_box;
  GtkWidget *question_box;
  GtkLabel *advice_label;
  GtkLabel *hint_label;
  GtkLabel *meaning_label;
  GtkLabel *open_payment_label;
  GtkLabel *question_label;
  GtkLabel *retry_label;
  GtkLabel *state_label;
  char *asked; /* the question in view, or NULL */
};

G_DEFINE_FINAL_TYPE (PfaMoneyPage, pfa_money_page, PFA_TYPE_PAGE)

/* The provider's own meaning comes before the general one. */
static void
show_meaning (PfaMoneyPage *self)
{
  PfaPage *page = PFA_PAGE (self);
  PfaAid *aid = pfa_page_get_aid (page);
  const PfaIncident *incident = pfa_aid_get_incident (aid);
  PfaProvider *provider = pfa_aid_get_provider (aid);
  PfaProviderCode *own =
      provider != NULL ? pfa_provider_find_code (provider, incident->code) : NULL;
  PfaCode *code = pfa_knowledge_find_code (pfa_aid_get_knowledge (aid), incident->code);
  g_autofree char *sentence = NULL;

  if (own != NULL && own->meaning != NULL)
    sentence = g_strdup_printf (_ ("Code %s at your provider: %s"),
                                incident->code,
                                pfa_language_say (own->meaning));
  else if (code != NULL)
    sentence =
        g_strdup_printf (_ ("Code %s: %s"), incident->code, pfa_language_say (code->meaning));
  else
    sentence = g_strdup_printf (
        _ ("We do not know code %s. We check the way of the payment all the same."),
        incident->code);
  gtk_label_set_text (self->meaning_label, sentence);
}

static void
show_question (PfaMoneyPage *self, const PfaPaymentQuestion *question)
{
  gtk_widget_set_visible (self->question_box, question != NULL);
  if (question == NULL)
    {
      g_clear_pointer (&self->asked, g_free);
      return;
    }
  if (g_strcmp0 (self->asked, question->id) == 0)
    return;

  g_free (self->asked);
  self->asked = g_strdup (question->id);
  gtk_label_set_text (self->question_label, pfa_language_say (question->title));
  gtk_label_set_text (self->hint_label, pfa_language_say (question->hint));
  gtk_widget_set_visible (GTK_WIDGET (self->hint_label), question->hint != NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->answers),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  pfa_language_say (question->title),
                                  -1);
  pfa_choice_list_clear (self->answers);
  for (guint i = 0; i < question->answers->len; i++)
    {
      PfaPaymentAnswer *answer = g_ptr_array_index (question->answers, i);

      pfa_choice_list_add (self->answers, answer->id, pfa_language_say (answer->title));
    }
}

/* What must not be done stands first in the advice (tests/data/test-language.py); it is said once.
 */
static void
show_state (PfaMoneyPage *self, PfaPayment *payment)
{
  gboolean may_retry = pfa_payment_may_retry (payment);
  const char *const *lines =
      pfa_text_get_lines (pfa_payment_get_advice (payment), pfa_language_get ());
  gboolean says_no = !may_retry && lines[0] != NULL;
  g_autofree char *advice = g_strjoinv ("\n", (char **) lines + (says_no ? 1 : 0));

  gtk_label_set_text (self->state_label, pfa_language_say (pfa_payment_get_title (payment)));
  gtk_label_set_text (self->advice_label, advice);
  gtk_label_set_text (self->retry_label,
                      may_retry ? _ ("You may try this payment once more.")
                      : says_no ? lines[0]
                                : _ ("Do not charge the card again yet."));
}

/* Whoever stands at the till now may not have seen the first try (payments.md R4, R5). */
static void
show_open_payment (PfaMoneyPage *self, PfaAid *aid)
{
  g_auto (GStrv) lines = pfa_aid_dup_open_payment_lines (aid, pfa_language_get ());
  g_autofree char *text = lines != NULL ? g_strjoinv ("\n", lines) : NULL;

  gtk_widget_set_visible (self->open_payment_box, text != NULL);
  gtk_label_set_text (self->open_payment_label, text != NULL ? text : "");
}

static void
pfa_money_page_refresh (PfaPage *page)
{
  PfaMoneyPage *self = PFA_MONEY_PAGE (page);
  PfaAid *aid = pfa_page_get_aid (page);

  if (pfa_aid_get_incident (aid) == NULL)
    return;
  show_meaning (self);
  show_question (self, pfa_payment_get_question (pfa_aid_get_payment (aid)));
  show_state (self, pfa_aid_get_payment (aid));
  show_open_payment (self, aid);
}

/* "Next" without an answer goes on too: nobody is held up while a customer waits. */
static void
on_next_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PfaMoneyPage *self = PFA_MONEY_PAGE (widget);
  const char *answer = pfa_choice_list_get_chosen (self->answers);

  if (self->asked != NULL && answer != NULL)
    pfa_aid_answer_payment (pfa_page_get_aid (PFA_PAGE (self)), self->asked, answer);
  else
    pfa_page_go (PFA_PAGE (self), "next", NULL);
}

static void
pfa_money_page_finalize (GObject *object)
{
  g_free (PFA_MONEY_PAGE (object)->asked);
  G_OBJECT_CLASS (pfa_money_page_parent_class)->finalize (object);
}

static void
pfa_money_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PFA_TYPE_MONEY_PAGE);
  G_OBJECT_CLASS (pfa_money_page_parent_class)->dispose (object);
}

static void
pfa_money_page_class_init (PfaMoneyPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_money_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = pfa_money_page_finalize;
  PFA_PAGE_CLASS (klass)->refresh = pfa_money_page_refresh;

  gtk_widget_class_set_template_from_resource (
      widget_class,
      "/io/github/pos_first_aid/PosFirstAid/ui/pfa-money-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PfaMoneyPage, advice_label);
  gtk_widget_class_bind_template_child (widget_class, PfaMoneyPage, answers);
  gtk_widget_class_bind_template_child (widget_class, PfaMoneyPage, hint_label);
  gtk_widget_class_bind_template_child (widget_class, PfaMoneyPage, meaning_label);
  gtk_widget_class_bind_template_child (widget_class, PfaMoneyPage, open_payment_box);
  gtk_widget_class_bind_template_child (widget_class, PfaMoneyPage, open_payment_label);
  gtk_widget_class_bind_template_child (widget_class, PfaMoneyPage, question_box);
  gtk_widget_class_bind_template_child (widget_class, PfaMoneyPage, question_label);
  gtk_widget_class_bind_template_child (widget_class, PfaMoneyPage, retry_label);
  gtk_widget_class_bind_template_child (widget_class, PfaMoneyPage, state_label);
  gtk_widget_class_install_action (widget_class, "money.next", NULL, on_next_cb);
}

static void
pfa_money_page_init (PfaMoneyPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
