/* pfa-terminal-address.c - where a terminal is and what it speaks (DESIGN.md 4.5)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-terminal-address.h"

#include <string.h>

#include "pfa-error.h"

#define MAX_ADDRESS_LENGTH 512
#define MAX_PORT           65535

typedef struct
{
  const char *scheme;
  PfaProtocol protocol;
  PfaLinkKind link;
  guint number; /* default port, or default baud; 0: must be given */
} Kind;

static const Kind kinds[] = {
  { "zvt+tcp", PFA_PROTOCOL_ZVT, PFA_LINK_TCP, 20007 },
  { "zvt+serial", PFA_PROTOCOL_ZVT, PFA_LINK_SERIAL, 9600 },
  { "nexo+https", PFA_PROTOCOL_NEXO, PFA_LINK_HTTPS, 8443 },
  { "ecr17+tcp", PFA_PROTOCOL_ECR17, PFA_LINK_TCP, 0 },
  { "transbank+serial", PFA_PROTOCOL_TRANSBANK, PFA_LINK_SERIAL, 115200 },
  { "codepay+serial", PFA_PROTOCOL_CODEPAY, PFA_LINK_SERIAL, 115200 },
  { "echo+tcp", PFA_PROTOCOL_ECHO, PFA_LINK_TCP, 4000 },
  { "poslink+tcp", PFA_PROTOCOL_POSLINK, PFA_LINK_TCP, 10009 },
  { "usb", PFA_PROTOCOL_USB, PFA_LINK_USB, 0 },
};

static const guint bauds[] = { 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200 };

static gboolean
refuse (GError **error, const char *text, const char *why)
{
  g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "terminal address “%s”: %s", text, why);
  return FALSE;
}

static const Kind *
find_kind (const char *scheme)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i].scheme, scheme) == 0)
      return &kinds[i];
  return NULL;
}

/* "1-2", "3-1.4.2": the names that the kernel gives to places on its buses. */
static gboolean
is_usb_port (const char *text)
{
  return g_regex_match_simple ("^[0-9]{1,3}-[0-9]{1,3}(\\.[0-9]{1,3}){0,6}$", text, 0, 0);
}

static gboolean
is_serial_device (const char *path)
{
  return g_regex_match_simple ("^/dev/[A-Za-z0-9_./:-]{1,200}$", path, 0, 0) &&
         strstr (path, "/.") == NULL && !g_str_has_suffix (path, "/");
}

static gboolean
parse_baud (PfaTerminalAddress *self, const char *value)
{
  guint64 baud;

  if (!g_ascii_string_to_unsigned (value, 10, 1, G_MAXUINT, &baud, NULL))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (bauds); i++)
    if (bauds[i] == baud)
      self->baud = (guint) baud;
  return self->baud == baud;
}

/* baud= for a serial line, poi= for nexo; anything else might be a secret and is refused. */
static gboolean
parse_query (PfaTerminalAddress *self, const char *query, const char *text, GError **error)
{
  GUriParamsIter iter;
  char *name;
  char *value;

  if (query == NULL)
    return TRUE;
  g_uri_params_iter_init (&iter, query, -1, "&", G_URI_PARAMS_NONE);
  while (g_uri_params_iter_next (&iter, &name, &value, NULL))
    {
      g_autofree char *owned_name = name;
      g_autofree char *owned_value = value;

      if (self->link == PFA_LINK_SERIAL && strcmp (owned_name, "baud") == 0)
        {
          if (!parse_baud (self, owned_value))
            return refuse (error, text, "the baud rate is not one that serial lines have");
        }
      else if (self->protocol == PFA_PROTOCOL_NEXO && strcmp (owned_name, "poi") == 0)
        {
          if (!g_regex_match_simple ("^[A-Za-z0-9_.+-]{1,64}$", owned_value, 0, 0))
            return refuse (error, text, "“poi” must be MODEL-SERIAL");
          g_free (self->poi);
          self->poi = g_steal_pointer (&owned_value);
        }
      else
        return refuse (error, text, "only “baud” or “poi” may stand behind the question mark");
    }
  return TRUE;
}

static gboolean
take_host (PfaTerminalAddress *self, GUri *uri, const Kind *kind, const char *text, GError **error)
{
  const char *host = g_uri_get_host (uri);
  int port = g_uri_get_port (uri);

  if (host == NULL || host[0] == '\0' || strlen (host) > 253)
    return refuse (error, text, "the terminal’s host or IP address is missing");
  if (!g_hostname_is_ip_address (host) && !g_regex_match_simple ("^[A-Za-z0-9._-]+$", host, 0, 0))
    return refuse (error, text, "this is not a host name or IP address");
  if (g_uri_get_path (uri)[0] != '\0' && strcmp (g_uri_get_path (uri), "/") != 0)
    return refuse (error, text, "nothing may stand behind host and port");
  if (port == -1)
    port = (int) kind->number;
  if (port <= 0 || port > MAX_PORT)
    return refuse (error, text, "the port is missing or not between 1 and 65535");
  self->host = g_strdup (host);
  self->port = (guint16) port;
  return TRUE;
}

