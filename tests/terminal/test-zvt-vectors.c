/* test-zvt-vectors.c - every capture of tests/fixtures/terminal/zvt.tsv, byte for byte
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "pfa-hex.h"
#include "pfa-zvt-data.h"
#include "pfa-zvt-message.h"
#include "pfa-zvt-serial.h"

typedef struct
{
  gboolean serial;
  char *hex; /* upper case */
  char *provenance;
} Row;

static void
row_free (gpointer data)
{
  Row *row = data;

  g_free (row->hex);
  g_free (row->provenance);
  g_free (row);
}

/* Two captures lost their length byte: what they declare and what they hold differ. */
static gboolean
is_damaged (const Row *row)
{
  return strstr (row->provenance, "1617177992186PT") != NULL ||
         strstr (row->provenance, "1617181236803PT") != NULL;
}

static void
check_message (PfaSpan bytes, const Row *row)
{
  g_autoptr (GByteArray) again = g_byte_array_new ();
  PfaZvtApdu apdu;

  if (is_damaged (row))
    {
      g_assert_cmpint (pfa_zvt_apdu_parse_whole (bytes, &apdu), ==, PFA_PARSE_INVALID);
      return;
    }
  g_assert_cmpint (pfa_zvt_apdu_parse_whole (bytes, &apdu), ==, PFA_PARSE_COMPLETE);
  pfa_zvt_apdu_append (again, apdu.command, apdu.data);
  g_assert_cmpmem (again->data, again->len, bytes.data, bytes.length);

  if (apdu.command == PFA_ZVT_STATUS_INFORMATION)
    {
      PfaZvtResult result;

      pfa_zvt_parse_result (apdu.data, &result);
      g_assert_false (result.damaged);
      g_assert_cmpint (result.result, >=, 0);
    }
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autoptr (GByteArray) bytes = pfa_bytes_of_hex (row->hex);
  g_autoptr (PfaZvtSerialDecoder) decoder = pfa_zvt_serial_decoder_new ();
  g_autoptr (GByteArray) again = g_byte_array_new ();
  PfaZvtSerialEvent event = PFA_ZVT_SERIAL_NOTHING;

  if (!row->serial)
    {
      check_message (pfa_span_of (bytes), row);
      return;
    }
  for (guint i = 0; i < bytes->len; i++)
    {
      g_assert_cmpint (event, ==, PFA_ZVT_SERIAL_NOTHING);
      event = pfa_zvt_serial_decoder_feed (decoder, bytes->data[i]);
    }
  g_assert_cmpint (event, ==, PFA_ZVT_SERIAL_FRAME);
  check_message (pfa_span_of (decoder->apdu), row);
  pfa_zvt_serial_append (again, pfa_span_of (decoder->apdu));
  g_assert_cmpmem (again->data, again->len, bytes->data, bytes->len);
}

static PfaSpan
data_of (const GByteArray *bytes, guint16 command)
{
  PfaZvtApdu apdu;

  g_assert_cmpint (pfa_zvt_apdu_parse_whole (pfa_span_of (bytes), &apdu), ==, PFA_PARSE_COMPLETE);
  g_assert_cmphex (apdu.command, ==, command);
  return apdu.data;
}

/* The only public capture of a full status-enquiry completion. */
static void
test_enquiry_completion (void)
{
  g_autoptr (GByteArray) bytes = pfa_bytes_of_hex (
      "060f89f0f4f04745522d4150502d76322e302e393b635330322e30312e30312d31302e31302d322d323b43433236"
      "00065b1f440452525535e4431f400a6356454e4420706c75671f41284745522d4150502d76322e302e393b635330"
      "322e30312e30312d31302e31302d322d323b434332361f420417fd1e3c1f430100340d1f0e04202304051f0f0322"
      "5655");
  PfaZvtEnquiryAnswer answer;
  PfaZvtFurtherStatus further;
  g_autofree char *software = NULL;
  g_autofree char *name = NULL;

  pfa_zvt_parse_enquiry_answer (data_of (bytes, PFA_ZVT_COMPLETION), &answer);
  software = pfa_span_dup_text (answer.software);
  g_assert_cmpstr (software, ==, "GER-APP-v2.0.9;cS02.01.01-10.10-2-2;CC26");
  g_assert_true (answer.has_status);
  g_assert_cmphex (answer.status, ==, 0x00);
  g_assert_false (answer.damaged);

  pfa_zvt_parse_further_status (answer.container, &further);
  g_assert_false (further.damaged);
  name = pfa_span_dup_text (further.name);
  g_assert_cmpstr (name, ==, "cVEND plug");
  pfa_assert_hex (further.terminal_id, "52525535");
  pfa_assert_hex (further.serial, "17FD1E3C");
  g_assert_cmpint (further.device_state, ==, 0);
  g_assert_false (further.has_locks);
  pfa_assert_hex (further.date, "20230405");
  pfa_assert_hex (further.time, "225655");
}

