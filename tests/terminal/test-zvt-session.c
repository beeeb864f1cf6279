/* test-zvt-session.c - whole reads of a simulated ZVT terminal: well, ill, silent, cancelled
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "pfa-json.h"
#include "pfa-terminal-fixture.h"

#define FULL      "0501050000000304"
#define PASSWORD  "050103000000"
#define BARE      "050100"
#define ACK       "800000"
#define DIAGNOSIS "06700506031B0101"

typedef struct
{
  const char *name;
  const char *state; /* of the simulated terminal */
  gboolean online;
  const char *status;  /* expected state id */
  const char *problem; /* or NULL */
  gboolean reached;
  const char *result;      /* expected result code, or NULL */
  const char *made_by;     /* or NULL */
  const char *online_test; /* or NULL */
  const char *sent;        /* all that we may ever have sent */
} Case;

static const Case cases[] = {
  { "ready", "{}", FALSE, "ready", NULL, TRUE, NULL, NULL, NULL, FULL ACK },
  { "forced-96",
    "{\"last_result\": \"60\"}",
    FALSE,
    "ready",
    NULL,
    TRUE,
    "96",
    "host",
    NULL,
    FULL ACK ACK },
  { "own-fault",
    "{\"last_result\": \"DF\"}",
    FALSE,
    "ready",
    NULL,
    TRUE,
    "DF",
    "terminal",
    NULL,
    FULL ACK ACK },
  { "boundary-63",
    "{\"last_result\": \"63\"}",
    FALSE,
    "ready",
    NULL,
    TRUE,
    "99",
    "host",
    NULL,
    FULL ACK ACK },
  { "boundary-64",
    "{\"last_result\": \"64\"}",
    FALSE,
    "ready",
    NULL,
    TRUE,
    "64",
    "terminal",
    NULL,
    FULL ACK ACK },
  { "password-form",
    "{\"understands\": \"password\"}",
    FALSE,
    "ready",
    NULL,
    TRUE,
    NULL,
    NULL,
    NULL,
    FULL PASSWORD ACK },
  { "bare-form",
    "{\"understands\": \"bare\"}",
    FALSE,
    "ready",
    NULL,
    TRUE,
    NULL,
    NULL,
    NULL,
    FULL PASSWORD BARE ACK },
  { "wrong-password",
    "{\"password\": \"123456\"}",
    FALSE,
    "unknown",
    "wrong-password",
    TRUE,
    NULL,
    NULL,
    NULL,
    FULL },
  { "not-registered",
    "{\"refuse\": \"6B\"}",
    FALSE,
    "unknown",
    "not-registered",
    TRUE,
    NULL,
    NULL,
    NULL,
    FULL },
  { "not-supported",
    "{\"refuse\": \"83\"}",
    FALSE,
    "unknown",
    "not-supported",
    TRUE,
    NULL,
    NULL,
    NULL,
    FULL PASSWORD BARE },
  { "busy", "{\"illness\": \"busy\"}", TRUE, "busy", NULL, TRUE, NULL, NULL, NULL, FULL },
  { "held",
    "{\"illness\": \"held\"}",
    FALSE,
    "unknown",
    "held-by-another",
    FALSE,
    NULL,
    NULL,
    NULL,
    "" },
  { "drop-after-yes",
    "{\"illness\": \"drop-after-yes\"}",
    FALSE,
    "unknown",
    "silent",
    TRUE,
    NULL,
    NULL,
    NULL,
    FULL },
  { "garbage",
    "{\"illness\": \"garbage\"}",
    FALSE,
    "unknown",
    "garbled",
    FALSE,
    NULL,
    NULL,
    NULL,
    FULL },
  { "trickle",
    "{\"illness\": \"trickle\", \"last_result\": \"60\"}",
    FALSE,
    "ready",
    NULL,
    TRUE,
    "96",
    "host",
    NULL,
    FULL ACK ACK },
  { "online-passed",
    "{}",
    TRUE,
    "ready",
    NULL,
    TRUE,
    NULL,
    NULL,
    "passed",
    FULL ACK DIAGNOSIS ACK ACK },
  { "online-host-96",
    "{\"online\": \"60\"}",
    TRUE,
    "ready",
    NULL,
    TRUE,
    "96",
    "host",
    "host-refused",
    FULL ACK DIAGNOSIS ACK ACK },
  { "online-no-connection",
    "{\"online\": \"A3\"}",
    TRUE,
    "ready",
    NULL,
    TRUE,
    "A3",
    "terminal",
    "no-connection",
    FULL ACK DIAGNOSIS ACK ACK },
  { "online-not-supported",
    "{\"online\": \"not-supported\"}",
    TRUE,
    "ready",
    NULL,
    TRUE,
    NULL,
    NULL,
    "not-supported",
    FULL ACK DIAGNOSIS },
  { "card-inserted-stays-offline",
    "{\"status\": \"DC\"}",
    TRUE,
    "card-inserted",
    NULL,
    TRUE,
    NULL,
    NULL,
    NULL,
    FULL ACK },
  { "locked-is-not-ready",
    "{\"locks\": [\"out-of-order\"]}",
    FALSE,
    "out-of-order",
    NULL,
    TRUE,
    NULL,
    NULL,
    NULL,
    FULL ACK },
  { "tampered-is-not-ready",
    "{\"device_state\": \"03\"}",
    FALSE,
    "out-of-order",
    NULL,
    TRUE,
    NULL,
    NULL,
    NULL,
    FULL ACK },
};

