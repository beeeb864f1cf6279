/* pfa-redact-command.c - secrets that only the program they are given to explains
 *
 * mysql -pSECRET, redis-cli -a SECRET, net use Z: \\server\share SECRET: what an option means
 * depends on the command before it. Also what other programs say in fixed words: a login to a mail
 * server, the hash of a password, the address of a webhook.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-redact-scan.h"

#define COMMAND_REACH 512

typedef enum
{
  GLUED,   /* -pSECRET */
  APART,   /* -a SECRET or -aSECRET */
  PERCENT, /* -U user%SECRET */
  ACCOUNT, /* net user NAME SECRET */
  SHARE,   /* net use X: \\server\share SECRET */
  SLASH,   /* sqlplus user/SECRET@database */
  NETWORK, /* wifi connect NAME */
  TOKEN,   /* AUTH PLAIN SECRET */
  ANSWER,  /* 334 UGFzc3dvcmQ6, and the secret on the next line */
  PIPED,   /* echo user:SECRET | chpasswd */
  HASH,    /* $6$salt$hash */
  PATH,    /* /services/T0/B0/SECRET */
  CODE,    /* ?code=SECRET */
  SQUARE,  /* WIFI:T:WPA;S:NAME;P:SECRET;; */
} Manner;

static const struct
{
  const char *word;
  Manner manner;
  char option;
} commands[] = {
  { "mysql", GLUED, 'p' },
  { "mariadb", GLUED, 'p' },
  { "sshpass", APART, 'p' },
  { "redis-cli", APART, 'a' },
  { "smbclient", PERCENT, 'U' },
  { "rpcclient", PERCENT, 'U' },
  { "docker login", APART, 'p' },
  { "podman login", APART, 'p' },
  { "oc login", APART, 'p' },
  { "useradd", APART, 'p' },
  { "usermod", APART, 'p' },
  { "sqlcmd", APART, 'P' },
  { "bcp ", APART, 'P' },
  { "snmpwalk", APART, 'c' },
  { "snmpget", APART, 'c' },
  { "snmpset", APART, 'c' },
  { "snmptrap", APART, 'c' },
  { "net user ", ACCOUNT, 0 },
  { "net use ", SHARE, 0 },
  { "sqlplus", SLASH, 0 },
  { "wifi:t:", SQUARE, 0 },
  { "wifi:s:", SQUARE, 0 },
  { "wifi connect ", NETWORK, 0 },
  { "auth plain ", TOKEN, 0 },
  { "auth login ", TOKEN, 0 },
  { "VXNlcm5hbWU6", ANSWER, 0 },
  { "UGFzc3dvcmQ6", ANSWER, 0 },
  { "chpasswd", PIPED, 0 },
  { "$1$", HASH, 0 },
  { "$5$", HASH, 0 },
  { "$6$", HASH, 0 },
  { "$2a$", HASH, 0 },
  { "$2b$", HASH, 0 },
  { "$2y$", HASH, 0 },
  { "$y$", HASH, 0 },
  { "$argon2", HASH, 0 },
  { "/services/T", PATH, 0 },
  { "?code=", CODE, 0 },
  { "&code=", CODE, 0 },
};

/* One argument of a command line; @start and @end without its quotation marks. */
typedef struct
{
  gsize start;
  gsize end;
  gsize next;
} Argument;

static gboolean
ends_command (guint8 c)
{
  return c == 0 || c == '\n' || c == '\r' || c == '|' || c == '<' || c == '>' || c == ';';
}

static gboolean
read_argument (const PfaScan *scan, gsize p, gsize limit, Argument *argument)
{
  guint8 quote = 0;

  while (p < limit && (scan->text[p] == ' ' || scan->text[p] == '\t'))
    p++;
  if (p >= limit || ends_command (scan->text[p]))
    return FALSE;
  argument->start = p;
  for (; p < limit && scan->text[p] != '\n' && scan->text[p] != '\r'; p++)
    {
      const guint8 c = scan->text[p];

      if (quote != 0 ? c == quote : c == '"' || c == '\'')
        quote = quote != 0 ? 0 : c;
      else if (quote == 0 && (c == ' ' || c == '\t' || c == ')' || c == ']'))
        break;
    }
  argument->end = argument->next = p;
  return p > argument->start;
}

