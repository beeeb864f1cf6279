/* pfa-window.c - the window: a stack of pages, one heading bar, one way back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-window.h"

#include <glib/gi18n.h>
#include <string.h>

#include "pfa-button.h"
#include "pfa-pages.h"

#define DEFAULT_TEXT_PERCENT 100

struct _PfaWindow
{
  AdwApplicationWindow parent_instance;
  PfaContext *context;
  GQueue *way; /* (element-type utf8): names of the pages that "back" leads through */
  GtkWidget *back_button;
  GtkStack *stack;
  GtkWidget *trouble_bar;
  GtkLabel *trouble_label;
  GtkLabel *watched_label;
  GtkWidget *practice_bar;
  GtkWidget *watched_bar;
  gboolean enter_held;
};

G_DEFINE_FINAL_TYPE (PfaWindow, pfa_window, ADW_TYPE_APPLICATION_WINDOW)

PfaPage *
pfa_window_get_page (PfaWindow *self)
{
  GtkWidget *child = gtk_stack_get_visible_child (self->stack);

  return child != NULL ? PFA_PAGE (child) : NULL;
}

const char *const *
pfa_window_get_page_names (void)
{
  static const char **names;

  if (g_once_init_enter (&names))
    {
      g_autoptr (GPtrArray) list = g_ptr_array_new ();

      for (guint i = 0; pfa_pages[i].name != NULL; i++)
        g_ptr_array_add (list, (gpointer) pfa_pages[i].name);
      g_ptr_array_add (list, NULL);
      g_once_init_leave (&names, (const char **) g_ptr_array_free (g_steal_pointer (&list), FALSE));
    }
  return names;
}

static void
update_bars (PfaWindow *self)
{
  PfaPage *page = pfa_window_get_page (self);
  const PfaIncident *incident = pfa_aid_get_incident (pfa_context_get_aid (self->context));
  const char *title = page != NULL ? pfa_page_get_title (page) : "";

  gtk_window_set_title (GTK_WINDOW (self), *title != '\0' ? title : _ ("POS First Aid"));
  gtk_widget_set_visible (self->back_button, self->way->length > 1);
  gtk_widget_set_visible (self->practice_bar, incident != NULL && incident->practice);
}

static PfaPage *
ensure_page (PfaWindow *self, const PfaPageKind *kind)
{
  GtkWidget *page = gtk_stack_get_child_by_name (self->stack, kind->name);

  if (page == NULL)
    {
      page = g_object_new (kind->get_type (), "context", self->context, NULL);
      g_signal_connect_object (page,
                               "notify::title",
                               G_CALLBACK (update_bars),
                               self,
                               G_CONNECT_SWAPPED);
      gtk_stack_add_named (self->stack, page, kind->name);
    }
  return PFA_PAGE (page);
}

static void
show_page (PfaWindow *self, const char *name, const char *parameter)
{
  const PfaPageKind *kind = pfa_pages_find (name);
  PfaPage *before = pfa_window_get_page (self);
  PfaPage *page;

  g_return_if_fail (kind != NULL);

  if (before != NULL)
    pfa_page_leave (before);
  gtk_widget_set_visible (self->trouble_bar, FALSE);
  page = ensure_page (self, kind);
  gtk_widget_set_visible (GTK_WIDGET (page), TRUE);
  gtk_stack_set_visible_child (self->stack, GTK_WIDGET (page));
  /* GTK 4.8 leaves the other pages of a stack in the accessibility tree unless they are hidden. */
  if (before != NULL && before != page)
    gtk_widget_set_visible (GTK_WIDGET (before), FALSE);
  pfa_page_show (page, parameter);
  update_bars (self);
}

/* Pages that answer themselves away: nobody goes back to "checking". */
static gboolean
is_passing (const char *name)
{
  return g_strcmp0 (name, "checking") == 0 || g_strcmp0 (name, "step") == 0 ||
         g_strcmp0 (name, "question") == 0;
}

