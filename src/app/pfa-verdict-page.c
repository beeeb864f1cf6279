/* pfa-verdict-page.c - what is most likely wrong, why, and the one thing to do now
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-verdict-page.h"

#include <glib/gi18n.h>

#include "pfa-button.h"
#include "pfa-json.h"
#include "pfa-language.h"
#include "pfa-path-picture.h"
#include "pfa-phrases.h"
#include "pfa-row.h"

#define MOST_OTHERS 3
/* From this chance on a cause is explained: "possible" in the words. */
#define LEAST_EXPLAINED 0.3
#define LEAST_OTHER     0.02

struct _PfaVerdictPage
{
  PfaPage parent_instance;
  GtkLabel *cause_label;
  GtkLabel *explanation_label;
  GtkLabel *payment_label;
  GtkLabel *step_label;
  GtkListBox *computer_list;
  GtkListBox *guards;
  GtkListBox *others;
  GtkListBox *reasons;
  GtkLabel *several_label;
  GtkLabel *several_title;
  GtkWidget *several_box;
  GtkWidget *start_button;
  PfaPathPicture *picture;
};

G_DEFINE_FINAL_TYPE (PfaVerdictPage, pfa_verdict_page, PFA_TYPE_PAGE)

static PfaModel *
get_model (PfaVerdictPage *self)
{
  return pfa_knowledge_get_model (pfa_aid_get_knowledge (pfa_page_get_aid (PFA_PAGE (self))));
}

/* A list stands in a box with its heading; both go when the list is empty. */
static void
hide_when_empty (GtkListBox *list)
{
  gtk_widget_set_visible (gtk_widget_get_parent (GTK_WIDGET (list)),
                          gtk_widget_get_first_child (GTK_WIDGET (list)) != NULL);
}

static void
show_cause (PfaVerdictPage *self, const PfaDecision *decision)
{
  const PfaCause *cause = &get_model (self)->causes[decision->leading_cause];
  const PfaPlaceShare *place = &g_array_index (decision->places, PfaPlaceShare, 0);
  PfaWords *words = pfa_aid_get_words (pfa_page_get_aid (PFA_PAGE (self)));
  g_autofree char *likelihood =
      pfa_phrases_dup_likelihood (decision->posterior[decision->leading_cause]);
  g_autofree char *sentence = NULL;
  g_autofree char *explanation = pfa_language_dup_paragraph (cause->explanation);

  pfa_page_set_title (PFA_PAGE (self),
                      pfa_language_say (
                          pfa_words_get_headline (words, place->place, place->probability)));
  sentence = pfa_language_dup_pair (likelihood, pfa_language_say (cause->title));
  gtk_label_set_text (self->cause_label, sentence);
  gtk_label_set_text (self->explanation_label, explanation);
  /* What is not clear yet is not explained as if it were. */
  gtk_widget_set_visible (GTK_WIDGET (self->explanation_label),
                          decision->posterior[decision->leading_cause] >= LEAST_EXPLAINED);
}

static void
show_reasons (PfaVerdictPage *self, const PfaDecision *decision)
{
  const PfaModel *model = get_model (self);
  PfaWords *words = pfa_aid_get_words (pfa_page_get_aid (PFA_PAGE (self)));
  /* At most three for and one against, none too weak to be felt (troubleshooting A.3). */
  g_autoptr (GArray) chosen = pfa_words_select_reasons (words, decision->cause.reasons);

  pfa_row_clear_list (self->reasons);
  for (guint i = 0; i < chosen->len; i++)
    {
      const PfaReason *reason = &g_array_index (chosen, PfaReason, i);
      g_autofree char *because =
          pfa_words_build_because (words, model, reason, pfa_language_get ());
      g_autofree char *title = pfa_phrases_dup_sentence (because);
      g_autofree char *subtitle =
          g_strdup_printf (reason->db > 0 ? _ ("speaks for it: %s") : _ ("speaks against it: %s"),
                           pfa_phrases_strength (reason->db));
      GtkWidget *row = pfa_row_new (title, subtitle);

      pfa_row_add_prefix (PFA_ROW (row), gtk_label_new (reason->db > 0 ? "+" : "\u2212"));
      gtk_list_box_append (self->reasons, row);
    }
  hide_when_empty (self->reasons);
}

