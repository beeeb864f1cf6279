/* pfa-desk-adapter.h - a help desk or other place where tickets are filed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct _PfaDeskAdapter PfaDeskAdapter;

/* What the desk files begins so. */
#define PFA_DESK_TITLE_PREFIX "POS First Aid "

/* What is to be told, once a bundle. */
typedef struct
{
  const char *event;  /* ticket, bundle (a further one), withdrawn */
  const char *ticket; /* "A1B2-C3" */
  const char *key;
  const char *remote; /* the help desk's own id of it; NULL: not filed yet, as far as we know */
  gboolean again;     /* an earlier attempt may have got through unnoticed: look first */
  const char *title;
  const char *text;   /* for an agent, plain */
  const char *email;  /* of the merchant, or NULL */
  JsonObject *object; /* the same for programs */
  GBytes *bundle;     /* to attach, or NULL: the text has its address */
  const char *bundle_name;
  const char *bundle_type;
} PfaDeskFiled;

/* What a help desk says about a ticket. */
typedef struct
{
  char *state;        /* in the help desk's words */
  GPtrArray *answers; /* (element-type PfaDeskRemoteAnswer) */
} PfaDeskRemoteState;

typedef struct
{
  char *source; /* the help desk's id of it */
  char *author;
  char *text;
  gint64 time;
} PfaDeskRemoteAnswer;

/* One file of this folder a kind. */
typedef struct
{
  const char *kind;
  /* NULL-terminated: what its entry must have. */
  const char *required[6];
  /* Answers @task with the remote id (char *) or an error. @filed lives as long as the task. */
  void (*file) (PfaDeskAdapter *adapter,
                SoupSession *session,
                const PfaDeskFiled *filed,
                GTask *task);
  /* Answers @task with a PfaDeskRemoteState. NULL: it tells nothing back. */
  void (*look) (PfaDeskAdapter *adapter, SoupSession *session, const char *remote, GTask *task);
} PfaDeskAdapterKind;

struct _PfaDeskAdapter
{
  const PfaDeskAdapterKind *kind;
  char *name;
  char *url; /* without a slash at the end */
  JsonObject *settings;
  gboolean attach;
};

extern const PfaDeskAdapterKind pfa_desk_zammad;
extern const PfaDeskAdapterKind pfa_desk_rt;
extern const PfaDeskAdapterKind pfa_desk_webhook;

/* {"adapters": [{"kind": "zammad", "name": …, "url": …, …}]}; src/desk/README.md names the members.
 * (transfer full, element-type PfaDeskAdapter) */
GPtrArray *pfa_desk_adapters_load (const char *path, GError **error);

const char *pfa_desk_adapter_get (PfaDeskAdapter *self, const char *member);
/* Of @method to the adapter's url and @path. (transfer full) */
SoupMessage *
pfa_desk_adapter_new_message (PfaDeskAdapter *self, const char *method, const char *path);

/* The words of a page of HTML. (transfer full) */
char *pfa_desk_strip_markup (const char *html);

PfaDeskRemoteState *pfa_desk_remote_state_new (const char *state);
void pfa_desk_remote_state_free (PfaDeskRemoteState *self);
void pfa_desk_remote_state_add (PfaDeskRemoteState *self,
                                const char *source,
                                const char *author,
                                const char *text,
                                const char *time);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaDeskRemoteState, pfa_desk_remote_state_free)

G_END_DECLS
