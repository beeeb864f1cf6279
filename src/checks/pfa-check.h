/* pfa-check.h - one question asked of the network
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-check-context.h"

G_BEGIN_DECLS

/* While @observation has one of @values, the check would only see the same fault again: it is not
 * started, or is stopped, and what it has not reported is "not checked, because …". */
typedef struct
{
  const char *observation;
  const char *const *values; /* NULL-terminated */
} PfaCheckBlock;

/* A check is one file with one constant of this type, and one line in pfa-check-catalogue.c.
 *
 * The runner starts it as soon as every check in @needs has ended; checks that need nothing start
 * at once, side by side. It reports each observation as it is known with pfa_check_report() and
 * ends with pfa_check_done(). Whatever it @reports and has not reported when it ends, is cancelled,
 * or the run's deadline comes, is reported for it as cannot-check with the reason. */
typedef struct
{
  const char *id;
  /* Ids of the checks whose observations this one reads. NULL-terminated; may be NULL. */
  const char *const *needs;
  /* The first red layer wins. Ends with an entry whose observation is NULL; may be NULL. */
  const PfaCheckBlock *blocked_by;
  /* Ids of the observations it makes. NULL-terminated. */
  const char *const *reports;
  /* Ids of observations of other checks that it may report anew, knowing better. May be NULL. */
  const char *const *refines;
  /* It makes TLS connections: it waits until the system's authorities are loaded. */
  gboolean secure;
  /* It looks on as long as another check runs (pfa_check_is_last()). */
  gboolean watches;
  /* Only part of a run whose settings ask for it; NULL: part of every run. */
  gboolean (*is_asked_for) (const PfaCheckSettings *settings);
  /* What it sends to whom; one English clause for the catalogue and the help. */
  const char *sends;
  /* Must return at once and never block. @context lives until pfa_check_done(). */
  void (*start) (PfaCheckContext *context);
} PfaCheck;

/* NULL-terminated, in the order of the path from this computer to the provider. */
extern const PfaCheck *const pfa_check_catalogue[];

const PfaCheck *pfa_check_find (const char *id);

G_END_DECLS
