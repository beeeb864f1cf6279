/* test-guided-keys.c - both sides come to the same keys, and nothing altered opens
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-error.h"
#include "pfa-guided-keys.h"
#include "pfa-json.h"

static void
read_hex (JsonObject *object, const char *member, guint8 *bytes, gsize size)
{
  const char *text = pfa_json_peek_string (object, member);

  g_assert_cmpuint (strlen (text), ==, size * 2);
  for (gsize i = 0; i < size; i++)
    bytes[i] =
        (guint8) (g_ascii_xdigit_value (text[2 * i]) << 4 | g_ascii_xdigit_value (text[2 * i + 1]));
}

static PfaGuidedKeys *
build_fixed (PfaGuidedRole role, JsonObject *half)
{
  guint8 private_key[32], public_key[PFA_GUIDED_KEY_SIZE], nonce[PFA_GUIDED_NONCE_SIZE];
  g_autoptr (GError) error = NULL;
  PfaGuidedKeys *keys;

  read_hex (half, "private", private_key, sizeof private_key);
  read_hex (half, "public", public_key, sizeof public_key);
  read_hex (half, "nonce", nonce, sizeof nonce);
  keys = pfa_guided_keys_new_fixed (role, private_key, nonce, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (pfa_guided_keys_get_public (keys),
                   sizeof public_key,
                   public_key,
                   sizeof public_key);
  return keys;
}

static void
agree (PfaGuidedKeys *one, PfaGuidedKeys *other, const char *session)
{
  g_autoptr (GError) error = NULL;

  pfa_guided_keys_agree (one,
                         pfa_guided_keys_get_public (other),
                         pfa_guided_keys_get_nonce (other),
                         session,
                         &error);
  g_assert_no_error (error);
  pfa_guided_keys_agree (other,
                         pfa_guided_keys_get_public (one),
                         pfa_guided_keys_get_nonce (one),
                         session,
                         &error);
  g_assert_no_error (error);
}

static void
check_frames (JsonObject *vector, PfaGuidedKeys *merchant, PfaGuidedKeys *agent)
{
  JsonArray *frames = pfa_json_peek_array (vector, "frames");

  for (guint i = 0; i < json_array_get_length (frames); i++)
    {
      JsonObject *frame = json_array_get_object_element (frames, i);
      const char *plain = pfa_json_peek_string (frame, "plain");
      gsize size = strlen (pfa_json_peek_string (frame, "sealed")) / 2;
      g_autofree guint8 *sealed = g_malloc (size);
      guint64 seq = (guint64) pfa_json_peek_double (frame, "seq", 0);
      gboolean by_merchant = g_str_equal (pfa_json_peek_string (frame, "from"), "merchant");
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) ours =
          pfa_guided_keys_seal (by_merchant ? merchant : agent, seq, plain, &error);
      g_autofree char *opened = NULL;

      g_assert_no_error (error);
      read_hex (frame, "sealed", sealed, size);
      g_assert_cmpmem (g_bytes_get_data (ours, NULL), g_bytes_get_size (ours), sealed, size);
      opened = pfa_guided_keys_open (by_merchant ? agent : merchant, seq, sealed, size, &error);
      g_assert_no_error (error);
      g_assert_cmpstr (opened, ==, plain);
    }
}

static void
test_vectors (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("PFA_SOURCE_DIR"),
                                            "src",
                                            "wire",
                                            "pfa-guided-vectors.json",
                                            NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = pfa_json_load (path, &error);
  JsonArray *vectors;

  g_assert_no_error (error);
  vectors = pfa_json_peek_array (json_node_get_object (node), "vectors");
  g_assert_cmpuint (json_array_get_length (vectors), >=, 4);
  for (guint i = 0; i < json_array_get_length (vectors); i++)
    {
      JsonObject *vector = json_array_get_object_element (vectors, i);
      g_autoptr (PfaGuidedKeys) merchant =
          build_fixed (PFA_GUIDED_MERCHANT, pfa_json_peek_object (vector, "merchant"));
      g_autoptr (PfaGuidedKeys) agent =
          build_fixed (PFA_GUIDED_AGENT, pfa_json_peek_object (vector, "agent"));
      guint8 expected[PFA_GUIDED_HASH_SIZE], commitment[PFA_GUIDED_HASH_SIZE];
      g_autofree char *number = NULL;

      read_hex (vector, "commitment", expected, sizeof expected);
      pfa_guided_compute_commitment (pfa_guided_keys_get_public (merchant),
                                     pfa_guided_keys_get_nonce (merchant),
                                     commitment);
      g_assert_cmpmem (commitment, sizeof commitment, expected, sizeof expected);
      agree (merchant, agent, pfa_json_peek_string (vector, "session"));
      number = g_strdup_printf ("%06u", pfa_guided_keys_get_comparison (merchant));
      g_assert_cmpstr (number, ==, pfa_json_peek_string (vector, "comparison"));
      check_frames (vector, merchant, agent);
    }
}

typedef struct
{
  PfaGuidedKeys *merchant;
  PfaGuidedKeys *agent;
} Pair;

static void
set_up (Pair *pair, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  pair->merchant = pfa_guided_keys_new (PFA_GUIDED_MERCHANT, &error);
  g_assert_no_error (error);
  pair->agent = pfa_guided_keys_new (PFA_GUIDED_AGENT, &error);
  g_assert_no_error (error);
  agree (pair->merchant, pair->agent, "session");
}

static void
tear_down (Pair *pair, gconstpointer data)
{
  pfa_guided_keys_free (pair->merchant);
  pfa_guided_keys_free (pair->agent);
}

static void
test_every_bit (Pair *pair, gconstpointer data)
{
  g_autoptr (GBytes) sealed = pfa_guided_keys_seal (pair->agent, 7, "{\"type\":\"ask\"}", NULL);
  gsize size;
  const guint8 *bytes = g_bytes_get_data (sealed, &size);

  for (gsize bit = 0; bit < size * 8; bit++)
    {
      g_autofree guint8 *altered = g_memdup2 (bytes, size);
      g_autoptr (GError) error = NULL;

      altered[bit / 8] ^= (guint8) (1 << bit % 8);
      g_assert_null (pfa_guided_keys_open (pair->merchant, 7, altered, size, &error));
      g_assert_error (error, PFA_ERROR, PFA_ERROR_UNTRUSTED);
    }
  for (gsize cut = 0; cut < size; cut++)
    g_assert_null (pfa_guided_keys_open (pair->merchant, 7, bytes, cut, NULL));
}

static void
test_other_number (Pair *pair, gconstpointer data)
{
  g_autoptr (GBytes) sealed = pfa_guided_keys_seal (pair->agent, 7, "x", NULL);
  gsize size;
  const guint8 *bytes = g_bytes_get_data (sealed, &size);

  g_assert_null (pfa_guided_keys_open (pair->merchant, 8, bytes, size, NULL));
  /* What a side sealed itself is not taken for the other's: a relay cannot mirror frames. */
  g_assert_null (pfa_guided_keys_open (pair->agent, 7, bytes, size, NULL));
}

