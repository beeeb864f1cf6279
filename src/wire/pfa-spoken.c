/* pfa-spoken.c - a short code for the telephone: what was found and tried, when no line is left
 *
 *   version 2 bits · cause 8 · confidence 2 · payment 4 · connection 3 · answered 3 · is-96 1
 *   [code 11] · number of steps 3 · each step 8 · zeros up to a multiple of 5 · two check symbols
 *
 * The check symbols make it a Reed-Solomon code over GF(32) of distance 3: any two wrong symbols
 * are noticed, and a transposition is two wrong symbols.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-spoken.h"

#include <string.h>

#include "pfa-error.h"
#include "pfa-spoken-words.h"

#define VERSION        1
#define SYMBOL_BITS    5
#define FIELD_ORDER    31 /* of the multiplicative group */
#define MAX_SYMBOLS    24
#define CHECK_SYMBOLS  2
#define GROUP          4
#define CODE_DIGITS    36
#define CODE_OTHER     2047
#define MAX_TYPED      100
#define USUAL_CODE     "96"
#define QR_PREFIX      "POSAID:"
#define PAYMENT_STATES 11

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
static const char *const connections[] = {
  "lan", "wifi", "mobile", "phone-line", "phone-app", NULL
};
static const char *const answers[] = { "host", "terminal", "reversal", "sign-in", NULL };

typedef struct
{
  guint8 symbols[MAX_SYMBOLS];
  guint count;
  guint bit; /* position in bits, for writing and reading */
} Symbols;

