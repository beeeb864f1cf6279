/* test-small-codecs.c - ECR17, Transbank, CodePay, ECHO and POSLink: the documented bytes, and
 * others
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "pfa-codepay.h"
#include "pfa-echo.h"
#include "pfa-ecr17.h"
#include "pfa-hex.h"
#include "pfa-poslink.h"
#include "pfa-transbank.h"

typedef struct
{
  const char *name;
  const char *hex;
  PfaStxFlavour flavour;
  PfaParse parse;
  gsize consumed;
  PfaStxKind kind;
  PfaLrc lrc;
} StxCase;

static const StxCase stx_cases[] = {
  { "ecr17-std",
    "02303030303030303030 73 03 3c",
    PFA_STX_ECR17,
    PFA_PARSE_COMPLETE,
    13,
    PFA_STX_FRAME,
    PFA_LRC_ECR17 },
  { "ecr17-stx",
    "02303030303030303030 73 03 3d",
    PFA_STX_ECR17,
    PFA_PARSE_COMPLETE,
    13,
    PFA_STX_FRAME,
    PFA_LRC_ECR17_STX },
  { "ecr17-noext",
    "02303030303030303030 73 03 3f",
    PFA_STX_ECR17,
    PFA_PARSE_COMPLETE,
    13,
    PFA_STX_FRAME,
    PFA_LRC_ECR17_NOEXT },
  { "ecr17-stx-noext",
    "02303030303030303030 73 03 3e",
    PFA_STX_ECR17,
    PFA_PARSE_COMPLETE,
    13,
    PFA_STX_FRAME,
    PFA_LRC_ECR17_STX_NOEXT },
  { "ecr17-wrong-lrc",
    "02303030303030303030 73 03 40",
    PFA_STX_ECR17,
    PFA_PARSE_INVALID,
    13,
    PFA_STX_FRAME,
    PFA_LRC_PLAIN },
  { "ecr17-ack-std",
    "060379",
    PFA_STX_ECR17,
    PFA_PARSE_COMPLETE,
    3,
    PFA_STX_KIND_ACK,
    PFA_LRC_ECR17 },
  { "ecr17-ack-stx",
    "060378",
    PFA_STX_ECR17,
    PFA_PARSE_COMPLETE,
    3,
    PFA_STX_KIND_ACK,
    PFA_LRC_ECR17_STX },
  { "ecr17-ack-noext",
    "06037a",
    PFA_STX_ECR17,
    PFA_PARSE_COMPLETE,
    3,
    PFA_STX_KIND_ACK,
    PFA_LRC_ECR17_NOEXT },
  { "ecr17-ack-stx-noext",
    "06037b",
    PFA_STX_ECR17,
    PFA_PARSE_COMPLETE,
    3,
    PFA_STX_KIND_ACK,
    PFA_LRC_ECR17_STX_NOEXT },
  { "ecr17-ack-cut",
    "0603",
    PFA_STX_ECR17,
    PFA_PARSE_NEEDS_MORE,
    0,
    PFA_STX_KIND_ACK,
    PFA_LRC_PLAIN },
  { "ecr17-progress",
    "0141424304",
    PFA_STX_ECR17,
    PFA_PARSE_COMPLETE,
    5,
    PFA_STX_KIND_PROGRESS,
    PFA_LRC_PLAIN },
  { "noise", "ffff02", PFA_STX_BARE, PFA_PARSE_INVALID, 2, PFA_STX_FRAME, PFA_LRC_PLAIN },
  { "transbank-poll",
    "023031303003 02",
    PFA_STX_BARE,
    PFA_PARSE_COMPLETE,
    7,
    PFA_STX_FRAME,
    PFA_LRC_PLAIN },
  { "transbank-sample",
    "02303230307c3132337c0331",
    PFA_STX_BARE,
    PFA_PARSE_COMPLETE,
    12,
    PFA_STX_FRAME,
    PFA_LRC_PLAIN },
  { "transbank-totals",
    "02303731307c30307c317c32303030034a",
    PFA_STX_BARE,
    PFA_PARSE_COMPLETE,
    17,
    PFA_STX_FRAME,
    PFA_LRC_PLAIN },
  { "poslink",
    "024130301c312e3238034b",
    PFA_STX_BARE,
    PFA_PARSE_COMPLETE,
    11,
    PFA_STX_FRAME,
    PFA_LRC_PLAIN },
  { "poslink-without-etx",
    "024130301c312e32380346",
    PFA_STX_BARE,
    PFA_PARSE_INVALID,
    11,
    PFA_STX_FRAME,
    PFA_LRC_PLAIN },
  { "ack-glued-to-frame",
    "06023031303003 02",
    PFA_STX_BARE,
    PFA_PARSE_COMPLETE,
    1,
    PFA_STX_KIND_ACK,
    PFA_LRC_PLAIN },
  { "second-frame-is-kept",
    "023031303003020230",
    PFA_STX_BARE,
    PFA_PARSE_COMPLETE,
    7,
    PFA_STX_FRAME,
    PFA_LRC_PLAIN },
};

static void
test_stx (gconstpointer data)
{
  const StxCase *c = data;
  g_autoptr (GByteArray) bytes = pfa_bytes_of_hex (c->hex);
  PfaStxFrame frame;
  gsize consumed;

  g_assert_cmpint (pfa_stx_parse (pfa_span_of (bytes), c->flavour, &frame, &consumed),
                   ==,
                   c->parse);
  g_assert_cmpuint (consumed, ==, c->consumed);
  if (c->parse != PFA_PARSE_COMPLETE)
    return;
  g_assert_cmpint (frame.kind, ==, c->kind);
  g_assert_cmpint (frame.lrc, ==, c->lrc);
}

static void
test_endless_frame (void)
{
  g_autofree guint8 *bytes = g_malloc (2 * PFA_STX_MAX_PAYLOAD);
  PfaStxFrame frame;
  gsize consumed;

  memset (bytes, 'A', 2 * PFA_STX_MAX_PAYLOAD);
  bytes[0] = 0x02;
  g_assert_cmpint (
      pfa_stx_parse ((PfaSpan){ bytes, 2 * PFA_STX_MAX_PAYLOAD }, PFA_STX_BARE, &frame, &consumed),
      ==,
      PFA_PARSE_INVALID);
  g_assert_cmpuint (consumed, >, PFA_STX_MAX_PAYLOAD);
}

static void
test_ecr17 (void)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  const char *recorded = "123456780s000000000022112610452SWREL100";
  PfaEcr17Status status;
  PfaSpan payload = { (const guint8 *) recorded, strlen (recorded) };

  pfa_ecr17_append_status_request (out, PFA_LRC_ECR17);
  pfa_assert_hex (pfa_span_of (out), "0230303030303030303073033C");
  g_assert_cmphex (pfa_stx_lrc (PFA_LRC_ECR17, payload), ==, 0x6c);
  g_assert_true (pfa_ecr17_parse_status (payload, &status));
  g_assert_cmpmem (status.terminal_id.data, status.terminal_id.length, "12345678", 8);
  g_assert_cmpmem (status.date.data, status.date.length, "2211261045", 10);
  g_assert_cmpint (status.status, ==, '2');
  g_assert_cmpmem (status.software.data, status.software.length, "SWREL100", 8);
  payload.length--;
  g_assert_false (pfa_ecr17_parse_status (payload, &status));
}

static void
test_transbank (void)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();

  pfa_transbank_append_poll (out);
  pfa_assert_hex (pfa_span_of (out), "02303130300302");
}

static void
test_codepay (void)
{
  const struct
  {
    const char *hex;
    PfaParse parse;
    gsize consumed;
  } cases[] = {
    { "55aa010000000001cc33", PFA_PARSE_COMPLETE, 10 },
    { "55aa020000000002cc33", PFA_PARSE_COMPLETE, 10 },
    { "55aa000000000000cc33", PFA_PARSE_COMPLETE, 10 },
    { "55aa000000000001cc33", PFA_PARSE_INVALID, 2 },
    { "55aa000000000000cc34", PFA_PARSE_INVALID, 2 },
    { "55aa0000000401", PFA_PARSE_INVALID, 2 },
    { "55aa000000040000", PFA_PARSE_NEEDS_MORE, 0 },
    { "55", PFA_PARSE_NEEDS_MORE, 0 },
    { "5555aa", PFA_PARSE_INVALID, 1 },
    { "", PFA_PARSE_NEEDS_MORE, 0 },
  };
  g_autoptr (GByteArray) out = g_byte_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GByteArray) bytes = pfa_bytes_of_hex (cases[i].hex);
      PfaCodepayFrame frame;
      gsize consumed;

      g_assert_cmpint (pfa_codepay_parse (pfa_span_of (bytes), &frame, &consumed),
                       ==,
                       cases[i].parse);
      g_assert_cmpuint (consumed, ==, cases[i].consumed);
    }
  pfa_codepay_append_handshake (out);
  pfa_assert_hex (pfa_span_of (out), "55AA010000000001CC33");
}

static void
test_echo (void)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GByteArray) recorded = pfa_bytes_of_hex (
      "002a4d454c30323031582f48656c6c6f2066726f6d204543522f5436343939393939393a312e352e32322e32");
  g_autofree char *too_long = g_strnfill (201, 'a');
  PfaEchoAnswer answer;
  gsize consumed;

  g_assert_true (pfa_echo_append_request (out, "Hello from ECR"));
  pfa_assert_hex (pfa_span_of (out), "001745435230323031582F48656C6C6F2066726F6D20454352");
  g_assert_false (pfa_echo_append_request (out, ""));
  g_assert_false (pfa_echo_append_request (out, "a/b"));
  g_assert_false (pfa_echo_append_request (out, too_long));

  g_assert_cmpint (pfa_echo_parse_answer (pfa_span_of (recorded), &answer, &consumed),
                   ==,
                   PFA_PARSE_COMPLETE);
  g_assert_cmpuint (consumed, ==, recorded->len);
  g_assert_cmpmem (answer.text.data, answer.text.length, "Hello from ECR", 14);
  g_assert_cmpmem (answer.terminal_id.data, answer.terminal_id.length, "64999999", 8);
  g_assert_cmpmem (answer.software.data, answer.software.length, "1.5.22.2", 8);
  g_assert_cmpint (pfa_echo_parse_answer ((PfaSpan){ recorded->data, recorded->len - 1 },
                                          &answer,
                                          &consumed),
                   ==,
                   PFA_PARSE_NEEDS_MORE);
  recorded->data[2] = 'X';
  g_assert_cmpint (pfa_echo_parse_answer (pfa_span_of (recorded), &answer, &consumed),
                   ==,
                   PFA_PARSE_INVALID);
}

static void
test_poslink (void)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  const char *payload = "0\034A01\0341.28\034000000\034OK\03453031234\034S300\034V1.02";
  const char *short_answer = "0\034A01\0341.28\034100001";
  PfaPoslinkAnswer answer;

  pfa_poslink_append_initialize (out);
  pfa_assert_hex (pfa_span_of (out), "024130301C312E3238034B");
  g_assert_true (
      pfa_poslink_parse_answer ((PfaSpan){ (const guint8 *) payload, strlen (payload) }, &answer));
  g_assert_cmpmem (answer.serial.data, answer.serial.length, "53031234", 8);
  g_assert_cmpmem (answer.model.data, answer.model.length, "S300", 4);
  g_assert_cmpmem (answer.system.data, answer.system.length, "V1.02", 5);
  g_assert_true (
      pfa_poslink_parse_answer ((PfaSpan){ (const guint8 *) short_answer, strlen (short_answer) },
                                &answer));
  g_assert_cmpuint (answer.serial.length, ==, 0);
  g_assert_false (pfa_poslink_parse_answer ((PfaSpan){ (const guint8 *) "0\034T01", 5 }, &answer));
  g_assert_false (pfa_poslink_parse_answer ((PfaSpan){ NULL, 0 }, &answer));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (stx_cases); i++)
    {
      g_autofree char *name = g_strconcat ("/terminal/stx-frame/", stx_cases[i].name, NULL);

      g_test_add_data_func (name, &stx_cases[i], test_stx);
    }
  g_test_add_func ("/terminal/stx-frame/endless-is-refused", test_endless_frame);
  g_test_add_func ("/terminal/ecr17/recorded", test_ecr17);
  g_test_add_func ("/terminal/transbank/poll", test_transbank);
  g_test_add_func ("/terminal/codepay/frames", test_codepay);
  g_test_add_func ("/terminal/echo/recorded", test_echo);
  g_test_add_func ("/terminal/poslink/observed", test_poslink);
  return g_test_run ();
}
