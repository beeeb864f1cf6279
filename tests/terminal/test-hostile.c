/* test-hostile.c - 20,000 damaged conversations a protocol, and the worst that can be thought of
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <malloc.h>
#include <string.h>

#include "pfa-hex.h"
#include "pfa-hostile.h"
#include "pfa-json.h"
#include "pfa-nexo-crypto.h"
#include "pfa-nexo.h"
#include "pfa-zvt-data.h"
#include "pfa-zvt-link.h"
#include "pfa-zvt-message.h"

#define MEMORY_LIMIT (1024 * 1024)

/* Under the sanitizers every allocation takes a walk up the stack. */
#ifdef __SANITIZE_ADDRESS__
#define ROUNDS 1000
#else
#define ROUNDS 20000
#endif

#define ENQUIRY_ANSWER                                                                             \
  "060f89f0f4f04745522d4150502d76322e302e393b635330322e30312e30312d31302e31302d322d323b4343323600" \
  "06"                                                                                             \
  "5b1f440452525535e4431f400a6356454e4420706c75671f41284745522d4150502d76322e302e393b635330322e30" \
  "31"                                                                                             \
  "2e30312d31302e31302d322d323b434332361f420417fd1e3c1f430100340d1f0e04202304051f0f03225655"

typedef struct
{
  const char *address; /* its beginning */
  const char *hex;     /* or text, when it begins with a brace */
} Seed;

static const Seed seeds[] = {
  { "zvt+tcp", "800000 04ff0117 " ENQUIRY_ANSWER },
  { "zvt+tcp",
    "800000 "
    "040f31270529290010063cf0f1f54b6172746520616267656c65686e748a0d06132411070f4b617274652061626765"
    "6c65686e74 060f01dc" },
  { "zvt+tcp", "848300 849a00 800000 061e04b887ffff" },
  { "zvt+tcp", "849c00" },
  { "zvt+serial", "06 1002800000 1003 f51f 1002060f0bf0f0f7322e31342e3135001003b111" },
  { "zvt+serial", "06 1002849c00 1003 c341 15 15" },
  { "ecr17",
    "060379 02313233343536373830733030303030303030303032323131323631303435325357 52454c31303003 "
    "6c" },
  { "ecr17", "0141424304 150379" },
  { "transbank", "06" },
  { "transbank", "15 15 06" },
  { "codepay", "55aa020000000002cc33 55aa000000000000cc33" },
  { "codepay", "55aa00000100040102030405cc33 55aa020000000002cc33" },
  { "echo",
    "0029 4d454c30323031 582f504f5320466972737420416964 2f5436343939393939393a312e352e32322e32" },
  { "poslink", "06 02301c4130311c312e32381c3030303030301c4f4b1c35331c53333030 03 00 04" },
  { "nexo",
    "{\"SaleToPOIResponse\":{\"MessageHeader\":{\"MessageClass\":\"Service\",\"MessageCategory\":"
    "\"Diagnosis\","
    "\"MessageType\":\"Response\",\"ServiceID\":\"X\",\"POIID\":\"V400m-346403161\"},"
    "\"DiagnosisResponse\":{"
    "\"Response\":{\"Result\":\"Success\",\"AdditionalResponse\":\"batteryLevel=100%25\"},"
    "\"POIStatus\":{\"GlobalStatus\":\"OK\",\"SecurityOKFlag\":\"true\"}}}}" },
};

static GByteArray *
bytes_of_seed (const Seed *seed)
{
  GByteArray *bytes;

  if (seed->hex[0] != '{')
    return pfa_bytes_of_hex (seed->hex);
  bytes = g_byte_array_new ();
  g_byte_array_append (bytes, (const guint8 *) seed->hex, (guint) strlen (seed->hex));
  return bytes;
}

/* One to eight faults: a byte changed, lost, doubled, or a stretch of it repeated. */
static void
damage (GByteArray *bytes, GRand *random)
{
  guint faults = (guint) g_rand_int_range (random, 1, 9);

  for (guint i = 0; i < faults && bytes->len > 1; i++)
    {
      guint at = (guint) g_rand_int_range (random, 0, (gint32) bytes->len);
      guint length = (guint) g_rand_int_range (random, 1, (gint32) (bytes->len - at) + 1);
      g_autofree guint8 *copy = NULL;

      switch (g_rand_int_range (random, 0, 5))
        {
        case 0:
          bytes->data[at] = (guint8) g_rand_int (random);
          break;
        case 1:
          bytes->data[at] ^= (guint8) (1 << g_rand_int_range (random, 0, 8));
          break;
        case 2:
          g_byte_array_remove_index (bytes, at);
          break;
        case 3:
          g_byte_array_set_size (bytes, at + 1);
          break;
        default:
          copy = g_memdup2 (bytes->data + at, length);
          g_byte_array_append (bytes, copy, length);
          break;
        }
    }
}

