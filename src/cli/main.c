/* main.c - pos-first-aid: a command, or the window
 *
 * The window is a program of its own (pos-first-aid-window), so that a command never loads GTK.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <libintl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pfa-commands.h"

static const char usage[] =
    N_ ("Usage:\n"
        "  pos-first-aid                      the window\n"
        "  pos-first-aid check                looks at the connection, says what is wrong\n"
        "  pos-first-aid explain CODE         what a code means and what to do\n"
        "  pos-first-aid terminals            what USB shows and the addresses saved\n"
        "  pos-first-aid terminal-status ADDRESS\n"
        "  pos-first-aid bundle create|verify|list\n"
        "  pos-first-aid send FILE            hands a bundle to the provider\n"
        "  pos-first-aid outbox [run|cancel]\n"
        "  pos-first-aid profile open|fetch|back   a provider’s signed profile\n"
        "  pos-first-aid guided               a guided session with support\n"
        "  pos-first-aid journal              earlier incidents\n"
        "  pos-first-aid redact               hides what is secret in a text\n"
        "  pos-first-aid validate FILE...     checks a model, profile or bundle\n"
        "  pos-first-aid diagnose, model      the engine and its knowledge\n"
        "Each command explains itself with --help.\n");

/* The folder of this program, so that it runs from any build folder. (transfer full) */
static char *
dup_program_dir (void)
{
  g_autofree char *path = g_file_read_link ("/proc/self/exe", NULL);

  return path != NULL ? g_path_get_dirname (path) : g_strdup (".");
}

static void
set_up_language (void)
{
  g_autofree char *dir = dup_program_dir ();
  g_autofree char *uninstalled = g_build_filename (dir, "..", "..", "po", NULL);

  /* A language whose locale this machine lacks is spoken all the same: gettext takes it from
   * LANGUAGE, as the knowledge's texts do from the same setting. */
  if (setlocale (LC_ALL, "") == NULL)
    {
      setlocale (LC_ALL, "C.UTF-8");
      pfa_cli_set_language (pfa_cli_get_language ());
    }
  /* Without any setting the system assumes ASCII, and every sign beyond it would print as "?". */
  if (g_str_equal (setlocale (LC_CTYPE, NULL), "C"))
    setlocale (LC_CTYPE, "C.UTF-8");
  if (g_str_equal (setlocale (LC_MESSAGES, NULL), "C"))
    setlocale (LC_MESSAGES, "C.UTF-8");
  bindtextdomain (GETTEXT_PACKAGE,
                  g_file_test (uninstalled, G_FILE_TEST_IS_DIR) ? uninstalled : LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
}

static int
start_window (char *argv[])
{
  g_autofree char *dir = dup_program_dir ();
  g_autofree char *uninstalled = g_build_filename (dir, "..", "app", "pos-first-aid-window", NULL);

  argv[0] = (char *) "pos-first-aid";
  execv (uninstalled, argv);
  execv (LIBEXEC_DIR "/pos-first-aid-window", argv);
  pfa_cli_complain ("the window cannot be started: %s", g_strerror (errno));
  return PFA_EXIT_USAGE;
}

/* A channel that the caller closed would be taken by the first file that is opened, and what is
 * printed would go into it. Each is held by one that fails as a closed one does. */
static void
hold_standard_channels (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl (fd, F_GETFD) < 0 && errno == EBADF)
      (void) !open ("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/* What could not be printed whole must not look whole. */
static int
finish (int status)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return status;
  pfa_cli_complain (_ ("what was to be printed could not be written"));
  return PFA_EXIT_USAGE;
}

int
main (int argc, char *argv[])
{
  hold_standard_channels ();
  /* What is logged for developers must not fall into the answer on standard output. */
  g_log_writer_default_set_use_stderr (TRUE);
  set_up_language ();
  pfa_cli_guard_output ();

  if (argc < 2 ||
      (argv[1][0] == '-' && !g_str_equal (argv[1], "--help") &&
       !g_str_equal (argv[1], "--version")) ||
      strchr (argv[1], '.') != NULL)
    return start_window (argv);

  for (guint i = 0; pfa_commands[i].name != NULL; i++)
    if (g_str_equal (argv[1], pfa_commands[i].name))
      return finish (pfa_commands[i].run (argc - 1, argv + 1));

  if (g_str_equal (argv[1], "--help") || g_str_equal (argv[1], "help"))
    {
      g_print ("%s", _ (usage));
      return finish (PFA_EXIT_GOOD);
    }
  if (g_str_equal (argv[1], "--version"))
    {
      g_print ("pos-first-aid " PACKAGE_VERSION "\n");
      return finish (PFA_EXIT_GOOD);
    }
  pfa_cli_complain (_ ("there is no command “%s”; pos-first-aid --help lists them"), argv[1]);
  return PFA_EXIT_USAGE;
}
