/* pfa-ping.c - the system's ping program, which may do what an ordinary user's sockets may not
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-ping.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

#define PING_PROGRAM "/usr/bin/ping"
/* It waits for answers that came back damaged as if they were still to come; then it is told to sum
 * up what it has. */
#define MARGIN_MS 250
#define SENT_LINE " packets transmitted"

gboolean
pfa_ping_is_available (void)
{
  return access (PING_PROGRAM, X_OK) == 0;
}

void
pfa_ping_result_free (PfaPingResult *self)
{
  g_array_unref (self->answers);
  g_free (self);
}

/* "32 bytes from 192.168.1.1: icmp_seq=7 ttl=64 time=0.224 ms", and at the end
 * "60 packets transmitted, 58 received, 3.33333% packet loss, time 472ms" */
PfaPingResult *
pfa_ping_parse (const char *output)
{
  PfaPingResult *self = g_new0 (PfaPingResult, 1);
  g_auto (GStrv) lines = g_strsplit (output, "\n", -1);

  self->answers = g_array_new (FALSE, FALSE, sizeof (PfaPingAnswer));
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *number = strstr (lines[i], "icmp_seq=");
      const char *time = strstr (lines[i], " time");
      PfaPingAnswer answer;

      if (strstr (lines[i], SENT_LINE) != NULL)
        self->sent = (guint) g_ascii_strtoull (lines[i], NULL, 10);
      if (number == NULL || time == NULL || (time[5] != '=' && time[5] != '<'))
        continue;
      answer.number = (guint) g_ascii_strtoull (number + strlen ("icmp_seq="), NULL, 10);
      answer.round_trip_ms = g_ascii_strtod (time + 6, NULL);
      g_array_append_val (self->answers, answer);
    }
  return self;
}

static gboolean
on_patience_ended_cb (gpointer user_data)
{
  g_subprocess_send_signal (G_SUBPROCESS (user_data), SIGINT);
  return G_SOURCE_REMOVE;
}

static void
on_communicated_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = G_TASK (user_data);
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL;
  GSource *patience = g_task_get_task_data (task);

  g_source_destroy (patience);
  if (!g_subprocess_communicate_utf8_finish (G_SUBPROCESS (source), result, &output, NULL, &error))
    {
      g_subprocess_force_exit (G_SUBPROCESS (source));
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  g_task_return_pointer (task,
                         pfa_ping_parse (output != NULL ? output : ""),
                         (GDestroyNotify) pfa_ping_result_free);
}

void
pfa_ping_async (GInetAddress *address,
                const char *link,
                guint count,
                guint interval_us,
                guint patience_ms,
                GCancellable *cancellable,
                GAsyncReadyCallback callback,
                gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  g_autoptr (GSubprocess) program = NULL;
  g_autoptr (GSubprocessLauncher) launcher = NULL;
  g_autoptr (GError) error = NULL;
  gboolean scoped = link != NULL && g_inet_address_get_is_link_local (address) &&
                    g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6;
  g_autofree char *text = g_inet_address_to_string (address);
  g_autofree char *target = scoped ? g_strconcat (text, "%", link, NULL) : g_strdup (text);
  g_autofree char *number = g_strdup_printf ("%u", count);
  g_autofree char *pace = g_strdup_printf ("%u.%06u", interval_us / 1000000, interval_us % 1000000);
  g_autofree char *wait = g_strdup_printf ("%u.%03u", patience_ms / 1000, patience_ms % 1000);

  g_task_set_source_tag (task, pfa_ping_async);
  launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                        G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C", TRUE);
  program = g_subprocess_launcher_spawn (launcher,
                                         &error,
                                         PING_PROGRAM,
                                         "-n",
                                         "-s",
                                         "24",
                                         "-c",
                                         number,
                                         "-i",
                                         pace,
                                         "-W",
                                         wait,
                                         target,
                                         NULL);
  if (program == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    {
      GSource *patience =
          g_timeout_source_new (3 * count * interval_us / 2000 + patience_ms + MARGIN_MS);

      g_source_set_callback (patience,
                             on_patience_ended_cb,
                             g_object_ref (program),
                             g_object_unref);
      g_source_attach (patience, g_main_context_get_thread_default ());
      g_task_set_task_data (task, patience, (GDestroyNotify) g_source_unref);
      g_subprocess_communicate_utf8_async (program,
                                           NULL,
                                           cancellable,
                                           on_communicated_cb,
                                           g_steal_pointer (&task));
    }
}

PfaPingResult *
pfa_ping_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
