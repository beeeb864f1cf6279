/* pfa-support-page.c - all ways to get help from the provider
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-support-page.h"

#include <glib/gi18n.h>

#include "pfa-language.h"
#include "pfa-row.h"

struct _PfaSupportPage
{
  PfaPage parent_instance;
  GtkLabel *say_label;
  GtkListBox *contacts;
  GtkWidget *say_box;
};

G_DEFINE_FINAL_TYPE (PfaSupportPage, pfa_support_page, PFA_TYPE_PAGE)

static void
add_contact (PfaSupportPage *self, const char *title, const char *value)
{
  if (value != NULL && *value != '\0')
    gtk_list_box_append (self->contacts, pfa_row_new (value, title));
}

static void
show_contacts (PfaSupportPage *self, PfaProvider *provider)
{
  pfa_row_clear_list (self->contacts);
  if (provider != NULL)
    {
      add_contact (self, _ ("Telephone"), provider->support_phone);
      /* Without a number the text says where to find one. */
      add_contact (self,
                   provider->support_phone != NULL ? _ ("Hours") : NULL,
                   pfa_language_say (provider->support_hours));
      add_contact (self, _ ("Web page"), provider->support_url);
    }
  if (gtk_widget_get_first_child (GTK_WIDGET (self->contacts)) == NULL)
    gtk_list_box_append (self->contacts,
                         pfa_row_new (_ ("Look for the number on the terminal or on your contract"),
                                      _ ("Never ring a number from a text message")));
}

static void
pfa_support_page_refresh (PfaPage *page)
{
  PfaSupportPage *self = PFA_SUPPORT_PAGE (page);
  PfaAid *aid = pfa_page_get_aid (page);
  const PfaModel *model = pfa_knowledge_get_model (pfa_aid_get_knowledge (aid));
  const PfaDecision *decision = pfa_aid_get_decision (aid);
  const char *say = decision != NULL
                        ? pfa_language_say (model->causes[decision->leading_cause].tell_support)
                        : "";

  show_contacts (self, pfa_aid_get_provider (aid));
  gtk_label_set_text (self->say_label, say);
  gtk_widget_set_visible (self->say_box, *say != '\0');
}

static void
pfa_support_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PFA_TYPE_SUPPORT_PAGE);
  G_OBJECT_CLASS (pfa_support_page_parent_class)->dispose (object);
}

static void
pfa_support_page_class_init (PfaSupportPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_support_page_dispose;
  PFA_PAGE_CLASS (klass)->refresh = pfa_support_page_refresh;

  gtk_widget_class_set_template_from_resource (
      widget_class,
      "/io/github/pos_first_aid/PosFirstAid/ui/pfa-support-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PfaSupportPage, contacts);
  gtk_widget_class_bind_template_child (widget_class, PfaSupportPage, say_box);
  gtk_widget_class_bind_template_child (widget_class, PfaSupportPage, say_label);
}

static void
pfa_support_page_init (PfaSupportPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
