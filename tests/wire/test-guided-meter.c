/* test-guided-meter.c - what a WebSocket line may cost before a whole message has come
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-guided-meter.h"

#define FIN          0x80
#define TEXT         0x01
#define CONTINUATION 0x00
#define PING         0x09

/* A masked frame of @size bytes as a client sends it. */
static void
add_frame (GByteArray *bytes, guint8 first, gsize size)
{
  static const guint8 mask[4] = { 1, 2, 3, 4 };
  guint8 head[10] = { first, 0x80 };
  gsize head_size = 2;
  gsize n = size < 126 ? 0 : (size < 65536 ? 2 : 8);

  head[1] |= (guint8) (n == 0 ? size : (n == 2 ? 126 : 127));
  for (gsize i = 0; i < n; i++)
    head[head_size++] = (guint8) (size >> 8 * (n - 1 - i));
  g_byte_array_append (bytes, head, (guint) head_size);
  g_byte_array_append (bytes, mask, sizeof mask);
  g_byte_array_set_size (bytes, bytes->len + (guint) size);
}

/* In pieces of every size, so that each head is cut in two somewhere. */
static gboolean
take_all (PfaGuidedMeter *meter, GByteArray *bytes, gsize piece, gint64 now)
{
  for (gsize at = 0; at < bytes->len; at += piece)
    if (!pfa_guided_meter_take (meter, bytes->data + at, MIN (piece, bytes->len - at), now))
      return FALSE;
  return TRUE;
}

typedef struct
{
  const char *name;
  guint8 first;
  gsize size;
  guint times;
  gboolean fits;
} MeterCase;

static const MeterCase meter_cases[] = {
  { "small-messages", FIN | TEXT, 100, 10000, TRUE },
  { "large-messages", FIN | TEXT, 32 * 1024, 100, TRUE },
  { "empty-messages", FIN | TEXT, 0, 10000, TRUE },
  { "a-message-too-large", FIN | TEXT, PFA_GUIDED_METER_MAX_BYTES + 1, 1, FALSE },
  { "some-pieces", TEXT, 1000, PFA_GUIDED_METER_MAX_PIECES, TRUE },
  { "too-many-pieces", TEXT, 1, PFA_GUIDED_METER_MAX_PIECES + 1, FALSE },
  { "too-many-empty-pieces", CONTINUATION, 0, PFA_GUIDED_METER_MAX_PIECES + 1, FALSE },
  { "pieces-too-large-together", CONTINUATION, 30000, 3, FALSE },
  { "some-pings", FIN | PING, 125, PFA_GUIDED_METER_MAX_CONTROLS, TRUE },
  { "too-many-pings", FIN | PING, 0, PFA_GUIDED_METER_MAX_CONTROLS + 1, FALSE },
};

static void
test_meter (gconstpointer data)
{
  static const gsize pieces[] = { 1, 2, 3, 7, 8192, 1 << 20 };
  const MeterCase *c = data;
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  for (guint i = 0; i < c->times; i++)
    add_frame (bytes, c->first, c->size);
  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      PfaGuidedMeter meter = { 0 };

      g_assert_cmpint (take_all (&meter, bytes, pieces[i], 0), ==, c->fits);
    }
}

/* A last piece ends the message; the count begins anew. */
static void
test_message_ends (void)
{
  PfaGuidedMeter meter = { 0 };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  for (guint i = 0; i < 1000; i++)
    {
      add_frame (bytes, TEXT, 20000);
      add_frame (bytes, CONTINUATION, 20000);
      add_frame (bytes, FIN | CONTINUATION, 20000);
    }
  g_assert_true (take_all (&meter, bytes, 8192, 0));
}

/* Pings between the pieces count apart, and a minute later they may come again. */
static void
test_minute_passes (void)
{
  PfaGuidedMeter meter = { 0 };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  for (guint i = 0; i < PFA_GUIDED_METER_MAX_CONTROLS; i++)
    add_frame (bytes, FIN | PING, 5);
  for (gint64 minute = 0; minute < 10; minute++)
    g_assert_true (take_all (&meter, bytes, 8192, minute * 60 * G_USEC_PER_SEC));
  g_assert_false (take_all (&meter, bytes, 8192, 9 * 60 * G_USEC_PER_SEC));
}

static void
test_random (void)
{
  for (guint i = 0; i < 20000; i++)
    {
      PfaGuidedMeter meter = { 0 };
      guint8 bytes[64];
      gsize size = (gsize) g_test_rand_int_range (1, sizeof bytes);

      for (gsize k = 0; k < size; k++)
        bytes[k] = (guint8) g_test_rand_int_range (0, 256);
      pfa_guided_meter_take (&meter, bytes, size, 0);
      pfa_guided_meter_take (&meter, bytes, size, 0);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (meter_cases); i++)
    {
      g_autofree char *path = g_strconcat ("/wire/guided-meter/", meter_cases[i].name, NULL);

      g_test_add_data_func (path, &meter_cases[i], test_meter);
    }
  g_test_add_func ("/wire/guided-meter/message-ends", test_message_ends);
  g_test_add_func ("/wire/guided-meter/minute-passes", test_minute_passes);
  g_test_add_func ("/wire/guided-meter/random", test_random);
  return g_test_run ();
}
