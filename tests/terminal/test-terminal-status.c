/* test-terminal-status.c - replayed captures, the JSON of DESIGN.md 4.5, observations, secrets,
 * tables
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>

#include "pfa-error.h"
#include "pfa-json.h"
#include "pfa-recording-transport.h"
#include "pfa-replay-transport.h"
#include "pfa-secret-store.h"
#include "pfa-terminal-fixture.h"
#include "pfa-terminal-table.h"

#define REQUEST "> 0501050000000304\n"
#define ANSWER                                                                                     \
  "< 800000 "                                                                                      \
  "060f89f0f4f04745522d4150502d76322e302e393b635330322e30312e30312d31302e31302d322d323b43"         \
  "43323600065b1f440452525535e4431f400a6356454e4420706c75671f41284745522d4150502d76322e302e393b63" \
  "53"                                                                                             \
  "30322e30312e30312d31302e31302d322d323b434332361f420417fd1e3c1f430100340d1f0e04202304051f0f0322" \
  "56"                                                                                             \
  "55\n"

static PfaTerminalStatus *
replay (const char *record, gboolean online)
{
  g_autoptr (PfaTerminalOptions) options = pfa_terminal_options_new ();
  g_autoptr (GError) error = NULL;
  PfaTerminalStatus *status;

  options->transport = pfa_replay_transport_new (record);
  options->online_test = online;
  options->now = g_date_time_new_utc (2023, 4, 5, 22, 57, 7);
  status = pfa_terminal_fixture_read ("zvt+tcp://192.168.1.50", options, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (pfa_replay_transport_is_at_end (PFA_REPLAY_TRANSPORT (options->transport)));
  return status;
}

/* The example of DESIGN.md 4.5, from the capture that it shows. */
static void
test_json (void)
{
  g_autoptr (PfaTerminalStatus) status =
      replay (REQUEST ANSWER
              "> 800000 06700506031B0101\n< 800000 040f022760\n> 800000\n< 061e0160\n> 800000\n",
              TRUE);
  g_autoptr (JsonObject) json = NULL;
  g_autofree char *text = NULL;

  status->elapsed_ms = 14;
  json = pfa_terminal_status_to_json (status, "en");
  json_object_remove_member (json, "sources");
  text = pfa_json_write_object (json, FALSE);
  g_assert_cmpstr (
      text,
      ==,
      "{\"format\":\"pos-first-aid-terminal/1\",\"address\":\"zvt+tcp://192.168.1.50:20007\","
      "\"protocol\":\"zvt\",\"reached\":true,\"elapsed_ms\":14,\"identity\":{\"brand\":null,"
      "\"model\":\"cVEND plug\",\"serial\":\"••••1E3C\",\"terminal_id\":\"••••5535\"},"
      "\"software\":\"GER-APP-v2.0.9;cS02.01.01-10.10-2-2;CC26\",\"clock\":\"2023-04-05T22:56:55\","
      "\"clock_offset_s\":-12,\"state\":{\"id\":\"ready\",\"code\":\"00\",\"text\":\"The terminal "
      "says it is ready.\"},"
      "\"locks\":[],\"locks_texts\":[],\"needs\":[],\"needs_texts\":[],\"battery_percent\":null,"
      "\"printer\":null,\"reader_works\":null,\"security_intact\":null,\"host_reachable\":true,"
      "\"last_result\":{\"code\":\"96\",\"made_by\":\"host\",\"raw\":\"60\",\"text\":\"The bank’s "
      "or provider’s "
      "computer answered “system malfunction”. The connection worked at that moment.\"},"
      "\"online_test\":{\"result\":\"host-refused\",\"code\":\"96\"},\"problem\":null}");
}

typedef struct
{
  const char *name;
  const char *record;
  const char *state;
  const char *problem;
  const char *result;
  const char *made_by;
} ReplayCase;

