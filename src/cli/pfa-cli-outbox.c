/* pfa-cli-outbox.c - what the commands send and outbox share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-cli-outbox.h"

#include <glib-unix.h>
#include <glib/gstdio.h>
#include <signal.h>

#include "pfa-commands.h"

typedef struct
{
  PfaOutbox *outbox;
  PfaOutboxItem *item; /* NULL: all */
  GMainLoop *loop;
  gboolean over; /* time or patience */
} Run;

static gboolean
is_waiting (PfaOutboxItem *item)
{
  PfaOutboxState state = pfa_outbox_item_get_state (item);

  return state == PFA_OUTBOX_PENDING || state == PFA_OUTBOX_SENDING ||
         state == PFA_OUTBOX_WITHDRAWING;
}

static gboolean
has_ended (const Run *run)
{
  guint count = g_list_model_get_n_items (G_LIST_MODEL (run->outbox));

  if (run->item != NULL)
    return !is_waiting (run->item);
  for (guint i = 0; i < count; i++)
    {
      g_autoptr (PfaOutboxItem) item = g_list_model_get_item (G_LIST_MODEL (run->outbox), i);

      if (is_waiting (item))
        return FALSE;
    }
  return TRUE;
}

static void
quit_when_still (Run *run)
{
  if (run->over || has_ended (run))
    pfa_outbox_stop (run->outbox);
  else
    return;
  if (!pfa_outbox_is_busy (run->outbox))
    g_main_loop_quit (run->loop);
}

static void
on_pass_ended_cb (PfaOutbox *outbox, gpointer user_data)
{
  quit_when_still (user_data);
}

static gboolean
on_over_cb (gpointer user_data)
{
  Run *run = user_data;

  run->over = TRUE;
  quit_when_still (run);
  return G_SOURCE_CONTINUE;
}

void
pfa_cli_run_outbox (PfaOutbox *outbox, PfaOutboxItem *item, double wait_s)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Run run = { .outbox = outbox, .item = item, .loop = loop };
  gulong ended = g_signal_connect (outbox, "pass-ended", G_CALLBACK (on_pass_ended_cb), &run);
  guint interrupted, over;

  if (has_ended (&run))
    {
      g_signal_handler_disconnect (outbox, ended);
      return;
    }
  interrupted = g_unix_signal_add (SIGINT, on_over_cb, &run);
  over = g_timeout_add ((guint) (wait_s * 1000), on_over_cb, &run);
  pfa_outbox_start (outbox);
  g_main_loop_run (loop);
  pfa_outbox_stop (outbox);
  g_source_remove (interrupted);
  g_source_remove (over);
  g_signal_handler_disconnect (outbox, ended);
}

PfaOutbox *
pfa_cli_open_outbox (char **temporary)
{
  g_autofree char *data = pfa_cli_dup_data_dir ();
  g_autofree char *directory = g_build_filename (data, "outbox", NULL);
  g_autofree char *folder = NULL;
  g_autoptr (GError) error = NULL;
  PfaOutbox *outbox = pfa_outbox_open (directory, &error);

  *temporary = NULL;
  if (outbox != NULL)
    return outbox;
  pfa_cli_complain (_ ("what is not sent now cannot be kept for later (%s)"), error->message);
  g_clear_error (&error);
  folder = g_dir_make_tmp ("pos-first-aid-XXXXXX", &error);
  if (folder != NULL)
    outbox = pfa_outbox_open (folder, &error);
  if (outbox == NULL)
    pfa_cli_complain ("%s", error->message);
  else
    *temporary = g_steal_pointer (&folder);
  return outbox;
}

void
pfa_cli_close_outbox (PfaOutbox *outbox, char *temporary)
{
  g_autofree char *folder = temporary;

  if (folder == NULL)
    return;
  for (guint i = g_list_model_get_n_items (G_LIST_MODEL (outbox)); i-- > 0;)
    {
      g_autoptr (PfaOutboxItem) item = g_list_model_get_item (G_LIST_MODEL (outbox), i);

      pfa_outbox_cancel (outbox, item, NULL);
      pfa_outbox_remove (outbox, item, NULL);
    }
  g_rmdir (folder);
}

static const char *
describe_problem (PfaOutboxItem *item)
{
  static const struct
  {
    const char *word;
    const char *text;
  } texts[] = {
    { "no-line", N_ ("there is no line to the provider") },
    { "busy", N_ ("the provider cannot take it just now") },
    { "untrusted", N_ ("the provider’s certificate cannot be verified") },
    { "storage", N_ ("this computer’s disk cannot be read or written") },
    { "address", N_ ("the provider’s address is not one we may send to") },
    { "trust", N_ ("the provider’s certificate file cannot be read") },
  };
  const char *word = pfa_outbox_item_get_problem (item);

  for (guint i = 0; word != NULL && i < G_N_ELEMENTS (texts); i++)
    if (g_str_equal (word, texts[i].word))
      return _ (texts[i].text);
  return pfa_outbox_item_get_problem_text (item);
}

static char *
describe_waiting (PfaOutboxItem *item)
{
  const char *problem = describe_problem (item);
  gint64 next = pfa_outbox_item_get_next (item);
  g_autoptr (GDateTime) time = next > 0 ? g_date_time_new_from_unix_local (next) : NULL;
  g_autofree char *when = time != NULL ? g_date_time_format (time, "%H:%M:%S") : NULL;

  if (problem == NULL && when == NULL)
    return g_strdup (_ ("waits to be sent"));
  if (problem == NULL)
    /* Translators: the time of the next attempt. */
    return g_strdup_printf (_ ("waits, next at %s"), when);
  if (when == NULL)
    return g_strdup_printf (_ ("waits: %s"), problem);
  /* Translators: why it waits, and the time of the next attempt. */
  return g_strdup_printf (_ ("waits: %s; next at %s"), problem, when);
}

char *
pfa_cli_describe_item (PfaOutboxItem *item)
{
  const char *problem = describe_problem (item);

  switch (pfa_outbox_item_get_state (item))
    {
    case PFA_OUTBOX_SENT:
      return g_strdup_printf (_ ("sent, ticket %s"), pfa_outbox_item_get_ticket (item));
    case PFA_OUTBOX_REFUSED:
      return g_strdup_printf (_ ("refused: %s"), problem != NULL ? problem : "");
    case PFA_OUTBOX_CANCELLED:
      return g_strdup (_ ("given up by you"));
    case PFA_OUTBOX_EXPIRED:
      return g_strdup (_ ("given up after 72 hours"));
    case PFA_OUTBOX_PAUSED:
      return g_strdup (_ ("paused by you"));
    case PFA_OUTBOX_WITHDRAWN:
      return g_strdup_printf (_ ("withdrawn, ticket %s"), pfa_outbox_item_get_ticket (item));
    case PFA_OUTBOX_WITHDRAWING:
      return g_strdup (_ ("given up by you; what the provider may have is still to be deleted"));
    case PFA_OUTBOX_SENDING:
    case PFA_OUTBOX_PENDING:
    default:
      return describe_waiting (item);
    }
}
