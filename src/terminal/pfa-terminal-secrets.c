/* pfa-terminal-secrets.c - what only the shop may know about one terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-terminal-secrets.h"

#include <string.h>

#include "pfa-error.h"
#include "pfa-json.h"

PfaTerminalSecrets *
pfa_terminal_secrets_new (void)
{
  return g_new0 (PfaTerminalSecrets, 1);
}

PfaTerminalSecrets *
pfa_terminal_secrets_copy (const PfaTerminalSecrets *self)
{
  PfaTerminalSecrets *copy;

  if (self == NULL)
    return NULL;
  copy = pfa_terminal_secrets_new ();
  copy->zvt_password = g_strdup (self->zvt_password);
  copy->nexo_passphrase = g_strdup (self->nexo_passphrase);
  copy->nexo_key_identifier = g_strdup (self->nexo_key_identifier);
  copy->nexo_key_version = self->nexo_key_version;
  copy->nexo_root = g_strdup (self->nexo_root);
  copy->nexo_name_pattern = g_strdup (self->nexo_name_pattern);
  return copy;
}

static void
wipe (char *secret)
{
  if (secret != NULL)
    explicit_bzero (secret, strlen (secret));
  g_free (secret);
}

void
pfa_terminal_secrets_free (PfaTerminalSecrets *self)
{
  if (self == NULL)
    return;
  wipe (self->zvt_password);
  wipe (self->nexo_passphrase);
  g_free (self->nexo_key_identifier);
  g_free (self->nexo_root);
  g_free (self->nexo_name_pattern);
  g_free (self);
}

static gboolean
is_password (const char *text)
{
  return strlen (text) == 6 && strspn (text, "0123456789") == 6;
}

static gboolean
read_nexo (PfaTerminalSecrets *self,
           JsonObject *nexo,
           const char *where,
           const char *base_dir,
           GError **error)
{
  const char *root = NULL;
  const char *pattern = NULL;
  double version = 0;

  self->nexo_passphrase = g_strdup (pfa_json_require_string (nexo, "passphrase", where, error));
  if (self->nexo_passphrase == NULL)
    return FALSE;
  self->nexo_key_identifier =
      g_strdup (pfa_json_require_string (nexo, "key_identifier", where, error));
  if (self->nexo_key_identifier == NULL ||
      !pfa_json_require_double (nexo, "key_version", where, &version, error) ||
      !pfa_json_get_string (nexo, "root", where, &root, error) ||
      !pfa_json_get_string (nexo, "name_pattern", where, &pattern, error))
    return FALSE;
  if (version < 0 || version > G_MAXINT32)
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_BAD_INPUT,
                   "%s: “key_version” is out of range",
                   where);
      return FALSE;
    }
  self->nexo_key_version = (guint) version;
  self->nexo_name_pattern = g_strdup (pattern);
  if (root != NULL)
    self->nexo_root = g_path_is_absolute (root) || base_dir == NULL
                          ? g_strdup (root)
                          : g_build_filename (base_dir, root, NULL);
  return TRUE;
}

PfaTerminalSecrets *
pfa_terminal_secrets_new_from_json (JsonObject *object,
                                    const char *where,
                                    const char *base_dir,
                                    GError **error)
{
  g_autoptr (PfaTerminalSecrets) self = pfa_terminal_secrets_new ();
  const char *password = NULL;

  if (!pfa_json_get_string (object, "zvt_password", where, &password, error))
    return NULL;
  if (password != NULL && !is_password (password))
    {
      g_set_error (error,
                   PFA_ERROR,
                   PFA_ERROR_BAD_INPUT,
                   "%s: “zvt_password” must be six digits",
                   where);
      return NULL;
    }
  self->zvt_password = g_strdup (password);
  if (json_object_has_member (object, "nexo"))
    {
      JsonObject *nexo = pfa_json_require_object (object, "nexo", where, error);

      if (nexo == NULL || !read_nexo (self, nexo, where, base_dir, error))
        return NULL;
    }
  return g_steal_pointer (&self);
}

static void
set_string (JsonObject *object, const char *name, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
}

JsonObject *
pfa_terminal_secrets_to_json (const PfaTerminalSecrets *self)
{
  JsonObject *object = json_object_new ();
  JsonObject *nexo;

  set_string (object, "zvt_password", self->zvt_password);
  if (self->nexo_passphrase == NULL)
    return object;
  nexo = json_object_new ();
  set_string (nexo, "passphrase", self->nexo_passphrase);
  set_string (nexo, "key_identifier", self->nexo_key_identifier);
  json_object_set_int_member (nexo, "key_version", self->nexo_key_version);
  set_string (nexo, "root", self->nexo_root);
  set_string (nexo, "name_pattern", self->nexo_name_pattern);
  json_object_set_object_member (object, "nexo", nexo);
  return object;
}
