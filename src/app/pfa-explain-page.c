/* pfa-explain-page.c - what any code means, by the code or by the words on the screen
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-explain-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pfa-code-kind.h"
#include "pfa-language.h"
#include "pfa-row.h"

#define MOST_HITS 12

struct _PfaExplainPage
{
  PfaPage parent_instance;
  GtkEditable *search_entry;
  GtkLabel *code_label;
  GtkLabel *customer_label;
  GtkLabel *differs_label;
  GtkLabel *fault_label;
  GtkLabel *meaning_label;
  GtkLabel *own_label;
  GtkLabel *you_label;
  GtkListBox *hits;
  GtkWidget *code_box;
  GtkWidget *differs_box;
  GtkWidget *fault_box;
  GtkWidget *own_box;
  GtkWidget *check_button;
  char *code; /* the one in view, or NULL */
};

G_DEFINE_FINAL_TYPE (PfaExplainPage, pfa_explain_page, PFA_TYPE_PAGE)

static PfaProvider *
get_provider (PfaExplainPage *self)
{
  PfaContext *context = pfa_page_get_context (PFA_PAGE (self));
  g_autofree char *id = pfa_context_dup_string (context, "provider");

  return *id != '\0' ? pfa_knowledge_find_provider (pfa_context_get_knowledge (context), id) : NULL;
}

/* Where meanings differ, nobody's fault is denied. */
static void
show_fault (PfaExplainPage *self, const PfaCode *code)
{
  const char *sentence = NULL;

  if (!gtk_widget_get_visible (self->own_box) && code->differs == NULL)
    sentence = pfa_code_kind_say (pfa_code_kind_get (code));
  gtk_label_set_text (self->fault_label, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (self->fault_box, sentence != NULL);
}

/* The provider's own meaning first; without one, a warning where meanings differ. */
static void
show_code (PfaExplainPage *self, const PfaCode *code)
{
  PfaProvider *provider = get_provider (self);
  PfaProviderCode *own = provider != NULL ? pfa_provider_find_code (provider, code->code) : NULL;
  g_autofree char *title = g_strdup_printf (_ ("Code %s"), code->code);
  g_autofree char *sentence = NULL;

  g_free (self->code);
  self->code = g_strdup (code->code);
  gtk_label_set_text (self->code_label, title);
  gtk_label_set_text (self->meaning_label, pfa_language_say (code->meaning));
  gtk_label_set_text (self->you_label, pfa_language_say (code->action));
  gtk_label_set_text (self->customer_label, pfa_language_say (code->tell_customer));
  if (own != NULL && own->meaning != NULL)
    sentence = g_strdup_printf (_ ("At %s it means: %s"),
                                pfa_language_say (provider->name),
                                pfa_language_say (own->meaning));
  gtk_label_set_text (self->own_label, sentence != NULL ? sentence : "");
  gtk_widget_set_visible (self->own_box, sentence != NULL);
  gtk_label_set_text (self->differs_label, pfa_language_say (code->differs));
  gtk_widget_set_visible (self->differs_box, sentence == NULL && code->differs != NULL);
  show_fault (self, code);
  gtk_widget_set_visible (self->code_box, TRUE);
  gtk_widget_set_visible (self->check_button, TRUE);
}

/* An unknown code says so, and the way on stays open. */
static void
show_unknown (PfaExplainPage *self, const char *code)
{
  gtk_list_box_append (self->hits,
                       pfa_row_new (_ ("We do not know this code"),
                                    _ ("Ask your provider, and do not charge again yet")));
  if (!pfa_code_is_plausible (code))
    return;
  g_free (self->code);
  self->code = g_strdup (code);
  gtk_widget_set_visible (self->check_button, TRUE);
}

static void
show_hits (PfaExplainPage *self, GPtrArray *codes)
{
  for (guint i = 0; i < codes->len && i < MOST_HITS; i++)
    {
      const PfaCode *code = g_ptr_array_index (codes, i);
      GtkWidget *row = pfa_row_new (code->code, pfa_language_say (code->meaning));

      gtk_actionable_set_action_name (GTK_ACTIONABLE (row), "explain.code");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", code->code);
      gtk_list_box_append (self->hits, row);
    }
}

static void
on_search_changed_cb (PfaExplainPage *self)
{
  PfaKnowledge *knowledge = pfa_context_get_knowledge (pfa_page_get_context (PFA_PAGE (self)));
  g_autofree char *words = g_strstrip (g_strdup (gtk_editable_get_text (self->search_entry)));
  g_autofree char *upper = g_ascii_strup (words, -1);
  const PfaCode *code = *words != '\0' ? pfa_knowledge_find_typed_code (knowledge, words) : NULL;
  g_autoptr (GPtrArray) found = NULL;

  pfa_row_clear_list (self->hits);
  gtk_widget_set_visible (self->code_box, FALSE);
  gtk_widget_set_visible (self->check_button, FALSE);
  if (code != NULL)
    show_code (self, code);
  else if (*words != '\0')
    found = pfa_knowledge_search_codes (knowledge, words, pfa_language_get ());
  if (found != NULL)
    show_hits (self, found);
  if (code == NULL && *words != '\0' && (found == NULL || found->len == 0))
    show_unknown (self, upper);
  gtk_widget_set_visible (GTK_WIDGET (self->hits),
                          gtk_widget_get_first_child (GTK_WIDGET (self->hits)) != NULL);
}

static void
on_code_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_editable_set_text (PFA_EXPLAIN_PAGE (widget)->search_entry,
                         g_variant_get_string (parameter, NULL));
}

