/* test-guided-session.c - the merchant's side of a guided session, with an honest relay
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "guided-peer.h"

/* ---- the journey ---- */

static void
test_joined (GuidedPeer *f, gconstpointer data)
{
  g_autoptr (JsonArray) log = NULL;
  JsonObject *view;
  guint fault;

  guided_peer_join (f);
  WAIT_FOR (guided_peer_find_frame (f, PFA_GUIDED_SNAPSHOT) != NULL);
  view = pfa_json_peek_object (guided_peer_find_frame (f, PFA_GUIDED_SNAPSHOT)->body, "view");
  g_assert_cmpstr (pfa_json_peek_string (pfa_json_peek_object (view, "head"), "language"),
                   ==,
                   "de");
  log = pfa_guided_session_build_log (f->session);
  g_assert_true (pfa_guided_log_verify ("testsession", log, &fault));
  g_assert_cmpuint (json_array_get_length (log), >=, 4);
}

/* A change is a small frame and comes at once. */
static void
test_change_is_shown (GuidedPeer *f, gconstpointer data)
{
  gint64 began;
  PfaGuidedFrame *event;

  guided_peer_join (f);
  WAIT_FOR (guided_peer_find_frame (f, PFA_GUIDED_SNAPSHOT) != NULL);
  g_free (f->view->station);
  f->view->station = g_strdup ("good");
  began = g_get_monotonic_time ();
  pfa_guided_view_emit_changed (PFA_GUIDED_VIEW (f->view));
  WAIT_FOR ((event = guided_peer_find_frame (f, PFA_GUIDED_EVENT)) != NULL &&
            g_strcmp0 (pfa_guided_frame_get_text (event, "section"), "stations") == 0);
  g_assert_cmpint (g_get_monotonic_time () - began, <, G_USEC_PER_SEC);
}

static void
test_yes (GuidedPeer *f, gconstpointer data)
{
  guided_peer_join (f);
  guided_peer_agent_send (f,
                          "{\"type\":\"run-check\"," SEEN ",\"request\":1,\"check\":\"router\"}",
                          f->taken);
  WAIT_FOR (pfa_guided_session_get_prompt (f->session) != NULL);
  g_assert_cmpuint (f->view->acted, ==, 0);
  g_assert_true (pfa_guided_session_answer (f->session,
                                            pfa_guided_session_get_prompt (f->session)->id,
                                            TRUE,
                                            NULL));
  WAIT_FOR (guided_peer_find_frame (f, PFA_GUIDED_RESULT) != NULL);
  g_assert_cmpstr (f->view->last, ==, "run-check router");
  g_assert_cmpstr (guided_peer_find_answer (f, 1), ==, "yes");
}

static void
test_no (GuidedPeer *f, gconstpointer data)
{
  guint id;

  guided_peer_join (f);
  guided_peer_agent_send (f,
                          "{\"type\":\"suggest-step\"," SEEN
                          ",\"request\":1,\"step\":\"restart-router\"}",
                          f->taken);
  WAIT_FOR (pfa_guided_session_get_prompt (f->session) != NULL);
  id = pfa_guided_session_get_prompt (f->session)->id;
  g_assert_true (pfa_guided_session_answer (f->session, id, FALSE, NULL));
  g_assert_false (pfa_guided_session_answer (f->session, id, TRUE, NULL));
  WAIT_FOR (guided_peer_find_answer (f, 1) != NULL);
  g_assert_cmpstr (guided_peer_find_answer (f, 1), ==, "no");
  g_assert_cmpuint (f->view->acted, ==, 0);
}

static void
test_silence_is_no (GuidedPeer *f, gconstpointer data)
{
  f->times.answer_ms = 60;
  guided_peer_join (f);
  guided_peer_agent_send (f, "{\"type\":\"request-bundle\"," SEEN ",\"request\":1}", f->taken);
  WAIT_FOR (guided_peer_find_answer (f, 1) != NULL);
  g_assert_cmpstr (guided_peer_find_answer (f, 1), ==, "silence");
  g_assert_cmpuint (f->view->acted, ==, 0);
}

