/* pfa-aid-stations.c - the path picture: how each station from the terminal to the provider is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-aid-private.h"

static const char *const station_ids[] = { "terminal", "link",     "router",
                                           "internet", "provider", "computer" };

const char *
pfa_aid_get_value_state (PfaAid *self, const char *observation)
{
  const PfaObservationKind *kind = pfa_knowledge_find_observation (self->knowledge, observation);
  const char *value = pfa_evidence_get_value (self->incident->evidence, observation);
  int index = kind != NULL && value != NULL ? pfa_observation_kind_find_value (kind, value) : -1;

  return index >= 0 ? kind->values[index].state : NULL;
}

static gboolean
is_ignored (PfaAid *self, const PfaObservationKind *kind)
{
  PfaModel *model = pfa_knowledge_get_model (self->knowledge);

  for (guint i = 0; self->decision != NULL && i < self->decision->ignored->len; i++)
    if (&model->observations[g_array_index (self->decision->ignored, guint, i)] == kind)
      return TRUE;
  return FALSE;
}

static PfaStationState
state_of_value (const char *state)
{
  if (g_strcmp0 (state, "broken") == 0)
    return PFA_STATION_BROKEN;
  if (g_strcmp0 (state, "degraded") == 0)
    return PFA_STATION_DEGRADED;
  if (g_strcmp0 (state, "good") == 0)
    return PFA_STATION_GOOD;
  return PFA_STATION_NOT_CHECKED;
}

/* A worse thing seen hides a better one; anything seen hides "not checked". */
static int
rank (PfaStationState state)
{
  switch (state)
    {
    case PFA_STATION_BROKEN:
      return 3;
    case PFA_STATION_DEGRADED:
      return 2;
    case PFA_STATION_GOOD:
      return 1;
    case PFA_STATION_WAITING:
    case PFA_STATION_RUNNING:
    case PFA_STATION_NOT_CHECKED:
    default:
      return 0;
    }
}

static PfaStation
build_station (PfaAid *self, const char *id)
{
  PfaModel *model = pfa_knowledge_get_model (self->knowledge);
  gboolean checking = self->state == PFA_AID_CHECKING || self->state == PFA_AID_RECHECKING;
  PfaStation station = { .id = id,
                         .state = checking ? PFA_STATION_RUNNING : PFA_STATION_NOT_CHECKED };

  for (guint i = 0; i < model->n_observations; i++)
    {
      const PfaObservationKind *kind = &model->observations[i];
      const char *value;
      int index;

      if (g_strcmp0 (kind->station, id) != 0 || is_ignored (self, kind))
        continue;
      value = pfa_evidence_get_value (self->incident->evidence, kind->id);
      index = value != NULL ? pfa_observation_kind_find_value (kind, value) : -1;
      if (index < 0 || rank (state_of_value (kind->values[index].state)) <= rank (station.state))
        continue;
      station.state = state_of_value (kind->values[index].state);
      station.text = kind->values[index].because;
    }
  return station;
}

/* Behind the first broken station nothing was really seen: what is there is "not checked, because"
 * of that one. */
static void
explain_gaps (GArray *stations)
{
  PfaText *because = NULL;

  for (guint i = 0; i + 1 < stations->len; i++)
    {
      PfaStation *station = &g_array_index (stations, PfaStation, i);

      if (station->state == PFA_STATION_BROKEN && because == NULL)
        because = station->text;
      else if (station->state == PFA_STATION_NOT_CHECKED && station->text == NULL)
        station->text = because;
    }
}

GArray *
pfa_aid_dup_stations (PfaAid *self)
{
  GArray *stations = g_array_new (FALSE, TRUE, sizeof (PfaStation));

  g_return_val_if_fail (PFA_IS_AID (self), stations);

  for (guint i = 0; i < G_N_ELEMENTS (station_ids); i++)
    {
      PfaStation station = { .id = station_ids[i], .state = PFA_STATION_WAITING };

      if (self->incident != NULL)
        station = build_station (self, station_ids[i]);
      g_array_append_val (stations, station);
    }
  explain_gaps (stations);
  return stations;
}

JsonArray *
pfa_aid_build_stations (PfaAid *self, const char *language)
{
  static const char *const states[] = {
    [PFA_STATION_WAITING] = "waiting", [PFA_STATION_RUNNING] = "running",
    [PFA_STATION_GOOD] = "good",       [PFA_STATION_DEGRADED] = "degraded",
    [PFA_STATION_BROKEN] = "broken",   [PFA_STATION_NOT_CHECKED] = "not-checked",
  };
  g_autoptr (GArray) stations = pfa_aid_dup_stations (self);
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < stations->len; i++)
    {
      const PfaStation *station = &g_array_index (stations, PfaStation, i);
      JsonObject *object = json_object_new ();

      json_object_set_string_member (object, "id", station->id);
      json_object_set_string_member (object, "state", states[station->state]);
      if (station->text != NULL)
        json_object_set_string_member (object, "text", pfa_text_get (station->text, language));
      json_array_add_object_element (array, object);
    }
  return array;
}
