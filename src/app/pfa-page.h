/* pfa-page.h - the frame of every page: heading, content that scrolls, buttons below
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "pfa-context.h"

G_BEGIN_DECLS

#define PFA_TYPE_PAGE (pfa_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (PfaPage, pfa_page, PFA, PAGE, AdwBin)

/* Properties: context (construct only), title (the heading and the window's title), topic (the help
 * page of F1), support (TRUE: "Ask support" stands at the start of the buttons). In a template a
 * plain <child> goes into the content and <child type="action"> to the buttons. */
struct _PfaPageClass
{
  AdwBinClass parent_class;

  /* The page comes into view; @parameter is what win.go was given behind the page's name. */
  void (*shown) (PfaPage *self, const char *parameter);
  /* The aid has changed while the page is in view; also called before the page is shown. */
  void (*refresh) (PfaPage *self);
  /* The page goes out of view. */
  void (*left) (PfaPage *self);
};

PfaContext *pfa_page_get_context (PfaPage *self);
PfaAid *pfa_page_get_aid (PfaPage *self);
const char *pfa_page_get_title (PfaPage *self);
void pfa_page_set_title (PfaPage *self, const char *title);
const char *pfa_page_get_topic (PfaPage *self);

/* What Enter does while the page is in view. A template's suggested-action child is it from the
 * start. */
void pfa_page_set_blue_button (PfaPage *self, GtkWidget *button);

/* Where the focus goes when the page is shown: the heading, so that a screen reader says it, unless
 * another widget is set. */
void pfa_page_set_first_focus (PfaPage *self, GtkWidget *widget);
void pfa_page_focus (PfaPage *self);
/* Scrolls until the whole of @widget is in view, once it has found its place. */
void pfa_page_reveal (PfaPage *self, GtkWidget *widget);

/* For the window. */
void pfa_page_show (PfaPage *self, const char *parameter);
void pfa_page_leave (PfaPage *self);
/* For pages: go to another page. @parameter may be NULL. */
void pfa_page_go (PfaPage *self, const char *name, const char *parameter);

G_END_DECLS