static void
test_question_takes_its_answers_only (GuidedPeer *f, gconstpointer data)
{
  guint id;

  guided_peer_join (f);
  guided_peer_agent_send (f,
                          "{\"type\":\"ask\"," SEEN ",\"request\":1,\"question\":\"lights\"}",
                          f->taken);
  WAIT_FOR (pfa_guided_session_get_prompt (f->session) != NULL);
  id = pfa_guided_session_get_prompt (f->session)->id;
  g_assert_false (pfa_guided_session_answer (f->session, id, TRUE, NULL));
  g_assert_false (pfa_guided_session_answer (f->session, id, TRUE, "blue"));
  g_assert_true (pfa_guided_session_answer (f->session, id, TRUE, "green"));
  WAIT_FOR (guided_peer_find_frame (f, PFA_GUIDED_RESULT) != NULL);
  g_assert_cmpstr (f->view->last, ==, "ask lights green");
}

static void
test_unknown_ids_are_refused (GuidedPeer *f, gconstpointer data)
{
  guided_peer_join (f);
  guided_peer_agent_send (f,
                          "{\"type\":\"run-check\"," SEEN
                          ",\"request\":1,\"check\":\"format-disk\"}",
                          f->taken);
  WAIT_FOR (guided_peer_find_answer (f, 1) != NULL);
  g_assert_cmpstr (guided_peer_find_answer (f, 1), ==, "refused");
  g_assert_null (pfa_guided_session_get_prompt (f->session));
  /* The session goes on. */
  guided_peer_agent_send (f, "{\"type\":\"message\"," SEEN ",\"text\":\"sorry\"}", f->taken);
  WAIT_FOR (f->message != NULL);
}

static void
test_number_is_used_once (GuidedPeer *f, gconstpointer data)
{
  guided_peer_join (f);
  guided_peer_agent_send (f,
                          "{\"type\":\"run-check\"," SEEN ",\"request\":5,\"check\":\"router\"}",
                          f->taken);
  WAIT_FOR (pfa_guided_session_get_prompt (f->session) != NULL);
  pfa_guided_session_answer (f->session,
                             pfa_guided_session_get_prompt (f->session)->id,
                             TRUE,
                             NULL);
  WAIT_FOR (guided_peer_find_frame (f, PFA_GUIDED_RESULT) != NULL);
  guided_peer_agent_send (f,
                          "{\"type\":\"run-check\"," SEEN ",\"request\":5,\"check\":\"router\"}",
                          f->taken);
  guided_peer_agent_send (f, "{\"type\":\"message\"," SEEN ",\"text\":\"x\"}", f->taken);
  WAIT_FOR (f->message != NULL);
  g_assert_null (pfa_guided_session_get_prompt (f->session));
  g_assert_cmpuint (f->view->acted, ==, 1);
}

static void
test_denied (GuidedPeer *f, gconstpointer data)
{
  f->yes = FALSE;
  guided_peer_start (f);
  guided_peer_claim (f);
  WAIT_FOR (f->ended != NULL && f->denied);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_DENIED);
  g_assert_null (f->keys);
}

static void
test_numbers_differ (GuidedPeer *f, gconstpointer data)
{
  f->quiet = TRUE;
  guided_peer_start (f);
  guided_peer_claim (f);
  WAIT_FOR (pfa_guided_session_get_prompt (f->session) != NULL);
  pfa_guided_session_answer (f->session,
                             pfa_guided_session_get_prompt (f->session)->id,
                             TRUE,
                             NULL);
  WAIT_FOR (pfa_guided_session_get_state (f->session) == PFA_GUIDED_COMPARING);
  pfa_guided_session_answer (f->session,
                             pfa_guided_session_get_prompt (f->session)->id,
                             FALSE,
                             NULL);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_NUMBERS_DIFFER);
  WAIT_FOR (f->bye != NULL);
  g_assert_null (guided_peer_find_frame (f, PFA_GUIDED_SNAPSHOT));
}

