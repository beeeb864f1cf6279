/* pfa-document.c - a page to print or save: heading, paragraphs, a QR code
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-document.h"

#include <gio/gio.h>
#include <pango/pangocairo.h>
#include <qrencode.h>

#include "pfa-json.h"
#include "pfa-text.h"

#define LARGEST_POINTS  18.0
#define SMALLEST_POINTS 10.0
#define CAPTION_POINTS  13.0
#define TITLE_SHARE     1.3
#define STAFF_CARD      "/io/github/pos_first_aid/PosFirstAid/staff-card.json"
/* The quiet zone that readers need around a QR code, in its own dots. */
#define QR_QUIET       4
#define QR_SIZE_POINTS 120.0

typedef enum
{
  LINE_HEADING,
  LINE_PARAGRAPH,
  LINE_TICK,
} LineKind;

typedef struct
{
  LineKind kind;
  guint page;
  char *text;
} Line;

typedef struct
{
  char *title;
  char *caption; /* of the QR code */
} Page;

struct _PfaDocument
{
  GPtrArray *lines; /* (element-type Line) */
  GPtrArray *pages; /* (element-type Page) */
  char *qr;
};

static void
line_free (gpointer data)
{
  Line *line = data;

  g_free (line->text);
  g_free (line);
}

static Page *
get_page (PfaDocument *self, guint number)
{
  return g_ptr_array_index (self->pages, number);
}

static void
page_free (gpointer data)
{
  Page *page = data;

  g_free (page->title);
  g_free (page->caption);
  g_free (page);
}

void
pfa_document_add_page (PfaDocument *self, const char *title)
{
  Page *page = g_new0 (Page, 1);

  page->title = g_strdup (title);
  g_ptr_array_add (self->pages, page);
}

PfaDocument *
pfa_document_new (const char *title)
{
  PfaDocument *self = g_new0 (PfaDocument, 1);

  self->pages = g_ptr_array_new_with_free_func (page_free);
  self->lines = g_ptr_array_new_with_free_func (line_free);
  pfa_document_add_page (self, title);
  return self;
}

void
pfa_document_free (PfaDocument *self)
{
  g_ptr_array_unref (self->lines);
  g_ptr_array_unref (self->pages);
  g_free (self->qr);
  g_free (self);
}

const char *
pfa_document_get_title (PfaDocument *self)
{
  return get_page (self, 0)->title;
}

static void
add_line (PfaDocument *self, LineKind kind, const char *text)
{
  Line *line;

  if (text == NULL || *text == '\0')
    return;
  line = g_new0 (Line, 1);
  line->kind = kind;
  line->page = self->pages->len - 1;
  line->text = g_strdup (text);
  g_ptr_array_add (self->lines, line);
}

guint
pfa_document_count_pages (PfaDocument *self)
{
  return self->pages->len;
}

void
pfa_document_add_heading (PfaDocument *self, const char *text)
{
  add_line (self, LINE_HEADING, text);
}

void
pfa_document_add_paragraph (PfaDocument *self, const char *text)
{
  add_line (self, LINE_PARAGRAPH, text);
}

void
pfa_document_add_tick (PfaDocument *self, const char *text)
{
  add_line (self, LINE_TICK, text);
}

void
pfa_document_set_qr (PfaDocument *self, const char *text, const char *caption)
{
  Page *last = get_page (self, self->pages->len - 1);

  g_free (self->qr);
  self->qr = g_strdup (text);
  g_free (last->caption);
  last->caption = g_strdup (caption);
}

