/* pfa-conversation-nexo.c - which characters of a nexo conversation may be shown
 *
 * The names of the Terminal API and the words of its enumerations. What is sealed (NexoBlob) stays
 * hidden, and its trailer with it: an HMAC lets a passphrase be tried out at home.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-conversation-shown.h"

static const char *const names[] = {
  "AdditionalResponse",
  "CardReaderOKFlag",
  "CommunicationOKFlag",
  "DiagnosisRequest",
  "DiagnosisResponse",
  "EventDetails",
  "EventNotification",
  "FraudPreventionFlag",
  "Hmac",
  "HostDiagnosisFlag",
  "HostStatus",
  "IsReachableFlag",
  "KeyIdentifier",
  "KeyVersion",
  "MessageHeader",
  "NexoBlob",
  "Nonce",
  "PEDOKFlag",
  "POIID",
  "POIStatus",
  "ProtocolVersion",
  "SaleID",
  "SaleToPOIRequest",
  "SaleToPOIResponse",
  "SecurityOKFlag",
  "SecurityTrailer",
  "ServiceID",
  NULL,
};

/* Names whose values are words of the specification. */
static const char *const open_names[] = {
  "ErrorCondition", "EventToNotify", "GlobalStatus", "MessageCategory", "MessageClass",
  "MessageType",    "PrinterStatus", "Response",     "Result",          NULL,
};

static const char *const open_words[] = {
  "Aborted",
  "Abort",
  "Admin",
  "Busy",
  "Cancel",
  "Diagnosis",
  "DeviceOut",
  "Event",
  "Failure",
  "InProgress",
  "LoggedOut",
  "Maintenance",
  "MessageFormat",
  "NoPaper",
  "NotAllowed",
  "NotFound",
  "Notification",
  "OK",
  "OutOfOrder",
  "PaperJam",
  "PaperLow",
  "Partial",
  "Reject",
  "Request",
  "Response",
  "Service",
  "Success",
  "Unreachable",
  "UnreachableHost",
  "UnavailableDevice",
  "UnavailableService",
  NULL,
};

static char *
dup_word (PfaSpan stream, gsize from, gsize to)
{
  return g_strndup ((const char *) stream.data + from, to - from);
}

/* Where the text that begins behind the quotation mark at @at ends; the stream's length: nowhere.
 */
static gsize
find_end (PfaSpan stream, gsize at)
{
  gsize i = at + 1;

  while (i < stream.length && stream.data[i] != '"')
    i += stream.data[i] == '\\' ? 2 : 1;
  return MIN (i, stream.length);
}

static gboolean
is_name (PfaSpan stream, gsize behind)
{
  while (behind < stream.length && g_ascii_isspace (stream.data[behind]))
    behind++;
  return behind < stream.length && stream.data[behind] == ':';
}

static gsize
show_text (PfaSpan stream, gsize at, gboolean *open, guint8 *shown)
{
  const gsize end = find_end (stream, at);
  g_autofree char *word = NULL;
  gboolean show;

  if (end == stream.length)
    return end;
  word = dup_word (stream, at + 1, end);
  if (is_name (stream, end + 1))
    {
      *open = g_strv_contains (open_names, word);
      show = *open || g_strv_contains (names, word);
    }
  else
    {
      show = *open && g_strv_contains (open_words, word);
      *open = FALSE;
    }
  shown[at] = shown[end] = 1;
  if (show)
    memset (shown + at + 1, 1, end - at - 1);
  return end + 1;
}

static gsize
show_literal (PfaSpan stream, gsize at, guint8 *shown)
{
  gsize end = at;
  g_autofree char *word = NULL;

  while (end < stream.length && g_ascii_isalnum (stream.data[end]))
    end++;
  word = dup_word (stream, at, end);
  if (g_str_equal (word, "true") || g_str_equal (word, "false") || g_str_equal (word, "null"))
    memset (shown + at, 1, end - at);
  return end;
}

void
pfa_conversation_show_nexo (PfaSpan stream, gboolean sent, guint8 *shown)
{
  gboolean open = FALSE;
  gsize i = 0;

  while (i < stream.length)
    {
      const char c = (char) stream.data[i];

      if (c == '"')
        i = show_text (stream, i, &open, shown);
      else if (g_ascii_isalnum (c))
        i = show_literal (stream, i, shown);
      else
        {
          shown[i] = strchr ("{}[]:, ", c) != NULL && c != '\0';
          i++;
        }
    }
}
