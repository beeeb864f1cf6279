/* pfa-home-page.c - the first page: type the code, say who the provider is, start
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-home-page.h"

#include <glib/gi18n.h>

#include "pfa-button.h"
#include "pfa-code-kind.h"
#include "pfa-keypad.h"
#include "pfa-language.h"
#include "pfa-phrases.h"
#include "pfa-row.h"
#include "pfa-text-drop-down.h"
#include "pfa-wrap-box.h"

#define DEFAULT_CODE "96"

struct _PfaHomePage
{
  PfaPage parent_instance;
  GtkEntry *code_entry;
  GtkListBox *resume_list;
  GtkListBox *last_list;
  GtkLabel *contacts_label;
  PfaTextDropDown *provider_choice;
  PfaTextDropDown *connection_choice;
  PfaWrapBox *screens_box;
  char *told; /* the code whose meaning was read; "Start" runs the checks for it */
};

typedef struct
{
  const char *id;
  const char *title;
} Connection;

static const Connection connections[] = {
  { "unknown", N_ ("I don’t know") },       { "lan", N_ ("By a network cable") },
  { "wifi", N_ ("By the shop’s Wi-Fi") },   { "mobile", N_ ("By its own SIM card") },
  { "phone-line", N_ ("By a phone line") }, { "phone-app", N_ ("It is an app on a phone") },
};

/* Translators: words that screens of terminals show. Each must be found in
 * data/knowledge/codes, else its button stays away. */
static const char *const screens[] = {
  N_ ("communication failed"), N_ ("system error"), N_ ("response received too late"),
  N_ ("insufficient funds"),   N_ ("expired card"), N_ ("incorrect PIN"),
};

G_DEFINE_FINAL_TYPE (PfaHomePage, pfa_home_page, PFA_TYPE_PAGE)

static PfaProvider *
get_provider (PfaHomePage *self)
{
  const char *id = pfa_text_drop_down_get_chosen (self->provider_choice);
  PfaKnowledge *knowledge = pfa_context_get_knowledge (pfa_page_get_context (PFA_PAGE (self)));

  return id != NULL ? pfa_knowledge_find_provider (knowledge, id) : NULL;
}

/* Whom a check contacts, by name alone: what follows the name says nothing to a shop. */
static char *
dup_names (char **contacts)
{
  g_autoptr (GString) names = g_string_new (NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; contacts[i] != NULL; i++)
    {
      const char *start = strstr (contacts[i], "://");
      const char *from = start != NULL ? start + 3 : contacts[i];
      char *name = g_strndup (from, strcspn (from, "/"));

      if (g_hash_table_add (seen, name))
        g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", name);
    }
  return g_string_free (g_steal_pointer (&names), FALSE);
}

/* DESIGN.md 5.2: whom a check contacts is said before the click. */
static void
on_provider_chosen_cb (PfaHomePage *self)
{
  PfaProvider *provider = get_provider (self);
  g_auto (GStrv) contacts = NULL;
  g_autofree char *list = NULL;
  g_autofree char *sentence = NULL;

  if (provider == NULL)
    return;
  contacts = pfa_provider_dup_contacts (provider);
  list = dup_names (contacts);
  sentence =
      g_strdup_printf (_ ("“Start” asks your own network and: %s. It sends no payment data."),
                       list);
  gtk_label_set_text (self->contacts_label, sentence);
}

static void
remember_choices (PfaHomePage *self)
{
  GSettings *settings = pfa_context_get_settings (pfa_page_get_context (PFA_PAGE (self)));

  if (settings == NULL)
    return;
  g_settings_set_string (settings,
                         "provider",
                         pfa_text_drop_down_get_chosen (self->provider_choice));
  g_settings_set_string (settings,
                         "connection",
                         pfa_text_drop_down_get_chosen (self->connection_choice));
}

/* A code that no check of the line can mend is explained first; who wants the checks all the same
 * comes back with it. */
