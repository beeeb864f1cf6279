/* test-small-sessions.c - whole reads of the terminals with one question each
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "pfa-terminal-fixture.h"

typedef struct
{
  const char *name;
  const char *protocol;
  gboolean serial;
  const char *state;
  guint deadline_ms; /* 0: the default */
  const char *status;
  const char *problem;
  gboolean reached;
  const char *sent; /* all that may ever have been sent; NULL: not compared */
} Case;

#define STD   "0230303030303030303073033C"
#define A00   "024130301C312E3238034B"
#define POLL  "02303130300302"
#define SHAKE "55AA010000000001CC33"

static const Case cases[] = {
  { "ready", "ecr17", FALSE, "{}", 0, "ready", NULL, TRUE, STD "060379" },
  { "stx",
    "ecr17",
    FALSE,
    "{\"lrc\": \"stx\"}",
    0,
    "ready",
    NULL,
    TRUE,
    STD "0230303030303030303073033D060378" },
  { "noext",
    "ecr17",
    FALSE,
    "{\"lrc\": \"noext\"}",
    0,
    "ready",
    NULL,
    TRUE,
    STD "0230303030303030303073033F06037A" },
  { "stx-noext",
    "ecr17",
    FALSE,
    "{\"lrc\": \"stx_noext\"}",
    0,
    "ready",
    NULL,
    TRUE,
    STD "0230303030303030303073033E06037B" },
  { "progress", "ecr17", FALSE, "{\"progress\": true}", 0, "ready", NULL, TRUE, STD "060379" },
  { "key-corrupted", "ecr17", FALSE, "{\"status\": \"4\"}", 0, "out-of-order", NULL, TRUE, NULL },
  { "unknown-status", "ecr17", FALSE, "{\"status\": \"9\"}", 0, "unknown", NULL, TRUE, NULL },
  { "trickle", "ecr17", FALSE, "{\"illness\": \"trickle\"}", 0, "ready", NULL, TRUE, NULL },
  { "garbage", "ecr17", FALSE, "{\"illness\": \"garbage\"}", 0, "unknown", "garbled", FALSE, NULL },
  { "drop-after-yes",
    "ecr17",
    FALSE,
    "{\"illness\": \"drop-after-yes\"}",
    0,
    "unknown",
    "silent",
    TRUE,
    STD },
  { "silent", "ecr17", FALSE, "{\"illness\": \"silent\"}", 60, "unknown", "silent", FALSE, STD },
  { "held", "ecr17", FALSE, "{\"illness\": \"held\"}", 0, "unknown", "held-by-another", FALSE, "" },
  { "ready", "transbank", TRUE, "{}", 0, "ready", NULL, TRUE, POLL },
  { "nak-storm",
    "transbank",
    TRUE,
    "{\"illness\": \"nak-storm\"}",
    0,
    "unknown",
    "not-supported",
    FALSE,
    POLL POLL POLL },
  { "silent",
    "transbank",
    TRUE,
    "{\"illness\": \"silent\"}",
    60,
    "unknown",
    "silent",
    FALSE,
    POLL },
  { "ready", "codepay", TRUE, "{\"heartbeat_ms\": 20}", 0, "ready", NULL, TRUE, SHAKE },
  { "no-heartbeat",
    "codepay",
    TRUE,
    "{\"illness\": \"no-heartbeat\"}",
    80,
    "unknown",
    "silent",
    TRUE,
    SHAKE },
  { "no-handshake",
    "codepay",
    TRUE,
    "{\"illness\": \"no-handshake\", \"heartbeat_ms\": 20}",
    80,
    "unknown",
    "silent",
    TRUE,
    SHAKE },
  { "silent", "codepay", TRUE, "{\"illness\": \"silent\"}", 60, "unknown", "silent", FALSE, SHAKE },
  { "ready",
    "echo",
    FALSE,
    "{}",
    0,
    "ready",
    NULL,
    TRUE,
    "001645435230323031582F504F5320466972737420416964" },
  { "other-text",
    "echo",
    FALSE,
    "{\"echo\": \"somebody else\"}",
    0,
    "unknown",
    "garbled",
    FALSE,
    NULL },
  { "trickle", "echo", FALSE, "{\"illness\": \"trickle\"}", 0, "ready", NULL, TRUE, NULL },
  { "silent", "echo", FALSE, "{\"illness\": \"silent\"}", 60, "unknown", "silent", FALSE, NULL },
  { "garbage", "echo", FALSE, "{\"illness\": \"garbage\"}", 0, "unknown", "garbled", FALSE, NULL },
  { "ready", "poslink", FALSE, "{}", 0, "ready", NULL, TRUE, A00 "06" },
  { "other-code", "poslink", FALSE, "{\"code\": \"100003\"}", 0, "unknown", NULL, TRUE, A00 "06" },
  { "nak-storm",
    "poslink",
    FALSE,
    "{\"illness\": \"nak-storm\"}",
    0,
    "unknown",
    "not-supported",
    FALSE,
    A00 A00 A00 },
  { "drop-after-yes",
    "poslink",
    FALSE,
    "{\"illness\": \"drop-after-yes\"}",
    0,
    "unknown",
    "silent",
    TRUE,
    A00 },
  { "silent", "poslink", FALSE, "{\"illness\": \"silent\"}", 60, "unknown", "silent", FALSE, A00 },
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  PfaTerminalFixture fixture = { NULL, NULL };
  g_autoptr (PfaTerminalOptions) options = pfa_terminal_options_new ();
  g_autoptr (PfaTerminalStatus) status = NULL;
  g_autoptr (JsonObject) json = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *scheme = g_strconcat (c->protocol, c->serial ? "+serial" : "+tcp", NULL);
  g_autofree char *received = NULL;

  if (c->serial)
    pfa_terminal_fixture_open_pty (&fixture, c->protocol, scheme, c->state);
  else
    pfa_terminal_fixture_listen (&fixture, c->protocol, scheme, "", c->state);
  options->deadline_ms = c->deadline_ms;
  status = pfa_terminal_fixture_read (fixture.address, options, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (status->state, ==, c->status);
  g_assert_cmpstr (status->problem, ==, c->problem);
  g_assert_cmpint (status->reached, ==, c->reached);
  json = pfa_terminal_status_to_json (status, "de");
  if (!c->serial)
    pfa_terminal_fixture_wait_closed (&fixture);
  received = pfa_terminal_fixture_dup_received (&fixture);
  if (c->sent != NULL)
    g_assert_cmpstr (received, ==, c->sent);
  pfa_terminal_fixture_clear (&fixture);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name =
          g_strconcat ("/terminal/", cases[i].protocol, "-session/", cases[i].name, NULL);

      g_test_add_data_func (name, &cases[i], test_case);
    }
  return g_test_run ();
}
