/* test-guided-evil.c - the merchant's side of a guided session, with a relay that is evil
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "guided-peer.h"

static void
test_altered (GuidedPeer *f, gconstpointer data)
{
  g_autofree char *text = NULL;
  char *place;

  guided_peer_join (f);
  text = guided_peer_build_text (f, "{\"type\":\"message\",\"seen\":4,\"text\":\"hello\"}");
  place = strstr (text, "sealed") + 12;
  *place = *place == 'A' ? 'B' : 'A';
  guided_peer_send_text (f, text);
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_ALTERED);
  g_assert_null (f->message);
}

static void
test_replayed (GuidedPeer *f, gconstpointer data)
{
  g_autofree char *text = NULL;

  guided_peer_join (f);
  guided_peer_agent_send (f,
                          "{\"type\":\"run-check\"," SEEN ",\"request\":1,\"check\":\"router\"}",
                          f->taken);
  WAIT_FOR (pfa_guided_session_get_prompt (f->session) != NULL);
  pfa_guided_session_answer (f->session,
                             pfa_guided_session_get_prompt (f->session)->id,
                             TRUE,
                             NULL);
  WAIT_FOR (f->view->acted == 1);
  for (guint i = 0; i < 20; i++)
    guided_peer_send_text (f, g_ptr_array_index (f->kept, f->kept->len - 1));
  guided_peer_agent_send (f, "{\"type\":\"message\"," SEEN ",\"text\":\"x\"}", f->taken);
  WAIT_FOR (f->message != NULL);
  g_assert_null (pfa_guided_session_get_prompt (f->session));
  g_assert_cmpuint (f->view->acted, ==, 1);
}

/* The same sealed bytes under another number. */
static void
test_renumbered (GuidedPeer *f, gconstpointer data)
{
  g_autofree char *old = NULL;
  g_autofree char *text = NULL;

  guided_peer_join (f);
  guided_peer_agent_send (f,
                          "{\"type\":\"run-check\"," SEEN ",\"request\":1,\"check\":\"router\"}",
                          f->taken);
  WAIT_FOR (pfa_guided_session_get_prompt (f->session) != NULL);
  old = g_strdup (g_ptr_array_index (f->kept, f->kept->len - 1));
  text = g_strdup_printf ("{\"seq\":%" G_GUINT64_FORMAT "%s", f->sent + 1, strchr (old, ','));
  guided_peer_send_text (f, text);
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_ALTERED);
  g_assert_cmpuint (f->view->acted, ==, 0);
}

static void
test_swallowed_once (GuidedPeer *f, gconstpointer data)
{
  g_autofree char *lost = NULL;

  guided_peer_join (f);
  lost = guided_peer_build_text (f, "{\"type\":\"message\",\"seen\":4,\"text\":\"lost\"}");
  guided_peer_agent_send (f, "{\"type\":\"message\"," SEEN ",\"text\":\"second\"}", f->taken);
  /* The gap shows; the resume brings both. */
  WAIT_FOR (g_strcmp0 (f->message, "second") == 0);
  g_assert_null (f->ended);
}

static void
test_swallowed_for_ever (GuidedPeer *f, gconstpointer data)
{
  g_autofree char *lost = NULL;

  guided_peer_join (f);
  lost = guided_peer_build_text (f, "{\"type\":\"message\",\"seen\":4,\"text\":\"lost\"}");
  g_free (g_ptr_array_index (f->kept, f->kept->len - 1));
  f->kept->pdata[f->kept->len - 1] = g_strdup ("{\"type\":\"pong\",\"seq\":0,\"ack\":0,\"n\":0}");
  guided_peer_agent_send (f, "{\"type\":\"message\"," SEEN ",\"text\":\"second\"}", f->taken);
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_MISSING);
  g_assert_null (f->message);
}

