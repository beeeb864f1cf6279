/* pfa-desk-agents.c - who may look at the desk: agents, their tokens and sessions
 *
 * Tokens hold 160 random bits, so a plain SHA-256 keeps them: there is nothing to guess slowly.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-agents.h"

#include <openssl/rand.h>
#include <string.h>

#include "pfa-error.h"
#include "pfa-guided-words.h"

#define TOKEN_BYTES      20
#define MAX_NAME_LENGTH  80
#define MAX_TOKEN_LENGTH 200

void
pfa_desk_agent_free (PfaDeskAgent *self)
{
  g_free (self->name);
  g_free (self->organisation);
  g_free (self);
}

static char *
hash_token (const char *token)
{
  return g_compute_checksum_for_string (G_CHECKSUM_SHA256, token, -1);
}

char *
pfa_desk_random_word (gsize n_bytes)
{
  static const char alphabet[] = "23456789abcdefghjkmnpqrstuvwxyz0";
  g_autofree guint8 *bytes = g_malloc (n_bytes);
  GString *word = g_string_new (NULL);
  guint bits = 0;
  guint held = 0;

  /* A machine without randomness must not hand out tokens. */
  if (RAND_bytes (bytes, (int) n_bytes) != 1)
    g_critical ("the system gives no random numbers");
  for (gsize i = 0; i < n_bytes; i++)
    for (bits = bits << 8 | bytes[i], held += 8; held >= 5; held -= 5)
      g_string_append_c (word, alphabet[bits >> (held - 5) & 31]);
  return g_string_free (word, FALSE);
}

/* The shop's program shows the name as it stands, and takes none that could be its own. */
static gboolean
is_sound_name (const char *name)
{
  g_autofree char *clean = name != NULL ? pfa_guided_words_clean (name, MAX_NAME_LENGTH) : NULL;

  return clean != NULL && *name != '\0' && strlen (name) <= MAX_NAME_LENGTH &&
         g_str_equal (clean, name) && !pfa_guided_words_is_own_name (name);
}

char *
pfa_desk_agents_add (PfaDeskStore *store,
                     const char *name,
                     const char *organisation,
                     GError **error)
{
  g_autofree char *token = pfa_desk_random_word (TOKEN_BYTES);
  g_autofree char *hash = hash_token (token);
  sqlite3_stmt *statement;

  if (!is_sound_name (name) || !is_sound_name (organisation))
    {
      g_set_error_literal (
          error,
          PFA_ERROR,
          PFA_ERROR_BAD_INPUT,
          "an agent needs a name and an organisation, one line of at most 80 bytes each, "
          "without unseen characters, and not this program's name");
      return NULL;
    }
  /* REPLACE deletes the row before, and with it the sessions. */
  statement =
      pfa_desk_store_prepare (store,
                              "REPLACE INTO agents (name, organisation, token_hash, created)"
                              " VALUES (?, ?, ?, ?)",
                              error);
  if (statement == NULL)
    return NULL;
  pfa_desk_store_bind (statement, 1, name);
  pfa_desk_store_bind (statement, 2, organisation);
  pfa_desk_store_bind (statement, 3, hash);
  sqlite3_bind_int64 (statement, 4, g_get_real_time ());
  return pfa_desk_store_run (store, statement, error) ? g_steal_pointer (&token) : NULL;
}

gboolean
pfa_desk_agents_remove (PfaDeskStore *store, const char *name, GError **error)
{
  sqlite3_stmt *statement =
      pfa_desk_store_prepare (store, "DELETE FROM agents WHERE name = ?", error);

  if (statement == NULL)
    return FALSE;
  pfa_desk_store_bind (statement, 1, name);
  return pfa_desk_store_run (store, statement, error);
}

static PfaDeskAgent *
read_agent (PfaDeskStore *store, sqlite3_stmt *statement, GError **error)
{
  PfaDeskAgent *agent;

  if (!pfa_desk_store_step (store, statement, error))
    return NULL;
  agent = g_new0 (PfaDeskAgent, 1);
  agent->name = pfa_desk_store_dup_text (statement, 0);
  agent->organisation = pfa_desk_store_dup_text (statement, 1);
  sqlite3_reset (statement);
  return agent;
}

PfaDeskAgent *
pfa_desk_agents_find (PfaDeskStore *store, const char *token, GError **error)
{
  g_autofree char *hash = NULL;
  sqlite3_stmt *statement;

  if (token == NULL || strlen (token) > MAX_TOKEN_LENGTH)
    return NULL;
  hash = hash_token (token);
  statement = pfa_desk_store_prepare (store,
                                      "SELECT name, organisation FROM agents WHERE token_hash = ?",
                                      error);
  if (statement == NULL)
    return NULL;
  pfa_desk_store_bind (statement, 1, hash);
  return read_agent (store, statement, error);
}

char *
pfa_desk_agents_open_session (PfaDeskStore *store, const PfaDeskAgent *agent, GError **error)
{
  g_autofree char *cookie = pfa_desk_random_word (TOKEN_BYTES);
  g_autofree char *hash = hash_token (cookie);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  sqlite3_stmt *statement =
      pfa_desk_store_prepare (store, "DELETE FROM sessions WHERE expires < ?", error);

  if (statement == NULL)
    return NULL;
  sqlite3_bind_int64 (statement, 1, now);
  if (!pfa_desk_store_run (store, statement, error))
    return NULL;
  statement =
      pfa_desk_store_prepare (store,
                              "INSERT INTO sessions (cookie_hash, agent, expires) VALUES (?, ?, ?)",
                              error);
  if (statement == NULL)
    return NULL;
  pfa_desk_store_bind (statement, 1, hash);
  pfa_desk_store_bind (statement, 2, agent->name);
  sqlite3_bind_int64 (statement, 3, now + PFA_DESK_SESSION_S);
  return pfa_desk_store_run (store, statement, error) ? g_steal_pointer (&cookie) : NULL;
}

PfaDeskAgent *
pfa_desk_agents_find_session (PfaDeskStore *store, const char *cookie, GError **error)
{
  g_autofree char *hash = NULL;
  sqlite3_stmt *statement;

  if (cookie == NULL || strlen (cookie) > MAX_TOKEN_LENGTH)
    return NULL;
  hash = hash_token (cookie);
  statement = pfa_desk_store_prepare (store,
                                      "SELECT name, organisation FROM sessions JOIN agents"
                                      " ON agents.name = sessions.agent"
                                      " WHERE cookie_hash = ? AND expires > ?",
                                      error);
  if (statement == NULL)
    return NULL;
  pfa_desk_store_bind (statement, 1, hash);
  sqlite3_bind_int64 (statement, 2, g_get_real_time () / G_USEC_PER_SEC);
  return read_agent (store, statement, error);
}

gboolean
pfa_desk_agents_close_session (PfaDeskStore *store, const char *cookie, GError **error)
{
  g_autofree char *hash = hash_token (cookie);
  sqlite3_stmt *statement =
      pfa_desk_store_prepare (store, "DELETE FROM sessions WHERE cookie_hash = ?", error);

  if (statement == NULL)
    return FALSE;
  pfa_desk_store_bind (statement, 1, hash);
  return pfa_desk_store_run (store, statement, error);
}
