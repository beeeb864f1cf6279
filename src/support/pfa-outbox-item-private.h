/* pfa-outbox-item-private.h - an outbox item as the outbox itself sees it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-outbox-item.h"

G_BEGIN_DECLS

#define PFA_OUTBOX_BUNDLE_FILE "bundle"
#define PFA_OUTBOX_STATE_FILE  "state.json"
/* What the desk said when it deleted what was sent. */
#define PFA_OUTBOX_RECEIPT_FILE "receipt.json"
/* Its presence asks whichever process is at work on the item to stop. */
#define PFA_OUTBOX_STOP_FILE "stop"
#define PFA_OUTBOX_LOCK_FILE "lock"

struct _PfaOutboxItem
{
  GObject parent_instance;

  char *folder; /* holds bundle and state.json; its name is the item's id */
  char *id;
  int lock_fd; /* -1: not held */
  goffset sent;
  gint64 held_until; /* not tried before: another process has it, or our own disk fails */

  /* From here on as in state.json. */
  PfaOutboxState state;
  char *key;
  char *sha256;
  goffset size;
  gboolean sealed;
  char *incident;
  char *provider;
  char *upload;
  char *tickets;
  char *trust;
  JsonObject *summary;
  PfaContact *contact;
  gint64 created;
  guint attempts;
  gint64 next;
  gint64 retry_after; /* seconds since 1970 before which the server is not asked; 0: none */
  char *upload_url;
  gboolean uploaded; /* all of it is there: what is missing is the ticket */
  gboolean asked;    /* the intake may have heard of it: from here on giving up is withdrawing */
  char *ticket;
  char *ticket_url;
  char *token;
  char *problem;
  char *problem_text;
};

/* Copies the bundle into a new folder below @directory, safe on the disk when it returns; an item
 * of the same key and content is found, not doubled. */
PfaOutboxItem *
pfa_outbox_item_new (const char *directory, const PfaOutboxRequest *request, GError **error);
PfaOutboxItem *pfa_outbox_item_load (const char *directory, const char *id, GError **error);
/* Reads state.json again: another process may have gone on. */
gboolean pfa_outbox_item_reload (PfaOutboxItem *self, GError **error);
/* Written beside, synced, renamed. */
gboolean pfa_outbox_item_save (PfaOutboxItem *self, GError **error);
/* FALSE: another process is at work on it. The lock ends with this process at the latest. */
gboolean pfa_outbox_item_lock (PfaOutboxItem *self);
void pfa_outbox_item_unlock (PfaOutboxItem *self);

void pfa_outbox_item_set_state (PfaOutboxItem *self, PfaOutboxState state);
void pfa_outbox_item_set_problem (PfaOutboxItem *self, const char *word, const char *text);
void pfa_outbox_item_set_sent (PfaOutboxItem *self, goffset sent);
char *pfa_outbox_item_dup_bundle_path (PfaOutboxItem *self);
/* The bundle's copy; the state stays. */
void pfa_outbox_item_delete_bundle (PfaOutboxItem *self);
/* Another process was asked to give this item up. */
gboolean pfa_outbox_item_is_stopped (PfaOutboxItem *self);
gboolean pfa_outbox_item_ask_to_stop (PfaOutboxItem *self);
void pfa_outbox_item_keep_receipt (PfaOutboxItem *self, JsonObject *receipt);
/* Another bundle of the same incident has the ticket already. */
gboolean pfa_outbox_item_has_sent_brother (PfaOutboxItem *self);
/* Folders that a kill left half made. */
void pfa_outbox_item_sweep (const char *directory);
gboolean pfa_outbox_item_is_waiting (PfaOutboxItem *self);

G_END_DECLS
