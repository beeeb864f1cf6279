/* test-wireless.c - the kernel's answers about a Wi-Fi link into values
 *
 * Built by hand after linux/nl80211.h: a Wi-Fi of the kernel's own making (mac80211_hwsim) needs a
 * module that build machines do not have.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <linux/genetlink.h>
#include <linux/nl80211.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pfa-netlink-message.h"
#include "pfa-wireless.h"

#define FAMILY 0x1C
#define ROUNDS 20000

static const guint8 point[PFA_MAC_LENGTH] = { 2, 0x11, 0x22, 0x33, 0x44, 0x50 };

static void
append_attribute (GByteArray *out, guint16 type, gconstpointer data, gsize size)
{
  struct nlattr head = { .nla_len = (guint16) (NLA_HDRLEN + size), .nla_type = type };
  static const guint8 zeros[4] = { 0 };

  g_byte_array_append (out, (const guint8 *) &head, sizeof head);
  g_byte_array_append (out, data, (guint) size);
  g_byte_array_append (out, zeros, (guint) (NLA_ALIGN (size) - size));
}

static void
append_u32 (GByteArray *out, guint16 type, guint32 value)
{
  append_attribute (out, type, &value, sizeof value);
}

static void
append_message (GByteArray *out, guint16 type, guint8 command, GByteArray *attributes)
{
  struct genlmsghdr head = { .cmd = command, .version = 1 };
  struct nlmsghdr header = { .nlmsg_type = type,
                             .nlmsg_len = NLMSG_HDRLEN + (guint32) sizeof head +
                                          (attributes != NULL ? attributes->len : 0) };

  g_byte_array_append (out, (const guint8 *) &header, sizeof header);
  g_byte_array_append (out, (const guint8 *) &head, sizeof head);
  if (attributes != NULL)
    g_byte_array_append (out, attributes->data, attributes->len);
}

static GByteArray *
build_family (void)
{
  GByteArray *out = g_byte_array_new ();
  g_autoptr (GByteArray) attributes = g_byte_array_new ();
  guint16 id = FAMILY;

  append_attribute (attributes, CTRL_ATTR_FAMILY_NAME, "nl80211", 8);
  append_attribute (attributes, CTRL_ATTR_FAMILY_ID, &id, sizeof id);
  append_u32 (attributes, CTRL_ATTR_VERSION, 1);
  append_message (out, GENL_ID_CTRL, CTRL_CMD_NEWFAMILY, attributes);
  return out;
}

static GByteArray *
build_station (gint8 dbm, gint8 average, guint32 packets, guint32 retries)
{
  GByteArray *out = g_byte_array_new ();
  g_autoptr (GByteArray) attributes = g_byte_array_new ();
  g_autoptr (GByteArray) station = g_byte_array_new ();
  g_autoptr (GByteArray) rate = g_byte_array_new ();
  guint16 old_rate = 540;

  append_attribute (rate, NL80211_RATE_INFO_BITRATE, &old_rate, sizeof old_rate);
  append_u32 (rate, NL80211_RATE_INFO_BITRATE32, 8667);
  append_attribute (station, NL80211_STA_INFO_SIGNAL, &dbm, 1);
  if (average != 0)
    append_attribute (station, NL80211_STA_INFO_SIGNAL_AVG, &average, 1);
  append_attribute (station, NL80211_STA_INFO_TX_BITRATE | NLA_F_NESTED, rate->data, rate->len);
  append_u32 (station, NL80211_STA_INFO_TX_PACKETS, packets);
  append_u32 (station, NL80211_STA_INFO_TX_RETRIES, retries);
  append_u32 (station, NL80211_STA_INFO_TX_FAILED, 7);
  append_u32 (station, NL80211_STA_INFO_BEACON_LOSS, 3);
  append_u32 (attributes, NL80211_ATTR_IFINDEX, 3);
  append_attribute (attributes, NL80211_ATTR_MAC, point, sizeof point);
  append_attribute (attributes, NL80211_ATTR_STA_INFO | NLA_F_NESTED, station->data, station->len);
  append_message (out, FAMILY, NL80211_CMD_NEW_STATION, attributes);
  return out;
}

static GByteArray *
build_interface (guint32 frequency)
{
  GByteArray *out = g_byte_array_new ();
  g_autoptr (GByteArray) attributes = g_byte_array_new ();

  append_attribute (attributes, NL80211_ATTR_IFNAME, "wlan0", 6);
  append_u32 (attributes, NL80211_ATTR_WIPHY_FREQ, frequency);
  append_message (out, FAMILY, NL80211_CMD_NEW_INTERFACE, attributes);
  return out;
}

static GByteArray *
build_end (guint16 type)
{
  GByteArray *out = g_byte_array_new ();
  struct nlmsghdr header = { .nlmsg_type = type, .nlmsg_len = NLMSG_HDRLEN + 4 };
  guint32 zero = 0;

  g_byte_array_append (out, (const guint8 *) &header, sizeof header);
  g_byte_array_append (out, (const guint8 *) &zero, sizeof zero);
  return out;
}

static void
test_family (void)
{
  g_autoptr (GByteArray) family = build_family ();
  g_autoptr (GByteArray) error = build_end (NLMSG_ERROR);
  g_autoptr (GByteArray) station = build_station (-50, 0, 1, 1);

  g_assert_cmpuint (pfa_wireless_parse_family (family->data, family->len), ==, FAMILY);
  g_assert_cmpuint (pfa_wireless_parse_family (error->data, error->len), ==, 0);
  g_assert_cmpuint (pfa_wireless_parse_family (station->data, station->len), ==, 0);
  g_assert_cmpuint (pfa_wireless_parse_family (family->data, 10), ==, 0);
}

static void
test_station (void)
{
  g_autoptr (GByteArray) station = build_station (-71, -63, 1000, 250);
  g_autoptr (GByteArray) end = build_end (NLMSG_DONE);
  PfaWireless wireless = { 0 };

  g_assert_true (pfa_wireless_add_messages (&wireless, FAMILY, station->data, station->len));
  g_assert_true (wireless.associated);
  g_assert_cmpmem (wireless.access_point, PFA_MAC_LENGTH, point, sizeof point);
  g_assert_cmpint (wireless.dbm, ==, -63);
  g_assert_cmpuint (wireless.bitrate_kbit, ==, 866700);
  g_assert_true (wireless.counts_retries);
  g_assert_cmpuint (wireless.tx_packets, ==, 1000);
  g_assert_cmpuint (wireless.tx_retries, ==, 250);
  g_assert_cmpuint (wireless.tx_failed, ==, 7);
  g_assert_cmpuint (wireless.beacon_loss, ==, 3);
  g_assert_false (pfa_wireless_add_messages (&wireless, FAMILY, end->data, end->len));
}

/* A socket of the kernel's kind on one side; what the kernel would say lies ready on the other. */
static void
converse (GByteArray *const *answers, PfaWireless *wireless)
{
  int ends[2];
  struct timeval patience = { .tv_sec = 0, .tv_usec = 1000 };

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends), ==, 0);
  setsockopt (ends[0], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  for (guint i = 0; answers[i] != NULL; i++)
    g_assert_cmpint (send (ends[1], answers[i]->data, answers[i]->len, 0), ==, answers[i]->len);
  pfa_wireless_ask (ends[0], 3, wireless);
  close (ends[0]);
  close (ends[1]);
}

