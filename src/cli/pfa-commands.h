/* pfa-commands.h - the table of commands, and what they share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>
#include <glib/gi18n.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Exit statuses (DESIGN.md 4.1). What 1 and 3 mean is the command's own. */
#define PFA_EXIT_GOOD  0
#define PFA_EXIT_BAD   1
#define PFA_EXIT_USAGE 2
#define PFA_EXIT_OPEN  3

/* One file pfa-command-NAME.c a command, and one line in pfa-commands.c. @argv[0] is the command's
 * name; the array may be changed by GOptionContext. Returns the exit status. */
typedef struct
{
  const char *name;
  int (*run) (int argc, char *argv[]);
} PfaCommand;

extern const PfaCommand pfa_commands[];

/* From now on g_print() and g_printerr() show a sign in place of each control character: names and
 * texts of providers, terminals and files are foreign, and must not act on the person's screen. */
void pfa_cli_guard_output (void);
/* One plain sentence on standard error. */
void pfa_cli_complain (const char *format, ...) G_GNUC_PRINTF (1, 2);
/* Parses @entries; on a fault complains and returns FALSE: leave with PFA_EXIT_USAGE. Prints the
 * help and ends the program on --help. @arguments: "FILE", what stands behind the options; NULL: nothing may. */
gboolean
pfa_cli_parse (int *argc, char **argv[], const GOptionEntry *entries, const char *arguments);
/* One JSON object and a line feed on standard output. @object: (transfer full) */
void pfa_cli_print_json (JsonObject *object);
/* Prints @text for people, wrapped at 80 columns (two for a Chinese character), each line behind
 * @indent spaces. */
void pfa_cli_print_wrapped (const char *text, guint indent);
/* "en", "zh_CN" or "de": the person's language. (transfer none) */
const char *pfa_cli_get_language (void);
/* Speaks @language from now on, whatever the environment says. */
void pfa_cli_set_language (const char *language);
/* TRUE when @path may become a file of ours. A device or folder of that name is complained of: a
 * whole file put in its place would do away with it. */
gboolean pfa_cli_may_replace (const char *path);
/* $XDG_DATA_HOME/pos-first-aid; not made. (transfer full) */
char *pfa_cli_dup_data_dir (void);

G_END_DECLS
