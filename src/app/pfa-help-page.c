/* pfa-help-page.c - the help of one page, inside the window
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-help-page.h"

#include <glib/gi18n.h>

#include "pfa-json.h"
#include "pfa-language.h"

#define TOPICS "/io/github/pos_first_aid/PosFirstAid/help/"

struct _PfaHelpPage
{
  PfaPage parent_instance;
  GtkWidget *text_box;
};

G_DEFINE_FINAL_TYPE (PfaHelpPage, pfa_help_page, PFA_TYPE_PAGE)

/* The same source as the help viewer's pages, so it works without a viewer and without a line. */
static JsonObject *
load_topic (const char *id)
{
  g_autofree char *path = g_strconcat (TOPICS, id, ".json", NULL);
  g_autoptr (GBytes) bytes = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);

  if (bytes == NULL)
    return NULL;
  return pfa_json_parse_object (g_bytes_get_data (bytes, NULL),
                                (gssize) g_bytes_get_size (bytes),
                                path,
                                NULL);
}

static void
pfa_help_page_shown (PfaPage *page, const char *parameter)
{
  PfaHelpPage *self = PFA_HELP_PAGE (page);
  g_autoptr (JsonObject) topic = load_topic (parameter != NULL ? parameter : "index");
  g_autoptr (PfaText) title = NULL;
  g_autoptr (PfaText) text = NULL;
  const char *const *lines;
  GtkWidget *child;

  if (topic == NULL)
    return;
  title = pfa_text_new_from_json (json_object_get_member (topic, "title"), "title", NULL);
  text = pfa_text_new_from_json (json_object_get_member (topic, "paragraphs"), "paragraphs", NULL);
  pfa_page_set_title (page, pfa_language_say (title));
  while ((child = gtk_widget_get_first_child (self->text_box)) != NULL)
    gtk_box_remove (GTK_BOX (self->text_box), child);
  lines = pfa_text_get_lines (text, pfa_language_get ());
  for (guint i = 0; lines[i] != NULL; i++)
    gtk_box_append (GTK_BOX (self->text_box),
                    g_object_new (GTK_TYPE_LABEL,
                                  "label",
                                  lines[i],
                                  "wrap",
                                  TRUE,
                                  "wrap-mode",
                                  PANGO_WRAP_WORD_CHAR,
                                  "xalign",
                                  0.0,
                                  NULL));
}

static void
pfa_help_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PFA_TYPE_HELP_PAGE);
  G_OBJECT_CLASS (pfa_help_page_parent_class)->dispose (object);
}

static void
pfa_help_page_class_init (PfaHelpPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_help_page_dispose;
  PFA_PAGE_CLASS (klass)->shown = pfa_help_page_shown;

  gtk_widget_class_set_template_from_resource (
      widget_class,
      "/io/github/pos_first_aid/PosFirstAid/ui/pfa-help-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PfaHelpPage, text_box);
}

static void
pfa_help_page_init (PfaHelpPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
