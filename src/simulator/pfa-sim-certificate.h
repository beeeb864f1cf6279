/* pfa-sim-certificate.h - a maker's root and a terminal's certificate, made when the simulator
 * starts
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Gives the terminal's certificate with its key; @root_pem gets the root that it chains to. NULL
 * when the crypto library fails. (transfer full) */
GTlsCertificate *pfa_sim_certificate_new (const char *common_name, char **root_pem, GError **error);

G_END_DECLS
