/* test-guided-frame.c - every frame is read and written, nothing malformed gets through
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-error.h"
#include "pfa-guided-frame.h"
#include "pfa-json.h"

typedef struct
{
  const char *name;
  const char *text;
  /* NULL: sound. Else a part of the message. */
  const char *fault;
} FrameCase;

/* The sound ones are the examples of src/wire/README.md. */
static const FrameCase clear_cases[] = {
  { "hello", "{\"type\":\"hello\",\"seq\":0,\"ack\":0,\"role\":\"merchant\",\"version\":1}", NULL },
  { "welcome",
    "{\"type\":\"welcome\",\"seq\":0,\"ack\":0,\"session\":\"Zm9v\",\"resume\":\"YmFy\","
    "\"code\":\"481-902-337\",\"valid_s\":300,\"peer\":\"none\"}",
    NULL },
  { "claim", "{\"type\":\"claim\",\"seq\":0,\"ack\":0,\"code\":\"481-902-337\"}", NULL },
  { "grant", "{\"type\":\"grant\",\"seq\":1,\"ack\":0,\"allowed\":true}", NULL },
  { "commit", "{\"type\":\"commit\",\"seq\":2,\"ack\":0,\"hash\":\"AAAA\"}", NULL },
  { "reveal",
    "{\"type\":\"reveal\",\"seq\":1,\"ack\":2,\"key\":\"AAAA\",\"nonce\":\"AA==\"}",
    NULL },
  { "sealed", "{\"seq\":4,\"ack\":2,\"sealed\":\"AAAA\"}", NULL },
  { "ping", "{\"type\":\"ping\",\"seq\":0,\"ack\":9,\"n\":3,\"got\":2}", NULL },
  { "bye", "{\"type\":\"bye\",\"seq\":0,\"ack\":9,\"reason\":\"stopped\"}", NULL },
  { "unknown-member", "{\"type\":\"ping\",\"seq\":0,\"ack\":0,\"n\":1,\"later\":[{}]}", NULL },
  { "empty", "", "empty" },
  { "array", "[1]", "" },
  { "no-type", "{\"seq\":1,\"ack\":0}", "unknown" },
  { "unknown-type", "{\"type\":\"exec\",\"seq\":1,\"ack\":0}", "unknown" },
  { "type-not-text", "{\"type\":7,\"seq\":1,\"ack\":0}", "unknown" },
  { "request-in-clear",
    "{\"type\":\"run-check\",\"seq\":1,\"ack\":0,\"request\":1,\"check\":\"a\"}",
    "not allowed" },
  { "snapshot-in-clear", "{\"type\":\"snapshot\",\"seq\":1,\"ack\":0,\"view\":{}}", "not allowed" },
  { "no-seq", "{\"type\":\"ping\",\"ack\":0,\"n\":1}", "\"seq\"" },
  { "negative-seq", "{\"type\":\"ping\",\"seq\":-1,\"ack\":0,\"n\":1}", "\"seq\"" },
  { "fractional-seq", "{\"type\":\"ping\",\"seq\":0.5,\"ack\":0,\"n\":1}", "\"seq\"" },
  { "huge-seq", "{\"type\":\"ping\",\"seq\":1e300,\"ack\":0,\"n\":1}", "\"seq\"" },
  { "text-seq", "{\"type\":\"ping\",\"seq\":\"1\",\"ack\":0,\"n\":1}", "\"seq\"" },
  { "seq-twice", "{\"type\":\"ping\",\"seq\":0,\"seq\":1,\"ack\":0,\"n\":1}", "twice" },
  { "no-ack", "{\"type\":\"ping\",\"seq\":0,\"n\":1}", "\"ack\"" },
  { "allowed-is-text",
    "{\"type\":\"grant\",\"seq\":1,\"ack\":0,\"allowed\":\"true\"}",
    "\"allowed\"" },
  { "no-allowed", "{\"type\":\"grant\",\"seq\":1,\"ack\":0}", "missing" },
  { "sealed-not-base64", "{\"seq\":4,\"ack\":2,\"sealed\":\"A A=\"}", "\"sealed\"" },
  { "code-is-path", "{\"type\":\"claim\",\"seq\":0,\"ack\":0,\"code\":\"../../x\"}", "\"code\"" },
};

