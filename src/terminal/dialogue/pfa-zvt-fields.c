/* pfa-zvt-fields.c - from ZVT's fields to the one terminal status
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-zvt-fields.h"

#include <string.h>

#include "pfa-terminal-table.h"

#define FIRST_TERMINAL_RESULT  0x64
#define CARD_NUMBER_MIN_DIGITS 12

typedef struct
{
  guint16 bit;
  const char *lock;
  const char *state; /* what the terminal is while this holds, or NULL */
  const char *need;
} Lock;

/* 1F55; the first that gives a state wins, so the gravest stand first. */
static const Lock locks[] = {
  { 0x0800, "out-of-order", "out-of-order", "service" },
  { 0x0100, "secure-module-changed", "out-of-order", "service" },
  { 0x0080, "transaction-log-defective", "out-of-order", "service" },
  { 0x0040, "card-reader-missing", "reader-fault", "service" },
  { 0x1000, "service", "maintenance", "service" },
  { 0x0008, "activation", "activation-needed", "activation" },
  { 0x4000, "initialisation", "initialisation-needed", "initialisation" },
  { 0x2000, "diagnosis", "diagnosis-needed", "diagnosis" },
  { 0x8000, "reconciliation", "reconciliation-needed", "reconciliation" },
  { 0x0400, "printer", "printer-fault", "paper" },
  { 0x0020, "card-inserted", "card-inserted", "remove-card" },
  { 0x0200, "start-up", "locked", "start-up" },
  { 0x0010, "secure-link-not-ready", NULL, NULL },
  { 0x0004, "battery-low", NULL, "charge" },
  { 0x0002, "contactless-not-ready", NULL, NULL },
  { 0x0001, "vending-bus-not-ready", NULL, NULL },
};

/* Errors of the way between terminal and host, and of what carries it. */
static const guint8 connection_faults[] = { 0x7d, 0x9b, 0xa1, 0xa3 };

gboolean
pfa_zvt_is_made_by_host (guint8 code)
{
  return code > 0 && code < FIRST_TERMINAL_RESULT;
}

gboolean
pfa_zvt_is_connection_fault (guint8 code)
{
  return memchr (connection_faults, code, sizeof connection_faults) != NULL;
}

static gboolean
is_ready (PfaTerminalStatus *status)
{
  return strcmp (status->state, "ready") == 0;
}

void
pfa_zvt_fill_state (PfaTerminalStatus *status, guint8 code)
{
  g_autofree char *hex = g_strdup_printf ("%02X", code);
  const PfaTerminalEntry *entry = pfa_terminal_table_find ("zvt-status", hex);

  pfa_terminal_status_set_state (status,
                                 entry != NULL && entry->state != NULL ? entry->state : "unknown",
                                 hex);
  for (guint i = 0; entry != NULL && entry->needs[i] != NULL; i++)
    pfa_terminal_status_add_need (status, entry->needs[i]);
}

static void
fill_locks (PfaTerminalStatus *status, guint16 bits)
{
  pfa_terminal_status_note_source (status, "locks", "1F55");
  for (guint i = 0; i < G_N_ELEMENTS (locks); i++)
    {
      if ((bits & locks[i].bit) == 0)
        continue;
      pfa_terminal_status_add_lock (status, locks[i].lock);
      if (locks[i].need != NULL)
        pfa_terminal_status_add_need (status, locks[i].need);
      /* A terminal that says "ready" and is locked is not ready. */
      if (locks[i].state != NULL && is_ready (status))
        pfa_terminal_status_set_state (status, locks[i].state, NULL);
      if (locks[i].bit == 0x0400)
        pfa_terminal_status_take (status,
                                  &status->printer,
                                  "printer",
                                  g_strdup ("out-of-order"),
                                  "1F55");
      if (locks[i].bit == 0x0040)
        status->reader = PFA_TOLD_NO;
      if (locks[i].bit == 0x0100)
        status->security = PFA_TOLD_NO;
    }
}

static void
fill_device_state (PfaTerminalStatus *status, int device_state)
{
  switch (device_state)
    {
    case 1:
      pfa_terminal_status_add_need (status, "initialisation");
      if (is_ready (status))
        pfa_terminal_status_set_state (status, "initialisation-needed", NULL);
      break;
    case 2:
      pfa_terminal_status_add_lock (status, "keys-missing");
      pfa_terminal_status_add_need (status, "initialisation");
      if (is_ready (status))
        pfa_terminal_status_set_state (status, "initialisation-needed", NULL);
      break;
    case 3:
      status->security = PFA_TOLD_NO;
      pfa_terminal_status_note_source (status, "security_intact", "1F43");
      pfa_terminal_status_add_lock (status, "tampered");
      pfa_terminal_status_add_need (status, "service");
      if (is_ready (status))
        pfa_terminal_status_set_state (status, "out-of-order", NULL);
      break;
    default:
      break;
    }
}

