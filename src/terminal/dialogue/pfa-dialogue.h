/* pfa-dialogue.h - what to say to a terminal and what its answers mean, without a clock or a cable
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-parse.h"
#include "pfa-terminal-address.h"
#include "pfa-terminal-secrets.h"
#include "pfa-terminal-status.h"

G_BEGIN_DECLS

typedef struct _PfaDialogue PfaDialogue;

typedef enum
{
  PFA_WAIT_LINE,   /* of the frame: since the last byte or send */
  PFA_WAIT_ANSWER, /* of the protocol: since the dialogue restarted it */
} PfaWait;

/* One protocol. Every function is pure: it changes the dialogue and the status, nothing else. */
typedef struct
{
  void (*begin) (PfaDialogue *self);
  void (*receive) (PfaDialogue *self, PfaSpan bytes);
  void (*expire) (PfaDialogue *self, PfaWait wait);
  /* The other side hung up. */
  void (*hang_up) (PfaDialogue *self);
  void (*free) (PfaDialogue *self);
} PfaDialogueClass;

/* What the session reads after each call. The first member of each protocol's own struct. */
struct _PfaDialogue
{
  const PfaDialogueClass *klass;
  PfaTerminalStatus *status; /* not owned */
  GDateTime *now;            /* this computer's time when the read began */
  GByteArray *out;           /* to be sent; the session empties it */
  guint line_wait_ms;        /* 0: none */
  guint answer_wait_ms;      /* 0: none */
  gboolean restart;          /* begin to count answer_wait_ms now; the session clears it */
  gboolean finished;         /* send what is in out, then close */
};

typedef struct
{
  const PfaTerminalAddress *address;
  const PfaTerminalSecrets *secrets; /* or NULL */
  gboolean online_test;
  GDateTime *now;
} PfaDialogueSettings;

/* NULL for a protocol that speaks nothing (usb). */
PfaDialogue *pfa_dialogue_new (const PfaDialogueSettings *settings, PfaTerminalStatus *status);
void pfa_dialogue_free (PfaDialogue *self);

void pfa_dialogue_begin (PfaDialogue *self);
void pfa_dialogue_receive (PfaDialogue *self, PfaSpan bytes);
void pfa_dialogue_expire (PfaDialogue *self, PfaWait wait);
void pfa_dialogue_hang_up (PfaDialogue *self);

/* For the protocols. */
void pfa_dialogue_init (PfaDialogue *self,
                        const PfaDialogueClass *klass,
                        const PfaDialogueSettings *settings,
                        PfaTerminalStatus *status);
void pfa_dialogue_wait (PfaDialogue *self, guint answer_wait_ms);
void pfa_dialogue_finish (PfaDialogue *self);
void pfa_dialogue_fail (PfaDialogue *self, const char *problem, const char *facts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaDialogue, pfa_dialogue_free)

G_END_DECLS
