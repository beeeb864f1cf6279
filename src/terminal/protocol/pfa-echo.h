/* pfa-echo.h - Greek ECR protocol (AADE A.1098): the echo
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-parse.h"

G_BEGIN_DECLS

/* length (2, high first, of what follows) | "ECR" or "MEL" | "02" | "01" | body. There is no
 * builder for anything but the echo. @text: 1 to 200 characters without a slash. */
#define PFA_ECHO_MAX_MESSAGE 1024

gboolean pfa_echo_append_request (GByteArray *out, const char *text);

typedef struct
{
  PfaSpan text;
  PfaSpan terminal_id;
  PfaSpan software;
} PfaEchoAnswer;

/* X/text/T<terminal>:<version>. INVALID: another length, sender or body. */
PfaParse pfa_echo_parse_answer (PfaSpan bytes, PfaEchoAnswer *answer, gsize *consumed);

G_END_DECLS
