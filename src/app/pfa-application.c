/* pfa-application.c - one program for the desktop: its window, actions, and what it was asked
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-application.h"

#include <glib/gi18n.h>

#include "pfa-autostart.h"
#include "pfa-examine.h"
#include "pfa-place.h"
#include "pfa-watch.h"
#include "pfa-window.h"

struct _PfaApplication
{
  AdwApplication parent_instance;
  GSettings *settings;
  PfaContext *context;
  PfaWatch *watch;  /* NULL: off */
  int watch_period; /* seconds; 0: the watch's own */
  GCancellable *closing;
  char *problem; /* said in the window once it stands */
};

G_DEFINE_FINAL_TYPE (PfaApplication, pfa_application, ADW_TYPE_APPLICATION)

/* While the watch is on, the program lives without a window. */
static void
follow_watch (PfaApplication *self)
{
  gboolean on = self->context != NULL && pfa_context_get_flag (self->context, "watch");

  if (on && self->watch == NULL)
    {
      g_application_hold (G_APPLICATION (self));
      self->watch =
          pfa_watch_new (G_APPLICATION (self), self->context, (guint) MAX (self->watch_period, 0));
    }
  else if (!on && self->watch != NULL)
    {
      g_object_run_dispose (G_OBJECT (self->watch));
      g_clear_object (&self->watch);
      g_application_release (G_APPLICATION (self));
    }
}

/* Switched by the person, on whatever page: from now on it also starts with their session. */
static void
on_watch_switched_cb (PfaApplication *self)
{
  g_autoptr (GError) error = NULL;

  if (!pfa_autostart_set (pfa_context_get_flag (self->context, "watch"), &error))
    pfa_context_report (self->context, error);
  follow_watch (self);
}

static void
on_item_sent_cb (PfaApplication *self, PfaOutboxItem *item)
{
  g_autofree char *title =
      g_strdup_printf (_ ("Support has your report. Ticket %s"), pfa_outbox_item_get_ticket (item));
  g_autoptr (GNotification) notification = g_notification_new (title);

  g_notification_set_default_action_and_target (notification, "app.page", "s", "ticket");
  g_application_send_notification (G_APPLICATION (self), "ticket", notification);
}

/* What waited when the program was closed goes on by itself. */
static void
follow_outbox (PfaApplication *self)
{
  PfaOutbox *outbox = pfa_context_ensure_outbox (self->context, NULL);

  if (outbox == NULL)
    return;
  g_signal_connect_object (outbox,
                           "item-sent",
                           G_CALLBACK (on_item_sent_cb),
                           self,
                           G_CONNECT_SWAPPED);
  if (pfa_outbox_count_waiting (outbox) > 0)
    pfa_outbox_start (outbox);
}

/* A window without its knowledge could say nothing: that is a damaged build. */
static gboolean
ensure_context (PfaApplication *self)
{
  g_autofree char *data_dir = pfa_place_dup_data_dir ();
  g_autoptr (PfaKnowledge) knowledge = NULL;
  g_autoptr (PfaJournal) journal = NULL;
  g_autoptr (PfaAid) aid = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) journal_error = NULL;
  g_auto (GStrv) problems = NULL;

  if (self->context != NULL)
    return TRUE;
  knowledge = pfa_knowledge_new_for_user (data_dir, &problems, &error);
  if (knowledge == NULL)
    {
      g_printerr ("pos-first-aid: %s\n", error->message);
      return FALSE;
    }
  journal = pfa_journal_open (data_dir, &journal_error);
  if (journal == NULL)
    journal = pfa_journal_open_to_read (data_dir, NULL);
  if (journal_error != NULL)
    self->problem = g_strdup (_ ("Nothing can be saved on this computer. You can still go on."));
  else if (problems != NULL && problems[0] != NULL)
    self->problem = g_strdup (problems[0]);
  if (journal != NULL && self->settings != NULL)
    pfa_journal_expire (journal,
                        (guint) g_settings_get_int (self->settings, "retention-days"),
                        NULL);
  aid = pfa_aid_new (knowledge, journal);
  self->context = pfa_context_new (aid, self->settings, data_dir);
  if (self->settings != NULL)
    g_signal_connect_object (self->settings,
                             "changed::watch",
                             G_CALLBACK (on_watch_switched_cb),
                             self,
                             G_CONNECT_SWAPPED);
  return TRUE;
}

