/* pfa-outbox-item.h - one bundle in the outbox: its file, where it goes, how far it has come
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "pfa-intake.h"

G_BEGIN_DECLS

#define PFA_TYPE_OUTBOX_ITEM (pfa_outbox_item_get_type ())
G_DECLARE_FINAL_TYPE (PfaOutboxItem, pfa_outbox_item, PFA, OUTBOX_ITEM, GObject)

/* As written to disk, by these words. */
typedef enum
{
  PFA_OUTBOX_PENDING, /* waits for its time or for the line */
  PFA_OUTBOX_SENDING,
  PFA_OUTBOX_SENT,    /* the ticket is in hand; the bundle's copy is gone */
  PFA_OUTBOX_REFUSED, /* the provider does not want it, for good */
  PFA_OUTBOX_CANCELLED,
  PFA_OUTBOX_EXPIRED, /* 72 hours without getting through */
  PFA_OUTBOX_PAUSED,  /* by the person */
  PFA_OUTBOX_WITHDRAWN,
  PFA_OUTBOX_WITHDRAWING, /* given up when the provider may have had it: is being deleted there */
} PfaOutboxState;

const char *pfa_outbox_state_to_string (PfaOutboxState state);

/* What is to be sent and where; a plain value of the caller's. */
typedef struct
{
  const char *path;     /* of the bundle; it is copied */
  const char *key;      /* the bundle's id: one an incident; NULL: made of the file's SHA-256 */
  const char *incident; /* NULL: none known */
  const char *provider; /* profile id, for people */
  const char *upload;   /* tus */
  const char *tickets;  /* intake */
  const char *trust;    /* PEM file, or NULL */
  gboolean sealed;
  gboolean spread;           /* the status feed shows an incident: first within 30 s, not at once */
  JsonObject *summary;       /* may be NULL */
  const PfaContact *contact; /* may be NULL */
} PfaOutboxRequest;

/* Properties for lists, each notified: "state" (uint, PfaOutboxState), "progress" (double 0…1),
 * "ticket" (string). All else by the getters; (transfer none). */
const char *pfa_outbox_item_get_id (PfaOutboxItem *self);
const char *pfa_outbox_item_get_key (PfaOutboxItem *self);
const char *pfa_outbox_item_get_incident (PfaOutboxItem *self);
const char *pfa_outbox_item_get_provider (PfaOutboxItem *self);
PfaOutboxState pfa_outbox_item_get_state (PfaOutboxItem *self);
goffset pfa_outbox_item_get_size (PfaOutboxItem *self);
goffset pfa_outbox_item_get_sent (PfaOutboxItem *self);
gint64 pfa_outbox_item_get_created (PfaOutboxItem *self);
/* Seconds since 1970 of the next attempt; 0: at once or never. */
gint64 pfa_outbox_item_get_next (PfaOutboxItem *self);
guint pfa_outbox_item_get_attempts (PfaOutboxItem *self);
const char *pfa_outbox_item_get_ticket (PfaOutboxItem *self);
const char *pfa_outbox_item_get_ticket_url (PfaOutboxItem *self);
/* What went wrong last: a word (no-line, busy, refused, expired, untrusted, storage) and a text in
 * English for logs, or NULL. */
const char *pfa_outbox_item_get_problem (PfaOutboxItem *self);
const char *pfa_outbox_item_get_problem_text (PfaOutboxItem *self);
/* Without the token. (transfer full) */
JsonObject *pfa_outbox_item_to_json (PfaOutboxItem *self);

G_END_DECLS
