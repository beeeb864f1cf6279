/* pfa-redact-stretch.c - simple questions to many bytes
 *
 * Written so that the compiler makes them sixteen or thirty-two bytes at a time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-redact-stretch.h"

#include <string.h>

/* What one byte can count. */
#define COUNTED_LENGTH 224
#define STEP           64

guint64
pfa_stretch_count_lines (const guint8 *bytes, gsize length)
{
  guint64 n = 0;

  while (length > 0)
    {
      const gsize stretch = MIN (length, COUNTED_LENGTH);
      guint8 counted = 0;

      for (gsize i = 0; i < stretch; i++)
        counted = (guint8) (counted + (bytes[i] == '\n'));
      n += counted;
      bytes += stretch;
      length -= stretch;
    }
  return n;
}

static gboolean
is_plain (guint8 c)
{
  return c != 0 && c < 0x80;
}

gsize
pfa_stretch_count_plain (const guint8 *bytes, gsize length)
{
  gsize i;

  for (i = 0; i + STEP <= length; i += STEP)
    {
      guint8 strange = 0;

      for (gsize j = 0; j < STEP; j++)
        strange |= (guint8) ((bytes[i + j] & 0x80) | (bytes[i + j] == 0));
      if (strange != 0)
        break;
    }
  while (i < length && is_plain (bytes[i]))
    i++;
  return i;
}

gboolean
pfa_stretch_has_odd (const guint8 *bytes, gsize length)
{
  guint8 odd = 0;

  for (gsize i = 0; i < length; i++)
    odd |=
        (guint8) ((bytes[i] < 0x07) | (((guint8) (bytes[i] - 0x0e) < 0x12) & (bytes[i] != 0x1b)));
  return odd != 0;
}