/* Nothing is shown before both have compared. */
static void
test_nothing_before_comparing (GuidedPeer *f, gconstpointer data)
{
  guided_peer_start (f);
  guided_peer_claim (f);
  WAIT_FOR (f->revealed);
  pfa_guided_view_emit_changed (PFA_GUIDED_VIEW (f->view));
  guided_peer_agent_send (f,
                          "{\"type\":\"run-check\"," SEEN ",\"request\":1,\"check\":\"router\"}",
                          f->taken);
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_BAD_FRAME);
  g_assert_null (guided_peer_find_frame (f, PFA_GUIDED_SNAPSHOT));
  g_assert_cmpuint (f->view->acted, ==, 0);
}

/* Stop does not ask anybody: it works while the relay says nothing at all. */
static void
test_stop (GuidedPeer *f, gconstpointer data)
{
  guided_peer_join (f);
  f->silent = TRUE;
  pfa_guided_session_stop (f->session);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_STOPPED);
  g_assert_false (pfa_guided_session_is_line_up (f->session));
}

static void
test_agent_leaves (GuidedPeer *f, gconstpointer data)
{
  guided_peer_join (f);
  guided_peer_agent_send (f, "{\"type\":\"bye\"," SEEN ",\"reason\":\"agent-left\"}", f->taken);
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_AGENT_LEFT);
}

/* ---- the clock ---- */

typedef struct
{
  const char *name;
  gsize offset;
  const char *reason;
  gboolean joined;
} ClockCase;

static const ClockCase clock_cases[] = {
  { "idle", G_STRUCT_OFFSET (PfaGuidedTimes, idle_ms), PFA_GUIDED_END_IDLE, TRUE },
  { "longest", G_STRUCT_OFFSET (PfaGuidedTimes, longest_ms), PFA_GUIDED_END_TOO_LONG, TRUE },
  { "agent-silent",
    G_STRUCT_OFFSET (PfaGuidedTimes, silent_ms),
    PFA_GUIDED_END_AGENT_SILENT,
    TRUE },
  { "nobody", G_STRUCT_OFFSET (PfaGuidedTimes, longest_ms), PFA_GUIDED_END_NOBODY_JOINED, FALSE },
};

static void
test_clock (GuidedPeer *f, gconstpointer data)
{
  const ClockCase *c = data;

  G_STRUCT_MEMBER (guint, &f->times, c->offset) = 150;
  f->times.heartbeat_ms = 50;
  if (c->joined)
    guided_peer_join (f);
  else
    guided_peer_start (f);
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, c->reason);
}

static void
test_consent_is_renewed (GuidedPeer *f, gconstpointer data)
{
  f->times.renew_ms = 60;
  f->times.heartbeat_ms = 50;
  guided_peer_join (f);
  f->quiet = TRUE;
  WAIT_FOR (pfa_guided_session_get_prompt (f->session) != NULL &&
            pfa_guided_session_get_prompt (f->session)->kind == PFA_GUIDED_PROMPT_RENEW);
  pfa_guided_session_answer (f->session,
                             pfa_guided_session_get_prompt (f->session)->id,
                             FALSE,
                             NULL);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_NOT_RENEWED);
}

/* ---- the line ---- */

