/* pfa-profile-page.c - a provider's signed file: open it, fetch a newer one, go back one
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-profile-page.h"

#include <glib/gi18n.h>

#include "pfa-error.h"
#include "pfa-file-question.h"
#include "pfa-json.h"
#include "pfa-language.h"
#include "pfa-support-http.h"
#include "pfa-update.h"

struct _PfaProfilePage
{
  PfaPage parent_instance;
  GtkLabel *contact_label;
  GtkLabel *provider_label;
  GtkLabel *version_label;
  GtkLabel *knowledge_label;
  GtkWidget *back_button;
  GtkWidget *fetch_box;
  GtkWidget *fetch_button;
  GtkWidget *fetch_knowledge_button;
  GtkWidget *knowledge_back_button;
  GCancellable *fetching; /* NULL: no fetch under way */
  PfaUpdate *asked;       /* waits for the person's word on its key, or NULL */
};

G_DEFINE_FINAL_TYPE (PfaProfilePage, pfa_profile_page, PFA_TYPE_PAGE)

/* The provider of the settings, or NULL. */
static PfaProvider *
get_provider (PfaProfilePage *self)
{
  PfaContext *context = pfa_page_get_context (PFA_PAGE (self));
  g_autofree char *id = pfa_context_dup_string (context, "provider");

  return *id != '\0' ? pfa_knowledge_find_provider (pfa_context_get_knowledge (context), id) : NULL;
}

/* Only shops that got newer knowledge, or may get it, see that there is such a thing. */
static void
show_knowledge (PfaProfilePage *self, const char *directory, PfaProvider *provider)
{
  const guint version = pfa_update_get_knowledge_version (directory);
  g_autofree char *number = g_strdup_printf (_ ("Newer knowledge, version %u"), version);

  gtk_label_set_text (self->knowledge_label, number);
  gtk_widget_set_visible (GTK_WIDGET (self->knowledge_label), version > 0);
  gtk_widget_set_visible (self->knowledge_back_button,
                          pfa_update_can_go_back_knowledge (directory));
  gtk_widget_set_visible (self->fetch_knowledge_button,
                          provider != NULL && provider->update_knowledge != NULL);
  gtk_widget_set_sensitive (self->fetch_knowledge_button, self->fetching == NULL);
}

static void
show (PfaProfilePage *self)
{
  const char *directory = pfa_context_get_data_dir (pfa_page_get_context (PFA_PAGE (self)));
  PfaProvider *provider = get_provider (self);
  gboolean chosen = provider != NULL && !g_str_equal (provider->id, "generic");
  guint version = provider != NULL ? pfa_update_get_installed_version (directory, provider->id) : 0;
  gboolean fetches = provider != NULL && provider->update_url != NULL;
  g_autofree char *number = g_strdup_printf (_ ("Version %u"), version);
  g_autoptr (GUri) uri =
      fetches ? g_uri_parse (provider->update_url, G_URI_FLAGS_NONE, NULL) : NULL;
  g_autofree char *contact =
      g_strdup_printf (_ ("This asks %s."), uri != NULL ? g_uri_get_host (uri) : "");

  gtk_label_set_text (self->provider_label,
                      chosen ? pfa_language_say (provider->name)
                             : _ ("No provider is chosen in the settings."));
  gtk_label_set_text (self->version_label, version > 0 ? number : _ ("It came with this program."));
  gtk_widget_set_visible (GTK_WIDGET (self->version_label), chosen);
  gtk_label_set_text (self->contact_label, contact);
  gtk_widget_set_visible (self->fetch_box, uri != NULL);
  gtk_widget_set_sensitive (self->fetch_button, self->fetching == NULL);
  gtk_widget_set_sensitive (self->back_button, version > 0);
  show_knowledge (self, directory, provider);
}

static void
say_failure (PfaProfilePage *self, const GError *error)
{
  PfaContext *context = pfa_page_get_context (PFA_PAGE (self));

  if (g_error_matches (error, PFA_ERROR, PFA_ERROR_UNTRUSTED))
    pfa_context_say (context, _ ("The file is not signed by your provider, so we left it alone."));
  else if (g_error_matches (error, PFA_ERROR, PFA_ERROR_BAD_INPUT))
    pfa_context_say (context, _ ("This is no sound file of a provider."));
  else if (g_error_matches (error, PFA_ERROR, PFA_ERROR_REFUSED))
    pfa_context_say (context, _ ("You have this file or a newer one already."));
  else
    pfa_context_report (context, error);
}