static void
fill_clock (PfaTerminalStatus *status, PfaSpan date, PfaSpan time, GDateTime *now)
{
  g_autofree char *d = pfa_span_dup_digits (date);
  g_autofree char *t = pfa_span_dup_digits (time);
  g_autofree char *clock = NULL;

  if (d == NULL || t == NULL || strlen (d) != 8 || strlen (t) != 6)
    return;
  clock = g_strdup_printf ("%.4s-%.2s-%.2sT%.2s:%.2s:%.2s", d, d + 4, d + 6, t, t + 2, t + 4);
  pfa_terminal_status_set_clock (status, clock, now, "34/1F0E,1F0F");
}

static void
fill_container (PfaTerminalStatus *status, PfaSpan container, GDateTime *now)
{
  PfaZvtFurtherStatus further;

  pfa_zvt_parse_further_status (container, &further);
  if (further.terminal_id.length > 0)
    pfa_terminal_status_take (status,
                              &status->terminal_id,
                              "terminal_id",
                              pfa_span_dup_hex (further.terminal_id),
                              "1F44");
  pfa_terminal_status_take (status,
                            &status->model,
                            "model",
                            pfa_span_dup_text (further.name),
                            "E4/1F40");
  if (status->software == NULL)
    pfa_terminal_status_take (status,
                              &status->software,
                              "software",
                              pfa_span_dup_text (further.software),
                              "E4/1F41");
  /* The specification says digits; real terminals put any hex there. */
  if (further.serial.length > 0)
    pfa_terminal_status_take (status,
                              &status->serial,
                              "serial",
                              pfa_span_dup_hex (further.serial),
                              "E4/1F42");
  if (further.has_locks)
    fill_locks (status, further.locks);
  fill_device_state (status, further.device_state);
  fill_clock (status, further.date, further.time, now);
}

void
pfa_zvt_fill_enquiry (PfaTerminalStatus *status, const PfaZvtEnquiryAnswer *answer, GDateTime *now)
{
  pfa_terminal_status_take (status,
                            &status->software,
                            "software",
                            pfa_span_dup_text (answer->software),
                            "06 0F");
  if (answer->has_status)
    {
      pfa_terminal_status_note_source (status, "state", "06 0F");
      pfa_zvt_fill_state (status, answer->status);
    }
  fill_container (status, answer->container, now);
}

/* Texts of a terminal may hold a number of a card; such a text is not kept. */
static gboolean
may_hold_card_number (const char *text)
{
  guint digits = 0;

  for (const char *p = text; *p != '\0'; p++)
    {
      if (g_ascii_isdigit (*p))
        digits++;
      else if (*p != ' ' && *p != '-')
        digits = 0;
      if (digits >= CARD_NUMBER_MIN_DIGITS)
        return TRUE;
    }
  return FALSE;
}

static void
keep_words (PfaTerminalStatus *status, PfaSpan words)
{
  g_autofree char *text = pfa_span_dup_text (words);

  if (text != NULL && !may_hold_card_number (text))
    {
      g_free (status->result_words);
      status->result_words = g_steal_pointer (&text);
    }
}

void
pfa_zvt_fill_result (PfaTerminalStatus *status, const PfaZvtResult *result)
{
  g_autofree char *raw = NULL;
  g_autofree char *code = NULL;
  gboolean by_host;
  int value = result->result;

  /* Host codes A0–AF do not fit and come as 27 = 00. */
  if (value == 0 && result->host_result > 0)
    {
      raw = g_strdup_printf ("%02X", (guint) result->host_result);
      pfa_terminal_status_set_result (status, raw, "host", raw);
    }
  else if (value > 0)
    {
      by_host = pfa_zvt_is_made_by_host ((guint8) value);
      raw = g_strdup_printf ("%02X", (guint) value);
      code = by_host ? g_strdup_printf ("%02d", value) : g_strdup (raw);
      pfa_terminal_status_set_result (status, code, by_host ? "host" : "terminal", raw);
    }
  else
    return;
  pfa_terminal_status_note_source (status, "last_result", "27");
  keep_words (status, result->text);
  if (status->terminal_id == NULL && result->terminal_id.length > 0)
    pfa_terminal_status_take (status,
                              &status->terminal_id,
                              "terminal_id",
                              pfa_span_dup_hex (result->terminal_id),
                              "29");
}