static gboolean
needs_telling (PfaHomePage *self, const char *code)
{
  PfaKnowledge *knowledge = pfa_context_get_knowledge (pfa_page_get_context (PFA_PAGE (self)));
  const PfaCode *known = pfa_knowledge_find_code (knowledge, code);
  PfaProvider *provider = get_provider (self);

  if (g_strcmp0 (self->told, code) == 0)
    return FALSE;
  if (known == NULL && provider != NULL && pfa_provider_find_code (provider, code) != NULL)
    return FALSE;
  return pfa_code_kind_get (known) != PFA_CODE_WAY;
}

static void
on_start_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PfaHomePage *self = PFA_HOME_PAGE (widget);
  PfaContext *context = pfa_page_get_context (PFA_PAGE (self));
  PfaAid *aid = pfa_page_get_aid (PFA_PAGE (self));
  const char *connection = pfa_text_drop_down_get_chosen (self->connection_choice);
  g_autofree char *typed =
      g_ascii_strup (gtk_editable_get_text (GTK_EDITABLE (self->code_entry)), -1);
  const char *code = *g_strstrip (typed) != '\0' ? typed : DEFAULT_CODE;

  if (!pfa_code_is_plausible (code))
    {
      pfa_context_say (context, _ ("This is no code. Type the few signs that the terminal shows."));
      return;
    }
  remember_choices (self);
  if (needs_telling (self, code))
    {
      pfa_page_go (PFA_PAGE (self), "explain", code);
      return;
    }
  g_clear_pointer (&self->told, g_free);
  pfa_aid_begin (aid, code, get_provider (self));
  if (connection != NULL && !g_str_equal (connection, "unknown"))
    pfa_aid_answer (aid, "connection", connection, NULL);
  pfa_context_start_check (context);
  pfa_page_go (PFA_PAGE (self), "money", NULL);
}

static void
on_key_cb (PfaHomePage *self, const char *key)
{
  GtkEditable *editable = GTK_EDITABLE (self->code_entry);
  int end = (int) gtk_entry_get_text_length (self->code_entry);

  if (g_str_equal (key, "erase"))
    {
      if (end > 0)
        gtk_editable_delete_text (editable, end - 1, end);
    }
  else
    gtk_editable_insert_text (editable, key, -1, &end);
  gtk_editable_set_position (editable, -1);
}

/* Digits reach the code from anywhere on the page. */
static gboolean
on_key_pressed_cb (PfaHomePage *self, guint keyval, guint keycode, GdkModifierType state)
{
  gunichar letter = gdk_keyval_to_unicode (keyval);
  char key[] = { (char) letter, '\0' };

  if (gtk_widget_has_focus (
          GTK_WIDGET (gtk_editable_get_delegate (GTK_EDITABLE (self->code_entry)))))
    return FALSE;
  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0 || letter < '0' || letter > '9')
    return FALSE;
  on_key_cb (self, key);
  return TRUE;
}

static void
on_resume_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PfaPage *page = PFA_PAGE (widget);
  PfaJournal *journal = pfa_context_get_journal (pfa_page_get_context (page));
  g_autoptr (PfaIncident) incident = NULL;

  if (journal == NULL)
    return;
  incident = pfa_journal_load_newest (journal, TRUE, NULL);
  if (incident == NULL)
    return;
  if (pfa_aid_get_state (pfa_page_get_aid (page)) != PFA_AID_CHECKING)
    pfa_aid_resume (pfa_page_get_aid (page), incident);
  pfa_page_go (page, "next", NULL);
}

