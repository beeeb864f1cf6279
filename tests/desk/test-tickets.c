/* test-tickets.c - the desk's store: agents, tickets, search, withdrawal; and its limits
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "pfa-desk-agents.h"
#include "pfa-desk-limits.h"
#include "pfa-desk-tickets.h"
#include "pfa-error.h"
#include "pfa-json.h"

#define KEY "6f2b1d6a-0d0c-5c11-9a4e-275c8e513a96"

typedef struct
{
  char *directory;
  PfaDeskStore *store;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->directory = g_dir_make_tmp ("pfa-desk-XXXXXX", NULL);
  f->store = pfa_desk_store_open (f->directory, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  static const char *const names[] = { "desk.db", "desk.db-wal", "desk.db-shm" };

  g_assert_finalize_object (f->store);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (f->directory, names[i], NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (f->directory), ==, 0);
  g_free (f->directory);
}

static void
test_agents (Fixture *f, gconstpointer data)
{
  g_autofree char *token = pfa_desk_agents_add (f->store, "Li Na", "Lab", NULL);
  g_autoptr (PfaDeskAgent) agent = pfa_desk_agents_find (f->store, token, NULL);
  g_autofree char *cookie = pfa_desk_agents_open_session (f->store, agent, NULL);
  g_autoptr (PfaDeskAgent) by_cookie = pfa_desk_agents_find_session (f->store, cookie, NULL);
  g_autofree char *path = g_build_filename (f->directory, "desk.db", NULL);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *second = NULL;
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_cmpstr (agent->organisation, ==, "Lab");
  g_assert_cmpstr (by_cookie->name, ==, "Li Na");
  g_assert_null (pfa_desk_agents_find (f->store, "wrong", NULL));
  g_assert_null (pfa_desk_agents_find (f->store, cookie, NULL));
  g_assert_null (pfa_desk_agents_add (f->store, "a\nb", "Lab", NULL));
  /* Neither token nor cookie lies on the disk. */
  g_assert_true (g_file_get_contents (wal, &bytes, &length, NULL));
  g_assert_null (memmem (bytes, length, token, strlen (token)));
  g_assert_null (memmem (bytes, length, cookie, strlen (cookie)));
  /* A new token ends the old one and its sessions. */
  second = pfa_desk_agents_add (f->store, "Li Na", "Lab", NULL);
  g_assert_null (pfa_desk_agents_find (f->store, token, NULL));
  g_assert_null (pfa_desk_agents_find_session (f->store, cookie, NULL));
}

static PfaIntakeRequest *
make_request (const char *summary)
{
  PfaIntakeRequest *request = pfa_intake_request_new ();

  request->url = g_strdup ("u");
  request->sha256 = g_strnfill (64, 'a');
  request->size = 5;
  request->summary = pfa_json_parse_object (summary, -1, "summary", NULL);
  request->contact->name = g_strdup ("王");
  return request;
}

static guint
count_found (Fixture *f, PfaDeskSearch search)
{
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GError) error = NULL;

  search.limit = 50;
  found = pfa_desk_tickets_search (f->store, &search, &error);
  g_assert_no_error (error);
  return found->len;
}

