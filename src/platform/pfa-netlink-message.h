/* pfa-netlink-message.h - the kernel's messages and their attributes, one after another
 *
 * A message is a header (length, type), a fixed part, then attributes (length, type, payload), each
 * padded to four bytes (netlink(7)).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint16 type;
  const guint8 *body;
  gsize length;
} PfaNetlinkMessage;

typedef struct
{
  guint16 type;
  const guint8 *data;
  gsize length;
} PfaNetlinkAttribute;

/* Both step on in [*at, *at + *left); FALSE at the end or on damage. */
gboolean pfa_netlink_next_message (const guint8 **at, gsize *left, PfaNetlinkMessage *message);
gboolean
pfa_netlink_next_attribute (const guint8 **at, gsize *left, PfaNetlinkAttribute *attribute);
/* Steps past the fixed part of a message to its attributes; FALSE when it is shorter. */
gboolean pfa_netlink_skip (const guint8 **at, gsize *left, gsize fixed);
/* Numbers in the machine's own order; 0 when the payload is too short. */
guint16 pfa_netlink_read_u16 (const PfaNetlinkAttribute *attribute);
guint32 pfa_netlink_read_u32 (const PfaNetlinkAttribute *attribute);

G_END_DECLS
