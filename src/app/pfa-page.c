/* pfa-page.c - the frame of every page: heading, content that scrolls, buttons below
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-page.h"

#include <glib/gi18n.h>

#include "pfa-button.h"
#include "pfa-choice-list.h"
#include "pfa-path-picture.h"
#include "pfa-row.h"
#include "pfa-wrap-box.h"

#define CONTENT_WIDTH   640
#define CONTENT_SPACING 18

typedef struct
{
  PfaContext *context;
  char *topic;
  gboolean in_view;
  GtkWidget *scroller;
  GtkWidget *heading;
  GtkWidget *heading_box;
  GtkWidget *content;
  GtkWidget *footer;
  GtkWidget *actions;
  GtkWidget *support_button;
  GtkWidget *blue_button; /* what Enter does; may be NULL */
  GtkWidget *first_focus;
} PfaPagePrivate;

enum
{
  PROP_0,
  PROP_CONTEXT,
  PROP_TITLE,
  PROP_TOPIC,
  PROP_SUPPORT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];
static GtkBuildableIface *parent_buildable;

static void pfa_page_buildable_init (GtkBuildableIface *iface);

G_DEFINE_ABSTRACT_TYPE_WITH_CODE (PfaPage,
                                  pfa_page,
                                  ADW_TYPE_BIN,
                                  G_ADD_PRIVATE (PfaPage)
                                      G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE,
                                                             pfa_page_buildable_init))

static PfaPagePrivate *
get_private (PfaPage *self)
{
  return pfa_page_get_instance_private (self);
}

PfaContext *
pfa_page_get_context (PfaPage *self)
{
  return get_private (self)->context;
}

PfaAid *
pfa_page_get_aid (PfaPage *self)
{
  return pfa_context_get_aid (get_private (self)->context);
}

const char *
pfa_page_get_title (PfaPage *self)
{
  return gtk_label_get_text (GTK_LABEL (get_private (self)->heading));
}

/* The keyboard stops at the scrolled area too, so that long text can be moved; it needs a name. */
static void
name (GtkWidget *widget, const char *title)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  title != NULL ? title : "",
                                  -1);
}

void
pfa_page_set_title (PfaPage *self, const char *title)
{
  g_return_if_fail (PFA_IS_PAGE (self));

  if (g_strcmp0 (title, pfa_page_get_title (self)) == 0)
    return;
  gtk_label_set_text (GTK_LABEL (get_private (self)->heading), title != NULL ? title : "");
  name (get_private (self)->heading_box, title);
  name (get_private (self)->scroller, title);
  name (GTK_WIDGET (self), title);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

const char *
pfa_page_get_topic (PfaPage *self)
{
  return get_private (self)->topic;
}

static void
refresh (PfaPage *self)
{
  if (PFA_PAGE_GET_CLASS (self)->refresh != NULL)
    PFA_PAGE_GET_CLASS (self)->refresh (self);
}

static GtkWidget *
find_blue_button (PfaPage *self)
{
  for (GtkWidget *child = gtk_widget_get_first_child (get_private (self)->actions); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (gtk_widget_has_css_class (child, "suggested-action"))
      return child;
  return NULL;
}

void
pfa_page_focus (PfaPage *self)
{
  g_return_if_fail (PFA_IS_PAGE (self));

  gtk_widget_grab_focus (get_private (self)->first_focus);
}

void
pfa_page_set_first_focus (PfaPage *self, GtkWidget *widget)
{
  g_return_if_fail (PFA_IS_PAGE (self));

  get_private (self)->first_focus = widget != NULL ? widget : get_private (self)->heading_box;
}

typedef struct
{
  PfaPage *page;
  guint ticks;
} Reveal;

/* A tick comes before its layout: what is new has its place from the second one on. */
static gboolean
on_ticked_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  Reveal *reveal = user_data;
  PfaPagePrivate *priv = get_private (reveal->page);
  GtkScrolledWindow *scroller = GTK_SCROLLED_WINDOW (priv->scroller);
  graphene_rect_t place;
  double top;

  if (++reveal->ticks < 2)
    return G_SOURCE_CONTINUE;
  if (gtk_widget_get_mapped (widget) && gtk_widget_compute_bounds (widget, priv->content, &place))
    {
      top = place.origin.y;
      gtk_adjustment_clamp_page (gtk_scrolled_window_get_vadjustment (scroller),
                                 top,
                                 top + place.size.height);
    }
  return G_SOURCE_REMOVE;
}

void
pfa_page_reveal (PfaPage *self, GtkWidget *widget)
{
  Reveal *reveal;

  g_return_if_fail (PFA_IS_PAGE (self));

  reveal = g_new0 (Reveal, 1);
  reveal->page = self;
  gtk_widget_add_tick_callback (widget, on_ticked_cb, reveal, g_free);
}

void
pfa_page_set_blue_button (PfaPage *self, GtkWidget *button)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  g_return_if_fail (PFA_IS_PAGE (self));

  get_private (self)->blue_button = button;
  if (get_private (self)->in_view && GTK_IS_WINDOW (root))
    gtk_window_set_default_widget (GTK_WINDOW (root), button);
}

