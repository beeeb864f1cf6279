/* pfa-desk-codes.c - the codes that merchants read out: allotted, claimed once, dead after wrong
 * ones
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-codes.h"

#include <string.h>
#include <sys/random.h>

#include "pfa-guided-code.h"

#define KEY_SIZE 32
/* Agents and addresses remembered for their wrong claims; beyond it the oldest are forgotten. */
#define MAX_KEYS  10000
#define MINUTE_US (60 * (gint64) G_USEC_PER_SEC)
#define HOUR_US   (60 * MINUTE_US)

typedef struct
{
  gpointer owner;
  char *digest;
  guint routing;
  guint wrong;
  gint64 until;
} Code;

struct _PfaDeskCodes
{
  guint8 key[KEY_SIZE];
  GHashTable *by_digest;                           /* (element-type utf8 Code), owns the codes */
  GHashTable *by_owner;                            /* (element-type gpointer Code) */
  GPtrArray *by_routing[PFA_GUIDED_CODE_ROUTINGS]; /* (element-type Code), NULL while empty */
};

static void
code_free (Code *code)
{
  g_free (code->digest);
  g_free (code);
}

/* For so few bytes the kernel neither fails nor is interrupted once it has booted. */
static void
fill_random (gpointer bytes, gsize size)
{
  while (getrandom (bytes, size, 0) != (gssize) size)
    ;
}

static guint
random_below (guint limit)
{
  guint64 number;

  fill_random (&number, sizeof number);
  return (guint) (number % limit);
}

PfaDeskCodes *
pfa_desk_codes_new (void)
{
  PfaDeskCodes *self = g_new0 (PfaDeskCodes, 1);

  fill_random (self->key, sizeof self->key);
  self->by_digest =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) code_free);
  self->by_owner = g_hash_table_new (NULL, NULL);
  return self;
}

void
pfa_desk_codes_free (PfaDeskCodes *self)
{
  if (self == NULL)
    return;
  for (guint i = 0; i < PFA_GUIDED_CODE_ROUTINGS; i++)
    g_clear_pointer (&self->by_routing[i], g_ptr_array_unref);
  g_hash_table_unref (self->by_owner);
  g_hash_table_unref (self->by_digest);
  g_free (self);
}

/* The table is searched by the HMAC: how long that takes says nothing about the digits. */
static char *
digest_of (PfaDeskCodes *self, guint routing, guint secret)
{
  g_autofree char *code = pfa_guided_code_build (routing, secret);

  return g_compute_hmac_for_string (G_CHECKSUM_SHA256, self->key, KEY_SIZE, code, -1);
}

static guint
count_routing (PfaDeskCodes *self, guint routing)
{
  return self->by_routing[routing] != NULL ? self->by_routing[routing]->len : 0;
}

static void
remove_code (PfaDeskCodes *self, Code *code)
{
  GPtrArray **neighbours = &self->by_routing[code->routing];

  g_ptr_array_remove_fast (*neighbours, code);
  if ((*neighbours)->len == 0)
    g_clear_pointer (neighbours, g_ptr_array_unref);
  g_hash_table_remove (self->by_owner, code->owner);
  g_hash_table_remove (self->by_digest, code->digest);
}

void
pfa_desk_codes_drop (PfaDeskCodes *self, gpointer owner)
{
  Code *code = g_hash_table_lookup (self->by_owner, owner);

  if (code != NULL)
    remove_code (self, code);
}

char *
pfa_desk_codes_allot (PfaDeskCodes *self, gpointer owner, gint64 until_us)
{
  Code *code = g_new0 (Code, 1);
  guint secret;

  pfa_desk_codes_drop (self, owner);
  code->owner = owner;
  code->until = until_us;
  /* The emptiest of four: a wrong claim counts against few, and a guess hits few. */
  code->routing = random_below (PFA_GUIDED_CODE_ROUTINGS);
  for (guint i = 0; i < 3; i++)
    {
      guint other = random_below (PFA_GUIDED_CODE_ROUTINGS);

      if (count_routing (self, other) < count_routing (self, code->routing))
        code->routing = other;
    }
  do
    {
      g_free (code->digest);
      secret = random_below (PFA_GUIDED_CODE_SECRETS);
      code->digest = digest_of (self, code->routing, secret);
    }
  while (g_hash_table_contains (self->by_digest, code->digest));

  g_hash_table_insert (self->by_digest, code->digest, code);
  g_hash_table_insert (self->by_owner, owner, code);
  if (self->by_routing[code->routing] == NULL)
    self->by_routing[code->routing] = g_ptr_array_new ();
  g_ptr_array_add (self->by_routing[code->routing], code);
  return pfa_guided_code_build (code->routing, secret);
}

