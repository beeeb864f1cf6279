/* test-spoken.c - the code for the telephone keeps its content, and notices what was misheard
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-error.h"
#include "pfa-json.h"
#include "pfa-spoken-words.h"
#include "pfa-spoken.h"

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static PfaSpoken *
make_example (guint failed)
{
  PfaSpoken *spoken = pfa_spoken_new ();

  spoken->code = g_strdup ("96");
  spoken->cause = g_strdup ("router-dead");
  spoken->confidence = 2;
  spoken->payment = g_strdup ("u3");
  spoken->connection = g_strdup ("wifi");
  spoken->answered = g_strdup ("terminal");
  for (guint i = 0; i < failed; i++)
    g_ptr_array_add (spoken->failed, g_strdup (pfa_spoken_actions[i * 5]));
  return spoken;
}

static void
assert_same (const PfaSpoken *a, const PfaSpoken *b)
{
  g_autoptr (JsonObject) first = pfa_spoken_to_json (a);
  g_autoptr (JsonObject) second = pfa_spoken_to_json (b);
  g_autofree char *first_text = pfa_json_write_object (first, FALSE);
  g_autofree char *second_text = pfa_json_write_object (second, FALSE);

  g_assert_cmpstr (first_text, ==, second_text);
}

static void
test_content_is_kept (void)
{
  static const char *const codes[] = { "96", "91", "N7", "00", "ZZ", NULL };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    for (guint failed = 0; failed <= PFA_SPOKEN_MAX_FAILED; failed++)
      {
        g_autoptr (PfaSpoken) spoken = make_example (failed);
        g_autoptr (PfaSpoken) read = NULL;
        g_autoptr (GError) error = NULL;
        g_autofree char *text = NULL;

        g_free (spoken->code);
        spoken->code = g_strdup (codes[i]);
        text = pfa_spoken_encode (spoken);
        read = pfa_spoken_decode (text, &error);
        g_assert_no_error (error);
        assert_same (spoken, read);
      }
}

static void
test_newest_steps_go_along (void)
{
  g_autoptr (PfaSpoken) spoken = make_example (9);
  g_autofree char *text = pfa_spoken_encode (spoken);
  g_autoptr (PfaSpoken) read = pfa_spoken_decode (text, NULL);

  g_assert_cmpuint (read->failed->len, ==, PFA_SPOKEN_MAX_FAILED);
  g_assert_cmpstr (read->failed->pdata[0], ==, spoken->failed->pdata[2]);
}

static void
test_three_steps_are_twelve_characters (void)
{
  g_autoptr (PfaSpoken) spoken = make_example (3);
  g_autofree char *text = pfa_spoken_encode (spoken);
  g_autofree char *qr = pfa_spoken_build_qr_text (spoken);
  g_autoptr (PfaSpoken) read = pfa_spoken_decode (qr, NULL);

  g_assert_cmpuint (strlen (text), ==, 12 + 2);
  g_assert_true (g_str_has_prefix (qr, "POSAID:"));
  assert_same (spoken, read);
}

static void
test_how_people_type (void)
{
  g_autoptr (PfaSpoken) spoken = make_example (2);
  g_autofree char *text = pfa_spoken_encode (spoken);
  g_autofree char *lower = g_ascii_strdown (text, -1);
  GString *wide = g_string_new ("  ");
  g_autofree char *typed = NULL;
  g_autoptr (PfaSpoken) first = pfa_spoken_decode (lower, NULL);
  g_autoptr (PfaSpoken) second = NULL;

  /* Full-width characters, O for 0, I for 1, a blank behind each. */
  for (const char *c = text; *c != '\0'; c++)
    if (*c == '0' || *c == '1')
      g_string_append_printf (wide, "%c ", *c == '0' ? 'o' : 'l');
    else if (*c != '-')
      g_string_append_unichar (wide, (gunichar) *c + 0xfee0);
  typed = g_string_free (wide, FALSE);
  second = pfa_spoken_decode (typed, NULL);
  g_assert_nonnull (first);
  g_assert_nonnull (second);
  assert_same (first, second);
}