static void
check_status (PfaTerminalStatus *status, const Case *c)
{
  g_assert_cmpstr (status->state, ==, c->status);
  g_assert_cmpstr (status->problem, ==, c->problem);
  g_assert_cmpint (status->reached, ==, c->reached);
  g_assert_cmpstr (status->result_code, ==, c->result);
  g_assert_cmpstr (status->result_made_by, ==, c->made_by);
  g_assert_cmpstr (status->online_result, ==, c->online_test);
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  PfaTerminalFixture fixture = { NULL, NULL };
  g_autoptr (PfaTerminalOptions) options = pfa_terminal_options_new ();
  g_autoptr (PfaTerminalStatus) status = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *received = NULL;

  pfa_terminal_fixture_listen (&fixture, "zvt", "zvt+tcp", "", c->state);
  options->online_test = c->online;
  status = pfa_terminal_fixture_read (fixture.address, options, NULL, &error);
  g_assert_no_error (error);
  check_status (status, c);
  pfa_terminal_fixture_wait_closed (&fixture);
  received = pfa_terminal_fixture_dup_received (&fixture);
  g_assert_cmpstr (received, ==, c->sent);
  pfa_terminal_fixture_clear (&fixture);
}

typedef struct
{
  const char *code;
  const char *state;
} StateCase;

/* Every status code of the specification. */
static const StateCase states[] = {
  { "00", "ready" },
  { "51", "initialisation-needed" },
  { "62", "clock-wrong" },
  { "9C", "busy" },
  { "9D", "busy" },
  { "B1", "memory-full" },
  { "B2", "memory-full" },
  { "BF", "power-fault" },
  { "C0", "reader-fault" },
  { "C1", "locked" },
  { "C2", "diagnosis-needed" },
  { "C4", "locked" },
  { "CC", "printer-fault" },
  { "DC", "card-inserted" },
  { "DF", "out-of-order" },
  { "E0", "maintenance" },
  { "E1", "card-inserted" },
  { "E2", "reader-fault" },
  { "E3", "reader-fault" },
  { "E4", "activation-needed" },
  { "F0", "reconciliation-needed" },
  { "F6", "initialisation-needed" },
  { "01", "unknown" },
};

static void
test_states (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      PfaTerminalFixture fixture = { NULL, NULL };
      g_autoptr (PfaTerminalStatus) status = NULL;
      g_autofree char *json = g_strdup_printf ("{\"status\": \"%s\"}", states[i].code);
      g_autoptr (JsonObject) object = NULL;
      JsonObject *state;

      pfa_terminal_fixture_listen (&fixture, "zvt", "zvt+tcp", "", json);
      status = pfa_terminal_fixture_read (fixture.address, NULL, NULL, NULL);
      g_assert_cmpstr (status->state, ==, states[i].state);
      g_assert_cmpstr (status->state_code, ==, states[i].code);
      object = pfa_terminal_status_to_json (status, "zh_CN");
      state = pfa_json_peek_object (object, "state");
      g_assert_cmpint (strlen (pfa_json_peek_string (state, "text")), >, 5);
      pfa_terminal_fixture_clear (&fixture);
    }
}

static void
test_serial (gconstpointer data)
{
  const Case *c = data;
  PfaTerminalFixture fixture = { NULL, NULL };
  g_autoptr (PfaTerminalOptions) options = pfa_terminal_options_new ();
  g_autoptr (PfaTerminalStatus) status = NULL;

  pfa_terminal_fixture_open_pty (&fixture, "zvt", "zvt+serial", c->state);
  options->online_test = c->online;
  status = pfa_terminal_fixture_read (fixture.address, options, NULL, NULL);
  check_status (status, c);
  pfa_terminal_fixture_clear (&fixture);
}

