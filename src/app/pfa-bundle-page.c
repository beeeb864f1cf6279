/* pfa-bundle-page.c - every byte that support would get, before anything leaves
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-bundle-page.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <stdlib.h>

#include "pfa-aid-bundle.h"
#include "pfa-bundle-preview.h"
#include "pfa-bundle-row.h"
#include "pfa-error.h"
#include "pfa-file-question.h"
#include "pfa-language.h"
#include "pfa-outbox.h"
#include "pfa-row.h"

/* Longer members are shown up to here; all of it goes into the copy that can be saved. */
#define PREVIEW_BYTES (256 * 1024)
#define CONSENT_TEXT  "bundle-page/1"
/* logs/shop/N.log: a file that the person chose. */
#define CHOSEN_SOURCE "shop"

struct _PfaBundlePage
{
  PfaPage parent_instance;
  GtkEditable *between_entry;
  GtkEditable *email_entry;
  GtkEditable *name_entry;
  GtkEditable *phone_entry;
  GtkLabel *hidden_label;
  GtkLabel *no_upload_label;
  GtkLabel *member_label;
  GtkListBox *members_list;
  GtkSpinner *spinner;
  GtkTextView *text_view;
  GtkWidget *preview_box;
  GtkWidget *ready_box;
  GtkWidget *save_button;
  GtkWidget *send_button;
  PfaBundle *bundle; /* NULL until prepared */
  GCancellable *cancellable;
  gboolean for_saving;
};

G_DEFINE_FINAL_TYPE (PfaBundlePage, pfa_bundle_page, PFA_TYPE_PAGE)

static void
cancel (PfaBundlePage *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
set_working (PfaBundlePage *self, gboolean working)
{
  PfaProvider *provider = pfa_aid_get_provider (pfa_page_get_aid (PFA_PAGE (self)));
  const PfaIncident *incident = pfa_aid_get_incident (pfa_page_get_aid (PFA_PAGE (self)));
  gboolean can_send = incident != NULL && !incident->practice && provider != NULL &&
                      provider->upload_tus != NULL && provider->tickets_url != NULL;

  gtk_spinner_set_spinning (self->spinner, working);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), working);
  gtk_widget_set_visible (self->ready_box, !working && self->bundle != NULL);
  gtk_widget_set_sensitive (self->save_button, !working && self->bundle != NULL);
  gtk_widget_set_sensitive (self->send_button, !working && self->bundle != NULL && can_send);
  /* A button that cannot be pressed says why; while practising nothing is sent anyway. */
  gtk_widget_set_visible (GTK_WIDGET (self->no_upload_label),
                          !can_send && incident != NULL && !incident->practice);
}

static void
on_member_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaBundlePage) self = PFA_BUNDLE_PAGE (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaSafeText) text = pfa_bundle_read_finish (PFA_BUNDLE (source), result, &error);

  if (text != NULL)
    pfa_bundle_preview_show (self->text_view, text);
  else
    pfa_context_report (pfa_page_get_context (PFA_PAGE (self)), error);
  gtk_widget_set_visible (self->preview_box, text != NULL);
}

static void
view (PfaBundlePage *self, guint index)
{
  gtk_label_set_text (self->member_label, pfa_bundle_get_member (self->bundle, index)->name);
  pfa_bundle_read_async (self->bundle,
                         index,
                         PREVIEW_BYTES,
                         self->cancellable,
                         on_member_read_cb,
                         g_object_ref (self));
}

static void
on_view_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PfaBundlePage *self = PFA_BUNDLE_PAGE (widget);
  guint index = g_variant_get_uint32 (parameter);

  if (self->bundle != NULL && index < pfa_bundle_get_n_members (self->bundle))
    view (self, index);
}

