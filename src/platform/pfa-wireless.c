/* pfa-wireless.c - what the kernel knows of the Wi-Fi link: signal, and what had to be sent again
 *
 * Generic netlink: the number of the family "nl80211" is asked of the controller; then the stations
 * of the link (for a shop's computer: its access point) and the link itself. A body begins with
 * command and version, four bytes in all (linux/genetlink.h, linux/nl80211.h).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-wireless.h"

#include <linux/genetlink.h>
#include <linux/nl80211.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "pfa-netlink-message.h"

#define RECEIVE_BYTES 32768
#define PATIENCE_US   200000
#define MAX_PIECES    64
/* Fewer say nothing about a share. */
#define ENOUGH_PACKETS 50

static void
read_rate (PfaWireless *self, const PfaNetlinkAttribute *rate)
{
  const guint8 *at = rate->data;
  gsize left = rate->length;
  PfaNetlinkAttribute attribute;

  while (pfa_netlink_next_attribute (&at, &left, &attribute))
    if (attribute.type == NL80211_RATE_INFO_BITRATE32)
      self->bitrate_kbit = pfa_netlink_read_u32 (&attribute) * 100;
    else if (attribute.type == NL80211_RATE_INFO_BITRATE && self->bitrate_kbit == 0)
      self->bitrate_kbit = pfa_netlink_read_u16 (&attribute) * 100u;
}

static int
read_dbm (const PfaNetlinkAttribute *attribute)
{
  return attribute->length >= 1 ? (gint8) attribute->data[0] : 0;
}

static void
read_station (PfaWireless *self, const PfaNetlinkAttribute *station)
{
  const guint8 *at = station->data;
  gsize left = station->length;
  PfaNetlinkAttribute attribute;
  int average = 0;

  while (pfa_netlink_next_attribute (&at, &left, &attribute))
    switch (attribute.type)
      {
      case NL80211_STA_INFO_SIGNAL:
        self->dbm = read_dbm (&attribute);
        break;
      case NL80211_STA_INFO_SIGNAL_AVG:
        average = read_dbm (&attribute);
        break;
      case NL80211_STA_INFO_TX_BITRATE:
        read_rate (self, &attribute);
        break;
      case NL80211_STA_INFO_TX_PACKETS:
        self->tx_packets = pfa_netlink_read_u32 (&attribute);
        break;
      case NL80211_STA_INFO_TX_RETRIES:
        self->counts_retries = attribute.length >= sizeof (guint32);
        self->tx_retries = pfa_netlink_read_u32 (&attribute);
        break;
      case NL80211_STA_INFO_TX_FAILED:
        self->tx_failed = pfa_netlink_read_u32 (&attribute);
        break;
      case NL80211_STA_INFO_BEACON_LOSS:
        self->beacon_loss = pfa_netlink_read_u32 (&attribute);
        break;
      default:
        break;
      }
  /* One frame may be an exception; the average is what the desktop's bars show. */
  if (average != 0)
    self->dbm = average;
}

static void
add_station (PfaWireless *self, const guint8 *at, gsize left)
{
  PfaNetlinkAttribute attribute;

  /* An access point of its own has many stations; a shop's computer has one. */
  if (self->associated)
    return;
  while (pfa_netlink_next_attribute (&at, &left, &attribute))
    if (attribute.type == NL80211_ATTR_MAC && attribute.length == PFA_MAC_LENGTH)
      {
        memcpy (self->access_point, attribute.data, PFA_MAC_LENGTH);
        self->associated = TRUE;
      }
    else if (attribute.type == NL80211_ATTR_STA_INFO)
      read_station (self, &attribute);
}

static void
add_interface (PfaWireless *self, const guint8 *at, gsize left)
{
  PfaNetlinkAttribute attribute;

  while (pfa_netlink_next_attribute (&at, &left, &attribute))
    if (attribute.type == NL80211_ATTR_WIPHY_FREQ)
      self->frequency_mhz = pfa_netlink_read_u32 (&attribute);
}

/* Steps past command and version. */
static int
take_command (PfaNetlinkMessage *message)
{
  struct genlmsghdr head;

  if (message->length < sizeof head)
    return -1;
  memcpy (&head, message->body, sizeof head);
  pfa_netlink_skip (&message->body, &message->length, sizeof head);
  return head.cmd;
}

guint16
pfa_wireless_parse_family (const guint8 *data, gsize length)
{
  PfaNetlinkMessage message;
  PfaNetlinkAttribute attribute;

  if (!pfa_netlink_next_message (&data, &length, &message) || message.type != GENL_ID_CTRL ||
      take_command (&message) != CTRL_CMD_NEWFAMILY)
    return 0;
  while (pfa_netlink_next_attribute (&message.body, &message.length, &attribute))
    if (attribute.type == CTRL_ATTR_FAMILY_ID)
      return pfa_netlink_read_u16 (&attribute);
  return 0;
}