static void
test_conversation (void)
{
  g_autoptr (GByteArray) family = build_family ();
  g_autoptr (GByteArray) station = build_station (-50, 0, 10, 2);
  g_autoptr (GByteArray) end = build_end (NLMSG_DONE);
  g_autoptr (GByteArray) interface = build_interface (5180);
  GByteArray *const answers[] = { family, station, end, interface, NULL };
  PfaWireless wireless = { 0 };

  converse (answers, &wireless);
  g_assert_true (wireless.associated);
  g_assert_cmpint (wireless.dbm, ==, -50);
  g_assert_cmpuint (wireless.frequency_mhz, ==, 5180);
}

static void
test_silence_and_refusal (void)
{
  g_autoptr (GByteArray) family = build_family ();
  g_autoptr (GByteArray) error = build_end (NLMSG_ERROR);
  GByteArray *const nothing[] = { NULL };
  GByteArray *const no_wifi[] = { error, NULL };
  GByteArray *const refused[] = { family, error, error, NULL };
  GByteArray *const broken_off[] = { family, NULL };
  PfaWireless wireless = { 0 };

  converse (nothing, &wireless);
  converse (no_wifi, &wireless);
  converse (refused, &wireless);
  converse (broken_off, &wireless);
  g_assert_false (wireless.associated);
  g_assert_cmpint (pfa_wireless_get_retry_percent (&wireless, &wireless), ==, -1);
}