/* A request that the relay kept back is refused, although seal and number are right. */
static void
test_kept_for_later (GuidedPeer *f, gconstpointer data)
{
  g_autofree char *text = NULL;
  gint64 later;

  f->times.late_ms = 100;
  f->times.heartbeat_ms = 40;
  guided_peer_join (f);
  text = guided_peer_build_text (
      f,
      "{\"type\":\"run-check\",\"seen\":4,\"request\":1,\"check\":\"router\"}");
  later = g_get_monotonic_time () + 400 * 1000;
  WAIT_FOR (g_get_monotonic_time () > later);
  guided_peer_send_text (f, text);
  WAIT_FOR (guided_peer_find_answer (f, 1) != NULL);
  g_assert_cmpstr (guided_peer_find_answer (f, 1), ==, "refused");
  g_assert_null (pfa_guided_session_get_prompt (f->session));
}

static void
test_other_log (GuidedPeer *f, gconstpointer data)
{
  guided_peer_join (f);
  guided_peer_agent_send (f,
                          "{\"type\":\"pong\"," SEEN ",\"entries\":2,\"head\":\"abcd\"}",
                          f->taken);
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_LOG_DIFFERS);
}

typedef struct
{
  const char *name;
  const char *text;
  const char *reason;
} TextCase;

/* In the middle of a session that is watched. */
static const TextCase text_cases[] = {
  { "malformed", "{\"type\":", PFA_GUIDED_END_BAD_FRAME },
  { "not-an-object", "[]", PFA_GUIDED_END_BAD_FRAME },
  { "unknown-type", "{\"type\":\"screen\",\"seq\":3,\"ack\":0}", PFA_GUIDED_END_BAD_FRAME },
  { "request-in-clear",
    "{\"type\":\"run-check\",\"seq\":3,\"ack\":0,\"request\":1,\"check\":\"router\"}",
    PFA_GUIDED_END_BAD_FRAME },
  { "reveal-again",
    "{\"type\":\"reveal\",\"seq\":3,\"ack\":0,\"key\":\"AAAA\",\"nonce\":\"AAAA\"}",
    PFA_GUIDED_END_BAD_FRAME },
  { "grant-from-agent",
    "{\"type\":\"grant\",\"seq\":3,\"ack\":0,\"allowed\":true}",
    PFA_GUIDED_END_BAD_FRAME },
  { "not-sealed-by-agent",
    "{\"seq\":3,\"ack\":0,\"sealed\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}",
    PFA_GUIDED_END_ALTERED },
  { "relay-says-hello",
    "{\"type\":\"hello\",\"seq\":0,\"ack\":0,\"role\":\"agent\",\"version\":1}",
    PFA_GUIDED_END_BAD_FRAME },
  { "another-session",
    "{\"type\":\"welcome\",\"seq\":0,\"ack\":0,\"session\":\"other\",\"peer\":\"here\"}",
    PFA_GUIDED_END_BAD_FRAME },
  { "bye", "{\"type\":\"bye\",\"seq\":0,\"ack\":0,\"reason\":\"whatever\"}", PFA_GUIDED_END_ENDED },
};

static void
test_text (GuidedPeer *f, gconstpointer data)
{
  const TextCase *c = data;

  guided_peer_join (f);
  g_assert_cmpuint (f->sent, ==, 2);
  guided_peer_send_text (f, c->text);
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, c->reason);
  g_assert_cmpuint (f->view->acted, ==, 0);
}

static const TextCase first_cases[] = {
  { "wrong-version",
    "{\"type\":\"bye\",\"seq\":0,\"ack\":0,\"reason\":\"wrong-version\"}",
    PFA_GUIDED_END_WRONG_VERSION },
  { "no-token",
    "{\"type\":\"welcome\",\"seq\":0,\"ack\":0,\"session\":\"s\",\"peer\":\"none\"}",
    PFA_GUIDED_END_BAD_FRAME },
  { "numbered-first",
    "{\"type\":\"grant\",\"seq\":1,\"ack\":0,\"allowed\":true}",
    PFA_GUIDED_END_BAD_FRAME },
};

static void
test_first_text (GuidedPeer *f, gconstpointer data)
{
  const TextCase *c = data;

  f->first_text = c->text;
  guided_peer_start (f);
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, c->reason);
}

