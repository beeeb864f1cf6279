/* test-guided-attacks.c - what whoever runs the relay, or an agent who wants more, would try
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "guided-peer.h"

/* Ends for @reason, and nothing was done. */
static void
assert_ends (GuidedPeer *f, const char *reason)
{
  WAIT_FOR (f->ended != NULL);
  g_assert_cmpstr (f->ended, ==, reason);
  g_assert_cmpuint (f->view->acted, ==, 0);
  g_assert_null (f->message);
}

static void
assert_goes_on (GuidedPeer *f)
{
  guided_peer_agent_send (f, "{\"type\":\"message\"," SEEN ",\"text\":\"goes on\"}", f->taken);
  WAIT_FOR (g_strcmp0 (f->message, "goes on") == 0);
  g_assert_null (f->ended);
}

/* The merchant's own frames come back as the agent's, under every number that could be next. */
static void
test_reflected (GuidedPeer *f, gconstpointer data)
{
  const char *own;

  guided_peer_join (f);
  own = strstr (g_ptr_array_index (f->heard, f->heard->len - 1), "\"sealed\"");
  guided_peer_relay_send (f, "{\"seq\":%" G_GUINT64_FORMAT ",\"ack\":0,%s", f->sent + 1, own);
  assert_ends (f, PFA_GUIDED_END_ALTERED);
}

/* Sealed in another session: with the same agent, of the same name, after the same code. */
static void
test_from_another_session (GuidedPeer *f, gconstpointer data)
{
  g_autoptr (PfaGuidedKeys) shop = pfa_guided_keys_new (PFA_GUIDED_MERCHANT, NULL);
  g_autoptr (PfaGuidedKeys) agent = pfa_guided_keys_new (PFA_GUIDED_AGENT, NULL);
  g_autoptr (GBytes) sealed = NULL;
  g_autofree char *base64 = NULL;

  guided_peer_join (f);
  g_assert_true (pfa_guided_keys_agree (agent,
                                        pfa_guided_keys_get_public (shop),
                                        pfa_guided_keys_get_nonce (shop),
                                        "testsession",
                                        NULL));
  sealed = pfa_guided_keys_seal (
      agent,
      f->sent + 1,
      "{\"type\":\"run-check\",\"seen\":4,\"request\":1,\"check\":\"router\"}",
      NULL);
  base64 = g_base64_encode (g_bytes_get_data (sealed, NULL), g_bytes_get_size (sealed));
  guided_peer_relay_send (f,
                          "{\"seq\":%" G_GUINT64_FORMAT ",\"ack\":0,\"sealed\":\"%s\"}",
                          f->sent + 1,
                          base64);
  assert_ends (f, PFA_GUIDED_END_ALTERED);
}

typedef struct
{
  const char *name;
  const char *text;
  const char *reason;
} AttackCase;

#define REVEAL(key, nonce)                                                                         \
  "{\"type\":\"reveal\",\"seq\":1,\"ack\":2,\"key\":\"" key "\",\"nonce\":\"" nonce "\"}"
#define A10     "AAAAAAAAAA"
#define NONCE   A10 A10 A10 A10 "AAA="
#define ZEROS65 A10 A10 A10 A10 A10 A10 A10 A10 "AAAAAAA="

/* The agent's half: no point, the point at infinity, one beyond the field, a compressed one, sizes.
 */
static const AttackCase half_cases[] = {
  { "infinity", REVEAL (ZEROS65, NONCE), PFA_GUIDED_END_ALTERED },
  { "origin",
    REVEAL ("BAAA" A10 A10 A10 A10 A10 A10 A10 "AAAAAAAAAAAAA"
            "A=",
            NONCE),
    NULL },
  { "not-on-the-curve",
    REVEAL ("BAEB" A10 A10 A10 A10 A10 A10 A10 "AAAAAAAAAAAAAA"
            "=",
            NONCE),
    NULL },
  { "compressed",
    REVEAL ("Agjg" A10 A10 A10 A10 A10 A10 A10 "AAAAAAAAAAAAAA"
            "=",
            NONCE),
    NULL },
  { "short-key", REVEAL ("BAAA", NONCE), PFA_GUIDED_END_BAD_FRAME },
  { "short-nonce", REVEAL (ZEROS65, "AAAA"), PFA_GUIDED_END_BAD_FRAME },
  { "no-base64", REVEAL ("----", NONCE), PFA_GUIDED_END_BAD_FRAME },
  { "no-key", "{\"type\":\"reveal\",\"seq\":1,\"ack\":2}", PFA_GUIDED_END_BAD_FRAME },
  { "a-commitment-instead",
    "{\"type\":\"commit\",\"seq\":1,\"ack\":2,\"hash\":\"" NONCE "\"}",
    PFA_GUIDED_END_BAD_FRAME },
};

