/* pfa-redact-own.c - the program's own fingerprints stay as they are, whatever they look like
 *
 * One id in ten thousand looks like a bank account or a telephone number, and a bundle whose
 * manifest has lost its id or a sum is refused by whoever receives it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-json.h"
#include "pfa-redact-report.h"
#include "pfa-redactor.h"

#define UUID_LENGTH   36
#define SHA256_LENGTH 64

/* A UUID or a SHA-256 in hex and nothing else: no other text gets past the redactor here. */
static gboolean
is_fingerprint (const char *text)
{
  const gsize length = strlen (text);

  if (length == UUID_LENGTH)
    return g_uuid_string_is_valid (text);
  return length == SHA256_LENGTH && strspn (text, "0123456789abcdef") == length;
}

static char *
make_token (guint i)
{
  return g_strdup_printf ("\u27e6%u\u27e7", i);
}

PfaSafeText *
pfa_redactor_redact_json_with_own (PfaRedactor *self,
                                   const char *member,
                                   JsonObject *object,
                                   const char *const *own,
                                   GError **error)
{
  g_autofree char *text = pfa_json_write_object (object, TRUE);
  g_autoptr (GString) covered = g_string_new (text);
  g_autoptr (JsonNode) node = NULL;
  g_autoptr (PfaSafeText) safe = NULL;
  GString *out;

  for (guint i = 0; own[i] != NULL; i++)
    {
      g_autofree char *token = make_token (i);

      g_return_val_if_fail (is_fingerprint (own[i]), NULL);
      g_string_replace (covered, own[i], token, 0);
    }
  node = pfa_json_parse (covered->str, (gssize) covered->len, member, error);
  if (node != NULL)
    safe = pfa_redactor_redact_json (self, member, node, TRUE, error);
  if (safe == NULL)
    return NULL;
  out = g_string_new (pfa_safe_text_get_data (safe, NULL));
  for (guint i = 0; own[i] != NULL; i++)
    {
      g_autofree char *token = make_token (i);

      g_string_replace (out, token, own[i], 0);
    }
  return pfa_safe_text_new_from_redactor (out, g_array_new (FALSE, FALSE, sizeof (PfaMark)));
}
