/* pfa-context.c - what all pages of the window share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-context.h"

#include <glib/gi18n.h>

#include "pfa-error-text.h"

struct _PfaContext
{
  GObject parent_instance;
  PfaAid *aid;
  GSettings *settings;
  char *data_dir;
  GCancellable *check;
  PfaOutbox *outbox;
  PfaLook look; /* time 0: none yet */
};

enum
{
  SIGNAL_LOOKED,
  SIGNAL_TROUBLE,
  SIGNAL_WATCHED,
  SIGNAL_STOP_WATCHING,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (PfaContext, pfa_context, G_TYPE_OBJECT)

PfaAid *
pfa_context_get_aid (PfaContext *self)
{
  return self->aid;
}

PfaKnowledge *
pfa_context_get_knowledge (PfaContext *self)
{
  return pfa_aid_get_knowledge (self->aid);
}

PfaJournal *
pfa_context_get_journal (PfaContext *self)
{
  return pfa_aid_get_journal (self->aid);
}

const char *
pfa_context_get_data_dir (PfaContext *self)
{
  return self->data_dir;
}

GSettings *
pfa_context_get_settings (PfaContext *self)
{
  return self->settings;
}

gboolean
pfa_context_get_flag (PfaContext *self, const char *key)
{
  return self->settings != NULL && g_settings_get_boolean (self->settings, key);
}

char *
pfa_context_dup_string (PfaContext *self, const char *key)
{
  return self->settings != NULL ? g_settings_get_string (self->settings, key) : g_strdup ("");
}

int
pfa_context_get_number (PfaContext *self, const char *key, int fallback)
{
  return self->settings != NULL ? g_settings_get_int (self->settings, key) : fallback;
}

PfaProvider *
pfa_context_find_provider (PfaContext *self)
{
  g_autofree char *id = pfa_context_dup_string (self, "provider");

  return *id != '\0' ? pfa_knowledge_find_provider (pfa_context_get_knowledge (self), id) : NULL;
}

void
pfa_context_say (PfaContext *self, const char *sentence)
{
  g_signal_emit (self, signals[SIGNAL_TROUBLE], 0, sentence);
}

void
pfa_context_report (PfaContext *self, const GError *error)
{
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    pfa_context_say (self, pfa_error_text_say (error));
}

static void
on_checked_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (PfaContext) self = PFA_CONTEXT (user_data);
  g_autoptr (GError) error = NULL;

  pfa_aid_check_finish (PFA_AID (source), result, &error);
  pfa_context_report (self, error);
}

void
pfa_context_start_check (PfaContext *self)
{
  g_return_if_fail (PFA_IS_CONTEXT (self));

  if (pfa_aid_get_incident (self->aid) != NULL && pfa_aid_get_incident (self->aid)->practice)
    {
      pfa_context_say (self, _ ("This is practice. Nothing real is asked."));
      return;
    }
  pfa_context_stop_check (self);
  self->check = g_cancellable_new ();
  pfa_aid_set_throughput (self->aid, pfa_context_get_flag (self, "throughput"));
  pfa_aid_check_async (self->aid, 0, self->check, on_checked_cb, g_object_ref (self));
}

void
pfa_context_stop_check (PfaContext *self)
{
  g_return_if_fail (PFA_IS_CONTEXT (self));

  if (self->check != NULL)
    g_cancellable_cancel (self->check);
  g_clear_object (&self->check);
}

PfaOutbox *
pfa_context_ensure_outbox (PfaContext *self, GError **error)
{
  g_autofree char *directory = NULL;

  g_return_val_if_fail (PFA_IS_CONTEXT (self), NULL);

  if (self->outbox == NULL)
    {
      directory = g_build_filename (self->data_dir, "outbox", NULL);
      self->outbox = pfa_outbox_open (directory, error);
    }
  return self->outbox;
}

void
pfa_context_set_watched (PfaContext *self, const char *who)
{
  g_return_if_fail (PFA_IS_CONTEXT (self));

  g_signal_emit (self, signals[SIGNAL_WATCHED], 0, who);
}

void
pfa_context_stop_watching (PfaContext *self)
{
  g_return_if_fail (PFA_IS_CONTEXT (self));

  g_signal_emit (self, signals[SIGNAL_STOP_WATCHING], 0);
}

void
pfa_context_set_look (PfaContext *self, PfaStationState line, PfaStationState provider)
{
  g_return_if_fail (PFA_IS_CONTEXT (self));

  self->look.line = line;
  self->look.provider = provider;
  self->look.time = g_get_real_time ();
  g_signal_emit (self, signals[SIGNAL_LOOKED], 0);
}

const PfaLook *
pfa_context_get_look (PfaContext *self)
{
  return self->look.time != 0 && pfa_context_get_flag (self, "watch") ? &self->look : NULL;
}

PfaContext *
pfa_context_new (PfaAid *aid, GSettings *settings, const char *data_dir)
{
  PfaContext *self = g_object_new (PFA_TYPE_CONTEXT, NULL);

  self->aid = g_object_ref (aid);
  g_set_object (&self->settings, settings);
  self->data_dir = g_strdup (data_dir);
  return self;
}

static void
pfa_context_dispose (GObject *object)
{
  PfaContext *self = PFA_CONTEXT (object);

  pfa_context_stop_check (self);
  g_clear_object (&self->outbox);
  g_clear_object (&self->settings);
  g_clear_object (&self->aid);
  G_OBJECT_CLASS (pfa_context_parent_class)->dispose (object);
}

static void
pfa_context_finalize (GObject *object)
{
  g_free (PFA_CONTEXT (object)->data_dir);
  G_OBJECT_CLASS (pfa_context_parent_class)->finalize (object);
}

/* @argument: G_TYPE_NONE: without one. */
static guint
add_signal (const char *name, GType argument)
{
  return g_signal_new (name,
                       PFA_TYPE_CONTEXT,
                       G_SIGNAL_RUN_LAST,
                       0,
                       NULL,
                       NULL,
                       NULL,
                       G_TYPE_NONE,
                       argument != G_TYPE_NONE ? 1 : 0,
                       argument);
}

static void
pfa_context_class_init (PfaContextClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = pfa_context_dispose;
  G_OBJECT_CLASS (klass)->finalize = pfa_context_finalize;
  signals[SIGNAL_LOOKED] = add_signal ("looked", G_TYPE_NONE);
  signals[SIGNAL_TROUBLE] = add_signal ("trouble", G_TYPE_STRING);
  signals[SIGNAL_WATCHED] = add_signal ("watched", G_TYPE_STRING);
  signals[SIGNAL_STOP_WATCHING] = add_signal ("stop-watching", G_TYPE_NONE);
}

static void
pfa_context_init (PfaContext *self)
{
}
