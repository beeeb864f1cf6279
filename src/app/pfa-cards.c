/* pfa-cards.c - what the papers say: the customer's note and the maintenance plan
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-cards.h"

#include <glib/gi18n.h>

#include "pfa-language.h"
#include "pfa-phrases.h"
#include "pfa-task.h"

PfaDocument *
pfa_cards_new_note (PfaAid *aid)
{
  const PfaIncident *incident = pfa_aid_get_incident (aid);
  PfaPayment *payment = incident != NULL ? pfa_aid_get_payment (aid) : NULL;
  PfaDocument *document = pfa_document_new (_ ("About your card payment"));
  const char *const *lines;
  g_autofree char *when = NULL;

  if (payment == NULL)
    {
      pfa_document_add_paragraph (document,
                                  _ ("Start a check first. The note then tells what is known."));
      return document;
    }
  when = pfa_phrases_dup_time (incident->started);
  pfa_document_add_paragraph (document, when);
  lines = pfa_text_get_lines (pfa_payment_get_customer_note (payment), pfa_language_get ());
  for (guint i = 0; lines[i] != NULL; i++)
    pfa_document_add_paragraph (document, lines[i]);
  pfa_document_add_paragraph (document, _ ("Amount: ____________________"));
  pfa_document_add_paragraph (document, _ ("Reference: ____________________"));
  pfa_document_add_paragraph (document, _ ("Shop: ______________________________"));
  return document;
}

PfaDocument *
pfa_cards_new_plan (void)
{
  PfaDocument *document = pfa_document_new (_ ("Keep code 96 away"));
  const char *rhythm = NULL;

  for (guint i = 0; pfa_tasks[i].id != NULL; i++)
    {
      const char *own = pfa_task_get_rhythm (&pfa_tasks[i]);

      if (g_strcmp0 (own, rhythm) != 0)
        {
          g_autofree char *heading = pfa_phrases_dup_sentence (own);

          pfa_document_add_heading (document, heading);
        }
      rhythm = own;
      pfa_document_add_tick (document, pfa_task_say (pfa_tasks[i].title));
    }
  return document;
}