static gboolean
take_device (PfaTerminalAddress *self,
             GUri *uri,
             const Kind *kind,
             const char *text,
             GError **error)
{
  const char *host = g_uri_get_host (uri);

  if (host != NULL && host[0] != '\0')
    return refuse (error,
                   text,
                   "a serial device is written with three slashes, as in :///dev/ttyACM0");
  if (!is_serial_device (g_uri_get_path (uri)))
    return refuse (error, text, "the device must lie below /dev");
  self->device = g_strdup (g_uri_get_path (uri));
  self->baud = kind->number;
  return TRUE;
}

static gboolean
take_usb_port (PfaTerminalAddress *self, GUri *uri, const char *text, GError **error)
{
  if (g_uri_get_host (uri) != NULL || !is_usb_port (g_uri_get_path (uri)))
    return refuse (error, text, "a place on USB is written as in usb:1-2.3");
  self->usb_port = g_strdup (g_uri_get_path (uri));
  return TRUE;
}

static char *
write_out (const PfaTerminalAddress *self, const Kind *kind)
{
  g_autofree char *query = NULL;
  gboolean brackets;

  if (self->link == PFA_LINK_USB)
    return g_strdup_printf ("usb:%s", self->usb_port);
  if (self->link == PFA_LINK_SERIAL)
    {
      if (self->baud != kind->number)
        query = g_strdup_printf ("?baud=%u", self->baud);
      return g_strdup_printf ("%s://%s%s", kind->scheme, self->device, query != NULL ? query : "");
    }
  if (self->poi != NULL)
    query = g_strdup_printf ("?poi=%s", self->poi);
  brackets = strchr (self->host, ':') != NULL;
  return g_strdup_printf ("%s://%s%s%s:%u%s",
                          kind->scheme,
                          brackets ? "[" : "",
                          self->host,
                          brackets ? "]" : "",
                          self->port,
                          query != NULL ? query : "");
}

static gboolean
take_parts (PfaTerminalAddress *self, GUri *uri, const Kind *kind, const char *text, GError **error)
{
  if (g_uri_get_userinfo (uri) != NULL || g_uri_get_fragment (uri) != NULL)
    return refuse (error, text, "passwords and keys never stand in an address");
  if (kind->link == PFA_LINK_USB)
    return take_usb_port (self, uri, text, error) &&
           parse_query (self, g_uri_get_query (uri), text, error);
  if (kind->link == PFA_LINK_SERIAL)
    return take_device (self, uri, kind, text, error) &&
           parse_query (self, g_uri_get_query (uri), text, error);
  return take_host (self, uri, kind, text, error) &&
         parse_query (self, g_uri_get_query (uri), text, error);
}

PfaTerminalAddress *
pfa_terminal_address_parse (const char *text, GError **error)
{
  g_autoptr (PfaTerminalAddress) self = g_new0 (PfaTerminalAddress, 1);
  g_autoptr (GUri) uri = NULL;
  g_autoptr (GError) unread = NULL;
  const Kind *kind;

  g_return_val_if_fail (text != NULL, NULL);

  if (strlen (text) > MAX_ADDRESS_LENGTH || !g_utf8_validate (text, -1, NULL))
    {
      g_set_error_literal (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "this is not a terminal address");
      return NULL;
    }
  /* GUri would quietly resolve them. */
  if (strstr (text, "..") != NULL)
    {
      refuse (error, text, "two dots in a row have no place in it");
      return NULL;
    }
  uri = g_uri_parse (text, G_URI_FLAGS_HAS_PASSWORD, &unread);
  if (g_error_matches (unread, G_URI_ERROR, G_URI_ERROR_BAD_PORT))
    {
      refuse (error, text, "the port must be a number from 1 to 65535");
      return NULL;
    }
  kind = uri != NULL ? find_kind (g_uri_get_scheme (uri)) : NULL;
  if (kind == NULL)
    {
      refuse (error, text, "it must begin like zvt+tcp://192.168.1.50:20007 or usb:1-2");
      return NULL;
    }
  self->protocol = kind->protocol;
  self->link = kind->link;
  if (!take_parts (self, uri, kind, text, error))
    return NULL;
  if (self->protocol == PFA_PROTOCOL_NEXO && self->poi == NULL)
    {
      refuse (error, text, "the terminal’s own name is missing: ?poi=MODEL-SERIAL");
      return NULL;
    }
  self->text = write_out (self, kind);
  return g_steal_pointer (&self);
}

void
pfa_terminal_address_free (PfaTerminalAddress *self)
{
  g_free (self->text);
  g_free (self->host);
  g_free (self->device);
  g_free (self->poi);
  g_free (self->usb_port);
  g_free (self);
}

const char *
pfa_terminal_address_get_protocol_name (const PfaTerminalAddress *self)
{
  switch (self->protocol)
    {
    case PFA_PROTOCOL_ZVT:
      return "zvt";
    case PFA_PROTOCOL_NEXO:
      return "nexo";
    case PFA_PROTOCOL_ECR17:
      return "ecr17";
    case PFA_PROTOCOL_TRANSBANK:
      return "transbank";
    case PFA_PROTOCOL_CODEPAY:
      return "codepay";
    case PFA_PROTOCOL_ECHO:
      return "echo";
    case PFA_PROTOCOL_POSLINK:
      return "poslink";
    case PFA_PROTOCOL_USB:
    default:
      return "usb";
    }
}

gboolean
pfa_terminal_address_is_experimental (const PfaTerminalAddress *self)
{
  return self->protocol == PFA_PROTOCOL_POSLINK;
}
