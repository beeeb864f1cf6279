/* pfa-desk-loop.c - the main loop with thousands of connections in it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-desk-loop.h"

#include <sys/socket.h>

#define MANY_DESCRIPTORS 500
#define MAX_PAUSE_US     15000
#define MAX_LISTENERS    8

/* A poll function has no user data, and a process has one default context: its state is here. */
static struct
{
  int listeners[MAX_LISTENERS];
  guint n_listeners;
  gboolean letting_in;
} loop;

static gboolean
is_listener (int descriptor)
{
  for (guint i = 0; i < loop.n_listeners; i++)
    if (loop.listeners[i] == descriptor)
      return TRUE;
  return FALSE;
}

static int
poll_in_batches (GPollFD *descriptors, guint n_descriptors, int timeout_ms)
{
  int n_ready;

  if (n_descriptors < MANY_DESCRIPTORS)
    return g_poll (descriptors, n_descriptors, timeout_ms);
  if (!loop.letting_in && timeout_ms != 0)
    g_usleep (MIN (n_descriptors, MAX_PAUSE_US));
  n_ready = g_poll (descriptors, n_descriptors, timeout_ms);
  loop.letting_in = FALSE;
  for (guint i = 0; n_ready > 0 && i < n_descriptors; i++)
    if (descriptors[i].revents != 0 && is_listener (descriptors[i].fd))
      loop.letting_in = TRUE;
  return n_ready;
}

void
pfa_desk_loop_begin_batches (SoupServer *server)
{
  GSList *listeners = soup_server_get_listeners (server);

  for (GSList *link = listeners; link != NULL && loop.n_listeners < MAX_LISTENERS;
       link = link->next)
    {
      int descriptor = g_socket_get_fd (link->data);

      /* libsoup keeps GIO's queue of ten: when all shops call at once, the eleventh would wait for
       * its own second, fourth, sixteenth try. */
      if (listen (descriptor, SOMAXCONN) != 0)
        g_debug ("the queue of waiting clients stays short");
      loop.listeners[loop.n_listeners++] = descriptor;
    }
  g_slist_free (listeners);
  g_main_context_set_poll_func (NULL, poll_in_batches);
}