static void
test_damaged (gconstpointer data)
{
  const char *address = data;
  g_autoptr (GRand) random = g_rand_new_with_seed (96);
  GPtrArray *own = g_ptr_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (seeds); i++)
    if (g_str_has_prefix (address, seeds[i].address))
      g_ptr_array_add (own, (gpointer) &seeds[i]);
  g_assert_cmpuint (own->len, >, 0);
  for (guint round = 0; round < ROUNDS; round++)
    {
      g_autoptr (GByteArray) bytes = bytes_of_seed (own->pdata[round % own->len]);

      damage (bytes, random);
      pfa_hostile_run (address, pfa_span_of (bytes), random);
    }
  g_ptr_array_unref (own);
}

/* The undamaged ones reach their end: the damage above damages something. */
static void
test_sound (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (seeds); i++)
    for (guint k = 0; pfa_hostile_addresses[k] != NULL; k++)
      if (g_str_has_prefix (pfa_hostile_addresses[k], seeds[i].address))
        {
          g_autoptr (GByteArray) bytes = bytes_of_seed (&seeds[i]);

          pfa_hostile_run (pfa_hostile_addresses[k], pfa_span_of (bytes), NULL);
        }
}

static void
test_pure_noise (gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (96);

  for (guint round = 0; round < ROUNDS / 10; round++)
    {
      guint8 noise[256];

      for (guint i = 0; i < sizeof noise; i++)
        noise[i] = (guint8) g_rand_int (random);
      pfa_hostile_run (data, (PfaSpan){ noise, (gsize) g_rand_int_range (random, 0, 257) }, random);
    }
}

