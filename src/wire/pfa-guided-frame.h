/* pfa-guided-frame.h - the frames of a guided session: parsing, building, limits
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define PFA_GUIDED_PROTOCOL "posaid.guided.v1"
#define PFA_GUIDED_VERSION  1

/* A whole WebSocket message, in bytes. */
#define PFA_GUIDED_FRAME_MAX (32 * 1024)
/* What fits into one sealed frame: base64 takes 4/3, the tag 16 bytes, the envelope about 100. */
#define PFA_GUIDED_PLAIN_MAX (24 * 1000)
/* What a side keeps until the other has acknowledged it; beyond it nothing new is sent. */
#define PFA_GUIDED_WINDOW 64

#define PFA_GUIDED_HEARTBEAT_S  10
#define PFA_GUIDED_DEAD_S       25
#define PFA_GUIDED_RESUME_S     60
#define PFA_GUIDED_CODE_VALID_S 300

/* Close codes of the relay (README.md says what each side does then). */
typedef enum
{
  PFA_GUIDED_CLOSE_BAD_FRAME = 4400,
  PFA_GUIDED_CLOSE_NOT_SIGNED_IN = 4401,
  PFA_GUIDED_CLOSE_DENIED = 4403,
  PFA_GUIDED_CLOSE_UNKNOWN = 4404,
  PFA_GUIDED_CLOSE_SILENT = 4408,
  PFA_GUIDED_CLOSE_TAKEN = 4409,
  PFA_GUIDED_CLOSE_ENDED = 4410,
  PFA_GUIDED_CLOSE_SLOW = 4413,
  PFA_GUIDED_CLOSE_TOO_MANY = 4429,
  PFA_GUIDED_CLOSE_RESTART = 4503,
} PfaGuidedClose;

typedef enum
{
  PFA_GUIDED_HELLO,
  PFA_GUIDED_WELCOME,
  PFA_GUIDED_CLAIM,
  PFA_GUIDED_GRANT,
  PFA_GUIDED_COMMIT,
  PFA_GUIDED_REVEAL,
  PFA_GUIDED_COMPARED,
  PFA_GUIDED_SNAPSHOT,
  PFA_GUIDED_EVENT,
  PFA_GUIDED_SUGGEST_STEP,
  PFA_GUIDED_ASK,
  PFA_GUIDED_RUN_CHECK,
  PFA_GUIDED_REQUEST_BUNDLE,
  PFA_GUIDED_CONSENT,
  PFA_GUIDED_RESULT,
  PFA_GUIDED_MESSAGE,
  PFA_GUIDED_PING,
  PFA_GUIDED_PONG,
  PFA_GUIDED_BYE,
  PFA_GUIDED_SEALED, /* an envelope; its type is inside */
  PFA_GUIDED_N_TYPES,
} PfaGuidedType;

/* One frame. @body holds the members besides type, seq and ack. @seq is 0 for what only one line of
 * the two knows (program to relay, page to relay); everything else is numbered from 1 by its
 * sender, from end to end. @ack is the highest seq that the sender of this frame has taken in. */
typedef struct
{
  PfaGuidedType type;
  guint64 seq;
  guint64 ack;
  JsonObject *body;
} PfaGuidedFrame;

PfaGuidedFrame *pfa_guided_frame_new (PfaGuidedType type);
void pfa_guided_frame_free (PfaGuidedFrame *self);

/* Reads what came over the socket. Refuses (PFA_ERROR_INVALID_DATA) what is longer than
 * PFA_GUIDED_FRAME_MAX, is no strict JSON object, has no known type, lacks a member or holds one of
 * the wrong kind or size, and what may only come sealed. Unknown members are kept and harmless. */
PfaGuidedFrame *
pfa_guided_frame_parse (const char *text, gssize length, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same for the inside of a sealed frame, which carries type, seen and the members. */
PfaGuidedFrame *pfa_guided_frame_parse_inside (const char *text,
                                               gssize length,
                                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The text to send; NULL and an error when the other side would refuse it. (transfer full) */
char *pfa_guided_frame_write (const PfaGuidedFrame *self, GError **error);
/* The plain text to seal: no seq (it is the additional data), @ack as "seen". */
char *pfa_guided_frame_write_inside (const PfaGuidedFrame *self, GError **error);

const char *pfa_guided_type_get_name (PfaGuidedType type);
/* TRUE for the frames that only travel inside a sealed envelope once both sides have a key. */
gboolean pfa_guided_type_is_sealed (PfaGuidedType type);
/* TRUE for suggest-step, ask, run-check, request-bundle: what needs a yes. */
gboolean pfa_guided_type_is_request (PfaGuidedType type);

/* Typed members of a parsed frame; what parse() has checked to be there is there. */
const char *pfa_guided_frame_get_text (const PfaGuidedFrame *self, const char *member);
gint64 pfa_guided_frame_get_number (const PfaGuidedFrame *self, const char *member);
gboolean pfa_guided_frame_get_boolean (const PfaGuidedFrame *self, const char *member);
/* Base64 of exactly @size bytes; FALSE when it is not. */
gboolean pfa_guided_frame_read_bytes (const PfaGuidedFrame *self,
                                      const char *member,
                                      guint8 *bytes,
                                      gsize size);
void pfa_guided_frame_set_bytes (PfaGuidedFrame *self,
                                 const char *member,
                                 const guint8 *bytes,
                                 gsize size);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaGuidedFrame, pfa_guided_frame_free)

G_END_DECLS
