/* pfa-provider.c - one provider's profile (DESIGN.md 4.4)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-provider.h"

#include "pfa-country.h"
#include "pfa-error.h"
#include "pfa-json.h"
#include "pfa-provider-examine.h"

#define PORTAL_STATUS 204

static void
host_free (gpointer data)
{
  PfaProviderHost *host = data;

  g_free (host->role);
  g_free (host->host);
  g_free (host->speaks);
  g_free (host->url);
  g_clear_pointer (&host->expect_json, json_object_unref);
  g_free (host);
}

static void
maintenance_free (gpointer data)
{
  PfaMaintenance *window = data;

  g_free (window->every);
  g_free (window->from);
  g_free (window->to);
  g_free (window->timezone);
  g_free (window);
}

static void
terminal_free (gpointer data)
{
  PfaProviderTerminal *terminal = data;

  g_free (terminal->brand);
  g_free (terminal->model);
  g_free (terminal->minimum_software);
  g_free (terminal->latest_software);
  g_free (terminal);
}

static void
code_free (gpointer data)
{
  PfaProviderCode *code = data;

  g_free (code->code);
  g_free (code->origin);
  g_free (code->retry);
  g_clear_pointer (&code->meaning, pfa_text_unref);
  g_free (code);
}

/* What follows reads what pfa_provider_examine() has found sound. */

static char *
dup_string (JsonObject *object, const char *member)
{
  return object != NULL ? g_strdup (pfa_json_peek_string (object, member)) : NULL;
}

static GStrv
dup_strings (JsonObject *object, const char *member)
{
  GStrv list = object != NULL ? pfa_json_dup_strings (object, member, member, NULL) : NULL;

  return list != NULL ? list : g_new0 (char *, 1);
}

static PfaText *
read_text (JsonObject *object, const char *member)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, member) : NULL;

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? pfa_text_new_from_json (node, member, NULL)
                                                       : NULL;
}

typedef gpointer (*ItemReader) (JsonObject *object);

static GPtrArray *
read_objects (JsonObject *object, const char *member, ItemReader read, GDestroyNotify release)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (release);
  JsonArray *array = pfa_json_peek_array (object, member);

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    g_ptr_array_add (items, read (json_array_get_object_element (array, i)));
  return items;
}

static gpointer
read_host (JsonObject *object)
{
  PfaProviderHost *host = g_new0 (PfaProviderHost, 1);
  JsonObject *expect = pfa_json_peek_object (object, "expect");
  JsonObject *json = expect != NULL ? pfa_json_peek_object (expect, "json") : NULL;

  host->role = dup_string (object, "role");
  host->host = dup_string (object, "host");
  host->port = (guint16) pfa_json_peek_double (object, "port", 0);
  host->speaks = dup_string (object, "speaks");
  if (host->host != NULL && host->speaks == NULL)
    host->speaks = g_strdup ("tls");
  host->url = dup_string (object, "url");
  host->expect_json = json != NULL ? json_object_ref (json) : NULL;
  return host;
}

static gpointer
read_maintenance (JsonObject *object)
{
  PfaMaintenance *window = g_new0 (PfaMaintenance, 1);

  window->every = dup_string (object, "every");
  window->from = dup_string (object, "from");
  window->to = dup_string (object, "to");
  window->timezone = dup_string (object, "timezone");
  return window;
}

static gpointer
read_terminal (JsonObject *object)
{
  PfaProviderTerminal *terminal = g_new0 (PfaProviderTerminal, 1);

  terminal->brand = dup_string (object, "brand");
  terminal->model = dup_string (object, "model");
  terminal->minimum_software = dup_string (object, "minimum_software");
  terminal->latest_software = dup_string (object, "latest_software");
  return terminal;
}

static GPtrArray *
read_codes (JsonObject *profile)
{
  GPtrArray *codes = g_ptr_array_new_with_free_func (code_free);
  JsonObject *map = pfa_json_peek_object (profile, "codes");
  JsonObjectIter iter;
  const char *id;
  JsonNode *node;

  if (map == NULL)
    return codes;
  json_object_iter_init_ordered (&iter, map);
  while (json_object_iter_next_ordered (&iter, &id, &node))
    {
      PfaProviderCode *code = g_new0 (PfaProviderCode, 1);
      JsonObject *object = json_node_get_object (node);

      code->code = g_ascii_strup (id, -1);
      code->origin = dup_string (object, "origin");
      code->retry = dup_string (object, "retry");
      code->meaning = read_text (object, "meaning");
      g_ptr_array_add (codes, code);
    }
  return codes;
}

