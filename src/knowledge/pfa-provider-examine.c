/* pfa-provider-examine.c - everything that can be wrong with a provider's profile
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-provider-examine.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

#include "pfa-json.h"

#define FORMAT          "pos-first-aid-provider/1"
#define HOST_CHARACTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"
#define ID_CHARACTERS   "abcdefghijklmnopqrstuvwxyz0123456789-"
#define ID_MAX          64

#define damage(faults, ...) pfa_fault_list_add (faults, PFA_FAULT_DAMAGE, __VA_ARGS__)
#define slack(faults, ...)  pfa_fault_list_add (faults, PFA_FAULT_SLACK, __VA_ARGS__)

typedef enum
{
  URL_SECURE, /* https or wss; in the clear to this computer only */
  URL_PROBE,  /* http as well: it is how a captive portal shows */
} UrlKind;

static gboolean
is_absent (JsonObject *object, const char *member)
{
  JsonNode *node = json_object_get_member (object, member);

  return node == NULL || JSON_NODE_HOLDS_NULL (node);
}

/* NULL when absent, or not a text (damage). */
static const char *
get_string (PfaFaultList *faults, JsonObject *object, const char *member, const char *path)
{
  const char *text = pfa_json_peek_string (object, member);

  if (text == NULL && !is_absent (object, member))
    damage (faults, "%s%s is not a text", path, member);
  else if (text != NULL && *text == '\0')
    damage (faults, "%s%s is empty", path, member);
  return text;
}

static JsonObject *
get_object (PfaFaultList *faults, JsonObject *object, const char *member, const char *path)
{
  JsonObject *inner = pfa_json_peek_object (object, member);

  if (inner == NULL && !is_absent (object, member))
    damage (faults, "%s%s is not an object", path, member);
  return inner;
}

static JsonArray *
get_array (PfaFaultList *faults, JsonObject *object, const char *member, const char *path)
{
  JsonArray *array = pfa_json_peek_array (object, member);

  if (array == NULL && !is_absent (object, member))
    damage (faults, "%s%s is not a list", path, member);
  return array;
}

static void
check_word (PfaFaultList *faults,
            JsonObject *object,
            const char *member,
            const char *path,
            const char *const *known,
            gboolean is_needed)
{
  const char *word = get_string (faults, object, member, path);

  if (word == NULL && is_needed)
    damage (faults, "%s%s is missing", path, member);
  else if (word != NULL && !g_strv_contains (known, word))
    damage (faults, "%s%s: “%s” is not known here", path, member, word);
}

static void
check_number (PfaFaultList *faults,
              JsonObject *object,
              const char *member,
              const char *path,
              double least,
              double most)
{
  double number = pfa_json_peek_double (object, member, NAN);

  if (!is_absent (object, member) && !(number >= least && number <= most))
    damage (faults, "%s%s is not a number from %g to %g", path, member, least, most);
}

static gboolean
is_host_name (const char *host)
{
  gsize length = strlen (host);

  return g_hostname_is_ip_address (host) ||
         (length > 0 && length < 254 && strspn (host, HOST_CHARACTERS) == length &&
          host[0] != '-' && host[0] != '.' && strstr (host, "..") == NULL);
}

static gboolean
is_loopback (const char *host)
{
  g_autoptr (GInetAddress) address = g_inet_address_new_from_string (host);

  return g_str_equal (host, "localhost") ||
         (address != NULL && g_inet_address_get_is_loopback (address));
}

static void
check_url_text (PfaFaultList *faults, const char *text, const char *path, UrlKind kind)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_HAS_PASSWORD, NULL);
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : "";
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  gboolean is_secure = g_str_equal (scheme, "https") || g_str_equal (scheme, "wss");
  gboolean is_clear = g_str_equal (scheme, "http") || g_str_equal (scheme, "ws");

  if (host == NULL || *host == '\0' || !(is_secure || is_clear))
    damage (faults, "%s: “%s” is no web address", path, text);
  else if (is_clear && kind == URL_SECURE && !is_loopback (host))
    damage (faults,
            "%s: “%s” is not encrypted; plain http and ws are for this computer only",
            path,
            text);
  else if (g_uri_get_userinfo (uri) != NULL)
    damage (faults, "%s: an address must not hold a name or password", path);
}

static void
check_url (PfaFaultList *faults,
           JsonObject *object,
           const char *member,
           const char *path,
           UrlKind kind,
           gboolean is_needed)
{
  g_autofree char *inner = g_strdup_printf ("%s%s", path, member);
  const char *text = get_string (faults, object, member, path);

  if (text != NULL)
    check_url_text (faults, text, inner, kind);
  else if (is_needed)
    damage (faults, "%s is missing", inner);
}

