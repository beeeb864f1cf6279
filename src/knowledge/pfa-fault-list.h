/* pfa-fault-list.h - what is wrong with a file, collected instead of stopping at the first
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Damage: the file cannot be used. Slack: it can, but it is not what it should be (a text is
 * missing, a member is misspelt). Warning: it may be meant so. */
typedef enum
{
  PFA_FAULT_DAMAGE,
  PFA_FAULT_SLACK,
  PFA_FAULT_WARNING,
} PfaFaultKind;

typedef struct
{
  const char *name; /* leads every line; (unowned) */
  GPtrArray *lines; /* damage and slack as found, warnings behind them */
  GPtrArray *warnings;
  char *damage; /* the first damage, or NULL */
} PfaFaultList;

PfaFaultList *pfa_fault_list_new (const char *name);
void pfa_fault_list_free (PfaFaultList *self);
void pfa_fault_list_add (PfaFaultList *self, PfaFaultKind kind, const char *format, ...)
    G_GNUC_PRINTF (3, 4);
/* All lines; frees @self. (transfer full) */
GStrv pfa_fault_list_end (PfaFaultList *self);

/* A fault for each member of @object that is none of @known (NULL-terminated). Members that begin
 * with "x-" and the members "note" and "comment" are anybody's. */
void pfa_fault_list_check_members (PfaFaultList *self,
                                   PfaFaultKind kind,
                                   JsonObject *object,
                                   const char *path,
                                   const char *const *known);
/* A text by language: every one of @languages, no empty line, nothing like a card number. Absent:
 * slack when @is_needed. */
void pfa_fault_list_check_text (PfaFaultList *self,
                                JsonObject *object,
                                const char *member,
                                const char *path,
                                const char *const *languages,
                                gboolean is_needed);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaFaultList, pfa_fault_list_free)

G_END_DECLS
