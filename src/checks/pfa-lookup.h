/* pfa-lookup.h - one name asked of several name servers side by side
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-check-context.h"
#include "pfa-dns-message.h"

G_BEGIN_DECLS

typedef enum
{
  PFA_LOOKUP_OWN,    /* configured on this computer */
  PFA_LOOKUP_ROUTER, /* the router, when it is none of them */
  PFA_LOOKUP_PUBLIC, /* the profile's */
} PfaLookupRole;

typedef enum
{
  PFA_LOOKUP_PENDING,
  PFA_LOOKUP_FOUND,
  PFA_LOOKUP_EMPTY, /* no address of this kind */
  PFA_LOOKUP_NO_SUCH_NAME,
  PFA_LOOKUP_FAILING, /* SERVFAIL and the like */
  PFA_LOOKUP_REFUSED, /* the port is closed, or the server says REFUSED */
  PFA_LOOKUP_UNREACHABLE,
  PFA_LOOKUP_SILENT,
} PfaLookupState;

typedef struct
{
  GInetAddress *server;
  PfaLookupRole role;
  PfaLookupState state;
  gboolean port_closed;
  gboolean denied; /* this computer did not let the question out */
  guint elapsed_ms;
  PfaDnsAnswer *answer; /* NULL unless the server answered */
} PfaLookupServer;

#define PFA_TYPE_LOOKUP (pfa_lookup_get_type ())
G_DECLARE_FINAL_TYPE (PfaLookup, pfa_lookup, PFA, LOOKUP, GObject)

/* The run's one lookup of @name; the first call asks. A numeric @name is its own answer. */
PfaLookup *pfa_lookup_get (PfaCheckContext *context, const char *name);
const char *pfa_lookup_get_name (PfaLookup *self);
gboolean pfa_lookup_is_numeric (PfaLookup *self);

/* Finishes with the address that this computer would use (its own server's answer); when that does
 * not come in time, with another server's, at last with a hint of the profile. NULL: none. */
void pfa_lookup_find_async (PfaLookup *self,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
GInetAddress *pfa_lookup_find_finish (PfaLookup *self, GAsyncResult *result, GError **error);

guint pfa_lookup_get_n_servers (PfaLookup *self);
const PfaLookupServer *pfa_lookup_get_server (PfaLookup *self, guint index);
/* The first server of @role that found addresses, or NULL. */
const PfaLookupServer *
pfa_lookup_find_server (PfaLookup *self, PfaLookupRole role, PfaLookupState state);
gboolean pfa_lookup_has_pending (PfaLookup *self, PfaLookupRole role);
/* The IPv6 addresses that the own server gave (element-type GInetAddress). */
GPtrArray *pfa_lookup_get_addresses6 (PfaLookup *self);
/* Signal "changed" (): a server's state is new. */

G_END_DECLS
