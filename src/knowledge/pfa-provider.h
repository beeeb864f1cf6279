/* pfa-provider.h - one provider's profile (DESIGN.md 4.4)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-text.h"

G_BEGIN_DECLS

/* What is missing in a profile is NULL, empty or 0: it is not checked, and the report says so. */

typedef struct
{
  char *role;   /* payment, health, echo, … */
  char *host;   /* with port, for raw connections; NULL where url is given */
  guint16 port; /* 0 where url is given */
  char *speaks; /* tls, tcp, https */
  char *url;
  JsonObject *expect_json; /* members that the answer must have; NULL: any 2xx is good */
} PfaProviderHost;

typedef struct
{
  char *every; /* day, or monday … sunday */
  char *from;  /* "23:30" */
  char *to;
  char *timezone; /* IANA name */
} PfaMaintenance;

typedef struct
{
  char *brand;
  char *model;
  char *minimum_software;
  char *latest_software;
} PfaProviderTerminal;

typedef struct
{
  char *code;
  char *origin; /* host, terminal; may be NULL */
  char *retry;
  PfaText *meaning;
} PfaProviderCode;

/* Good up to the first number, bad above the second (reference/payments.md 6.2). */
typedef struct
{
  double warn;
  double bad;
} PfaThreshold;

/* Immutable and reference counted. */
typedef struct
{
  gatomicrefcount references;
  char *id;
  PfaText *name;
  GStrv countries;
  char *support_phone;
  char *support_url;
  PfaText *support_hours;
  double support_minutes; /* 0: the model's own */
  GPtrArray *codes;       /* (element-type PfaProviderCode) */
  GPtrArray *hosts;       /* (element-type PfaProviderHost) */
  GStrv control;          /* https URLs of neutral sites */
  char *portal_url;
  guint portal_status;
  char *portal_body;
  GStrv time_servers;
  GHashTable *known_addresses; /* host → GStrv; a hint, never a rule */
  GStrv public_resolvers;
  PfaThreshold loss_percent;  /* default 1, 3 */
  PfaThreshold round_trip_ms; /* default 150, 400 */
  PfaThreshold jitter_ms;     /* default 30, 100 */
  char *feed_kind;            /* statuspage-v2, …; NULL: none */
  char *feed_url;
  GStrv feed_components;
  char *throughput_url;   /* a file to load when the speed is to be measured; https; or NULL */
  GPtrArray *maintenance; /* (element-type PfaMaintenance) */
  GPtrArray *terminals;   /* (element-type PfaProviderTerminal) */
  GStrv connection;
  char *update_url;
  char *update_key;
  char *update_knowledge; /* where a newer model comes from, or NULL */
  char *upload_tus;
  char *tickets_url;
  char *guided_url;
  char *seal_certificates; /* PEM */
  char *trust;             /* path of a PEM file beside the profile, or NULL: the system's store */
  JsonObject *json;        /* the profile as read */
} PfaProvider;

/* The kinds of status feed that can be read (payments.md 8). NULL-terminated. */
extern const char *const pfa_provider_feed_kinds[];

/* @base_dir: where relative file names of the profile lie, or NULL. http: and ws: addresses other
 * than loopback are refused except for the captive portal probe. */
PfaProvider *pfa_provider_new_from_json (JsonObject *object,
                                         const char *name,
                                         const char *base_dir,
                                         GError **error);
PfaProvider *pfa_provider_load (const char *path, GError **error);
PfaProvider *pfa_provider_ref (PfaProvider *self);
void pfa_provider_unref (PfaProvider *self);

/* Every fault, one line each; empty: sound. (transfer full) */
GStrv pfa_provider_validate (JsonNode *json, const char *name);

PfaProviderCode *pfa_provider_find_code (PfaProvider *self, const char *code);
/* Every host, address and URL that a check would contact, for "this is what we will contact".
 * (transfer full) */
GStrv pfa_provider_dup_contacts (PfaProvider *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaProvider, pfa_provider_unref)

G_END_DECLS
