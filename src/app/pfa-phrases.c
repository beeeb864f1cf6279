/* pfa-phrases.c - numbers of the engine as words for people
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-phrases.h"

#include <glib/gi18n.h>
#include <math.h>

#include "pfa-language.h"

typedef struct
{
  const char *place;
  const char *headline;
} Headline;

/* By place, as DESIGN.md 4.2 asks. */
static const Headline headlines[] = {
  { "provider", N_ ("It is not your shop’s network") },
  { "card", N_ ("It is not your shop’s network") },
  { "registration", N_ ("It is not your shop’s network") },
  { "session", N_ ("It is your terminal") },
  { "terminal", N_ ("It is your terminal") },
  { "shop", N_ ("It is your shop’s network") },
  { "internet", N_ ("It is your internet line") },
  { "computer", N_ ("This computer’s own connection is faulty") },
  { "fraud", N_ ("Stop: this may be a fraud") },
  { "none", N_ ("It works again") },
  { "unknown", N_ ("We do not know yet") },
};

const char *
pfa_phrases_headline (const char *place)
{
  for (guint i = 0; i < G_N_ELEMENTS (headlines); i++)
    if (g_strcmp0 (headlines[i].place, place) == 0)
      return _ (headlines[i].headline);
  return _ ("We do not know yet");
}

char *
pfa_phrases_dup_share (double probability)
{
  if (probability >= 0.95)
    return g_strdup (_ ("more than 9 in 10"));
  if (probability >= 0.15)
    {
      int tenths = MAX (2, (int) floor (probability * 10 + 0.5));

      return g_strdup_printf (_ ("about %d in 10"), tenths);
    }
  if (probability >= 0.02)
    return g_strdup_printf (_ ("about 1 in %d"), (int) floor (1 / probability + 0.5));
  return g_strdup (_ ("less than 1 in 50"));
}

char *
pfa_phrases_dup_likelihood (double probability)
{
  g_autofree char *share = pfa_phrases_dup_share (probability);

  if (probability >= 0.85)
    return g_strdup_printf (_ ("Very likely (%s)"), share);
  if (probability >= 0.6)
    return g_strdup_printf (_ ("Likely (%s)"), share);
  if (probability >= 0.3)
    return g_strdup_printf (_ ("Perhaps (%s)"), share);
  return g_strdup_printf (_ ("Not clear yet (%s)"), share);
}

const char *
pfa_phrases_strength (double db)
{
  if (fabs (db) >= 10)
    return C_ ("strength of a reason", "strong");
  if (fabs (db) >= 6)
    return C_ ("strength of a reason", "clear");
  return C_ ("strength of a reason", "weak");
}

char *
pfa_phrases_dup_minutes (double minutes)
{
  int whole = MAX (1, (int) ceil (minutes));

  return g_strdup_printf (ngettext ("about %d minute", "about %d minutes", (gulong) whole), whole);
}

char *
pfa_phrases_dup_sentence (const char *clause)
{
  g_autoptr (GString) sentence = g_string_new (NULL);
  gunichar first;

  if (clause == NULL || *clause == '\0')
    return g_strdup ("");
  first = g_utf8_get_char (clause);
  g_string_append_unichar (sentence, g_unichar_toupper (first));
  g_string_append (sentence, g_utf8_next_char (clause));
  return g_string_free (g_steal_pointer (&sentence), FALSE);
}

char *
pfa_phrases_dup_time (gint64 time)
{
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (time / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = g_date_time_to_local (utc);

  /* Translators: date and time of an incident, see g_date_time_format(). Numbers are safe. */
  return g_date_time_format (local, _ ("%a %e %b, %H:%M"));
}

char *
pfa_phrases_dup_age (gint64 time, gint64 now)
{
  gint64 minutes = (now - time) / G_USEC_PER_SEC / 60;

  if (now < time || minutes >= 24 * 60)
    return pfa_phrases_dup_time (time);
  if (minutes < 1)
    return g_strdup (_ ("a moment ago"));
  if (minutes < 60)
    return g_strdup_printf (ngettext ("%u minute ago", "%u minutes ago", (gulong) minutes),
                            (guint) minutes);
  return g_strdup_printf (ngettext ("%u hour ago", "%u hours ago", (gulong) minutes / 60),
                          (guint) minutes / 60);
}

const char *
pfa_phrases_provider (const PfaProvider *provider)
{
  return g_str_equal (provider->id, "generic") ? _ ("I don’t know")
                                               : pfa_language_say (provider->name);
}
