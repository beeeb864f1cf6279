/* pfa-terminal-observations.c - what a terminal's status says to the engine
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-terminal-status.h"

#include <string.h>

#include "pfa-terminal-version.h"

/* More than this and hosts refuse messages for their time. */
#define CLOCK_TOLERANCE_S   120
#define BATTERY_LOW_PERCENT 15
#define THE_CODE            "96"

typedef struct
{
  const char *problem;
  const char *observation;
  const char *value;
} ProblemValue;

static const ProblemValue problem_values[] = {
  { PFA_PROBLEM_NO_ROUTE, "terminal-on-lan", "absent" },
  { PFA_PROBLEM_REFUSED, "terminal-on-lan", "port-closed" },
  { PFA_PROBLEM_HELD, "terminal-on-lan", "held" },
  { PFA_PROBLEM_SILENT, "terminal-on-lan", "silent" },
  { PFA_PROBLEM_GARBLED, "terminal-on-lan", "garbled" },
  { PFA_PROBLEM_NOT_REGISTERED, "terminal-on-lan", "seen" },
  { PFA_PROBLEM_WRONG_PASSWORD, "terminal-on-lan", "seen" },
  { PFA_PROBLEM_NOT_SUPPORTED, "terminal-on-lan", "seen" },
  { PFA_PROBLEM_TLS, "terminal-on-lan", "seen" },
  { PFA_PROBLEM_UNPLUGGED, "terminal-usb", "unplugged" },
  { PFA_PROBLEM_PERMISSION, "terminal-usb", "no-permission" },
};

static PfaObservation *
add (GPtrArray *list, PfaTerminalStatus *self, const char *id, const char *value)
{
  PfaObservation *observation = pfa_observation_new (id, value, PFA_FROM_TERMINAL);

  pfa_observation_set_elapsed (observation, self->elapsed_ms);
  g_ptr_array_add (list, observation);
  return observation;
}

/* "port-closed" and "held" are said of a network as of a serial line: what matters is that the till
 * and we cannot both talk to it. */
static void
add_reach (GPtrArray *list, PfaTerminalStatus *self)
{
  if (self->problem == NULL)
    {
      /* What answers on a cable says nothing about the network. */
      if (strstr (self->address, "+serial:") != NULL)
        add (list, self, "terminal-usb", "ok");
      else
        add (list, self, "terminal-on-lan", "seen");
      return;
    }
  for (guint i = 0; i < G_N_ELEMENTS (problem_values); i++)
    if (strcmp (problem_values[i].problem, self->problem) == 0)
      {
        PfaObservation *observation =
            add (list, self, problem_values[i].observation, problem_values[i].value);

        pfa_observation_set_fact_string (observation, "problem", self->problem);
        return;
      }
}

static void
add_clock (GPtrArray *list, PfaTerminalStatus *self)
{
  gboolean wrong;
  PfaObservation *observation;

  if (!self->has_clock_offset && strcmp (self->state, "clock-wrong") != 0)
    return;
  wrong =
      strcmp (self->state, "clock-wrong") == 0 || ABS (self->clock_offset_s) > CLOCK_TOLERANCE_S;
  observation = add (list, self, "terminal-clock", wrong ? "wrong" : "ok");
  if (self->has_clock_offset)
    pfa_observation_set_fact_int (observation, "offset_s", self->clock_offset_s);
}

/* The profile's row for this terminal: by model, and by brand where both know it. */
static const PfaProviderTerminal *
find_row (PfaTerminalStatus *self, PfaProvider *provider)
{
  if (provider == NULL || provider->terminals == NULL || self->model == NULL)
    return NULL;
  for (guint i = 0; i < provider->terminals->len; i++)
    {
      const PfaProviderTerminal *row = provider->terminals->pdata[i];
      gboolean same_brand = row->brand == NULL || self->brand == NULL ||
                            g_ascii_strcasecmp (row->brand, self->brand) == 0;

      if (same_brand && row->model != NULL && g_ascii_strcasecmp (row->model, self->model) == 0)
        return row;
    }
  return NULL;
}

