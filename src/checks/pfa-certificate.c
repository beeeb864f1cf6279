/* pfa-certificate.c - what is wrong with a certificate that did not verify
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-tls-probe.h"

#define MAX_CHAIN 16

guint
pfa_certificate_count_chain (GTlsCertificate *certificate)
{
  guint count = 0;

  while (certificate != NULL && count < MAX_CHAIN)
    {
      count++;
      certificate = g_tls_certificate_get_issuer (certificate);
    }
  return count;
}

static GTlsCertificate *
find_top (GTlsCertificate *certificate)
{
  for (guint i = 0; i < MAX_CHAIN && g_tls_certificate_get_issuer (certificate) != NULL; i++)
    certificate = g_tls_certificate_get_issuer (certificate);
  return certificate;
}

char *
pfa_certificate_dup_issuer (GTlsCertificate *certificate)
{
  return g_tls_certificate_get_issuer_name (find_top (certificate));
}

/* GLib says "unknown authority" for three faults; the names in the chain tell them apart. */
static const char *
judge_unknown_issuer (GTlsCertificate *certificate)
{
  g_autofree char *subject = g_tls_certificate_get_subject_name (certificate);
  g_autofree char *issuer = g_tls_certificate_get_issuer_name (certificate);

  if (g_strcmp0 (subject, issuer) == 0)
    return "self-signed";
  if (pfa_certificate_count_chain (certificate) == 1)
    return "incomplete";
  return "unknown-issuer";
}

/* The dates of one certificate of the chain by the true time; NULL: they are right. */
static const char *
judge_dates (GTlsCertificate *certificate, GDateTime *now)
{
  g_autoptr (GDateTime) from = g_tls_certificate_get_not_valid_before (certificate);
  g_autoptr (GDateTime) until = g_tls_certificate_get_not_valid_after (certificate);

  if (now != NULL && until != NULL && g_date_time_compare (now, until) > 0)
    return "expired";
  if (now != NULL && from != NULL && g_date_time_compare (now, from) < 0)
    return "not-yet-valid";
  return NULL;
}

const char *
pfa_certificate_judge (GTlsCertificate *certificate,
                       GTlsCertificateFlags flags,
                       gint64 clock_offset_s)
{
  g_autoptr (GDateTime) local = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) now = g_date_time_add_seconds (local, (double) clock_offset_s);
  const char *fault = NULL;

  if ((flags & G_TLS_CERTIFICATE_BAD_IDENTITY) != 0)
    return "other-name";
  if ((flags & G_TLS_CERTIFICATE_UNKNOWN_CA) != 0)
    return judge_unknown_issuer (certificate);
  for (guint i = 0; i < MAX_CHAIN && certificate != NULL && fault == NULL; i++)
    {
      fault = judge_dates (certificate, now);
      certificate = g_tls_certificate_get_issuer (certificate);
    }
  if (fault != NULL)
    return fault;
  if ((flags & (G_TLS_CERTIFICATE_EXPIRED | G_TLS_CERTIFICATE_NOT_ACTIVATED)) != 0)
    return NULL; /* by our clock only, and that one is wrong */
  return flags != 0 ? "unknown-issuer" : NULL;
}
