/* pfa-terminal-profile.c - which USB ids belong to which terminals
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-terminal-profile.h"

#include <string.h>

#include "pfa-json.h"
#include "pfa-terminal-resource.h"

#define RESOURCE "/io/github/pos_first_aid/PosFirstAid/terminals/usb.json"

const char *const pfa_terminal_quirks[] = {
  "vendor-bridge",       /* the terminal's own port sits behind a common serial driver */
  "no-union-descriptor", /* old kernels do not bind cdc_acm to it */
  "android",             /* may show as MTP or ADB instead of a serial port */
  NULL,
};

static JsonObject *
load (void)
{
  g_autoptr (GBytes) bytes = g_resource_lookup_data (pfa_terminal_get_resource (),
                                                     RESOURCE,
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE,
                                                     NULL);
  JsonObject *object = NULL;

  if (bytes != NULL)
    object = pfa_json_parse_object (g_bytes_get_data (bytes, NULL),
                                    (gssize) g_bytes_get_size (bytes),
                                    "usb.json",
                                    NULL);
  /* Faults in our own data are found by a test; the program then knows no ids. */
  return object != NULL ? object : json_object_new ();
}

static JsonObject *
get_table (void)
{
  static JsonObject *table = NULL;

  if (g_once_init_enter (&table))
    g_once_init_leave (&table, load ());
  return table;
}

static gboolean
has (JsonObject *row, const char *member, const char *value)
{
  const char *own = pfa_json_peek_string (row, member);

  return own != NULL && g_ascii_strcasecmp (own, value) == 0;
}

/* The row of @list that fits, or NULL. @product NULL: vendors. */
static JsonObject *
find_row (const char *list, const char *vendor, const char *product)
{
  JsonArray *rows = pfa_json_peek_array (get_table (), list);

  for (guint i = 0; rows != NULL && i < json_array_get_length (rows); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);

      if (has (row, "vendor", vendor) && (product == NULL || has (row, "product", product)))
        return row;
    }
  return NULL;
}

static const char *
find_word (const char *list, const char *text, gboolean inside)
{
  JsonArray *words = pfa_json_peek_array (get_table (), list);
  g_autofree char *folded = text != NULL ? g_ascii_strdown (text, -1) : NULL;

  for (guint i = 0; folded != NULL && words != NULL && i < json_array_get_length (words); i++)
    {
      const char *word = json_array_get_string_element (words, i);
      g_autofree char *small = g_ascii_strdown (word, -1);
      const char *found = strstr (folded, small);

      /* "pax" in "Pax Technology", not in "sympaxis". */
      if (inside && found != NULL && (found == folded || !g_ascii_isalpha (found[-1])))
        return word;
      if (!inside && g_str_equal (folded, small))
        return word;
    }
  return NULL;
}

static void
fill_row (JsonObject *row, PfaTerminalProfile *profile)
{
  const char *kind = row != NULL ? pfa_json_peek_string (row, "kind") : NULL;
  const char *brand = row != NULL ? pfa_json_peek_string (row, "brand") : NULL;
  const char *model = row != NULL ? pfa_json_peek_string (row, "model") : NULL;

  if (g_strcmp0 (kind, "terminal") == 0)
    profile->kind = PFA_USB_TERMINAL;
  else if (g_strcmp0 (kind, "reader") == 0)
    profile->kind = PFA_USB_READER;
  if (brand != NULL)
    profile->brand = brand;
  if (model != NULL)
    profile->model = model;
}

static const char *const *
find_quirks (JsonObject *row)
{
  static const char *const none[] = { NULL };
  static GHashTable *lists = NULL; /* row → GStrv */
  GStrv quirks;

  if (row == NULL || !json_object_has_member (row, "quirks"))
    return none;
  if (g_once_init_enter (&lists))
    g_once_init_leave (&lists, g_hash_table_new (NULL, NULL));
  quirks = g_hash_table_lookup (lists, row);
  if (quirks == NULL)
    {
      quirks = pfa_json_dup_strings (row, "quirks", "usb.json", NULL);
      if (quirks == NULL)
        return none;
      g_hash_table_insert (lists, row, quirks);
    }
  return (const char *const *) quirks;
}

static void
fill_protocol (PfaTerminalProfile *profile)
{
  JsonArray *rows = pfa_json_peek_array (get_table (), "protocols");

  for (guint i = 0; profile->brand != NULL && rows != NULL && i < json_array_get_length (rows); i++)
    {
      JsonObject *row = json_array_get_object_element (rows, i);

      if (!has (row, "brand", profile->brand))
        continue;
      profile->scheme = pfa_json_peek_string (row, "protocol");
      profile->baud = (guint) pfa_json_peek_double (row, "baud", 0);
    }
}

void
pfa_terminal_profile_find (const char *vendor,
                           const char *product,
                           const char *strings,
                           PfaTerminalProfile *profile)
{
  JsonObject *device = find_row ("devices", vendor, product);

  memset (profile, 0, sizeof *profile);
  fill_row (find_row ("vendors", vendor, NULL), profile);
  fill_row (device, profile);
  profile->quirks = find_quirks (device);
  if (profile->kind == PFA_USB_OTHER && find_word ("bridges", vendor, FALSE) != NULL)
    profile->kind = PFA_USB_ADAPTER;
  else if (profile->kind == PFA_USB_OTHER && find_word ("brand_words", strings, TRUE) != NULL)
    profile->kind = PFA_USB_MAYBE;
  if (profile->kind == PFA_USB_TERMINAL)
    fill_protocol (profile);
}