static const ReplayCase replay_cases[] = {
  { "valina-card-inserted",
    REQUEST "< 800000\n< 060f01dc\n> 800000\n",
    "card-inserted",
    NULL,
    NULL,
    NULL },
  { "two-messages-in-one-read",
    REQUEST "< 800000 04ff0117 060f01f0\n> 800000 800000\n",
    "reconciliation-needed",
    NULL,
    NULL,
    NULL },
  { "prints-first",
    REQUEST "< 800000 06d11900476573616d742020202020203020202020202020302c3030\n> 800000\n< "
            "060f0100\n> 800000\n",
    "ready",
    NULL,
    NULL,
    NULL },
  { "without-yes", REQUEST "< 060f0100\n> 800000\n", "ready", NULL, NULL, NULL },
  { "empty-completion", REQUEST "< 800000 060f00\n> 800000\n", "unknown", NULL, NULL, NULL },
  { "abort-by-key", REQUEST "< 800000 061e016c\n> 800000\n", "unknown", NULL, "6C", "terminal" },
  { "abort-host-96", REQUEST "< 800000 061e0160\n> 800000\n", "unknown", NULL, "96", "host" },
  { "abort-with-words",
    REQUEST "< 800000 061edf 0610\n! silent\n",
    "unknown",
    "silent",
    NULL,
    NULL },
  { "damaged-capture",
    REQUEST "< 800000 040f "
            "2700040000000026000c1005320d03316078f2765f0f040000f0ffffff00efa65f9d006b5f020000004315"
            "6c5f0000000002000000020000004c86705f020000000200000038008e07\n> 800000 848300\n",
    "unknown",
    "garbled",
    NULL,
    NULL },
  { "closed-after-yes", REQUEST "< 800000\n= closed\n", "unknown", "silent", NULL, NULL },
  { "yes-or-no-then-nothing",
    REQUEST "< 840000\n! silent\n",
    "unknown",
    "not-supported",
    NULL,
    NULL },
  { "status-with-card-number",
    REQUEST "< 800000 040f16 2760 3cf0f1f6 "
            "34313131313131313131313131313131\n> 800000\n< 060f0100\n> 800000\n",
    "ready",
    NULL,
    "96",
    "host" },
};

static void
test_replay (gconstpointer data)
{
  const ReplayCase *c = data;
  g_autoptr (PfaTerminalOptions) options = pfa_terminal_options_new ();
  g_autoptr (PfaTerminalStatus) status = NULL;
  g_autofree char *text = NULL;
  g_autoptr (JsonObject) json = NULL;

  options->transport = pfa_replay_transport_new (c->record);
  status = pfa_terminal_fixture_read ("zvt+tcp://127.0.0.1", options, NULL, NULL);
  g_assert_cmpstr (status->state, ==, c->state);
  g_assert_cmpstr (status->problem, ==, c->problem);
  g_assert_cmpstr (status->result_code, ==, c->result);
  g_assert_cmpstr (status->result_made_by, ==, c->made_by);
  json = pfa_terminal_status_to_json (status, "de");
  text = pfa_json_write_object (json, FALSE);
  g_assert_null (strstr (text, "4111111111111111"));
}

/* A terminal may say anything: what is secret in it is neither shown nor stored. */
static void
test_told_secrets (void)
{
  g_autoptr (PfaTerminalStatus) status = pfa_terminal_status_new ("zvt+tcp://127.0.0.1", "zvt");
  g_autoptr (JsonObject) json = NULL;
  g_autofree char *text = NULL;

  status->model = g_strdup ("A920 password=geheim77");
  status->brand = g_strdup ("4111111111111111");
  status->software = g_strdup ("1.5.22.2 4111 1111 1111 1111");
  json = pfa_terminal_status_to_json (status, "en");
  text = pfa_json_write_object (json, FALSE);
  g_assert_null (strstr (text, "4111"));
  g_assert_null (strstr (text, "geheim77"));
  g_assert_nonnull (strstr (text, "1.5.22.2"));
  g_assert_nonnull (strstr (text, "A920"));
}

/* What was recorded can be said again. */
static void
test_record (void)
{
  g_autoptr (PfaTerminalOptions) options = pfa_terminal_options_new ();
  g_autoptr (PfaTransport) inner = pfa_replay_transport_new (REQUEST ANSWER "> 800000\n");
  g_autoptr (PfaTerminalStatus) status = NULL;
  g_autoptr (PfaTerminalStatus) again = NULL;
  g_autofree char *record = NULL;

  options->transport = pfa_recording_transport_new (inner);
  status = pfa_terminal_fixture_read ("zvt+tcp://127.0.0.1", options, NULL, NULL);
  record = pfa_recording_transport_dup_record (PFA_RECORDING_TRANSPORT (options->transport));
  g_assert_true (g_str_has_prefix (record, "> 0501050000000304\n< 800000060F89"));
  g_assert_true (g_str_has_suffix (record, "\n> 800000\n"));
  again = replay (record, FALSE);
  g_assert_cmpstr (again->software, ==, status->software);
}

static const char *
value_of (PfaTerminalStatus *status, PfaProvider *provider, const char *id)
{
  g_autoptr (GPtrArray) list = pfa_terminal_status_dup_observations (status, provider);

  for (guint i = 0; i < list->len; i++)
    if (g_str_equal (((PfaObservation *) list->pdata[i])->id, id))
      return g_intern_string (((PfaObservation *) list->pdata[i])->value);
  return NULL;
}

