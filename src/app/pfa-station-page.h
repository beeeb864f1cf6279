/* pfa-station-page.h - one station of the path: its state and what was found there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-page.h"

G_BEGIN_DECLS

#define PFA_TYPE_STATION_PAGE (pfa_station_page_get_type ())
G_DECLARE_FINAL_TYPE (PfaStationPage, pfa_station_page, PFA, STATION_PAGE, PfaPage)

G_END_DECLS
