/* pfa-pages.h - the table of pages: a name and a type each
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-page.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name;
  GType (*get_type) (void);
} PfaPageKind;

/* Ends with a NULL name. A page is one class with its template, and one line there. */
extern const PfaPageKind pfa_pages[];

const PfaPageKind *pfa_pages_find (const char *name);
/* Where the run stands: the page that "go on" leads to. */
const char *pfa_pages_get_next (PfaAid *aid);

G_END_DECLS
