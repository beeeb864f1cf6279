/* pfa-incident.h - one run, from "it shows 96" to "solved" or "handed over"
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-evidence.h"

G_BEGIN_DECLS

#define PFA_INCIDENT_KEY_LENGTH 32

/* How far a run has come; written to disk by these words. */
#define PFA_INCIDENT_OPEN        "open"
#define PFA_INCIDENT_SOLVED      "solved"
#define PFA_INCIDENT_HANDED_OVER "handed-over"
#define PFA_INCIDENT_GIVEN_UP    "given-up"

/* One step that was offered and what came of it: "failed", "worked", "skipped", or "doing". */
typedef struct
{
  char *action;
  char *outcome;
  gint64 started; /* µs since 1970, UTC */
  gint64 ended;   /* 0 while it is being done */
  double chance;  /* that it helps, as seen when it was begun; 0: not known */
} PfaIncidentStep;

/* A plain value with JSON to and from; the journal keeps it, the aid changes it. */
typedef struct
{
  char *id;           /* UUIDv4 */
  char *code;         /* as typed, upper case */
  char *provider;     /* profile id, or NULL */
  char *terminal;     /* terminal address, or NULL */
  char *connection;   /* lan, wifi, mobile, phone-line, phone-app, unknown */
  char *answered;     /* host, terminal, reversal, sign-in, unknown */
  char *state;        /* PFA_INCIDENT_… */
  char *solved_by;    /* action, or NULL */
  char *cause;        /* leading cause when last decided, or NULL */
  char *place;        /* leading place when last decided, or NULL */
  char *ticket;       /* the provider's ticket, or NULL */
  char *conversation; /* what was said to the terminal and when, masked, or NULL */
  gint64 started;     /* µs since 1970, UTC */
  gint64 ended;       /* 0 while open */
  guint elapsed_ms;   /* of the last check run */
  gboolean complete;
  gboolean practice; /* nothing in it is real */
  PfaEvidence *evidence;
  GPtrArray *steps;            /* (element-type PfaIncidentStep) */
  JsonObject *payment;         /* answers of the payment wizard: question → answer */
  JsonObject *terminal_status; /* the last pos-first-aid-terminal/1 answer, masked, or NULL */
  JsonArray *guided;           /* the guided session's log, hash-chained, or NULL */
  guint8 pseudonym_key[PFA_INCIDENT_KEY_LENGTH]; /* never leaves the computer */
} PfaIncident;

PfaIncident *pfa_incident_new (const char *code);
void pfa_incident_free (PfaIncident *self);
PfaIncident *pfa_incident_copy (const PfaIncident *self);

PfaIncidentStep *pfa_incident_add_step (PfaIncident *self, const char *action, const char *outcome);
/* The newest entry of @action, or NULL. */
PfaIncidentStep *pfa_incident_find_step (const PfaIncident *self, const char *action);

/* For the journal only: holds the pseudonym key. */
JsonObject *pfa_incident_to_json (const PfaIncident *self);
PfaIncident *pfa_incident_new_from_json (JsonObject *object, GError **error);

/* @field is one of the char * members above; frees what was there. */
void pfa_incident_set (char **field, const char *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaIncident, pfa_incident_free)

G_END_DECLS
