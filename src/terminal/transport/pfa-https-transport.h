/* pfa-https-transport.h - a terminal that answers to HTTPS, with a certificate of its maker's own
 * root
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-transport.h"

G_BEGIN_DECLS

/* An answer of a terminal has a few kilobytes. */
#define PFA_HTTPS_MAX_BODY (1024 * 1024)

#define PFA_TYPE_HTTPS_TRANSPORT (pfa_https_transport_get_type ())
G_DECLARE_FINAL_TYPE (PfaHttpsTransport, pfa_https_transport, PFA, HTTPS_TRANSPORT, GObject)

/* One exchange is one POST of @request to https://@host:@port/nexo; the answer is its whole body.
 *
 * @root: a PEM file. The chain must end there, and the certificate's name fit @name_pattern
 * ("*.live.terminal.adyen.com"; "*" stands for what comes before), because terminals are reached by
 * address. Without a root the system's own store and the host name decide. There is no way to trust
 * more. */
PfaTransport *pfa_https_transport_new (const char *host,
                                       guint16 port,
                                       const char *root,
                                       const char *name_pattern);

/* Does a certificate's name fit the pattern? Pure. */
gboolean pfa_https_name_fits (const char *name, const char *pattern);

G_END_DECLS