/* Without the marks around it; numbers and words that tell nothing stay. */
static void
hide (PfaScan *scan, gsize start, gsize end, PfaSecret secret)
{
  gboolean other = FALSE;

  while (start < end && (scan->text[start] == '"' || scan->text[start] == '\''))
    start++;
  while (end > start && (scan->text[end - 1] == '"' || scan->text[end - 1] == '\''))
    end--;
  for (gsize i = start; i < end; i++)
    other |= !pfa_is_digit (scan->text[i]);
  if ((end - start >= 6 || (other && end - start >= 3)) && scan->text[start] != '$' &&
      !pfa_value_is_harmless ((const char *) scan->text + start, end - start))
    pfa_scan_add (scan, start, end, secret, (const char *) scan->text + start, end - start);
}

static void
hide_options (PfaScan *scan, gsize p, gsize limit, Manner manner, guint8 option)
{
  Argument argument;

  while (read_argument (scan, p, limit, &argument))
    {
      const guint8 *percent;

      p = argument.next;
      if (scan->text[argument.start] != '-' || pfa_scan_at (scan, argument.start + 1) != option)
        continue;
      if (argument.end - argument.start == 2 && manner != GLUED &&
          !read_argument (scan, p, limit, &argument))
        return;
      else if (scan->text[argument.start] == '-' && scan->text[argument.start + 1] == option)
        argument.start += 2;
      p = argument.next;
      percent = memchr (scan->text + argument.start, '%', argument.end - argument.start);
      if (manner == PERCENT && percent != NULL)
        argument.start = (gsize) (percent - scan->text) + 1;
      if (manner != PERCENT || percent != NULL)
        hide (scan, argument.start, argument.end, PFA_SECRET_PASSWORD);
    }
}

/* The second argument after the name, or the one after the share. */
static void
hide_positional (PfaScan *scan, gsize p, gsize limit, Manner manner)
{
  Argument argument;
  guint n = 0;
  gboolean share = FALSE;

  while (read_argument (scan, p, limit, &argument))
    {
      const guint8 first = scan->text[argument.start];

      p = argument.next;
      if (first == '/')
        return;
      if (manner == ACCOUNT ? n == 1 : share && first != '\\')
        {
          if (first != '*')
            hide (scan, argument.start, argument.end, PFA_SECRET_PASSWORD);
          return;
        }
      share |= first == '\\';
      n++;
    }
}

static void
hide_behind_slash (PfaScan *scan, gsize p, gsize limit)
{
  Argument argument;

  while (read_argument (scan, p, limit, &argument))
    {
      const guint8 *slash =
          memchr (scan->text + argument.start, '/', argument.end - argument.start);
      const guint8 *at;

      p = argument.next;
      if (scan->text[argument.start] == '-' || slash == NULL ||
          slash == scan->text + argument.start)
        continue;
      argument.start = (gsize) (slash - scan->text) + 1;
      at = memchr (slash, '@', argument.end - argument.start + 1);
      hide (scan,
            argument.start,
            at != NULL ? (gsize) (at - scan->text) : argument.end,
            PFA_SECRET_PASSWORD);
      return;
    }
}

/* Letters, digits and what tokens are made of. */
static gsize
skip_token (const PfaScan *scan, gsize p)
{
  const gsize limit = MIN (p + COMMAND_REACH, scan->length);

  while (p < limit && (pfa_is_alnum (scan->text[p]) ||
                       (scan->text[p] != 0 && strchr ("+/=_-.$%", scan->text[p]) != NULL)))
    p++;
  return p;
}

static void
hide_token (PfaScan *scan, gsize start, gsize shortest, PfaSecret secret)
{
  const gsize end = skip_token (scan, start);

  if (end - start >= shortest)
    pfa_scan_add (scan, start, end, secret, (const char *) scan->text + start, end - start);
}

static void
hide_answer (PfaScan *scan, gsize p)
{
  const gsize limit = MIN (p + 64, scan->length);

  while (p < limit && scan->text[p] != '\n')
    p++;
  if (p < limit)
    hide_token (scan, p + 1, 4, PFA_SECRET_PASSWORD);
}