static GHashTable *
read_known_addresses (JsonObject *profile)
{
  GHashTable *addresses =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_strfreev);
  JsonObject *map = pfa_json_peek_object (profile, "known_addresses");
  JsonObjectIter iter;
  const char *host;

  if (map == NULL)
    return addresses;
  json_object_iter_init (&iter, map);
  while (json_object_iter_next (&iter, &host, NULL))
    g_hash_table_insert (addresses, g_strdup (host), dup_strings (map, host));
  return addresses;
}

static PfaThreshold
read_threshold (JsonObject *profile, const char *name, double warn, double bad)
{
  JsonObject *thresholds = pfa_json_peek_object (profile, "thresholds");
  JsonArray *pair = thresholds != NULL ? pfa_json_peek_array (thresholds, name) : NULL;

  if (pair == NULL)
    return (PfaThreshold){ warn, bad };
  return (PfaThreshold){ json_array_get_double_element (pair, 0),
                         json_array_get_double_element (pair, 1) };
}

static char *
dup_inner_string (JsonObject *profile, const char *outer, const char *member)
{
  return dup_string (pfa_json_peek_object (profile, outer), member);
}

static void
read_services (PfaProvider *self, JsonObject *profile)
{
  JsonObject *support = pfa_json_peek_object (profile, "support");
  JsonObject *probe = pfa_json_peek_object (profile, "captive_portal_probe");
  JsonObject *feed = pfa_json_peek_object (profile, "status_feed");

  self->support_phone = dup_string (support, "phone");
  self->support_url = dup_string (support, "url");
  self->support_hours = read_text (support, "hours");
  self->support_minutes = support != NULL ? pfa_json_peek_double (support, "minutes", 0) : 0;
  self->portal_url = dup_string (probe, "url");
  self->portal_body = dup_string (probe, "body");
  if (probe != NULL)
    self->portal_status = (guint) pfa_json_peek_double (probe, "status", PORTAL_STATUS);
  self->feed_kind = dup_string (feed, "kind");
  self->feed_url = dup_string (feed, "url");
  self->feed_components = dup_strings (feed, "components");
  self->throughput_url = dup_inner_string (profile, "throughput", "url");
  self->update_url = dup_inner_string (profile, "update", "url");
  self->update_key = dup_inner_string (profile, "update", "key");
  self->update_knowledge = dup_inner_string (profile, "update", "knowledge");
  self->upload_tus = dup_inner_string (profile, "upload", "tus");
  self->tickets_url = dup_inner_string (profile, "tickets", "url");
  self->guided_url = dup_inner_string (profile, "guided", "url");
  self->seal_certificates = dup_inner_string (profile, "seal", "certificates");
}

static PfaProvider *
build (JsonObject *profile, const char *base_dir)
{
  PfaProvider *self = g_new0 (PfaProvider, 1);
  const char *trust = pfa_json_peek_string (profile, "trust");

  g_atomic_ref_count_init (&self->references);
  self->json = json_object_ref (profile);
  self->id = dup_string (profile, "id");
  self->name = read_text (profile, "name");
  self->countries = dup_strings (profile, "countries");
  read_services (self, profile);
  self->codes = read_codes (profile);
  self->hosts = read_objects (profile, "hosts", read_host, host_free);
  self->control = dup_strings (profile, "control");
  self->time_servers = dup_strings (profile, "time_servers");
  self->known_addresses = read_known_addresses (profile);
  self->public_resolvers = dup_strings (profile, "public_resolvers");
  self->loss_percent = read_threshold (profile, "loss_percent", 1, 3);
  self->round_trip_ms = read_threshold (profile, "round_trip_ms", 150, 400);
  self->jitter_ms = read_threshold (profile, "jitter_ms", 30, 100);
  self->maintenance = read_objects (profile, "maintenance", read_maintenance, maintenance_free);
  self->terminals = read_objects (profile, "terminals", read_terminal, terminal_free);
  self->connection = dup_strings (profile, "connection");
  if (trust != NULL)
    self->trust = g_path_is_absolute (trust) || base_dir == NULL
                      ? g_strdup (trust)
                      : g_build_filename (base_dir, trust, NULL);
  return self;
}

static PfaProvider *
new_from_node (JsonNode *node, const char *name, const char *base_dir, GError **error)
{
  g_autoptr (PfaFaultList) faults = pfa_fault_list_new (name);
  g_autoptr (JsonObject) here = NULL;

  pfa_provider_examine (node, faults);
  if (faults->damage == NULL)
    {
      here = pfa_country_apply (json_node_get_object (node), pfa_country_guess ());
      return build (here, base_dir);
    }
  g_set_error_literal (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, faults->damage);
  return NULL;
}