static void
on_check_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  pfa_page_go (PFA_PAGE (widget), "home", PFA_EXPLAIN_PAGE (widget)->code);
}

static void
pfa_explain_page_shown (PfaPage *page, const char *parameter)
{
  PfaExplainPage *self = PFA_EXPLAIN_PAGE (page);

  if (parameter != NULL)
    gtk_editable_set_text (self->search_entry, parameter);
  on_search_changed_cb (self);
}

static void
pfa_explain_page_finalize (GObject *object)
{
  g_free (PFA_EXPLAIN_PAGE (object)->code);
  G_OBJECT_CLASS (pfa_explain_page_parent_class)->finalize (object);
}

static void
pfa_explain_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PFA_TYPE_EXPLAIN_PAGE);
  G_OBJECT_CLASS (pfa_explain_page_parent_class)->dispose (object);
}

static void
pfa_explain_page_class_init (PfaExplainPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_explain_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = pfa_explain_page_finalize;
  PFA_PAGE_CLASS (klass)->shown = pfa_explain_page_shown;

  gtk_widget_class_set_template_from_resource (
      widget_class,
      "/io/github/pos_first_aid/PosFirstAid/ui/pfa-explain-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PfaExplainPage, check_button);
  gtk_widget_class_bind_template_child (widget_class, PfaExplainPage, code_box);
  gtk_widget_class_bind_template_child (widget_class, PfaExplainPage, code_label);
  gtk_widget_class_bind_template_child (widget_class, PfaExplainPage, customer_label);
  gtk_widget_class_bind_template_child (widget_class, PfaExplainPage, differs_box);
  gtk_widget_class_bind_template_child (widget_class, PfaExplainPage, differs_label);
  gtk_widget_class_bind_template_child (widget_class, PfaExplainPage, fault_box);
  gtk_widget_class_bind_template_child (widget_class, PfaExplainPage, fault_label);
  gtk_widget_class_bind_template_child (widget_class, PfaExplainPage, hits);
  gtk_widget_class_bind_template_child (widget_class, PfaExplainPage, meaning_label);
  gtk_widget_class_bind_template_child (widget_class, PfaExplainPage, own_box);
  gtk_widget_class_bind_template_child (widget_class, PfaExplainPage, own_label);
  gtk_widget_class_bind_template_child (widget_class, PfaExplainPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, PfaExplainPage, you_label);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed_cb);
  gtk_widget_class_install_action (widget_class, "explain.code", "s", on_code_cb);
  gtk_widget_class_install_action (widget_class, "explain.check", NULL, on_check_cb);
}

static void
pfa_explain_page_init (PfaExplainPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  pfa_page_set_first_focus (PFA_PAGE (self), GTK_WIDGET (self->search_entry));
}
