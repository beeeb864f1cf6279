/* pfa-check-interception.c - does something on the way open TLS with its own certificate?
 *
 * A stranger's certificate before the provider alone is the provider's fault; the same stranger
 * before a neutral site too is somebody in between.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-check-common.h"
#include "pfa-tls-probe.h"
#include "pfa-web-probe.h"

static gboolean
is_stranger (GTlsCertificate *certificate, GTlsCertificateFlags flags)
{
  return certificate != NULL && (flags & G_TLS_CERTIFICATE_UNKNOWN_CA) != 0;
}

static void
start (PfaCheckContext *context)
{
  GTlsCertificate *payment = pfa_check_get_shared (context, "payment-certificate");
  GTlsCertificateFlags flags =
      (GTlsCertificateFlags) GPOINTER_TO_UINT (pfa_check_get_shared (context, "payment-flags"));
  const PfaWebResult *control = pfa_check_get_shared (context, "control");
  PfaObservation *observation;

  if (payment == NULL)
    pfa_check_report_cannot (context,
                             "tls-interception",
                             "the payment host has shown no certificate");
  else if (!is_stranger (payment, flags))
    pfa_check_report (context, pfa_check_new_observation ("tls-interception", "none"));
  else if (control == NULL || control->certificate == NULL)
    pfa_check_report_cannot (context,
                             "tls-interception",
                             "no other site has shown a certificate to compare with");
  else
    {
      g_autofree char *here = pfa_certificate_dup_issuer (payment);
      g_autofree char *there = pfa_certificate_dup_issuer (control->certificate);
      gboolean found =
          is_stranger (control->certificate, control->flags) && g_strcmp0 (here, there) == 0;

      observation = pfa_check_new_observation ("tls-interception", found ? "found" : "none");
      pfa_observation_set_fact_string (observation, "issuer", here);
      pfa_check_report (context, observation);
    }
  pfa_check_done (context);
}

static const char *const needs[] = { "payment", "control", NULL };
static const char *const reports[] = { "tls-interception", NULL };

const PfaCheck pfa_check_interception = {
  .id = "interception",
  .needs = needs,
  .blocked_by = pfa_blocks_of_way,
  .reports = reports,
  .sends = "nothing: compares two certificates",
  .start = start,
};