static void
test_observations (void)
{
  g_autoptr (PfaTerminalStatus) status = replay (REQUEST ANSWER "> 800000\n", FALSE);
  PfaProviderTerminal row = { NULL, (char *) "cVEND plug", (char *) "3.0", (char *) "4.0" };
  PfaProvider provider = { .terminals = g_ptr_array_new () };

  g_ptr_array_add (provider.terminals, &row);
  g_assert_cmpstr (value_of (status, NULL, "terminal-on-lan"), ==, "seen");
  g_assert_cmpstr (value_of (status, NULL, "terminal-state"), ==, "ready");
  g_assert_cmpstr (value_of (status, NULL, "terminal-clock"), ==, "ok");
  g_assert_cmpstr (value_of (status, NULL, "terminal-hardware"), ==, "good");
  g_assert_null (value_of (status, NULL, "terminal-software"));
  g_assert_null (value_of (status, NULL, "terminal-online-test"));
  g_assert_null (value_of (status, NULL, "terminal-power"));
  g_assert_cmpstr (value_of (status, &provider, "terminal-software"), ==, "outdated");
  row.minimum_software = (char *) "2.0";
  g_assert_cmpstr (value_of (status, &provider, "terminal-software"), ==, "old");
  row.latest_software = (char *) "2.0.9";
  g_assert_cmpstr (value_of (status, &provider, "terminal-software"), ==, "current");
  status->clock_offset_s = 121;
  g_assert_cmpstr (value_of (status, NULL, "terminal-clock"), ==, "wrong");
  status->battery_percent = 14;
  g_assert_cmpstr (value_of (status, NULL, "terminal-power"), ==, "low");
  pfa_terminal_status_set_result (status, "96", "host", "60");
  g_assert_cmpstr (value_of (status, NULL, "terminal-last-result"), ==, "made-by-host");
  pfa_terminal_status_set_result (status, "DF", "terminal", "DF");
  g_assert_null (value_of (status, NULL, "terminal-last-result"));
  g_assert_cmpstr (value_of (status, NULL, "terminal-hardware"), ==, "faulty");
  g_ptr_array_unref (provider.terminals);
}

/* Every problem is an observation with a value of the vocabulary. */
static void
test_problem_observations (void)
{
  const char *const problems[] = { "no-route",        "refused",        "silent",
                                   "held-by-another", "not-registered", "wrong-password",
                                   "not-supported",   "garbled",        "tls",
                                   "permission",      "unplugged" };

  for (guint i = 0; i < G_N_ELEMENTS (problems); i++)
    {
      g_autoptr (PfaTerminalStatus) status = pfa_terminal_status_new ("zvt+tcp://h:1", "zvt");

      pfa_terminal_status_set_problem (status, problems[i], NULL);
      g_assert_true (value_of (status, NULL, "terminal-on-lan") != NULL ||
                     value_of (status, NULL, "terminal-usb") != NULL);
      g_assert_nonnull (pfa_terminal_table_get_text ("problems", problems[i]));
    }
}

static void
test_mask (void)
{
  const struct
  {
    const char *text;
    const char *masked;
  } cases[] = { { "17FD1E3C", "••••1E3C" },
                { "1234", "••••" },
                { "", "••••" },
                { "12345", "••••2345" },
                { NULL, NULL } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *masked = pfa_terminal_mask (cases[i].text);

      g_assert_cmpstr (masked, ==, cases[i].masked);
    }
}

