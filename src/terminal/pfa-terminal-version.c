/* pfa-terminal-version.c - which of two software versions is older
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-terminal-version.h"

#include <string.h>

/* "adyen_v1_49p5" and "2.14.15" alike: any one character between digits goes on with the number. */
#define SEPARATORS "._p-"

/* The first number that goes on behind a separator: in "LAB-T1 4.2.0" the 1 is the model's. Where
 * none does, the first number. */
static const char *
find_number (const char *text)
{
  const char *first = NULL;

  for (const char *at = text; *at != '\0'; at++)
    {
      const char *end = at;

      if (!g_ascii_isdigit (*at))
        continue;
      while (g_ascii_isdigit (*end))
        end++;
      if (first == NULL)
        first = at;
      if (*end != '\0' && strchr (SEPARATORS, *end) != NULL && g_ascii_isdigit (end[1]))
        return at;
      at = end - 1;
    }
  return first;
}

/* The next part of the version, or -1 at its end. */
static gint64
next_part (const char **at)
{
  char *end = NULL;
  gint64 value;

  if (!g_ascii_isdigit (**at))
    return -1;
  value = g_ascii_strtoll (*at, &end, 10);
  *at = end;
  if (*end != '\0' && strchr (SEPARATORS, *end) != NULL && g_ascii_isdigit (end[1]))
    *at = end + 1;
  return value;
}

int
pfa_terminal_version_compare (const char *a, const char *b)
{
  const char *left = find_number (a);
  const char *right = find_number (b);

  while (left != NULL && right != NULL)
    {
      gint64 x = next_part (&left);
      gint64 y = next_part (&right);

      if (x < 0 && y < 0)
        return 0;
      /* 2.0 is 2.0.0. */
      x = MAX (x, 0);
      y = MAX (y, 0);
      if (x != y)
        return x < y ? -1 : 1;
    }
  return 0;
}