static const FrameCase inside_cases[] = {
  { "compared", "{\"type\":\"compared\",\"seen\":3,\"same\":true,\"language\":\"de\"}", NULL },
  { "snapshot", "{\"type\":\"snapshot\",\"seen\":3,\"view\":{\"stations\":[]}}", NULL },
  { "event", "{\"type\":\"event\",\"seen\":3,\"section\":\"causes\",\"value\":[]}", NULL },
  { "suggest-step",
    "{\"type\":\"suggest-step\",\"seen\":9,\"request\":1,\"step\":\"restart-router\"}",
    NULL },
  { "ask", "{\"type\":\"ask\",\"seen\":9,\"request\":2,\"question\":\"lights\"}", NULL },
  { "run-check", "{\"type\":\"run-check\",\"seen\":9,\"request\":3,\"check\":\"router\"}", NULL },
  { "request-bundle", "{\"type\":\"request-bundle\",\"seen\":9,\"request\":4}", NULL },
  { "consent", "{\"type\":\"consent\",\"seen\":9,\"request\":4,\"answer\":\"no\"}", NULL },
  { "result", "{\"type\":\"result\",\"seen\":9,\"request\":3,\"outcome\":\"done\"}", NULL },
  { "message", "{\"type\":\"message\",\"seen\":9,\"text\":\"你好\"}", NULL },
  { "ping", "{\"type\":\"ping\",\"seen\":9}", NULL },
  { "pong", "{\"type\":\"pong\",\"seen\":9,\"entries\":2,\"head\":\"ab12\"}", NULL },
  { "bye", "{\"type\":\"bye\",\"seen\":9,\"reason\":\"stopped\"}", NULL },
  { "no-seen", "{\"type\":\"message\",\"text\":\"x\"}", "\"seen\"" },
  { "claim-inside", "{\"type\":\"claim\",\"seen\":1,\"code\":\"481-902-337\"}", "not allowed" },
  { "step-is-text",
    "{\"type\":\"suggest-step\",\"seen\":9,\"request\":1,\"step\":\"rm -rf /\"}",
    "\"step\"" },
  { "step-is-list",
    "{\"type\":\"suggest-step\",\"seen\":9,\"request\":1,\"step\":[\"a\"]}",
    "\"step\"" },
  { "no-request", "{\"type\":\"run-check\",\"seen\":9,\"check\":\"router\"}", "missing" },
  { "request-is-negative",
    "{\"type\":\"request-bundle\",\"seen\":9,\"request\":-4}",
    "\"request\"" },
  { "message-is-object", "{\"type\":\"message\",\"seen\":9,\"text\":{}}", "\"text\"" },
};

static void
check_case (const FrameCase *c, PfaGuidedFrame *frame, const GError *error)
{
  if (c->fault == NULL)
    {
      g_assert_no_error (error);
      g_assert_nonnull (frame);
      return;
    }
  g_assert_null (frame);
  g_assert_error (error, PFA_ERROR, PFA_ERROR_INVALID_DATA);
  g_assert_nonnull (strstr (error->message, c->fault));
}

static void
test_clear (gconstpointer data)
{
  const FrameCase *c = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaGuidedFrame) frame = pfa_guided_frame_parse (c->text, -1, &error);
  g_autofree char *again = NULL;

  check_case (c, frame, error);
  if (frame == NULL)
    return;
  again = pfa_guided_frame_write (frame, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again, ==, c->text);
}

static void
test_inside (gconstpointer data)
{
  const FrameCase *c = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaGuidedFrame) frame = pfa_guided_frame_parse_inside (c->text, -1, &error);
  g_autofree char *again = NULL;

  check_case (c, frame, error);
  if (frame == NULL)
    return;
  again = pfa_guided_frame_write_inside (frame, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again, ==, c->text);
}

static void
test_oversize (void)
{
  g_autofree char *filling = g_strnfill (PFA_GUIDED_FRAME_MAX, 'A');
  g_autofree char *text = g_strdup_printf ("{\"seq\":4,\"ack\":2,\"sealed\":\"%s\"}", filling);
  g_autoptr (GError) error = NULL;

  g_assert_null (pfa_guided_frame_parse (text, -1, &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_INVALID_DATA);
}

/* The largest inside fits, sealed, into the largest frame. */
static void
test_largest_fits (void)
{
  gsize sealed = PFA_GUIDED_PLAIN_MAX + 16;

  g_assert_cmpuint ((sealed + 2) / 3 * 4 + 100, <=, PFA_GUIDED_FRAME_MAX);
}

static void
test_too_long_is_not_written (void)
{
  g_autoptr (PfaGuidedFrame) frame = pfa_guided_frame_new (PFA_GUIDED_MESSAGE);
  g_autofree char *filling = g_strnfill (3000, 'a');
  g_autoptr (GError) error = NULL;

  json_object_set_string_member (frame->body, "text", filling);
  g_assert_null (pfa_guided_frame_write_inside (frame, &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_INVALID_DATA);
}

static void
test_random (void)
{
  for (guint round = 0; round < 20000; round++)
    {
      const FrameCase *c = round % 2 ? &clear_cases[round / 2 % G_N_ELEMENTS (clear_cases)]
                                     : &inside_cases[round / 2 % G_N_ELEMENTS (inside_cases)];
      g_autofree char *text = g_strdup (c->text);
      gsize length = strlen (text);
      g_autoptr (PfaGuidedFrame) frame = NULL;
      g_autoptr (PfaGuidedFrame) inside = NULL;

      for (guint k = 0; length > 0 && k < round % 4 + 1; k++)
        text[g_test_rand_int_range (0, (gint32) length)] = (char) g_test_rand_int_range (1, 256);
      frame = pfa_guided_frame_parse (text, -1, NULL);
      inside = pfa_guided_frame_parse_inside (text, -1, NULL);
      if (frame != NULL)
        {
          g_autofree char *again = pfa_guided_frame_write (frame, NULL);

          g_assert_nonnull (again);
        }
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (clear_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/wire/guided-frame/%s", clear_cases[i].name);

      g_test_add_data_func (path, &clear_cases[i], test_clear);
    }
  for (guint i = 0; i < G_N_ELEMENTS (inside_cases); i++)
    {
      g_autofree char *path =
          g_strdup_printf ("/wire/guided-frame/inside/%s", inside_cases[i].name);

      g_test_add_data_func (path, &inside_cases[i], test_inside);
    }
  g_test_add_func ("/wire/guided-frame/oversize", test_oversize);
  g_test_add_func ("/wire/guided-frame/largest-inside-fits", test_largest_fits);
  g_test_add_func ("/wire/guided-frame/too-long-is-not-written", test_too_long_is_not_written);
  g_test_add_func ("/wire/guided-frame/random", test_random);
  return g_test_run ();
}
