/* pfa-zvt-link.c - ZVT messages over TCP (bare) or a serial line (framed, confirmed, repeated)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-zvt-link.h"

/* A terminal that sends nothing but damage is given up after this many damaged frames. */
#define MAX_DAMAGED 9
/* Messages waiting to be sent: an acknowledgement for each message that came in one read. */
#define MAX_QUEUED 64

struct _PfaZvtLink
{
  gboolean serial;
  GByteArray *received; /* not yet looked at */
  gsize taken;          /* of @received, by the message given out last */
  PfaZvtSerialDecoder *decoder;
  GPtrArray *queue; /* (element-type GBytes) frames; the first is being sent on a serial line */
  guint sends;      /* of the first in the queue; 0: none is on its way */
  guint damaged;    /* in a row */
  gboolean failed;
  gboolean heard;
};

PfaZvtLink *
pfa_zvt_link_new (gboolean serial)
{
  PfaZvtLink *self = g_new0 (PfaZvtLink, 1);

  self->serial = serial;
  self->received = g_byte_array_new ();
  self->decoder = pfa_zvt_serial_decoder_new ();
  self->queue = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  return self;
}

void
pfa_zvt_link_free (PfaZvtLink *self)
{
  g_byte_array_unref (self->received);
  pfa_zvt_serial_decoder_free (self->decoder);
  g_ptr_array_unref (self->queue);
  g_free (self);
}

static void
append_byte (GByteArray *out, guint8 byte)
{
  g_byte_array_append (out, &byte, 1);
}

static void
send_first (PfaZvtLink *self, GByteArray *out)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (self->queue->pdata[0], &length);

  g_byte_array_append (out, bytes, (guint) length);
  self->sends++;
}

void
pfa_zvt_link_send (PfaZvtLink *self, PfaSpan apdu, GByteArray *out)
{
  g_autoptr (GByteArray) frame = NULL;

  if (!self->serial)
    {
      g_byte_array_append (out, apdu.data, (guint) apdu.length);
      return;
    }
  if (self->queue->len == MAX_QUEUED)
    {
      self->failed = TRUE;
      return;
    }
  frame = g_byte_array_new ();
  pfa_zvt_serial_append (frame, apdu);
  g_ptr_array_add (self->queue, g_byte_array_free_to_bytes (g_steal_pointer (&frame)));
  if (self->sends == 0)
    send_first (self, out);
}

void
pfa_zvt_link_receive (PfaZvtLink *self, PfaSpan bytes, GByteArray *out)
{
  if (bytes.length == 0)
    return;
  g_byte_array_append (self->received, bytes.data, (guint) bytes.length);
  /* On a serial line a single byte may be noise of plugging in; TCP delivers what was sent. */
  self->heard = self->heard || !self->serial;
}

static void
on_confirmed (PfaZvtLink *self, GByteArray *out)
{
  if (self->sends == 0)
    return;
  g_ptr_array_remove_index (self->queue, 0);
  self->sends = 0;
  if (self->queue->len > 0)
    send_first (self, out);
}

static void
repeat_or_fail (PfaZvtLink *self, GByteArray *out)
{
  if (self->sends == 0)
    return;
  if (self->sends >= PFA_ZVT_MAX_SENDS)
    self->failed = TRUE;
  else
    send_first (self, out);
}

static void
on_damaged (PfaZvtLink *self, GByteArray *out)
{
  append_byte (out, PFA_ZVT_NAK);
  if (++self->damaged >= MAX_DAMAGED)
    self->failed = TRUE;
}

/* TRUE when a whole message lies in the decoder. */
static gboolean
on_event (PfaZvtLink *self, PfaZvtSerialEvent event, GByteArray *out)
{
  switch (event)
    {
    case PFA_ZVT_SERIAL_FRAME:
      self->heard = TRUE;
      self->damaged = 0;
      append_byte (out, PFA_ZVT_ACK);
      /* Whoever answers has understood, even when the confirmation itself was lost. */
      on_confirmed (self, out);
      return TRUE;
    case PFA_ZVT_SERIAL_ACK:
      self->heard = TRUE;
      on_confirmed (self, out);
      return FALSE;
    case PFA_ZVT_SERIAL_NAK:
      self->heard = TRUE;
      repeat_or_fail (self, out);
      return FALSE;
    case PFA_ZVT_SERIAL_DAMAGED:
      on_damaged (self, out);
      return FALSE;
    case PFA_ZVT_SERIAL_NOTHING:
    default:
      return FALSE;
    }
}

static gboolean
next_serial (PfaZvtLink *self, PfaZvtApdu *apdu, GByteArray *out)
{
  gsize i = 0;
  gboolean found = FALSE;

  while (i < self->received->len && !found && !self->failed)
    found = on_event (self,
                      pfa_zvt_serial_decoder_feed (self->decoder, self->received->data[i++]),
                      out);
  if (i > 0)
    g_byte_array_remove_range (self->received, 0, (guint) i);
  if (found)
    {
      PfaSpan whole = { self->decoder->apdu->data, self->decoder->apdu->len };

      pfa_zvt_apdu_parse_whole (whole, apdu);
    }
  return found;
}

gboolean
pfa_zvt_link_next (PfaZvtLink *self, PfaZvtApdu *apdu, GByteArray *out)
{
  PfaSpan rest;

  if (self->failed)
    return FALSE;
  if (self->serial)
    return next_serial (self, apdu, out);

  if (self->taken > 0)
    g_byte_array_remove_range (self->received, 0, (guint) self->taken);
  self->taken = 0;
  rest = (PfaSpan){ self->received->data, self->received->len };
  return pfa_zvt_apdu_parse (rest, apdu, &self->taken) == PFA_PARSE_COMPLETE;
}

guint
pfa_zvt_link_get_wait_ms (const PfaZvtLink *self)
{
  if (!self->serial)
    return 0;
  if (pfa_zvt_serial_decoder_is_inside (self->decoder))
    return PFA_ZVT_T1_MS;
  return self->sends > 0 ? PFA_ZVT_T2_MS : 0;
}

void
pfa_zvt_link_expire (PfaZvtLink *self, GByteArray *out)
{
  if (pfa_zvt_serial_decoder_reset (self->decoder))
    on_damaged (self, out);
  else
    repeat_or_fail (self, out);
}

gboolean
pfa_zvt_link_has_failed (const PfaZvtLink *self)
{
  return self->failed;
}

gboolean
pfa_zvt_link_has_heard (const PfaZvtLink *self)
{
  return self->heard;
}