PfaProvider *
pfa_provider_new_from_json (JsonObject *object,
                            const char *name,
                            const char *base_dir,
                            GError **error)
{
  g_autoptr (JsonNode) node = json_node_new (JSON_NODE_OBJECT);

  g_return_val_if_fail (object != NULL && name != NULL, NULL);

  json_node_set_object (node, object);
  return new_from_node (node, name, base_dir, error);
}

/* With a root that is missing, every certificate would look like the provider's fault. */
static gboolean
can_trust (const PfaProvider *self, const char *path, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autolist (GTlsCertificate) roots = NULL;

  if (self->trust == NULL)
    return TRUE;
  roots = g_tls_certificate_list_new_from_file (self->trust, &local);
  if (roots != NULL)
    return TRUE;
  g_set_error (error,
               PFA_ERROR,
               PFA_ERROR_BAD_INPUT,
               "%s: “trust”: %s",
               path,
               local != NULL ? local->message : "the file holds no certificate");
  return FALSE;
}

PfaProvider *
pfa_provider_load (const char *path, GError **error)
{
  g_autoptr (JsonNode) node = pfa_json_load (path, error);
  /* The verifier takes a root's whole path only. */
  g_autofree char *whole_path = g_canonicalize_filename (path, NULL);
  g_autofree char *base_dir = g_path_get_dirname (whole_path);
  g_autoptr (PfaProvider) self = node != NULL ? new_from_node (node, path, base_dir, error) : NULL;

  return self != NULL && can_trust (self, path, error) ? g_steal_pointer (&self) : NULL;
}

GStrv
pfa_provider_validate (JsonNode *json, const char *name)
{
  g_autoptr (PfaFaultList) faults = pfa_fault_list_new (name);

  pfa_provider_examine (json, faults);
  return pfa_fault_list_end (g_steal_pointer (&faults));
}

PfaProvider *
pfa_provider_ref (PfaProvider *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
pfa_provider_unref (PfaProvider *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_free (self->id);
  g_clear_pointer (&self->name, pfa_text_unref);
  g_strfreev (self->countries);
  g_free (self->support_phone);
  g_free (self->support_url);
  g_clear_pointer (&self->support_hours, pfa_text_unref);
  g_ptr_array_unref (self->codes);
  g_ptr_array_unref (self->hosts);
  g_strfreev (self->control);
  g_free (self->portal_url);
  g_free (self->portal_body);
  g_strfreev (self->time_servers);
  g_hash_table_unref (self->known_addresses);
  g_strfreev (self->public_resolvers);
  g_free (self->feed_kind);
  g_free (self->feed_url);
  g_strfreev (self->feed_components);
  g_ptr_array_unref (self->maintenance);
  g_ptr_array_unref (self->terminals);
  g_strfreev (self->connection);
  g_free (self->throughput_url);
  g_free (self->update_url);
  g_free (self->update_key);
  g_free (self->update_knowledge);
  g_free (self->upload_tus);
  g_free (self->tickets_url);
  g_free (self->guided_url);
  g_free (self->seal_certificates);
  g_free (self->trust);
  json_object_unref (self->json);
  g_free (self);
}

PfaProviderCode *
pfa_provider_find_code (PfaProvider *self, const char *code)
{
  for (guint i = 0; i < self->codes->len; i++)
    {
      PfaProviderCode *candidate = self->codes->pdata[i];

      if (g_ascii_strcasecmp (candidate->code, code) == 0)
        return candidate;
    }
  return NULL;
}

static void
add_contact (GPtrArray *contacts, const char *contact)
{
  if (contact != NULL && !g_ptr_array_find_with_equal_func (contacts, contact, g_str_equal, NULL))
    g_ptr_array_add (contacts, g_strdup (contact));
}

static void
add_contacts (GPtrArray *contacts, GStrv list)
{
  for (guint i = 0; list[i] != NULL; i++)
    add_contact (contacts, list[i]);
}

GStrv
pfa_provider_dup_contacts (PfaProvider *self)
{
  GPtrArray *contacts = g_ptr_array_new ();

  for (guint i = 0; i < self->hosts->len; i++)
    {
      PfaProviderHost *host = self->hosts->pdata[i];
      g_autofree char *with_port =
          host->host != NULL ? g_strdup_printf ("%s:%u", host->host, host->port) : NULL;

      add_contact (contacts, with_port != NULL ? with_port : host->url);
    }
  add_contacts (contacts, self->control);
  add_contact (contacts, self->portal_url);
  add_contacts (contacts, self->time_servers);
  add_contacts (contacts, self->public_resolvers);
  add_contact (contacts, self->feed_url);
  g_ptr_array_add (contacts, NULL);
  return (GStrv) g_ptr_array_free (contacts, FALSE);
}
