/* pfa-finding.c - an observation as a row: mark, what was looked at, what was seen
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-finding.h"

#include <glib/gi18n.h>

#include "pfa-language.h"
#include "pfa-mark.h"
#include "pfa-phrases.h"

static char *
dup_seen (const PfaObservationKind *kind, const PfaObservation *observation, PfaStationState *state)
{
  int value = pfa_observation_kind_find_value (kind, observation->value);

  *state = PFA_STATION_NOT_CHECKED;
  if (value >= 0 && kind->values[value].because != NULL)
    {
      *state = pfa_mark_read_state (kind->values[value].state);
      return pfa_phrases_dup_sentence (pfa_language_say (kind->values[value].because));
    }
  if (g_str_equal (observation->value, PFA_VALUE_UNKNOWN))
    return g_strdup (_ ("You do not know"));
  return g_strdup (_ ("Could not be checked"));
}

GtkWidget *
pfa_finding_new_row (PfaAid *aid, PfaObservation *observation)
{
  PfaKnowledge *knowledge = pfa_aid_get_knowledge (aid);
  const PfaObservationKind *kind = pfa_knowledge_find_observation (knowledge, observation->id);
  g_autofree char *seen = NULL;
  PfaStationState state;
  GtkWidget *row;

  if (kind == NULL)
    return NULL;
  seen = dup_seen (kind, observation, &state);
  row = pfa_row_new (seen, pfa_language_say (kind->title));
  if (state != PFA_STATION_NOT_CHECKED || g_str_equal (observation->value, PFA_VALUE_CANNOT_CHECK))
    pfa_row_set_state (PFA_ROW (row), state);
  return row;
}
