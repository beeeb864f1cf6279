/* test-nexo.c - nexo Terminal API: keys, protected messages, answers, and whole reads
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <glib/gstdio.h>
#include <string.h>

#include "pfa-error.h"
#include "pfa-hex.h"
#include "pfa-https-transport.h"
#include "pfa-json.h"
#include "pfa-nexo-crypto.h"
#include "pfa-nexo.h"
#include "pfa-sim-nexo.h"
#include "pfa-terminal-fixture.h"

#define PASSPHRASE "p@ssw0rd123456"
#define IDENTIFIER "CryptoKeyIdentifier12345"
#define POI        "V400m-346403161"

/* The maker's published vector. */
static void
test_derived_key (void)
{
  PfaNexoKey key;

  g_assert_true (pfa_nexo_key_derive (&key, PASSPHRASE, IDENTIFIER, 1));
  pfa_assert_hex ((PfaSpan){ key.hmac, sizeof key.hmac },
                  "733636253B5B98F9A483B1A678D73A58DAB2ACCAFBC029ECBE12D60EAA909E32");
  pfa_assert_hex ((PfaSpan){ key.aes, sizeof key.aes },
                  "CF2C822761B9F5305BF69970BFA7B659A6724A119DB21F8B0E949779F2EA022C");
  pfa_assert_hex ((PfaSpan){ key.iv, sizeof key.iv }, "BB9BA8092E6027C735398DC65977C051");
  pfa_nexo_key_clear (&key);
}

static void
test_request (void)
{
  const PfaNexoRequest request = { POI, "D000000001", FALSE };
  g_autofree char *text = pfa_nexo_build_diagnosis (&request);
  g_autofree char *id = pfa_nexo_new_service_id ();
  g_autofree char *other = pfa_nexo_new_service_id ();

  g_assert_cmpstr (text,
                   ==,
                   "{\"SaleToPOIRequest\":{\"MessageHeader\":{\"ProtocolVersion\":\"3.0\","
                   "\"MessageClass\":\"Service\",\"MessageCategory\":\"Diagnosis\","
                   "\"MessageType\":\"Request\",\"ServiceID\":\"D000000001\","
                   "\"SaleID\":\"POSFirstAid\",\"POIID\":\"V400m-346403161\"},"
                   "\"DiagnosisRequest\":{\"HostDiagnosisFlag\":false}}}");
  g_assert_cmpuint (strlen (id), ==, PFA_NEXO_SERVICE_ID_LENGTH);
  g_assert_cmpstr (id, !=, other);
}

static JsonObject *
dup_wrapped (const char *text)
{
  g_autoptr (JsonObject) root = pfa_json_parse_object (text, -1, "message", NULL);

  return json_object_ref (pfa_json_peek_object (root, PFA_NEXO_REQUEST));
}

