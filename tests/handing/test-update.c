/* test-update.c - signed profiles: who signed, what was changed, newer, and back again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <string.h>

#include "pfa-error.h"
#include "pfa-update.h"

#define PROFILE(name)                                                                              \
  "{\"format\":\"pos-first-aid-provider/1\",\"id\":\"lab\",\"name\":{\"en\":\"" name "\"}}"

typedef struct
{
  char *directory;
  EVP_PKEY *key;
  char *public; /* base64 */
} Fixture;

static EVP_PKEY *
make_key (char **public)
{
  EVP_PKEY *key = EVP_PKEY_Q_keygen (NULL, NULL, "ED25519");
  guint8 raw[32];
  gsize length = sizeof raw;

  g_assert_cmpint (EVP_PKEY_get_raw_public_key (key, raw, &length), ==, 1);
  *public = g_base64_encode (raw, length);
  return key;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->directory = g_dir_make_tmp ("pfa-update-XXXXXX", NULL);
  f->key = make_key (&f->public);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  static const char *const names[] = {
    "providers/lab.json", "updates/lab.current", "updates/lab.previous", "providers", "updates", ""
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (f->directory, names[i], NULL);

      g_remove (path);
    }
  g_assert_false (g_file_test (f->directory, G_FILE_TEST_EXISTS));
  EVP_PKEY_free (f->key);
  g_free (f->public);
  g_free (f->directory);
}

static char *
sign (Fixture *f, const char *id, guint version, const char *profile)
{
  g_autofree char *message =
      g_strdup_printf ("pos-first-aid-update/1\nprofile\n%s\n%u\n%s", id, version, profile);
  g_autofree char *content = g_base64_encode ((const guchar *) profile, strlen (profile));
  g_autofree char *signature_text = NULL;
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  guint8 signature[64];
  gsize length = sizeof signature;

  EVP_DigestSignInit (context, NULL, NULL, NULL, f->key);
  EVP_DigestSign (context, signature, &length, (const guint8 *) message, strlen (message));
  EVP_MD_CTX_free (context);
  signature_text = g_base64_encode (signature, length);
  return g_strdup_printf (
      "{\"format\":\"pos-first-aid-update/1\",\"kind\":\"profile\",\"id\":\"%s\","
      "\"version\":%u,\"content\":\"%s\",\"key\":\"%s\",\"signature\":\"%s\"}",
      id,
      version,
      content,
      f->public,
      signature_text);
}

static void
assert_refused (const char *text, const char *known_key, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaUpdate) update = pfa_update_parse (text, -1, known_key, &error);

  g_assert_null (update);
  g_assert_error (error, PFA_ERROR, code);
}

static void
test_who_signed (Fixture *f, gconstpointer data)
{
  g_autofree char *text = sign (f, "lab", 1, PROFILE ("one"));
  g_autofree char *other = NULL;
  EVP_PKEY *other_key = make_key (&other);
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaUpdate) known = pfa_update_parse (text, -1, f->public, &error);
  g_autoptr (PfaUpdate) unknown = pfa_update_parse (text, -1, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (known->key_known);
  g_assert_false (unknown->key_known);
  g_assert_cmpuint (strlen (unknown->fingerprint), ==, 29);
  assert_refused (text, other, PFA_ERROR_UNTRUSTED);
  EVP_PKEY_free (other_key);
}

static void
test_what_was_changed (Fixture *f, gconstpointer data)
{
  g_autofree char *text = sign (f, "lab", 1, PROFILE ("one"));
  g_autofree char *newer = g_strdup (text);
  g_autofree char *foreign = sign (f, "other", 1, PROFILE ("one"));
  g_autofree char *broken = sign (f, "lab", 1, "{\"id\":\"lab\"}");
  g_autofree char *path = sign (f, "../lab", 1, PROFILE ("one"));

  strstr (newer, "\"version\":1")[10] = '9';
  assert_refused (newer, f->public, PFA_ERROR_UNTRUSTED);
  assert_refused (foreign, f->public, PFA_ERROR_BAD_INPUT);
  assert_refused (broken, f->public, PFA_ERROR_BAD_INPUT);
  assert_refused (path, f->public, PFA_ERROR_BAD_INPUT);
  assert_refused ("{}", f->public, PFA_ERROR_BAD_INPUT);
}

/* Each byte of the file changed in turn: never taken for another profile. */
static void
test_any_byte_changed (Fixture *f, gconstpointer data)
{
  g_autofree char *text = sign (f, "lab", 1, PROFILE ("one"));

  for (char *c = text; *c != '\0'; c++)
    {
      char right = *c;
      g_autoptr (PfaUpdate) update = NULL;

      *c = right == 'A' ? 'B' : 'A';
      update = pfa_update_parse (text, -1, f->public, NULL);
      if (update != NULL)
        g_assert_cmpstr (update->profile, ==, PROFILE ("one"));
      *c = right;
    }
}

static char *
read_profile (Fixture *f)
{
  g_autofree char *path = g_build_filename (f->directory, "providers", "lab.json", NULL);
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  return text;
}

static void
install (Fixture *f, guint version, const char *profile)
{
  g_autofree char *text = sign (f, "lab", version, profile);
  g_autoptr (PfaUpdate) update = pfa_update_parse (text, -1, f->public, NULL);
  g_autoptr (GError) error = NULL;

  pfa_update_install (update, f->directory, &error);
  g_assert_no_error (error);
}

static void
assert_profile (Fixture *f, guint version, const char *expected)
{
  g_autofree char *profile = read_profile (f);

  g_assert_cmpstr (profile, ==, expected);
  g_assert_cmpuint (pfa_update_get_installed_version (f->directory, "lab"), ==, version);
}

static void
test_newer_and_back (Fixture *f, gconstpointer data)
{
  g_autofree char *old_text = sign (f, "lab", 2, PROFILE ("again"));
  g_autoptr (PfaUpdate) old = pfa_update_parse (old_text, -1, f->public, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (pfa_update_go_back (f->directory, "lab", &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_NOT_FOUND);
  g_clear_error (&error);
  install (f, 1, PROFILE ("one"));
  install (f, 3, PROFILE ("three"));
  assert_profile (f, 3, PROFILE ("three"));
  g_assert_false (pfa_update_install (old, f->directory, &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_REFUSED);
  g_assert_true (pfa_update_go_back (f->directory, "lab", NULL));
  assert_profile (f, 1, PROFILE ("one"));
  g_assert_true (pfa_update_go_back (f->directory, "lab", NULL));
  assert_profile (f, 3, PROFILE ("three"));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/support/update/who-signed", Fixture, NULL, set_up, test_who_signed, tear_down);
  g_test_add ("/support/update/what-was-changed",
              Fixture,
              NULL,
              set_up,
              test_what_was_changed,
              tear_down);
  g_test_add ("/support/update/any-byte-changed",
              Fixture,
              NULL,
              set_up,
              test_any_byte_changed,
              tear_down);
  g_test_add ("/support/update/newer-and-back",
              Fixture,
              NULL,
              set_up,
              test_newer_and_back,
              tear_down);
  return g_test_run ();
}
