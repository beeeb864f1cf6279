/* pfa-cli-outbox.h - what the commands send and outbox share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-outbox.h"

G_BEGIN_DECLS

/* The person's outbox. Where nothing can be kept, says so once and gives one in @temporary, a
 * folder that the caller deletes by pfa_cli_close_outbox(). NULL: neither; complained. */
PfaOutbox *pfa_cli_open_outbox (char **temporary);
void pfa_cli_close_outbox (PfaOutbox *outbox, char *temporary);

/* Sends until @item (NULL: anything) does not wait any more, or @wait_s seconds are over, or
 * Ctrl+C. */
void pfa_cli_run_outbox (PfaOutbox *outbox, PfaOutboxItem *item, double wait_s);

/* One line for people about where @item stands. (transfer full) */
char *pfa_cli_describe_item (PfaOutboxItem *item);

G_END_DECLS