gboolean
pfa_wireless_add_messages (PfaWireless *self, guint16 family, const guint8 *data, gsize length)
{
  PfaNetlinkMessage message;
  gboolean more = FALSE;

  while (pfa_netlink_next_message (&data, &length, &message))
    {
      int command;

      if (message.type != family)
        return FALSE; /* the end, or an error */
      command = take_command (&message);
      if (command == NL80211_CMD_NEW_STATION)
        add_station (self, message.body, message.length);
      else if (command == NL80211_CMD_NEW_INTERFACE)
        add_interface (self, message.body, message.length);
      more = command == NL80211_CMD_NEW_STATION;
    }
  return more;
}

static gboolean
send_question (int fd,
               guint16 type,
               guint8 command,
               guint16 flags,
               guint16 attribute,
               const void *value,
               guint16 size)
{
  struct
  {
    struct nlmsghdr header;
    struct genlmsghdr head;
    struct nlattr attribute;
    guint8 value[16];
  } question = { 0 };

  question.header.nlmsg_type = type;
  question.header.nlmsg_flags = (guint16) (NLM_F_REQUEST | flags);
  question.header.nlmsg_len =
      (guint32) (G_STRUCT_OFFSET (__typeof__ (question), value) + NLA_ALIGN (size));
  question.head.cmd = command;
  question.head.version = 1;
  question.attribute.nla_type = attribute;
  question.attribute.nla_len = (guint16) (NLA_HDRLEN + size);
  memcpy (question.value, value, size);
  return send (fd, &question, question.header.nlmsg_len, 0) > 0;
}

void
pfa_wireless_ask (int fd, int link, PfaWireless *wireless)
{
  static const struct
  {
    guint8 command;
    guint16 flags;
  } questions[] = { { NL80211_CMD_GET_STATION, NLM_F_DUMP }, { NL80211_CMD_GET_INTERFACE, 0 } };
  g_autofree guint8 *buffer = g_malloc (RECEIVE_BYTES);
  guint32 index = (guint32) link;
  guint16 family;
  gssize got;

  if (!send_question (fd,
                      GENL_ID_CTRL,
                      CTRL_CMD_GETFAMILY,
                      0,
                      CTRL_ATTR_FAMILY_NAME,
                      NL80211_GENL_NAME,
                      sizeof NL80211_GENL_NAME))
    return;
  got = recv (fd, buffer, RECEIVE_BYTES, 0);
  if (got <= 0)
    return;
  family = pfa_wireless_parse_family (buffer, (gsize) got);
  for (guint i = 0; family != 0 && i < G_N_ELEMENTS (questions); i++)
    {
      if (!send_question (fd,
                          family,
                          questions[i].command,
                          questions[i].flags,
                          NL80211_ATTR_IFINDEX,
                          &index,
                          sizeof index))
        return;
      for (guint piece = 0; piece < MAX_PIECES; piece++)
        {
          got = recv (fd, buffer, RECEIVE_BYTES, 0);
          if (got <= 0 || !pfa_wireless_add_messages (wireless, family, buffer, (gsize) got))
            break;
        }
    }
}

static void
ask_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  struct timeval patience = { .tv_sec = 0, .tv_usec = PATIENCE_US };
  int fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
  PfaWireless *wireless = g_new0 (PfaWireless, 1);

  if (fd >= 0)
    {
      setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
      pfa_wireless_ask (fd, GPOINTER_TO_INT (task_data), wireless);
      close (fd);
    }
  g_task_return_pointer (task, wireless, g_free);
}

void
pfa_wireless_read_async (int link,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, pfa_wireless_read_async);
  g_task_set_task_data (task, GINT_TO_POINTER (link), NULL);
  g_task_run_in_thread (task, ask_in_thread);
}

PfaWireless *
pfa_wireless_read_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static int
get_percent (guint32 packets, guint32 retries)
{
  guint64 all = (guint64) packets + retries;

  return packets >= ENOUGH_PACKETS ? (int) (100 * (guint64) retries / all) : -1;
}

int
pfa_wireless_get_retry_percent (const PfaWireless *before, const PfaWireless *now)
{
  int percent = -1;

  if (!now->associated || !now->counts_retries)
    return -1;
  /* With another access point, and when a driver forgets, the counters begin anew. */
  if (before->associated && before->counts_retries &&
      memcmp (before->access_point, now->access_point, PFA_MAC_LENGTH) == 0 &&
      now->tx_packets >= before->tx_packets && now->tx_retries >= before->tx_retries)
    percent =
        get_percent (now->tx_packets - before->tx_packets, now->tx_retries - before->tx_retries);
  return percent >= 0 ? percent : get_percent (now->tx_packets, now->tx_retries);
}