static void
show_resume (PfaHomePage *self, PfaJournal *journal)
{
  g_autoptr (PfaIncident) open =
      journal != NULL ? pfa_journal_load_newest (journal, TRUE, NULL) : NULL;
  g_autofree char *when = NULL;
  g_autofree char *title = NULL;

  pfa_row_clear_list (self->resume_list);
  gtk_widget_set_visible (GTK_WIDGET (self->resume_list), open != NULL);
  if (open == NULL)
    return;
  when = pfa_phrases_dup_time (open->started);
  title = g_strdup_printf (_ ("Go on where you were: code %s, step %u"),
                           open->code,
                           open->steps->len + 1);
  gtk_list_box_append (self->resume_list,
                       g_object_new (PFA_TYPE_ROW,
                                     "title",
                                     title,
                                     "subtitle",
                                     when,
                                     "action-name",
                                     "home.resume",
                                     NULL));
}

static void
add_look (PfaHomePage *self, const char *name, PfaStationState state, const char *when)
{
  GtkWidget *row;

  if (state == PFA_STATION_WAITING)
    return;
  row = pfa_row_new (name, when);
  pfa_row_set_state (PFA_ROW (row), state);
  gtk_list_box_append (self->last_list, row);
}

/* The time stands there, not the age: an age would have to be drawn anew every minute. */
static void
show_look (PfaHomePage *self, const PfaLook *look)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (look->time / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);
  g_autofree char *time = g_date_time_format (local, "%H:%M");
  g_autofree char *when = g_strdup_printf (_ ("The watch looked at %s"), time);

  add_look (self, _ ("Internet"), look->line, when);
  add_look (self, _ ("Provider"), look->provider, when);
}

/* The last result with its age. */
static void
show_last_result (PfaHomePage *self, PfaJournal *journal)
{
  g_autoptr (PfaIncident) newest =
      journal != NULL ? pfa_journal_load_newest (journal, FALSE, NULL) : NULL;
  g_autofree char *when = NULL;
  g_autofree char *subtitle = NULL;
  GtkWidget *row;
  gboolean works;

  if (newest == NULL || newest->place == NULL)
    return;
  when = pfa_phrases_dup_age (newest->started, g_get_real_time ());
  subtitle = g_strdup_printf (_ ("Last result, %s"), when);
  works =
      g_str_equal (newest->place, "none") || g_strcmp0 (newest->state, PFA_INCIDENT_SOLVED) == 0;
  row = pfa_row_new (pfa_phrases_headline (works ? "none" : newest->place), subtitle);
  pfa_row_set_state (PFA_ROW (row), works ? PFA_STATION_GOOD : PFA_STATION_DEGRADED);
  gtk_list_box_append (self->last_list, row);
}

/* It is live only while the watch is on. */
static void
show_last (PfaHomePage *self)
{
  PfaContext *context = pfa_page_get_context (PFA_PAGE (self));
  const PfaLook *look = pfa_context_get_look (context);

  pfa_row_clear_list (self->last_list);
  if (look != NULL)
    show_look (self, look);
  if (gtk_widget_get_first_child (GTK_WIDGET (self->last_list)) == NULL)
    show_last_result (self, pfa_context_get_journal (context));
  gtk_widget_set_visible (GTK_WIDGET (self->last_list),
                          gtk_widget_get_first_child (GTK_WIDGET (self->last_list)) != NULL);
}

static void
pfa_home_page_shown (PfaPage *page, const char *parameter)
{
  PfaHomePage *self = PFA_HOME_PAGE (page);
  PfaJournal *journal = pfa_context_get_journal (pfa_page_get_context (page));

  if (parameter != NULL)
    {
      g_free (self->told);
      self->told = g_ascii_strup (parameter, -1);
      gtk_editable_set_text (GTK_EDITABLE (self->code_entry), parameter);
    }
  show_resume (self, journal);
  show_last (self);
}