/* The next likeliest causes, by going through the posterior once a row. */
static void
show_others (PfaVerdictPage *self, const PfaDecision *decision)
{
  const PfaModel *model = get_model (self);
  g_autofree gboolean *shown = g_new0 (gboolean, decision->n_causes);

  pfa_row_clear_list (self->others);
  shown[decision->leading_cause] = TRUE;
  for (guint i = 0; i < MOST_OTHERS; i++)
    {
      guint best = decision->leading_cause;
      g_autofree char *share = NULL;

      for (guint j = 0; j < decision->n_causes; j++)
        if (!shown[j] && (shown[best] || decision->posterior[j] > decision->posterior[best]))
          best = j;
      if (shown[best] || decision->posterior[best] < LEAST_OTHER)
        break;
      shown[best] = TRUE;
      share = pfa_phrases_dup_share (decision->posterior[best]);
      gtk_list_box_append (self->others,
                           pfa_row_new (pfa_language_say (model->causes[best].title), share));
    }
  hide_when_empty (self->others);
}

static void
show_next (PfaVerdictPage *self, const PfaDecision *decision)
{
  const PfaModel *model = get_model (self);
  g_autofree char *minutes = NULL;
  g_autofree char *text = NULL;

  if (decision->next_kind == PFA_NEXT_ACTION && decision->next >= 0)
    {
      minutes = pfa_phrases_dup_minutes (model->actions[decision->next].minutes);
      text =
          pfa_language_dup_aside (pfa_language_say (model->actions[decision->next].title), minutes);
      pfa_button_set_text (PFA_BUTTON (self->start_button), _ ("_Do this step"));
    }
  else if (decision->next_kind == PFA_NEXT_QUESTION && decision->next >= 0)
    {
      text = g_strdup_printf (_ ("One question: %s"),
                              pfa_language_say (model->observations[decision->next].title));
      pfa_button_set_text (PFA_BUTTON (self->start_button), _ ("Answer _it"));
    }
  else
    {
      text = g_strdup (pfa_language_say (model->service_title));
      pfa_button_set_text (PFA_BUTTON (self->start_button), _ ("_Hand over to support"));
    }
  gtk_label_set_text (self->step_label, text);
}

static void
show_payment (PfaVerdictPage *self)
{
  PfaPayment *payment = pfa_aid_get_payment (pfa_page_get_aid (PFA_PAGE (self)));
  const char *const *lines =
      pfa_text_get_lines (pfa_payment_get_advice (payment), pfa_language_get ());
  const char *retry = pfa_payment_may_retry (payment) ? _ ("You may try this payment once more.")
                      : lines[0] != NULL              ? lines[0]
                                                      : _ ("Do not charge the card again yet.");
  g_autofree char *text =
      g_strjoin ("\n", pfa_language_say (pfa_payment_get_title (payment)), retry, NULL);

  gtk_label_set_text (self->payment_label, text);
}

static void
show_guards (PfaVerdictPage *self, PfaAid *aid)
{
  g_autoptr (GPtrArray) guards = pfa_aid_dup_guards (aid);

  pfa_row_clear_list (self->guards);
  for (guint i = 0; i < guards->len; i++)
    {
      const PfaGuard *guard = g_ptr_array_index (guards, i);

      gtk_list_box_append (self->guards, pfa_row_new (pfa_language_say (guard->text), NULL));
    }
  hide_when_empty (self->guards);
}

/* By rule, what is wrong with this computer's own connection (DESIGN.md 4.2). */
static void
show_computer (PfaVerdictPage *self, PfaAid *aid)
{
  g_autoptr (JsonObject) report = pfa_aid_build_report (aid, pfa_language_get ());
  JsonArray *computer = pfa_json_peek_array (report, "computer");
  guint length = computer != NULL ? json_array_get_length (computer) : 0;

  pfa_row_clear_list (self->computer_list);
  for (guint i = 0; i < length; i++)
    {
      JsonObject *fault = json_array_get_object_element (computer, i);
      GtkWidget *row = pfa_row_new (pfa_json_peek_string (fault, "text"), NULL);

      pfa_row_set_state (PFA_ROW (row), PFA_STATION_BROKEN);
      gtk_list_box_append (self->computer_list, row);
    }
  hide_when_empty (self->computer_list);
}

/* Support comes before the step when no one step can be expected to be all. */
static void
show_several (PfaVerdictPage *self, PfaAid *aid)
{
  g_autofree char *title = pfa_aid_dup_several_title (aid, pfa_language_get ());
  g_auto (GStrv) lines = pfa_aid_dup_several_lines (aid, pfa_language_get ());
  g_autofree char *text = lines != NULL ? g_strjoinv ("\n", lines) : NULL;

  gtk_widget_set_visible (self->several_box, title != NULL);
  if (title == NULL)
    return;
  gtk_label_set_text (self->several_title, title);
  gtk_label_set_text (self->several_label, text);
}

