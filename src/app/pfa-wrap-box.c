/* pfa-wrap-box.c - lays children in lines, as many on a line as fit
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-wrap-box.h"

struct _PfaWrapBox
{
  GtkWidget parent_instance;
  int spacing;
  int child_width;
  gboolean justify;
};

enum
{
  PROP_0,
  PROP_SPACING,
  PROP_CHILD_WIDTH,
  PROP_JUSTIFY,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* One line: its first child, how many visible ones, and what room they leave. */
typedef struct
{
  GtkWidget *first;
  int count;
  int expanding;
  int used;
  int height;
} Line;

static GtkBuildableIface *parent_buildable;

static void pfa_wrap_box_buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (PfaWrapBox,
                               pfa_wrap_box,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE,
                                                      pfa_wrap_box_buildable_init))

static int
get_basis (PfaWrapBox *self, GtkWidget *child, int width)
{
  int minimum;
  int natural;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  if (self->child_width > 0)
    natural = MAX (minimum, self->child_width);
  return MAX (minimum, MIN (natural, width));
}

/* Columns stand one below the other where everything is large. */
static gboolean
is_one_column (PfaWrapBox *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  return self->child_width > 0 && root != NULL &&
         gtk_widget_has_css_class (GTK_WIDGET (root), "elder");
}

/* The line that begins with @first; its last child is found by counting. */
static Line
find_line (PfaWrapBox *self, GtkWidget *first, int width)
{
  Line line = { .first = first };
  gboolean alone = is_one_column (self);

  for (GtkWidget *child = first; child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      int basis;

      if (!gtk_widget_should_layout (child))
        continue;
      basis = get_basis (self, child, width);
      if (line.count > 0 && (alone || line.used + self->spacing + basis > width))
        break;
      line.used += basis + (line.count > 0 ? self->spacing : 0);
      line.count++;
      if (gtk_widget_compute_expand (child, GTK_ORIENTATION_HORIZONTAL))
        line.expanding++;
    }
  return line;
}

static int
get_child_width (PfaWrapBox *self, const Line *line, GtkWidget *child, int width)
{
  int basis = get_basis (self, child, width);
  int left = MAX (0, width - line->used);

  if (line->expanding > 0)
    return gtk_widget_compute_expand (child, GTK_ORIENTATION_HORIZONTAL)
               ? basis + left / line->expanding
               : basis;
  if (self->justify && line->count == 1)
    return basis + left;
  return basis;
}

static GtkWidget *
skip_hidden (GtkWidget *child)
{
  while (child != NULL && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

static GtkWidget *
next_visible (GtkWidget *child)
{
  return skip_hidden (gtk_widget_get_next_sibling (child));
}

/* Its height; what follows it in @after. */
static int
measure_line (PfaWrapBox *self, const Line *line, int width, GtkWidget **after)
{
  GtkWidget *member = line->first;
  int highest = 0;

  for (int seen = 0; seen < line->count; seen++, member = next_visible (member))
    {
      int height;

      gtk_widget_measure (member,
                          GTK_ORIENTATION_VERTICAL,
                          get_child_width (self, line, member, width),
                          NULL,
                          &height,
                          NULL,
                          NULL);
      highest = MAX (highest, height);
    }
  *after = member;
  return highest;
}

static void
place_line (PfaWrapBox *self, const Line *line, int y, int width)
{
  gboolean right_to_left = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  GtkWidget *member = line->first;
  int x = 0;

  for (int seen = 0; seen < line->count; seen++, member = next_visible (member))
    {
      int own = get_child_width (self, line, member, width);

      gtk_widget_size_allocate (
          member,
          &(GtkAllocation){ right_to_left ? width - x - own : x, y, own, line->height },
          -1);
      x += own + self->spacing;
      if (seen == 0 && self->justify && line->expanding == 0 && line->count > 1)
        x += MAX (0, width - line->used);
    }
}

/* Measures every line, and places it when @allocate. Returns the height of all. */
static int
lay_out (PfaWrapBox *self, int width, gboolean allocate)
{
  GtkWidget *child = skip_hidden (gtk_widget_get_first_child (GTK_WIDGET (self)));
  int y = 0;

  while (child != NULL)
    {
      Line line = find_line (self, child, width);

      line.height = measure_line (self, &line, width, &child);
      if (allocate)
        place_line (self, &line, y, width);
      y += line.height + (child != NULL ? self->spacing : 0);
    }
  return y;
}

static GtkSizeRequestMode
pfa_wrap_box_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
pfa_wrap_box_measure (GtkWidget *widget,
                      GtkOrientation orientation,
                      int for_size,
                      int *minimum,
                      int *natural,
                      int *minimum_baseline,
                      int *natural_baseline)
{
  PfaWrapBox *self = PFA_WRAP_BOX (widget);
  int widest = 0;
  int sum = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int child_minimum;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &child_minimum, NULL, NULL, NULL);
      widest = MAX (widest, child_minimum);
      sum += get_basis (self, child, G_MAXINT / 2) + (sum > 0 ? self->spacing : 0);
    }

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = widest;
      *natural = MAX (widest, sum);
    }
  else
    *minimum = *natural = lay_out (self, for_size < 0 ? MAX (widest, sum) : for_size, FALSE);
}

