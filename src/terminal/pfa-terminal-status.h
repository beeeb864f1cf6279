/* pfa-terminal-status.h - what a terminal told about itself, whatever it speaks
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-observation.h"
#include "pfa-provider.h"

G_BEGIN_DECLS

typedef enum
{
  PFA_TOLD_NOTHING, /* the terminal did not say */
  PFA_TOLD_NO,
  PFA_TOLD_YES,
} PfaTold;

/* Problems: why it could not be read. (DESIGN.md 4.5) */
#define PFA_PROBLEM_NO_ROUTE       "no-route"
#define PFA_PROBLEM_REFUSED        "refused"
#define PFA_PROBLEM_SILENT         "silent"
#define PFA_PROBLEM_HELD           "held-by-another"
#define PFA_PROBLEM_NOT_REGISTERED "not-registered"
#define PFA_PROBLEM_WRONG_PASSWORD "wrong-password"
#define PFA_PROBLEM_NOT_SUPPORTED  "not-supported"
#define PFA_PROBLEM_GARBLED        "garbled"
#define PFA_PROBLEM_TLS            "tls"
#define PFA_PROBLEM_PERMISSION     "permission"
#define PFA_PROBLEM_UNPLUGGED      "unplugged"

#define PFA_ONLINE_PASSED        "passed"
#define PFA_ONLINE_NO_CONNECTION "no-connection"
#define PFA_ONLINE_HOST_REFUSED  "host-refused"
#define PFA_ONLINE_NOT_SUPPORTED "not-supported"

/* A plain value. Strings are NULL, numbers -1 and lists empty where the terminal did not say. */
typedef struct
{
  char *address;
  char *protocol;
  gboolean experimental;
  gboolean reached; /* at least one message that makes sense came back */
  guint elapsed_ms;

  char *brand;
  char *model;
  char *serial;
  char *terminal_id;
  char *software;
  char *clock; /* "2023-04-05T22:56:55", the terminal's own */
  gboolean has_clock_offset;
  gint64 clock_offset_s; /* terminal minus this computer */

  char *state;      /* an id of DESIGN.md 4.5 */
  char *state_code; /* as the protocol writes it, or NULL */
  GPtrArray *locks; /* (element-type utf8) ids */
  GPtrArray *needs; /* (element-type utf8) ids: what the terminal asks for */
  int battery_percent;
  char *printer;  /* ok, paper-low, no-paper, paper-jam, out-of-order */
  PfaTold reader; /* works? */
  PfaTold security;
  PfaTold host_reachable;

  char *result_code;    /* "96", "6C" */
  char *result_made_by; /* host, terminal */
  char *result_raw;     /* "60" */
  char *result_words;   /* the terminal's own text, or NULL */

  char *online_result; /* PFA_ONLINE_…, or NULL */
  char *online_code;
  gboolean online_unfinished; /* the terminal was still at its test when the reading ended */
  char *problem;              /* PFA_PROBLEM_…, or NULL */
  char *problem_facts;        /* English, for the log: what exactly failed */
  PfaObservation *usb;        /* what USB alone shows, for an address usb:…, or NULL */
  JsonObject *sources;        /* field → where in the protocol it stood */
  char *conversation;         /* pfa_conversation_build(), or NULL where nothing was said */
} PfaTerminalStatus;

PfaTerminalStatus *pfa_terminal_status_new (const char *address, const char *protocol);
void pfa_terminal_status_free (PfaTerminalStatus *self);

/* Sets a field of the struct above from (transfer full) @value and notes its source; NULL keeps
 * what was there. */
void pfa_terminal_status_take (PfaTerminalStatus *self,
                               char **field,
                               const char *name,
                               char *value,
                               const char *source);
void
pfa_terminal_status_note_source (PfaTerminalStatus *self, const char *name, const char *source);
void pfa_terminal_status_set_state (PfaTerminalStatus *self, const char *state, const char *code);
/* By the first problem: later ones are its consequences. */
void
pfa_terminal_status_set_problem (PfaTerminalStatus *self, const char *problem, const char *facts);
void pfa_terminal_status_add_lock (PfaTerminalStatus *self, const char *lock);
void pfa_terminal_status_add_need (PfaTerminalStatus *self, const char *need);
gboolean pfa_terminal_status_has_need (const PfaTerminalStatus *self, const char *need);
void pfa_terminal_status_set_result (PfaTerminalStatus *self,
                                     const char *code,
                                     const char *made_by,
                                     const char *raw);
/* @clock: "YYYY-MM-DDThh:mm:ss" in the shop's time; @now: this computer's. Refuses what is no date.
 */
gboolean pfa_terminal_status_set_clock (PfaTerminalStatus *self,
                                        const char *clock,
                                        GDateTime *now,
                                        const char *source);
/* The same for a terminal that tells no seconds: minutes are compared with minutes. */
gboolean pfa_terminal_status_set_clock_to_the_minute (PfaTerminalStatus *self,
                                                      const char *clock,
                                                      GDateTime *now,
                                                      const char *source);

gboolean pfa_terminal_status_is_ready (const PfaTerminalStatus *self);

/* pos-first-aid-terminal/1; serial number and terminal id are masked. (transfer full) */
JsonObject *pfa_terminal_status_to_json (PfaTerminalStatus *self, const char *language);
/* (transfer full, element-type PfaObservation). @provider names the software versions it
 * supports; may be NULL. */
GPtrArray *pfa_terminal_status_dup_observations (PfaTerminalStatus *self, PfaProvider *provider);
/* The last four characters behind dots; NULL gives NULL. (transfer full) */
char *pfa_terminal_mask (const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaTerminalStatus, pfa_terminal_status_free)

G_END_DECLS