static const Case serial_cases[] = {
  { "ready", "{}", FALSE, "ready", NULL, TRUE, NULL, NULL, NULL, NULL },
  { "forced-96",
    "{\"last_result\": \"60\"}",
    FALSE,
    "ready",
    NULL,
    TRUE,
    "96",
    "host",
    NULL,
    NULL },
  { "dle-in-data",
    "{\"terminal_id\": \"10101003\", \"last_result\": \"10\"}",
    FALSE,
    "ready",
    NULL,
    TRUE,
    "16",
    "host",
    NULL,
    NULL },
  { "nak-storm",
    "{\"illness\": \"nak-storm\"}",
    FALSE,
    "unknown",
    "garbled",
    FALSE,
    NULL,
    NULL,
    NULL,
    NULL },
  { "trickle", "{\"illness\": \"trickle\"}", FALSE, "ready", NULL, TRUE, NULL, NULL, NULL, NULL },
  { "online-no-connection",
    "{\"online\": \"9B\"}",
    TRUE,
    "ready",
    NULL,
    TRUE,
    "9B",
    "terminal",
    "no-connection",
    NULL },
};

/* Two reads after one another: the port was given back as it was. */
static void
test_serial_again (void)
{
  PfaTerminalFixture fixture = { NULL, NULL };

  pfa_terminal_fixture_open_pty (&fixture, "zvt", "zvt+serial", "{}");
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (PfaTerminalStatus) status =
          pfa_terminal_fixture_read (fixture.address, NULL, NULL, NULL);

      g_assert_true (pfa_terminal_status_is_ready (status));
    }
  pfa_terminal_fixture_clear (&fixture);
}

static void
test_no_such_device (void)
{
  g_autoptr (PfaTerminalStatus) status =
      pfa_terminal_fixture_read ("zvt+serial:///dev/ttyPfaNone", NULL, NULL, NULL);

  g_assert_cmpstr (status->problem, ==, "unplugged");
  g_assert_false (status->reached);
}

/* Nobody listens on the port that a closed server had. */
static void
test_refused (void)
{
  PfaTerminalFixture fixture = { NULL, NULL };
  g_autofree char *address = NULL;
  g_autoptr (PfaTerminalStatus) status = NULL;

  pfa_terminal_fixture_listen (&fixture, "zvt", "zvt+tcp", "", "{}");
  address = g_strdup (fixture.address);
  pfa_terminal_fixture_clear (&fixture);
  status = pfa_terminal_fixture_read (address, NULL, NULL, NULL);
  g_assert_cmpstr (status->problem, ==, "refused");
}

static void
test_silence (gconstpointer data)
{
  PfaTerminalFixture fixture = { NULL, NULL };
  g_autoptr (PfaTerminalOptions) options = pfa_terminal_options_new ();
  g_autoptr (PfaTerminalStatus) status = NULL;
  gint64 before = g_get_monotonic_time ();

  pfa_terminal_fixture_listen (&fixture, "zvt", "zvt+tcp", "", data);
  options->deadline_ms = 80;
  status = pfa_terminal_fixture_read (fixture.address, options, NULL, NULL);
  g_assert_cmpstr (status->problem, ==, "silent");
  g_assert_cmpint (g_get_monotonic_time () - before, <, 2000000);
  g_assert_cmpuint (status->elapsed_ms, >=, 79);
  pfa_terminal_fixture_wait_closed (&fixture);
  pfa_terminal_fixture_clear (&fixture);
}

/* The status stays true; that the test is not over is no fault of the terminal's. */
static void
check_unfinished (const PfaTerminalStatus *status)
{
  g_autoptr (GPtrArray) observations =
      pfa_terminal_status_dup_observations ((PfaTerminalStatus *) status, NULL);
  const char *test = NULL;

  g_assert_null (status->problem);
  g_assert_true (status->reached);
  g_assert_cmpstr (status->state, ==, "ready");
  g_assert_null (status->online_result);
  for (guint i = 0; i < observations->len; i++)
    {
      PfaObservation *observation = observations->pdata[i];

      if (g_str_equal (observation->id, "terminal-online-test"))
        test = observation->value;
      if (g_str_equal (observation->id, "terminal-on-lan"))
        g_assert_cmpstr (observation->value, ==, "seen");
    }
  g_assert_cmpstr (test, ==, PFA_VALUE_CANNOT_CHECK);
}

