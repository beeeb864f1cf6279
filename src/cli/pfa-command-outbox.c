/* pfa-command-outbox.c - pos-first-aid outbox: what waits, send it now, give it up
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-cli-outbox.h"
#include "pfa-command-list.h"
#include "pfa-commands.h"

#define MAX_WAIT_S      (72 * 60 * 60)
#define WITHDRAW_WAIT_S 10

typedef struct
{
  GMainLoop *loop;
  PfaTicketState *state;
  JsonObject *receipt;
  GError *error;
} Answer;

static int
list (PfaOutbox *outbox, gboolean as_json)
{
  guint count = g_list_model_get_n_items (G_LIST_MODEL (outbox));
  JsonObject *object = json_object_new ();
  JsonArray *items = json_array_new ();

  json_object_set_string_member (object, "format", "pos-first-aid-outbox/1");
  json_object_set_array_member (object, "items", items);
  for (guint i = 0; i < count; i++)
    {
      g_autoptr (PfaOutboxItem) item = g_list_model_get_item (G_LIST_MODEL (outbox), i);
      g_autofree char *description = pfa_cli_describe_item (item);

      if (as_json)
        json_array_add_object_element (items, pfa_outbox_item_to_json (item));
      else
        g_print ("%.8s  %s\n", pfa_outbox_item_get_id (item), description);
    }
  if (as_json)
    pfa_cli_print_json (g_steal_pointer (&object));
  else if (count == 0)
    g_print ("%s\n", _ ("Nothing waits to be sent."));
  g_clear_pointer (&object, json_object_unref);
  return PFA_EXIT_GOOD;
}

static void
on_item_sent_cb (PfaOutbox *outbox, PfaOutboxItem *item, gpointer user_data)
{
  g_print ("ticket %s\n", pfa_outbox_item_get_ticket (item));
}

static void
on_item_refused_cb (PfaOutbox *outbox, PfaOutboxItem *item, gpointer user_data)
{
  g_autofree char *description = pfa_cli_describe_item (item);
  gboolean *refused = user_data;

  *refused = TRUE;
  pfa_cli_complain ("%.8s: %s", pfa_outbox_item_get_id (item), description);
}

static void
on_passed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!pfa_outbox_run_finish (PFA_OUTBOX (source), result, &error))
    pfa_cli_complain ("%s", error->message);
  g_main_loop_quit (user_data);
}

/* One pass now; with --wait goes on by the schedule. */
static int
run (PfaOutbox *outbox, double wait_s)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  gboolean refused = FALSE;
  guint waiting;

  if (pfa_outbox_count_waiting (outbox) == 0)
    {
      g_print ("%s\n", _ ("Nothing waits to be sent."));
      return PFA_EXIT_GOOD;
    }
  g_signal_connect (outbox, "item-sent", G_CALLBACK (on_item_sent_cb), NULL);
  g_signal_connect (outbox, "item-refused", G_CALLBACK (on_item_refused_cb), &refused);
  pfa_outbox_run_async (outbox, NULL, on_passed_cb, loop);
  g_main_loop_run (loop);
  if (wait_s > 0 && pfa_outbox_count_waiting (outbox) > 0)
    pfa_cli_run_outbox (outbox, NULL, wait_s);

  waiting = pfa_outbox_count_waiting (outbox);
  g_signal_handlers_disconnect_by_data (outbox, &refused);
  if (waiting > 0)
    list (outbox, FALSE);
  if (waiting > 0)
    return PFA_EXIT_OPEN;
  return refused ? PFA_EXIT_BAD : PFA_EXIT_GOOD;
}

/* What the provider may have got already is deleted there at once, if there is a line; else by the
 * next run. */
static int
cancel (PfaOutbox *outbox, PfaOutboxItem *item)
{
  g_autofree char *description = NULL;
  g_autoptr (GError) error = NULL;

  if (!pfa_outbox_cancel (outbox, item, &error))
    {
      pfa_cli_complain ("%s", error->message);
      return PFA_EXIT_BAD;
    }
  if (pfa_outbox_item_get_state (item) != PFA_OUTBOX_WITHDRAWING)
    return PFA_EXIT_GOOD;
  pfa_cli_run_outbox (outbox, item, WITHDRAW_WAIT_S);
  description = pfa_cli_describe_item (item);
  pfa_cli_print_wrapped (description, 0);
  return pfa_outbox_item_get_state (item) == PFA_OUTBOX_WITHDRAWING ? PFA_EXIT_OPEN : PFA_EXIT_GOOD;
}

static void
on_looked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;

  answer->state = pfa_outbox_look_finish (PFA_OUTBOX (source), result, &answer->error);
  g_main_loop_quit (answer->loop);
}

static void
on_withdrawn_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Answer *answer = user_data;

  answer->receipt = pfa_outbox_withdraw_finish (PFA_OUTBOX (source), result, &answer->error);
  g_main_loop_quit (answer->loop);
}

