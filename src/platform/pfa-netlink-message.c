/* pfa-netlink-message.c - the kernel's messages and their attributes, one after another
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-netlink-message.h"

#include <linux/netlink.h>
#include <string.h>

gboolean
pfa_netlink_next_message (const guint8 **at, gsize *left, PfaNetlinkMessage *message)
{
  struct nlmsghdr header;
  gsize step;

  if (*left < sizeof header)
    return FALSE;
  memcpy (&header, *at, sizeof header);
  if (header.nlmsg_len < sizeof header || header.nlmsg_len > *left)
    return FALSE;
  message->type = header.nlmsg_type;
  message->body = *at + NLMSG_HDRLEN;
  message->length = header.nlmsg_len - NLMSG_HDRLEN;
  step = MIN (NLMSG_ALIGN (header.nlmsg_len), *left);
  *at += step;
  *left -= step;
  return TRUE;
}

gboolean
pfa_netlink_next_attribute (const guint8 **at, gsize *left, PfaNetlinkAttribute *attribute)
{
  struct nlattr header;
  gsize step;

  if (*left < sizeof header)
    return FALSE;
  memcpy (&header, *at, sizeof header);
  if (header.nla_len < sizeof header || header.nla_len > *left)
    return FALSE;
  attribute->type = header.nla_type & NLA_TYPE_MASK;
  attribute->data = *at + sizeof header;
  attribute->length = header.nla_len - sizeof header;
  step = MIN ((gsize) NLA_ALIGN (header.nla_len), *left);
  *at += step;
  *left -= step;
  return TRUE;
}

gboolean
pfa_netlink_skip (const guint8 **at, gsize *left, gsize fixed)
{
  gsize step = NLMSG_ALIGN (fixed);

  if (*left < fixed)
    return FALSE;
  step = MIN (step, *left);
  *at += step;
  *left -= step;
  return TRUE;
}

guint16
pfa_netlink_read_u16 (const PfaNetlinkAttribute *attribute)
{
  guint16 value = 0;

  if (attribute->length >= sizeof value)
    memcpy (&value, attribute->data, sizeof value);
  return value;
}

guint32
pfa_netlink_read_u32 (const PfaNetlinkAttribute *attribute)
{
  guint32 value = 0;

  if (attribute->length >= sizeof value)
    memcpy (&value, attribute->data, sizeof value);
  return value;
}