static gboolean
on_enough_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static void
test_endless_online_test (gconstpointer data)
{
  gboolean enough = GPOINTER_TO_INT (data);
  PfaTerminalFixture fixture = { NULL, NULL };
  g_autoptr (PfaTerminalOptions) options = pfa_terminal_options_new ();
  g_autoptr (PfaTerminalStatus) status = NULL;

  pfa_terminal_fixture_listen (&fixture, "zvt", "zvt+tcp", "", "{\"online\": \"silent\"}");
  options->online_test = TRUE;
  options->deadline_ms = enough ? 20000 : 300;
  if (enough)
    {
      options->enough = g_cancellable_new ();
      g_timeout_add (300, on_enough_cb, options->enough);
    }
  status = pfa_terminal_fixture_read (fixture.address, options, NULL, NULL);
  check_unfinished (status);
  g_assert_cmpuint (status->elapsed_ms, <, 10000);
  pfa_terminal_fixture_wait_closed (&fixture);
  pfa_terminal_fixture_clear (&fixture);
}

static gboolean
on_time_to_cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

static void
test_cancel (void)
{
  PfaTerminalFixture fixture = { NULL, NULL };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (PfaTerminalStatus) status = NULL;
  g_autoptr (GError) error = NULL;

  pfa_terminal_fixture_listen (&fixture, "zvt", "zvt+tcp", "", "{\"illness\": \"silent\"}");
  g_timeout_add (20, on_time_to_cancel_cb, cancellable);
  status = pfa_terminal_fixture_read (fixture.address, NULL, cancellable, &error);
  g_assert_null (status);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  pfa_terminal_fixture_wait_closed (&fixture);
  pfa_terminal_fixture_clear (&fixture);
}

/* 5,000 intermediate states must not keep us for ever, nor be answered for ever. */
static void
test_storm (void)
{
  PfaTerminalFixture fixture = { NULL, NULL };
  g_autoptr (PfaTerminalStatus) status = NULL;

  pfa_terminal_fixture_listen (&fixture, "zvt", "zvt+tcp", "", "{\"illness\": \"status-storm\"}");
  status = pfa_terminal_fixture_read (fixture.address, NULL, NULL, NULL);
  g_assert_cmpstr (status->problem, ==, "garbled");
  pfa_terminal_fixture_wait_closed (&fixture);
  pfa_terminal_fixture_clear (&fixture);
}

static void
test_bad_address (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaTerminalStatus) status =
      pfa_terminal_fixture_read ("zvt+tcp://", NULL, NULL, &error);

  g_assert_null (status);
  g_assert_nonnull (error);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strconcat ("/terminal/zvt-session/tcp/", cases[i].name, NULL);

      g_test_add_data_func (name, &cases[i], test_case);
    }
  for (guint i = 0; i < G_N_ELEMENTS (serial_cases); i++)
    {
      g_autofree char *name =
          g_strconcat ("/terminal/zvt-session/serial/", serial_cases[i].name, NULL);

      g_test_add_data_func (name, &serial_cases[i], test_serial);
    }
  g_test_add_func ("/terminal/zvt-session/serial/twice", test_serial_again);
  g_test_add_func ("/terminal/zvt-session/serial/no-such-device", test_no_such_device);
  g_test_add_func ("/terminal/zvt-session/every-status-code", test_states);
  g_test_add_func ("/terminal/zvt-session/refused", test_refused);
  g_test_add_data_func ("/terminal/zvt-session/silence-ends",
                        "{\"illness\": \"silent\"}",
                        test_silence);
  g_test_add_data_func ("/terminal/zvt-session/never-completes",
                        "{\"illness\": \"never-completes\"}",
                        test_silence);
  g_test_add_data_func ("/terminal/zvt-session/endless-online-test/deadline",
                        GINT_TO_POINTER (FALSE),
                        test_endless_online_test);
  g_test_add_data_func ("/terminal/zvt-session/endless-online-test/enough",
                        GINT_TO_POINTER (TRUE),
                        test_endless_online_test);
  g_test_add_func ("/terminal/zvt-session/cancel", test_cancel);
  g_test_add_func ("/terminal/zvt-session/storm-ends", test_storm);
  g_test_add_func ("/terminal/zvt-session/bad-address", test_bad_address);
  return g_test_run ();
}