void
pfa_page_show (PfaPage *self, const char *parameter)
{
  PfaPagePrivate *priv = get_private (self);
  GtkAdjustment *adjustment;

  g_return_if_fail (PFA_IS_PAGE (self));

  priv->in_view = TRUE;
  if (PFA_PAGE_GET_CLASS (self)->shown != NULL)
    PFA_PAGE_GET_CLASS (self)->shown (self, parameter);
  refresh (self);
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (priv->scroller));
  gtk_adjustment_set_value (adjustment, 0);
  pfa_page_focus (self);
  pfa_page_set_blue_button (self,
                            priv->blue_button != NULL ? priv->blue_button
                                                      : find_blue_button (self));
}

void
pfa_page_leave (PfaPage *self)
{
  g_return_if_fail (PFA_IS_PAGE (self));

  get_private (self)->in_view = FALSE;
  if (PFA_PAGE_GET_CLASS (self)->left != NULL)
    PFA_PAGE_GET_CLASS (self)->left (self);
}

void
pfa_page_go (PfaPage *self, const char *name, const char *parameter)
{
  g_autofree char *target =
      parameter != NULL ? g_strdup_printf ("%s:%s", name, parameter) : g_strdup (name);

  gtk_widget_activate_action (GTK_WIDGET (self), "win.go", "s", target);
}

static void
on_changed_cb (PfaPage *self)
{
  if (get_private (self)->in_view)
    refresh (self);
}

/* A foot without a button would be an empty strip. */
static void
on_action_shown_cb (PfaPage *self)
{
  PfaPagePrivate *priv = get_private (self);
  gboolean shown = FALSE;

  for (GtkWidget *child = gtk_widget_get_first_child (priv->actions); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    shown = shown || gtk_widget_get_visible (child);
  gtk_widget_set_visible (priv->footer, shown);
}

static void
add_action (PfaPage *self, GtkWidget *action)
{
  pfa_wrap_box_append (PFA_WRAP_BOX (get_private (self)->actions), action);
  g_signal_connect_object (action,
                           "notify::visible",
                           G_CALLBACK (on_action_shown_cb),
                           self,
                           G_CONNECT_SWAPPED);
  on_action_shown_cb (self);
}

static void
pfa_page_add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  PfaPagePrivate *priv = get_private (PFA_PAGE (buildable));

  if (g_strcmp0 (type, "action") == 0)
    add_action (PFA_PAGE (buildable), GTK_WIDGET (child));
  else if (type == NULL && GTK_IS_WIDGET (child))
    gtk_box_append (GTK_BOX (priv->content), GTK_WIDGET (child));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
pfa_page_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = pfa_page_add_child;
}

static void
pfa_page_constructed (GObject *object)
{
  PfaPage *self = PFA_PAGE (object);

  G_OBJECT_CLASS (pfa_page_parent_class)->constructed (object);
  if (get_private (self)->context != NULL)
    g_signal_connect_object (pfa_page_get_aid (self),
                             "changed",
                             G_CALLBACK (on_changed_cb),
                             self,
                             G_CONNECT_SWAPPED);
}