/* Which of the two words is no matter where the text does not say: it ends before a number is
 * shown. */
static void
test_half (GuidedPeer *f, gconstpointer data)
{
  const AttackCase *c = data;

  f->reveal_text = c->text;
  guided_peer_start (f);
  guided_peer_claim (f);
  WAIT_FOR (f->ended != NULL);
  g_assert_false (f->revealed);
  if (c->reason != NULL)
    g_assert_cmpstr (f->ended, ==, c->reason);
  else
    g_assert_true (g_str_equal (f->ended, PFA_GUIDED_END_ALTERED) ||
                   g_str_equal (f->ended, PFA_GUIDED_END_BAD_FRAME));
}

static void
test_no_protocol (GuidedPeer *f, gconstpointer data)
{
  guided_peer_start (f);
  assert_ends (f, PFA_GUIDED_END_WRONG_VERSION);
}

typedef struct
{
  const char *name;
  const char *agent; /* as JSON */
  const char *shown; /* NULL: not let in */
} NameCase;

static const NameCase name_cases[] = {
  { "markup", "<b>Li</b> & \\\"Na\\\"", "<b>Li</b> & \"Na\"" },
  { "direction", "Li \\u202eaN\\u202c", "Li aN" },
  { "lines", "Li\\nPress yes\\u2028now", "Li Press yes now" },
  { "terminal", "Li\\u001b[2JNa", "Li [2JNa" },
  { "unseen-only", "\\u200b\\u2066\\u3164", NULL },
  { "empty", "", NULL },
  { "this-program", "POS First Aid", NULL },
  { "this-program-in-cyrillic", "\\u0420\\u041e\\u0405 F\\u0456rst \\u0410\\u0456d", NULL },
  { "this-program-wide", "\\uff30\\uff2f\\uff33 first aid", NULL },
  { "this-program-in-chinese", "POS\\u6025\\u6551\\u7bb1", NULL },
};

static void
test_name (GuidedPeer *f, gconstpointer data)
{
  const NameCase *c = data;

  f->quiet = TRUE;
  guided_peer_start (f);
  WAIT_FOR (f->code != NULL);
  guided_peer_relay_send (f,
                          "{\"type\":\"claim\",\"seq\":0,\"ack\":0,\"agent\":"
                          "{\"name\":\"%s\",\"organisation\":\"Lab\"}}",
                          c->agent);
  WAIT_FOR (f->ended != NULL || pfa_guided_session_get_prompt (f->session) != NULL);
  if (c->shown != NULL)
    g_assert_cmpstr (pfa_guided_session_get_prompt (f->session)->name, ==, c->shown);
  else
    g_assert_cmpstr (f->ended, ==, PFA_GUIDED_END_BAD_FRAME);
}

/* The relay puts somebody else in the agent's place, or a new code on the screen, in the middle. */
static void
test_somebody_else (GuidedPeer *f, gconstpointer data)
{
  guided_peer_join (f);
  guided_peer_relay_send (f,
                          "{\"type\":\"claim\",\"seq\":0,\"ack\":0,\"agent\":"
                          "{\"name\":\"Mallory\",\"organisation\":\"Lab\"}}");
  guided_peer_relay_send (f,
                          "{\"type\":\"welcome\",\"seq\":0,\"ack\":0,\"session\":\"testsession\","
                          "\"code\":\"999-999-999\",\"peer\":\"here\"}");
  assert_goes_on (f);
  g_assert_cmpstr (pfa_guided_session_get_agent (f->session), ==, "Li Na");
  g_assert_cmpstr (f->code, ==, "123-456-789");
}

