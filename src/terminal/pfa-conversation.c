/* pfa-conversation.c - what was said to a terminal and when, without what may be secret
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-conversation.h"

#include <string.h>

#include "pfa-conversation-shown.h"

typedef enum
{
  STYLE_HEX,
  STYLE_QUOTED,
  STYLE_PLAIN, /* JSON, which has quotation marks of its own */
} Style;

static const PfaConversationShow shows[] = {
  [PFA_PROTOCOL_ZVT] = pfa_conversation_show_zvt,
  [PFA_PROTOCOL_NEXO] = pfa_conversation_show_nexo,
  [PFA_PROTOCOL_ECR17] = pfa_conversation_show_ecr17,
  [PFA_PROTOCOL_TRANSBANK] = pfa_conversation_show_transbank,
  [PFA_PROTOCOL_CODEPAY] = pfa_conversation_show_codepay,
  [PFA_PROTOCOL_ECHO] = pfa_conversation_show_echo,
  [PFA_PROTOCOL_POSLINK] = pfa_conversation_show_poslink,
};

static const char *const link_words[] = {
  [PFA_LINK_TCP] = "tcp",
  [PFA_LINK_SERIAL] = "serial",
  [PFA_LINK_HTTPS] = "https",
  [PFA_LINK_USB] = "usb",
};

/* Hides @secret wherever it stands. */
static void
strike (PfaSpan stream, const void *secret, gsize length, guint8 *shown)
{
  const guint8 *at = stream.data;
  const guint8 *end = stream.data + stream.length;

  while (length > 0 && at != NULL && at < end)
    {
      at = memmem (at, (gsize) (end - at), secret, length);
      if (at != NULL)
        {
          memset (shown + (at - stream.data), 0, length);
          at++;
        }
    }
}

/* As letters, and digits also two in a byte. */
static void
strike_text (PfaSpan stream, const char *secret, guint8 *shown)
{
  g_autoptr (GByteArray) packed = g_byte_array_new ();
  gsize length;

  if (secret == NULL)
    return;
  length = strlen (secret);
  strike (stream, secret, length, shown);
  for (gsize i = 0; i + 1 < length; i += 2)
    {
      const int high = g_ascii_digit_value (secret[i]);
      const int low = g_ascii_digit_value (secret[i + 1]);
      guint8 byte;

      if (high < 0 || low < 0)
        return;
      byte = (guint8) (high << 4 | low);
      g_byte_array_append (packed, &byte, 1);
    }
  strike (stream, packed->data, packed->len, shown);
  if (packed->len > 0)
    explicit_bzero (packed->data, packed->len);
}

static guint8 *
choose_shown (PfaSpan stream,
              gboolean sent,
              const PfaTerminalAddress *address,
              const PfaTerminalSecrets *secrets)
{
  guint8 *shown = g_malloc0 (MAX (stream.length, 1));

  if (stream.length == 0 || address->protocol >= G_N_ELEMENTS (shows))
    return shown;
  if (address->protocol == PFA_PROTOCOL_ZVT && address->link == PFA_LINK_SERIAL)
    pfa_conversation_show_zvt_serial (stream, sent, shown);
  else
    shows[address->protocol](stream, sent, shown);
  if (secrets != NULL)
    {
      strike_text (stream, secrets->zvt_password, shown);
      strike_text (stream, secrets->nexo_passphrase, shown);
      strike_text (stream, secrets->nexo_key_identifier, shown);
    }
  return shown;
}

/* Letters as they are where the protocol is made of them, in quotation marks; all else in hex. */
static void
append_shown (GString *text, guint8 byte, Style style, gboolean *quoted)
{
  const gboolean quote = style == STYLE_QUOTED && byte >= 0x20 && byte < 0x7f;

  if (style != STYLE_PLAIN && quote != *quoted)
    g_string_append (text, quote ? " \"" : "\"");
  *quoted = quote;
  if (quote || style == STYLE_PLAIN)
    g_string_append_c (text, (char) byte);
  else
    g_string_append_printf (text, " %02X", byte);
}