static void
pfa_page_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  PfaPagePrivate *priv = get_private (PFA_PAGE (object));

  switch (id)
    {
    case PROP_CONTEXT:
      priv->context = g_value_dup_object (value);
      break;
    case PROP_TITLE:
      pfa_page_set_title (PFA_PAGE (object), g_value_get_string (value));
      break;
    case PROP_TOPIC:
      g_free (priv->topic);
      priv->topic = g_value_dup_string (value);
      break;
    case PROP_SUPPORT:
      gtk_widget_set_visible (priv->support_button, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
}

static void
pfa_page_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  if (id == PROP_TITLE)
    g_value_set_string (value, pfa_page_get_title (PFA_PAGE (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
pfa_page_dispose (GObject *object)
{
  g_clear_object (&get_private (PFA_PAGE (object))->context);
  G_OBJECT_CLASS (pfa_page_parent_class)->dispose (object);
}

static void
pfa_page_finalize (GObject *object)
{
  g_free (get_private (PFA_PAGE (object))->topic);
  G_OBJECT_CLASS (pfa_page_parent_class)->finalize (object);
}

static void
pfa_page_class_init (PfaPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  /* For the templates of all pages. */
  g_type_ensure (PFA_TYPE_BUTTON);
  g_type_ensure (PFA_TYPE_CHOICE_LIST);
  g_type_ensure (PFA_TYPE_PATH_PICTURE);
  g_type_ensure (PFA_TYPE_ROW);
  g_type_ensure (PFA_TYPE_WRAP_BOX);

  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
  object_class->constructed = pfa_page_constructed;
  object_class->dispose = pfa_page_dispose;
  object_class->finalize = pfa_page_finalize;
  object_class->get_property = pfa_page_get_property;
  object_class->set_property = pfa_page_set_property;

  properties[PROP_CONTEXT] =
      g_param_spec_object ("context",
                           NULL,
                           NULL,
                           PFA_TYPE_CONTEXT,
                           G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_TITLE] =
      g_param_spec_string ("title",
                           NULL,
                           NULL,
                           NULL,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_TOPIC] =
      g_param_spec_string ("topic", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_SUPPORT] = g_param_spec_boolean ("support",
                                                   NULL,
                                                   NULL,
                                                   FALSE,
                                                   G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static GtkWidget *
make_clamp (GtkWidget *child)
{
  GtkWidget *clamp = adw_clamp_new ();

  adw_clamp_set_maximum_size (ADW_CLAMP (clamp), CONTENT_WIDTH);
  adw_clamp_set_tightening_threshold (ADW_CLAMP (clamp), CONTENT_WIDTH);
  adw_clamp_set_child (ADW_CLAMP (clamp), child);
  return clamp;
}

/* A GtkLabel takes the focus only when it can be selected, so the box around it does. */
static void
make_heading (PfaPagePrivate *priv)
{
  priv->heading = g_object_new (GTK_TYPE_LABEL,
                                "wrap",
                                TRUE,
                                "wrap-mode",
                                PANGO_WRAP_WORD_CHAR,
                                "xalign",
                                0.0,
                                "hexpand",
                                TRUE,
                                "accessible-role",
                                GTK_ACCESSIBLE_ROLE_PRESENTATION,
                                NULL);
  gtk_widget_add_css_class (priv->heading, "title-1");
  priv->heading_box = g_object_new (GTK_TYPE_BOX,
                                    "accessible-role",
                                    GTK_ACCESSIBLE_ROLE_HEADING,
                                    "focusable",
                                    TRUE,
                                    NULL);
  gtk_widget_add_css_class (priv->heading_box, "page-heading");
  gtk_box_append (GTK_BOX (priv->heading_box), priv->heading);
}

static void
pfa_page_init (PfaPage *self)
{
  PfaPagePrivate *priv = get_private (self);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  make_heading (priv);
  priv->first_focus = priv->heading_box;
  priv->content = gtk_box_new (GTK_ORIENTATION_VERTICAL, CONTENT_SPACING);
  gtk_widget_add_css_class (priv->content, "page-content");
  gtk_box_append (GTK_BOX (priv->content), priv->heading_box);
  priv->scroller = g_object_new (GTK_TYPE_SCROLLED_WINDOW,
                                 "hscrollbar-policy",
                                 GTK_POLICY_NEVER,
                                 "vexpand",
                                 TRUE,
                                 "child",
                                 make_clamp (priv->content),
                                 NULL);
  gtk_box_append (GTK_BOX (box), priv->scroller);

  priv->support_button = pfa_button_new (_ ("_Ask support"));
  gtk_actionable_set_action_name (GTK_ACTIONABLE (priv->support_button), "win.support");
  gtk_widget_set_visible (priv->support_button, FALSE);
  priv->actions = g_object_new (PFA_TYPE_WRAP_BOX, "spacing", 12, "justify", TRUE, NULL);
  priv->footer = make_clamp (priv->actions);
  gtk_widget_add_css_class (priv->footer, "page-footer");
  add_action (self, priv->support_button);
  gtk_box_append (GTK_BOX (box), priv->footer);
  adw_bin_set_child (ADW_BIN (self), box);
}
