/* pfa-station-button.c - one station of the path picture: mark, name and word
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-station-button.h"

#include <glib/gi18n.h>

#include "pfa-language.h"
#include "pfa-mark.h"

#define PADDING  4
#define GAP      4
#define SIDE_GAP 12
#define TARGET   48

struct _PfaStationButton
{
  GtkButton parent_instance;
  const char *id;
  PfaStationState state;
  gboolean beside;
  char *spoken;
  GtkWidget *mark;
  GtkWidget *name;
  GtkWidget *word;
};

typedef struct
{
  const char *id;
  const char *name;
} StationName;

static const StationName names[] = {
  { "terminal", N_ ("Terminal") }, { "link", N_ ("Cable or Wi-Fi") },
  { "router", N_ ("Router") },     { "internet", N_ ("Internet") },
  { "provider", N_ ("Provider") }, { "computer", N_ ("This computer") },
};

G_DEFINE_FINAL_TYPE (PfaStationButton, pfa_station_button, GTK_TYPE_BUTTON)

const char *
pfa_station_button_find_name (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i].id, id))
      return _ (names[i].name);
  return id;
}

const char *
pfa_station_button_get_id (PfaStationButton *self)
{
  return self->id;
}

PfaStationState
pfa_station_button_get_state (PfaStationButton *self)
{
  return self->state;
}

const char *
pfa_station_button_get_spoken (PfaStationButton *self)
{
  return self->spoken;
}

void
pfa_station_button_set (PfaStationButton *self, PfaStationState state, const char *text)
{
  const char *word = pfa_mark_get_word (state);

  g_return_if_fail (PFA_IS_STATION_BUTTON (self));

  gtk_widget_remove_css_class (GTK_WIDGET (self), pfa_mark_get_class (self->state));
  self->state = state;
  gtk_widget_add_css_class (GTK_WIDGET (self), pfa_mark_get_class (state));
  pfa_mark_set_state (PFA_MARK (self->mark), state);
  gtk_label_set_text (GTK_LABEL (self->word), word);

  g_free (self->spoken);
  self->spoken =
      text != NULL && *text != '\0'
          ? g_strdup_printf (_ ("%s: %s. %s"), pfa_station_button_find_name (self->id), word, text)
          : pfa_language_dup_pair (pfa_station_button_find_name (self->id), word);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  self->spoken,
                                  -1);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), text);
}

static int
measure_child (GtkWidget *child, GtkOrientation orientation, int for_size)
{
  int natural;

  gtk_widget_measure (child, orientation, for_size, NULL, &natural, NULL, NULL);
  return natural;
}

static int
get_text_width (PfaStationButton *self)
{
  return MAX (measure_child (self->name, GTK_ORIENTATION_HORIZONTAL, -1),
              measure_child (self->word, GTK_ORIENTATION_HORIZONTAL, -1));
}

static int
get_least_text_width (PfaStationButton *self)
{
  int name;
  int word;

  gtk_widget_measure (self->name, GTK_ORIENTATION_HORIZONTAL, -1, &name, NULL, NULL, NULL);
  gtk_widget_measure (self->word, GTK_ORIENTATION_HORIZONTAL, -1, &word, NULL, NULL, NULL);
  return MAX (name, word);
}

int
pfa_station_button_get_width (PfaStationButton *self, gboolean beside)
{
  if (beside)
    return PFA_STATION_MARK_SIZE + SIDE_GAP + get_least_text_width (self) + 2 * PADDING;
  return MAX (PFA_STATION_MARK_SIZE, get_text_width (self)) + 2 * PADDING;
}

int
pfa_station_button_get_height (PfaStationButton *self, gboolean beside, int width)
{
  int text_width =
      beside ? width - PFA_STATION_MARK_SIZE - SIDE_GAP - 2 * PADDING : width - 2 * PADDING;
  int text;

  text_width = MAX (text_width, get_least_text_width (self));
  text = measure_child (self->name, GTK_ORIENTATION_VERTICAL, text_width) +
         measure_child (self->word, GTK_ORIENTATION_VERTICAL, text_width);
  if (beside)
    return MAX (TARGET, MAX (PFA_STATION_MARK_SIZE, text) + 2 * PADDING);
  return PFA_STATION_MARK_SIZE + GAP + text + 2 * PADDING;
}

void
pfa_station_button_set_beside (PfaStationButton *self, gboolean beside)
{
  self->beside = beside;
  gtk_label_set_xalign (GTK_LABEL (self->name), beside ? 0 : 0.5f);
  gtk_label_set_xalign (GTK_LABEL (self->word), beside ? 0 : 0.5f);
}

void
pfa_station_button_get_centre (PfaStationButton *self, double *x, double *y)
{
  GtkWidget *widget = GTK_WIDGET (self);

  *x = self->beside ? PADDING + PFA_STATION_MARK_SIZE / 2.0 : gtk_widget_get_width (widget) / 2.0;
  *y = self->beside ? gtk_widget_get_height (widget) / 2.0 : PADDING + PFA_STATION_MARK_SIZE / 2.0;
}

static void
place (GtkWidget *child, int x, int y, int width, int height)
{
  gtk_widget_size_allocate (child, &(GtkAllocation){ x, y, width, height }, -1);
}

/* The picture asks for the true sizes through the functions above; this is what both forms need. */
static void
pfa_station_button_measure (GtkWidget *widget,
                            GtkOrientation orientation,
                            int for_size,
                            int *minimum,
                            int *natural,
                            int *minimum_baseline,
                            int *natural_baseline)
{
  *minimum = *natural = TARGET;
}