static void
test_search (Fixture *f, gconstpointer data)
{
  g_autoptr (PfaIntakeRequest) request =
      make_request ("{\"cause\":\"router-dead\",\"shop\":\"S "
                    "1\",\"payment\":{\"state\":\"u3\"},\"title\":\"The router is silent\"}");
  g_autoptr (PfaDeskTicket) ticket = pfa_desk_tickets_add (f->store, KEY, request, NULL);

  g_assert_true (g_regex_match_simple ("^[A-HJ-NP-Z][0-9][A-HJ-NP-Z][0-9]-[A-HJ-NP-Z][0-9]$",
                                       ticket->ticket,
                                       0,
                                       0));
  g_assert_cmpstr (ticket->contact->name, ==, "王");
  g_assert_cmpuint (count_found (f, (PfaDeskSearch){ .ticket = ticket->ticket }), ==, 1);
  g_assert_cmpuint (count_found (f, (PfaDeskSearch){ .cause = "router-dead" }), ==, 1);
  g_assert_cmpuint (count_found (f, (PfaDeskSearch){ .cause = "other" }), ==, 0);
  g_assert_cmpuint (count_found (f, (PfaDeskSearch){ .shop = "S 1" }), ==, 1);
  g_assert_cmpuint (count_found (f, (PfaDeskSearch){ .words = "silen rout" }), ==, 1);
  g_assert_cmpuint (count_found (f, (PfaDeskSearch){ .words = ticket->ticket }), ==, 1);
  g_assert_cmpuint (count_found (f, (PfaDeskSearch){ .words = "nothing" }), ==, 0);
  g_assert_cmpuint (count_found (f, (PfaDeskSearch){ .from = ticket->created }), ==, 1);
  g_assert_cmpuint (count_found (f, (PfaDeskSearch){ .to = ticket->created - 1 }), ==, 0);
}

/* Whatever is typed is looked for, never understood as a question to the index. */
static void
test_search_takes_any_words (Fixture *f, gconstpointer data)
{
  static const char *const words[] = { "\"", "a OR b", "NEAR(",   "*",  "^",
                                       "-x", "col:x",  "'; DROP", "((", "\xc3\xa9" };

  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    g_assert_cmpuint (count_found (f, (PfaDeskSearch){ .words = words[i] }), ==, 0);
}

static void
test_one_ticket_a_key (Fixture *f, gconstpointer data)
{
  g_autoptr (PfaIntakeRequest) request = make_request ("{}");
  g_autoptr (PfaDeskTicket) ticket = pfa_desk_tickets_add (f->store, KEY, request, NULL);
  g_autoptr (PfaDeskTicket) twice = NULL;
  g_autoptr (GError) error = NULL;

  twice = pfa_desk_tickets_add (f->store, KEY, request, &error);
  g_assert_null (twice);
  g_assert_error (error, PFA_ERROR, PFA_ERROR_STORAGE);
  g_assert_true (pfa_desk_tickets_add_bundle (f->store, ticket, request, "p", NULL));
  g_assert_false (pfa_desk_tickets_add_bundle (f->store, ticket, request, "p", NULL));
}

static void
test_tokens (Fixture *f, gconstpointer data)
{
  g_autofree char *token = pfa_desk_tickets_dup_token (f->store, "A1B2-C3", NULL);
  g_autofree char *again = pfa_desk_tickets_dup_token (f->store, "A1B2-C3", NULL);
  g_autofree char *other = pfa_desk_tickets_dup_token (f->store, "A1B2-C4", NULL);

  g_assert_cmpstr (token, ==, again);
  g_assert_cmpstr (token, !=, other);
  g_assert_true (pfa_desk_tickets_is_token (f->store, "A1B2-C3", token));
  g_assert_false (pfa_desk_tickets_is_token (f->store, "A1B2-C3", other));
  g_assert_false (pfa_desk_tickets_is_token (f->store, "A1B2-C3", ""));
  g_assert_false (pfa_desk_tickets_is_token (f->store, "A1B2-C3", NULL));
}

static void
test_withdrawn_says_nothing (Fixture *f, gconstpointer data)
{
  g_autoptr (PfaIntakeRequest) request =
      make_request ("{\"cause\":\"x\",\"title\":\"planted words\"}");
  g_autoptr (PfaDeskTicket) ticket = pfa_desk_tickets_add (f->store, KEY, request, NULL);
  g_autoptr (PfaDeskTicket) after = NULL;
  g_autoptr (GPtrArray) bundles = NULL;

  pfa_desk_tickets_add_bundle (f->store, ticket, request, "p", NULL);
  pfa_desk_tickets_add_answer (f->store, ticket, 1, "Li", "hello", NULL, NULL);
  g_assert_true (pfa_desk_tickets_empty (f->store, ticket, "withdrawn", NULL));
  after = pfa_desk_tickets_find (f->store, ticket->ticket, NULL);
  bundles = pfa_desk_tickets_list_bundles (f->store, after, NULL);
  g_assert_cmpstr (after->state, ==, "withdrawn");
  g_assert_true (pfa_contact_is_empty (after->contact));
  g_assert_cmpuint (json_object_get_size (after->summary), ==, 0);
  g_assert_cmpuint (bundles->len, ==, 0);
  g_assert_cmpuint (count_found (f, (PfaDeskSearch){ .words = "planted" }), ==, 0);
}

