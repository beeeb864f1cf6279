/* test-update.c - signed profiles: who signed, what was changed, newer, and back again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <string.h>

#include "pfa-error.h"
#include "pfa-json.h"
#include "pfa-knowledge.h"
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
  static const char *const names[] = { "providers/lab.json",
                                       "updates/lab.current",
                                       "updates/lab.previous",
                                       "updates/lab.knowledge",
                                       "updates/_knowledge.current",
                                       "updates/_knowledge.previous",
                                       "knowledge/model.json",
                                       "knowledge/model.by-hand",
                                       "knowledge",
                                       "providers",
                                       "updates",
                                       "" };

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
sign_as (Fixture *f, const char *kind, const char *id, guint version, const char *profile)
{
  g_autofree char *message =
      g_strdup_printf ("pos-first-aid-update/1\n%s\n%s\n%u\n%s", kind, id, version, profile);
  g_autofree char *content = g_base64_encode ((const guchar *) profile, strlen (profile));
  g_autofree char *signature_text = NULL;
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  guint8 signature[64];
  gsize length = sizeof signature;

  EVP_DigestSignInit (context, NULL, NULL, NULL, f->key);
  EVP_DigestSign (context, signature, &length, (const guint8 *) message, strlen (message));
  EVP_MD_CTX_free (context);
  signature_text = g_base64_encode (signature, length);
  return g_strdup_printf ("{\"format\":\"pos-first-aid-update/1\",\"kind\":\"%s\",\"id\":\"%s\","
                          "\"version\":%u,\"content\":\"%s\",\"key\":\"%s\",\"signature\":\"%s\"}",
                          kind,
                          id,
                          version,
                          content,
                          f->public,
                          signature_text);
}

static char *
sign (Fixture *f, const char *id, guint version, const char *profile)
{
  return sign_as (f, "profile", id, version, profile);
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
        g_assert_cmpstr (update->content, ==, PROFILE ("one"));
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

/* The program's own model, with blanks behind it to tell one from the other. */
static char *
make_model (guint blanks)
{
  g_autoptr (PfaKnowledge) knowledge = pfa_knowledge_new (NULL);
  g_autofree char *own = pfa_json_write (pfa_knowledge_get_model (knowledge)->json, FALSE);

  return g_strdup_printf ("%s%*s", own, (int) blanks, "");
}

static PfaUpdate *
parse_knowledge (Fixture *f, guint version, const char *model)
{
  g_autofree char *text = sign_as (f, "knowledge", "lab", version, model);
  g_autoptr (GError) error = NULL;
  PfaUpdate *update = pfa_update_parse (text, -1, f->public, &error);

  g_assert_no_error (error);
  return update;
}

static void
assert_knowledge (Fixture *f, guint version, const char *expected)
{
  g_autofree char *path = g_build_filename (f->directory, "knowledge", "model.json", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) problems = NULL;
  g_autoptr (PfaKnowledge) knowledge = pfa_knowledge_new_for_user (f->directory, &problems, NULL);

  g_file_get_contents (path, &text, NULL, NULL);
  g_assert_cmpstr (text, ==, expected);
  g_assert_cmpuint (pfa_update_get_knowledge_version (f->directory), ==, version);
  g_assert_nonnull (knowledge);
  g_assert_null (problems[0]);
}

