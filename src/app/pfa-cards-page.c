/* pfa-cards-page.c - what can be printed: staff card, note for the customer, maintenance plan
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-cards-page.h"

#include <glib/gi18n.h>

#include "pfa-cards.h"
#include "pfa-choice-list.h"
#include "pfa-file-question.h"
#include "pfa-language.h"
#include "pfa-print.h"

/* A5, in points. */
#define PAPER_WIDTH  420
#define PAPER_HEIGHT 595
#define PAPER_MARGIN 28

struct _PfaCardsPage
{
  PfaPage parent_instance;
  GtkDrawingArea *preview;
  PfaChoiceList *kinds;
};

G_DEFINE_FINAL_TYPE (PfaCardsPage, pfa_cards_page, PFA_TYPE_PAGE)

static const char *
find_phone (PfaCardsPage *self)
{
  PfaContext *context = pfa_page_get_context (PFA_PAGE (self));
  g_autofree char *id = pfa_context_dup_string (context, "provider");
  PfaProvider *provider =
      *id != '\0' ? pfa_knowledge_find_provider (pfa_context_get_knowledge (context), id) : NULL;

  return provider != NULL ? provider->support_phone : NULL;
}

static PfaDocument *
make_document (PfaCardsPage *self)
{
  const char *kind = pfa_choice_list_get_chosen (self->kinds);

  if (g_strcmp0 (kind, "note") == 0)
    return pfa_cards_new_note (pfa_page_get_aid (PFA_PAGE (self)));
  if (g_strcmp0 (kind, "plan") == 0)
    return pfa_cards_new_plan ();
  return pfa_document_new_staff_card (pfa_language_get (), find_phone (self));
}

static void
draw_preview (GtkDrawingArea *area, cairo_t *cairo, int width, int height, gpointer user_data)
{
  g_autoptr (PfaDocument) document = make_document (PFA_CARDS_PAGE (user_data));
  double scale = MIN ((double) width / PAPER_WIDTH, (double) height / PAPER_HEIGHT);

  cairo_scale (cairo, scale, scale);
  cairo_rectangle (cairo, 0, 0, PAPER_WIDTH, PAPER_HEIGHT);
  cairo_clip (cairo);
  cairo_set_source_rgb (cairo, 1, 1, 1);
  cairo_paint (cairo);
  cairo_translate (cairo, PAPER_MARGIN, PAPER_MARGIN);
  pfa_document_draw (document,
                     0,
                     cairo,
                     PAPER_WIDTH - 2 * PAPER_MARGIN,
                     PAPER_HEIGHT - 2 * PAPER_MARGIN);
}

static void
on_kind_chosen_cb (PfaCardsPage *self)
{
  gtk_widget_queue_draw (GTK_WIDGET (self->preview));
}

static void
on_print_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  pfa_print_run (make_document (PFA_CARDS_PAGE (widget)),
                 GTK_WINDOW (gtk_widget_get_root (widget)));
}

static void
on_saved_cb (GtkNativeDialog *dialog, int response, PfaCardsPage *self)
{
  g_autoptr (GFile) file = pfa_file_question_take (dialog, response);
  g_autoptr (GError) error = NULL;

  if (file == NULL)
    return;
  if (g_file_peek_path (file) == NULL)
    pfa_context_say (pfa_page_get_context (PFA_PAGE (self)),
                     _ ("This cannot be saved there. Please choose another folder."));
  else if (!pfa_print_export (make_document (self), g_file_peek_path (file), &error))
    pfa_context_report (pfa_page_get_context (PFA_PAGE (self)), error);
}

static void
on_save_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  pfa_file_question_ask (widget, _ ("Save as PDF"), "pos-first-aid.pdf", G_CALLBACK (on_saved_cb));
}

static void
pfa_cards_page_shown (PfaPage *page, const char *parameter)
{
  PfaCardsPage *self = PFA_CARDS_PAGE (page);

  pfa_choice_list_choose (self->kinds, parameter != NULL ? parameter : "card");
  on_kind_chosen_cb (self);
}

static void
pfa_cards_page_constructed (GObject *object)
{
  PfaCardsPage *self = PFA_CARDS_PAGE (object);

  G_OBJECT_CLASS (pfa_cards_page_parent_class)->constructed (object);
  pfa_choice_list_add (self->kinds, "card", _ ("The card for your staff"));
  pfa_choice_list_add (self->kinds, "note", _ ("A note for the customer"));
  pfa_choice_list_add (self->kinds, "plan", _ ("The plan that keeps code 96 away"));
  gtk_drawing_area_set_draw_func (self->preview, draw_preview, self, NULL);
}

static void
pfa_cards_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PFA_TYPE_CARDS_PAGE);
  G_OBJECT_CLASS (pfa_cards_page_parent_class)->dispose (object);
}

static void
pfa_cards_page_class_init (PfaCardsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_cards_page_dispose;
  G_OBJECT_CLASS (klass)->constructed = pfa_cards_page_constructed;
  PFA_PAGE_CLASS (klass)->shown = pfa_cards_page_shown;

  gtk_widget_class_set_template_from_resource (
      widget_class,
      "/io/github/pos_first_aid/PosFirstAid/ui/pfa-cards-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PfaCardsPage, kinds);
  gtk_widget_class_bind_template_child (widget_class, PfaCardsPage, preview);
  gtk_widget_class_bind_template_callback (widget_class, on_kind_chosen_cb);
  gtk_widget_class_install_action (widget_class, "cards.print", NULL, on_print_cb);
  gtk_widget_class_install_action (widget_class, "cards.save", NULL, on_save_cb);
}

static void
pfa_cards_page_init (PfaCardsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
