/* test-zvt-codec.c - ZVT's lengths, lists and frames, also when they lie
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "pfa-hex.h"
#include "pfa-zvt-data.h"
#include "pfa-zvt-link.h"
#include "pfa-zvt-message.h"

typedef struct
{
  const char *name;
  const char *hex;
  PfaParse parse;
  gsize consumed;
} ApduCase;

static const ApduCase apdu_cases[] = {
  { "empty", "", PFA_PARSE_NEEDS_MORE, 0 },
  { "length-missing", "060f", PFA_PARSE_NEEDS_MORE, 0 },
  { "no-data", "060f00", PFA_PARSE_COMPLETE, 3 },
  { "data-missing", "060f0200", PFA_PARSE_NEEDS_MORE, 0 },
  { "second-message-is-kept", "060f00060f00", PFA_PARSE_COMPLETE, 3 },
  { "long-length-missing", "06d3ff00", PFA_PARSE_NEEDS_MORE, 0 },
  { "long-one-byte-missing", "06d3ff020041", PFA_PARSE_NEEDS_MORE, 0 },
  { "long", "06d3ff02004142", PFA_PARSE_COMPLETE, 7 },
};

static void
test_apdu (gconstpointer data)
{
  const ApduCase *c = data;
  g_autoptr (GByteArray) bytes = pfa_bytes_of_hex (c->hex);
  PfaZvtApdu apdu;
  gsize consumed = 99;

  g_assert_cmpint (pfa_zvt_apdu_parse (pfa_span_of (bytes), &apdu, &consumed), ==, c->parse);
  g_assert_cmpuint (consumed, ==, c->consumed);
}

static void
test_longest_message (void)
{
  g_autofree guint8 *data = g_malloc0 (PFA_ZVT_MAX_DATA);
  g_autoptr (GByteArray) out = g_byte_array_new ();
  PfaZvtApdu apdu;
  gsize consumed;

  pfa_zvt_apdu_append (out, PFA_ZVT_PRINT_BLOCK, (PfaSpan){ data, PFA_ZVT_MAX_DATA });
  g_assert_cmpuint (out->len, ==, PFA_ZVT_MAX_APDU);
  g_assert_cmpint (pfa_zvt_apdu_parse (pfa_span_of (out), &apdu, &consumed),
                   ==,
                   PFA_PARSE_COMPLETE);
  g_assert_cmpuint (apdu.data.length, ==, PFA_ZVT_MAX_DATA);
  g_byte_array_set_size (out, out->len - 1);
  g_assert_cmpint (pfa_zvt_apdu_parse (pfa_span_of (out), &apdu, &consumed),
                   ==,
                   PFA_PARSE_NEEDS_MORE);
}

typedef struct
{
  const char *name;
  const char *hex;
  guint entries; /* before the end */
  PfaParse end;
} ListCase;

static const ListCase tlv_cases[] = {
  { "empty", "", 0, PFA_PARSE_NEEDS_MORE },
  { "two", "1f440452525535 340100", 2, PFA_PARSE_NEEDS_MORE },
  { "beyond-container", "1f440552525535", 0, PFA_PARSE_INVALID },
  { "length-missing", "1f44", 0, PFA_PARSE_INVALID },
  { "endless-tag", "1fffffffffffffff0100", 0, PFA_PARSE_INVALID },
  { "three-byte-tag", "1f8101 01 00", 1, PFA_PARSE_NEEDS_MORE },
  { "length-of-length-83", "07830000 01 00", 0, PFA_PARSE_INVALID },
  { "length-81", "078103 414243", 1, PFA_PARSE_NEEDS_MORE },
  { "length-82", "07820003 414243", 1, PFA_PARSE_NEEDS_MORE },
  { "length-82-cut", "078200", 0, PFA_PARSE_INVALID },
};

static void
test_tlv (gconstpointer data)
{
  const ListCase *c = data;
  g_autoptr (GByteArray) bytes = pfa_bytes_of_hex (c->hex);
  PfaSpan rest = pfa_span_of (bytes);
  PfaSpan value;
  guint32 tag;

  for (guint i = 0; i < c->entries; i++)
    g_assert_cmpint (pfa_tlv_next (&rest, &tag, &value), ==, PFA_PARSE_COMPLETE);
  g_assert_cmpint (pfa_tlv_next (&rest, &tag, &value), ==, c->end);
}

