/* test-provider.c - a profile is read as written; a wrong one is refused with the member named
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "model-tools.h"
#include "pfa-error.h"
#include "pfa-provider.h"

static const char whole[] =
    "{ \"format\": \"pos-first-aid-provider/1\", \"id\": \"lab\", \"name\": {\"en\": \"Lab\"}, "
    "\"countries\": [\"CN\"],"
    " \"support\": {\"phone\": \"+86 400\", \"hours\": {\"en\": \"always\"}, \"url\": "
    "\"https://a.test\", \"minutes\": 15},"
    " \"codes\": {\"96\": {\"origin\": \"host\", \"meaning\": {\"en\": \"busy\"}, \"retry\": "
    "\"once-after-check\"}},"
    " \"hosts\": [{\"role\": \"payment\", \"host\": \"pay.test\", \"port\": 5443},"
    "  {\"role\": \"echo\", \"url\": \"https://pay.test/echo\", \"expect\": {\"json\": "
    "{\"response_code\": \"00\"}}}],"
    " \"control\": [\"https://www.test/\"], \"captive_portal_probe\": {\"url\": "
    "\"http://check.test/204\"},"
    " \"time_servers\": [\"ntp.test\"], \"known_addresses\": {\"pay.test\": [\"203.0.113.10\", "
    "\"2001:db8::1\"]},"
    " \"public_resolvers\": [\"8.8.8.8\"], \"thresholds\": {\"jitter_ms\": [20, 50]},"
    " \"status_feed\": {\"kind\": \"statuspage-v2\", \"url\": \"https://s.test/\", \"components\": "
    "[\"Card\"]},"
    " \"maintenance\": [{\"every\": \"day\", \"from\": \"23:30\", \"to\": \"00:30\", \"timezone\": "
    "\"Asia/Shanghai\"}],"
    " \"terminals\": [{\"brand\": \"Lab\", \"minimum_software\": \"4.0.0\"}], \"connection\": "
    "[\"lan\"],"
    " \"throughput\": {\"url\": \"https://pay.test/2MB\"},"
    " \"upload\": {\"tus\": \"http://127.0.0.1:8096/files/\"}, \"tickets\": {\"url\": "
    "\"http://[::1]:80/\"},"
    " \"guided\": {\"url\": \"ws://localhost/guided\"}, \"trust\": \"ca.pem\" }";

static void
test_whole (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = pfa_json_parse_object (whole, -1, "p", &error);
  g_autoptr (PfaProvider) provider =
      pfa_provider_new_from_json (object, "p", "/etc/profiles", &error);
  g_auto (GStrv) contacts = NULL;

  g_assert_no_error (error);
  contacts = pfa_provider_dup_contacts (provider);
  g_assert_cmpstr (provider->id, ==, "lab");
  g_assert_cmpfloat (provider->support_minutes, ==, 15);
  g_assert_cmpstr (pfa_text_get (pfa_provider_find_code (provider, "96")->meaning, "de"),
                   ==,
                   "busy");
  g_assert_null (pfa_provider_find_code (provider, "95"));
  g_assert_cmpuint (provider->hosts->len, ==, 2);
  g_assert_cmpuint (((PfaProviderHost *) provider->hosts->pdata[0])->port, ==, 5443);
  g_assert_cmpstr (((PfaProviderHost *) provider->hosts->pdata[0])->speaks, ==, "tls");
  g_assert_nonnull (((PfaProviderHost *) provider->hosts->pdata[1])->expect_json);
  g_assert_cmpuint (provider->portal_status, ==, 204);
  g_assert_cmpfloat (provider->jitter_ms.bad, ==, 50);
  g_assert_cmpfloat (provider->loss_percent.bad, ==, 3);
  g_assert_cmpstr (((PfaMaintenance *) provider->maintenance->pdata[0])->to, ==, "00:30");
  g_assert_cmpstr (provider->trust, ==, "/etc/profiles/ca.pem");
  g_assert_cmpstr (provider->throughput_url, ==, "https://pay.test/2MB");
  g_assert_cmpuint (g_strv_length (g_hash_table_lookup (provider->known_addresses, "pay.test")),
                    ==,
                    2);
  g_assert_true (g_strv_contains ((const char *const *) contacts, "pay.test:5443"));
  g_assert_true (g_strv_contains ((const char *const *) contacts, "http://check.test/204"));
}

static void
test_least (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = pfa_json_parse_object (
      "{\"format\": \"pos-first-aid-provider/1\", \"id\": \"x\", \"name\": {\"en\": \"X\"}}",
      -1,
      "p",
      &error);
  g_autoptr (PfaProvider) provider = pfa_provider_new_from_json (object, "p", NULL, &error);
  g_auto (GStrv) contacts = NULL;

  g_assert_no_error (error);
  contacts = pfa_provider_dup_contacts (provider);
  g_assert_cmpuint (g_strv_length (contacts), ==, 0);
  g_assert_cmpfloat (provider->round_trip_ms.warn, ==, 150);
}

static const struct
{
  const char *name;
  const char *from;
  const char *to;
  const char *said;
} damages[] = {
  { "format", "provider/1", "provider/9", "format" },
  { "id", "\"lab\"", "\"../lab\"", "id" },
  { "id-missing", "\"id\": \"lab\",", "", "id is missing" },
  { "name-missing", "\"name\": {\"en\": \"Lab\"},", "", "name is missing" },
  { "name-is-text", "{\"en\": \"Lab\"}", "\"Lab\"", "name" },
  { "country", "\"CN\"", "\"China\"", "countries[0]" },
  { "port-zero", "5443", "0", "port" },
  { "port-large", "5443", "70000", "port" },
  { "port-missing", ", \"port\": 5443", "", "port is missing" },
  { "host", "\"host\": \"pay.test\"", "\"host\": \"pay test\"", "host" },
  { "host-and-url",
    "\"role\": \"echo\",",
    "\"role\": \"echo\", \"host\": \"a.test\", \"port\": 1,",
    "either" },
  { "role-missing", "\"role\": \"echo\", ", "", "role" },
  { "plain-http", "https://pay.test/echo", "http://pay.test/echo", "not encrypted" },
  { "plain-upload", "http://127.0.0.1:8096", "http://192.168.1.2:8096", "upload.tus" },
  { "plain-throughput", "https://pay.test/2MB", "http://127.0.0.1/2MB", "throughput.url" },
  { "no-throughput-file", "\"url\": \"https://pay.test/2MB\"", "", "throughput.url" },
  { "throughput-is-text", "{\"url\": \"https://pay.test/2MB\"}", "\"2MB\"", "throughput" },
  { "plain-guided", "ws://localhost", "ws://desk.test", "guided.url" },
  { "password-in-url", "https://s.test/", "https://a:b@s.test/", "name or password" },
  { "file-url", "https://www.test/", "file:///etc/passwd", "control[0]" },
  { "resolver-by-name", "8.8.8.8", "dns.google", "public_resolvers[0]" },
  { "known-address", "203.0.113.10", "203.0.113.300", "known_addresses" },
  { "thresholds-falling", "[20, 50]", "[50, 20]", "thresholds.jitter_ms" },
  { "thresholds-three", "[20, 50]", "[20, 50, 70]", "thresholds.jitter_ms" },
  { "time-of-day", "23:30", "24:30", "maintenance[0].from" },
  { "weekday", "\"day\"", "\"payday\"", "maintenance[0].every" },
  { "connection", "\"lan\"]", "\"pigeon\"]", "connection[0]" },
  { "origin", "\"origin\": \"host\"", "\"origin\": \"moon\"", "codes.96.origin" },
  { "minutes", "\"minutes\": 15", "\"minutes\": -1", "support.minutes" },
  { "hosts-is-object",
    "\"control\": [\"https://www.test/\"]",
    "\"control\": {}",
    "control is not a list" },
};

static void
test_damage (gconstpointer data)
{
  guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GString) text = g_string_new (whole);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean was_said = FALSE;

  g_assert_cmpuint (g_string_replace (text, damages[i].from, damages[i].to, 1), ==, 1);
  node = pfa_json_parse (text->str, -1, "p.json", &error);
  g_assert_no_error (error);
  lines = pfa_provider_validate (node, "p.json");
  for (guint k = 0; lines[k] != NULL; k++)
    was_said = was_said || strstr (lines[k], damages[i].said) != NULL;
  if (!was_said)
    g_error ("not said: %s; instead: %s", damages[i].said, lines[0]);
  g_assert_null (pfa_provider_new_from_json (json_node_get_object (node), "p.json", NULL, &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT);
}

static void
test_random_damage (void)
{
  for (int round = 0; round < 3000; round++)
    {
      g_autofree char *text = g_strdup (whole);
      g_autoptr (JsonObject) object = NULL;
      g_autoptr (PfaProvider) provider = NULL;

      text[g_test_rand_int_range (0, (gint32) strlen (text))] =
          (char) g_test_rand_int_range (32, 127);
      object = pfa_json_parse_object (text, -1, "p", NULL);
      if (object != NULL)
        provider = pfa_provider_new_from_json (object, "p", NULL, NULL);
      if (provider != NULL)
        g_strfreev (pfa_provider_dup_contacts (provider));
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/knowledge/provider/whole", test_whole);
  g_test_add_func ("/knowledge/provider/least", test_least);
  for (guint i = 0; i < G_N_ELEMENTS (damages); i++)
    {
      g_autofree char *path = g_strdup_printf ("/knowledge/provider/damage/%s", damages[i].name);

      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_damage);
    }
  g_test_add_func ("/knowledge/provider/random-damage", test_random_damage);
  return g_test_run ();
}