static void
show_members (PfaBundlePage *self)
{
  guint hidden = 0;
  g_autofree char *text = NULL;

  pfa_row_clear_list (self->members_list);
  for (guint i = 0; i < pfa_bundle_get_n_members (self->bundle); i++)
    {
      hidden += pfa_bundle_get_member (self->bundle, i)->hidden;
      gtk_list_box_append (self->members_list, pfa_bundle_row_new (self->bundle, i));
    }
  text =
      g_strdup_printf (ngettext ("%u thing is hidden.", "%u things are hidden.", hidden), hidden);
  gtk_label_set_text (self->hidden_label, text);
}

static void
on_prepared_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaBundlePage) self = PFA_BUNDLE_PAGE (user_data);
  g_autoptr (GError) error = NULL;
  gboolean done = pfa_bundle_prepare_finish (PFA_BUNDLE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  pfa_context_report (pfa_page_get_context (PFA_PAGE (self)), error);
  if (done)
    {
      g_set_object (&self->bundle, PFA_BUNDLE (source));
      show_members (self);
    }
  set_working (self, FALSE);
}

/* The list as it is now, after a file came or went. */
static void
show_changed (PfaBundlePage *self, const GError *error)
{
  PfaContext *context = pfa_page_get_context (PFA_PAGE (self));

  if (error != NULL && g_error_matches (error, PFA_ERROR, PFA_ERROR_REFUSED))
    pfa_context_say (context, _ ("No more files fit into the report."));
  else if (error != NULL)
    pfa_context_say (context, _ ("This file cannot be added. Choose a file that you can open."));
  gtk_widget_set_visible (self->preview_box, FALSE);
  show_members (self);
  set_working (self, FALSE);
}

static void
on_log_added_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaBundlePage) self = PFA_BUNDLE_PAGE (user_data);
  g_autoptr (GError) error = NULL;

  pfa_bundle_add_log_finish (PFA_BUNDLE (source), result, &error);
  if (self->bundle != PFA_BUNDLE (source))
    return;
  show_changed (self, error);
  /* What was chosen is looked at before it is sent: that it is this file, and what of it is hidden.
   */
  if (error == NULL)
    view (self, pfa_bundle_get_n_members (self->bundle) - 1);
}

static void
add_log (PfaBundlePage *self, GFile *file)
{
  const char *path = file != NULL ? g_file_peek_path (file) : NULL;
  /* The person chose the file that a link points at; no other link is followed. */
  g_autofree char *real = path != NULL ? realpath (path, NULL) : NULL;

  set_working (self, TRUE);
  pfa_bundle_add_log_async (self->bundle,
                            CHOSEN_SOURCE,
                            real != NULL ? real : "",
                            self->cancellable,
                            on_log_added_cb,
                            g_object_ref (self));
}

static void
on_log_chosen_cb (GtkNativeDialog *dialog, int response, PfaBundlePage *self)
{
  g_autoptr (GFile) file = pfa_file_question_take (dialog, response);

  if (file != NULL && self->bundle != NULL)
    add_log (self, file);
}

static void
on_add_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  pfa_file_question_ask (widget,
                         _ ("Add a log file of the till or terminal"),
                         NULL,
                         G_CALLBACK (on_log_chosen_cb));
}

static void
on_log_removed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaBundlePage) self = PFA_BUNDLE_PAGE (user_data);
  g_autoptr (GError) error = NULL;

  if (pfa_bundle_remove_log_finish (PFA_BUNDLE (source), result, &error))
    show_changed (self, NULL);
  else
    pfa_context_report (pfa_page_get_context (PFA_PAGE (self)), error);
}

static void
on_remove_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PfaBundlePage *self = PFA_BUNDLE_PAGE (widget);
  guint index = g_variant_get_uint32 (parameter);

  if (self->bundle == NULL || index >= pfa_bundle_get_n_members (self->bundle) ||
      !pfa_bundle_is_added (self->bundle, index))
    return;
  set_working (self, TRUE);
  pfa_bundle_remove_log_async (self->bundle,
                               index,
                               self->cancellable,
                               on_log_removed_cb,
                               g_object_ref (self));
}