typedef struct
{
  const char *name;
  const char *hex;
  guint16 command;
  int result;
  const char *terminal_id;
  const char *text;
} ResultCase;

static const ResultCase result_cases[] = {
  { "declined",
    "040f3127052929001006 "
    "3cf0f1f54b6172746520616267656c65686e748a0d06132411070f4b6172746520616267656c65686e74",
    PFA_ZVT_STATUS_INFORMATION,
    0x05,
    "29001006",
    "Karte abgelehnt" },
  { "abort-status", "040f07276c2929001006", PFA_ZVT_STATUS_INFORMATION, 0x6c, "29001006", NULL },
  { "abort", "061e016c", PFA_ZVT_ABORT, 0x6c, NULL, NULL },
  { "abort-with-receipt-number", "061e04b887ffff", PFA_ZVT_ABORT, 0xb8, NULL, NULL },
  { "host-96", "040f022760", PFA_ZVT_STATUS_INFORMATION, 0x60, NULL, NULL },
};

static void
test_result (gconstpointer data)
{
  const ResultCase *c = data;
  g_autoptr (GByteArray) bytes = pfa_bytes_of_hex (c->hex);
  g_autofree char *text = NULL;
  PfaZvtResult result;

  if (c->command == PFA_ZVT_ABORT)
    pfa_zvt_parse_abort (data_of (bytes, c->command), &result);
  else
    pfa_zvt_parse_result (data_of (bytes, c->command), &result);
  g_assert_false (result.damaged);
  g_assert_cmphex (result.result, ==, c->result);
  pfa_assert_hex (result.terminal_id, c->terminal_id != NULL ? c->terminal_id : "");
  text = pfa_span_dup_text (result.text);
  g_assert_cmpstr (text, ==, c->text);
}

/* What we send is what others recorded. */
static void
test_requests (void)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GByteArray) frame = g_byte_array_new ();

  g_assert_true (pfa_zvt_append_enquiry (out, PFA_ZVT_ENQUIRY_FULL, "123456"));
  pfa_zvt_serial_append (frame, pfa_span_of (out));
  pfa_assert_hex (pfa_span_of (frame), "1002050105123456030410033094");

  g_byte_array_set_size (out, 0);
  g_byte_array_set_size (frame, 0);
  g_assert_true (pfa_zvt_append_enquiry (out, PFA_ZVT_ENQUIRY_PASSWORD, "123456"));
  pfa_zvt_serial_append (frame, pfa_span_of (out));
  pfa_assert_hex (pfa_span_of (frame), "10020501031234561003E043");

  g_byte_array_set_size (out, 0);
  g_byte_array_set_size (frame, 0);
  pfa_zvt_append_line_diagnosis (out);
  pfa_zvt_serial_append (frame, pfa_span_of (out));
  pfa_assert_hex (pfa_span_of (frame), "100206700506031B01011003D8AB");

  g_byte_array_set_size (out, 0);
  g_assert_true (pfa_zvt_append_enquiry (out, PFA_ZVT_ENQUIRY_BARE, "000000"));
  pfa_assert_hex (pfa_span_of (out), "050100");
  g_assert_false (pfa_zvt_append_enquiry (out, PFA_ZVT_ENQUIRY_FULL, "12345"));
  g_assert_false (pfa_zvt_append_enquiry (out, PFA_ZVT_ENQUIRY_FULL, "12345x"));
}

static void
add_rows (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("PFA_SOURCE_DIR"),
                                            "tests",
                                            "fixtures",
                                            "terminal",
                                            "zvt.tsv",
                                            NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint count = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i], "\t", 3);
      g_autofree char *name = NULL;
      Row *row;

      if (g_strv_length (fields) != 3)
        continue;
      row = g_new0 (Row, 1);
      row->serial = g_str_equal (fields[0], "serial");
      row->hex = g_ascii_strup (fields[1], -1);
      row->provenance = g_strdup (fields[2]);
      name = g_strdup_printf ("/terminal/zvt-vectors/row-%02u", ++count);
      g_test_add_data_func_full (name, row, test_row, row_free);
    }
  g_assert_cmpuint (count, ==, 40);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add_rows ();
  g_test_add_func ("/terminal/zvt-vectors/enquiry-completion", test_enquiry_completion);
  for (guint i = 0; i < G_N_ELEMENTS (result_cases); i++)
    {
      g_autofree char *name =
          g_strconcat ("/terminal/zvt-vectors/result/", result_cases[i].name, NULL);

      g_test_add_data_func (name, &result_cases[i], test_result);
    }
  g_test_add_func ("/terminal/zvt-vectors/requests", test_requests);
  return g_test_run ();
}