static GPtrArray *
count_wrong (PfaDeskCodes *self, guint routing)
{
  GPtrArray *dead = g_ptr_array_new ();

  for (guint i = count_routing (self, routing); i > 0; i--)
    {
      Code *code = g_ptr_array_index (self->by_routing[routing], i - 1);

      if (++code->wrong < PFA_DESK_CODES_WRONG_CLAIMS)
        continue;
      g_ptr_array_add (dead, code->owner);
      remove_code (self, code);
    }
  return dead;
}

gpointer
pfa_desk_codes_claim (PfaDeskCodes *self, const char *code, gint64 now_us, GPtrArray **dead)
{
  g_autofree char *digest = NULL;
  guint routing, secret;
  gpointer owner;
  Code *found;

  *dead = NULL;
  if (!pfa_guided_code_parse (code, &routing, &secret))
    return NULL;
  digest = digest_of (self, routing, secret);
  found = g_hash_table_lookup (self->by_digest, digest);
  if (found == NULL || found->until <= now_us)
    {
      *dead = count_wrong (self, routing);
      return NULL;
    }
  owner = found->owner;
  remove_code (self, found);
  return owner;
}

GPtrArray *
pfa_desk_codes_expire (PfaDeskCodes *self, gint64 now_us)
{
  GPtrArray *expired = g_ptr_array_new ();
  GHashTableIter iter;
  Code *code;

  g_hash_table_iter_init (&iter, self->by_owner);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &code))
    if (code->until <= now_us)
      g_ptr_array_add (expired, code->owner);
  for (guint i = 0; i < expired->len; i++)
    pfa_desk_codes_drop (self, g_ptr_array_index (expired, i));
  return expired;
}

guint
pfa_desk_codes_get_size (PfaDeskCodes *self)
{
  return g_hash_table_size (self->by_owner);
}

struct _PfaDeskWrongs
{
  guint per_minute;
  guint per_hour;
  GHashTable *times; /* key → GArray of gint64, newest last */
};

PfaDeskWrongs *
pfa_desk_wrongs_new (guint per_minute, guint per_hour)
{
  PfaDeskWrongs *self = g_new0 (PfaDeskWrongs, 1);

  self->per_minute = per_minute;
  self->per_hour = per_hour;
  self->times =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  return self;
}

void
pfa_desk_wrongs_free (PfaDeskWrongs *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->times);
  g_free (self);
}

/* Seconds until fewer than @limit of @times lie within @window. */
static guint
wait_for (GArray *times, guint limit, gint64 window, gint64 now)
{
  gint64 oldest;

  if (times->len < limit)
    return 0;
  oldest = g_array_index (times, gint64, times->len - limit);
  if (now - oldest >= window)
    return 0;
  return (guint) ((window - (now - oldest) + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC);
}

guint
pfa_desk_wrongs_look (PfaDeskWrongs *self, const char *key, gint64 now_us)
{
  GArray *times = g_hash_table_lookup (self->times, key);
  guint minute, hour;

  if (times == NULL)
    return 0;
  minute = wait_for (times, self->per_minute, MINUTE_US, now_us);
  hour = wait_for (times, self->per_hour, HOUR_US, now_us);
  return MAX (minute, hour);
}

static void
forget_old (PfaDeskWrongs *self, gint64 now_us)
{
  GHashTableIter iter;
  GArray *times;

  g_hash_table_iter_init (&iter, self->times);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *) &times))
    if (now_us - g_array_index (times, gint64, times->len - 1) >= HOUR_US)
      g_hash_table_iter_remove (&iter);
}

void
pfa_desk_wrongs_add (PfaDeskWrongs *self, const char *key, gint64 now_us)
{
  GArray *times = g_hash_table_lookup (self->times, key);

  if (times == NULL)
    {
      if (g_hash_table_size (self->times) >= MAX_KEYS)
        forget_old (self, now_us);
      if (g_hash_table_size (self->times) >= MAX_KEYS)
        g_hash_table_remove_all (self->times);
      times = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_hash_table_insert (self->times, g_strdup (key), times);
    }
  if (times->len >= self->per_hour)
    g_array_remove_index (times, 0);
  g_array_append_val (times, now_us);
}