PfaSpoken *
pfa_spoken_new (void)
{
  PfaSpoken *self = g_new0 (PfaSpoken, 1);

  self->failed = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
pfa_spoken_free (PfaSpoken *self)
{
  g_free (self->code);
  g_free (self->cause);
  g_free (self->payment);
  g_free (self->connection);
  g_free (self->answered);
  g_ptr_array_unref (self->failed);
  g_free (self);
}

guint
pfa_spoken_confidence_for (double probability)
{
  return (probability >= 0.5) + (probability >= 0.8) + (probability >= 0.95);
}

/* α to the power of @exponent, α a root of x⁵ + x² + 1. */
static guint8
power (guint exponent)
{
  guint value = 1;

  for (exponent %= FIELD_ORDER; exponent > 0; exponent--)
    {
      value <<= 1;
      if (value & 32)
        value ^= 0x25;
    }
  return (guint8) value;
}

static guint8
multiply (guint8 a, guint8 b)
{
  guint product = 0;

  for (guint i = 0; i < SYMBOL_BITS; i++)
    if (b & (1 << i))
      product ^= (guint) a << i;
  for (guint i = 2 * SYMBOL_BITS; i-- > SYMBOL_BITS;)
    if (product & (1u << i))
      product ^= 0x25u << (i - SYMBOL_BITS);
  return (guint8) product;
}

static guint8
invert (guint8 a)
{
  for (guint exponent = 0; exponent < FIELD_ORDER; exponent++)
    if (multiply (a, power (exponent)) == 1)
      return power (exponent);
  return 0;
}

/* Σ cᵢ and Σ αⁱ·cᵢ; both are 0 for a sound code. */
static void
compute_sums (const Symbols *symbols, guint8 *plain, guint8 *weighted)
{
  *plain = *weighted = 0;
  for (guint i = 0; i < symbols->count; i++)
    {
      *plain ^= symbols->symbols[i];
      *weighted ^= multiply (power (i), symbols->symbols[i]);
    }
}

static void
append_checks (Symbols *symbols)
{
  guint8 plain, weighted, second;
  guint8 at = power (symbols->count);

  compute_sums (symbols, &plain, &weighted);
  second = multiply (weighted ^ multiply (at, plain), invert (at ^ power (symbols->count + 1)));
  symbols->symbols[symbols->count++] = plain ^ second;
  symbols->symbols[symbols->count++] = second;
}

static void
put (Symbols *symbols, guint value, guint bits)
{
  while (bits-- > 0)
    {
      guint at = symbols->bit++;

      if (value & (1u << bits))
        symbols->symbols[at / SYMBOL_BITS] |= (guint8) (16 >> at % SYMBOL_BITS);
    }
  symbols->count = (symbols->bit + SYMBOL_BITS - 1) / SYMBOL_BITS;
}

/* Behind the end there are zeros; the length is looked at afterwards. */
static guint
take (Symbols *symbols, guint bits)
{
  guint value = 0;

  while (bits-- > 0)
    {
      guint at = symbols->bit++;

      value <<= 1;
      if (at / SYMBOL_BITS < MAX_SYMBOLS)
        value |= symbols->symbols[at / SYMBOL_BITS] >> (SYMBOL_BITS - 1 - at % SYMBOL_BITS) & 1;
    }
  return value;
}

/* 0: unknown; the first word is 1. */
static guint
number_of (const char *const *words, const char *word)
{
  for (guint i = 0; word != NULL && words[i] != NULL; i++)
    if (g_str_equal (words[i], word))
      return i + 1;
  return 0;
}

static const char *
word_of (const char *const *words, guint number)
{
  return number > 0 && number <= g_strv_length ((char **) words) ? words[number - 1] : NULL;
}

static guint
number_of_payment (const char *state)
{
  guint64 number;

  if (state == NULL || state[0] != 'u' ||
      !g_ascii_string_to_unsigned (state + 1, 10, 1, PAYMENT_STATES, &number, NULL))
    return 0;
  return (guint) number;
}

static int
digit_of (char c)
{
  if (g_ascii_isdigit (c))
    return c - '0';
  return g_ascii_isalpha (c) ? g_ascii_toupper (c) - 'A' + 10 : -1;
}

static guint
number_of_code (const char *code)
{
  if (code == NULL || strlen (code) != 2 || digit_of (code[0]) < 0 || digit_of (code[1]) < 0)
    return CODE_OTHER;
  return (guint) (digit_of (code[0]) * CODE_DIGITS + digit_of (code[1]));
}

static char *
code_of (guint number)
{
  static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

  if (number >= CODE_DIGITS * CODE_DIGITS)
    return NULL;
  return g_strdup_printf ("%c%c", digits[number / CODE_DIGITS], digits[number % CODE_DIGITS]);
}

static void
put_all (Symbols *symbols, const PfaSpoken *self)
{
  gboolean usual = g_strcmp0 (self->code, USUAL_CODE) == 0;
  guint count = MIN (self->failed->len, PFA_SPOKEN_MAX_FAILED);

  put (symbols, VERSION, 2);
  put (symbols, number_of (pfa_spoken_causes, self->cause), 8);
  put (symbols, MIN (self->confidence, 3), 2);
  put (symbols, number_of_payment (self->payment), 4);
  put (symbols, number_of (connections, self->connection), 3);
  put (symbols, number_of (answers, self->answered), 3);
  put (symbols, usual, 1);
  if (!usual)
    put (symbols, number_of_code (self->code), 11);
  put (symbols, count, 3);
  for (guint i = self->failed->len - count; i < self->failed->len; i++)
    put (symbols, number_of (pfa_spoken_actions, self->failed->pdata[i]), 8);
}

char *
pfa_spoken_encode (const PfaSpoken *self)
{
  Symbols symbols = { 0 };
  GString *text = g_string_new (NULL);

  put_all (&symbols, self);
  append_checks (&symbols);
  for (guint i = 0; i < symbols.count; i++)
    {
      if (i > 0 && i % GROUP == 0)
        g_string_append_c (text, '-');
      g_string_append_c (text, alphabet[symbols.symbols[i]]);
    }
  return g_string_free (text, FALSE);
}

char *
pfa_spoken_build_qr_text (const PfaSpoken *self)
{
  g_autofree char *code = pfa_spoken_encode (self);
  g_auto (GStrv) groups = g_strsplit (code, "-", -1);
  g_autofree char *joined = g_strjoinv ("", groups);

  /* Upper case, digits and a colon: what a QR code holds in its denser form. */
  return g_strconcat (QR_PREFIX, joined, NULL);
}

static gboolean
refuse (GError **error, const char *text)
{
  g_set_error_literal (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, text);
  return FALSE;
}

/* -1: skip it, -2: none of ours. */
static int
symbol_of (gunichar c)
{
  const char *found;

  if (g_unichar_isspace (c) || c == '-' || c == '.' || c == 0x2010 || c == 0x2011 || c == 0x2013)
    return -1;
  /* Full-width letters and digits, as a Chinese keyboard may give. */
  if (c >= 0xff01 && c <= 0xff5e)
    c -= 0xff01 - 0x21;
  if (c >= 0x80)
    return -2;
  c = (gunichar) g_ascii_toupper ((char) c);
  if (c == 'O')
    c = '0';
  if (c == 'I' || c == 'L')
    c = '1';
  found = c != 0 ? strchr (alphabet, (char) c) : NULL;
  return found != NULL ? (int) (found - alphabet) : -2;
}

static gboolean
parse_symbols (const char *text, Symbols *symbols, GError **error)
{
  if (strlen (text) > MAX_TYPED || !g_utf8_validate (text, -1, NULL))
    return refuse (error, "this is no such code");
  if (g_ascii_strncasecmp (text, QR_PREFIX, strlen (QR_PREFIX)) == 0)
    text += strlen (QR_PREFIX);
  for (; *text != '\0'; text = g_utf8_next_char (text))
    {
      int symbol = symbol_of (g_utf8_get_char (text));

      if (symbol == -2)
        return refuse (error, "the code has only digits and letters, without U");
      if (symbol >= 0 && symbols->count == MAX_SYMBOLS)
        return refuse (error, "the code is too long");
      if (symbol >= 0)
        symbols->symbols[symbols->count++] = (guint8) symbol;
    }
  return symbols->count > CHECK_SYMBOLS || refuse (error, "the code is too short");
}

static PfaSpoken *
take_all (Symbols *symbols, GError **error)
{
  g_autoptr (PfaSpoken) self = pfa_spoken_new ();
  guint payment, count;

  if (take (symbols, 2) != VERSION)
    {
      g_set_error_literal (error,
                           PFA_ERROR,
                           PFA_ERROR_NOT_SUPPORTED,
                           "the code was made by another version of the program");
      return NULL;
    }
  self->cause = g_strdup (word_of (pfa_spoken_causes, take (symbols, 8)));
  self->confidence = take (symbols, 2);
  payment = take (symbols, 4);
  if (payment > 0 && payment <= PAYMENT_STATES)
    self->payment = g_strdup_printf ("u%u", payment);
  self->connection = g_strdup (word_of (connections, take (symbols, 3)));
  self->answered = g_strdup (word_of (answers, take (symbols, 3)));
  self->code = take (symbols, 1) ? g_strdup (USUAL_CODE) : code_of (take (symbols, 11));
  count = take (symbols, 3);
  for (guint i = 0; i < count; i++)
    {
      const char *action = word_of (pfa_spoken_actions, take (symbols, 8));

      if (action != NULL)
        g_ptr_array_add (self->failed, g_strdup (action));
    }
  return g_steal_pointer (&self);
}

PfaSpoken *
pfa_spoken_decode (const char *text, GError **error)
{
  Symbols symbols = { 0 };
  g_autoptr (PfaSpoken) self = NULL;
  guint8 plain, weighted;

  if (!parse_symbols (text, &symbols, error))
    return NULL;
  compute_sums (&symbols, &plain, &weighted);
  if (plain != 0 || weighted != 0)
    {
      refuse (error, "the code does not add up: a character is wrong, missing or swapped");
      return NULL;
    }
  self = take_all (&symbols, error);
  if (self == NULL)
    return NULL;
  if ((symbols.bit + SYMBOL_BITS - 1) / SYMBOL_BITS + CHECK_SYMBOLS != symbols.count)
    {
      refuse (error, "the code has the wrong length");
      return NULL;
    }
  return g_steal_pointer (&self);
}

JsonObject *
pfa_spoken_to_json (const PfaSpoken *self)
{
  JsonObject *object = json_object_new ();
  JsonArray *failed = json_array_new ();

  json_object_set_string_member (object, "code", self->code != NULL ? self->code : "unknown");
  json_object_set_string_member (object, "cause", self->cause != NULL ? self->cause : "unknown");
  json_object_set_int_member (object, "confidence", self->confidence);
  json_object_set_string_member (object,
                                 "payment",
                                 self->payment != NULL ? self->payment : "unknown");
  json_object_set_string_member (object,
                                 "connection",
                                 self->connection != NULL ? self->connection : "unknown");
  json_object_set_string_member (object,
                                 "answered",
                                 self->answered != NULL ? self->answered : "unknown");
  for (guint i = 0; i < self->failed->len; i++)
    json_array_add_string_element (failed, self->failed->pdata[i]);
  json_object_set_array_member (object, "failed", failed);
  return object;
}