typedef void (*ItemCheck) (PfaFaultList *faults, const char *text, const char *path);

static void
check_host_item (PfaFaultList *faults, const char *text, const char *path)
{
  if (!is_host_name (text))
    damage (faults, "%s: “%s” is no host name or address", path, text);
}

static void
check_address_item (PfaFaultList *faults, const char *text, const char *path)
{
  if (!g_hostname_is_ip_address (text))
    damage (faults, "%s: “%s” is no IP address", path, text);
}

static void
check_url_item (PfaFaultList *faults, const char *text, const char *path)
{
  check_url_text (faults, text, path, URL_SECURE);
}

static void
check_country_item (PfaFaultList *faults, const char *text, const char *path)
{
  if (strlen (text) != 2 || !g_ascii_isupper (text[0]) || !g_ascii_isupper (text[1]))
    damage (faults, "%s: “%s” is no country of two capital letters", path, text);
}

static void
check_connection_item (PfaFaultList *faults, const char *text, const char *path)
{
  static const char *const known[] = { "lan", "wifi", "mobile", "phone-line", "phone-app", NULL };

  if (!g_strv_contains (known, text))
    damage (faults, "%s: “%s” is no kind of connection", path, text);
}

static void
check_any_item (PfaFaultList *faults, const char *text, const char *path)
{
  if (*text == '\0')
    damage (faults, "%s is empty", path);
}

static void
check_strings (PfaFaultList *faults,
               JsonObject *object,
               const char *member,
               const char *path,
               ItemCheck check)
{
  JsonArray *array = get_array (faults, object, member, path);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *inner = g_strdup_printf ("%s%s[%u]", path, member, i);
      JsonNode *node = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
        check (faults, json_node_get_string (node), inner);
      else
        damage (faults, "%s is not a text", inner);
    }
}

typedef void (*ObjectCheck) (PfaFaultList *faults, JsonObject *object, const char *path);

static void
check_objects (PfaFaultList *faults, JsonObject *object, const char *member, ObjectCheck check)
{
  JsonArray *array = get_array (faults, object, member, "");

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      g_autofree char *inner = g_strdup_printf ("%s[%u].", member, i);
      JsonNode *node = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_OBJECT (node))
        check (faults, json_node_get_object (node), inner);
      else
        damage (faults, "%s[%u] is not an object", member, i);
    }
}

static void
check_text (PfaFaultList *faults,
            JsonObject *object,
            const char *member,
            const char *path,
            gboolean is_needed)
{
  static const char *const any[] = { NULL };

  if (is_needed && is_absent (object, member))
    damage (faults, "%s%s is missing", path, member);
  else
    pfa_fault_list_check_text (faults,
                               object,
                               member,
                               *path != '\0' ? path : "profile",
                               any,
                               FALSE);
}

static void
check_host (PfaFaultList *faults, JsonObject *host, const char *path)
{
  static const char *const speaks[] = { "tls", "tcp", "https", NULL };
  const char *name = get_string (faults, host, "host", path);
  JsonObject *expect = get_object (faults, host, "expect", path);

  if (get_string (faults, host, "role", path) == NULL)
    damage (faults, "%srole is missing", path);
  if ((name == NULL) == is_absent (host, "url"))
    damage (faults, "%s needs either “host” or “url”", path);
  if (name != NULL)
    {
      if (!is_host_name (name))
        damage (faults, "%shost: “%s” is no host name or address", path, name);
      if (is_absent (host, "port"))
        damage (faults, "%sport is missing", path);
      check_word (faults, host, "speaks", path, speaks, FALSE);
    }
  check_number (faults, host, "port", path, 1, 65535);
  check_url (faults, host, "url", path, URL_SECURE, FALSE);
  if (expect != NULL && !is_absent (expect, "json"))
    get_object (faults, expect, "json", path);
}

static gboolean
is_time_of_day (const char *text)
{
  return g_regex_match_simple ("^([01][0-9]|2[0-3]):[0-5][0-9]$", text, G_REGEX_DOLLAR_ENDONLY, 0);
}

static void
check_maintenance (PfaFaultList *faults, JsonObject *window, const char *path)
{
  static const char *const days[] = { "day",    "monday",   "tuesday", "wednesday", "thursday",
                                      "friday", "saturday", "sunday",  NULL };
  static const char *const ends[] = { "from", "to", NULL };
  const char *zone = get_string (faults, window, "timezone", path);
  g_autoptr (GTimeZone) found = zone != NULL ? g_time_zone_new_identifier (zone) : NULL;

  check_word (faults, window, "every", path, days, TRUE);
  for (guint i = 0; ends[i] != NULL; i++)
    {
      const char *text = get_string (faults, window, ends[i], path);

      if (text == NULL || !is_time_of_day (text))
        damage (faults, "%s%s is no time like 23:30", path, ends[i]);
    }
  if (zone != NULL && found == NULL)
    slack (faults, "%stimezone: this computer does not know “%s”", path, zone);
}

