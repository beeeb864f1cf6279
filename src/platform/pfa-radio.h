/* pfa-radio.h - Wi-Fi and mobile network as NetworkManager, ModemManager and the kernel see them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-wireless.h"

G_BEGIN_DECLS

typedef struct
{
  gboolean present; /* the service runs and knows at least one device of the kind */
  gboolean active;  /* the device is connected */
  char *link;
  guint strength_percent;
  gboolean has_dbm;
  double dbm; /* Wi-Fi: signal; mobile: RSRP */
  guint frequency_mhz;
  guint bitrate_kbit;
  char *access_point; /* object path: changes when the device roams */
  char *operator_name;
  gboolean registered;
} PfaRadio;

typedef struct
{
  PfaRadio wifi;
  PfaRadio mobile;
  PfaWireless kernel; /* of the one link that was asked about */
  gboolean has_network_manager;
  gboolean has_modem_manager;
  guint connectivity; /* NMConnectivityState; 0: not told */
} PfaRadioState;

/* Asks both services over the system bus, and the kernel about @wireless_link (an index; 0: none);
 * without bus or service the answer is empty, never an error. NULL only when cancelled. */
void pfa_radio_read_async (int wireless_link,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
PfaRadioState *pfa_radio_read_finish (GAsyncResult *result, GError **error);
void pfa_radio_state_free (PfaRadioState *self);

/* NetworkManager tells percent; its own rule is 2 × (dBm + 100). */
double pfa_radio_percent_to_dbm (guint percent);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaRadioState, pfa_radio_state_free)

G_END_DECLS
