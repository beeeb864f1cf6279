/* pfa-hostile.c - one dialogue against whatever bytes come, and what it may have said
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "pfa-hostile.h"

#include <string.h>

#include "pfa-zvt-message.h"
#include "pfa-zvt-serial.h"

const char *const pfa_hostile_addresses[] = {
  "zvt+tcp://127.0.0.1",
  "zvt+serial:///dev/ttyACM0",
  "ecr17+tcp://127.0.0.1:1",
  "transbank+serial:///dev/ttyACM0",
  "codepay+serial:///dev/ttyACM0",
  "echo+tcp://127.0.0.1",
  "poslink+tcp://127.0.0.1",
  "nexo+https://127.0.0.1?poi=V400m-346403161",
  NULL,
};

/* What may be said to a terminal, besides ZVT and nexo, which have rules of their own. */
static const char *const ecr17_words[] = {
  "\002000000000s\003\x3c",
  "\002000000000s\003\x3d",
  "\002000000000s\003\x3f",
  "\002000000000s\003\x3e",
  "\006\003\x79",
  "\006\003\x78",
  "\006\003\x7a",
  "\006\003\x7b",
  "\025\003\x6a",
  "\025\003\x6b",
  "\025\003\x69",
  "\025\003\x68",
  NULL,
};
static const char *const transbank_words[] = { "\0020100\003\002", NULL };
static const char *const poslink_words[] = { "\002A00\0341.28\003K", "\006", "\025", "\004", NULL };

static void
check_words (const GByteArray *said, const char *const *words)
{
  gsize at = 0;

  while (at < said->len)
    {
      gsize length = 0;

      for (guint i = 0; words[i] != NULL && length == 0; i++)
        if (said->len - at >= strlen (words[i]) &&
            memcmp (said->data + at, words[i], strlen (words[i])) == 0)
          length = strlen (words[i]);
      g_assert_cmpuint (length, >, 0);
      at += length;
    }
}

static void
check_fixed (const GByteArray *said, const guint8 *message, gsize length)
{
  g_assert_cmpuint (said->len % length, ==, 0);
  for (gsize at = 0; at < said->len; at += length)
    g_assert_cmpmem (said->data + at, length, message, length);
}

static void
check_zvt (const GByteArray *said)
{
  PfaSpan rest = { said->data, said->len };
  PfaZvtApdu apdu;
  gsize consumed;

  while (rest.length > 0)
    {
      g_assert_cmpint (pfa_zvt_apdu_parse (rest, &apdu, &consumed), ==, PFA_PARSE_COMPLETE);
      g_assert_true (pfa_zvt_is_harmless ((PfaSpan){ rest.data, consumed }));
      rest.data += consumed;
      rest.length -= consumed;
    }
}

static void
check_zvt_serial (const GByteArray *said)
{
  g_autoptr (PfaZvtSerialDecoder) decoder = pfa_zvt_serial_decoder_new ();

  for (guint i = 0; i < said->len; i++)
    {
      PfaZvtSerialEvent event = pfa_zvt_serial_decoder_feed (decoder, said->data[i]);

      g_assert_cmpint (event, !=, PFA_ZVT_SERIAL_DAMAGED);
      if (event == PFA_ZVT_SERIAL_FRAME)
        g_assert_true (pfa_zvt_is_harmless ((PfaSpan){ decoder->apdu->data, decoder->apdu->len }));
    }
}

/* Every nexo message that was said is a diagnosis that does not go online. */
static void
check_nexo (const GByteArray *said)
{
  g_autofree char *text = g_strndup ((const char *) said->data, said->len);

  g_assert_true (g_str_has_prefix (text, "{\"SaleToPOIRequest\":{\"MessageHeader\":"));
  g_assert_nonnull (strstr (text, "\"DiagnosisRequest\":{\"HostDiagnosisFlag\":false}"));
  g_assert_null (strstr (text, "HostDiagnosisFlag\":true"));
}

static void
check_said (const PfaTerminalAddress *address, const GByteArray *said)
{
  const guint8 handshake[] = { 0x55, 0xaa, 0x01, 0, 0, 0, 0, 0x01, 0xcc, 0x33 };
  const char *echo = "\000\026ECR0201X/POS First Aid";

  switch (address->protocol)
    {
    case PFA_PROTOCOL_ZVT:
      if (address->link == PFA_LINK_TCP)
        check_zvt (said);
      else
        check_zvt_serial (said);
      break;
    case PFA_PROTOCOL_ECR17:
      check_words (said, ecr17_words);
      break;
    case PFA_PROTOCOL_TRANSBANK:
      check_words (said, transbank_words);
      break;
    case PFA_PROTOCOL_POSLINK:
      check_words (said, poslink_words);
      break;
    case PFA_PROTOCOL_CODEPAY:
      check_fixed (said, handshake, sizeof handshake);
      break;
    case PFA_PROTOCOL_ECHO:
      check_fixed (said, (const guint8 *) echo, 24);
      break;
    case PFA_PROTOCOL_NEXO:
      check_nexo (said);
      break;
    case PFA_PROTOCOL_USB:
    default:
      break;
    }
}

static void
collect (PfaDialogue *dialogue, GByteArray *said)
{
  g_byte_array_append (said, dialogue->out->data, dialogue->out->len);
  g_byte_array_set_size (dialogue->out, 0);
  dialogue->restart = FALSE;
}

static void
feed (PfaDialogue *dialogue, PfaSpan bytes, GRand *random, GByteArray *said)
{
  while (bytes.length > 0 && !dialogue->finished)
    {
      gsize piece = bytes.length;

      if (random != NULL)
        piece = (gsize) g_rand_int_range (random, 1, (gint32) MIN (bytes.length, 64) + 1);
      pfa_dialogue_receive (dialogue, (PfaSpan){ bytes.data, piece });
      collect (dialogue, said);
      bytes.data += piece;
      bytes.length -= piece;
      if (random != NULL && g_rand_int_range (random, 0, 16) == 0)
        pfa_dialogue_expire (dialogue,
                             dialogue->line_wait_ms > 0 ? PFA_WAIT_LINE : PFA_WAIT_ANSWER);
      collect (dialogue, said);
    }
}

void
pfa_hostile_run (const char *text, PfaSpan bytes, GRand *random)
{
  g_autoptr (PfaTerminalAddress) address = pfa_terminal_address_parse (text, NULL);
  g_autoptr (PfaTerminalStatus) status = pfa_terminal_status_new (address->text, "x");
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (1795000000);
  const PfaDialogueSettings settings = { .address = address, .now = now };
  g_autoptr (PfaDialogue) dialogue = pfa_dialogue_new (&settings, status);
  g_autoptr (GByteArray) said = g_byte_array_new ();
  g_autoptr (JsonObject) json = NULL;
  g_autoptr (GPtrArray) observations = NULL;

  pfa_dialogue_begin (dialogue);
  collect (dialogue, said);
  feed (dialogue, bytes, random, said);
  /* However it stands: after at most this many waits it gives up by itself. */
  for (guint i = 0; i < 64 && !dialogue->finished; i++)
    {
      pfa_dialogue_expire (dialogue, dialogue->line_wait_ms > 0 ? PFA_WAIT_LINE : PFA_WAIT_ANSWER);
      collect (dialogue, said);
    }
  g_assert_true (dialogue->finished);
  check_said (address, said);
  json = pfa_terminal_status_to_json (status, "en");
  observations = pfa_terminal_status_dup_observations (status, NULL);
}
