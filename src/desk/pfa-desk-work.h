/* pfa-desk-work.h - one errand at a help desk: what its steps share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-desk-adapter.h"
#include "pfa-desk-http.h"

G_BEGIN_DECLS

/* Lives as long as the task that it is begun for. */
typedef struct
{
  PfaDeskAdapter *adapter;
  SoupSession *session;
  const PfaDeskFiled *filed; /* NULL: only looked at */
  char *remote;              /* the help desk's own id, or NULL while there is none */
  PfaDeskRemoteState *state;
  gpointer own; /* the adapter's */
  GDestroyNotify free_own;
} PfaDeskWork;

/* Each request of @task's is signed by @authorize. (transfer none) */
typedef void (*PfaDeskAuthorize) (PfaDeskAdapter *adapter, SoupMessage *message);

PfaDeskWork *pfa_desk_work_begin (GTask *task,
                                  PfaDeskAdapter *adapter,
                                  SoupSession *session,
                                  const char *remote,
                                  PfaDeskAuthorize authorize);
PfaDeskWork *pfa_desk_work_get (GTask *task);
/* @callback gets a reference of the task; pfa_desk_http_ask_finish() there. @body may be NULL. */
void pfa_desk_work_ask (GTask *task,
                        const char *method,
                        const char *path,
                        JsonObject *body,
                        GAsyncReadyCallback callback);
/* Ends the task: with @error, or where there is none with what @reply's status says. @error:
 * (transfer full) */
void pfa_desk_work_fail (GTask *task, const PfaDeskReply *reply, const char *doing, GError *error);

G_END_DECLS