static PfaWindow *
ensure_window (PfaApplication *self)
{
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (window == NULL)
    {
      if (!ensure_context (self))
        return NULL;
      window = GTK_WINDOW (pfa_window_new (GTK_APPLICATION (self), self->context));
      follow_watch (self);
      follow_outbox (self);
    }
  gtk_window_present (window);
  if (self->problem != NULL)
    pfa_context_say (self->context, self->problem);
  g_clear_pointer (&self->problem, g_free);
  return PFA_WINDOW (window);
}

static void
go (PfaApplication *self, const char *target)
{
  PfaWindow *window = ensure_window (self);

  if (window != NULL && target != NULL)
    pfa_window_go (window, target);
}

static void
on_code_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_autofree char *target = g_strdup_printf ("home:%s", g_variant_get_string (parameter, NULL));

  go (PFA_APPLICATION (user_data), target);
}

/* The actions of the desktop entry have no parameters. */
static void
on_code_96_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  go (PFA_APPLICATION (user_data), "home:96");
}

static void
on_history_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  go (PFA_APPLICATION (user_data), "history");
}

static void
on_page_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  go (PFA_APPLICATION (user_data), g_variant_get_string (parameter, NULL));
}

/* F1 lands on the page of the screen; without a help viewer the window shows it itself. */
static void
on_help_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  PfaWindow *window = ensure_window (PFA_APPLICATION (user_data));
  PfaPage *page = window != NULL ? pfa_window_get_page (window) : NULL;
  const char *topic = page != NULL ? pfa_page_get_topic (page) : "index";
  g_autoptr (GAppInfo) viewer = g_app_info_get_default_for_uri_scheme ("help");
  g_autofree char *installed =
      g_build_filename (DATA_DIR, "..", "help", "C", GETTEXT_PACKAGE, NULL);

  if (window == NULL)
    return;
  if (viewer != NULL && g_file_test (installed, G_FILE_TEST_IS_DIR))
    {
      g_autofree char *uri = g_strdup_printf ("help:" GETTEXT_PACKAGE "/%s", topic);

      gtk_show_uri (GTK_WINDOW (window), uri, GDK_CURRENT_TIME);
    }
  else
    {
      g_autofree char *target = g_strdup_printf ("help:%s", topic);

      pfa_window_go (window, target);
    }
}

static void
on_about_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  adw_show_about_window (gtk_application_get_active_window (GTK_APPLICATION (user_data)),
                         "application-name",
                         _ ("POS First Aid"),
                         "application-icon",
                         APPLICATION_ID,
                         "version",
                         PACKAGE_VERSION,
                         "license-type",
                         GTK_LICENSE_GPL_3_0,
                         "comments",
                         _ ("Finds out why your terminal shows code 96."),
                         NULL);
}

static void
on_quit_cb (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  g_application_quit (G_APPLICATION (user_data));
}

static void
on_examined_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaApplication) self = PFA_APPLICATION (user_data);
  g_autofree char *sentence = pfa_examine_finish (result, NULL);

  if (sentence != NULL && self->context != NULL)
    pfa_context_say (self->context, sentence);
}

static void
examine (PfaApplication *self, GFile *file)
{
  if (ensure_window (self) != NULL)
    pfa_examine_async (file, self->closing, on_examined_cb, g_object_ref (self));
}

static void
pfa_application_open (GApplication *application, GFile **files, int n_files, const char *hint)
{
  for (int i = 0; i < n_files; i++)
    examine (PFA_APPLICATION (application), files[i]);
}

static void
pfa_application_activate (GApplication *application)
{
  ensure_window (PFA_APPLICATION (application));
}

static int
pfa_application_command_line (GApplication *application, GApplicationCommandLine *command_line)
{
  GVariantDict *options = g_application_command_line_get_options_dict (command_line);
  const char *code = NULL;
  const char *page = NULL;
  g_auto (GStrv) arguments = NULL;
  int n_arguments = 0;

  g_variant_dict_lookup (options,
                         "watch-period",
                         "i",
                         &PFA_APPLICATION (application)->watch_period);
  if (g_variant_dict_contains (options, "watch"))
    {
      if (ensure_context (PFA_APPLICATION (application)))
        {
          follow_watch (PFA_APPLICATION (application));
          follow_outbox (PFA_APPLICATION (application));
        }
      return PFA_APPLICATION (application)->context != NULL ? 0 : 2;
    }
  g_application_activate (application);
  if (g_variant_dict_lookup (options, "code", "&s", &code))
    g_action_group_activate_action (G_ACTION_GROUP (application),
                                    "code",
                                    g_variant_new_string (code));
  if (g_variant_dict_lookup (options, "page", "&s", &page))
    go (PFA_APPLICATION (application), page);
  arguments = g_application_command_line_get_arguments (command_line, &n_arguments);
  for (int i = 1; i < n_arguments && PFA_APPLICATION (application)->context != NULL; i++)
    {
      g_autoptr (GFile) file =
          g_application_command_line_create_file_for_arg (command_line, arguments[i]);

      examine (PFA_APPLICATION (application), file);
    }
  return PFA_APPLICATION (application)->context != NULL ? 0 : 2;
}

