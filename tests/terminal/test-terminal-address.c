/* test-terminal-address.c - every form of a terminal's address, and what is refused
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "pfa-error.h"
#include "pfa-terminal-address.h"

typedef struct
{
  const char *text;
  const char *written; /* NULL: refused */
} Case;

static const Case cases[] = {
  { "zvt+tcp://192.168.1.50", "zvt+tcp://192.168.1.50:20007" },
  { "zvt+tcp://192.168.1.50:20011", "zvt+tcp://192.168.1.50:20011" },
  { "ZVT+TCP://terminal.local/", "zvt+tcp://terminal.local:20007" },
  { "zvt+tcp://[fe80::1]:1", "zvt+tcp://[fe80::1]:1" },
  { "zvt+serial:///dev/ttyACM0", "zvt+serial:///dev/ttyACM0" },
  { "zvt+serial:///dev/ttyACM0?baud=9600", "zvt+serial:///dev/ttyACM0" },
  { "zvt+serial:///dev/serial/by-id/usb-1?baud=115200",
    "zvt+serial:///dev/serial/by-id/usb-1?baud=115200" },
  { "nexo+https://10.0.0.7?poi=V400m-346403161", "nexo+https://10.0.0.7:8443?poi=V400m-346403161" },
  { "ecr17+tcp://10.0.0.7:10000", "ecr17+tcp://10.0.0.7:10000" },
  { "transbank+serial:///dev/ttyUSB0", "transbank+serial:///dev/ttyUSB0" },
  { "codepay+serial:///dev/ttyACM1", "codepay+serial:///dev/ttyACM1" },
  { "echo+tcp://10.0.0.7", "echo+tcp://10.0.0.7:4000" },
  { "poslink+tcp://10.0.0.7", "poslink+tcp://10.0.0.7:10009" },
  { "usb:1-2.3", "usb:1-2.3" },
  { "", NULL },
  { "192.168.1.50", NULL },
  { "http://192.168.1.50", NULL },
  { "zvt+tcp://", NULL },
  { "zvt+tcp://host:0", NULL },
  { "zvt+tcp://host:99999", NULL },
  { "zvt+tcp://host:port", NULL },
  { "zvt+tcp://host:65536", NULL },
  { "zvt+tcp://host:-1", NULL },
  { "zvt+tcp://host:20007/path", NULL },
  { "zvt+tcp://user:000000@host", NULL },
  { "zvt+tcp://000000@host", NULL },
  { "zvt+tcp://host?password=000000", NULL },
  { "zvt+tcp://host#x", NULL },
  { "zvt+tcp://host name", NULL },
  { "zvt+serial://dev/ttyACM0", NULL },
  { "zvt+serial:///etc/passwd", NULL },
  { "zvt+serial:///dev/../etc/passwd", NULL },
  { "zvt+serial:///dev/ttyACM0?baud=9601", NULL },
  { "ecr17+tcp://10.0.0.7", NULL },
  { "nexo+https://10.0.0.7?poi=a&passphrase=x", NULL },
  { "nexo+https://10.0.0.7?poi=", NULL },
  { "nexo+https://10.0.0.7", NULL },
  { "usb:1", NULL },
  { "usb:../1-2", NULL },
  { "usb://1-2", NULL },
};

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (PfaTerminalAddress) address = pfa_terminal_address_parse (c->text, &error);
  g_autoptr (PfaTerminalAddress) again = NULL;

  if (c->written == NULL)
    {
      g_assert_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT);
      g_assert_null (address);
      return;
    }
  g_assert_no_error (error);
  g_assert_cmpstr (address->text, ==, c->written);
  again = pfa_terminal_address_parse (address->text, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again->text, ==, c->written);
}

static void
test_random (void)
{
  const char alphabet[] = "zvtecr17usb+:/?[]@#%&=.-0123456789 \xc3\xa4";
  g_autoptr (GRand) random = g_rand_new_with_seed (96);

  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr (GString) text = g_string_new (cases[i % 14].text);
      g_autoptr (PfaTerminalAddress) address = NULL;

      for (guint k = 0; k < 3; k++)
        text->str[g_rand_int_range (random, 0, (gint32) text->len)] =
            alphabet[g_rand_int_range (random, 0, sizeof alphabet - 1)];
      address = pfa_terminal_address_parse (text->str, NULL);
      if (address != NULL)
        {
          g_autoptr (PfaTerminalAddress) again = pfa_terminal_address_parse (address->text, NULL);

          g_assert_nonnull (again);
          g_assert_cmpstr (again->text, ==, address->text);
        }
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = g_strdup_printf ("/terminal/address/%02u", i);

      g_test_add_data_func (name, &cases[i], test_case);
    }
  g_test_add_func ("/terminal/address/random", test_random);
  return g_test_run ();
}