static void
remember (PfaWindow *self, const char *name)
{
  GList *earlier = g_queue_find_custom (self->way, name, (GCompareFunc) strcmp);

  if (g_str_equal (name, "home"))
    g_queue_clear_full (self->way, g_free);
  else if (earlier != NULL)
    while (self->way->tail != earlier->prev)
      g_free (g_queue_pop_tail (self->way));
  else if (self->way->tail != NULL && is_passing (self->way->tail->data))
    g_free (g_queue_pop_tail (self->way));
  g_queue_push_tail (self->way, g_strdup (name));
}

void
pfa_window_go (PfaWindow *self, const char *target)
{
  g_auto (GStrv) parts = g_strsplit (target, ":", 2);

  g_return_if_fail (PFA_IS_WINDOW (self));

  if (g_str_equal (parts[0], "next"))
    {
      g_free (parts[0]);
      parts[0] = g_strdup (pfa_pages_get_next (pfa_context_get_aid (self->context)));
    }
  if (pfa_pages_find (parts[0]) == NULL)
    return;
  remember (self, parts[0]);
  show_page (self, parts[0], parts[1]);
}

static void
on_go_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  pfa_window_go (PFA_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

static void
on_back_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  PfaWindow *self = PFA_WINDOW (widget);

  if (self->way->length < 2)
    return;
  g_free (g_queue_pop_tail (self->way));
  show_page (self, self->way->tail->data, NULL);
}

static void
on_support_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  pfa_window_go (PFA_WINDOW (widget), "support");
}

static void
on_close_trouble_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  gtk_widget_set_visible (PFA_WINDOW (widget)->trouble_bar, FALSE);
}

static void
on_stop_watching_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  pfa_context_stop_watching (PFA_WINDOW (widget)->context);
}

/* Whoever watches is named on every page, with the way to end it. */
static void
on_watched_cb (PfaWindow *self, const char *who)
{
  g_autofree char *text = who != NULL ? g_strdup_printf (_ ("Watching now: %s"), who) : NULL;

  gtk_label_set_text (self->watched_label, text != NULL ? text : "");
  gtk_widget_set_visible (self->watched_bar, who != NULL);
}

static void
on_trouble_cb (PfaWindow *self, const char *sentence)
{
  gtk_label_set_text (self->trouble_label, sentence);
  gtk_widget_set_visible (self->trouble_bar, TRUE);
}

static void
on_not_saved_cb (PfaWindow *self)
{
  on_trouble_cb (self, _ ("Nothing can be saved on this computer. You can still go on."));
}

/* The whole text grows at once; widgets measure their text, so nothing is cut. */
static void
on_text_size_changed_cb (PfaWindow *self)
{
  int percent = pfa_context_get_number (self->context, "text-size", DEFAULT_TEXT_PERCENT);

  g_object_set (gtk_widget_get_settings (GTK_WIDGET (self)),
                "gtk-xft-dpi",
                96 * 1024 * CLAMP (percent, 100, 200) / 100,
                NULL);
}

static void
on_elder_view_changed_cb (PfaWindow *self)
{
  if (pfa_context_get_flag (self->context, "elder-view"))
    gtk_widget_add_css_class (GTK_WIDGET (self), "elder");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "elder");
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static gboolean
is_enter (guint keyval)
{
  return keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter || keyval == GDK_KEY_ISO_Enter;
}

/* A key that rests on Enter would press the blue button of one page after the other. */
static gboolean
on_key_pressed_cb (PfaWindow *self, guint keyval)
{
  gboolean again = is_enter (keyval) && self->enter_held;

  self->enter_held = is_enter (keyval);
  return again;
}

static void
on_key_released_cb (PfaWindow *self, guint keyval)
{
  if (is_enter (keyval))
    self->enter_held = FALSE;
}

/* The key may come up in a dialog that it opened. */
static void
on_is_active_changed_cb (PfaWindow *self)
{
  self->enter_held = FALSE;
}

