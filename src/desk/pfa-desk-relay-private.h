/* pfa-desk-relay-private.h - what the files of the relay share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-desk-codes.h"
#include "pfa-desk-relay.h"
#include "pfa-desk-seat.h"

G_BEGIN_DECLS

typedef enum
{
  SESSION_WAITING, /* for an agent with the code */
  SESSION_CLAIMED, /* for the merchant's word */
  SESSION_JOINED,
  SESSION_N_STATES,
} SessionState;

/* One of the two ends of a session: at this desk (@seat), at another (@desk), or away. */
typedef struct
{
  PfaDeskSeat *seat;
  char *desk;
  char *token_hash;
  gint64 gone_since; /* 0: not away */
  guint64 ack;       /* the highest frame of the other end that it has taken in */
} Side;

typedef struct
{
  PfaDeskRelay *relay;
  char *id;
  char *provider;
  char *language;
  char *agent_name;
  char *agent_organisation;
  SessionState state;
  gint64 began;
  gint64 last_frame;
  Side sides[2]; /* by PfaGuidedRole */
} Session;

struct _PfaDeskRelay
{
  GObject parent_instance;

  PfaDeskRelayTimes times;
  PfaDeskBus *bus;
  PfaDeskCodes *codes;
  PfaDeskWrongs *wrong_agents;
  PfaDeskWrongs *wrong_addresses;
  PfaDeskWrongs *wrong_all;
  GHashTable *sessions;  /* id → Session */
  GHashTable *loose;     /* seats that belong to no session yet, as a set */
  GHashTable *agents;    /* agents' seats → PfaDeskAgent */
  GHashTable *elsewhere; /* id → Session: at other desks, should one of them fall */
  GHashTable *desks;     /* other desks' names → gint64 *, when they were last heard */
  GHashTable *asked;     /* claims asked of other desks: number → Asked */
  guint64 n_asked;
  guint tick_id;
  guint ticks;
  guint64 n_frames;
  guint64 n_wrong_claims;
  guint64 n_ended;
  guint64 n_resumed;
};

/* pfa-desk-relay-session.c */
Session *pfa_desk_session_new (PfaDeskRelay *relay, const char *id);
void pfa_desk_session_free (Session *session);
void pfa_desk_session_set_seat (Session *session, PfaGuidedRole role, PfaDeskSeat *seat);
void pfa_desk_session_set_desk (Session *session, PfaGuidedRole role, const char *desk);
void pfa_desk_session_send_welcome (Session *session, PfaGuidedRole to, const char *peer);
void pfa_desk_session_send_code (Session *session, const char *token);
void pfa_desk_session_send_claim (Session *session);
void pfa_desk_session_forward (Session *session,
                               PfaGuidedRole from,
                               const PfaGuidedFrame *frame,
                               const char *text);
/* The end at @role has left, is back (with what it has taken in), or says more of that. */
void pfa_desk_session_set_gone (Session *session, PfaGuidedRole role);
void pfa_desk_session_set_back (Session *session, PfaGuidedRole role, guint64 ack);
void pfa_desk_session_set_ack (Session *session, PfaGuidedRole role, guint64 ack);
/* Says goodbye to the ends here, closes them with @code, and takes the session out. */
void pfa_desk_session_end (Session *session, PfaGuidedClose code, const char *reason);
gboolean pfa_desk_session_is_token (Session *session, PfaGuidedRole role, const char *token);
char *pfa_desk_session_hash_token (const char *token);

/* pfa-desk-relay.c */
Session *pfa_desk_relay_find (PfaDeskRelay *self, const char *id);
void pfa_desk_relay_add (PfaDeskRelay *self, Session *session);
gboolean pfa_desk_relay_has_seat (PfaDeskRelay *self, PfaDeskSeat *seat);
/* From now on @seat is one of the two of @session. */
void pfa_desk_relay_move_in (PfaDeskRelay *self, Session *session, PfaDeskSeat *seat);

/* pfa-desk-relay-claim.c */
void pfa_desk_relay_begin_counting (PfaDeskRelay *self);
void pfa_desk_relay_take_claim (PfaDeskRelay *self, PfaDeskSeat *seat, const char *code);
/* The agent behind @seat has the right code: @session is his, here. */
void
pfa_desk_relay_join (PfaDeskRelay *self, Session *session, PfaDeskSeat *seat, const char *token);
void pfa_desk_relay_count_wrong (PfaDeskRelay *self, PfaDeskSeat *seat);
void pfa_desk_relay_refuse_claim (PfaDeskRelay *self, PfaDeskSeat *seat);
/* Claims @code among the codes of this desk, and gives new ones to whose code died of it. */
Session *pfa_desk_relay_claim (PfaDeskRelay *self, const char *code);

/* pfa-desk-relay-bus.c; nothing happens without a bus. */
void pfa_desk_relay_bus_start (PfaDeskRelay *self);
void pfa_desk_relay_bus_tick (PfaDeskRelay *self, gint64 now_us);
void pfa_desk_relay_bus_watch (PfaDeskRelay *self, Session *session);
void pfa_desk_relay_bus_forget (PfaDeskRelay *self, Session *session);
/* Asks the other desks for @code; FALSE without a bus. */
gboolean pfa_desk_relay_bus_ask (PfaDeskRelay *self,
                                 PfaDeskSeat *seat,
                                 const PfaDeskAgent *agent,
                                 const char *code);
/* @seat goes: what it has claimed counts as wrong, since it does not wait for the answer. */
void pfa_desk_relay_bus_forget_seat (PfaDeskRelay *self, PfaDeskSeat *seat);
/* 1 while the other desks are being asked for a code that @seat has claimed, else 0. */
guint pfa_desk_relay_bus_is_asking (PfaDeskRelay *self, PfaDeskSeat *seat);
/* Tells all desks about a claimed session, or that it has ended. */
void pfa_desk_relay_bus_announce (PfaDeskRelay *self, Session *session, gboolean ended);
/* One of: 'f' frame (@number: seq), 'g' gone, 'b' back, 'h' here (@number: ack), 'k' ack, 'e' end.
 * About the end at @role, to whoever holds the other one. */
void pfa_desk_relay_bus_tell (PfaDeskRelay *self,
                              Session *session,
                              PfaGuidedRole role,
                              char what,
                              guint64 number,
                              const char *text);
Session *pfa_desk_relay_bus_adopt (PfaDeskRelay *self, const char *id);
void pfa_desk_relay_bus_free (PfaDeskRelay *self);

G_END_DECLS
