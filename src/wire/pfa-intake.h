/* pfa-intake.h - what a shop's program and a provider's intake say to each other about a ticket
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define PFA_INTAKE_MAX_CONTACT_LENGTH 200
#define PFA_INTAKE_MAX_KEY_LENGTH     64

/* How whoever asks for help would like to be reached; each may be NULL. */
typedef struct
{
  char *name;
  char *phone;
  char *email;
  char *call_between;
} PfaContact;

PfaContact *pfa_contact_new (void);
PfaContact *pfa_contact_copy (const PfaContact *self);
void pfa_contact_free (PfaContact *self);
gboolean pfa_contact_is_empty (const PfaContact *self);
JsonObject *pfa_contact_to_json (const PfaContact *self);
/* @object may be NULL: nothing is known. Fails on a wrong type or a text that is too long. */
PfaContact *pfa_contact_new_from_json (JsonObject *object, GError **error);

/* POST {tickets.url}; the Idempotency-Key stands in the header. */
typedef struct
{
  char *url; /* of the upload */
  char *sha256;
  gint64 size;
  gboolean sealed;
  JsonObject *summary; /* may be NULL: a sealed bundle says nothing outside */
  PfaContact *contact;
} PfaIntakeRequest;

PfaIntakeRequest *pfa_intake_request_new (void);
void pfa_intake_request_free (PfaIntakeRequest *self);
JsonObject *pfa_intake_request_to_json (const PfaIntakeRequest *self);
PfaIntakeRequest *pfa_intake_request_new_from_json (JsonObject *object, GError **error);
/* Letters, digits and hyphens only: it becomes part of log lines and searches. */
gboolean pfa_intake_is_sound_key (const char *key);

/* The answer, when it is 2xx; or 4xx with @discarded. */
typedef struct
{
  char *ticket;
  char *url;
  char *token; /* may be NULL: the intake has nothing to tell later */
  char *discarded;
  char *text; /* for the person; may be NULL */
} PfaIntakeAnswer;

void pfa_intake_answer_free (PfaIntakeAnswer *self);
/* Has a ticket, or is discarded; anything else is an error. */
PfaIntakeAnswer *pfa_intake_answer_new_from_json (JsonObject *object, GError **error);
JsonObject *pfa_intake_answer_to_json (const PfaIntakeAnswer *self);

/* One thing that support wrote. */
typedef struct
{
  char *time; /* RFC 3339 */
  char *author;
  char *text;
} PfaTicketAnswer;

/* GET {ticket.url} */
typedef struct
{
  char *ticket;
  char *state;        /* received, open, answered, solved, withdrawn, or the help desk's own word */
  GPtrArray *answers; /* (element-type PfaTicketAnswer) oldest first */
} PfaTicketState;

PfaTicketState *pfa_ticket_state_new (const char *ticket, const char *state);
void pfa_ticket_state_free (PfaTicketState *self);
void pfa_ticket_state_add_answer (PfaTicketState *self,
                                  const char *time,
                                  const char *author,
                                  const char *text);
PfaTicketState *pfa_ticket_state_new_from_json (JsonObject *object, GError **error);
JsonObject *pfa_ticket_state_to_json (const PfaTicketState *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaContact, pfa_contact_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaIntakeRequest, pfa_intake_request_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaIntakeAnswer, pfa_intake_answer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaTicketState, pfa_ticket_state_free)

G_END_DECLS