static void
follow_enter (PfaWindow *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys,
                           "key-pressed",
                           G_CALLBACK (on_key_pressed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (keys,
                           "key-released",
                           G_CALLBACK (on_key_released_cb),
                           self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

static void
follow_settings (PfaWindow *self)
{
  GSettings *settings = pfa_context_get_settings (self->context);

  if (settings == NULL)
    return;
  g_signal_connect_object (settings,
                           "changed::text-size",
                           G_CALLBACK (on_text_size_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (settings,
                           "changed::elder-view",
                           G_CALLBACK (on_elder_view_changed_cb),
                           self,
                           G_CONNECT_SWAPPED);
  if (pfa_context_get_number (self->context, "text-size", DEFAULT_TEXT_PERCENT) !=
      DEFAULT_TEXT_PERCENT)
    on_text_size_changed_cb (self);
  on_elder_view_changed_cb (self);
}

PfaWindow *
pfa_window_new (GtkApplication *application, PfaContext *context)
{
  PfaWindow *self = g_object_new (PFA_TYPE_WINDOW, "application", application, NULL);

  self->context = g_object_ref (context);
  g_signal_connect_object (context, "watched", G_CALLBACK (on_watched_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (context, "trouble", G_CALLBACK (on_trouble_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (pfa_context_get_aid (context),
                           "not-saved",
                           G_CALLBACK (on_not_saved_cb),
                           self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (pfa_context_get_aid (context),
                           "changed",
                           G_CALLBACK (update_bars),
                           self,
                           G_CONNECT_SWAPPED);
  follow_settings (self);
  pfa_window_go (self, "home");
  return self;
}

/* GTK gives the focus to the first button when the window comes up; it belongs to the page. */
static void
pfa_window_map (GtkWidget *widget)
{
  PfaPage *page;

  GTK_WIDGET_CLASS (pfa_window_parent_class)->map (widget);
  page = pfa_window_get_page (PFA_WINDOW (widget));
  if (page != NULL)
    pfa_page_focus (page);
}

static void
pfa_window_dispose (GObject *object)
{
  PfaWindow *self = PFA_WINDOW (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), PFA_TYPE_WINDOW);
  g_clear_object (&self->context);
  G_OBJECT_CLASS (pfa_window_parent_class)->dispose (object);
}

static void
pfa_window_finalize (GObject *object)
{
  g_queue_free_full (PFA_WINDOW (object)->way, g_free);
  G_OBJECT_CLASS (pfa_window_parent_class)->finalize (object);
}

static void
add_shortcuts (GtkWidgetClass *widget_class)
{
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.back", NULL);
  gtk_widget_class_add_binding_action (widget_class,
                                       GDK_KEY_period,
                                       GDK_CONTROL_MASK,
                                       "win.stop-watching",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "win.back", NULL);
  gtk_widget_class_add_binding_action (widget_class,
                                       GDK_KEY_Home,
                                       GDK_ALT_MASK,
                                       "win.go",
                                       "s",
                                       "home");
}

static void
pfa_window_class_init (PfaWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = pfa_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = pfa_window_finalize;
  widget_class->map = pfa_window_map;

  gtk_widget_class_set_template_from_resource (
      widget_class,
      "/io/github/pos_first_aid/PosFirstAid/ui/pfa-window.ui");
  gtk_widget_class_bind_template_child (widget_class, PfaWindow, back_button);
  gtk_widget_class_bind_template_child (widget_class, PfaWindow, practice_bar);
  gtk_widget_class_bind_template_child (widget_class, PfaWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, PfaWindow, trouble_bar);
  gtk_widget_class_bind_template_child (widget_class, PfaWindow, trouble_label);
  gtk_widget_class_bind_template_child (widget_class, PfaWindow, watched_bar);
  gtk_widget_class_bind_template_child (widget_class, PfaWindow, watched_label);

  gtk_widget_class_install_action (widget_class, "win.go", "s", on_go_cb);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, on_back_cb);
  gtk_widget_class_install_action (widget_class, "win.support", NULL, on_support_cb);
  gtk_widget_class_install_action (widget_class, "win.stop-watching", NULL, on_stop_watching_cb);
  gtk_widget_class_install_action (widget_class, "win.close-trouble", NULL, on_close_trouble_cb);
  add_shortcuts (widget_class);
}

static void
pfa_window_init (PfaWindow *self)
{
  self->way = g_queue_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  follow_enter (self);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (on_is_active_changed_cb), NULL);
}