static void
pfa_bundle_page_shown (PfaPage *page, const char *parameter)
{
  PfaBundlePage *self = PFA_BUNDLE_PAGE (page);
  g_autoptr (PfaBundle) bundle =
      pfa_aid_create_bundle (pfa_page_get_aid (page), pfa_language_get (), NULL);

  cancel (self);
  g_clear_object (&self->bundle);
  self->cancellable = g_cancellable_new ();
  gtk_widget_set_visible (self->preview_box, FALSE);
  set_working (self, bundle != NULL);
  if (bundle != NULL)
    pfa_bundle_prepare_async (bundle, self->cancellable, on_prepared_cb, g_object_ref (self));
}

static void
pfa_bundle_page_left (PfaPage *page)
{
  cancel (PFA_BUNDLE_PAGE (page));
}

static const char *
get_certificates (PfaBundlePage *self)
{
  PfaProvider *provider = pfa_aid_get_provider (pfa_page_get_aid (PFA_PAGE (self)));

  return provider != NULL ? provider->seal_certificates : NULL;
}

static char *
dup_filled (GtkEditable *entry)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

  return *text != '\0' ? g_steal_pointer (&text) : NULL;
}

static gboolean
post (PfaBundlePage *self, const char *path, GError **error)
{
  PfaPage *page = PFA_PAGE (self);
  PfaProvider *provider = pfa_aid_get_provider (pfa_page_get_aid (page));
  PfaOutbox *outbox = pfa_context_ensure_outbox (pfa_page_get_context (page), error);
  g_autoptr (PfaOutboxItem) item = NULL;
  PfaContact contact = { dup_filled (self->name_entry),
                         dup_filled (self->phone_entry),
                         dup_filled (self->email_entry),
                         dup_filled (self->between_entry) };
  PfaOutboxRequest request = {
    .path = path,
    .key = pfa_bundle_get_id (self->bundle),
    .incident = pfa_aid_get_incident (pfa_page_get_aid (page))->id,
    .provider = provider->id,
    .upload = provider->upload_tus,
    .tickets = provider->tickets_url,
    .trust = provider->trust,
    .sealed = get_certificates (self) != NULL,
    .contact = &contact,
  };

  if (outbox != NULL)
    item = pfa_outbox_add (outbox, &request, error);
  if (item != NULL)
    pfa_outbox_start (outbox);
  g_free (contact.name);
  g_free (contact.phone);
  g_free (contact.email);
  g_free (contact.call_between);
  return item != NULL;
}

static void
on_written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaBundlePage) self = PFA_BUNDLE_PAGE (user_data);
  g_autoptr (GError) error = NULL;
  const char *path = g_object_get_data (G_OBJECT (self), "pfa-path");
  gboolean done = pfa_bundle_write_finish (PFA_BUNDLE (source), result, &error);

  if (done && !self->for_saving)
    {
      done = post (self, path, &error);
      g_unlink (path);
    }
  set_working (self, FALSE);
  if (!done)
    pfa_context_report (pfa_page_get_context (PFA_PAGE (self)), error);
  else if (self->for_saving)
    pfa_context_say (pfa_page_get_context (PFA_PAGE (self)), _ ("The copy is saved."));
  else
    pfa_page_go (PFA_PAGE (self), "ticket", NULL);
}

static void
write_bundle (PfaBundlePage *self, const char *path, gboolean for_saving)
{
  self->for_saving = for_saving;
  g_object_set_data_full (G_OBJECT (self), "pfa-path", g_strdup (path), g_free);
  pfa_bundle_set_consent (self->bundle, CONSENT_TEXT, pfa_language_get (), g_get_real_time ());
  set_working (self, TRUE);
  /* A copy for the person stays readable; what is sent is sealed where the provider asks for it. */
  pfa_bundle_write_async (self->bundle,
                          path,
                          for_saving ? NULL : get_certificates (self),
                          NULL,
                          on_written_cb,
                          g_object_ref (self));
}