/* The relay says that frames have arrived which were never sent. */
static void
test_false_acknowledgment (GuidedPeer *f, gconstpointer data)
{
  guided_peer_join (f);
  guided_peer_relay_send (f,
                          "{\"type\":\"pong\",\"seq\":0,\"ack\":0,\"n\":1,\"peer_ack\":"
                          "9007199254740991}");
  assert_goes_on (f);
  g_free (f->view->station);
  f->view->station = g_strdup ("good");
  pfa_guided_view_emit_changed (PFA_GUIDED_VIEW (f->view));
  WAIT_FOR (guided_peer_find_frame (f, PFA_GUIDED_EVENT) != NULL);
}

/* What comes again after a resume comes the last first, each time. */
static void
test_backwards (GuidedPeer *f, gconstpointer data)
{
  g_autofree char *first = NULL;

  guided_peer_join (f);
  f->backwards = TRUE;
  first = guided_peer_build_text (f, "{\"type\":\"message\",\"seen\":4,\"text\":\"first\"}");
  g_free (guided_peer_build_text (f, "{\"type\":\"message\",\"seen\":4,\"text\":\"second\"}"));
  guided_peer_agent_send (f,
                          "{\"type\":\"run-check\"," SEEN ",\"request\":1,\"check\":\"router\"}",
                          f->taken);
  WAIT_FOR (f->ended != NULL || g_strcmp0 (f->message, "second") == 0);
  /* Whatever was taken was taken in order, and what asks was asked last. */
  g_assert_cmpuint (f->view->acted, ==, 0);
  g_assert_true (f->ended == NULL || g_str_equal (f->ended, PFA_GUIDED_END_MISSING));
}

/* Heads that are not those of the log: in front of its end, at it, behind it. */
static const AttackCase head_cases[] = {
  { "first", "\"entries\":0,\"head\":\"00\"", NULL },
  { "beyond", "\"entries\":9999,\"head\":\"00\"", NULL },
  { "far-beyond", "\"entries\":9007199254740991,\"head\":\"00\"", NULL },
  { "four-milliards", "\"entries\":4294967296,\"head\":\"00\"", NULL },
};

static void
test_head (GuidedPeer *f, gconstpointer data)
{
  const AttackCase *c = data;
  g_autofree char *inside = g_strdup_printf ("{\"type\":\"pong\",\"seen\":4,%s}", c->text);
  g_autofree char *text = NULL;

  guided_peer_join (f);
  text = guided_peer_build_text (f, inside);
  guided_peer_send_text (f, text);
  assert_ends (f, PFA_GUIDED_END_LOG_DIFFERS);
}

/* What an agent may not send, or not so: under the right seal. A NULL reason: refused, and it goes
 * on. */
static const AttackCase inside_cases[] = {
  { "hyphen-of-another-kind",
    "{\"type\":\"suggest-step\",\"seen\":4,\"request\":1,\"step\":\"restart\\u2010router\"}",
    PFA_GUIDED_END_BAD_FRAME },
  { "full-width",
    "{\"type\":\"suggest-step\",\"seen\":4,\"request\":1,\"step\":\"\\uff52estart-router\"}",
    PFA_GUIDED_END_BAD_FRAME },
  { "decomposed",
    "{\"type\":\"ask\",\"seen\":4,\"request\":1,\"question\":\"li\\u0307ghts\"}",
    PFA_GUIDED_END_BAD_FRAME },
  { "unseen-character",
    "{\"type\":\"ask\",\"seen\":4,\"request\":1,\"question\":\"lights\\u200b\"}",
    PFA_GUIDED_END_BAD_FRAME },
  { "nul",
    "{\"type\":\"ask\",\"seen\":4,\"request\":1,\"question\":\"lights\\u0000x\"}",
    PFA_GUIDED_END_BAD_FRAME },
  { "path",
    "{\"type\":\"run-check\",\"seen\":4,\"request\":1,\"check\":\"../router\"}",
    PFA_GUIDED_END_BAD_FRAME },
  { "command",
    "{\"type\":\"run-check\",\"seen\":4,\"request\":1,\"check\":\"router; rm -rf ~\"}",
    PFA_GUIDED_END_BAD_FRAME },
  { "capitals",
    "{\"type\":\"suggest-step\",\"seen\":4,\"request\":1,\"step\":\"RESTART-ROUTER\"}",
    NULL },
  { "unknown", "{\"type\":\"ask\",\"seen\":4,\"request\":1,\"question\":\"card-number\"}", NULL },
  { "a-list-of-ids",
    "{\"type\":\"suggest-step\",\"seen\":4,\"request\":1,\"step\":[\"restart-router\"]}",
    PFA_GUIDED_END_BAD_FRAME },
  { "grants-itself-a-yes",
    "{\"type\":\"consent\",\"seen\":4,\"request\":1,\"answer\":\"yes\"}",
    PFA_GUIDED_END_BAD_FRAME },
  { "renews-itself",
    "{\"type\":\"consent\",\"seen\":4,\"request\":0,\"answer\":\"yes\"}",
    PFA_GUIDED_END_BAD_FRAME },
  { "paints-a-snapshot",
    "{\"type\":\"snapshot\",\"seen\":4,\"view\":{}}",
    PFA_GUIDED_END_BAD_FRAME },
  { "writes-the-log",
    "{\"type\":\"event\",\"seen\":4,\"section\":\"log\",\"line\":\"{}\"}",
    PFA_GUIDED_END_BAD_FRAME },
  { "screen", "{\"type\":\"screen\",\"seen\":4}", PFA_GUIDED_END_BAD_FRAME },
  { "numbers-now-differ",
    "{\"type\":\"compared\",\"seen\":4,\"same\":false}",
    PFA_GUIDED_END_NUMBERS_DIFFER },
  { "request-zero",
    "{\"type\":\"run-check\",\"seen\":4,\"request\":0,\"check\":\"router\"}",
    NULL },
};

