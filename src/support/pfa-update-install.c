/* pfa-update-install.c - a signed file becomes what the program reads, and the one before comes
 * back
 *
 * Below the person's data: providers/ID.json and knowledge/model.json are what the program reads.
 * updates/ID.current and ID.previous are the signed files of a profile and of the one before;
 * updates/_knowledge.current and _knowledge.previous those of the knowledge, empty where it is the
 * program's own; updates/ID.knowledge the newest knowledge ever taken from that provider.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "pfa-error.h"
#include "pfa-json.h"
#include "pfa-update-private.h"

/* No provider's id has an underscore. */
#define KNOWLEDGE "_knowledge"

static char *
dup_path (const char *directory, const char *folder, const char *id, const char *ending)
{
  g_autofree char *name = g_strconcat (id, ending, NULL);

  return g_build_filename (directory, folder, name, NULL);
}

static gboolean
write_file (const char *path, const char *text, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) local = NULL;

  if (g_mkdir_with_parents (folder, 0700) == 0 &&
      g_file_set_contents_full (path,
                                text,
                                -1,
                                G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                0600,
                                &local))
    return TRUE;
  g_set_error (error,
               PFA_ERROR,
               PFA_ERROR_STORAGE,
               "%s: %s",
               path,
               local != NULL ? local->message : g_strerror (errno));
  return FALSE;
}

/* 0 when there is no such file. */
static guint
read_version (const char *path)
{
  g_autofree char *text = NULL;
  g_autoptr (JsonObject) object = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return 0;
  object = pfa_json_parse_object (text, -1, path, NULL);
  return object != NULL ? (guint) CLAMP (pfa_json_peek_double (object, "version", 0), 0, G_MAXINT)
                        : 0;
}

guint
pfa_update_get_installed_version (const char *directory, const char *id)
{
  g_autofree char *path = dup_path (directory, "updates", id, ".current");

  return read_version (path);
}

guint
pfa_update_get_knowledge_version (const char *directory)
{
  g_autofree char *path = dup_path (directory, "updates", KNOWLEDGE, ".current");

  return read_version (path);
}

static gboolean
refuse_as_old (GError **error)
{
  g_set_error_literal (error,
                       PFA_ERROR,
                       PFA_ERROR_REFUSED,
                       "update: what is there is as new or newer");
  return FALSE;
}

static gboolean
refuse_to_go_back (GError **error)
{
  g_set_error_literal (error,
                       PFA_ERROR,
                       PFA_ERROR_NOT_FOUND,
                       "update: there is nothing earlier to go back to");
  return FALSE;
}

static gboolean
install_profile (const PfaUpdate *self, const char *directory, GError **error)
{
  g_autofree char *profile = dup_path (directory, "providers", self->id, ".json");
  g_autofree char *current = dup_path (directory, "updates", self->id, ".current");
  g_autofree char *previous = dup_path (directory, "updates", self->id, ".previous");
  g_autofree char *old = NULL;

  if (self->version <= pfa_update_get_installed_version (directory, self->id))
    return refuse_as_old (error);
  if (g_file_get_contents (current, &old, NULL, NULL) && !write_file (previous, old, error))
    return FALSE;
  /* The version last: after a kill in between, the same update can be installed again. */
  return write_file (profile, self->content, error) && write_file (current, self->text, error);
}

gboolean
pfa_update_go_back (const char *directory, const char *id, GError **error)
{
  g_autofree char *profile = dup_path (directory, "providers", id, ".json");
  g_autofree char *current = dup_path (directory, "updates", id, ".current");
  g_autofree char *previous = dup_path (directory, "updates", id, ".previous");
  g_autofree char *now = NULL;
  g_autoptr (PfaUpdate) update = NULL;

  if (!pfa_update_is_sound_id (id) || !g_file_get_contents (current, &now, NULL, NULL) ||
      !g_file_test (previous, G_FILE_TEST_EXISTS))
    return refuse_to_go_back (error);
  update = pfa_update_load (previous, NULL, error);
  return update != NULL && write_file (profile, update->content, error) &&
         write_file (current, update->text, error) && write_file (previous, now, error);
}