static void
pfa_station_button_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  PfaStationButton *self = PFA_STATION_BUTTON (widget);
  int x = self->beside ? PADDING + PFA_STATION_MARK_SIZE + SIDE_GAP : PADDING;
  int text_width = MAX (width - x - PADDING, get_least_text_width (self));
  int name_height = measure_child (self->name, GTK_ORIENTATION_VERTICAL, text_width);
  int word_height = measure_child (self->word, GTK_ORIENTATION_VERTICAL, text_width);
  int y = PADDING + PFA_STATION_MARK_SIZE + GAP;

  if (self->beside)
    {
      place (self->mark,
             PADDING,
             (height - PFA_STATION_MARK_SIZE) / 2,
             PFA_STATION_MARK_SIZE,
             PFA_STATION_MARK_SIZE);
      y = (height - name_height - word_height) / 2;
    }
  else
    place (self->mark,
           (width - PFA_STATION_MARK_SIZE) / 2,
           PADDING,
           PFA_STATION_MARK_SIZE,
           PFA_STATION_MARK_SIZE);
  place (self->name, x, y, text_width, name_height);
  place (self->word, x, y + name_height, text_width, word_height);
}

PfaStationButton *
pfa_station_button_new (const char *id)
{
  PfaStationButton *self = g_object_new (PFA_TYPE_STATION_BUTTON, NULL);

  self->id = g_intern_string (id);
  gtk_label_set_text (GTK_LABEL (self->name), pfa_station_button_find_name (id));
  pfa_station_button_set (self, PFA_STATION_WAITING, NULL);
  return self;
}

static void
pfa_station_button_dispose (GObject *object)
{
  PfaStationButton *self = PFA_STATION_BUTTON (object);

  g_clear_pointer (&self->mark, gtk_widget_unparent);
  g_clear_pointer (&self->name, gtk_widget_unparent);
  g_clear_pointer (&self->word, gtk_widget_unparent);
  G_OBJECT_CLASS (pfa_station_button_parent_class)->dispose (object);
}

static void
pfa_station_button_finalize (GObject *object)
{
  g_free (PFA_STATION_BUTTON (object)->spoken);
  G_OBJECT_CLASS (pfa_station_button_parent_class)->finalize (object);
}

static void
pfa_station_button_class_init (PfaStationButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_station_button_dispose;
  G_OBJECT_CLASS (klass)->finalize = pfa_station_button_finalize;
  widget_class->measure = pfa_station_button_measure;
  widget_class->size_allocate = pfa_station_button_size_allocate;
}

static GtkWidget *
make_label (PfaStationButton *self, const char *style_class)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_justify (GTK_LABEL (label), GTK_JUSTIFY_CENTER);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 16);
  gtk_widget_add_css_class (label, style_class);
  gtk_widget_set_parent (label, GTK_WIDGET (self));
  return label;
}

static void
pfa_station_button_init (PfaStationButton *self)
{
  self->state = PFA_STATION_WAITING;
  self->id = "";
  gtk_widget_set_layout_manager (GTK_WIDGET (self), NULL);
  gtk_widget_add_css_class (GTK_WIDGET (self), "flat");
  gtk_widget_add_css_class (GTK_WIDGET (self), "station");
  self->mark = pfa_mark_new (PFA_STATION_MARK_SIZE);
  gtk_widget_set_parent (self->mark, GTK_WIDGET (self));
  self->name = make_label (self, "station-name");
  self->word = make_label (self, "station-word");
}