static void
pfa_wrap_box_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  lay_out (PFA_WRAP_BOX (widget), width, TRUE);
}

static GtkWidget *
step_child (GtkWidget *child, gboolean back)
{
  return back ? gtk_widget_get_prev_sibling (child) : gtk_widget_get_next_sibling (child);
}

/* Tab goes by the order of the children. GTK would go by the height of their middles, which depends
 * on the font where one column is longer than the other. */
static gboolean
pfa_wrap_box_focus (GtkWidget *widget, GtkDirectionType direction)
{
  gboolean back = direction == GTK_DIR_TAB_BACKWARD;
  GtkWidget *child = gtk_widget_get_focus_child (widget);

  if (direction != GTK_DIR_TAB_FORWARD && !back)
    return GTK_WIDGET_CLASS (pfa_wrap_box_parent_class)->focus (widget, direction);
  if (child == NULL)
    child = back ? gtk_widget_get_last_child (widget) : gtk_widget_get_first_child (widget);
  for (; child != NULL; child = step_child (child, back))
    if (gtk_widget_child_focus (child, direction))
      return TRUE;
  return FALSE;
}

void
pfa_wrap_box_append (PfaWrapBox *self, GtkWidget *child)
{
  g_return_if_fail (PFA_IS_WRAP_BOX (self));

  gtk_widget_set_parent (child, GTK_WIDGET (self));
}

void
pfa_wrap_box_clear (PfaWrapBox *self)
{
  GtkWidget *child;

  g_return_if_fail (PFA_IS_WRAP_BOX (self));

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
}

GtkWidget *
pfa_wrap_box_new (int spacing)
{
  return g_object_new (PFA_TYPE_WRAP_BOX, "spacing", spacing, NULL);
}

static void
pfa_wrap_box_add_child (GtkBuildable *buildable,
                        GtkBuilder *builder,
                        GObject *child,
                        const char *type)
{
  if (GTK_IS_WIDGET (child))
    pfa_wrap_box_append (PFA_WRAP_BOX (buildable), GTK_WIDGET (child));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
pfa_wrap_box_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = pfa_wrap_box_add_child;
}

static void
pfa_wrap_box_set_property (GObject *object, guint id, const GValue *value, GParamSpec *spec)
{
  PfaWrapBox *self = PFA_WRAP_BOX (object);

  switch (id)
    {
    case PROP_SPACING:
      self->spacing = g_value_get_int (value);
      break;
    case PROP_CHILD_WIDTH:
      self->child_width = g_value_get_int (value);
      break;
    case PROP_JUSTIFY:
      self->justify = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
    }
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
pfa_wrap_box_get_property (GObject *object, guint id, GValue *value, GParamSpec *spec)
{
  if (id == PROP_CHILD_WIDTH)
    g_value_set_int (value, PFA_WRAP_BOX (object)->child_width);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, spec);
}

static void
pfa_wrap_box_dispose (GObject *object)
{
  pfa_wrap_box_clear (PFA_WRAP_BOX (object));
  G_OBJECT_CLASS (pfa_wrap_box_parent_class)->dispose (object);
}

static void
pfa_wrap_box_class_init (PfaWrapBoxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  object_class->dispose = pfa_wrap_box_dispose;
  object_class->get_property = pfa_wrap_box_get_property;
  object_class->set_property = pfa_wrap_box_set_property;
  widget_class->get_request_mode = pfa_wrap_box_get_request_mode;
  widget_class->measure = pfa_wrap_box_measure;
  widget_class->size_allocate = pfa_wrap_box_size_allocate;
  widget_class->focus = pfa_wrap_box_focus;

  properties[PROP_SPACING] = g_param_spec_int ("spacing", NULL, NULL, 0, 100, 0, flags);
  properties[PROP_CHILD_WIDTH] =
      g_param_spec_int ("child-width", NULL, NULL, 0, 2000, 0, flags | G_PARAM_READABLE);
  properties[PROP_JUSTIFY] = g_param_spec_boolean ("justify", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
pfa_wrap_box_init (PfaWrapBox *self)
{
}
