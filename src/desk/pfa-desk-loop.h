/* pfa-desk-loop.h - the main loop with thousands of connections in it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* GLib looks at every connection in every turn of the loop: with thousands of them, a turn for each
 * single message would be all that a core does. From now on the default context pauses a little
 * before each turn, a microsecond a connection, and takes what came meanwhile in one. While clients
 * of @server wait to be let in it does not pause, for libsoup lets in one a turn. The queue in
 * which they wait is made as long as the system allows. */
void pfa_desk_loop_begin_batches (SoupServer *server);

G_END_DECLS
