/* pfa-dns-message.h - a question to a name server and its answer, as bytes (RFC 1035)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PFA_DNS_TYPE_A    1
#define PFA_DNS_TYPE_AAAA 28

#define PFA_DNS_RCODE_NO_ERROR       0
#define PFA_DNS_RCODE_SERVER_FAILURE 2
#define PFA_DNS_RCODE_NO_SUCH_NAME   3
#define PFA_DNS_RCODE_REFUSED        5

/* NULL when @name cannot be a host name. @padding: the whole question is made about so many bytes
 * long with an empty option (RFC 7830); 0: none. */
GBytes *pfa_dns_message_build (guint16 id, const char *name, guint16 type, gsize padding);

typedef struct
{
  guint16 id;
  guint8 rcode;
  gboolean truncated;
  GPtrArray *addresses; /* (element-type GInetAddress): the A and AAAA records */
} PfaDnsAnswer;

/* NULL when @data is no answer, or damaged: counts and pointers in it are not believed. */
PfaDnsAnswer *pfa_dns_answer_parse (const guint8 *data, gsize length);
void pfa_dns_answer_free (PfaDnsAnswer *self);
/* Is one of the addresses among @others? */
gboolean pfa_dns_answer_shares (const PfaDnsAnswer *self, const PfaDnsAnswer *other);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaDnsAnswer, pfa_dns_answer_free)

G_END_DECLS
