/* pfa-country.c - in which country this computer probably stands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-country.h"

#define BY_COUNTRY "by_country"

/* Time zones of countries whose network needs other targets. A zone is set with more care than a
 * language: many shops in China run an English desktop. */
static const struct
{
  const char *zone;
  const char *country;
} zones[] = {
  { "Asia/Shanghai", "CN" }, { "Asia/Chongqing", "CN" },
  { "Asia/Harbin", "CN" },   { "Asia/Urumqi", "CN" },
  { "PRC", "CN" },           { "Europe/Berlin", "DE" },
};

static const char *const territories[] = { "CN", "DE", "AT", "CH", "US", "GB", NULL };

const char *
pfa_country_guess (void)
{
  g_autoptr (GTimeZone) zone = g_time_zone_new_local ();
  const char *name = g_time_zone_get_identifier (zone);
  const char *const *languages = g_get_language_names_with_category ("LC_TIME");

  for (guint i = 0; i < G_N_ELEMENTS (zones); i++)
    if (g_str_equal (name, zones[i].zone))
      return zones[i].country;

  for (guint i = 0; languages[i] != NULL; i++)
    {
      const char *underscore = g_strstr_len (languages[i], -1, "_");

      for (guint j = 0; underscore != NULL && territories[j] != NULL; j++)
        if (g_str_has_prefix (underscore + 1, territories[j]))
          return territories[j];
    }
  return NULL;
}

JsonObject *
pfa_country_apply (JsonObject *object, const char *country)
{
  JsonObject *result = json_object_new ();
  JsonObject *replacements = NULL;
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  if (country != NULL && json_object_has_member (object, BY_COUNTRY) &&
      JSON_NODE_HOLDS_OBJECT (json_object_get_member (object, BY_COUNTRY)))
    {
      JsonObject *by_country = json_object_get_object_member (object, BY_COUNTRY);
      JsonNode *found = json_object_get_member (by_country, country);

      if (found != NULL && JSON_NODE_HOLDS_OBJECT (found))
        replacements = json_node_get_object (found);
    }

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    if (!g_str_equal (name, BY_COUNTRY))
      json_object_set_member (result, name, json_node_copy (node));
  if (replacements == NULL)
    return result;

  json_object_iter_init_ordered (&iter, replacements);
  while (json_object_iter_next_ordered (&iter, &name, &node))
    json_object_set_member (result, name, json_node_copy (node));
  return result;
}
