/* pfa-support-request-private.h - what a question consists of
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-support-http.h"

G_BEGIN_DECLS

struct _PfaSupportRequest
{
  char *method;
  char *url;
  SoupMessageHeaders *headers;
  char *content_type;
  GBytes *body; /* or the file below, or neither */
  char *path;
  goffset offset;
  goffset length;
  char *checksum_header;
  gsize max_answer;
  PfaSupportProgressFunc progress;
  gpointer progress_data;
};

G_END_DECLS