static void
append_bytes (GString *text, PfaSpan bytes, const guint8 *shown, Style style)
{
  gboolean quoted = FALSE;
  gsize hidden = 0;

  for (gsize i = 0; i < bytes.length; i++)
    {
      hidden += shown[i] ? 0 : 1;
      if (shown[i])
        append_shown (text, bytes.data[i], style, &quoted);
      else if (i + 1 == bytes.length || shown[i + 1])
        {
          g_string_append (text, quoted ? "\" " : style == STYLE_PLAIN ? "" : " ");
          g_string_append_printf (text, "(%zu hidden)", hidden);
          quoted = FALSE;
          hidden = 0;
        }
    }
  if (quoted)
    g_string_append_c (text, '"');
}

static void
append_entry (GString *text,
              const PfaRecordEntry *entry,
              PfaSpan stream,
              const guint8 *shown,
              Style style)
{
  static const char *const events[] = {
    [PFA_RECORD_OPENED] = "connected",
    [PFA_RECORD_SILENT] = "nothing came",
    [PFA_RECORD_CLOSED] = "the terminal hung up",
  };

  g_string_append_printf (text,
                          "+%" G_GINT64_FORMAT ".%03" G_GINT64_FORMAT " ",
                          entry->time / G_USEC_PER_SEC,
                          entry->time / 1000 % 1000);
  if (entry->kind != PFA_RECORD_SENT && entry->kind != PFA_RECORD_RECEIVED)
    {
      g_string_append_printf (text, "%s\n", events[entry->kind]);
      return;
    }
  g_string_append_printf (text,
                          "%c %zu:",
                          entry->kind == PFA_RECORD_SENT ? '>' : '<',
                          entry->length);
  if (style == STYLE_PLAIN)
    g_string_append_c (text, ' ');
  append_bytes (text,
                (PfaSpan){ stream.data + entry->offset, entry->kept },
                shown + entry->offset,
                style);
  if (entry->kept < entry->length)
    g_string_append_printf (text, " (%zu not kept)", entry->length - entry->kept);
  g_string_append_c (text, '\n');
}

static Style
choose_style (PfaProtocol protocol)
{
  if (protocol == PFA_PROTOCOL_NEXO)
    return STYLE_PLAIN;
  return protocol == PFA_PROTOCOL_ZVT || protocol == PFA_PROTOCOL_CODEPAY ? STYLE_HEX
                                                                          : STYLE_QUOTED;
}

char *
pfa_conversation_build (PfaRecordingTransport *recorder,
                        const PfaTerminalAddress *address,
                        const PfaTerminalSecrets *secrets,
                        gint64 begun)
{
  const GArray *entries = pfa_recording_transport_get_entries (recorder);
  const PfaSpan sent = pfa_recording_transport_get_stream (recorder, PFA_RECORD_SENT);
  const PfaSpan received = pfa_recording_transport_get_stream (recorder, PFA_RECORD_RECEIVED);
  g_autofree guint8 *sent_shown = choose_shown (sent, TRUE, address, secrets);
  g_autofree guint8 *received_shown = choose_shown (received, FALSE, address, secrets);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (begun / G_USEC_PER_SEC);
  g_autofree char *when = g_date_time_format (time, "%Y-%m-%dT%H:%M:%SZ");
  GString *text = g_string_new (NULL);

  g_string_append_printf (text,
                          "# %s over %s, begun %s; seconds since then, > sent, < received\n",
                          pfa_terminal_address_get_protocol_name (address),
                          link_words[address->link],
                          when);
  for (guint i = 0; i < entries->len; i++)
    {
      const PfaRecordEntry *entry = &g_array_index (entries, PfaRecordEntry, i);
      const gboolean is_sent = entry->kind == PFA_RECORD_SENT;

      append_entry (text,
                    entry,
                    is_sent ? sent : received,
                    is_sent ? sent_shown : received_shown,
                    choose_style (address->protocol));
    }
  return g_string_free (text, FALSE);
}
