/* pfa-terminal-secrets.h - what only the shop may know about one terminal
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A plain value; wiped when it is freed. Never shown, logged or sent anywhere but to the terminal.
 */
typedef struct
{
  char *zvt_password; /* six digits, or NULL */
  char *nexo_passphrase;
  char *nexo_key_identifier;
  guint nexo_key_version;
  char *nexo_root;         /* path of a PEM file */
  char *nexo_name_pattern; /* of the certificate's name: "*.live.terminal.adyen.com" */
} PfaTerminalSecrets;

PfaTerminalSecrets *pfa_terminal_secrets_new (void);
PfaTerminalSecrets *pfa_terminal_secrets_copy (const PfaTerminalSecrets *self);
void pfa_terminal_secrets_free (PfaTerminalSecrets *self);
/* One address's part of the secrets file (DESIGN.md 4.1). @base_dir: where a relative "root" lies.
 */
PfaTerminalSecrets *pfa_terminal_secrets_new_from_json (JsonObject *object,
                                                        const char *where,
                                                        const char *base_dir,
                                                        GError **error);
JsonObject *pfa_terminal_secrets_to_json (const PfaTerminalSecrets *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaTerminalSecrets, pfa_terminal_secrets_free)

G_END_DECLS
