/* pfa-choice-list.h - one question's answers, one of which can be picked
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define PFA_TYPE_CHOICE_LIST (pfa_choice_list_get_type ())
G_DECLARE_FINAL_TYPE (PfaChoiceList, pfa_choice_list, PFA, CHOICE_LIST, GtkBox)

/* Signal: chosen (const char *id), when another answer is picked by the person. */
GtkWidget *pfa_choice_list_new (void);
void pfa_choice_list_clear (PfaChoiceList *self);
void pfa_choice_list_add (PfaChoiceList *self, const char *id, const char *title);
/* NULL when nothing is picked. */
const char *pfa_choice_list_get_chosen (PfaChoiceList *self);
void pfa_choice_list_choose (PfaChoiceList *self, const char *id);

G_END_DECLS