static void
assert_noticed (const char *text)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (pfa_spoken_decode (text, &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT);
}

static void
test_one_wrong_character_is_noticed (void)
{
  for (guint failed = 0; failed <= PFA_SPOKEN_MAX_FAILED; failed++)
    {
      g_autoptr (PfaSpoken) spoken = make_example (failed);
      g_autofree char *text = pfa_spoken_encode (spoken);

      for (char *c = text; *c != '\0'; c++)
        for (const char *other = alphabet; *c != '-' && *other != '\0'; other++)
          {
            char right = *c;

            if (*other == right)
              continue;
            *c = *other;
            assert_noticed (text);
            *c = right;
          }
    }
}

static void
test_swapped_and_lost_characters_are_noticed (void)
{
  for (guint failed = 0; failed <= PFA_SPOKEN_MAX_FAILED; failed++)
    {
      g_autoptr (PfaSpoken) spoken = make_example (failed);
      g_autofree char *qr = pfa_spoken_build_qr_text (spoken);
      char *text = qr + strlen ("POSAID:");
      gsize length = strlen (text);

      for (gsize i = 0; i < length; i++)
        {
          for (gsize j = i + 1; j < length; j++)
            {
              char kept = text[i];

              if (text[i] == text[j])
                continue;
              text[i] = text[j];
              text[j] = kept;
              assert_noticed (text);
              text[j] = text[i];
              text[i] = kept;
            }
        }
      text[length - 1] = '\0';
      assert_noticed (text);
    }
}

static void
test_random_input (void)
{
  for (guint round = 0; round < 20000; round++)
    {
      char text[40];
      gsize length = (gsize) g_test_rand_int_range (0, sizeof text - 1);
      g_autoptr (PfaSpoken) spoken = NULL;

      for (gsize i = 0; i < length; i++)
        text[i] = g_test_rand_bit () ? alphabet[g_test_rand_int_range (0, 32)]
                                     : (char) g_test_rand_int_range (1, 256);
      text[length] = '\0';
      spoken = pfa_spoken_decode (text, NULL);
      if (spoken != NULL)
        g_assert_cmpuint (spoken->failed->len, <=, PFA_SPOKEN_MAX_FAILED);
    }
}

/* Every cause and step of the knowledge can be said. */
static void
assert_all_known (const char *folder, const char *const *words)
{
  g_autofree char *path =
      g_build_filename (g_getenv ("PFA_SOURCE_DIR"), "data", "knowledge", folder, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GDir) directory = g_dir_open (path, 0, &error);
  const char *name;

  g_assert_no_error (error);
  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *id = g_strndup (name, strcspn (name, "."));

      if (g_str_has_suffix (name, ".json") && !g_strv_contains (words, id))
        g_error ("%s is not in pfa-spoken-words.c: append it", id);
    }
}

static void
test_words_cover_the_knowledge (void)
{
  assert_all_known ("causes", pfa_spoken_causes);
  assert_all_known ("actions", pfa_spoken_actions);
  g_assert_cmpuint (g_strv_length ((char **) pfa_spoken_causes), <, 256);
  g_assert_cmpuint (g_strv_length ((char **) pfa_spoken_actions), <, 256);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/spoken/content-is-kept", test_content_is_kept);
  g_test_add_func ("/wire/spoken/newest-steps-go-along", test_newest_steps_go_along);
  g_test_add_func ("/wire/spoken/three-steps-are-twelve-characters",
                   test_three_steps_are_twelve_characters);
  g_test_add_func ("/wire/spoken/how-people-type", test_how_people_type);
  g_test_add_func ("/wire/spoken/one-wrong-character-is-noticed",
                   test_one_wrong_character_is_noticed);
  g_test_add_func ("/wire/spoken/swapped-and-lost-characters-are-noticed",
                   test_swapped_and_lost_characters_are_noticed);
  g_test_add_func ("/wire/spoken/random-input", test_random_input);
  g_test_add_func ("/wire/spoken/words-cover-the-knowledge", test_words_cover_the_knowledge);
  return g_test_run ();
}