static void
test_number_twice (Pair *pair, gconstpointer data)
{
  g_autoptr (GBytes) sealed = pfa_guided_keys_seal (pair->agent, 7, "x", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (sealed);
  g_assert_null (pfa_guided_keys_seal (pair->agent, 7, "y", &error));
  g_assert_error (error, PFA_ERROR, PFA_ERROR_INTERNAL);
}

/* A relay that talks to both sides with keys of its own: the numbers differ. */
static void
test_man_in_the_middle (void)
{
  guint same = 0;

  for (guint i = 0; i < 40; i++)
    {
      g_autoptr (PfaGuidedKeys) merchant = pfa_guided_keys_new (PFA_GUIDED_MERCHANT, NULL);
      g_autoptr (PfaGuidedKeys) agent = pfa_guided_keys_new (PFA_GUIDED_AGENT, NULL);
      g_autoptr (PfaGuidedKeys) false_agent = pfa_guided_keys_new (PFA_GUIDED_AGENT, NULL);
      g_autoptr (PfaGuidedKeys) false_merchant = pfa_guided_keys_new (PFA_GUIDED_MERCHANT, NULL);

      agree (merchant, false_agent, "s");
      agree (false_merchant, agent, "s");
      same += pfa_guided_keys_get_comparison (merchant) == pfa_guided_keys_get_comparison (agent);
    }
  g_assert_cmpuint (same, ==, 0);
}

static void
test_bad_point (void)
{
  g_autoptr (PfaGuidedKeys) merchant = pfa_guided_keys_new (PFA_GUIDED_MERCHANT, NULL);
  guint8 point[PFA_GUIDED_KEY_SIZE];
  guint8 nonce[PFA_GUIDED_NONCE_SIZE] = { 0 };

  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (GError) error = NULL;

      for (guint k = 0; k < sizeof point; k++)
        point[k] = (guint8) g_test_rand_int_range (0, 256);
      point[0] = i % 2 ? 4 : point[0];
      if (i == 0)
        memset (point, 0, sizeof point);
      g_assert_false (pfa_guided_keys_agree (merchant, point, nonce, "s", &error));
      g_assert_error (error, PFA_ERROR, PFA_ERROR_UNTRUSTED);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wire/guided-keys/vectors", test_vectors);
  g_test_add ("/wire/guided-keys/every-altered-bit-shows",
              Pair,
              NULL,
              set_up,
              test_every_bit,
              tear_down);
  g_test_add ("/wire/guided-keys/another-number-does-not-open",
              Pair,
              NULL,
              set_up,
              test_other_number,
              tear_down);
  g_test_add ("/wire/guided-keys/no-number-twice",
              Pair,
              NULL,
              set_up,
              test_number_twice,
              tear_down);
  g_test_add_func ("/wire/guided-keys/man-in-the-middle-differs", test_man_in_the_middle);
  g_test_add_func ("/wire/guided-keys/bad-point-is-refused", test_bad_point);
  return g_test_run ();
}