static void
test_protect (void)
{
  const PfaNexoRequest request = { POI, "D000000001", FALSE };
  g_autofree char *plain = pfa_nexo_build_diagnosis (&request);
  g_autofree char *sealed = NULL;
  g_autofree char *opened = NULL;
  g_autoptr (JsonObject) message = NULL;
  g_autoptr (GError) error = NULL;
  PfaNexoKey key;

  pfa_nexo_key_derive (&key, PASSPHRASE, IDENTIFIER, 1);
  sealed = pfa_nexo_protect (&key, PFA_NEXO_REQUEST, plain, NULL);
  g_assert_null (strstr (sealed, "HostDiagnosisFlag"));
  message = dup_wrapped (sealed);
  opened = pfa_nexo_unprotect (&key, PFA_NEXO_REQUEST, message, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (opened, ==, plain);
  pfa_nexo_key_clear (&key);
}

/* Whatever was changed, the words are the same. */
static void
test_tampered (void)
{
  const PfaNexoRequest request = { POI, "D000000001", FALSE };
  g_autofree char *plain = pfa_nexo_build_diagnosis (&request);
  g_autofree char *sealed = NULL;
  g_autofree char *words = NULL;
  PfaNexoKey key;
  const struct
  {
    const char *object; /* NULL: the message itself */
    const char *member;
    const char *value;
  } cases[] = {
    { "MessageHeader", "ServiceID", "D000000002" },
    { "MessageHeader", "POIID", "V400m-1" },
    { "SecurityTrailer", "Nonce", "AAAAAAAAAAAAAAAAAAAAAA==" },
    { "SecurityTrailer", "Nonce", "AAAA" },
    { "SecurityTrailer", "Hmac", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" },
    { "SecurityTrailer", "KeyIdentifier", "other" },
    { NULL, "NexoBlob", "AAAAAAAAAAAAAAAAAAAAAA==" },
    { NULL, "NexoBlob", "AAAA" },
    { NULL, "NexoBlob", "" },
  };

  pfa_nexo_key_derive (&key, PASSPHRASE, IDENTIFIER, 1);
  sealed = pfa_nexo_protect (&key, PFA_NEXO_REQUEST, plain, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonObject) message = dup_wrapped (sealed);
      JsonObject *object =
          cases[i].object != NULL ? pfa_json_peek_object (message, cases[i].object) : message;
      g_autoptr (GError) error = NULL;

      json_object_set_string_member (object, cases[i].member, cases[i].value);
      g_assert_null (pfa_nexo_unprotect (&key, PFA_NEXO_REQUEST, message, &error));
      g_assert_error (error, PFA_ERROR, PFA_ERROR_UNTRUSTED);
      if (words != NULL)
        g_assert_cmpstr (error->message, ==, words);
      g_free (words);
      words = g_strdup (error->message);
    }
  pfa_nexo_key_clear (&key);
}

static void
test_name_fits (void)
{
  g_assert_true (
      pfa_https_name_fits ("V400m-1.test.terminal.adyen.com", "*.test.terminal.adyen.com"));
  g_assert_true (
      pfa_https_name_fits ("v400m-1.TEST.terminal.adyen.com", "*.test.terminal.adyen.com"));
  g_assert_true (pfa_https_name_fits ("a.example", "a.example"));
  g_assert_false (
      pfa_https_name_fits ("V400m-1.live.terminal.adyen.com", "*.test.terminal.adyen.com"));
  g_assert_false (pfa_https_name_fits (".test.terminal.adyen.com", "*.test.terminal.adyen.com"));
  g_assert_false (
      pfa_https_name_fits ("test.terminal.adyen.com.evil.example", "*.test.terminal.adyen.com"));
  g_assert_false (pfa_https_name_fits ("eviltest.terminal.adyen.com", "*.test.terminal.adyen.com"));
  g_assert_false (pfa_https_name_fits ("anything", "*"));
  g_assert_false (pfa_https_name_fits ("", "*.example"));
}

typedef struct
{
  const char *name;
  const char *state; /* of the simulated terminal */
  gboolean keys;     /* the program has the passphrase */
  gboolean root;     /* the program has the root */
  gboolean online;
  const char *status;
  const char *problem;
  const char *online_test;
  guint requests; /* most that may have been sent */
} Case;

#define SEALED "\"passphrase\": \"" PASSPHRASE "\""

static const Case cases[] = {
  { "protected", "{" SEALED "}", TRUE, TRUE, FALSE, "ready", NULL, NULL, 1 },
  { "clear", "{}", FALSE, TRUE, FALSE, "ready", NULL, NULL, 1 },
  { "booleans-as-text",
    "{\"booleans_as_text\": true}",
    FALSE,
    TRUE,
    FALSE,
    "ready",
    NULL,
    NULL,
    1 },
  { "online-passed", "{" SEALED "}", TRUE, TRUE, TRUE, "ready", NULL, "passed", 2 },
  { "online-no-connection",
    "{\"host_reachable\": false}",
    FALSE,
    TRUE,
    TRUE,
    "ready",
    NULL,
    "no-connection",
    2 },
  { "busy-stays-offline", "{\"status\": \"Busy\"}", FALSE, TRUE, TRUE, "busy", NULL, NULL, 1 },
  { "busy-condition", "{\"error_condition\": \"Busy\"}", FALSE, TRUE, TRUE, "busy", NULL, NULL, 1 },
  { "maintenance",
    "{\"status\": \"Maintenance\"}",
    FALSE,
    TRUE,
    FALSE,
    "maintenance",
    NULL,
    NULL,
    1 },
  { "no-paper", "{\"printer\": \"NoPaper\"}", FALSE, TRUE, FALSE, "printer-fault", NULL, NULL, 1 },
  { "reader-broken",
    "{\"CardReaderOKFlag\": false}",
    FALSE,
    TRUE,
    FALSE,
    "reader-fault",
    NULL,
    NULL,
    1 },
  { "tampered", "{\"SecurityOKFlag\": false}", FALSE, TRUE, FALSE, "out-of-order", NULL, NULL, 1 },
  { "missing-status",
    "{\"illness\": \"missing-status\"}",
    FALSE,
    TRUE,
    FALSE,
    "unknown",
    NULL,
    NULL,
    1 },
  { "not-allowed",
    "{\"error_condition\": \"NotAllowed\"}",
    FALSE,
    TRUE,
    FALSE,
    "unknown",
    "not-supported",
    NULL,
    1 },
  { "wrong-passphrase",
    "{\"passphrase\": \"other\"}",
    TRUE,
    TRUE,
    FALSE,
    "unknown",
    "tls",
    NULL,
    1 },
  { "passphrase-missing", "{" SEALED "}", FALSE, TRUE, FALSE, "unknown", "tls", NULL, 1 },
  { "answer-not-protected", "{}", TRUE, TRUE, FALSE, "unknown", "tls", NULL, 1 },
  { "wrong-hmac",
    "{" SEALED ", \"illness\": \"wrong-hmac\"}",
    TRUE,
    TRUE,
    FALSE,
    "unknown",
    "tls",
    NULL,
    1 },
  { "other-service-id",
    "{" SEALED ", \"illness\": \"other-service-id\"}",
    TRUE,
    TRUE,
    FALSE,
    "unknown",
    "garbled",
    NULL,
    1 },
  { "replay",
    "{" SEALED ", \"illness\": \"replay\"}",
    TRUE,
    TRUE,
    TRUE,
    "ready",
    "garbled",
    NULL,
    2 },
  { "wrong-name",
    "{\"certificate_name\": \"evil.example\"}",
    FALSE,
    TRUE,
    FALSE,
    "unknown",
    "tls",
    NULL,
    0 },
  { "unknown-root", "{}", FALSE, FALSE, FALSE, "unknown", "tls", NULL, 0 },
  { "http-404",
    "{\"illness\": \"http-404\"}",
    FALSE,
    TRUE,
    FALSE,
    "unknown",
    "not-supported",
    NULL,
    1 },
  { "http-500", "{\"illness\": \"http-500\"}", FALSE, TRUE, FALSE, "unknown", "garbled", NULL, 1 },
  { "redirect", "{\"illness\": \"redirect\"}", FALSE, TRUE, FALSE, "unknown", "garbled", NULL, 1 },
  { "big-body", "{\"illness\": \"big-body\"}", FALSE, TRUE, FALSE, "unknown", "garbled", NULL, 1 },
  { "garbage", "{\"illness\": \"garbage\"}", FALSE, TRUE, FALSE, "unknown", "garbled", NULL, 1 },
  { "duplicate-keys",
    "{\"illness\": \"duplicate-keys\"}",
    FALSE,
    TRUE,
    FALSE,
    "unknown",
    "garbled",
    NULL,
    1 },
  { "silent", "{\"illness\": \"silent\"}", FALSE, TRUE, FALSE, "unknown", "silent", NULL, 1 },
};

static PfaTerminalSecrets *
make_secrets (const Case *c, const char *root)
{
  PfaTerminalSecrets *secrets = pfa_terminal_secrets_new ();

  if (c->keys)
    {
      secrets->nexo_passphrase = g_strdup (PASSPHRASE);
      secrets->nexo_key_identifier = g_strdup (IDENTIFIER);
      secrets->nexo_key_version = 1;
    }
  if (c->root)
    secrets->nexo_root = g_strdup (root);
  secrets->nexo_name_pattern = g_strdup ("*.test.terminal.adyen.com");
  return secrets;
}

static void
test_session (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (JsonObject) state = pfa_json_parse_object (c->state, -1, "state", NULL);
  PfaSimNexo *nexo = pfa_sim_nexo_new (state, NULL);
  g_autoptr (PfaTerminalOptions) options = pfa_terminal_options_new ();
  g_autoptr (PfaTerminalStatus) status = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *address = NULL;
  g_autofree char *root = NULL;
  int fd = g_file_open_tmp ("pfa-root-XXXXXX.pem", &root, &error);
  guint16 port = pfa_sim_nexo_listen (nexo, loopback, 0, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (root, pfa_sim_nexo_get_root (nexo), -1, NULL));
  address = g_strdup_printf ("nexo+https://127.0.0.1:%u?poi=" POI, port);
  options->secrets = make_secrets (c, root);
  options->online_test = c->online;
  options->deadline_ms = strcmp (c->name, "silent") == 0 ? 300 : 0;

  status = pfa_terminal_fixture_read (address, options, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (status->state, ==, c->status);
  g_assert_cmpstr (status->problem, ==, c->problem);
  g_assert_cmpstr (status->online_result, ==, c->online_test);
  g_assert_cmpuint (pfa_sim_nexo_count_requests (nexo), <=, c->requests);
  /* Under the sanitizers the handshake alone may take as long as the short deadline. */
  if (options->deadline_ms == 0)
    g_assert_cmpuint (pfa_sim_nexo_count_requests (nexo), ==, c->requests);
  g_unlink (root);
  g_assert_finalize_object (nexo);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/terminal/nexo/derived-key", test_derived_key);
  g_test_add_func ("/terminal/nexo/request", test_request);
  g_test_add_func ("/terminal/nexo/protected-and-opened", test_protect);
  g_test_add_func ("/terminal/nexo/tampered-is-one-error", test_tampered);
  g_test_add_func ("/terminal/nexo/name-fits", test_name_fits);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strconcat ("/terminal/nexo-session/", cases[i].name, NULL);

      g_test_add_data_func (name, &cases[i], test_session);
    }
  return g_test_run ();
}
