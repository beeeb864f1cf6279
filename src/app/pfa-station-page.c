/* pfa-station-page.c - one station of the path: its state and what was found there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-station-page.h"

#include <glib/gi18n.h>

#include "pfa-finding.h"
#include "pfa-language.h"
#include "pfa-mark.h"
#include "pfa-phrases.h"
#include "pfa-station-button.h"

struct _PfaStationPage
{
  PfaPage parent_instance;
  GtkLabel *state_label;
  GtkListBox *findings;
  GtkWidget *terminal_button;
  char *id;
};

G_DEFINE_FINAL_TYPE (PfaStationPage, pfa_station_page, PFA_TYPE_PAGE)

static void
show_findings (PfaStationPage *self, PfaAid *aid)
{
  const PfaIncident *incident = pfa_aid_get_incident (aid);
  guint n = incident != NULL ? incident->evidence->observations->len : 0;

  pfa_row_clear_list (self->findings);
  for (guint i = 0; i < n; i++)
    {
      PfaObservation *observation = g_ptr_array_index (incident->evidence->observations, i);
      const PfaObservationKind *kind =
          pfa_knowledge_find_observation (pfa_aid_get_knowledge (aid), observation->id);
      GtkWidget *row = NULL;

      if (kind != NULL && g_strcmp0 (kind->station, self->id) == 0)
        row = pfa_finding_new_row (aid, observation);
      if (row != NULL)
        gtk_list_box_append (self->findings, row);
    }
  if (gtk_widget_get_first_child (GTK_WIDGET (self->findings)) == NULL)
    gtk_list_box_append (self->findings, pfa_row_new (_ ("Nothing was looked at here yet"), NULL));
}

static void
pfa_station_page_refresh (PfaPage *page)
{
  PfaStationPage *self = PFA_STATION_PAGE (page);
  PfaAid *aid = pfa_page_get_aid (page);
  g_autoptr (GArray) stations = pfa_aid_dup_stations (aid);

  if (self->id == NULL)
    return;
  pfa_page_set_title (page, pfa_station_button_find_name (self->id));
  for (guint i = 0; i < stations->len; i++)
    {
      const PfaStation *station = &g_array_index (stations, PfaStation, i);
      g_autofree char *word = pfa_phrases_dup_sentence (pfa_mark_get_word (station->state));
      g_autofree char *seen = pfa_phrases_dup_sentence (pfa_language_say (station->text));
      g_autofree char *text = NULL;

      if (g_strcmp0 (station->id, self->id) != 0)
        continue;
      text = *seen != '\0' ? pfa_language_dup_pair (word, seen) : g_strdup (word);
      gtk_label_set_text (self->state_label, text);
    }
  gtk_widget_set_visible (self->terminal_button, g_str_equal (self->id, "terminal"));
  show_findings (self, aid);
}

static void
pfa_station_page_shown (PfaPage *page, const char *parameter)
{
  PfaStationPage *self = PFA_STATION_PAGE (page);

  if (parameter != NULL && g_strcmp0 (parameter, self->id) != 0)
    {
      g_free (self->id);
      self->id = g_strdup (parameter);
    }
}

static void
pfa_station_page_finalize (GObject *object)
{
  g_free (PFA_STATION_PAGE (object)->id);
  G_OBJECT_CLASS (pfa_station_page_parent_class)->finalize (object);
}

static void
pfa_station_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PFA_TYPE_STATION_PAGE);
  G_OBJECT_CLASS (pfa_station_page_parent_class)->dispose (object);
}

static void
pfa_station_page_class_init (PfaStationPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_station_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = pfa_station_page_finalize;
  PFA_PAGE_CLASS (klass)->refresh = pfa_station_page_refresh;
  PFA_PAGE_CLASS (klass)->shown = pfa_station_page_shown;

  gtk_widget_class_set_template_from_resource (
      widget_class,
      "/io/github/pos_first_aid/PosFirstAid/ui/pfa-station-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PfaStationPage, findings);
  gtk_widget_class_bind_template_child (widget_class, PfaStationPage, state_label);
  gtk_widget_class_bind_template_child (widget_class, PfaStationPage, terminal_button);
}

static void
pfa_station_page_init (PfaStationPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
