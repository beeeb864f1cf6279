/* bench-bundle.c - a bundle of four logs of 25 MB: time and memory
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include "../bundle/bundle-fixture.h"

static double
memory_mb (void)
{
  g_autofree char *status = NULL;
  const char *line;

  if (!g_file_get_contents ("/proc/self/status", &status, NULL, NULL))
    return 0;
  line = strstr (status, "VmHWM:");
  return line != NULL ? g_ascii_strtod (line + 6, NULL) / 1024 : 0;
}

/* A log of 25 MB from one line in a few shapes, written piece by piece: the fixture's own memory
 * must not be what is measured. */
static void
make_log (const char *path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileOutputStream) out =
      g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE, NULL, NULL);

  for (guint i = 0; i < 25000000 / 110; i++)
    {
      char line[200];
      const int n = g_snprintf (line,
                                sizeof line,
                                "2026-11-22T%02u:%02u:%02u.%03u INFO sale amount=%u.%02u stan=%06u "
                                "tid=10001234 rc=%02u net 192.168.1.%u retry %u\n",
                                i / 3600 % 24,
                                i / 60 % 60,
                                i % 60,
                                i * 7 % 1000,
                                i % 9999,
                                i % 100,
                                i % 1000000,
                                i * 31 % 97,
                                i % 255,
                                i * 17 % 1000);

      g_output_stream_write_all (G_OUTPUT_STREAM (out), line, (gsize) n, NULL, NULL, NULL);
    }
}

int
main (int argc, char *argv[])
{
  Fixture fixture;
  g_autoptr (PfaBundle) bundle = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start;

  fixture_set_up (&fixture);
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/log-%u.log", fixture.folder, i);

      make_log (path);
      g_ptr_array_add (fixture.logs, pfa_bundle_log_new ("terminal", path));
    }
  bundle = fixture_make_bundle (&fixture);
  start = g_get_monotonic_time ();
  if (!pfa_bundle_write (bundle, fixture.path, NULL, NULL, &error))
    g_printerr ("%s\n", error->message);
  g_print ("bundle of four logs of 25 MB: %.1f s, %.1f MB of memory\n",
           (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC,
           memory_mb ());
  fixture_tear_down (&fixture);
  return error != NULL;
}
