/* pfa-poslink.h - PAX POSLink: Initialize (A00) and its answer (A01), as public code shows them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-stx-frame.h"

G_BEGIN_DECLS

/* 02 "A00" 1C "1.28" 03 4B. There is no builder for anything else. */
void pfa_poslink_append_initialize (GByteArray *out);

/* Status 1C "A01" 1C version 1C code 1C text 1C serial 1C model 1C system … */
typedef struct
{
  PfaSpan code; /* "000000" is good */
  PfaSpan text;
  PfaSpan serial;
  PfaSpan model;
  PfaSpan system; /* version of the operating system */
} PfaPoslinkAnswer;

gboolean pfa_poslink_parse_answer (PfaSpan payload, PfaPoslinkAnswer *answer);

G_END_DECLS