static void
check_terminal (PfaFaultList *faults, JsonObject *terminal, const char *path)
{
  get_string (faults, terminal, "brand", path);
  get_string (faults, terminal, "model", path);
  get_string (faults, terminal, "minimum_software", path);
  get_string (faults, terminal, "latest_software", path);
  if (is_absent (terminal, "brand") && is_absent (terminal, "model"))
    damage (faults, "%s names neither brand nor model", path);
}

static void
check_codes (PfaFaultList *faults, JsonObject *profile)
{
  static const char *const origins[] = { "host", "terminal", NULL };
  JsonObject *codes = get_object (faults, profile, "codes", "");
  JsonObjectIter iter;
  const char *code;
  JsonNode *node;

  if (codes == NULL)
    return;
  json_object_iter_init_ordered (&iter, codes);
  while (json_object_iter_next_ordered (&iter, &code, &node))
    {
      g_autofree char *path = g_strdup_printf ("codes.%s.", code);

      if (!JSON_NODE_HOLDS_OBJECT (node))
        {
          damage (faults, "codes.%s is not an object", code);
          continue;
        }
      check_word (faults, json_node_get_object (node), "origin", path, origins, FALSE);
      get_string (faults, json_node_get_object (node), "retry", path);
      check_text (faults, json_node_get_object (node), "meaning", path, FALSE);
    }
}

static void
check_known_addresses (PfaFaultList *faults, JsonObject *profile)
{
  JsonObject *addresses = get_object (faults, profile, "known_addresses", "");
  JsonObjectIter iter;
  const char *host;

  if (addresses == NULL)
    return;
  json_object_iter_init_ordered (&iter, addresses);
  while (json_object_iter_next_ordered (&iter, &host, NULL))
    {
      check_host_item (faults, host, "known_addresses");
      check_strings (faults, addresses, host, "known_addresses.", check_address_item);
    }
}

static double
get_pair_member (JsonArray *pair, guint i)
{
  JsonNode *node = json_array_get_length (pair) == 2 ? json_array_get_element (pair, i) : NULL;
  GType type =
      node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node) : G_TYPE_NONE;

  return type == G_TYPE_DOUBLE || type == G_TYPE_INT64 ? json_node_get_double (node) : NAN;
}

static void
check_thresholds (PfaFaultList *faults, JsonObject *profile)
{
  static const char *const names[] = { "loss_percent", "round_trip_ms", "jitter_ms", NULL };
  JsonObject *thresholds = get_object (faults, profile, "thresholds", "");

  for (guint i = 0; thresholds != NULL && names[i] != NULL; i++)
    {
      JsonArray *pair = get_array (faults, thresholds, names[i], "thresholds.");

      if (pair != NULL && !(get_pair_member (pair, 0) >= 0 &&
                            get_pair_member (pair, 1) >= get_pair_member (pair, 0)))
        damage (faults, "thresholds.%s is not two numbers, the smaller first", names[i]);
    }
}

static void
check_portal_probe (PfaFaultList *faults, JsonObject *profile)
{
  JsonObject *probe = get_object (faults, profile, "captive_portal_probe", "");

  if (probe == NULL)
    return;
  check_url (faults, probe, "url", "captive_portal_probe.", URL_PROBE, TRUE);
  check_number (faults, probe, "status", "captive_portal_probe.", 100, 599);
  if (!is_absent (probe, "body") && pfa_json_peek_string (probe, "body") == NULL)
    damage (faults, "captive_portal_probe.body is not a text");
}

const char *const pfa_provider_feed_kinds[] = {
  "statuspage-v2", "stripe-current", "better-stack", "rootly", "instatus", "rss", "atom", NULL
};

static void
check_feed (PfaFaultList *faults, JsonObject *profile)
{
  JsonObject *feed = get_object (faults, profile, "status_feed", "");
  const char *kind;

  if (feed == NULL)
    return;
  kind = get_string (faults, feed, "kind", "status_feed.");
  if (kind == NULL)
    damage (faults, "status_feed.kind is missing");
  else if (!g_strv_contains (pfa_provider_feed_kinds, kind))
    slack (faults, "status_feed.kind: “%s” is not known here", kind);
  check_url (faults, feed, "url", "status_feed.", URL_SECURE, TRUE);
  check_strings (faults, feed, "components", "status_feed.", check_any_item);
}