static void
test_oversize (GuidedPeer *f, gconstpointer data)
{
  g_autofree char *filling = g_strnfill (PFA_GUIDED_FRAME_MAX, 'A');

  guided_peer_join (f);
  guided_peer_relay_send (f, "{\"seq\":3,\"ack\":0,\"sealed\":\"%s\"}", filling);
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_BAD_FRAME);
}

/* Frames as libsoup would never write them: @first is what the first one begins with. */
static void
send_pieces (GuidedPeer *f, guint8 first, guint8 others, guint16 size, guint n)
{
  GOutputStream *output =
      g_io_stream_get_output_stream (soup_websocket_connection_get_io_stream (f->line));
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  for (guint i = 0; i < n; i++)
    {
      const guint8 short_head[] = { i == 0 ? first : others, (guint8) size };
      const guint8 head[] = { short_head[0], 126, (guint8) (size >> 8), (guint8) size };
      const guint begin = bytes->len + (size < 126 ? sizeof short_head : sizeof head);

      g_byte_array_append (bytes,
                           size < 126 ? short_head : head,
                           size < 126 ? sizeof short_head : sizeof head);
      g_byte_array_set_size (bytes, begin + size);
      memset (bytes->data + begin, 'A', size);
    }
  g_assert_true (g_output_stream_write_all (output, bytes->data, bytes->len, NULL, NULL, NULL));
}

/* No message ever comes of it: memory and time of the merchant's computer are bounded. */
static void
test_endless_message (GuidedPeer *f, gconstpointer data)
{
  guided_peer_join (f);
  send_pieces (f, 0x01, 0x00, 30000, 3);
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_BAD_FRAME);
}

static void
test_empty_pieces (GuidedPeer *f, gconstpointer data)
{
  guided_peer_join (f);
  send_pieces (f, 0x01, 0x00, 0, 100);
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_BAD_FRAME);
}

/* Each would be answered. */
static void
test_pings (GuidedPeer *f, gconstpointer data)
{
  guided_peer_join (f);
  send_pieces (f, 0x89, 0x89, 4, 100);
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_BAD_FRAME);
}

/* Whatever a relay says, the session ends or goes on; nothing is acted on. */
static void
test_random (GuidedPeer *f, gconstpointer data)
{
  guided_peer_join (f);
  for (guint i = 0; i < 300 && f->ended == NULL; i++)
    {
      g_autofree char *text = g_strdup (g_ptr_array_index (f->kept, 1));

      for (guint k = 0; k < 3; k++)
        text[g_test_rand_int_range (0, (gint32) strlen (text))] =
            (char) g_test_rand_int_range (32, 127);
      guided_peer_send_text (f, text);
      guided_peer_spin (f);
    }
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpuint (f->view->acted, ==, 0);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/support/guided-evil/" name,                                                        \
              GuidedPeer,                                                                          \
              NULL,                                                                                \
              guided_peer_set_up,                                                                  \
              function,                                                                            \
              guided_peer_tear_down)

static void
add_text_cases (const char *group,
                const TextCase *cases,
                guint n,
                void (*function) (GuidedPeer *, gconstpointer))
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *path = g_strdup_printf ("/support/guided-evil/%s/%s", group, cases[i].name);

      g_test_add (path, GuidedPeer, &cases[i], guided_peer_set_up, function, guided_peer_tear_down);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  ADD ("altered", test_altered);
  ADD ("replayed", test_replayed);
  ADD ("renumbered", test_renumbered);
  ADD ("swallowed-once", test_swallowed_once);
  ADD ("swallowed-for-ever", test_swallowed_for_ever);
  ADD ("kept-for-later", test_kept_for_later);
  ADD ("other-log", test_other_log);
  ADD ("oversize", test_oversize);
  ADD ("endless-message", test_endless_message);
  ADD ("empty-pieces", test_empty_pieces);
  ADD ("pings", test_pings);
  ADD ("random", test_random);
  add_text_cases ("watched", text_cases, G_N_ELEMENTS (text_cases), test_text);
  add_text_cases ("first", first_cases, G_N_ELEMENTS (first_cases), test_first_text);
  return g_test_run ();
}