static char *
read_file (const char *path)
{
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  return text;
}

static gboolean
is_filled (const char *text)
{
  return text != NULL && *text != '\0';
}

/* What somebody had laid there by hand is kept under another name, and comes back. */
static gboolean
set_aside (const char *directory, GError **error)
{
  g_autofree char *model = dup_path (directory, "knowledge", "model", ".json");
  g_autofree char *aside = dup_path (directory, "knowledge", "model", ".by-hand");

  if (!g_file_test (model, G_FILE_TEST_EXISTS) || g_rename (model, aside) == 0)
    return TRUE;
  g_set_error (error, PFA_ERROR, PFA_ERROR_STORAGE, "%s: %s", model, g_strerror (errno));
  return FALSE;
}

static gboolean
install_knowledge (const PfaUpdate *self, const char *directory, GError **error)
{
  g_autofree char *model = dup_path (directory, "knowledge", "model", ".json");
  g_autofree char *current = dup_path (directory, "updates", KNOWLEDGE, ".current");
  g_autofree char *previous = dup_path (directory, "updates", KNOWLEDGE, ".previous");
  g_autofree char *last = dup_path (directory, "updates", self->id, ".knowledge");
  g_autofree char *old = read_file (current);
  const gboolean begun = g_strcmp0 (old, self->text) == 0;

  /* Begun and cut short by a kill, it may be done again. */
  if (self->version <= read_version (last))
    return refuse_as_old (error);
  if (!is_filled (old) && !set_aside (directory, error))
    return FALSE;
  return (begun || write_file (previous, old != NULL ? old : "", error)) &&
         write_file (model, self->content, error) && write_file (current, self->text, error) &&
         write_file (last, self->text, error);
}

gboolean
pfa_update_install (const PfaUpdate *self, const char *directory, GError **error)
{
  return self->kind == PFA_UPDATE_KNOWLEDGE ? install_knowledge (self, directory, error)
                                            : install_profile (self, directory, error);
}

/* The program's own is the one before the first update. */
static gboolean
bring_back (const char *directory, const char *text, GError **error)
{
  g_autofree char *model = dup_path (directory, "knowledge", "model", ".json");
  g_autofree char *aside = dup_path (directory, "knowledge", "model", ".by-hand");
  g_autoptr (JsonObject) object = NULL;
  g_autofree guchar *content = NULL;
  g_autofree char *json = NULL;
  const char *coded;
  gsize length = 0;

  if (!is_filled (text))
    {
      if (g_rename (aside, model) != 0)
        g_unlink (model);
      return TRUE;
    }
  object = pfa_json_parse_object (text, -1, "update", error);
  coded = object != NULL ? pfa_json_require_string (object, "content", "update", error) : NULL;
  if (coded == NULL)
    return FALSE;
  content = g_base64_decode (coded, &length);
  json = g_strndup ((const char *) content, length);
  return write_file (model, json, error);
}

gboolean
pfa_update_can_go_back_knowledge (const char *directory)
{
  g_autofree char *previous = dup_path (directory, "updates", KNOWLEDGE, ".previous");

  return g_file_test (previous, G_FILE_TEST_EXISTS);
}

gboolean
pfa_update_go_back_knowledge (const char *directory, GError **error)
{
  g_autofree char *current = dup_path (directory, "updates", KNOWLEDGE, ".current");
  g_autofree char *previous = dup_path (directory, "updates", KNOWLEDGE, ".previous");
  g_autofree char *now = read_file (current);
  g_autofree char *before = read_file (previous);

  if (now == NULL || before == NULL)
    return refuse_to_go_back (error);
  /* Forward again from the program's own: what lies there by hand steps aside once more. */
  if (!is_filled (now) && !set_aside (directory, error))
    return FALSE;
  return bring_back (directory, before, error) && write_file (current, before, error) &&
         write_file (previous, now, error);
}