static void
pfa_verdict_page_refresh (PfaPage *page)
{
  PfaVerdictPage *self = PFA_VERDICT_PAGE (page);
  PfaAid *aid = pfa_page_get_aid (page);
  const PfaDecision *decision = pfa_aid_get_decision (aid);
  g_autoptr (GArray) stations = NULL;

  if (decision == NULL || decision->places->len == 0)
    return;
  stations = pfa_aid_dup_stations (aid);
  pfa_path_picture_set_stations (self->picture, stations);
  show_cause (self, decision);
  show_reasons (self, decision);
  show_others (self, decision);
  show_several (self, aid);
  show_next (self, decision);
  show_payment (self);
  show_guards (self, aid);
  show_computer (self, aid);
}

static void
on_start_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PfaPage *page = PFA_PAGE (widget);
  PfaAid *aid = pfa_page_get_aid (page);
  const PfaDecision *decision = pfa_aid_get_decision (aid);
  g_autoptr (GError) error = NULL;
  const char *step;

  if (decision == NULL)
    return;
  if (decision->next_kind == PFA_NEXT_CALL_SUPPORT || decision->next < 0)
    {
      pfa_page_go (page, "support", NULL);
      return;
    }
  if (decision->next_kind == PFA_NEXT_QUESTION)
    {
      pfa_page_go (page, "question", NULL);
      return;
    }
  step = get_model (PFA_VERDICT_PAGE (page))->actions[decision->next].id;
  if (pfa_aid_begin_step (aid, step, &error))
    pfa_page_go (page, "step", step);
  else
    pfa_context_report (pfa_page_get_context (page), error);
}

static void
on_support_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  pfa_page_go (PFA_PAGE (widget), "support", NULL);
}

static void
on_undo_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  if (!pfa_aid_undo (pfa_page_get_aid (PFA_PAGE (widget))))
    pfa_context_say (pfa_page_get_context (PFA_PAGE (widget)),
                     _ ("There is nothing to take back."));
}

static void
on_again_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  pfa_context_start_check (pfa_page_get_context (PFA_PAGE (widget)));
  pfa_page_go (PFA_PAGE (widget), "checking", NULL);
}

static void
on_station_activated_cb (PfaVerdictPage *self, const char *id)
{
  pfa_page_go (PFA_PAGE (self), "station", id);
}

static void
pfa_verdict_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PFA_TYPE_VERDICT_PAGE);
  G_OBJECT_CLASS (pfa_verdict_page_parent_class)->dispose (object);
}

static void
pfa_verdict_page_class_init (PfaVerdictPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_verdict_page_dispose;
  PFA_PAGE_CLASS (klass)->refresh = pfa_verdict_page_refresh;

  gtk_widget_class_set_template_from_resource (
      widget_class,
      "/io/github/pos_first_aid/PosFirstAid/ui/pfa-verdict-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PfaVerdictPage, cause_label);
  gtk_widget_class_bind_template_child (widget_class, PfaVerdictPage, computer_list);
  gtk_widget_class_bind_template_child (widget_class, PfaVerdictPage, explanation_label);
  gtk_widget_class_bind_template_child (widget_class, PfaVerdictPage, guards);
  gtk_widget_class_bind_template_child (widget_class, PfaVerdictPage, others);
  gtk_widget_class_bind_template_child (widget_class, PfaVerdictPage, payment_label);
  gtk_widget_class_bind_template_child (widget_class, PfaVerdictPage, picture);
  gtk_widget_class_bind_template_child (widget_class, PfaVerdictPage, reasons);
  gtk_widget_class_bind_template_child (widget_class, PfaVerdictPage, several_box);
  gtk_widget_class_bind_template_child (widget_class, PfaVerdictPage, several_label);
  gtk_widget_class_bind_template_child (widget_class, PfaVerdictPage, several_title);
  gtk_widget_class_bind_template_child (widget_class, PfaVerdictPage, start_button);
  gtk_widget_class_bind_template_child (widget_class, PfaVerdictPage, step_label);
  gtk_widget_class_bind_template_callback (widget_class, on_station_activated_cb);
  gtk_widget_class_install_action (widget_class, "verdict.start", NULL, on_start_cb);
  gtk_widget_class_install_action (widget_class, "verdict.support", NULL, on_support_cb);
  gtk_widget_class_install_action (widget_class, "verdict.undo", NULL, on_undo_cb);
  gtk_widget_class_install_action (widget_class, "verdict.again", NULL, on_again_cb);
}

static void
pfa_verdict_page_init (PfaVerdictPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
