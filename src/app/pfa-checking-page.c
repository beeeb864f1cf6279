/* pfa-checking-page.c - the checks while they run, and all findings afterwards
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-checking-page.h"

#include <glib/gi18n.h>

#include "pfa-finding.h"
#include "pfa-path-picture.h"

struct _PfaCheckingPage
{
  PfaPage parent_instance;
  GtkLabel *progress_label;
  GtkListBox *findings;
  GtkProgressBar *progress;
  GtkWidget *go_button;
  GtkWidget *stop_button;
  PfaPathPicture *picture;
};

G_DEFINE_FINAL_TYPE (PfaCheckingPage, pfa_checking_page, PFA_TYPE_PAGE)

static void
on_observed_cb (PfaCheckingPage *self, PfaObservation *observation)
{
  GtkWidget *row = pfa_finding_new_row (pfa_page_get_aid (PFA_PAGE (self)), observation);

  if (row != NULL)
    gtk_list_box_prepend (self->findings, row);
}

static void
show_all (PfaCheckingPage *self)
{
  const PfaIncident *incident = pfa_aid_get_incident (pfa_page_get_aid (PFA_PAGE (self)));

  pfa_row_clear_list (self->findings);
  if (incident == NULL)
    return;
  for (guint i = 0; i < incident->evidence->observations->len; i++)
    on_observed_cb (self, g_ptr_array_index (incident->evidence->observations, i));
}

static void
on_progressed_cb (PfaCheckingPage *self, guint done, guint total)
{
  g_autofree char *text = g_strdup_printf (_ ("%u of %u checks done"), done, total);

  gtk_label_set_text (self->progress_label, text);
  gtk_progress_bar_set_fraction (self->progress, total > 0 ? (double) done / total : 0);
}

static void
pfa_checking_page_refresh (PfaPage *page)
{
  PfaCheckingPage *self = PFA_CHECKING_PAGE (page);
  PfaAid *aid = pfa_page_get_aid (page);
  g_autoptr (GArray) stations = pfa_aid_dup_stations (aid);
  gboolean running = pfa_aid_get_state (aid) == PFA_AID_CHECKING;
  gboolean was_running = gtk_widget_get_visible (self->stop_button);

  pfa_path_picture_set_stations (self->picture, stations);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), running);
  gtk_widget_set_visible (GTK_WIDGET (self->progress_label), running);
  gtk_widget_set_visible (self->stop_button, running);
  gtk_widget_set_visible (self->go_button, !running);
  pfa_page_set_title (page, running ? _ ("Checking") : _ ("All findings"));
  if (was_running && !running)
    pfa_page_go (page, "verdict", NULL);
}

static void
pfa_checking_page_shown (PfaPage *page, const char *parameter)
{
  PfaCheckingPage *self = PFA_CHECKING_PAGE (page);

  gtk_widget_set_visible (self->stop_button, FALSE);
  show_all (self);
}

static void
on_stop_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  pfa_context_stop_check (pfa_page_get_context (PFA_PAGE (widget)));
}

static void
on_station_activated_cb (PfaCheckingPage *self, const char *id)
{
  pfa_page_go (PFA_PAGE (self), "station", id);
}

static void
pfa_checking_page_constructed (GObject *object)
{
  PfaAid *aid = pfa_page_get_aid (PFA_PAGE (object));

  G_OBJECT_CLASS (pfa_checking_page_parent_class)->constructed (object);
  g_signal_connect_object (aid, "observed", G_CALLBACK (on_observed_cb), object, G_CONNECT_SWAPPED);
  g_signal_connect_object (aid,
                           "progressed",
                           G_CALLBACK (on_progressed_cb),
                           object,
                           G_CONNECT_SWAPPED);
}

static void
pfa_checking_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PFA_TYPE_CHECKING_PAGE);
  G_OBJECT_CLASS (pfa_checking_page_parent_class)->dispose (object);
}

static void
pfa_checking_page_class_init (PfaCheckingPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_checking_page_dispose;
  G_OBJECT_CLASS (klass)->constructed = pfa_checking_page_constructed;
  PFA_PAGE_CLASS (klass)->refresh = pfa_checking_page_refresh;
  PFA_PAGE_CLASS (klass)->shown = pfa_checking_page_shown;

  gtk_widget_class_set_template_from_resource (
      widget_class,
      "/io/github/pos_first_aid/PosFirstAid/ui/pfa-checking-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PfaCheckingPage, findings);
  gtk_widget_class_bind_template_child (widget_class, PfaCheckingPage, go_button);
  gtk_widget_class_bind_template_child (widget_class, PfaCheckingPage, picture);
  gtk_widget_class_bind_template_child (widget_class, PfaCheckingPage, progress);
  gtk_widget_class_bind_template_child (widget_class, PfaCheckingPage, progress_label);
  gtk_widget_class_bind_template_child (widget_class, PfaCheckingPage, stop_button);
  gtk_widget_class_bind_template_callback (widget_class, on_station_activated_cb);
  gtk_widget_class_install_action (widget_class, "checking.stop", NULL, on_stop_cb);
}

static void
pfa_checking_page_init (PfaCheckingPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
