/* pfa-desk-codes.h - the codes that merchants read out: allotted, claimed once, dead after wrong
 * ones
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PFA_DESK_CODES_WRONG_CLAIMS 3

/* Holds no code: only its HMAC under a key that lives as long as the process. */
typedef struct _PfaDeskCodes PfaDeskCodes;

PfaDeskCodes *pfa_desk_codes_new (void);
void pfa_desk_codes_free (PfaDeskCodes *self);

/* A fresh code for @owner, valid until @until_us (monotonic); an older one of its is dropped.
 * (transfer full) */
char *pfa_desk_codes_allot (PfaDeskCodes *self, gpointer owner, gint64 until_us);
/* The owner whose code it is; the code is used up. NULL: nobody's, and the claim counts against
 * every code with the same routing digits: those that have seen three wrong ones die, and their
 * owners are in @dead (transfer container), to be given new ones. */
gpointer
pfa_desk_codes_claim (PfaDeskCodes *self, const char *code, gint64 now_us, GPtrArray **dead);
void pfa_desk_codes_drop (PfaDeskCodes *self, gpointer owner);
/* Owners whose code has grown too old. (transfer container) */
GPtrArray *pfa_desk_codes_expire (PfaDeskCodes *self, gint64 now_us);
guint pfa_desk_codes_get_size (PfaDeskCodes *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaDeskCodes, pfa_desk_codes_free)

/* How often something may fail: at most @per_minute a minute and @per_hour an hour, for each key.
 */
typedef struct _PfaDeskWrongs PfaDeskWrongs;

PfaDeskWrongs *pfa_desk_wrongs_new (guint per_minute, guint per_hour);
void pfa_desk_wrongs_free (PfaDeskWrongs *self);
/* 0: may try. Else seconds to wait. */
guint pfa_desk_wrongs_look (PfaDeskWrongs *self, const char *key, gint64 now_us);
void pfa_desk_wrongs_add (PfaDeskWrongs *self, const char *key, gint64 now_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaDeskWrongs, pfa_desk_wrongs_free)

G_END_DECLS