/* Back to the last colon of the same line. */
static void
hide_piped (PfaScan *scan, gsize position)
{
  const gsize low = position - MIN (position, 128);
  const guint8 *newline = memrchr (scan->text + low, '\n', position - low);
  const gsize first = newline != NULL ? (gsize) (newline - scan->text) + 1 : low;
  const guint8 *bar = memrchr (scan->text + first, '|', position - first);
  const guint8 *colon =
      bar != NULL ? memrchr (scan->text + first, ':', (gsize) (bar - scan->text) - first) : NULL;
  gsize end;

  if (colon == NULL)
    return;
  for (end = (gsize) (bar - scan->text); end > first && scan->text[end - 1] == ' ';)
    end--;
  hide (scan, (gsize) (colon - scan->text) + 1, end, PFA_SECRET_PASSWORD);
}

/* One that a server gave out to be exchanged: long, and of all kinds of letters. */
static void
hide_code (PfaScan *scan, gsize start)
{
  const gsize end = skip_token (scan, start);
  gboolean upper = FALSE, lower = FALSE, digit = FALSE;

  for (gsize i = start; i < end; i++)
    {
      upper |= pfa_is_upper (scan->text[i]);
      lower |= pfa_is_lower (scan->text[i]);
      digit |= pfa_is_digit (scan->text[i]);
    }
  if (end - start >= 16 && digit && (upper || lower))
    hide_token (scan, start, 16, PFA_SECRET_TOKEN);
}

/* What a QR code says of a network: fields that end with a semicolon. */
static void
hide_square (PfaScan *scan, gsize p, gsize limit)
{
  while (p + 2 < limit && scan->text[p] != '\n' && scan->text[p] != ';')
    {
      const guint8 field = scan->text[p] | 0x20;
      const gsize start = p + 2;

      for (p = start; p < limit && scan->text[p] != ';' && scan->text[p] != '\n'; p++)
        if (scan->text[p] == '\\')
          p++;
      p = MIN (p, limit);
      if ((field == 's' || field == 'p') && scan->text[start - 1] == ':' && p > start)
        pfa_scan_add (scan,
                      start,
                      p,
                      field == 's' ? PFA_SECRET_WIFI : PFA_SECRET_PASSWORD,
                      (const char *) scan->text + start,
                      p - start);
      p++;
    }
}

const char *
pfa_command_get_word (guint i)
{
  return i < G_N_ELEMENTS (commands) ? commands[i].word : NULL;
}

void
pfa_scan_command (PfaScan *scan, gsize position, const char *word)
{
  const gsize p = position + strlen (word);
  const gsize limit = MIN (p + COMMAND_REACH, scan->length);
  Argument argument;
  guint i = 0;

  while (i + 1 < G_N_ELEMENTS (commands) && !g_str_equal (commands[i].word, word))
    i++;
  switch (commands[i].manner)
    {
    case GLUED:
    case APART:
    case PERCENT:
      hide_options (scan, p, limit, commands[i].manner, (guint8) commands[i].option);
      break;
    case ACCOUNT:
    case SHARE:
      hide_positional (scan, p, limit, commands[i].manner);
      break;
    case SLASH:
      hide_behind_slash (scan, p, limit);
      break;
    case NETWORK:
      if (read_argument (scan, p, limit, &argument))
        hide (scan, argument.start, argument.end, PFA_SECRET_WIFI);
      break;
    case TOKEN:
      hide_token (scan, p, 8, PFA_SECRET_PASSWORD);
      break;
    case ANSWER:
      hide_answer (scan, p);
      break;
    case PIPED:
      hide_piped (scan, position);
      break;
    case HASH:
      if (position == 0 ||
          (!pfa_is_alnum (scan->text[position - 1]) && scan->text[position - 1] != '$'))
        hide_token (scan, position, 12, PFA_SECRET_PASSWORD);
      break;
    case PATH:
      hide_token (scan, position + strlen ("/services/"), 16, PFA_SECRET_TOKEN);
      break;
    case SQUARE:
      hide_square (scan, position + strlen ("wifi:"), limit);
      break;
    case CODE:
    default:
      hide_code (scan, p);
      break;
    }
}