static void
install (PfaProfilePage *self, const PfaUpdate *update)
{
  PfaContext *context = pfa_page_get_context (PFA_PAGE (self));
  g_autoptr (GError) error = NULL;

  if (pfa_update_install (update, pfa_context_get_data_dir (context), &error))
    pfa_context_say (context, _ ("The file is kept. It holds from the next start."));
  else
    say_failure (self, error);
  show (self);
}

static void
on_key_answered_cb (PfaProfilePage *self, const char *response)
{
  if (self->asked != NULL && g_str_equal (response, "trust"))
    install (self, self->asked);
  g_clear_pointer (&self->asked, pfa_update_free);
}

/* Who signs for the first time is compared by telephone; "no" is the default. */
static void
ask_about_key (PfaProfilePage *self, PfaUpdate *update)
{
  g_autofree char *heading = g_strdup_printf (_ ("“%s” is new here"), update->id);
  g_autofree char *body =
      g_strdup_printf ("%s\n\n%s",
                       _ ("Ring them on a number that you know. Ask whether their key is:"),
                       update->fingerprint);
  GtkWidget *dialog =
      adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), heading, body);

  g_clear_pointer (&self->asked, pfa_update_free);
  self->asked = update;
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog),
                                    "stop",
                                    _ ("Leave it"),
                                    "trust",
                                    _ ("The key is the same"),
                                    NULL);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "stop");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "stop");
  g_signal_connect_object (dialog,
                           "response",
                           G_CALLBACK (on_key_answered_cb),
                           self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* @update: (transfer full) (nullable) */
static void
take (PfaProfilePage *self, PfaUpdate *update, const GError *error)
{
  g_autoptr (PfaUpdate) owned = update;

  if (owned == NULL)
    say_failure (self, error);
  else if (owned->key_known)
    install (self, owned);
  else
    ask_about_key (self, g_steal_pointer (&owned));
}

/* The id that a file claims decides only which key it must be signed with. */
static void
open_file (PfaProfilePage *self, const char *path)
{
  PfaKnowledge *knowledge = pfa_context_get_knowledge (pfa_page_get_context (PFA_PAGE (self)));
  g_autoptr (JsonNode) node = pfa_json_load (path, NULL);
  const char *id = node != NULL && JSON_NODE_HOLDS_OBJECT (node)
                       ? pfa_json_peek_string (json_node_get_object (node), "id")
                       : NULL;
  PfaProvider *provider = id != NULL ? pfa_knowledge_find_provider (knowledge, id) : NULL;
  g_autoptr (GError) error = NULL;
  PfaUpdate *update =
      pfa_update_load (path, provider != NULL ? provider->update_key : NULL, &error);

  take (self, update, error);
}

static void
on_file_chosen_cb (GtkNativeDialog *dialog, int response, PfaProfilePage *self)
{
  g_autoptr (GFile) file = pfa_file_question_take (dialog, response);

  if (file != NULL && g_file_peek_path (file) != NULL)
    open_file (self, g_file_peek_path (file));
}

static void
on_open_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  pfa_file_question_ask (widget,
                         _ ("Open a provider’s file"),
                         NULL,
                         G_CALLBACK (on_file_chosen_cb));
}

static void
on_fetched_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaProfilePage) self = PFA_PROFILE_PAGE (user_data);
  g_autoptr (GError) error = NULL;
  PfaUpdate *update = pfa_update_fetch_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->fetching);
  take (self, update, error);
  show (self);
}

static void
fetch (PfaProfilePage *self, PfaUpdateKind kind)
{
  PfaProvider *provider = get_provider (self);
  g_autoptr (SoupSession) session = NULL;
  g_autoptr (GError) error = NULL;

  if (self->fetching != NULL || provider == NULL)
    return;
  session = pfa_support_session_new (provider->trust, &error);
  if (session == NULL)
    {
      say_failure (self, error);
      return;
    }
  self->fetching = g_cancellable_new ();
  pfa_update_fetch_async (session,
                          provider,
                          kind,
                          self->fetching,
                          on_fetched_cb,
                          g_object_ref (self));
  show (self);
}

