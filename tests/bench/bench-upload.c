/* bench-upload.c - sends one file by tus and says how long it took: bench-upload ENDPOINT FILE
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <glib/gstdio.h>
#include <sys/resource.h>

#include "pfa-support-http.h"
#include "pfa-tus-upload.h"

static void
on_run_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!pfa_tus_upload_run_finish (PFA_TUS_UPLOAD (source), result, &error))
    g_error ("%s", error->message);
  g_main_loop_quit (user_data);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (SoupSession) session = pfa_support_session_new (NULL, NULL);
  g_autoptr (PfaTusUpload) upload = NULL;
  struct rusage usage;
  GStatBuf status;
  gint64 begun;

  if (argc != 3 || g_stat (argv[2], &status) != 0)
    return 2;
  upload = pfa_tus_upload_new (session, argv[1], argv[2], status.st_size, "00", "bench", NULL);
  if (g_getenv ("BENCH_CHUNK") != NULL)
    pfa_tus_upload_set_chunk (upload, g_ascii_strtoll (g_getenv ("BENCH_CHUNK"), NULL, 10));
  begun = g_get_monotonic_time ();
  pfa_tus_upload_run_async (upload, NULL, on_run_cb, loop);
  g_main_loop_run (loop);
  begun = g_get_monotonic_time () - begun;
  getrusage (RUSAGE_SELF, &usage);
  g_print ("%.6f %ld\n", (double) begun / G_USEC_PER_SEC, usage.ru_maxrss);
  return 0;
}