static const ListCase bmp_cases[] = {
  { "fixed", "2760 2929001006", 2, PFA_PARSE_NEEDS_MORE },
  { "unknown-stops", "2760 0000", 1, PFA_PARSE_INVALID },
  { "cut", "29290010", 0, PFA_PARSE_INVALID },
  { "llvar", "22f1f0eeeeeeeeeeeeeee4281f", 1, PFA_PARSE_NEEDS_MORE },
  { "llvar-high-nibble", "22e1f0eeeeeeeeeeeeeee4281f", 0, PFA_PARSE_INVALID },
  { "llvar-low-nibble", "22fafeeeeeeeeeeeeeeee4281f", 0, PFA_PARSE_INVALID },
  { "lllvar-beyond", "3cf9f9f9 41", 0, PFA_PARSE_INVALID },
  { "container-beyond", "0682ffff 00", 0, PFA_PARSE_INVALID },
};

static void
test_bmp (gconstpointer data)
{
  const ListCase *c = data;
  g_autoptr (GByteArray) bytes = pfa_bytes_of_hex (c->hex);
  PfaSpan rest = pfa_span_of (bytes);
  PfaSpan value;
  guint8 tag;

  for (guint i = 0; i < c->entries; i++)
    g_assert_cmpint (pfa_bmp_next (&rest, &tag, &value), ==, PFA_PARSE_COMPLETE);
  g_assert_cmpint (pfa_bmp_next (&rest, &tag, &value), ==, c->end);
}

/* A container in a container in a container …: walking never goes down by itself. */
static void
test_nesting (void)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  PfaZvtFurtherStatus further;
  PfaZvtEnquiryAnswer answer;
  const guint8 status = 0;

  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr (GByteArray) outer = g_byte_array_new ();

      pfa_tlv_append (outer, 0xe4, pfa_span_of (bytes));
      g_byte_array_set_size (bytes, 0);
      g_byte_array_append (bytes, outer->data, outer->len);
    }
  pfa_zvt_parse_further_status (pfa_span_of (bytes), &further);
  g_assert_cmpint (further.device_state, ==, -1);
  pfa_zvt_parse_enquiry_answer ((PfaSpan){ &status, 1 }, &answer);
  g_assert_true (answer.has_status);
}

typedef struct
{
  const char *name;
  const char *hex;
  gboolean has_status;
  guint8 status;
  gsize software;
  gsize container;
  gboolean damaged;
} EnquiryCase;

static const EnquiryCase enquiry_cases[] = {
  { "empty", "", FALSE, 0, 0, 0, FALSE },
  { "status-only", "dc", TRUE, 0xdc, 0, 0, FALSE },
  { "status-f0-alone", "f0", TRUE, 0xf0, 0, 0, FALSE },
  { "status-f0-and-container", "f00600", TRUE, 0xf0, 0, 0, FALSE },
  { "software-and-status", "f0f0f7322e31342e313500", TRUE, 0, 7, 0, FALSE },
  { "software-f0", "f0f0f7322e31342e3135f0", TRUE, 0xf0, 7, 0, FALSE },
  { "software-without-status", "f0f0f7322e31342e3135", FALSE, 0, 7, 0, FALSE },
  { "software-does-not-fit", "f9f9f9ab", TRUE, 0xf9, 0, 0, TRUE },
  { "container-beyond", "00065b1f44", TRUE, 0, 0, 0, TRUE },
  { "container", "0006051f45025253", TRUE, 0, 0, 5, FALSE },
};

static void
test_enquiry (gconstpointer data)
{
  const EnquiryCase *c = data;
  g_autoptr (GByteArray) bytes = pfa_bytes_of_hex (c->hex);
  PfaZvtEnquiryAnswer answer;

  pfa_zvt_parse_enquiry_answer (pfa_span_of (bytes), &answer);
  g_assert_cmpint (answer.has_status, ==, c->has_status);
  g_assert_cmphex (answer.status, ==, c->status);
  g_assert_cmpuint (answer.software.length, ==, c->software);
  g_assert_cmpuint (answer.container.length, ==, c->container);
  g_assert_cmpint (answer.damaged, ==, c->damaged);
}

