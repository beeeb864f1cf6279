/* pfa-guided-line.h - the merchant's line to the relay: numbering, keeping, resuming, sealing
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "pfa-guided-frame.h"
#include "pfa-guided-keys.h"

G_BEGIN_DECLS

/* Why a session is over. Words of `guided.jsonl`, of `guided --json` and of the frame bye. */
#define PFA_GUIDED_END_STOPPED        "stopped" /* by the merchant */
#define PFA_GUIDED_END_AGENT_LEFT     "agent-left"
#define PFA_GUIDED_END_DENIED         "denied" /* the merchant does not know that agent */
#define PFA_GUIDED_END_NUMBERS_DIFFER "numbers-differ"
#define PFA_GUIDED_END_NO_COMPARISON  "no-comparison" /* nobody said that they are the same */
#define PFA_GUIDED_END_NOBODY_JOINED  "nobody-joined"
#define PFA_GUIDED_END_NOT_RENEWED    "not-renewed"
#define PFA_GUIDED_END_IDLE           "idle"
#define PFA_GUIDED_END_TOO_LONG       "too-long"
#define PFA_GUIDED_END_NO_NETWORK     "no-network"
#define PFA_GUIDED_END_AGENT_SILENT   "agent-silent"
#define PFA_GUIDED_END_REFUSED        "refused"   /* the server does not take us in */
#define PFA_GUIDED_END_UNTRUSTED      "untrusted" /* its certificate cannot be verified */
#define PFA_GUIDED_END_WRONG_VERSION  "wrong-version"
#define PFA_GUIDED_END_BAD_FRAME      "bad-frame"      /* what came breaks the protocol */
#define PFA_GUIDED_END_ALTERED        "altered"        /* somebody between us changed a frame */
#define PFA_GUIDED_END_MISSING        "frames-missing" /* somebody between us swallows frames */
#define PFA_GUIDED_END_LOG_DIFFERS    "log-differs"
#define PFA_GUIDED_END_ENDED          "ended" /* by the server, without saying why */

typedef struct _PfaGuidedLine PfaGuidedLine;

/* All in milliseconds; the tests make them short. */
typedef struct
{
  guint heartbeat_ms;
  guint dead_ms;
  guint resume_ms; /* how long a broken line is mended */
  guint retry_ms;  /* the first pause; doubled up to eight times it */
  guint answer_ms; /* silence is no */
  guint renew_ms;  /* consent to watching */
  guint idle_ms;
  guint longest_ms;
  guint late_ms;   /* a request that was kept longer than this */
  guint silent_ms; /* nothing sealed from the agent */
} PfaGuidedTimes;

extern const PfaGuidedTimes pfa_guided_default_times;

typedef struct
{
  /* welcome, claim and bye of the relay, with seq 0. */
  void (*on_relay_frame) (const PfaGuidedFrame *frame, gpointer user_data);
  /* The other side's next frame, in order, none missing, none twice. @sealed: it was. */
  void (*on_frame) (const PfaGuidedFrame *frame, gboolean sealed, gpointer user_data);
  /* The line broke and is being mended, or is up (again). */
  void (*on_changed) (gboolean up, gpointer user_data);
  /* There is room for new frames again. */
  void (*on_room) (gpointer user_data);
  /* Over: one of the words above; @detail for the log, may be NULL. */
  void (*on_ended) (const char *reason, const char *detail, gpointer user_data);
} PfaGuidedLineEvents;

/* @trust: PEM file of the authorities to believe instead of the system's, or NULL. Plain ws: only
 * to loopback addresses. */
PfaGuidedLine *pfa_guided_line_new (const char *url,
                                    const char *trust,
                                    const char *provider,
                                    const char *language,
                                    const PfaGuidedTimes *times,
                                    const PfaGuidedLineEvents *events,
                                    gpointer user_data);
/* Closes it without a word; no event comes any more. */
void pfa_guided_line_free (PfaGuidedLine *self);

void pfa_guided_line_start (PfaGuidedLine *self);
/* The relay's name of the session; NULL before its first welcome. */
const char *pfa_guided_line_get_session (PfaGuidedLine *self);
gboolean pfa_guided_line_is_up (PfaGuidedLine *self);
/* From now on frames are sealed and opened with @keys (transfer none, must live as long). */
void pfa_guided_line_set_keys (PfaGuidedLine *self, PfaGuidedKeys *keys);

/* How many new frames may be sent now. What is sent beyond it is lost. */
guint pfa_guided_line_get_room (PfaGuidedLine *self);
/* Numbers, seals where keys are set, keeps and sends. Frames that the protocol does not know in
 * that form are a mistake of this program and are dropped. */
void pfa_guided_line_send (PfaGuidedLine *self, PfaGuidedFrame *frame);
/* Says goodbye if anybody still hears it, and closes. Nothing is awaited. */
void pfa_guided_line_stop (PfaGuidedLine *self, const char *reason);

/* TRUE when the other side wrote a frame with @seen although this side had said something newer
 * more than times.late_ms before. */
gboolean pfa_guided_line_is_late (PfaGuidedLine *self, guint64 seen);
/* Once in a while, for heartbeat and deadlines; the session calls it. @now: monotonic. */
void pfa_guided_line_look (PfaGuidedLine *self, gint64 now);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaGuidedLine, pfa_guided_line_free)

G_END_DECLS