static void
print_state (PfaTicketState *state, gboolean as_json)
{
  if (as_json)
    {
      pfa_cli_print_json (pfa_ticket_state_to_json (state));
      return;
    }
  g_print ("%s  %s\n", state->ticket, state->state);
  for (guint i = 0; i < state->answers->len; i++)
    {
      const PfaTicketAnswer *answer = state->answers->pdata[i];

      g_print ("\n%s  %s\n",
               answer->time != NULL ? answer->time : "",
               answer->author != NULL ? answer->author : "");
      pfa_cli_print_wrapped (answer->text, 2);
    }
}

/* Asks the provider about the ticket of @item, or withdraws what was sent. */
static int
ask (PfaOutbox *outbox, PfaOutboxItem *item, gboolean withdraw, gboolean as_json)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Answer answer = { .loop = loop };
  int status = PFA_EXIT_GOOD;

  if (withdraw)
    pfa_outbox_withdraw_async (outbox, item, NULL, on_withdrawn_cb, &answer);
  else
    pfa_outbox_look_async (outbox, item, NULL, on_looked_cb, &answer);
  g_main_loop_run (loop);
  if (answer.error != NULL)
    {
      pfa_cli_complain ("%s", answer.error->message);
      status = PFA_EXIT_OPEN;
    }
  else if (withdraw)
    pfa_cli_print_json (g_steal_pointer (&answer.receipt));
  else
    print_state (answer.state, as_json);
  g_clear_error (&answer.error);
  g_clear_pointer (&answer.state, pfa_ticket_state_free);
  return status;
}

static int
run_verb (PfaOutbox *outbox, int argc, char *argv[], gboolean as_json, double wait_s)
{
  const char *verb = argc > 1 ? argv[1] : NULL;
  gboolean has_id = argc == 3;
  PfaOutboxItem *item = has_id ? pfa_outbox_find (outbox, argv[2]) : NULL;

  if (verb == NULL)
    return list (outbox, as_json);
  if (g_str_equal (verb, "run") && argc == 2)
    return run (outbox, wait_s);
  if (!has_id || !(g_str_equal (verb, "cancel") || g_str_equal (verb, "ticket") ||
                   g_str_equal (verb, "withdraw")))
    {
      pfa_cli_complain (
          _ ("say outbox, outbox run, or outbox cancel, ticket or withdraw with an id"));
      return PFA_EXIT_USAGE;
    }
  if (item == NULL)
    {
      pfa_cli_complain (_ ("nothing in the outbox begins with “%s”, or several things do"),
                        argv[2]);
      return PFA_EXIT_USAGE;
    }
  if (g_str_equal (verb, "cancel"))
    return cancel (outbox, item);
  return ask (outbox, item, g_str_equal (verb, "withdraw"), as_json);
}

/* Where nothing can be saved, nothing waits: that is said, and is no failure of looking. */
static int
report_no_outbox (int argc, const GError *error, gboolean as_json)
{
  JsonObject *object;

  pfa_cli_complain (_ ("nothing can be kept here, so nothing waits: %s"), error->message);
  if (argc > 1)
    return PFA_EXIT_USAGE;
  if (!as_json)
    return PFA_EXIT_GOOD;
  object = json_object_new ();
  json_object_set_string_member (object, "format", "pos-first-aid-outbox/1");
  json_object_set_array_member (object, "items", json_array_new ());
  pfa_cli_print_json (object);
  return PFA_EXIT_GOOD;
}

int
pfa_command_outbox (int argc, char *argv[])
{
  gboolean as_json = FALSE;
  double wait_s = 0;
  const GOptionEntry entries[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print one JSON object"), NULL },
    { "wait", 0, 0, G_OPTION_ARG_DOUBLE, &wait_s, N_ ("How long to go on trying (0)"), "SECONDS" },
    G_OPTION_ENTRY_NULL
  };
  g_autofree char *data = pfa_cli_dup_data_dir ();
  g_autofree char *directory = g_build_filename (data, "outbox", NULL);
  g_autoptr (PfaOutbox) outbox = NULL;
  g_autoptr (GError) error = NULL;

  if (!pfa_cli_parse (&argc, &argv, entries, "[run | cancel ID | ticket ID | withdraw ID]"))
    return PFA_EXIT_USAGE;
  if (!(wait_s >= 0 && wait_s <= MAX_WAIT_S))
    {
      pfa_cli_complain (_ ("--wait is from 0 to %d seconds"), MAX_WAIT_S);
      return PFA_EXIT_USAGE;
    }
  outbox = pfa_outbox_open (directory, &error);
  if (outbox == NULL)
    return report_no_outbox (argc, error, as_json);
  return run_verb (outbox, argc, argv, as_json, wait_s);
}