static void
pfa_application_startup (GApplication *application)
{
  static const GActionEntry entries[] = {
    { .name = "code", .activate = on_code_cb, .parameter_type = "s" },
    { .name = "code-96", .activate = on_code_96_cb },
    { .name = "history", .activate = on_history_cb },
    { .name = "page", .activate = on_page_cb, .parameter_type = "s" },
    { .name = "help", .activate = on_help_cb },
    { .name = "about", .activate = on_about_cb },
    { .name = "quit", .activate = on_quit_cb },
  };
  static const char *const quit_keys[] = { "<Control>q", NULL };
  static const char *const help_keys[] = { "F1", NULL };
  static const char *const print_keys[] = { "<Control>p", NULL };

  G_APPLICATION_CLASS (pfa_application_parent_class)->startup (application);
  g_action_map_add_action_entries (G_ACTION_MAP (application),
                                   entries,
                                   G_N_ELEMENTS (entries),
                                   application);
  gtk_application_set_accels_for_action (GTK_APPLICATION (application), "app.quit", quit_keys);
  gtk_application_set_accels_for_action (GTK_APPLICATION (application), "app.help", help_keys);
  gtk_application_set_accels_for_action (GTK_APPLICATION (application),
                                         "app.page::cards",
                                         print_keys);
}

static void
add_watch_action (PfaApplication *self)
{
  g_autoptr (GAction) watch = NULL;

  if (self->settings == NULL)
    return;
  watch = g_settings_create_action (self->settings, "watch");
  g_action_map_add_action (G_ACTION_MAP (self), watch);
}

PfaApplication *
pfa_application_new (GSettings *settings)
{
  PfaApplication *self =
      g_object_new (PFA_TYPE_APPLICATION,
                    "application-id",
                    APPLICATION_ID,
                    "flags",
                    G_APPLICATION_HANDLES_COMMAND_LINE | G_APPLICATION_HANDLES_OPEN,
                    NULL);

  g_set_object (&self->settings, settings);
  add_watch_action (self);
  return self;
}

static void
pfa_application_dispose (GObject *object)
{
  PfaApplication *self = PFA_APPLICATION (object);

  g_cancellable_cancel (self->closing);
  g_clear_object (&self->closing);
  g_clear_object (&self->watch);
  g_clear_object (&self->context);
  g_clear_object (&self->settings);
  g_clear_pointer (&self->problem, g_free);
  G_OBJECT_CLASS (pfa_application_parent_class)->dispose (object);
}

static void
pfa_application_class_init (PfaApplicationClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pfa_application_dispose;
  G_APPLICATION_CLASS (klass)->activate = pfa_application_activate;
  G_APPLICATION_CLASS (klass)->command_line = pfa_application_command_line;
  G_APPLICATION_CLASS (klass)->open = pfa_application_open;
  G_APPLICATION_CLASS (klass)->startup = pfa_application_startup;
}

static void
pfa_application_init (PfaApplication *self)
{
  static const GOptionEntry options[] = {
    { "code",
      'c',
      0,
      G_OPTION_ARG_STRING,
      NULL,
      N_ ("The code that the terminal shows"),
      N_ ("CODE") },
    { "watch",
      0,
      0,
      G_OPTION_ARG_NONE,
      NULL,
      N_ ("Watch in the background, without a window"),
      NULL },
    { "watch-period",
      0,
      G_OPTION_FLAG_HIDDEN,
      G_OPTION_ARG_INT,
      NULL,
      "Seconds from one look to the next",
      "SECONDS" },
    { "page", 0, G_OPTION_FLAG_HIDDEN, G_OPTION_ARG_STRING, NULL, NULL, NULL },
    G_OPTION_ENTRY_NULL
  };

  self->closing = g_cancellable_new ();
  g_application_add_main_option_entries (G_APPLICATION (self), options);
}
