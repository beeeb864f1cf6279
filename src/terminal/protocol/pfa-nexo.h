/* pfa-nexo.h - nexo Terminal API: the diagnosis request and its answer, in the clear
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define PFA_NEXO_SALE_ID "POSFirstAid"
/* ServiceID: 1 to 10 letters and digits, used once in 48 hours. */
#define PFA_NEXO_SERVICE_ID_LENGTH 10

typedef struct
{
  const char *poi_id;
  const char *service_id;
  gboolean host_diagnosis; /* the terminal goes online; only with the person's own yes */
} PfaNexoRequest;

/* There is no builder for anything but a diagnosis. (transfer full) */
char *pfa_nexo_build_diagnosis (const PfaNexoRequest *request);
/* A fresh ServiceID. (transfer full) */
char *pfa_nexo_new_service_id (void);

typedef enum
{
  PFA_NEXO_NOT_TOLD,
  PFA_NEXO_NO,
  PFA_NEXO_YES,
} PfaNexoFlag;

/* Strings are NULL where the terminal did not say. */
typedef struct
{
  char *result;          /* Success, Failure, Partial */
  char *error_condition; /* Busy, NotAllowed, … */
  char *global_status;   /* OK, Busy, Maintenance, Unreachable */
  char *printer;         /* OK, PaperLow, … */
  PfaNexoFlag security;
  PfaNexoFlag pin_pad;
  PfaNexoFlag card_reader;
  PfaNexoFlag communication;
  PfaNexoFlag fraud_prevention;
  PfaNexoFlag host_reachable; /* all hosts that were named */
  char *firmware;
  char *terminal_id; /* "V400m-346403161" */
  int battery_percent;
  int unconfirmed_batches;
  char *rejected; /* the words of an EventNotification that rejects our message */
} PfaNexoAnswer;

/* @message: what stands in SaleToPOIResponse (or SaleToPOIRequest, for an event). Fails with
 * PFA_ERROR_INVALID_DATA when it is not the answer to @request. */
PfaNexoAnswer *
pfa_nexo_parse_answer (JsonObject *message, const PfaNexoRequest *request, GError **error);
void pfa_nexo_answer_free (PfaNexoAnswer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaNexoAnswer, pfa_nexo_answer_free)

G_END_DECLS
