/* test-intake.c - what shop and desk say about a ticket, read strictly on both sides
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-error.h"
#include "pfa-intake.h"
#include "pfa-json.h"

#define SHA "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

typedef struct
{
  const char *name;
  const char *text;
  gboolean sound;
} Case;

static const Case request_cases[] = {
  { "sound",
    "{\"bundle\":{\"url\":\"u\",\"sha256\":\"" SHA "\",\"size\":5,\"sealed\":true}}",
    TRUE },
  { "with-contact",
    "{\"bundle\":{\"url\":\"u\",\"sha256\":\"" SHA "\",\"size\":5},\"contact\":{\"name\":\"王\"},"
    "\"summary\":{\"cause\":\"x\"}}",
    TRUE },
  { "no-bundle", "{}", FALSE },
  { "bundle-is-no-object", "{\"bundle\":[]}", FALSE },
  { "no-size", "{\"bundle\":{\"url\":\"u\",\"sha256\":\"" SHA "\"}}", FALSE },
  { "negative-size", "{\"bundle\":{\"url\":\"u\",\"sha256\":\"" SHA "\",\"size\":-1}}", FALSE },
  { "huge-size", "{\"bundle\":{\"url\":\"u\",\"sha256\":\"" SHA "\",\"size\":1e300}}", FALSE },
  { "short-sum", "{\"bundle\":{\"url\":\"u\",\"sha256\":\"aa\",\"size\":5}}", FALSE },
  { "sum-is-a-path",
    "{\"bundle\":{\"url\":\"u\",\"sha256\":\"../../../../../../../../../../../../../../../../../../"
    "../../"
    "/etc\",\"size\":5}}",
    FALSE },
  { "contact-with-two-lines",
    "{\"bundle\":{\"url\":\"u\",\"sha256\":\"" SHA
    "\",\"size\":5},\"contact\":{\"name\":\"a\\nb\"}}",
    FALSE },
  { "contact-of-wrong-type",
    "{\"bundle\":{\"url\":\"u\",\"sha256\":\"" SHA "\",\"size\":5},\"contact\":{\"name\":7}}",
    FALSE },
};

static const Case answer_cases[] = {
  { "ticket", "{\"ticket\":\"A1B2-C3\",\"url\":\"https://x/y\",\"token\":\"t\"}", TRUE },
  { "discarded", "{\"discarded\":\"quota\",\"text\":\"too many\"}", TRUE },
  { "neither", "{\"status\":\"ok\"}", FALSE },
  { "empty-ticket", "{\"ticket\":\"\"}", FALSE },
  { "ticket-with-escape", "{\"ticket\":\"A\\u001b[2J\"}", FALSE },
};

static const Case state_cases[] = {
  { "no-answers", "{\"ticket\":\"A\",\"state\":\"open\"}", TRUE },
  { "answers", "{\"ticket\":\"A\",\"state\":\"open\",\"answers\":[{\"text\":\"hello\"}]}", TRUE },
  { "answer-without-text", "{\"ticket\":\"A\",\"state\":\"open\",\"answers\":[{}]}", FALSE },
  { "answer-is-no-object", "{\"ticket\":\"A\",\"state\":\"open\",\"answers\":[1]}", FALSE },
  { "no-state", "{\"ticket\":\"A\"}", FALSE },
};

static void
assert_verdict (const Case *c, gboolean read, GError *error)
{
  g_assert_cmpint (read, ==, c->sound);
  if (!c->sound)
    g_assert_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT);
}

static void
test_request (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (JsonObject) object = pfa_json_parse_object (c->text, -1, "case", NULL);
  g_autoptr (JsonObject) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaIntakeRequest) request = pfa_intake_request_new_from_json (object, &error);
  g_autoptr (PfaIntakeRequest) reread = NULL;

  assert_verdict (c, request != NULL, error);
  if (request == NULL)
    return;
  again = pfa_intake_request_to_json (request);
  reread = pfa_intake_request_new_from_json (again, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (reread->sha256, ==, request->sha256);
  g_assert_cmpint (reread->size, ==, request->size);
  g_assert_cmpint (reread->sealed, ==, request->sealed);
  g_assert_cmpstr (reread->contact->name, ==, request->contact->name);
}

static void
test_answer (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (JsonObject) object = pfa_json_parse_object (c->text, -1, "case", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaIntakeAnswer) answer = pfa_intake_answer_new_from_json (object, &error);

  assert_verdict (c, answer != NULL, error);
}

static void
test_state (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (JsonObject) object = pfa_json_parse_object (c->text, -1, "case", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaTicketState) state = pfa_ticket_state_new_from_json (object, &error);

  assert_verdict (c, state != NULL, error);
}

static void
test_keys (void)
{
  g_assert_true (pfa_intake_is_sound_key ("6f2b1d6a-0d0c-5c11-9a4e-275c8e513a96"));
  g_assert_false (pfa_intake_is_sound_key (NULL));
  g_assert_false (pfa_intake_is_sound_key ("short"));
  g_assert_false (pfa_intake_is_sound_key ("../../../etc/passwd"));
  g_assert_false (pfa_intake_is_sound_key ("6f2b1d6a 0d0c"));
  g_assert_false (pfa_intake_is_sound_key (
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"));
}

/* Whatever stands in the JSON of another program: read or refused, never more. */
static void
test_random_input (void)
{
  for (guint round = 0; round < 20000; round++)
    {
      const Case *c = &request_cases[g_test_rand_int_range (0, G_N_ELEMENTS (request_cases))];
      g_autofree char *text = g_strdup (c->text);
      g_autoptr (JsonObject) object = NULL;

      text[g_test_rand_int_range (0, (gint) strlen (text))] =
          (char) g_test_rand_int_range (32, 127);
      object = pfa_json_parse_object (text, -1, "random", NULL);
      if (object != NULL)
        {
          g_autoptr (PfaIntakeRequest) request = pfa_intake_request_new_from_json (object, NULL);
          g_autoptr (PfaIntakeAnswer) answer = pfa_intake_answer_new_from_json (object, NULL);
          g_autoptr (PfaTicketState) state = pfa_ticket_state_new_from_json (object, NULL);

          g_assert_true (request == NULL || strlen (request->sha256) == 64);
          g_assert_null (answer);
          g_assert_null (state);
        }
    }
}

static void
add_cases (const char *what, const Case *cases, gsize count, GTestDataFunc test)
{
  for (gsize i = 0; i < count; i++)
    {
      g_autofree char *path = g_strdup_printf ("/wire/intake/%s/%s", what, cases[i].name);

      g_test_add_data_func (path, &cases[i], test);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_cases ("request", request_cases, G_N_ELEMENTS (request_cases), test_request);
  add_cases ("answer", answer_cases, G_N_ELEMENTS (answer_cases), test_answer);
  add_cases ("state", state_cases, G_N_ELEMENTS (state_cases), test_state);
  g_test_add_func ("/wire/intake/keys", test_keys);
  g_test_add_func ("/wire/intake/random-input", test_random_input);
  return g_test_run ();
}