static void
test_resumed (GuidedPeer *f, gconstpointer data)
{
  guint connections;

  guided_peer_join (f);
  connections = f->connections;
  /* Said while the line is broken: it comes after the resume. */
  g_io_stream_close (soup_websocket_connection_get_io_stream (f->line), NULL, NULL);
  WAIT_FOR (!pfa_guided_session_is_line_up (f->session));
  g_assert_true (pfa_guided_session_say (f->session, "still here"));
  WAIT_FOR (f->connections > connections && pfa_guided_session_is_line_up (f->session));
  WAIT_FOR (guided_peer_find_frame (f, PFA_GUIDED_MESSAGE) != NULL);
  g_assert_cmpstr (pfa_guided_frame_get_text (guided_peer_find_frame (f, PFA_GUIDED_MESSAGE),
                                              "text"),
                   ==,
                   "still here");
  guided_peer_agent_send (f, "{\"type\":\"message\"," SEEN ",\"text\":\"me too\"}", f->taken);
  WAIT_FOR (f->message != NULL);
  g_assert_null (f->ended);
}

static void
test_no_network (GuidedPeer *f, gconstpointer data)
{
  f->times.resume_ms = 150;
  guided_peer_join (f);
  soup_server_disconnect (f->server);
  g_io_stream_close (soup_websocket_connection_get_io_stream (f->line), NULL, NULL);
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_NO_NETWORK);
}

/* A relay that keeps the line open and says nothing: found dead, resumed. */
static void
test_dead_line_is_found (GuidedPeer *f, gconstpointer data)
{
  guint connections;

  f->times.heartbeat_ms = 20;
  f->times.dead_ms = 100;
  guided_peer_join (f);
  connections = f->connections;
  f->silent = TRUE;
  WAIT_FOR (f->connections > connections);
  f->silent = FALSE;
  g_assert_null (f->ended);
}

static void
test_plain_address (void)
{
  static const guint8 key[32] = { 7 };
  static const char *const urls[] = { "ws://192.0.2.1/guided",
                                      "http://127.0.0.1/",
                                      "guided",
                                      "",
                                      "wss:///guided" };

  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr (TestView) view = g_object_new (TEST_TYPE_VIEW, NULL);
      g_autoptr (PfaGuidedSession) session =
          pfa_guided_session_new (PFA_GUIDED_VIEW (view), key, urls[i], NULL, "lab", "en");

      pfa_guided_session_start (session);
      g_assert_cmpstr (pfa_guided_session_get_reason (session), ==, PFA_GUIDED_END_REFUSED);
    }
}

#define ADD(name, function)                                                                        \
  g_test_add ("/support/guided-session/" name,                                                     \
              GuidedPeer,                                                                          \
              NULL,                                                                                \
              guided_peer_set_up,                                                                  \
              function,                                                                            \
              guided_peer_tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("joined", test_joined);
  ADD ("change-is-shown", test_change_is_shown);
  ADD ("yes", test_yes);
  ADD ("no", test_no);
  ADD ("silence-is-no", test_silence_is_no);
  ADD ("question-takes-its-answers-only", test_question_takes_its_answers_only);
  ADD ("unknown-ids-are-refused", test_unknown_ids_are_refused);
  ADD ("number-is-used-once", test_number_is_used_once);
  ADD ("denied", test_denied);
  ADD ("numbers-differ", test_numbers_differ);
  ADD ("nothing-before-comparing", test_nothing_before_comparing);
  ADD ("stop", test_stop);
  ADD ("agent-leaves", test_agent_leaves);
  ADD ("consent-is-renewed", test_consent_is_renewed);
  ADD ("resumed", test_resumed);
  ADD ("no-network", test_no_network);
  ADD ("dead-line-is-found", test_dead_line_is_found);
  for (guint i = 0; i < G_N_ELEMENTS (clock_cases); i++)
    {
      g_autofree char *path =
          g_strdup_printf ("/support/guided-session/clock/%s", clock_cases[i].name);

      g_test_add (path,
                  GuidedPeer,
                  &clock_cases[i],
                  guided_peer_set_up,
                  test_clock,
                  guided_peer_tear_down);
    }
  g_test_add_func ("/support/guided-session/plain-address-is-refused", test_plain_address);
  return g_test_run ();
}