static void
test_secret_file (void)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaTerminalSecrets) secrets = NULL;
  int fd = g_file_open_tmp ("pfa-secrets-XXXXXX", &path, NULL);
  const char *text = "{\"zvt+tcp://10.0.0.7\": {\"zvt_password\": \"123456\"},"
                     " \"nexo+https://10.0.0.8?poi=V400m-1\": {\"nexo\": {\"passphrase\": \"p\","
                     " \"key_identifier\": \"k\", \"key_version\": 2, \"root\": \"r.pem\"}}}";

  g_close (fd, NULL);
  g_assert_true (g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
  secrets = pfa_secret_file_find (path, "zvt+tcp://10.0.0.7:20007", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (secrets->zvt_password, ==, "123456");
  g_clear_pointer (&secrets, pfa_terminal_secrets_free);
  secrets = pfa_secret_file_find (path, "nexo+https://10.0.0.8:8443?poi=V400m-1", &error);
  g_assert_cmpuint (secrets->nexo_key_version, ==, 2);
  g_assert_true (g_path_is_absolute (secrets->nexo_root));
  g_clear_pointer (&secrets, pfa_terminal_secrets_free);
  g_assert_null (pfa_secret_file_find (path, "zvt+tcp://10.0.0.9", &error));
  g_assert_no_error (error);

  g_assert_cmpint (g_chmod (path, 0640), ==, 0);
  g_assert_null (pfa_secret_file_find (path, "zvt+tcp://10.0.0.7", &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT);
  g_clear_error (&error);
  g_assert_true (
      g_file_set_contents_full (path,
                                "{\"zvt+tcp://10.0.0.7\": {\"zvt_password\": \"12345x\"}}",
                                -1,
                                G_FILE_SET_CONTENTS_NONE,
                                0600,
                                NULL));
  g_chmod (path, 0600);
  g_assert_null (pfa_secret_file_find (path, "zvt+tcp://10.0.0.7", &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT);
  g_assert_null (strstr (error->message, "12345x"));
  g_unlink (path);
}

static void
on_done_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **kept = user_data;

  *kept = g_object_ref (result);
}

static PfaTerminalSecrets *
find_secrets (PfaSecretStore *store, const char *address)
{
  g_autoptr (GAsyncResult) result = NULL;

  pfa_secret_store_find_async (store, address, NULL, on_done_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return pfa_secret_store_find_finish (store, result, NULL);
}

static void
keep_secrets (PfaSecretStore *store, const char *address, const PfaTerminalSecrets *secrets)
{
  g_autoptr (GAsyncResult) result = NULL;

  pfa_secret_store_keep_async (store, address, secrets, NULL, on_done_cb, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (pfa_secret_store_keep_finish (store, result, NULL));
}

static void
test_memory_store (void)
{
  PfaSecretStore *store = pfa_memory_secret_store_new ();
  g_autoptr (PfaTerminalSecrets) secrets = pfa_terminal_secrets_new ();
  g_autoptr (PfaTerminalSecrets) found = NULL;

  secrets->zvt_password = g_strdup ("123456");
  g_assert_null (find_secrets (store, "zvt+tcp://h:1"));
  keep_secrets (store, "zvt+tcp://h:1", secrets);
  found = find_secrets (store, "zvt+tcp://h:1");
  g_assert_cmpstr (found->zvt_password, ==, "123456");
  keep_secrets (store, "zvt+tcp://h:1", NULL);
  g_assert_null (find_secrets (store, "zvt+tcp://h:1"));
  g_assert_finalize_object (store);
}

/* All tables, all entries: three languages, and states and needs that have words themselves. */
static void
check_table (const char *path, const char *name)
{
  g_autoptr (JsonNode) node = pfa_json_load (path, NULL);
  g_autofree char *table = g_strndup (name, strlen (name) - strlen (".json"));
  g_autoptr (GList) keys = NULL;

  g_assert_nonnull (node);
  keys = json_object_get_members (json_node_get_object (node));
  for (GList *l = keys; l != NULL; l = l->next)
    {
      const PfaTerminalEntry *entry = pfa_terminal_table_find (table, l->data);

      g_assert_nonnull (entry);
      for (guint i = 0; pfa_text_languages[i] != NULL; i++)
        g_assert_true (pfa_text_has (entry->text, pfa_text_languages[i]));
      if (entry->state != NULL)
        g_assert_nonnull (pfa_terminal_table_get_text ("states", entry->state));
      for (guint i = 0; entry->needs[i] != NULL; i++)
        g_assert_nonnull (pfa_terminal_table_get_text ("needs", entry->needs[i]));
    }
}

static void
test_tables (void)
{
  g_autofree char *folder =
      g_build_filename (g_getenv ("PFA_SOURCE_DIR"), "data", "terminals", "texts", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint count = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      check_table (path, name);
      count++;
    }
  g_assert_cmpuint (count, >=, 15);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/terminal/status/json", test_json);
  g_test_add_func ("/terminal/status/told-secrets", test_told_secrets);
  for (guint i = 0; i < G_N_ELEMENTS (replay_cases); i++)
    {
      g_autofree char *name = g_strconcat ("/terminal/replay/", replay_cases[i].name, NULL);

      g_test_add_data_func (name, &replay_cases[i], test_replay);
    }
  g_test_add_func ("/terminal/record-and-replay", test_record);
  g_test_add_func ("/terminal/status/observations", test_observations);
  g_test_add_func ("/terminal/status/problems-are-observations", test_problem_observations);
  g_test_add_func ("/terminal/status/mask", test_mask);
  g_test_add_func ("/terminal/secrets/file", test_secret_file);
  g_test_add_func ("/terminal/secrets/memory", test_memory_store);
  g_test_add_func ("/terminal/tables/complete", test_tables);
  return g_test_run ();
}