/* A protected message changed anywhere: one error, and never a fault. */
static void
test_damaged_protection (void)
{
  const char *plain = "{\"SaleToPOIResponse\":{\"MessageHeader\":{\"ServiceID\":\"1\"}}}";
  g_autoptr (GRand) random = g_rand_new_with_seed (96);
  g_autofree char *sealed = NULL;
  PfaNexoKey key;

  pfa_nexo_key_derive (&key, "secret", "id", 1);
  sealed = pfa_nexo_protect (&key, PFA_NEXO_RESPONSE, plain, NULL);
  for (guint round = 0; round < ROUNDS; round++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_autoptr (JsonParser) parser = json_parser_new ();
      JsonObject *message = NULL;
      g_autofree char *opened = NULL;

      g_byte_array_append (bytes, (const guint8 *) sealed, (guint) strlen (sealed));
      damage (bytes, random);
      if (!g_utf8_validate ((const char *) bytes->data, bytes->len, NULL) ||
          !json_parser_load_from_data (parser, (const char *) bytes->data, bytes->len, NULL) ||
          !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
        continue;
      message = json_node_get_object (json_parser_get_root (parser));
      if (!json_object_has_member (message, PFA_NEXO_RESPONSE) ||
          !JSON_NODE_HOLDS_OBJECT (json_object_get_member (message, PFA_NEXO_RESPONSE)))
        continue;
      message = json_object_get_object_member (message, PFA_NEXO_RESPONSE);
      opened = pfa_nexo_unprotect (&key, PFA_NEXO_RESPONSE, message, NULL);
      if (opened != NULL)
        g_assert_cmpstr (opened, ==, plain);
    }
  pfa_nexo_key_clear (&key);
}

/* The right request, so that the answer itself is looked at. */
static void
test_damaged_answer (void)
{
  const char *sound =
      "{\"MessageHeader\":{\"MessageCategory\":\"Diagnosis\",\"MessageType\":\"Response\","
      "\"ServiceID\":\"X\",\"POIID\":\"V400m-1\"},\"DiagnosisResponse\":{\"Response\":{"
      "\"AdditionalResponse\":\"batteryLevel=100%25&terminalId=V400m-1\"},\"POIStatus\":{"
      "\"GlobalStatus\":\"OK\"},\"HostStatus\":[{\"IsReachableFlag\":\"true\"}]}}";
  const PfaNexoRequest request = { "V400m-1", "X", FALSE };
  g_autoptr (GRand) random = g_rand_new_with_seed (96);
  guint good = 0;

  for (guint round = 0; round < ROUNDS; round++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_autoptr (JsonObject) message = NULL;
      g_autoptr (PfaNexoAnswer) answer = NULL;

      g_byte_array_append (bytes, (const guint8 *) sound, (guint) strlen (sound));
      if (round > 0)
        damage (bytes, random);
      message = pfa_json_parse_object ((const char *) bytes->data, bytes->len, "answer", NULL);
      if (message != NULL)
        answer = pfa_nexo_parse_answer (message, &request, NULL);
      good += answer != NULL ? 1 : 0;
    }
  g_assert_cmpuint (good, >, ROUNDS / 200);
}

static gsize
memory_in_use (void)
{
  return mallinfo2 ().uordblks;
}

/* The longest legal message, byte by byte, stuffed to twice its length. */
static void
test_longest_message (gconstpointer data)
{
  gboolean serial = GPOINTER_TO_INT (data);
  g_autoptr (PfaZvtLink) link = pfa_zvt_link_new (serial);
  g_autofree guint8 *text = g_malloc (PFA_ZVT_MAX_DATA);
  g_autoptr (GByteArray) apdu = g_byte_array_new ();
  g_autoptr (GByteArray) wire = g_byte_array_new ();
  g_autoptr (GByteArray) out = g_byte_array_new ();
  gsize before;
  PfaZvtApdu message;
  gboolean found = FALSE;

  memset (text, 0x10, PFA_ZVT_MAX_DATA);
  pfa_zvt_apdu_append (apdu, PFA_ZVT_PRINT_BLOCK, (PfaSpan){ text, PFA_ZVT_MAX_DATA });
  if (serial)
    pfa_zvt_serial_append (wire, pfa_span_of (apdu));
  else
    g_byte_array_append (wire, apdu->data, apdu->len);
  before = memory_in_use ();
  for (guint i = 0; i < wire->len; i++)
    {
      pfa_zvt_link_receive (link, (PfaSpan){ wire->data + i, 1 }, out);
      found = pfa_zvt_link_next (link, &message, out);
      g_assert_cmpint (found, ==, i + 1 == wire->len);
    }
  g_assert_cmpuint (message.data.length, ==, PFA_ZVT_MAX_DATA);
  if (memory_in_use () > before)
    g_assert_cmpuint (memory_in_use () - before, <, MEMORY_LIMIT);
}

/* 16 MB of one endless something: memory stays where it is. */
static void
test_endless (gconstpointer data)
{
  const char *const beginnings[] = { "",           "02",  "01", "1002", "55aa", "55aa0000000400",
                                     "06d3ffffff", "ffff" };
  g_autoptr (PfaTerminalAddress) address = pfa_terminal_address_parse (data, NULL);
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (1795000000);
  const PfaDialogueSettings settings = { .address = address, .now = now };
  g_autofree guint8 *chunk = g_malloc (16384);

  for (guint i = 0; i < G_N_ELEMENTS (beginnings); i++)
    {
      g_autoptr (GByteArray) beginning = pfa_bytes_of_hex (beginnings[i]);
      g_autoptr (PfaTerminalStatus) status = pfa_terminal_status_new (address->text, "x");
      g_autoptr (PfaDialogue) dialogue = pfa_dialogue_new (&settings, status);
      gsize before = memory_in_use ();

      memset (chunk, i % 2 == 0 ? 'A' : 0, 16384);
      pfa_dialogue_begin (dialogue);
      pfa_dialogue_receive (dialogue, pfa_span_of (beginning));
      for (guint k = 0; k < 64 && !dialogue->finished; k++)
        {
          pfa_dialogue_receive (dialogue, (PfaSpan){ chunk, 16384 });
          g_byte_array_set_size (dialogue->out, 0);
          if (memory_in_use () > before)
            g_assert_cmpuint (memory_in_use () - before, <, MEMORY_LIMIT);
        }
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/terminal/hostile/sound-seeds", test_sound);
  for (guint i = 0; pfa_hostile_addresses[i] != NULL; i++)
    {
      g_autofree char *scheme = g_uri_parse_scheme (pfa_hostile_addresses[i]);
      g_autofree char *damaged = g_strconcat ("/terminal/hostile/damaged/", scheme, NULL);
      g_autofree char *noise = g_strconcat ("/terminal/hostile/noise/", scheme, NULL);
      g_autofree char *endless = g_strconcat ("/terminal/hostile/endless/", scheme, NULL);

      g_test_add_data_func (damaged, pfa_hostile_addresses[i], test_damaged);
      g_test_add_data_func (noise, pfa_hostile_addresses[i], test_pure_noise);
      if (!g_str_has_prefix (scheme, "nexo"))
        g_test_add_data_func (endless, pfa_hostile_addresses[i], test_endless);
    }
  g_test_add_func ("/terminal/hostile/damaged-protection", test_damaged_protection);
  g_test_add_func ("/terminal/hostile/damaged-answer", test_damaged_answer);
  g_test_add_data_func ("/terminal/hostile/longest-message/tcp",
                        GINT_TO_POINTER (FALSE),
                        test_longest_message);
  g_test_add_data_func ("/terminal/hostile/longest-message/serial",
                        GINT_TO_POINTER (TRUE),
                        test_longest_message);
  return g_test_run ();
}
