/* pfa-secret-file.c - secrets of terminals in a file that only its owner can read
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pfa-error.h"
#include "pfa-json.h"
#include "pfa-secret-store.h"
#include "pfa-terminal-address.h"

#define MAX_BYTES 65536

static gboolean
refuse (GError **error, const char *path, const char *why)
{
  g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "%s: %s", path, why);
  return FALSE;
}

/* Looks at what was opened, not at what the name meant a moment before. */
static gboolean
check_owner (int fd, const char *path, GError **error)
{
  struct stat info;

  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    return refuse (error, path, "is not a file");
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return refuse (error, path, "others may read it; set its mode to 0600");
  if (info.st_uid != geteuid () && info.st_uid != 0)
    return refuse (error, path, "belongs to somebody else");
  return TRUE;
}

static char *
read_all (const char *path, gsize *length, GError **error)
{
  g_autofree char *text = g_malloc (MAX_BYTES + 1);
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  ssize_t got = 1;

  *length = 0;
  if (fd < 0)
    {
      refuse (error, path, g_strerror (errno));
      return NULL;
    }
  if (!check_owner (fd, path, error))
    {
      close (fd);
      return NULL;
    }
  while (got > 0 && *length < MAX_BYTES)
    {
      got = read (fd, text + *length, MAX_BYTES - *length);
      *length += got > 0 ? (gsize) got : 0;
    }
  close (fd);
  if (got != 0)
    {
      refuse (error, path, "cannot be read, or is far too long");
      return NULL;
    }
  return g_steal_pointer (&text);
}

/* Addresses in the file may be written short, without their port. */
static JsonObject *
find_address (JsonObject *root, const char *address)
{
  JsonObjectIter iter;
  const char *name;
  JsonNode *node;

  json_object_iter_init (&iter, root);
  while (json_object_iter_next (&iter, &name, &node))
    {
      g_autoptr (PfaTerminalAddress) parsed = pfa_terminal_address_parse (name, NULL);

      if (parsed != NULL && g_str_equal (parsed->text, address) && JSON_NODE_HOLDS_OBJECT (node))
        return json_node_get_object (node);
    }
  return NULL;
}

PfaTerminalSecrets *
pfa_secret_file_find (const char *path, const char *address, GError **error)
{
  g_autoptr (PfaTerminalAddress) wanted = pfa_terminal_address_parse (address, error);
  gsize length;
  g_autofree char *text = wanted != NULL ? read_all (path, &length, error) : NULL;
  g_autoptr (JsonObject) root = NULL;
  /* The verifier takes a root's whole path only. */
  g_autofree char *whole_path = g_canonicalize_filename (path, NULL);
  g_autofree char *base_dir = g_path_get_dirname (whole_path);
  JsonObject *entry;

  if (text == NULL)
    return NULL;
  root = pfa_json_parse_object (text, (gssize) length, path, error);
  if (root == NULL)
    return NULL;
  entry = find_address (root, wanted->text);
  if (entry == NULL)
    return NULL;
  return pfa_terminal_secrets_new_from_json (entry, path, base_dir, error);
}
