/* pfa-place.c - where the program's own files lie, installed or in a build folder
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-place.h"

/* The top of the build folder when the program runs from one (…/src/app/program or
 * …/tests/ui/program), else NULL. (transfer full) */
static char *
dup_build_dir (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *directory = program != NULL ? g_path_get_dirname (program) : NULL;
  g_autofree char *root = NULL;
  g_autofree char *mark = NULL;

  if (directory == NULL)
    return NULL;
  root = g_build_filename (directory, "..", "..", NULL);
  mark = g_build_filename (root, "build.ninja", NULL);
  return g_file_test (mark, G_FILE_TEST_EXISTS) ? g_steal_pointer (&root) : NULL;
}

char *
pfa_place_dup_locale_dir (void)
{
  g_autofree char *build = dup_build_dir ();

  return build != NULL ? g_build_filename (build, "po", NULL) : g_strdup (LOCALE_DIR);
}

char *
pfa_place_dup_program (const char *room, const char *name)
{
  g_autofree char *build = dup_build_dir ();
  g_autofree char *path = NULL;

  if (build == NULL)
    return g_find_program_in_path (name);
  path = g_build_filename (build, "src", room, name, NULL);
  return g_file_test (path, G_FILE_TEST_IS_EXECUTABLE) ? g_steal_pointer (&path) : NULL;
}

char *
pfa_place_dup_data_dir (void)
{
  return g_build_filename (g_get_user_data_dir (), "pos-first-aid", NULL);
}

GSettings *
pfa_place_open_settings (void)
{
  g_autoptr (GSettingsSchemaSource) source = NULL;
  g_autoptr (GSettingsSchema) schema = NULL;
  g_autofree char *build = dup_build_dir ();
  GSettingsSchemaSource *parent = g_settings_schema_source_get_default ();

  if (build != NULL)
    {
      g_autofree char *directory = g_build_filename (build, "data", "desktop", NULL);

      source = g_settings_schema_source_new_from_directory (directory, parent, TRUE, NULL);
    }
  if (source == NULL && parent != NULL)
    source = g_settings_schema_source_ref (parent);
  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, APPLICATION_ID, TRUE);
  return schema != NULL ? g_settings_new_full (schema, NULL, NULL) : NULL;
}
