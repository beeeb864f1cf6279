/* pfa-bundle-text.c - members of a bundle and what is hidden in them, as words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-bundle-text.h"

#include <glib/gi18n.h>

#include "pfa-language.h"

static const char *const secrets[PFA_N_SECRETS] = {
  [PFA_SECRET_PRIVATE_KEY] = N_ ("secret key"),
  [PFA_SECRET_TRACK] = N_ ("card data"),
  [PFA_SECRET_PIN] = N_ ("PIN"),
  [PFA_SECRET_CARD] = N_ ("card number"),
  [PFA_SECRET_VERIFICATION_CODE] = N_ ("card check number"),
  [PFA_SECRET_PASSWORD] = N_ ("password"),
  [PFA_SECRET_KEY] = N_ ("secret key"),
  [PFA_SECRET_TOKEN] = N_ ("access code"),
  [PFA_SECRET_IDENTITY] = N_ ("identity number"),
  [PFA_SECRET_IBAN] = N_ ("bank account"),
  [PFA_SECRET_PERSON] = N_ ("name"),
  [PFA_SECRET_EMAIL] = N_ ("mail address"),
  [PFA_SECRET_PHONE] = N_ ("phone number"),
  [PFA_SECRET_PLACE] = N_ ("place"),
  [PFA_SECRET_WIFI] = N_ ("Wi-Fi name"),
  [PFA_SECRET_MAC] = N_ ("device address"),
  [PFA_SECRET_ADDRESS] = N_ ("network address"),
  [PFA_SECRET_HOST] = N_ ("computer name"),
  [PFA_SECRET_SERIAL] = N_ ("serial number"),
  [PFA_SECRET_NUMBER] = N_ ("long number"),
  [PFA_SECRET_ENCODED] = N_ ("unreadable part"),
};

const char *
pfa_bundle_text_say_secret (PfaSecret secret)
{
  return secret < PFA_N_SECRETS && secrets[secret] != NULL ? _ (secrets[secret]) : _ ("hidden");
}

static const char *
say_effect (PfaBundleEffect effect)
{
  switch (effect)
    {
    case PFA_BUNDLE_EFFECT_NO_TERMINAL:
      return _ ("Without it support cannot see the terminal.");
    case PFA_BUNDLE_EFFECT_NO_STEPS:
      return _ ("Without it support asks again what you tried.");
    case PFA_BUNDLE_EFFECT_NO_SYSTEM:
      return _ ("Without it support does not know this computer.");
    case PFA_BUNDLE_EFFECT_NO_GUIDED:
      return _ ("Without it the session’s log is missing.");
    case PFA_BUNDLE_EFFECT_NO_LOG:
      return _ ("Without it support may not find the cause.");
    case PFA_BUNDLE_EFFECT_REQUIRED:
    default:
      return _ ("It is always part of the report.");
    }
}

/* What a file is, for who knows it by its use and not by its name. */
static const char *
say_purpose (const char *name)
{
  static const struct
  {
    const char *prefix;
    const char *purpose;
  } purposes[] = {
    { "readme", N_ ("What happened, on one page") },
    { "summary", N_ ("The same in short, for their programs") },
    { "report", N_ ("All findings and what they mean") },
    { "checks", N_ ("What was checked") },
    { "timeline", N_ ("What happened when") },
    { "terminal", N_ ("What the terminal said") },
    { "steps", N_ ("What you tried") },
    { "system", N_ ("About this computer") },
    { "guided", N_ ("The session with support") },
    { "logs/conversation/", N_ ("What was said to the terminal") },
    { "logs/shop/", N_ ("A file that you added") },
    { "logs/", N_ ("The end of a log") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (purposes); i++)
    if (g_str_has_prefix (name, purposes[i].prefix))
      return _ (purposes[i].purpose);
  return NULL;
}

char *
pfa_bundle_text_dup_title (const PfaBundleMember *member)
{
  const char *purpose = say_purpose (member->name);

  return purpose != NULL ? pfa_language_dup_aside (purpose, member->name) : g_strdup (member->name);
}

char *
pfa_bundle_text_dup_member (const PfaBundleMember *member)
{
  g_autofree char *size = g_format_size (member->size);
  g_autoptr (GString) text = g_string_new (size);

  if (member->dropped != NULL)
    {
      g_string_assign (text, _ ("It cannot be made safe, so it stays here."));
      return g_string_free (g_steal_pointer (&text), FALSE);
    }
  if (member->hidden > 0)
    {
      g_string_append (text, " · ");
      g_string_append_printf (text,
                              ngettext ("%u hidden", "%u hidden", member->hidden),
                              member->hidden);
    }
  if (member->truncated)
    g_string_append_printf (text, " · %s", _ ("the end of it"));
  g_string_append_printf (text, "\n%s", say_effect (member->effect));
  return g_string_free (g_steal_pointer (&text), FALSE);
}
