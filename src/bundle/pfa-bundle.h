/* pfa-bundle.h - the diagnostic bundle: preview, consent, writing
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "pfa-incident.h"
#include "pfa-redactor.h"

G_BEGIN_DECLS

#define PFA_BUNDLE_SUFFIX        ".posaid.zip"
#define PFA_BUNDLE_SEALED_SUFFIX ".posaid.p7m"
/* What was said to the terminal stands among the logs under this name. */
#define PFA_BUNDLE_CONVERSATION "conversation"
/* Limits (DESIGN.md 4.6). */
#define PFA_BUNDLE_MAX_SOURCE (25 * 1000 * 1000)
#define PFA_BUNDLE_MAX_RAW    (100 * 1000 * 1000)
#define PFA_BUNDLE_MAX_PACKED (20 * 1000 * 1000)
#define PFA_BUNDLE_MAX_LOGS   32

/* A log of the shop: its tail is taken. */
typedef struct
{
  char *source; /* "terminal", "till": lower-case letters, digits and hyphens */
  char *path;
} PfaBundleLog;

/* What a bundle is made of. Plain values: whoever fills it in owns it, the bundle keeps copies or
 * references. Only @incident and @report are required. */
typedef struct
{
  const PfaIncident *incident;
  JsonObject *report;       /* pos-first-aid-report/1 in the merchant's language */
  JsonObject *agent_report; /* the same in the agent's language, or NULL: one language only */
  const char *language;     /* "zh_CN" */
  const char *agent_language;
  JsonArray *stations;       /* [{"id", "state", "text"}] of the path, or NULL */
  JsonArray *agent_stations; /* the same in the agent's language, or NULL */
  JsonObject *titles;        /* id of an action → what it says to the merchant, or NULL */
  JsonObject *agent_titles;  /* the same in the agent's language, or NULL */
  JsonObject *system;        /* what this computer says about itself, or NULL */
  GPtrArray *logs;           /* (element-type PfaBundleLog), or NULL */
  const char *const *names;  /* names of this shop that have no shape: computer, Wi-Fi, or NULL */
  PfaReader reader;
} PfaBundleSource;

/* What leaving a member out means for support; the words are the view's. */
typedef enum
{
  PFA_BUNDLE_EFFECT_REQUIRED, /* cannot be left out */
  PFA_BUNDLE_EFFECT_NO_TERMINAL,
  PFA_BUNDLE_EFFECT_NO_STEPS,
  PFA_BUNDLE_EFFECT_NO_SYSTEM,
  PFA_BUNDLE_EFFECT_NO_GUIDED,
  PFA_BUNDLE_EFFECT_NO_LOG,
} PfaBundleEffect;

/* One file of the bundle as the preview shows it. */
typedef struct
{
  char *name;   /* in the archive */
  char *source; /* redacted: where it came from */
  guint64 size; /* as it will be sent */
  guint hidden; /* how many places are hidden */
  gboolean truncated;
  gboolean included;
  char *dropped; /* why it cannot be sent at all (English), or NULL */
  PfaBundleEffect effect;
} PfaBundleMember;

#define PFA_TYPE_BUNDLE (pfa_bundle_get_type ())
G_DECLARE_FINAL_TYPE (PfaBundle, pfa_bundle, PFA, BUNDLE, GObject)

/* Signal changed (): a member was included or left out. */
PfaBundle *pfa_bundle_new (const PfaBundleSource *source);

/* Redacts everything once, so that the preview can say sizes and marks; contacts nobody. One
 * operation at a time, else PFA_ERROR_BUSY. */
void pfa_bundle_prepare_async (PfaBundle *self,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean pfa_bundle_prepare_finish (PfaBundle *self, GAsyncResult *result, GError **error);

/* After preparing. readme.html first, manifest.json last. */
guint pfa_bundle_get_n_members (PfaBundle *self);
const PfaBundleMember *pfa_bundle_get_member (PfaBundle *self, guint index);
void pfa_bundle_set_included (PfaBundle *self, guint index, gboolean included);

/* A log that the person chose in the preview: redacts the end of @path and adds it as the last
 * member, @source as in PfaBundleLog. TRUE too when it cannot be made safe: the member says so.
 * PFA_ERROR_REFUSED: no more fits in; NOT_FOUND, PERMISSION_DENIED, BAD_INPUT: no file to read. */
void pfa_bundle_add_log_async (PfaBundle *self,
                               const char *source,
                               const char *path,
                               GCancellable *cancellable,
                               GAsyncReadyCallback callback,
                               gpointer user_data);
gboolean pfa_bundle_add_log_finish (PfaBundle *self, GAsyncResult *result, GError **error);
/* FALSE for what the program itself puts in. */
gboolean pfa_bundle_is_added (PfaBundle *self, guint index);
/* As if the log at @index had never been there. Redacts the others again, for the numbers of
 * redaction.json; what was left out stays left out. */
void pfa_bundle_remove_log_async (PfaBundle *self,
                                  guint index,
                                  GCancellable *cancellable,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
gboolean pfa_bundle_remove_log_finish (PfaBundle *self, GAsyncResult *result, GError **error);

/* The text of a member exactly as it will be sent, with its marks; of a long log the first
 * @max_length bytes or so. */
void pfa_bundle_read_async (PfaBundle *self,
                            guint index,
                            gsize max_length,
                            GCancellable *cancellable,
                            GAsyncReadyCallback callback,
                            gpointer user_data);
PfaSafeText *pfa_bundle_read_finish (PfaBundle *self, GAsyncResult *result, GError **error);

/* What the person agreed to: @text is the version of the words shown, @time µs since 1970 or 0.
 * Recorded in consent.json with what is in and what is left out. */
void pfa_bundle_set_consent (PfaBundle *self, const char *text, const char *language, gint64 time);

/* Writes the whole to @path, or seals it for @certificates (PEM, one or two); nothing is left at
 * @path when it fails. Prepares first where that was not done. */
void pfa_bundle_write_async (PfaBundle *self,
                             const char *path,
                             const char *certificates,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
gboolean pfa_bundle_write_finish (PfaBundle *self, GAsyncResult *result, GError **error);
/* The same for a program without a main loop; blocks. */
gboolean pfa_bundle_write (PfaBundle *self,
                           const char *path,
                           const char *certificates,
                           GCancellable *cancellable,
                           GError **error);

/* UUIDv5 of the incident's id, or of a file's SHA-256. (transfer full) */
char *pfa_bundle_build_id (const char *name);
/* (transfer none) */
const char *pfa_bundle_get_id (PfaBundle *self);

PfaBundleLog *pfa_bundle_log_new (const char *source, const char *path);
void pfa_bundle_log_free (PfaBundleLog *self);

G_END_DECLS
