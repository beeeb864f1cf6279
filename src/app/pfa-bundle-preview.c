/* pfa-bundle-preview.c - a member's text as it will be sent, with what is hidden marked
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-bundle-preview.h"

#include <adwaita.h>

#include "pfa-bundle-text.h"

#define HIDDEN_TAG "hidden"

static void
insert_hidden (GtkTextBuffer *buffer, GtkTextIter *end, const char *text, int length)
{
  gtk_text_buffer_insert_with_tags_by_name (buffer, end, text, length, HIDDEN_TAG, NULL);
}

/* What is hidden stands out by its background and by the marks around it, not by colour alone. */
void
pfa_bundle_preview_show (GtkTextView *view, PfaSafeText *text)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (view);
  gsize length;
  guint n_marks;
  const char *data = pfa_safe_text_get_data (text, &length);
  const PfaMark *marks = pfa_safe_text_get_marks (text, &n_marks);
  gsize at = 0;
  GtkTextIter end;

  gtk_text_buffer_set_text (buffer, "", 0);
  gtk_text_buffer_get_end_iter (buffer, &end);
  for (guint i = 0; i < n_marks && marks[i].offset + marks[i].length <= length; i++)
    {
      gtk_text_buffer_insert (buffer, &end, data + at, (int) (marks[i].offset - at));
      insert_hidden (buffer, &end, "[", 1);
      insert_hidden (buffer, &end, data + marks[i].offset, (int) marks[i].length);
      insert_hidden (buffer, &end, ": ", 2);
      insert_hidden (buffer, &end, pfa_bundle_text_say_secret (marks[i].secret), -1);
      insert_hidden (buffer, &end, "]", 1);
      at = marks[i].offset + marks[i].length;
    }
  gtk_text_buffer_insert (buffer, &end, data + at, (int) (length - at));
}

/* The colours of a notice, as in style.css and style-dark.css. */
static void
on_dark_changed_cb (GtkTextView *view)
{
  gboolean dark = adw_style_manager_get_dark (adw_style_manager_get_default ());
  GtkTextTagTable *tags = gtk_text_buffer_get_tag_table (gtk_text_view_get_buffer (view));

  g_object_set (gtk_text_tag_table_lookup (tags, HIDDEN_TAG),
                "background",
                dark ? "#463610" : "#fdf1d3",
                "foreground",
                dark ? "#ffe7b0" : "#553b00",
                NULL);
}

void
pfa_bundle_preview_prepare (GtkTextView *view)
{
  gtk_text_buffer_create_tag (gtk_text_view_get_buffer (view),
                              HIDDEN_TAG,
                              "weight",
                              PANGO_WEIGHT_BOLD,
                              NULL);
  g_signal_connect_object (adw_style_manager_get_default (),
                           "notify::dark",
                           G_CALLBACK (on_dark_changed_cb),
                           view,
                           G_CONNECT_SWAPPED);
  on_dark_changed_cb (view);
}