static void
check_services (PfaFaultList *faults, JsonObject *profile)
{
  static const char *const urls[][2] = { { "update", "url" },
                                         { "upload", "tus" },
                                         { "tickets", "url" },
                                         { "guided", "url" } };
  JsonObject *support = get_object (faults, profile, "support", "");

  if (support != NULL)
    {
      get_string (faults, support, "phone", "support.");
      check_url (faults, support, "url", "support.", URL_SECURE, FALSE);
      check_number (faults, support, "minutes", "support.", 0.1, 1440);
      check_text (faults, support, "hours", "support.", FALSE);
    }
  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      JsonObject *service = get_object (faults, profile, urls[i][0], "");
      g_autofree char *path = g_strdup_printf ("%s.", urls[i][0]);

      if (service != NULL)
        check_url (faults, service, urls[i][1], path, URL_SECURE, TRUE);
      if (service != NULL && json_object_has_member (service, "knowledge"))
        check_url (faults, service, "knowledge", path, URL_SECURE, FALSE);
    }
}

/* Not even to this computer in the clear: what is measured is what payments use. */
static void
check_throughput (PfaFaultList *faults, JsonObject *profile)
{
  JsonObject *throughput = get_object (faults, profile, "throughput", "");
  const char *url;

  if (throughput == NULL)
    return;
  check_url (faults, throughput, "url", "throughput.", URL_SECURE, TRUE);
  url = pfa_json_peek_string (throughput, "url");
  if (url != NULL && g_ascii_strncasecmp (url, "https:", 6) != 0)
    damage (faults, "throughput.url: “%s” is not https", url);
}

static void
check_seal (PfaFaultList *faults, JsonObject *profile)
{
  JsonObject *seal = get_object (faults, profile, "seal", "");
  const char *pem = seal != NULL ? get_string (faults, seal, "certificates", "seal.") : NULL;
  guint n = 0;

  if (seal == NULL)
    return;
  for (const char *p = pem; p != NULL && (p = strstr (p, "-----BEGIN CERTIFICATE-----")) != NULL;
       p++)
    n++;
  if (n < 1 || n > 2 || strstr (pem, "PRIVATE KEY") != NULL)
    damage (faults, "seal.certificates is not one or two certificates in PEM");
}

static void
check_head (PfaFaultList *faults, JsonObject *profile)
{
  static const char *const known[] = { "format",       "id",          "name",
                                       "countries",    "support",     "codes",
                                       "hosts",        "control",     "captive_portal_probe",
                                       "time_servers", "maintenance", "known_addresses",
                                       "status_feed",  "thresholds",  "public_resolvers",
                                       "terminals",    "connection",  "update",
                                       "upload",       "tickets",     "guided",
                                       "seal",         "trust",       "source",
                                       "sources",      "allow",       "notes",
                                       "by_country",   "throughput",  NULL };
  const char *format = get_string (faults, profile, "format", "");
  const char *id = get_string (faults, profile, "id", "");

  if (g_strcmp0 (format, FORMAT) != 0)
    damage (faults, "format is “%s”, not “" FORMAT "”", format != NULL ? format : "missing");
  if (id == NULL)
    damage (faults, "id is missing");
  else if (strspn (id, ID_CHARACTERS) != strlen (id) || strlen (id) > ID_MAX)
    damage (faults, "id: “%s” is not lower-case words with hyphens", id);
  check_text (faults, profile, "name", "", TRUE);
  pfa_fault_list_check_members (faults, PFA_FAULT_WARNING, profile, "profile", known);
}

void
pfa_provider_examine (JsonNode *json, PfaFaultList *faults)
{
  JsonObject *profile;

  if (json == NULL || !JSON_NODE_HOLDS_OBJECT (json))
    {
      damage (faults, "not a JSON object");
      return;
    }
  profile = json_node_get_object (json);
  check_head (faults, profile);
  check_strings (faults, profile, "countries", "", check_country_item);
  check_services (faults, profile);
  check_feed (faults, profile);
  check_throughput (faults, profile);
  check_codes (faults, profile);
  check_objects (faults, profile, "hosts", check_host);
  check_strings (faults, profile, "control", "", check_url_item);
  check_portal_probe (faults, profile);
  check_strings (faults, profile, "time_servers", "", check_host_item);
  check_known_addresses (faults, profile);
  check_strings (faults, profile, "public_resolvers", "", check_address_item);
  check_thresholds (faults, profile);
  check_objects (faults, profile, "maintenance", check_maintenance);
  check_objects (faults, profile, "terminals", check_terminal);
  check_strings (faults, profile, "connection", "", check_connection_item);
  check_seal (faults, profile);
  get_string (faults, profile, "trust", "");
}