static void
test_inside (GuidedPeer *f, gconstpointer data)
{
  const AttackCase *c = data;
  g_autofree char *text = NULL;

  guided_peer_join (f);
  text = guided_peer_build_text (f, c->text);
  guided_peer_send_text (f, text);
  if (c->reason != NULL)
    {
      assert_ends (f, c->reason);
      return;
    }
  assert_goes_on (f);
  g_assert_null (pfa_guided_session_get_prompt (f->session));
  g_assert_cmpuint (f->view->acted, ==, 0);
}

static void
test_words (GuidedPeer *f, gconstpointer data)
{
  guided_peer_join (f);
  guided_peer_agent_send (f,
                          "{\"type\":\"message\"," SEEN
                          ",\"text\":\"<b>Press\\u202eyes\\u202c</b>\\n\\u001b]0;x\\u0007now\"}",
                          f->taken);
  WAIT_FOR (f->message != NULL);
  g_assert_cmpstr (f->message, ==, "<b>Press yes </b> ]0;x now");
}

static void
test_megabyte (GuidedPeer *f, gconstpointer data)
{
  g_autofree char *filling = g_strnfill (1024 * 1024, 'A');

  guided_peer_join (f);
  guided_peer_relay_send (f, "{\"seq\":3,\"ack\":0,\"sealed\":\"%s\"}", filling);
  assert_ends (f, PFA_GUIDED_END_BAD_FRAME);
}

typedef void (*Test) (GuidedPeer *f, gconstpointer data);

static void
add (const char *group, const char *name, gconstpointer data, Test test)
{
  g_autofree char *path = g_strjoin ("/", "/support/guided-attacks", group, name, NULL);

  g_test_add (path, GuidedPeer, data, guided_peer_set_up, test, guided_peer_tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  add ("relay", "reflected", NULL, test_reflected);
  add ("relay", "from-another-session", NULL, test_from_another_session);
  add ("relay", "somebody-else", NULL, test_somebody_else);
  add ("relay", "false-acknowledgment", NULL, test_false_acknowledgment);
  add ("relay", "backwards", NULL, test_backwards);
  add ("relay", "megabyte", NULL, test_megabyte);
  add ("agent", "words", NULL, test_words);
  for (guint i = 0; i < G_N_ELEMENTS (half_cases); i++)
    add ("half", half_cases[i].name, &half_cases[i], test_half);
  for (guint i = 0; i < G_N_ELEMENTS (name_cases); i++)
    add ("name", name_cases[i].name, &name_cases[i], test_name);
  for (guint i = 0; i < G_N_ELEMENTS (head_cases); i++)
    add ("head", head_cases[i].name, &head_cases[i], test_head);
  for (guint i = 0; i < G_N_ELEMENTS (inside_cases); i++)
    add ("inside", inside_cases[i].name, &inside_cases[i], test_inside);
  g_test_add ("/support/guided-attacks/relay/no-protocol",
              GuidedPeer,
              NULL,
              guided_peer_set_up_plain,
              test_no_protocol,
              guided_peer_tear_down);
  return g_test_run ();
}
