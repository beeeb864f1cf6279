/* pfa-kernel-files.c - what the files of /proc, /sys and /etc say about the network
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-kernel-files.h"

#include <stdlib.h>
#include <string.h>

#define MAX_FILE_BYTES (1024 * 1024)

struct _PfaCounters
{
  GHashTable *values; /* name → gint64 * */
};

static char *
read_text (const char *root, const char *path)
{
  g_autofree char *file = g_strconcat (root, path, NULL);
  g_autofree char *text = NULL;
  gsize length = 0;

  if (!g_file_get_contents (file, &text, &length, NULL) || length > MAX_FILE_BYTES)
    return g_strdup ("");
  return g_steal_pointer (&text);
}

/* Words of one line; blanks and tabs may come in rows. */
static GStrv
split_words (const char *line)
{
  g_autoptr (GStrvBuilder) words = g_strv_builder_new ();
  g_auto (GStrv) parts = g_strsplit_set (line, " \t\r", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    if (*parts[i] != '\0')
      g_strv_builder_add (words, parts[i]);
  return g_strv_builder_end (words);
}

PfaCounters *
pfa_counters_parse (const char *text)
{
  PfaCounters *self = g_new0 (PfaCounters, 1);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  self->values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  /* A line of names, then a line of numbers, both led by the same word. */
  for (guint i = 0; lines[i] != NULL && lines[i + 1] != NULL; i++)
    {
      g_auto (GStrv) names = split_words (lines[i]);
      g_auto (GStrv) values = split_words (lines[i + 1]);
      gsize group;

      if (names[0] == NULL || values[0] == NULL || strcmp (names[0], values[0]) != 0 ||
          !g_str_has_suffix (names[0], ":"))
        continue;
      group = strlen (names[0]) - 1;
      for (guint k = 1; names[k] != NULL && values[k] != NULL; k++)
        {
          gint64 *number = g_new (gint64, 1);

          *number = g_ascii_strtoll (values[k], NULL, 10);
          g_hash_table_replace (self->values,
                                g_strdup_printf ("%.*s.%s", (int) group, names[0], names[k]),
                                number);
        }
      i++;
    }
  return self;
}

PfaCounters *
pfa_counters_read (const char *root)
{
  g_autofree char *snmp = read_text (root, "/proc/net/snmp");
  g_autofree char *netstat = read_text (root, "/proc/net/netstat");
  g_autofree char *both = g_strconcat (snmp, netstat, NULL);

  return pfa_counters_parse (both);
}

gint64
pfa_counters_get (PfaCounters *self, const char *name)
{
  const gint64 *number = g_hash_table_lookup (self->values, name);

  return number != NULL ? *number : 0;
}

void
pfa_counters_free (PfaCounters *self)
{
  g_hash_table_unref (self->values);
  g_free (self);
}

guint
pfa_link_speed_read (const char *root, const char *link, gboolean *full_duplex)
{
  g_autofree char *speed_path = g_strdup_printf ("/sys/class/net/%s/speed", link);
  g_autofree char *duplex_path = g_strdup_printf ("/sys/class/net/%s/duplex", link);
  g_autofree char *speed = read_text (root, speed_path);
  g_autofree char *duplex = read_text (root, duplex_path);
  gint64 value = g_ascii_strtoll (speed, NULL, 10);

  *full_duplex = !g_str_has_prefix (duplex, "half");
  /* -1 and 65535… mean that the driver does not know. */
  return value > 0 && value < 10000000 ? (guint) value : 0;
}

gboolean
pfa_link_drops_strangers (const char *root, const char *link)
{
  g_autofree char *own_path = g_strdup_printf ("/proc/sys/net/ipv4/conf/%s/rp_filter", link);
  g_autofree char *own = read_text (root, own_path);
  g_autofree char *all = read_text (root, "/proc/sys/net/ipv4/conf/all/rp_filter");

  /* The greater of the two counts; what cannot be read may be on. */
  return atoi (own) > 0 || atoi (all) > 0 || *own == '\0' || *all == '\0';
}

gboolean
pfa_link_is_wireless (const char *root, const char *link)
{
  g_autofree char *wireless = g_strdup_printf ("%s/sys/class/net/%s/wireless", root, link);
  g_autofree char *phy = g_strdup_printf ("%s/sys/class/net/%s/phy80211", root, link);

  return g_file_test (wireless, G_FILE_TEST_EXISTS) || g_file_test (phy, G_FILE_TEST_EXISTS);
}

GStrv
pfa_resolvers_parse (const char *text)
{
  g_autoptr (GStrvBuilder) found = g_strv_builder_new ();
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) words = split_words (lines[i]);
      g_auto (GStrv) scoped = NULL;

      if (g_strcmp0 (words[0], "nameserver") != 0 || words[1] == NULL)
        continue;
      scoped = g_strsplit (words[1], "%", 2);
      if (g_hostname_is_ip_address (scoped[0]))
        g_strv_builder_add (found, words[1]);
    }
  return g_strv_builder_end (found);
}

GStrv
pfa_resolvers_read (const char *root)
{
  g_autofree char *text = read_text (root, "/etc/resolv.conf");
  g_auto (GStrv) found = pfa_resolvers_parse (text);

  if (found[0] != NULL && g_str_has_prefix (found[0], "127.0.0.5"))
    {
      g_autofree char *behind = read_text (root, "/run/systemd/resolve/resolv.conf");
      g_auto (GStrv) real = pfa_resolvers_parse (behind);

      if (real[0] != NULL)
        return g_steal_pointer (&real);
    }
  return g_steal_pointer (&found);
}

GStrv
pfa_hosts_parse (const char *text, const char *name)
{
  g_autoptr (GStrvBuilder) found = g_strv_builder_new ();
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *comment = strchr (lines[i], '#');
      g_auto (GStrv) words = NULL;

      if (comment != NULL)
        *comment = '\0';
      words = split_words (lines[i]);
      if (words[0] == NULL || !g_hostname_is_ip_address (words[0]))
        continue;
      for (guint k = 1; words[k] != NULL; k++)
        if (g_ascii_strcasecmp (words[k], name) == 0)
          {
            g_strv_builder_add (found, words[0]);
            break;
          }
    }
  return g_strv_builder_end (found);
}

GStrv
pfa_hosts_find (const char *root, const char *name)
{
  g_autofree char *text = read_text (root, "/etc/hosts");

  return pfa_hosts_parse (text, name);
}

int
pfa_wireless_signal_parse (const char *text, const char *link)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *lead = g_strconcat (link, ":", NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) words = split_words (lines[i]);
      gint64 level;

      /* name: status link level noise … */
      if (g_strcmp0 (words[0], lead) != 0 || g_strv_length (words) < 4)
        continue;
      level = g_ascii_strtoll (words[3], NULL, 10);
      if (level > 63 && level < 256)
        level -= 256; /* drivers that write the byte unsigned */
      return level < 0 && level > -128 ? (int) level : 0;
    }
  return 0;
}

int
pfa_wireless_signal_read (const char *root, const char *link)
{
  g_autofree char *text = read_text (root, "/proc/net/wireless");

  return pfa_wireless_signal_parse (text, link);
}
