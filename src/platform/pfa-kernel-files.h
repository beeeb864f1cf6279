/* pfa-kernel-files.h - what the files of /proc, /sys and /etc say about the network
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* @root: "" for the real files, or a folder that has proc/, sys/ and etc/ (fixtures). A file that
 * is not there gives the empty answer, never an error. */

/* Counters by "TcpExt.TCPOFOQueue", "Tcp.RetransSegs", "Icmp.InCsumErrors" … of /proc/net/snmp and
 * /proc/net/netstat. */
typedef struct _PfaCounters PfaCounters;

PfaCounters *pfa_counters_read (const char *root);
PfaCounters *pfa_counters_parse (const char *text);
/* 0 when there is no such counter. */
gint64 pfa_counters_get (PfaCounters *self, const char *name);
void pfa_counters_free (PfaCounters *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaCounters, pfa_counters_free)

/* Megabits a second; 0 when unknown. @full_duplex: FALSE only when the link says half. */
guint pfa_link_speed_read (const char *root, const char *link, gboolean *full_duplex);
gboolean pfa_link_is_wireless (const char *root, const char *link);
/* Does the kernel drop what comes from where it knows no way to (rp_filter)? A computer without an
 * address then hears no offer of one, except by whole packets. */
gboolean pfa_link_drops_strangers (const char *root, const char *link);

/* The name servers of resolv.conf, numeric. Behind systemd-resolved's own address (127.0.0.53)
 * those that it asks in turn. (transfer full) */
GStrv pfa_resolvers_read (const char *root);
GStrv pfa_resolvers_parse (const char *text);

/* The addresses that the hosts file gives @name. (transfer full) */
GStrv pfa_hosts_find (const char *root, const char *name);
GStrv pfa_hosts_parse (const char *text, const char *name);

/* Signal in dBm (negative) of a wireless @link from /proc/net/wireless, or 0. */
int pfa_wireless_signal_read (const char *root, const char *link);
int pfa_wireless_signal_parse (const char *text, const char *link);

G_END_DECLS