static void
on_send_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PfaBundlePage *self = PFA_BUNDLE_PAGE (widget);
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;

  if (self->bundle == NULL)
    return;
  name =
      g_strconcat (pfa_bundle_get_id (self->bundle),
                   get_certificates (self) != NULL ? PFA_BUNDLE_SEALED_SUFFIX : PFA_BUNDLE_SUFFIX,
                   NULL);
  path = g_build_filename (pfa_context_get_data_dir (pfa_page_get_context (PFA_PAGE (self))),
                           name,
                           NULL);
  write_bundle (self, path, FALSE);
}

static void
on_file_chosen_cb (GtkNativeDialog *dialog, int response, PfaBundlePage *self)
{
  g_autoptr (GFile) file = pfa_file_question_take (dialog, response);

  if (file != NULL && self->bundle != NULL)
    write_bundle (self, g_file_peek_path (file), TRUE);
}

static void
on_save_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  pfa_file_question_ask (widget,
                         _ ("Save a copy"),
                         "report" PFA_BUNDLE_SUFFIX,
                         G_CALLBACK (on_file_chosen_cb));
}

static void
pfa_bundle_page_constructed (GObject *object)
{
  PfaBundlePage *self = PFA_BUNDLE_PAGE (object);

  G_OBJECT_CLASS (pfa_bundle_page_parent_class)->constructed (object);
  pfa_bundle_preview_prepare (self->text_view);
}

static void
pfa_bundle_page_dispose (GObject *object)
{
  cancel (PFA_BUNDLE_PAGE (object));
  g_clear_object (&PFA_BUNDLE_PAGE (object)->bundle);
  gtk_widget_dispose_template (GTK_WIDGET (object), PFA_TYPE_BUNDLE_PAGE);
  G_OBJECT_CLASS (pfa_bundle_page_parent_class)->dispose (object);
}

static void
pfa_bundle_page_class_init (PfaBundlePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_bundle_page_dispose;
  G_OBJECT_CLASS (klass)->constructed = pfa_bundle_page_constructed;
  PFA_PAGE_CLASS (klass)->shown = pfa_bundle_page_shown;
  PFA_PAGE_CLASS (klass)->left = pfa_bundle_page_left;

  gtk_widget_class_set_template_from_resource (
      widget_class,
      "/io/github/pos_first_aid/PosFirstAid/ui/pfa-bundle-page.ui");
  gtk_widget_class_bind_template_child (widget_class, PfaBundlePage, between_entry);
  gtk_widget_class_bind_template_child (widget_class, PfaBundlePage, email_entry);
  gtk_widget_class_bind_template_child (widget_class, PfaBundlePage, hidden_label);
  gtk_widget_class_bind_template_child (widget_class, PfaBundlePage, member_label);
  gtk_widget_class_bind_template_child (widget_class, PfaBundlePage, members_list);
  gtk_widget_class_bind_template_child (widget_class, PfaBundlePage, name_entry);
  gtk_widget_class_bind_template_child (widget_class, PfaBundlePage, no_upload_label);
  gtk_widget_class_bind_template_child (widget_class, PfaBundlePage, phone_entry);
  gtk_widget_class_bind_template_child (widget_class, PfaBundlePage, preview_box);
  gtk_widget_class_bind_template_child (widget_class, PfaBundlePage, ready_box);
  gtk_widget_class_bind_template_child (widget_class, PfaBundlePage, save_button);
  gtk_widget_class_bind_template_child (widget_class, PfaBundlePage, send_button);
  gtk_widget_class_bind_template_child (widget_class, PfaBundlePage, spinner);
  gtk_widget_class_bind_template_child (widget_class, PfaBundlePage, text_view);
  gtk_widget_class_install_action (widget_class, "bundle.view", "u", on_view_cb);
  gtk_widget_class_install_action (widget_class, "bundle.add", NULL, on_add_cb);
  gtk_widget_class_install_action (widget_class, "bundle.remove", "u", on_remove_cb);
  gtk_widget_class_install_action (widget_class, "bundle.send", NULL, on_send_cb);
  gtk_widget_class_install_action (widget_class, "bundle.save", NULL, on_save_cb);
}

static void
pfa_bundle_page_init (PfaBundlePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
