/* pfa-payment.h - was the customer charged? A small state machine beside the engine
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-text.h"

G_BEGIN_DECLS

/* The states U1 to U11 and the rules R1 to R7 of reference/payments.md 2.2 and 2.4. Questions,
 * answers, states and texts are data (data/knowledge/payment). Reference counted, changed only by
 * pfa_payment_answer(). */
typedef struct _PfaPayment PfaPayment;

typedef struct
{
  char *id;
  PfaText *title;
} PfaPaymentAnswer;

typedef struct
{
  char *id;
  PfaText *title;
  PfaText *hint;
  GPtrArray *answers; /* (element-type PfaPaymentAnswer), "unknown" last */
} PfaPaymentQuestion;

/* @json: data/knowledge/payment put together (pfa_knowledge_get_payment()). Fails with
 * PFA_ERROR_BAD_INPUT when the data would break R1 or R3. */
PfaPayment *pfa_payment_new (JsonObject *json, GError **error);
PfaPayment *pfa_payment_ref (PfaPayment *self);
void pfa_payment_unref (PfaPayment *self);

/* @code and @answered (host, terminal, reversal, sign-in, unknown) set the stage. */
void pfa_payment_set_context (PfaPayment *self, const char *code, const char *answered);
/* @answer NULL takes the answer back. */
gboolean
pfa_payment_answer (PfaPayment *self, const char *question, const char *answer, GError **error);
/* NULL when not answered. (transfer none) */
const char *pfa_payment_get_answer (PfaPayment *self, const char *question);
/* All of them, in the order of asking. (element-type PfaPaymentQuestion) (transfer none) */
GPtrArray *pfa_payment_get_questions (PfaPayment *self);
/* NULL when nothing is left to ask. (transfer none) */
const PfaPaymentQuestion *pfa_payment_get_question (PfaPayment *self);

/* "u1" to "u11" or "unknown". */
const char *pfa_payment_get_state (PfaPayment *self);
/* TRUE only where the table says so; never from a code alone (R1, R3). */
gboolean pfa_payment_may_retry (PfaPayment *self);
/* Minutes to wait before the next try when @n_done were made (R2); -1: no further try, another way
 * to pay instead, or no retry at all in this state. */
int pfa_payment_get_retry_minutes (PfaPayment *self, guint n_done);
/* "no", "yes", "pending", "taken-back", "unknown". */
const char *pfa_payment_get_charged (PfaPayment *self);
PfaText *pfa_payment_get_title (PfaPayment *self);
PfaText *pfa_payment_get_advice (PfaPayment *self);
/* What to tell the customer, and the note to print. */
PfaText *pfa_payment_get_customer_note (PfaPayment *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaPayment, pfa_payment_unref)

G_END_DECLS
