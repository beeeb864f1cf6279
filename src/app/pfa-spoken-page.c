/* pfa-spoken-page.c - a short code for the phone, for when there is no way out at all
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-spoken-page.h"

#include <glib/gi18n.h>

#include "pfa-qr.h"
#include "pfa-spoken.h"

struct _PfaSpokenPage
{
  PfaPage parent_instance;
  GtkLabel *code_label;
  GtkWidget *empty_label;
  GtkWidget *filled_box;
  PfaQr *qr;
};

G_DEFINE_FINAL_TYPE (PfaSpokenPage, pfa_spoken_page, PFA_TYPE_PAGE)

static PfaSpoken *
collect (PfaAid *aid)
{
  const PfaIncident *incident = pfa_aid_get_incident (aid);
  const PfaDecision *decision = pfa_aid_get_decision (aid);
  const PfaModel *model = pfa_knowledge_get_model (pfa_aid_get_knowledge (aid));
  PfaSpoken *spoken;

  if (incident == NULL || decision == NULL)
    return NULL;
  spoken = pfa_spoken_new ();
  spoken->code = g_strdup (incident->code);
  spoken->cause = g_strdup (model->causes[decision->leading_cause].id);
  spoken->confidence = pfa_spoken_confidence_for (decision->posterior[decision->leading_cause]);
  spoken->payment = g_strdup (pfa_payment_get_state (pfa_aid_get_payment (aid)));
  spoken->connection = g_strdup (incident->connection);
  spoken->answered = g_strdup (incident->answered);
  for (guint i = 0; i < incident->evidence->failed->len; i++)
    g_ptr_array_add (spoken->failed, g_strdup (g_ptr_array_index (incident->evidence->failed, i)));
  return spoken;
}

static void
pfa_spoken_page_refresh (PfaPage *page)
{
  PfaSpokenPage *self = PFA_SPOKEN_PAGE (page);
  g_autoptr (PfaSpoken) spoken = collect (pfa_page_get_aid (page));
  g_autofree char *code = spoken != NULL ? pfa_spoken_encode (spoken) : NULL;
  g_autofree char *qr = spoken != NULL ? pfa_spoken_build_qr_text (spoken) : NULL;

  gtk_widget_set_visible (self->filled_box, code != NULL);
  gtk_widget_set_visible (self->empty_label, code == NULL);
  gtk_label_set_text (self->code_label, code != NULL ? code : "");
  pfa_qr_set_text (self->qr, qr, _ ("The same code as a picture for a camera"));
}

static void
pfa_spoken_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PFA_TYPE_SPOKEN_PAGE);
  G_OBJECT_CLASS (pfa_spoken_page_parent_class)->dispose (object);
}

static void
pfa_spoken_page_class_init (PfaSpokenPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_spoken_page_dispose;
  PFA_PAGE_CLASS (klass)->refresh = pfa_spoken_page_refresh;
  g_type_ensure (PFA_TYPE_QR);

  gtk_widget_class_set_template_from_resource (
      widget_class,
      "/io/github/pos_first_aid/PosFirstAid/ui/pfa-spoken-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PfaSpokenPage, code_label);
  gtk_widget_class_bind_template_child (widget_class, PfaSpokenPage, empty_label);
  gtk_widget_class_bind_template_child (widget_class, PfaSpokenPage, filled_box);
  gtk_widget_class_bind_template_child (widget_class, PfaSpokenPage, qr);
}

static void
pfa_spoken_page_init (PfaSpokenPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