static void
add_screens (PfaHomePage *self)
{
  PfaKnowledge *knowledge = pfa_context_get_knowledge (pfa_page_get_context (PFA_PAGE (self)));

  for (guint i = 0; i < G_N_ELEMENTS (screens); i++)
    {
      const char *words = _ (screens[i]);
      g_autoptr (GPtrArray) found =
          pfa_knowledge_search_codes (knowledge, words, pfa_language_get ());
      g_autofree char *text = g_strdup_printf (_ ("It says “%s”"), words);
      g_autofree char *target = g_strdup_printf ("explain:%s", words);
      GtkWidget *button;

      if (found->len == 0)
        continue;
      button = pfa_button_new (text);
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.go");
      gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", target);
      pfa_wrap_box_append (self->screens_box, button);
    }
}

static void
pfa_home_page_constructed (GObject *object)
{
  PfaHomePage *self = PFA_HOME_PAGE (object);
  PfaContext *context = pfa_page_get_context (PFA_PAGE (self));
  GPtrArray *providers = pfa_knowledge_get_providers (pfa_context_get_knowledge (context));
  g_autofree char *provider = pfa_context_dup_string (context, "provider");
  g_autofree char *connection = pfa_context_dup_string (context, "connection");

  G_OBJECT_CLASS (pfa_home_page_parent_class)->constructed (object);
  for (guint i = 0; i < providers->len; i++)
    {
      PfaProvider *each = g_ptr_array_index (providers, i);

      pfa_text_drop_down_add (self->provider_choice, each->id, pfa_phrases_provider (each));
    }
  for (guint i = 0; i < G_N_ELEMENTS (connections); i++)
    pfa_text_drop_down_add (self->connection_choice, connections[i].id, _ (connections[i].title));
  pfa_text_drop_down_choose (self->provider_choice, provider);
  pfa_text_drop_down_choose (self->connection_choice, connection);
  on_provider_chosen_cb (self);
  add_screens (self);
  g_signal_connect_object (context, "looked", G_CALLBACK (show_last), self, G_CONNECT_SWAPPED);
}

static void
pfa_home_page_finalize (GObject *object)
{
  g_free (PFA_HOME_PAGE (object)->told);
  G_OBJECT_CLASS (pfa_home_page_parent_class)->finalize (object);
}

static void
pfa_home_page_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), PFA_TYPE_HOME_PAGE);
  G_OBJECT_CLASS (pfa_home_page_parent_class)->dispose (object);
}

static void
pfa_home_page_class_init (PfaHomePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->constructed = pfa_home_page_constructed;
  G_OBJECT_CLASS (klass)->dispose = pfa_home_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = pfa_home_page_finalize;
  PFA_PAGE_CLASS (klass)->shown = pfa_home_page_shown;

  g_type_ensure (PFA_TYPE_KEYPAD);
  g_type_ensure (PFA_TYPE_TEXT_DROP_DOWN);
  gtk_widget_class_set_template_from_resource (
      widget_class,
      "/io/github/pos_first_aid/PosFirstAid/ui/pfa-home-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PfaHomePage, code_entry);
  gtk_widget_class_bind_template_child (widget_class, PfaHomePage, connection_choice);
  gtk_widget_class_bind_template_child (widget_class, PfaHomePage, contacts_label);
  gtk_widget_class_bind_template_child (widget_class, PfaHomePage, last_list);
  gtk_widget_class_bind_template_child (widget_class, PfaHomePage, provider_choice);
  gtk_widget_class_bind_template_child (widget_class, PfaHomePage, resume_list);
  gtk_widget_class_bind_template_child (widget_class, PfaHomePage, screens_box);
  gtk_widget_class_bind_template_callback (widget_class, on_key_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_key_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_provider_chosen_cb);
  gtk_widget_class_install_action (widget_class, "home.start", NULL, on_start_cb);
  gtk_widget_class_install_action (widget_class, "home.resume", NULL, on_resume_cb);
}

static void
pfa_home_page_init (PfaHomePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  pfa_page_set_first_focus (PFA_PAGE (self), GTK_WIDGET (self->code_entry));
  gtk_entry_set_max_length (self->code_entry, PFA_CODE_MAX_LENGTH);
}