static void
on_fetch_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  fetch (PFA_PROFILE_PAGE (widget), PFA_UPDATE_PROFILE);
}

static void
on_fetch_knowledge_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  fetch (PFA_PROFILE_PAGE (widget), PFA_UPDATE_KNOWLEDGE);
}

/* @provider: NULL for the knowledge. */
static void
go_back (PfaProfilePage *self, PfaProvider *provider)
{
  PfaContext *context = pfa_page_get_context (PFA_PAGE (self));
  const char *directory = pfa_context_get_data_dir (context);
  g_autoptr (GError) error = NULL;

  if (provider != NULL ? pfa_update_go_back (directory, provider->id, &error)
                       : pfa_update_go_back_knowledge (directory, &error))
    pfa_context_say (context, _ ("The file before is back. It holds from the next start."));
  else if (g_error_matches (error, PFA_ERROR, PFA_ERROR_NOT_FOUND))
    pfa_context_say (context, _ ("There is no file before this one."));
  else
    say_failure (self, error);
  show (self);
}

static void
on_back_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PfaProfilePage *self = PFA_PROFILE_PAGE (widget);
  PfaProvider *provider = get_provider (self);

  if (provider != NULL)
    go_back (self, provider);
}

static void
on_knowledge_back_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  go_back (PFA_PROFILE_PAGE (widget), NULL);
}

static void
pfa_profile_page_shown (PfaPage *page, const char *parameter)
{
  show (PFA_PROFILE_PAGE (page));
}

static void
pfa_profile_page_left (PfaPage *page)
{
  PfaProfilePage *self = PFA_PROFILE_PAGE (page);

  if (self->fetching != NULL)
    g_cancellable_cancel (self->fetching);
  g_clear_object (&self->fetching);
}

static void
pfa_profile_page_dispose (GObject *object)
{
  pfa_profile_page_left (PFA_PAGE (object));
  g_clear_pointer (&PFA_PROFILE_PAGE (object)->asked, pfa_update_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), PFA_TYPE_PROFILE_PAGE);
  G_OBJECT_CLASS (pfa_profile_page_parent_class)->dispose (object);
}

static void
pfa_profile_page_class_init (PfaProfilePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_profile_page_dispose;
  PFA_PAGE_CLASS (klass)->shown = pfa_profile_page_shown;
  PFA_PAGE_CLASS (klass)->left = pfa_profile_page_left;

  gtk_widget_class_set_template_from_resource (
      widget_class,
      "/io/github/pos_first_aid/PosFirstAid/ui/pfa-profile-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PfaProfilePage, back_button);
  gtk_widget_class_bind_template_child (widget_class, PfaProfilePage, contact_label);
  gtk_widget_class_bind_template_child (widget_class, PfaProfilePage, fetch_box);
  gtk_widget_class_bind_template_child (widget_class, PfaProfilePage, fetch_button);
  gtk_widget_class_bind_template_child (widget_class, PfaProfilePage, fetch_knowledge_button);
  gtk_widget_class_bind_template_child (widget_class, PfaProfilePage, knowledge_back_button);
  gtk_widget_class_bind_template_child (widget_class, PfaProfilePage, knowledge_label);
  gtk_widget_class_bind_template_child (widget_class, PfaProfilePage, provider_label);
  gtk_widget_class_bind_template_child (widget_class, PfaProfilePage, version_label);
  gtk_widget_class_install_action (widget_class, "profile.open", NULL, on_open_cb);
  gtk_widget_class_install_action (widget_class, "profile.fetch", NULL, on_fetch_cb);
  gtk_widget_class_install_action (widget_class,
                                   "profile.fetch-knowledge",
                                   NULL,
                                   on_fetch_knowledge_cb);
  gtk_widget_class_install_action (widget_class, "profile.back", NULL, on_back_cb);
  gtk_widget_class_install_action (widget_class,
                                   "profile.knowledge-back",
                                   NULL,
                                   on_knowledge_back_cb);
}

static void
pfa_profile_page_init (PfaProfilePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
