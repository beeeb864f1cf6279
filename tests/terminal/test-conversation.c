/* test-conversation.c - no secret that stands in a conversation is left in what is kept of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "pfa-conversation.h"
#include "pfa-replay-transport.h"
#include "pfa-terminal-fixture.h"

#define PASSWORD      "918273"
#define PASSPHRASE    "correcthorsebattery"
#define CARD          "4929001234567891"
#define RANDOM_ROUNDS 3000

/* Plays what a terminal sends, and gives what is kept of it. */
static char *
keep (const char *address, const char *record)
{
  g_autoptr (PfaTerminalOptions) options = pfa_terminal_options_new ();
  g_autoptr (PfaTerminalStatus) status = NULL;
  g_autoptr (GError) error = NULL;

  options->transport = pfa_replay_transport_new (record);
  options->secrets = pfa_terminal_secrets_new ();
  options->secrets->zvt_password = g_strdup (PASSWORD);
  options->secrets->nexo_passphrase = g_strdup (PASSPHRASE);
  options->now = g_date_time_new_utc (2023, 4, 5, 22, 57, 7);
  status = pfa_terminal_fixture_read (address, options, NULL, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&status->conversation);
}

typedef struct
{
  const char *name;
  const char *address;
  const char *record;
  const char *kept;    /* must stand there */
  const char *secrets; /* must not, divided by "|"; blanks count for nothing */
} Case;

static const Case cases[] = {
  { "zvt/password",
    "zvt+tcp://127.0.0.1",
    "> 0501059182730304\n< 800000060f0100\n> 800000\n",
    "> 8: 05 01 05 (3 hidden) 03 04\n",
    "918273" },
  { "zvt/password-comes-back",
    "zvt+tcp://127.0.0.1",
    "> 0501059182730304\n< 80000004ff0a918273\n< 9182730102030405\n",
    "80 00 00 04 FF 0A",
    "9182|8273" },
  { "zvt/card-track-text",
    "zvt+tcp://127.0.0.1",
    "> 0501059182730304\n< 800000"
    "040f192760"
    "22f0f84929001234567891"
    "23f0f64929001234d2"
    "0e2512\n> 800000\n"
    "< 06d10931323334353637383906d10941424344454647481b\n",
    "04 0F 19 27 60 22 F0 F8 (8 hidden) 23 F0 F6 (6 hidden) 0E (2 hidden)",
    "4929|0012|3456|7891|2512|3132|4142" },
  { "zvt/list-that-does-not-read",
    "zvt+tcp://127.0.0.1",
    "> 0501059182730304\n< 800000040f0b2760ff4929001234567891\n> 800000\n",
    "04 0F 0B (11 hidden)",
    "4929|2760" },
  { "zvt/serial-and-its-crc",
    "zvt+serial:///dev/null",
    "> 100205010591827303041003F719\n< 06\n",
    "> 14: 10 02 05 01 05 (3 hidden) 03 04 10 03 (2 hidden)",
    "918273|F719" },
  { "ecr17",
    "ecr17+tcp://127.0.0.1:1",
    "> 0230303030303030303073033C\n< "
    "06037902313233343536373830733931383237333138323732323131323630303132305345435245543132031F\n> "
    "060379\n",
    "02 (8 hidden) \"0s\" (20 hidden) \"0\" (8 hidden) 03 (1 hidden)",
    "12345678|9182731827|2211|SECRET" },
  { "ecr17/progress",
    "ecr17+tcp://127.0.0.1:1",
    "> 0230303030303030303073033C\n< 01"
    "34393239303031323334353637383931"
    "20202020"
    "04\n",
    "< 22: 01 (20 hidden) 04",
    "4929|5678" },
  { "transbank",
    "transbank+serial:///dev/null",
    "> 02303130300302\n< 02303231307C30307C343932393030313233343536373839317C037A\n",
    "02 \"0210|00\" (",
    "4929|1234|5678" },
  { "poslink",
    "poslink+tcp://127.0.0.1:1",
    "> 024130301C312E3238034B\n< "
    "0602301C4130311C312E32381C3030303030301C4F4B1C534E3931383237331C4D4F44454C1C343932393030313233"
    "34353637383931032C\n> 06\n",
    "\"A01\" 1C",
    "SN918273|MODEL|4929|1.28" },
  { "codepay",
    "codepay+serial:///dev/null",
    "> 55AA010000000001CC33\n< 55AA00000100103439323930303132333435363738393117CC33\n",
    "55 AA 00 00 01 00 10 (17 hidden) CC 33",
    "4929|1234|3439" },
  { "echo",
    "echo+tcp://127.0.0.1",
    "> 001645435230323031582F504F5320466972737420416964\n< "
    "00274D454C30323031582F504F53204669727374204169642F543931383237333A3439323930303132\n",
    "MEL0201X/\" (30 hidden)",
    "918273|4929" },
};

static char *
squeeze (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, " ", -1);

  return g_strjoinv ("", parts);
}

static void
assert_hidden (const char *kept, const char *secrets)
{
  g_auto (GStrv) list = g_strsplit (secrets, "|", -1);
  g_autofree char *squeezed = squeeze (kept);

  for (guint i = 0; list[i] != NULL; i++)
    {
      g_autofree char *hex =
          pfa_span_dup_hex ((PfaSpan){ (const guint8 *) list[i], strlen (list[i]) });

      if (strstr (squeezed, list[i]) != NULL || strstr (squeezed, hex) != NULL)
        g_error ("“%s” is left in:\n%s", list[i], kept);
    }
}

