/* pfa-desk-tickets.h - the desk's tickets, their bundles and answers, in the store
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-desk-store.h"
#include "pfa-intake.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 id;
  char *ticket; /* "A1B2-C3" */
  char *key;    /* the bundle's id: one an incident */
  char *state;  /* received, open, answered, solved, withdrawn */
  gint64 created;
  gint64 changed; /* seconds since 1970 */
  JsonObject *summary;
  PfaContact *contact;
} PfaDeskTicket;

typedef struct
{
  char *sha256;
  gint64 size;
  gboolean sealed;
  char *path; /* below the data folder */
  gint64 received;
} PfaDeskBundle;

/* What is looked for; NULL or 0: any. */
typedef struct
{
  const char *ticket;
  const char *shop;
  const char *cause;
  const char *state;
  const char *words; /* anywhere in the summary */
  gint64 from;
  gint64 to; /* created; seconds since 1970 */
  guint limit;
  guint offset;
} PfaDeskSearch;

void pfa_desk_ticket_free (PfaDeskTicket *self);
void pfa_desk_bundle_free (PfaDeskBundle *self);

/* NULL without error: there is none. (transfer full) */
PfaDeskTicket *pfa_desk_tickets_find (PfaDeskStore *store, const char *ticket, GError **error);
PfaDeskTicket *pfa_desk_tickets_find_key (PfaDeskStore *store, const char *key, GError **error);
PfaDeskTicket *pfa_desk_tickets_find_id (PfaDeskStore *store, gint64 id, GError **error);
/* A new ticket for @key; its summary and contact come from @request. */
PfaDeskTicket *pfa_desk_tickets_add (PfaDeskStore *store,
                                     const char *key,
                                     const PfaIntakeRequest *request,
                                     GError **error);
/* A further bundle of the same incident: summary and contact are those of the newest. */
gboolean pfa_desk_tickets_update (PfaDeskStore *store,
                                  PfaDeskTicket *ticket,
                                  const PfaIntakeRequest *request,
                                  GError **error);
gboolean pfa_desk_tickets_set_state (PfaDeskStore *store,
                                     PfaDeskTicket *ticket,
                                     const char *state,
                                     GError **error);
/* (element-type PfaDeskTicket) newest first. */
GPtrArray *
pfa_desk_tickets_search (PfaDeskStore *store, const PfaDeskSearch *search, GError **error);
/* (element-type PfaDeskTicket) tickets that changed last before @time and still hold something. */
GPtrArray *pfa_desk_tickets_list_old (PfaDeskStore *store, gint64 time, GError **error);

/* What only the merchant who was given it knows; computed, never stored. (transfer full) */
char *pfa_desk_tickets_dup_token (PfaDeskStore *store, const char *ticket, GError **error);
gboolean pfa_desk_tickets_is_token (PfaDeskStore *store, const char *ticket, const char *token);

gboolean pfa_desk_tickets_add_bundle (PfaDeskStore *store,
                                      const PfaDeskTicket *ticket,
                                      const PfaIntakeRequest *request,
                                      const char *path,
                                      GError **error);
/* (element-type PfaDeskBundle) oldest first. */
GPtrArray *
pfa_desk_tickets_list_bundles (PfaDeskStore *store, const PfaDeskTicket *ticket, GError **error);
/* Forgets summary, contact, answers and bundles; the files are the caller's to delete first. */
gboolean pfa_desk_tickets_empty (PfaDeskStore *store,
                                 PfaDeskTicket *ticket,
                                 const char *state,
                                 GError **error);

/* @source: the help desk's id of it, so that it is taken once; NULL: written at the desk. */
gboolean pfa_desk_tickets_add_answer (PfaDeskStore *store,
                                      const PfaDeskTicket *ticket,
                                      gint64 time,
                                      const char *author,
                                      const char *text,
                                      const char *source,
                                      GError **error);
/* As the merchant reads it. */
PfaTicketState *
pfa_desk_tickets_get_state (PfaDeskStore *store, const PfaDeskTicket *ticket, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaDeskTicket, pfa_desk_ticket_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaDeskBundle, pfa_desk_bundle_free)

G_END_DECLS
