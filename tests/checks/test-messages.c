/* test-messages.c - name and time messages, and what ping writes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "pfa-dns-message.h"
#include "pfa-ping.h"
#include "pfa-time-message.h"

#define ROUNDS 20000

static const guint8 answer_bytes[] = {
  0x12, 0x34, 0x81, 0x80, 0, 1,   0,   2,   0,   0,  0, 0,           /* one question, two answers */
  3,    'p',  'a',  'y',  4, 't', 'e', 's', 't', 0,  0, 1, 0,    1,  /* pay.test A IN */
  0xC0, 12,   0,    5,    0, 1,   0,   0,   0,   60, 0, 2, 0xC0, 16, /* CNAME */
  0xC0, 12,   0,    1,    0, 1,   0,   0,   0,   60, 0, 4, 203,  0,  113, 10, /* A */
};

static void
test_question (void)
{
  g_autoptr (GBytes) plain = pfa_dns_message_build (0x1234, "pay.test", PFA_DNS_TYPE_A, 0);
  g_autoptr (GBytes) padded = pfa_dns_message_build (1, "pay.test.", PFA_DNS_TYPE_A, 1472);

  g_assert_cmpuint (g_bytes_get_size (plain), ==, 26);
  g_assert_cmpmem ((const guint8 *) g_bytes_get_data (plain, NULL) + 12, 14, answer_bytes + 12, 14);
  g_assert_cmpuint (g_bytes_get_size (padded), ==, 1472);
}

static void
test_bad_names (void)
{
  static const char *const names[] = { "", "a..b", ".", ".a" };
  g_autofree char *label = g_strnfill (64, 'a');
  g_autofree char *name = g_strnfill (300, 'a');

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_null (pfa_dns_message_build (1, names[i], PFA_DNS_TYPE_A, 0));
  g_assert_null (pfa_dns_message_build (1, label, PFA_DNS_TYPE_A, 0));
  g_assert_null (pfa_dns_message_build (1, name, PFA_DNS_TYPE_A, 0));
}

static void
test_answer (void)
{
  g_autoptr (PfaDnsAnswer) answer = pfa_dns_answer_parse (answer_bytes, sizeof answer_bytes);
  g_autofree char *text = NULL;

  g_assert_nonnull (answer);
  g_assert_cmpuint (answer->id, ==, 0x1234);
  g_assert_cmpuint (answer->rcode, ==, 0);
  g_assert_cmpuint (answer->addresses->len, ==, 1);
  text = g_inet_address_to_string (g_ptr_array_index (answer->addresses, 0));
  g_assert_cmpstr (text, ==, "203.0.113.10");
}

static void
test_cut_answers (void)
{
  for (gsize length = 0; length < sizeof answer_bytes; length++)
    {
      g_autofree guint8 *tight = g_memdup2 (answer_bytes, length);

      g_assert_null (pfa_dns_answer_parse (tight, length));
    }
}

static void
test_random_answers (void)
{
  for (guint round = 0; round < ROUNDS; round++)
    {
      gsize length = (gsize) g_test_rand_int_range (0, sizeof answer_bytes + 1);
      g_autofree guint8 *bytes = g_memdup2 (answer_bytes, length);
      PfaDnsAnswer *answer;

      for (guint i = 0; i < 3 && length > 0; i++)
        bytes[g_test_rand_int_range (0, (gint32) length)] = (guint8) g_test_rand_int ();
      answer = pfa_dns_answer_parse (bytes, length);
      g_clear_pointer (&answer, pfa_dns_answer_free);
    }
}

static void
write_time (guint8 *out, gint64 unix_us)
{
  guint64 seconds = (guint64) (unix_us / G_USEC_PER_SEC + G_GINT64_CONSTANT (2208988800));
  guint64 raw = seconds << 32 | (((guint64) (unix_us % G_USEC_PER_SEC) << 32) / G_USEC_PER_SEC);

  for (guint i = 0; i < 8; i++)
    out[i] = (guint8) (raw >> (56 - 8 * i));
}

/* A server whose clock is 400 days ahead; 5 ms out, 400 ms back: half the difference is the error.
 */
static void
test_time (void)
{
  const gint64 sent = G_GINT64_CONSTANT (1795000000000000);
  const gint64 ahead = G_GINT64_CONSTANT (400) * 86400 * G_USEC_PER_SEC;
  guint8 message[PFA_TIME_MESSAGE_BYTES];
  gint64 offset;

  pfa_time_message_build (message, 96);
  memcpy (message + 24, message + 40, 8);
  message[0] = 0x24;
  message[1] = 2;
  write_time (message + 32, sent + ahead + 5000);
  write_time (message + 40, sent + ahead + 5000);
  g_assert_true (
      pfa_time_message_parse (message, sizeof message, 96, sent, sent + 405000, &offset));
  g_assert_cmpint (ABS (offset - (ahead - 197500)), <, 2);
  g_assert_false (
      pfa_time_message_parse (message, sizeof message, 97, sent, sent + 405000, &offset));
  message[1] = 0; /* "kiss of death" */
  g_assert_false (
      pfa_time_message_parse (message, sizeof message, 96, sent, sent + 405000, &offset));
  g_assert_false (pfa_time_message_parse (message, 47, 96, sent, sent + 405000, &offset));
}

static void
test_ping (void)
{
  g_autoptr (PfaPingResult) result = pfa_ping_parse (
      "PING 192.168.1.1 (192.168.1.1) 24(52) bytes of data.\n"
      "32 bytes from 192.168.1.1: icmp_seq=1 ttl=64 time=0.224 ms\n"
      "32 bytes from 192.168.1.1: icmp_seq=3 ttl=64 time<1 ms\n"
      "From 192.168.1.10 icmp_seq=4 Destination Host Unreachable\n"
      "\n--- 192.168.1.1 ping statistics ---\n"
      "45 packets transmitted, 2 received, +1 errors, 95.6% packet loss, time 472ms\n");

  g_assert_cmpuint (result->answers->len, ==, 2);
  g_assert_cmpuint (g_array_index (result->answers, PfaPingAnswer, 1).number, ==, 3);
  g_assert_cmpuint (result->sent, ==, 45);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/checks/dns-message/question", test_question);
  g_test_add_func ("/checks/dns-message/bad-names-are-refused", test_bad_names);
  g_test_add_func ("/checks/dns-message/answer", test_answer);
  g_test_add_func ("/checks/dns-message/cut-answers-are-refused", test_cut_answers);
  g_test_add_func ("/checks/dns-message/random-answers", test_random_answers);
  g_test_add_func ("/checks/time-message/an-uneven-way-is-no-clock-fault", test_time);
  g_test_add_func ("/checks/ping/lines", test_ping);
  return g_test_run ();
}