static void
test_case (gconstpointer data)
{
  const Case *row = data;
  g_autofree char *kept = keep (row->address, row->record);

  if (strstr (kept, row->kept) == NULL)
    g_error ("“%s” is not in:\n%s", row->kept, kept);
  /* The head line names when and over what; no secret is ever near it. */
  assert_hidden (strchr (kept, '\n'), row->secrets);
}

/* What is kept of @hex when a terminal of @address sends it unasked. */
static char *
keep_received (const char *address, const char *hex)
{
  g_autoptr (PfaTerminalAddress) parsed = pfa_terminal_address_parse (address, NULL);
  g_autofree char *record = g_strdup_printf ("< %s\n", hex);
  g_autoptr (PfaTransport) inner = pfa_replay_transport_new (record);
  g_autoptr (PfaTransport) recorder = pfa_recording_transport_new (inner);

  pfa_transport_exchange_async (recorder, NULL, 1, NULL, NULL, NULL);
  while (pfa_recording_transport_get_entries (PFA_RECORDING_TRANSPORT (recorder))->len == 0)
    g_main_context_iteration (NULL, TRUE);
  return pfa_conversation_build (PFA_RECORDING_TRANSPORT (recorder), parsed, NULL, 0);
}

/* The request has a fresh number each time, so that no record of it can be played. */
static void
test_nexo (void)
{
  const char *json =
      "{\"SaleToPOIResponse\":{\"MessageHeader\":{\"MessageCategory\":\"Diagnosis\","
      "\"POIID\":\"V400m-918273\",\"ServiceID\":\"4929001234\"},\"DiagnosisResponse\":"
      "{\"Response\":{\"Result\":\"Failure\",\"ErrorCondition\":\"hunter\",\"hunterName\":true},"
      "\"Result\" : \"Suc\\\"cess\",\"n\":4929001234567891,\"GlobalStatus\":\"Busy\"},"
      "\"NexoBlob\":\"c2VjcmV0\",\"SecurityTrailer\":{\"Hmac\":\"9XkQ\",\"Nonce\":\"Zm9v\"}}}";
  g_autofree char *hex = pfa_span_dup_hex ((PfaSpan){ (const guint8 *) json, strlen (json) });
  g_autofree char *kept = keep_received ("nexo+https://127.0.0.1?poi=A-1", hex);

  assert_hidden (kept, "918273|4929|hunter|Suc|c2Vj|9XkQ|Zm9v");
  g_assert_nonnull (strstr (kept, "\"Result\":\"Failure\",\"ErrorCondition\":\"(6 hidden)\""));
  g_assert_nonnull (strstr (kept, "\"GlobalStatus\":\"Busy\""));
}

/* Whatever a terminal sends, and however it is cut: six digits of the planted card never stand in a
 * row, neither as letters nor packed. */
static void
test_random (gconstpointer data)
{
  const char *address = data;
  g_autoptr (GRand) random = g_rand_new_with_seed (96);
  static const char *const heads[] = { "060F",   "040F",     "04FF",         "061E", "06D1",
                                       "020341", "1002060F", "55AA00000100", "\x02", "7B22" };

  for (guint round = 0; round < RANDOM_ROUNDS; round++)
    {
      const gboolean packed = g_rand_boolean (random);
      g_autoptr (GString) record = g_string_new (NULL);
      g_autofree char *kept = NULL;
      g_autofree char *squeezed = NULL;

      g_string_append (record, heads[g_rand_int_range (random, 0, G_N_ELEMENTS (heads))]);
      for (int i = g_rand_int_range (random, 0, 12); i > 0; i--)
        g_string_append_printf (record, "%02X", (guint) g_rand_int_range (random, 0, 256));
      g_string_append (record, packed ? "4929001234567891" : "34393239303031323334353637383931");
      for (int i = g_rand_int_range (random, 0, 12); i > 0; i--)
        g_string_append_printf (record, "%02X", (guint) g_rand_int_range (random, 0, 256));
      kept = keep_received (address, record->str);
      squeezed = squeeze (strchr (kept, '\n'));
      g_assert_null (strstr (squeezed, packed ? "001234" : "303132"));
      g_assert_null (strstr (squeezed, packed ? "123456" : "3334353637"));
      g_assert_null (strstr (squeezed, "234567"));
    }
}

int
main (int argc, char *argv[])
{
  static const char *const addresses[] = {
    "zvt+tcp://127.0.0.1",          "zvt+serial:///dev/null",         "ecr17+tcp://127.0.0.1:1",
    "transbank+serial:///dev/null", "poslink+tcp://127.0.0.1:1",      "codepay+serial:///dev/null",
    "echo+tcp://127.0.0.1",         "nexo+https://127.0.0.1?poi=A-1",
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/terminal/conversation/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/terminal/conversation/nexo", test_nexo);
  for (guint i = 0; i < G_N_ELEMENTS (addresses); i++)
    {
      g_autofree char *path =
          g_strdup_printf ("/terminal/conversation/random/%.7s-%u", addresses[i], i);

      g_test_add_data_func (path, addresses[i], test_random);
    }
  return g_test_run ();
}