static double
draw_text (cairo_t *cairo,
           const char *text,
           double points,
           gboolean bold,
           double x,
           double y,
           double width,
           gboolean draw)
{
  g_autoptr (PangoLayout) layout = pango_cairo_create_layout (cairo);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string ("Sans");
  int height;

  /* The surface counts in points, so an absolute size is a size in points on paper too. */
  pango_font_description_set_absolute_size (font, points * PANGO_SCALE);
  pango_font_description_set_weight (font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description (layout, font);
  pango_layout_set_width (layout, (int) (width * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_line_spacing (layout, 1.2f);
  pango_layout_set_text (layout, text, -1);
  pango_layout_get_pixel_size (layout, NULL, &height);
  if (draw)
    {
      cairo_move_to (cairo, x, y);
      pango_cairo_show_layout (cairo, layout);
    }
  return height;
}

static double
draw_lines (PfaDocument *self,
            guint page,
            cairo_t *cairo,
            double points,
            double width,
            gboolean draw)
{
  double y = draw_text (cairo,
                        get_page (self, page)->title,
                        points * TITLE_SHARE,
                        TRUE,
                        0,
                        0,
                        width,
                        draw) +
             points;

  for (guint i = 0; i < self->lines->len; i++)
    {
      const Line *line = g_ptr_array_index (self->lines, i);
      double indent = line->kind == LINE_TICK ? points * 1.8 : 0;

      if (line->page != page)
        continue;
      if (line->kind == LINE_HEADING)
        y += points * 0.4;
      if (line->kind == LINE_TICK && draw)
        {
          cairo_rectangle (cairo, 0.5, y + points * 0.2, points, points);
          cairo_set_line_width (cairo, 1);
          cairo_stroke (cairo);
        }
      y += draw_text (cairo,
                      line->text,
                      line->kind == LINE_HEADING ? points * 1.15 : points,
                      line->kind == LINE_HEADING,
                      indent,
                      y,
                      width - indent,
                      draw);
      y += points * 0.5;
    }
  return y;
}

static void
draw_qr (PfaDocument *self, guint page, cairo_t *cairo, double y, double width)
{
  QRcode *code = QRcode_encodeString8bit (self->qr, 0, QR_ECLEVEL_M);
  const char *caption = get_page (self, page)->caption;
  double dot;

  if (code == NULL)
    return;
  dot = QR_SIZE_POINTS / (code->width + 2 * QR_QUIET);
  for (int row = 0; row < code->width; row++)
    for (int column = 0; column < code->width; column++)
      if ((code->data[row * code->width + column] & 1) != 0)
        cairo_rectangle (cairo, dot * (column + QR_QUIET), y + dot * (row + QR_QUIET), dot, dot);
  cairo_fill (cairo);
  QRcode_free (code);
  if (caption != NULL)
    draw_text (cairo,
               caption,
               CAPTION_POINTS,
               FALSE,
               QR_SIZE_POINTS + 12,
               y + QR_SIZE_POINTS / 3,
               width - QR_SIZE_POINTS - 12,
               TRUE);
}

void
pfa_document_draw (PfaDocument *self, guint page, cairo_t *cairo, double width, double height)
{
  double room = height - (self->qr != NULL ? QR_SIZE_POINTS : 0);
  double points = LARGEST_POINTS;
  double y;

  while (points > SMALLEST_POINTS && draw_lines (self, page, cairo, points, width, FALSE) > room)
    points -= 0.5;
  cairo_save (cairo);
  cairo_set_source_rgb (cairo, 1, 1, 1);
  cairo_paint (cairo);
  cairo_set_source_rgb (cairo, 0, 0, 0);
  y = draw_lines (self, page, cairo, points, width, TRUE);
  if (self->qr != NULL)
    draw_qr (self, page, cairo, MIN (y, room), width);
  cairo_restore (cairo);
}

static PfaText *
read_text (JsonObject *card, const char *member)
{
  return pfa_text_new_from_json (json_object_get_member (card, member), member, NULL);
}

/* The steps in @language, on the page that was begun last. */
static void
add_card_part (PfaDocument *self, JsonObject *card, const char *language, const char *phone)
{
  g_autoptr (PfaText) heading = read_text (card, "heading");
  g_autoptr (PfaText) steps = read_text (card, "steps");
  g_autoptr (PfaText) caption = read_text (card, "caption");
  const char *const *lines = pfa_text_get_lines (steps, language);
  g_autofree char *uri = NULL;

  pfa_document_add_heading (self, pfa_text_get (heading, language));
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *line = g_strdup_printf ("%u. %s", i + 1, lines[i]);

      pfa_document_add_paragraph (self, line);
    }
  if (phone == NULL)
    return;
  uri = g_strdup_printf ("tel:%s", phone);
  pfa_document_add_heading (self, phone);
  pfa_document_set_qr (self, uri, pfa_text_get (caption, language));
}

PfaDocument *
pfa_document_new_staff_card (const char *language, const char *phone)
{
  g_autoptr (GBytes) bytes =
      g_resources_lookup_data (STAFF_CARD, G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autoptr (JsonObject) card = NULL;
  g_autoptr (PfaText) title = NULL;
  PfaDocument *self;
  const char *second = g_str_equal (language, "en") ? "zh_CN" : "en";

  if (bytes != NULL)
    card = pfa_json_parse_object (g_bytes_get_data (bytes, NULL),
                                  (gssize) g_bytes_get_size (bytes),
                                  "staff-card.json",
                                  NULL);
  if (card == NULL)
    return pfa_document_new ("96");
  title = read_text (card, "title");
  self = pfa_document_new (pfa_text_get (title, language));
  add_card_part (self, card, language, phone);
  /* In large letters a page has room for one language. */
  pfa_document_add_page (self, pfa_text_get (title, second));
  add_card_part (self, card, second, phone);
  return self;
}