static void
add_software (GPtrArray *list, PfaTerminalStatus *self, PfaProvider *provider)
{
  const PfaProviderTerminal *row = find_row (self, provider);
  const char *value = "current";
  PfaObservation *observation;

  if (pfa_terminal_status_has_need (self, "software-update"))
    value = "outdated";
  else if (row == NULL || self->software == NULL)
    return;
  else if (row->minimum_software != NULL &&
           pfa_terminal_version_compare (self->software, row->minimum_software) < 0)
    value = "outdated";
  else if (row->latest_software != NULL &&
           pfa_terminal_version_compare (self->software, row->latest_software) < 0)
    value = "old";
  observation = add (list, self, "terminal-software", value);
  if (self->software != NULL)
    pfa_observation_set_fact_string (observation, "software", self->software);
  if (row != NULL && row->minimum_software != NULL)
    pfa_observation_set_fact_string (observation, "minimum", row->minimum_software);
}

static gboolean
has_lock (PfaTerminalStatus *self, const char *lock)
{
  return g_ptr_array_find_with_equal_func (self->locks, lock, g_str_equal, NULL);
}

static void
add_power (GPtrArray *list, PfaTerminalStatus *self)
{
  gboolean low = has_lock (self, "battery-low") || strcmp (self->state, "power-fault") == 0;
  PfaObservation *observation;

  if (self->battery_percent < 0 && !low)
    return;
  low = low || (self->battery_percent >= 0 && self->battery_percent < BATTERY_LOW_PERCENT);
  observation = add (list, self, "terminal-power", low ? "low" : "good");
  if (self->battery_percent >= 0)
    pfa_observation_set_fact_int (observation, "percent", self->battery_percent);
}

/* Error codes of a terminal that name a part of it. */
static gboolean
names_a_part (const char *code)
{
  const char *const parts[] = { "7D", "85", "89", "A0", "C0", "DF", "E2", "ED", "FC", NULL };

  return g_strv_contains (parts, code);
}

/* The others only say that their program is alive. */
static gboolean
tells_its_state (PfaTerminalStatus *self)
{
  const char *const telling[] = { "zvt", "nexo", "ecr17", NULL };

  return g_strv_contains (telling, self->protocol);
}

static void
add_hardware (GPtrArray *list, PfaTerminalStatus *self)
{
  const char *const faulty_states[] = { "reader-fault", "out-of-order", "printer-fault", NULL };
  gboolean by_terminal =
      g_strcmp0 (self->result_made_by, "terminal") == 0 && strcmp (self->protocol, "zvt") == 0;

  if (self->reader == PFA_TOLD_NO || self->security == PFA_TOLD_NO ||
      g_strv_contains (faulty_states, self->state) || has_lock (self, "card-reader-missing") ||
      has_lock (self, "transaction-log-defective") ||
      (by_terminal && names_a_part (self->result_code)))
    add (list, self, "terminal-hardware", "faulty");
  else if (pfa_terminal_status_is_ready (self) && tells_its_state (self))
    add (list, self, "terminal-hardware", "good");
}

GPtrArray *
pfa_terminal_status_dup_observations (PfaTerminalStatus *self, PfaProvider *provider)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) pfa_observation_unref);
  PfaObservation *observation;

  if (self->usb != NULL)
    g_ptr_array_add (list, pfa_observation_ref (self->usb));
  else
    add_reach (list, self);
  if (strcmp (self->state, "unknown") != 0)
    {
      observation = add (list, self, "terminal-state", self->state);
      if (self->state_code != NULL)
        pfa_observation_set_fact_string (observation, "code", self->state_code);
    }
  add_clock (list, self);
  add_software (list, self, provider);
  add_power (list, self);
  add_hardware (list, self);
  if (self->online_result != NULL)
    {
      observation = add (list, self, "terminal-online-test", self->online_result);
      if (self->online_code != NULL)
        pfa_observation_set_fact_string (observation, "code", self->online_code);
    }
  else if (self->online_unfinished)
    g_ptr_array_add (list,
                     pfa_observation_new_cannot_check (
                         "terminal-online-test",
                         PFA_FROM_TERMINAL,
                         "the terminal's own test was not over yet, and was not waited for"));
  /* Other codes say nothing about where the 96 came from. */
  if (g_strcmp0 (self->result_code, THE_CODE) == 0)
    add (list,
         self,
         "terminal-last-result",
         strcmp (self->result_made_by, "host") == 0 ? "made-by-host" : "made-by-terminal");
  return list;
}