typedef struct
{
  const char *name;
  const char *hex;
  guint frames;
  guint damaged;
  guint acks;
  guint naks;
} SerialCase;

static const SerialCase serial_cases[] = {
  { "frame", "1002800000 1003 f51f", 1, 0, 0, 0 },
  { "ack-glued-to-frame", "06 1002800000 1003 f51f", 1, 0, 1, 0 },
  { "two-frames", "1002800000 1003 f51f 1002849c00 1003 c341", 2, 0, 0, 0 },
  { "noise-before", "ff00 1010 1002800000 1003 f51f", 1, 0, 0, 0 },
  { "crc-wrong", "1002800000 1003 f51e", 0, 1, 0, 0 },
  { "crc-good-length-wrong", "1002050109 1003 08d1", 0, 1, 0, 0 },
  { "begins-anew", "10028000 1002800000 1003 f51f", 1, 1, 0, 0 },
  { "nak", "15", 0, 0, 0, 1 },
  { "doubled", "100206010a0400000001 1010 00490978 1003 f2ff", 1, 0, 0, 0 },
  { "doubled-to-the-end", "1002 1010 1010 1003 1003 1003", 0, 1, 0, 0 },
};

static void
test_serial (gconstpointer data)
{
  const SerialCase *c = data;
  g_autoptr (GByteArray) bytes = pfa_bytes_of_hex (c->hex);
  g_autoptr (PfaZvtSerialDecoder) decoder = pfa_zvt_serial_decoder_new ();
  guint count[5] = { 0 };

  for (guint i = 0; i < bytes->len; i++)
    count[pfa_zvt_serial_decoder_feed (decoder, bytes->data[i])]++;
  g_assert_cmpuint (count[PFA_ZVT_SERIAL_FRAME], ==, c->frames);
  g_assert_cmpuint (count[PFA_ZVT_SERIAL_DAMAGED], ==, c->damaged);
  g_assert_cmpuint (count[PFA_ZVT_SERIAL_ACK], ==, c->acks);
  g_assert_cmpuint (count[PFA_ZVT_SERIAL_NAK], ==, c->naks);
}

/* Sends, hears nothing for T2, sends again, at most three times in all. */
static void
test_link_repeats (void)
{
  g_autoptr (PfaZvtLink) link = pfa_zvt_link_new (TRUE);
  g_autoptr (GByteArray) apdu = pfa_bytes_of_hex ("050100");
  g_autoptr (GByteArray) out = g_byte_array_new ();

  pfa_zvt_link_send (link, pfa_span_of (apdu), out);
  for (guint sends = 1; sends < PFA_ZVT_MAX_SENDS; sends++)
    {
      g_assert_cmpuint (pfa_zvt_link_get_wait_ms (link), ==, PFA_ZVT_T2_MS);
      g_byte_array_set_size (out, 0);
      pfa_zvt_link_expire (link, out);
      g_assert_cmpuint (out->len, ==, 9);
      g_assert_false (pfa_zvt_link_has_failed (link));
    }
  pfa_zvt_link_expire (link, out);
  g_assert_true (pfa_zvt_link_has_failed (link));
}

static void
test_link_nak_storm (void)
{
  g_autoptr (PfaZvtLink) link = pfa_zvt_link_new (TRUE);
  g_autoptr (GByteArray) apdu = pfa_bytes_of_hex ("050100");
  g_autoptr (GByteArray) naks = pfa_bytes_of_hex ("15151515151515151515");
  g_autoptr (GByteArray) out = g_byte_array_new ();
  PfaZvtApdu message;

  pfa_zvt_link_send (link, pfa_span_of (apdu), out);
  pfa_zvt_link_receive (link, pfa_span_of (naks), out);
  g_assert_false (pfa_zvt_link_next (link, &message, out));
  g_assert_true (pfa_zvt_link_has_failed (link));
  g_assert_cmpuint (out->len, ==, 3 * 9);
}