typedef struct
{
  const char *name;
  guint32 packets_before;
  guint32 retries_before;
  guint32 packets;
  guint32 retries;
  int percent;
} RetryCase;

static const RetryCase retry_cases[] = {
  { "within-the-run", 1000, 10, 1100, 110, 50 },
  { "too-few-within-the-run", 1000, 250, 1010, 260, 20 },
  { "too-few-at-all", 0, 0, 20, 20, -1 },
  { "counters-began-anew", 5000, 900, 100, 0, 0 },
  { "greatest-numbers", 0, 0, G_MAXUINT32, G_MAXUINT32, 50 },
};

static void
test_retries (gconstpointer data)
{
  const RetryCase *row = data;
  PfaWireless before = { .associated = TRUE,
                         .counts_retries = TRUE,
                         .tx_packets = row->packets_before,
                         .tx_retries = row->retries_before };
  PfaWireless now = { .associated = TRUE,
                      .counts_retries = TRUE,
                      .tx_packets = row->packets,
                      .tx_retries = row->retries };

  g_assert_cmpint (pfa_wireless_get_retry_percent (&before, &now), ==, row->percent);
}

static void
test_random (void)
{
  g_autoptr (GByteArray) station = build_station (-71, -63, 1000, 250);
  g_autoptr (GByteArray) family = build_family ();

  g_byte_array_append (station, family->data, family->len);
  for (guint round = 0; round < ROUNDS; round++)
    {
      gsize length = (gsize) g_test_rand_int_range (0, (gint32) station->len + 1);
      /* Of its own size, so that a step past the end is seen. */
      g_autofree guint8 *data = g_memdup2 (station->data, MAX (length, 1));
      PfaWireless wireless = { 0 };

      for (guint i = 0; i < 4 && length > 0; i++)
        data[g_test_rand_int_range (0, (gint32) length)] = (guint8) g_test_rand_int ();
      pfa_wireless_add_messages (&wireless, FAMILY, data, length);
      pfa_wireless_parse_family (data, length);
      g_assert_cmpint (pfa_wireless_get_retry_percent (&wireless, &wireless), <=, 100);
    }
}

static void
on_read_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  PfaWireless **wireless = user_data;

  *wireless = pfa_wireless_read_finish (result, NULL);
  g_main_context_wakeup (NULL);
}

/* Whatever this machine has: an answer, and for a link that is none an empty one. */
static void
test_this_machine (void)
{
  g_autofree PfaWireless *wireless = NULL;

  pfa_wireless_read_async (G_MAXINT, NULL, on_read_cb, &wireless);
  while (wireless == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (wireless->associated);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/platform/wireless/the-family-has-a-number", test_family);
  g_test_add_func ("/platform/wireless/a-station-is-read", test_station);
  g_test_add_func ("/platform/wireless/a-whole-conversation", test_conversation);
  g_test_add_func ("/platform/wireless/silence-and-refusal", test_silence_and_refusal);
  for (guint i = 0; i < G_N_ELEMENTS (retry_cases); i++)
    {
      g_autofree char *path =
          g_strconcat ("/platform/wireless/retries/", retry_cases[i].name, NULL);

      g_test_add_data_func (path, &retry_cases[i], test_retries);
    }
  g_test_add_func ("/platform/wireless/random-bytes", test_random);
  g_test_add_func ("/platform/wireless/this-machine", test_this_machine);
  return g_test_run ();
}
