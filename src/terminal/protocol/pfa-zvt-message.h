/* pfa-zvt-message.h - the ZVT messages that a status read sends and meets
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-zvt-apdu.h"

G_BEGIN_DECLS

/* How much of the status enquiry 05 01 a terminal takes; tried in this order. */
typedef enum
{
  PFA_ZVT_ENQUIRY_FULL,     /* password and service byte 04: send the further-status container */
  PFA_ZVT_ENQUIRY_PASSWORD, /* password alone */
  PFA_ZVT_ENQUIRY_BARE,
} PfaZvtEnquiryForm;

#define PFA_ZVT_PASSWORD_DIGITS  6
#define PFA_ZVT_PASSWORD_DEFAULT "000000"

/* There are builders for what may be sent to a terminal and for nothing else. @password: six
 * digits. FALSE when it is not. */
gboolean pfa_zvt_append_enquiry (GByteArray *out, PfaZvtEnquiryForm form, const char *password);
/* 06 70, type 01: line diagnosis. The terminal goes online; only with the person's own yes. */
void pfa_zvt_append_line_diagnosis (GByteArray *out);
void pfa_zvt_append_acknowledgement (GByteArray *out);
void pfa_zvt_append_not_understood (GByteArray *out);
/* Is @apdu one of the five messages above? Everything that is sent passes here once more. */
gboolean pfa_zvt_is_harmless (PfaSpan apdu);

/* Completion of 05 01; its data has no tags, so it can be read only by who knows what was asked. */
typedef struct
{
  PfaSpan software; /* length 0: not told */
  gboolean has_status;
  guint8 status;
  PfaSpan container; /* what BMP 06 holds; length 0: not told */
  gboolean damaged;  /* something behind these could not be read */
} PfaZvtEnquiryAnswer;

void pfa_zvt_parse_enquiry_answer (PfaSpan data, PfaZvtEnquiryAnswer *answer);

/* What the further-status container tells; pointers into it. */
typedef struct
{
  PfaSpan terminal_id; /* 1F44 */
  PfaSpan name;        /* E4/1F40 */
  PfaSpan software;    /* E4/1F41 */
  PfaSpan serial;      /* E4/1F42 */
  int device_state;    /* E4/1F43, or -1 */
  guint16 locks;       /* 1F55, first byte high; 0: none or not told */
  gboolean has_locks;
  PfaSpan date; /* 34/1F0E */
  PfaSpan time; /* 34/1F0F */
  gboolean damaged;
} PfaZvtFurtherStatus;

void pfa_zvt_parse_further_status (PfaSpan container, PfaZvtFurtherStatus *status);

/* Status information 04 0F, completion of 06 70, abort 06 1E: what of them is of interest. */
typedef struct
{
  int result;          /* BMP 27 or the first byte of an abort, or -1 */
  int host_result;     /* BMP A0, or -1 */
  PfaSpan terminal_id; /* BMP 29 */
  PfaSpan text;        /* BMP 3C, or 1F17 of the container */
  int error_code;      /* 1F16 of the container, or -1 */
  gboolean damaged;    /* an unknown BMP, or one longer than the message */
} PfaZvtResult;

void pfa_zvt_parse_result (PfaSpan data, PfaZvtResult *result);
void pfa_zvt_parse_abort (PfaSpan data, PfaZvtResult *result);

/* Intermediate status 04 FF. @minutes: 0 when it does not lengthen the wait. FALSE: no data. */
gboolean pfa_zvt_parse_intermediate (PfaSpan data, guint8 *status, guint *minutes);

G_END_DECLS