/* A gap of T1 inside a frame is answered with 15. */
static void
test_link_gap (void)
{
  g_autoptr (PfaZvtLink) link = pfa_zvt_link_new (TRUE);
  g_autoptr (GByteArray) half = pfa_bytes_of_hex ("10028000");
  g_autoptr (GByteArray) whole = pfa_bytes_of_hex ("10028000001003f51f");
  g_autoptr (GByteArray) out = g_byte_array_new ();
  PfaZvtApdu message;

  pfa_zvt_link_receive (link, pfa_span_of (half), out);
  g_assert_false (pfa_zvt_link_next (link, &message, out));
  g_assert_cmpuint (pfa_zvt_link_get_wait_ms (link), ==, PFA_ZVT_T1_MS);
  pfa_zvt_link_expire (link, out);
  pfa_assert_hex (pfa_span_of (out), "15");
  g_byte_array_set_size (out, 0);
  pfa_zvt_link_receive (link, pfa_span_of (whole), out);
  g_assert_true (pfa_zvt_link_next (link, &message, out));
  g_assert_cmphex (message.command, ==, 0x8000);
  pfa_assert_hex (pfa_span_of (out), "06");
}

/* What might be sent by mistake is not on the list. */
static void
test_harmless (void)
{
  const char *const good[] = { "050100",           "050103123456", "0501051234560304",
                               "06700506031b0101", "800000",       "848300" };
  const char *const bad[] = { "060006123456de0978",
                              "06010a04000000000100490978",
                              "065003123456",
                              "069303123456",
                              "061800",
                              "060200",
                              "067000",
                              "06700506031b0102",
                              "0501051234560302",
                              "06b000",
                              "067900",
                              "061a00",
                              "0691",
                              "" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GByteArray) bytes = pfa_bytes_of_hex (good[i]);

      g_assert_true (pfa_zvt_is_harmless (pfa_span_of (bytes)));
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GByteArray) bytes = pfa_bytes_of_hex (bad[i]);

      g_assert_false (pfa_zvt_is_harmless (pfa_span_of (bytes)));
    }
}

static void
test_text (void)
{
  const struct
  {
    const char *hex;
    const char *text;
  } cases[] = {
    { "48c44e444c4552", "HÄNDLER" }, /* Latin-1, as real captures have it */
    { "48844e444c4552", "HäNDLER" }, /* code page 437 */
    { "48c3a44e", "HäN" },           /* UTF-8 */
    { "0a4b6172746500", "Karte" },   /* control characters and ends */
    { "e280ae636261", "cba" },       /* no turning round of the words beside it */
    { "2020", NULL },
    { "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GByteArray) bytes = pfa_bytes_of_hex (cases[i].hex);
      g_autofree char *text = pfa_span_dup_text (pfa_span_of (bytes));

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

#define ADD_CASES(group, cases, function)                                                          \
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)                                                 \
    {                                                                                              \
      g_autofree char *name = g_strconcat ("/terminal/zvt/" group "/", cases[i].name, NULL);       \
                                                                                                   \
      g_test_add_data_func (name, &cases[i], function);                                            \
    }

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  ADD_CASES ("apdu", apdu_cases, test_apdu);
  ADD_CASES ("tlv", tlv_cases, test_tlv);
  ADD_CASES ("bmp", bmp_cases, test_bmp);
  ADD_CASES ("enquiry", enquiry_cases, test_enquiry);
  ADD_CASES ("serial", serial_cases, test_serial);
  g_test_add_func ("/terminal/zvt/apdu/longest-is-taken", test_longest_message);
  g_test_add_func ("/terminal/zvt/tlv/nested-a-thousand-deep", test_nesting);
  g_test_add_func ("/terminal/zvt/link/repeats-twice", test_link_repeats);
  g_test_add_func ("/terminal/zvt/link/nak-storm-ends", test_link_nak_storm);
  g_test_add_func ("/terminal/zvt/link/gap-is-refused", test_link_gap);
  g_test_add_func ("/terminal/zvt/only-harmless-messages", test_harmless);
  g_test_add_func ("/terminal/zvt/text", test_text);
  return g_test_run ();
}