static void
test_knowledge (Fixture *f, gconstpointer data)
{
  g_autofree char *one = make_model (1);
  g_autofree char *two = make_model (2);
  g_autoptr (PfaUpdate) first = parse_knowledge (f, 1, one);
  g_autoptr (PfaUpdate) second = parse_knowledge (f, 2, two);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (first->kind, ==, PFA_UPDATE_KNOWLEDGE);
  g_assert_false (pfa_update_go_back_knowledge (f->directory, &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (pfa_update_install (first, f->directory, NULL));
  g_assert_true (pfa_update_install (second, f->directory, NULL));
  assert_knowledge (f, 2, two);
  g_assert_false (pfa_update_install (first, f->directory, &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_true (pfa_update_go_back_knowledge (f->directory, NULL));
  assert_knowledge (f, 1, one);
  /* Gone back is not forgotten: what is as old as the newest ever taken stays out. */
  g_assert_false (pfa_update_install (second, f->directory, &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_REFUSED);
  g_assert_true (pfa_update_go_back_knowledge (f->directory, NULL));
  assert_knowledge (f, 2, two);
}

/* The program's own, or what somebody laid there by hand, is the one before the first. */
static void
test_back_to_the_own (Fixture *f, gconstpointer data)
{
  const gboolean by_hand = GPOINTER_TO_INT (data);
  g_autofree char *folder = g_build_filename (f->directory, "knowledge", NULL);
  g_autofree char *path = g_build_filename (folder, "model.json", NULL);
  g_autofree char *mine = make_model (3);
  g_autofree char *one = make_model (1);
  g_autoptr (PfaUpdate) first = parse_knowledge (f, 1, one);

  if (by_hand)
    {
      g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
      g_assert_true (g_file_set_contents (path, mine, -1, NULL));
    }
  g_assert_true (pfa_update_install (first, f->directory, NULL));
  assert_knowledge (f, 1, one);
  g_assert_true (pfa_update_go_back_knowledge (f->directory, NULL));
  assert_knowledge (f, 0, by_hand ? mine : NULL);
  g_assert_true (pfa_update_go_back_knowledge (f->directory, NULL));
  assert_knowledge (f, 1, one);
  g_assert_true (pfa_update_go_back_knowledge (f->directory, NULL));
  assert_knowledge (f, 0, by_hand ? mine : NULL);
}

/* A disk that was full, or an editor: what is in use stays in use. */
static void
test_damaged_before (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->directory, "updates/_knowledge.previous", NULL);
  g_autofree char *one = make_model (1);
  g_autoptr (PfaUpdate) first = parse_knowledge (f, 1, one);
  static const char *const texts[] = { "{}", "{\"content\": 7}", "[]", "{" };

  g_assert_true (pfa_update_install (first, f->directory, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents (path, texts[i], -1, NULL));
      g_assert_false (pfa_update_go_back_knowledge (f->directory, &error));
      g_assert_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT);
      assert_knowledge (f, 1, one);
    }
}

static void
test_refused_knowledge (Fixture *f, gconstpointer data)
{
  g_autofree char *model = make_model (1);
  g_autofree char *good = sign_as (f, "knowledge", "lab", 1, model);
  g_autofree char *as_profile = sign_as (f, "profile", "lab", 1, model);
  g_autofree char *relabelled = sign_as (f, "knowledge", "lab", 1, PROFILE ("one"));
  g_autofree char *no_kind = sign_as (f, "firmware", "lab", 1, model);
  g_autofree char *cut = g_strndup (model, strlen (model) / 2);
  g_autofree char *broken = sign_as (f, "knowledge", "lab", 1, cut);
  g_autoptr (JsonObject) object = pfa_json_parse_object (model, -1, "model", NULL);
  g_autofree char *empty = NULL;
  g_autofree char *unsound = NULL;

  json_object_set_array_member (object, "actions", json_array_new ());
  empty = pfa_json_write_object (object, FALSE);
  unsound = sign_as (f, "knowledge", "lab", 1, empty);
  assert_refused (as_profile, f->public, PFA_ERROR_BAD_INPUT);
  assert_refused (relabelled, f->public, PFA_ERROR_BAD_INPUT);
  assert_refused (no_kind, f->public, PFA_ERROR_BAD_INPUT);
  assert_refused (broken, f->public, PFA_ERROR_BAD_INPUT);
  assert_refused (unsound, f->public, PFA_ERROR_BAD_INPUT);
  /* Nobody new steers the advice, telephone call or not. */
  assert_refused (good, NULL, PFA_ERROR_UNTRUSTED);
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
  g_test_add ("/support/update/knowledge", Fixture, NULL, set_up, test_knowledge, tear_down);
  g_test_add ("/support/update/knowledge-back-to-the-own",
              Fixture,
              GINT_TO_POINTER (FALSE),
              set_up,
              test_back_to_the_own,
              tear_down);
  g_test_add ("/support/update/knowledge-back-to-what-was-laid-there",
              Fixture,
              GINT_TO_POINTER (TRUE),
              set_up,
              test_back_to_the_own,
              tear_down);
  g_test_add ("/support/update/knowledge-before-is-damaged",
              Fixture,
              NULL,
              set_up,
              test_damaged_before,
              tear_down);
  g_test_add ("/support/update/knowledge-refused",
              Fixture,
              NULL,
              set_up,
              test_refused_knowledge,
              tear_down);
  return g_test_run ();
}
