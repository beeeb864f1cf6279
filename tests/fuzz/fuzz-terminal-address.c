/* fuzz-terminal-address.c - a terminal's address may be any text; what is taken is taken again
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-terminal-address.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize length);

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize length)
{
  g_autofree char *text = g_strndup ((const char *) data, length);
  g_autoptr (PfaTerminalAddress) address = pfa_terminal_address_parse (text, NULL);
  g_autoptr (PfaTerminalAddress) again =
      address != NULL ? pfa_terminal_address_parse (address->text, NULL) : NULL;

  if (address != NULL && (again == NULL || !g_str_equal (again->text, address->text)))
    __builtin_trap ();
  return 0;
}
