/* pfa-dns-message.c - a question to a name server and its answer, as bytes (RFC 1035)
 *
 * Header of 12 bytes (id, flags, four counts), question (labels, type, class), then records (name,
 * type, class, seconds to live, length, data). A name is labels of 1..63 bytes ended by a zero, or
 * a two-byte pointer to an earlier one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-dns-message.h"

#include <string.h>

#define HEADER_BYTES   12
#define MAX_LABEL      63
#define MAX_NAME       253
#define FLAG_ANSWER    0x80
#define FLAG_TRUNCATED 0x02
#define POINTER_MASK   0xC0
#define TYPE_OPT       41
#define OPTION_PADDING 12
#define OPT_BYTES      15 /* an empty name, the fixed part, and the option's head */
#define UDP_SIZE       1232

static void
append_u16 (GByteArray *out, guint value)
{
  const guint8 bytes[2] = { (guint8) (value >> 8), (guint8) value };

  g_byte_array_append (out, bytes, sizeof bytes);
}

static guint
read_u16 (const guint8 *data)
{
  return (guint) (data[0] << 8 | data[1]);
}

static gboolean
append_name (GByteArray *out, const char *name)
{
  g_auto (GStrv) labels = g_strsplit (name, ".", -1);

  if (*name == '\0' || strlen (name) > MAX_NAME)
    return FALSE;
  for (guint i = 0; labels[i] != NULL; i++)
    {
      gsize length = strlen (labels[i]);
      guint8 count = (guint8) length;

      if (length == 0 && labels[i + 1] == NULL && i > 0)
        break; /* the dot at the end */
      if (length == 0 || length > MAX_LABEL)
        return FALSE;
      g_byte_array_append (out, &count, 1);
      g_byte_array_append (out, (const guint8 *) labels[i], (guint) length);
    }
  g_byte_array_append (out, (const guint8 *) "", 1);
  return TRUE;
}

static void
append_padding (GByteArray *out, gsize wanted)
{
  static const guint8 zeros[2048] = { 0 };
  gsize fill = wanted > out->len + OPT_BYTES ? wanted - out->len - OPT_BYTES : 0;

  fill = MIN (fill, sizeof zeros);
  g_byte_array_append (out, zeros, 1);
  append_u16 (out, TYPE_OPT);
  append_u16 (out, UDP_SIZE);
  append_u16 (out, 0);
  append_u16 (out, 0);
  append_u16 (out, (guint) fill + 4);
  append_u16 (out, OPTION_PADDING);
  append_u16 (out, (guint) fill);
  g_byte_array_append (out, zeros, (guint) fill);
}

GBytes *
pfa_dns_message_build (guint16 id, const char *name, guint16 type, gsize padding)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();

  append_u16 (out, id);
  append_u16 (out, 0x0100); /* a question; the server shall ask others */
  append_u16 (out, 1);
  append_u16 (out, 0);
  append_u16 (out, 0);
  append_u16 (out, padding > 0 ? 1 : 0);
  if (!append_name (out, name))
    return NULL;
  append_u16 (out, type);
  append_u16 (out, 1);
  if (padding > 0)
    append_padding (out, padding);
  return g_byte_array_free_to_bytes (g_steal_pointer (&out));
}

/* Steps over a name; FALSE when it leaves the message. Pointers end a name and are not followed. */
static gboolean
skip_name (const guint8 *data, gsize length, gsize *at)
{
  while (*at < length)
    {
      guint8 count = data[*at];

      if ((count & POINTER_MASK) == POINTER_MASK)
        {
          *at += 2;
          return *at <= length;
        }
      if ((count & POINTER_MASK) != 0)
        return FALSE;
      *at += 1u + count;
      if (count == 0)
        return *at <= length;
    }
  return FALSE;
}

static gboolean
read_records (PfaDnsAnswer *self, const guint8 *data, gsize length, gsize at, guint count)
{
  for (guint i = 0; i < count; i++)
    {
      guint type;
      gsize size;

      if (!skip_name (data, length, &at) || length - at < 10)
        return FALSE;
      type = read_u16 (data + at);
      size = read_u16 (data + at + 8);
      at += 10;
      if (length - at < size)
        return FALSE;
      if (type == PFA_DNS_TYPE_A && size == 4)
        g_ptr_array_add (self->addresses,
                         g_inet_address_new_from_bytes (data + at, G_SOCKET_FAMILY_IPV4));
      else if (type == PFA_DNS_TYPE_AAAA && size == 16)
        g_ptr_array_add (self->addresses,
                         g_inet_address_new_from_bytes (data + at, G_SOCKET_FAMILY_IPV6));
      at += size;
    }
  return TRUE;
}

PfaDnsAnswer *
pfa_dns_answer_parse (const guint8 *data, gsize length)
{
  g_autoptr (PfaDnsAnswer) self = NULL;
  gsize at = HEADER_BYTES;
  guint questions;

  if (length < HEADER_BYTES || (data[2] & FLAG_ANSWER) == 0)
    return NULL;
  self = g_new0 (PfaDnsAnswer, 1);
  self->addresses = g_ptr_array_new_with_free_func (g_object_unref);
  self->id = (guint16) read_u16 (data);
  self->rcode = data[3] & 0x0F;
  self->truncated = (data[2] & FLAG_TRUNCATED) != 0;
  questions = read_u16 (data + 4);
  for (guint i = 0; i < questions; i++)
    {
      if (!skip_name (data, length, &at) || length - at < 4)
        return NULL;
      at += 4;
    }
  if (!read_records (self, data, length, at, read_u16 (data + 6)) && !self->truncated)
    return NULL;
  return g_steal_pointer (&self);
}

void
pfa_dns_answer_free (PfaDnsAnswer *self)
{
  g_ptr_array_unref (self->addresses);
  g_free (self);
}

gboolean
pfa_dns_answer_shares (const PfaDnsAnswer *self, const PfaDnsAnswer *other)
{
  for (guint i = 0; i < self->addresses->len; i++)
    for (guint k = 0; k < other->addresses->len; k++)
      if (g_inet_address_equal (g_ptr_array_index (self->addresses, i),
                                g_ptr_array_index (other->addresses, k)))
        return TRUE;
  return FALSE;
}
