/* pfa-solved-page.c - it works again: what helped, and what is left to do
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-solved-page.h"

#include <glib/gi18n.h>

#include "pfa-language.h"
#include "pfa-phrases.h"

struct _PfaSolvedPage
{
  PfaPage parent_instance;
  GtkLabel *helped_label;
  GtkLabel *payment_label;
  GtkWidget *payment_box;
};

G_DEFINE_FINAL_TYPE (PfaSolvedPage, pfa_solved_page, PFA_TYPE_PAGE)

static void
show_helped (PfaSolvedPage *self, const PfaIncident *incident)
{
  PfaKnowledge *knowledge = pfa_aid_get_knowledge (pfa_page_get_aid (PFA_PAGE (self)));
  const PfaAction *action = incident->solved_by != NULL
                                ? pfa_knowledge_find_action (knowledge, incident->solved_by)
                                : NULL;
  gint64 ended = incident->ended > 0 ? incident->ended : g_get_real_time ();
  g_autofree char *minutes =
      pfa_phrases_dup_minutes ((double) (ended - incident->started) / G_USEC_PER_SEC / 60);
  g_autofree char *text = NULL;

  if (action != NULL)
    text = g_strdup_printf (_ ("What helped: %s. It took %s."),
                            pfa_language_say (action->title),
                            minutes);
  else
    text = g_strdup_printf (_ ("It took %s."), minutes);
  gtk_label_set_text (self->helped_label, text);
}

static void
pfa_solved_page_refresh (PfaPage *page)
{
  PfaSolvedPage *self = PFA_SOLVED_PAGE (page);
  PfaAid *aid = pfa_page_get_aid (page);
  const PfaIncident *incident = pfa_aid_get_incident (aid);
  PfaPayment *payment = pfa_aid_get_payment (aid);

  if (incident == NULL || payment == NULL)
    return;
  show_helped (self, incident);
  gtk_label_set_text (self->payment_label, pfa_language_say (pfa_payment_get_advice (payment)));
  gtk_widget_set_visible (self->payment_box, pfa_payment_get_question (payment) != NULL);
}

static void
pfa_solved_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PFA_TYPE_SOLVED_PAGE);
  G_OBJECT_CLASS (pfa_solved_page_parent_class)->dispose (object);
}

static void
pfa_solved_page_class_init (PfaSolvedPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_solved_page_dispose;
  PFA_PAGE_CLASS (klass)->refresh = pfa_solved_page_refresh;

  gtk_widget_class_set_template_from_resource (
      widget_class,
      "/io/github/pos_first_aid/PosFirstAid/ui/pfa-solved-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PfaSolvedPage, helped_label);
  gtk_widget_class_bind_template_child (widget_class, PfaSolvedPage, payment_box);
  gtk_widget_class_bind_template_child (widget_class, PfaSolvedPage, payment_label);
}

static void
pfa_solved_page_init (PfaSolvedPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