static void
test_limits (void)
{
  g_autoptr (PfaDeskLimits) limits = pfa_desk_limits_new (60);
  gint64 now = G_USEC_PER_SEC;

  for (guint i = 0; i < 60; i++)
    g_assert_cmpuint (pfa_desk_limits_take (limits, "192.0.2.1", now), ==, 0);
  g_assert_cmpuint (pfa_desk_limits_take (limits, "192.0.2.1", now), >, 0);
  g_assert_cmpuint (pfa_desk_limits_take (limits, "192.0.2.2", now), ==, 0);
  g_assert_cmpuint (pfa_desk_limits_take (limits, "192.0.2.1", now + 2 * G_USEC_PER_SEC), ==, 0);
  for (guint i = 0; i < 1000; i++)
    g_assert_cmpuint (pfa_desk_limits_take (limits, "127.0.0.1", now), ==, 0);
}

static void
test_limits_of_networks (void)
{
  static const struct
  {
    const char *one, *other;
    gboolean shared;
  } cases[] = {
    { "2001:db8::1", "2001:db8::ffff:2", TRUE },
    { "2001:db8::1", "2001:db8:0:1::1", FALSE },
    { "::ffff:192.0.2.1", "::ffff:192.0.2.2", FALSE },
    { "nonsense", "more of it", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PfaDeskLimits) limits = pfa_desk_limits_new (1);

      g_assert_cmpuint (pfa_desk_limits_take (limits, cases[i].one, 1), ==, 0);
      g_assert_cmpint (pfa_desk_limits_take (limits, cases[i].other, 1) > 0, ==, cases[i].shared);
    }
}

/* However many addresses somebody has, the desk remembers so many of them. */
static void
test_limits_of_many (void)
{
  g_autoptr (PfaDeskLimits) limits = pfa_desk_limits_new (1);
  gint64 now = 10 * G_USEC_PER_SEC;

  for (guint i = 0; i < 100000; i++)
    {
      g_autofree char *client = g_strdup_printf ("10.%u.%u.%u", i >> 16, i >> 8 & 255, i & 255);

      g_assert_cmpuint (pfa_desk_limits_take (limits, client, now), ==, 0);
    }
  g_assert_cmpuint (pfa_desk_limits_take (limits, "192.0.2.1", now), ==, 0);
  g_assert_cmpuint (pfa_desk_limits_take (limits, "192.0.2.2", now), >, 0);
  /* Later there is room again. */
  now += 61 * G_USEC_PER_SEC;
  g_assert_cmpuint (pfa_desk_limits_take (limits, "192.0.2.3", now), ==, 0);
  g_assert_cmpuint (pfa_desk_limits_take (limits, "192.0.2.4", now), ==, 0);
}

int
main (int argc, char *argv[])
{
  static const struct
  {
    const char *path;
    void (*test) (Fixture *, gconstpointer);
  } tests[] = {
    { "agents", test_agents },
    { "search", test_search },
    { "search-takes-any-words", test_search_takes_any_words },
    { "one-ticket-a-key", test_one_ticket_a_key },
    { "tokens", test_tokens },
    { "withdrawn-says-nothing", test_withdrawn_says_nothing },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    {
      g_autofree char *path = g_strconcat ("/desk/tickets/", tests[i].path, NULL);

      g_test_add (path, Fixture, NULL, set_up, tests[i].test, tear_down);
    }
  g_test_add_func ("/desk/limits/bucket-an-address", test_limits);
  g_test_add_func ("/desk/limits/bucket-a-network", test_limits_of_networks);
  g_test_add_func ("/desk/limits/bounded", test_limits_of_many);
  return g_test_run ();
}
