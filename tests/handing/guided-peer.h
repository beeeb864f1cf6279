/* guided-peer.h - relay and agent in one, and a merchant's session with them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>
#include <string.h>

#include "pfa-error.h"
#include "pfa-guided-log.h"
#include "pfa-guided-session.h"
#include "pfa-json.h"

G_BEGIN_DECLS

/* What the merchant sees: one station, and what was done on a yes. */
#define TEST_TYPE_VIEW (test_view_get_type ())
G_DECLARE_FINAL_TYPE (TestView, test_view, TEST, VIEW, GObject)

struct _TestView
{
  GObject parent_instance;

  char *station; /* the state of the router, as shown */
  guint acted;
  char *last; /* what was acted on last, "run-check router" */
};

/* Everything that a relay could do, this one can. */
typedef struct
{
  SoupServer *server;
  char *url;
  SoupWebsocketConnection *line;
  guint connections;
  gboolean silent;        /* answers nothing at all */
  const char *first_text; /* instead of the welcome */
  PfaGuidedKeys *keys;
  guint8 commitment[PFA_GUIDED_HASH_SIZE];
  guint64 sent;
  guint64 taken;
  guint number; /* the agent's comparison number */
  gboolean revealed;
  gboolean denied;
  GPtrArray *kept;         /* texts of what the agent has sent, by number */
  GPtrArray *frames;       /* (element-type PfaGuidedFrame) sealed ones from the merchant, opened */
  GPtrArray *heard;        /* texts of these, as they came */
  const char *reveal_text; /* instead of the agent's half */
  gboolean backwards;      /* what comes again after a resume comes the last first */
  char *bye;

  TestView *view;
  PfaGuidedSession *session;
  PfaGuidedTimes times;
  char *code;
  char *ended;
  char *message;
  gboolean yes;   /* how the merchant answers who may watch, and the number */
  gboolean quiet; /* says nothing */
} GuidedPeer;

#define WAIT_FOR(condition)                                                                        \
  do                                                                                               \
    {                                                                                              \
      gint64 given_up = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;                             \
      while (!(condition))                                                                         \
        {                                                                                          \
          g_assert_cmpint (g_get_monotonic_time (), <, given_up);                                  \
          guided_peer_spin (f);                                                                    \
        }                                                                                          \
    }                                                                                              \
  while (0)

#define SEEN "\"seen\":%" G_GUINT64_FORMAT

void guided_peer_spin (GuidedPeer *f);
void guided_peer_send_text (GuidedPeer *f, const char *text);
void guided_peer_relay_send (GuidedPeer *f, const char *format, ...) G_GNUC_PRINTF (2, 3);
char *guided_peer_build_text (GuidedPeer *f, const char *inside);
void guided_peer_agent_send (GuidedPeer *f, const char *format, ...) G_GNUC_PRINTF (2, 3);
void guided_peer_set_up (GuidedPeer *f, gconstpointer data);
/* With a relay that agrees to no protocol. */
void guided_peer_set_up_plain (GuidedPeer *f, gconstpointer data);
void guided_peer_start (GuidedPeer *f);
void guided_peer_claim (GuidedPeer *f);
void guided_peer_join (GuidedPeer *f);
PfaGuidedFrame *guided_peer_find_frame (GuidedPeer *f, PfaGuidedType type);
const char *guided_peer_find_answer (GuidedPeer *f, gint64 request);
void guided_peer_tear_down (GuidedPeer *f, gconstpointer data);

G_END_DECLS
