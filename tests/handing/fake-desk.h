/* fake-desk.h - a desk in this process: tus, intake and withdrawal, with a say in every answer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct _FakeDesk FakeDesk;

/* What becomes of one request. */
typedef enum
{
  FAKE_DESK_ANSWER,     /* as a desk does */
  FAKE_DESK_CUT_BEFORE, /* nothing is done, and the line is cut */
  FAKE_DESK_CUT_AFTER,  /* it is done, but the line is cut before the answer */
} FakeDeskFate;

/* @what: "OPTIONS", "POST", "HEAD", "PATCH" (uploads), "INTAKE", "WITHDRAW". */
typedef FakeDeskFate (*FakeDeskHook) (FakeDesk *desk, const char *what, gpointer user_data);

struct _FakeDesk
{
  SoupServer *server;
  char *upload;        /* tus */
  char *tickets;       /* intake */
  GHashTable *uploads; /* id → GByteArray */
  GHashTable *by_key;  /* key → ticket */
  guint made;          /* tickets, withdrawn ones included */
  guint withdrawn;
  GString *asked; /* every request, by its word */
  FakeDeskHook hook;
  gpointer hook_data;
  /* Instead of what a desk says to the intake; 0: no */
  guint intake_status;
  const char *intake_body;
  const char *retry_after;
};

FakeDesk *fake_desk_new (void);
void fake_desk_free (FakeDesk *self);

G_END_DECLS
