/* pfa-wireless.h - what the kernel knows of the Wi-Fi link: signal, and what had to be sent again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-network-state.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean associated;
  guint8 access_point[PFA_MAC_LENGTH];
  int dbm; /* 0: not told */
  guint frequency_mhz;
  guint bitrate_kbit;
  gboolean counts_retries;
  /* Since this computer joined the access point. */
  guint32 tx_packets;
  guint32 tx_retries;
  guint32 tx_failed;
  guint32 beacon_loss;
} PfaWireless;

/* Asks the kernel (nl80211) about @link, the index of a wireless link, in a worker thread: the
 * driver may have to ask its hardware. Needs no privilege. Nothing known is the empty answer; NULL
 * only when cancelled. */
void pfa_wireless_read_async (int link,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
/* (transfer full), freed with g_free(). */
PfaWireless *pfa_wireless_read_finish (GAsyncResult *result, GError **error);

/* The same conversation over @fd, a socket of the kernel's kind: never waits longer than its
 * receive time-out. */
void pfa_wireless_ask (int fd, int link, PfaWireless *wireless);

/* Readers of what came in one piece: the family's number, 0 when there is none; and stations and
 * links, TRUE when more is to come. */
guint16 pfa_wireless_parse_family (const guint8 *data, gsize length);
gboolean
pfa_wireless_add_messages (PfaWireless *self, guint16 family, const guint8 *data, gsize length);

/* Of all that was sent between @before and @now (of all since it joined, where that is too little
 * to judge), the share that had to be sent again. -1: not known. */
int pfa_wireless_get_retry_percent (const PfaWireless *before, const PfaWireless *now);

G_END_DECLS
