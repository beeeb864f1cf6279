/* pfa-document.h - a page to print or save: heading, paragraphs, a QR code
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <cairo.h>
#include <json-glib/json-glib.h>
#include <pango/pango.h>

G_BEGIN_DECLS

typedef struct _PfaDocument PfaDocument;

PfaDocument *pfa_document_new (const char *title);
void pfa_document_free (PfaDocument *self);
const char *pfa_document_get_title (PfaDocument *self);
void pfa_document_add_heading (PfaDocument *self, const char *text);
void pfa_document_add_paragraph (PfaDocument *self, const char *text);
/* A line with an empty box in front, to be ticked by hand. */
void pfa_document_add_tick (PfaDocument *self, const char *text);
/* What follows stands on a new page. */
void pfa_document_add_page (PfaDocument *self, const char *title);
guint pfa_document_count_pages (PfaDocument *self);
/* The text of a QR code at the end of each page; the caption is this page's, with a caption; at
 * most some 200 characters. */
void pfa_document_set_qr (PfaDocument *self, const char *text, const char *caption);

/* Draws the page at 0,0; @width and @height in points. The text shrinks from 18 pt until it fits,
 * never below 10 pt. The paper is white and the ink is black, whatever the theme. */
void pfa_document_draw (PfaDocument *self, guint page, cairo_t *cairo, double width, double height);

/* The staff card: what to do at code 96, in @language and one more on a second page, from
 * ui/staff-card.json. @phone may be NULL. */
PfaDocument *pfa_document_new_staff_card (const char *language, const char *phone);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaDocument, pfa_document_free)

G_END_DECLS
