/* test-dhcp.c - the question for an address and the offers that answer it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "pfa-dhcp.h"

#define ROUNDS     20000
#define AT_OPTIONS 240

static const PfaDhcpQuestion question = { .number = 0x01020304,
                                          .mac = { 2, 0, 0, 0, 0, 9 },
                                          .client = { 1, 2, 3, 4, 5, 6, 7, 8 } };

/* An offer of 192.168.1.10, made from the question as a server does. */
static gsize
build_offer (guint8 message[PFA_DHCP_BYTES], guint8 kind)
{
  static const guint8 address[] = { 192, 168, 1, 10 };
  const guint8 options[] = { 53, 1, kind, 54, 4, 192, 168, 1, 1, 0,  3, 4, 1, 2,  3,  4,  6,
                             8,  9, 9,    9,  9, 8,   8,   8, 8, 51, 4, 0, 0, 14, 16, 255 };

  pfa_dhcp_build_discover (message, &question);
  message[0] = 2;
  memcpy (message + 16, address, sizeof address);
  memset (message + AT_OPTIONS, 0, PFA_DHCP_BYTES - AT_OPTIONS);
  memcpy (message + AT_OPTIONS, options, sizeof options);
  return AT_OPTIONS + sizeof options;
}

static void
test_discover (void)
{
  static const guint8 options[] = {
    53, 1, 1, 61, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 55, 3, 1, 3, 6, 255
  };
  guint8 message[PFA_DHCP_BYTES];

  pfa_dhcp_build_discover (message, &question);
  g_assert_cmpuint (message[0], ==, 1);
  g_assert_cmpuint (message[10], ==, 0x80);
  g_assert_cmpmem (message + 28, 6, question.mac, 6);
  /* A question for an offer, never a request (kind 3): nothing but these options. */
  g_assert_cmpmem (message + AT_OPTIONS, sizeof options, options, sizeof options);
}

static void
test_offer (void)
{
  static const guint8 first_resolver[] = { 9, 9, 9, 9 };
  PfaDhcpQuestion other = question;
  guint8 message[PFA_DHCP_BYTES];
  gsize length = build_offer (message, 2);
  PfaDhcpOffer offer;

  g_assert_true (pfa_dhcp_parse_offer (message, length, &question, &offer));
  g_assert_cmpuint (offer.address[3], ==, 10);
  g_assert_cmpuint (offer.server[0], ==, 192);
  g_assert_cmpuint (offer.router[3], ==, 4);
  g_assert_cmpmem (offer.resolver, 4, first_resolver, 4);
  other.number++;
  g_assert_false (pfa_dhcp_parse_offer (message, length, &other, &offer));
  other = question;
  other.mac[5]++;
  g_assert_false (pfa_dhcp_parse_offer (message, length, &other, &offer));
  length = build_offer (message, 5); /* an ACK is none */
  g_assert_false (pfa_dhcp_parse_offer (message, length, &question, &offer));
  pfa_dhcp_build_discover (message, &question);
  g_assert_false (pfa_dhcp_parse_offer (message, sizeof message, &question, &offer));
}

static void
test_packet (void)
{
  guint8 packet[28 + PFA_DHCP_BYTES] = { 0x45 };
  guint16 udp = 8 + PFA_DHCP_BYTES;
  gsize length = 0;

  packet[9] = 17;
  packet[21] = 67;
  packet[23] = 68;
  packet[24] = (guint8) (udp >> 8);
  packet[25] = (guint8) (udp & 0xFF);
  g_assert_true (pfa_dhcp_unwrap (packet, sizeof packet, &length) == packet + 28);
  g_assert_cmpuint (length, ==, PFA_DHCP_BYTES);
  g_assert_null (pfa_dhcp_unwrap (packet, sizeof packet - 1, &length));
  packet[23] = 67;
  g_assert_null (pfa_dhcp_unwrap (packet, sizeof packet, &length));
  packet[23] = 68;
  packet[7] = 1; /* a later piece */
  g_assert_null (pfa_dhcp_unwrap (packet, sizeof packet, &length));
}

static void
test_random (void)
{
  PfaDhcpOffer offer;

  for (guint round = 0; round < ROUNDS; round++)
    {
      guint8 message[PFA_DHCP_BYTES];
      gsize length = MIN (build_offer (message, 2), (gsize) g_test_rand_int_range (0, 300));
      g_autofree guint8 *copy = NULL;
      gsize inner;

      for (guint i = 0; i < 4; i++)
        message[g_test_rand_int_range (0, PFA_DHCP_BYTES)] = (guint8) g_test_rand_int ();
      /* A copy of just this length: a read past its end is seen by the sanitizer. */
      copy = g_memdup2 (message, length);
      pfa_dhcp_parse_offer (copy, length, &question, &offer);
      pfa_dhcp_unwrap (copy, length, &inner);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/platform/dhcp/the-question-takes-nothing", test_discover);
  g_test_add_func ("/platform/dhcp/offer", test_offer);
  g_test_add_func ("/platform/dhcp/packet", test_packet);
  g_test_add_func ("/platform/dhcp/random", test_random);
  return g_test_run ();
}
