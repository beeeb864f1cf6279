/* pfa-redact-words.c - the words behind which a secret may stand, found by their first three
 * letters
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include <string.h>

#include "pfa-redact-scan.h"

#define TABLE_BITS 12

struct _PfaWordTable
{
  PfaBlockWords block;
  GArray *words; /* (element-type PfaWord) */
  int first[1 << TABLE_BITS];
  /* Which three letters begin a word that counts only where a word begins. */
  PfaWordStarts own;
  /* And which begin one that counts anywhere: the block's eight buckets let many others pass. */
  PfaWordStarts any;
};

/* Beginnings of names that pfa-redact-key.c knows. @own: only where a word begins. */
static const struct
{
  const char *text;
  gboolean own;
} names[] = {
  { "passw", FALSE },
  { "passph", FALSE },
  { "passc", FALSE },
  { "pass", TRUE },
  { "pwd", FALSE },
  { "storepass", FALSE },
  { "keypass", FALSE },
  { "requirepass", TRUE },
  { "dbpass", FALSE },
  { "userpass", FALSE },
  { "adminpass", FALSE },
  { "smtppass", FALSE },
  { "ftppass", FALSE },
  { "masterauth", TRUE },
  { "community", TRUE },
  { "zugangs", TRUE },
  { "g\303\274ltig bis", TRUE },
  { "license", TRUE },
  { "activation", TRUE },
  { "unlock", TRUE },
  { "freischalt", TRUE },
  { "workstation", TRUE },
  { "ticket", TRUE },
  { "pwrd", TRUE },
  { "pw=", TRUE },
  { "pw:", TRUE },
  { "pw\"", TRUE },
  { "pw ", TRUE },
  { "mdp", TRUE },
  { "psk", FALSE },
  { "wpa", TRUE },
  { "wep", TRUE },
  { "kennwort", FALSE },
  { "senha", TRUE },
  { "contrase", FALSE },
  { "mot de passe", TRUE },
  { "wachtwoord", FALSE },
  { "identified by", TRUE },
  { "credential", FALSE },
  { "creds", TRUE },
  { "zugangsdaten", FALSE },
  { "geheim", FALSE },
  { "secret", FALSE },
  { "key", FALSE },
  { "token", FALSE },
  { "jwt", TRUE },
  { "bearer", TRUE },
  { "authori", FALSE },
  { "auth", TRUE },
  { "cookie", FALSE },
  { "session", FALSE },
  { "sessid", FALSE },
  { "sid", TRUE },
  { "csrf", TRUE },
  { "xsrf", TRUE },
  { "signature", FALSE },
  { "sig", TRUE },
  { "webhook", FALSE },
  { "otp", TRUE },
  { "totp", TRUE },
  { "tan", TRUE },
  { "sms", TRUE },
  { "verification", TRUE },
  { "one_time", TRUE },
  { "one-time", TRUE },
  { "salt", TRUE },
  { "seed", TRUE },
  { "tmk", TRUE },
  { "tpk", TRUE },
  { "tak", TRUE },
  { "tdk", TRUE },
  { "twk", TRUE },
  { "zmk", TRUE },
  { "zpk", TRUE },
  { "zak", TRUE },
  { "kek", TRUE },
  { "dek", TRUE },
  { "bdk", TRUE },
  { "ipek", TRUE },
  { "sign", TRUE },
  { "private", TRUE },
  { "identified", TRUE },
  { "de ", TRUE },
  { "关键内容", FALSE },
  { "lmk", TRUE },
  { "pik", TRUE },
  { "mak", TRUE },
  { "schl\303\274ssel", FALSE },
  { "schluessel", FALSE },
  { "pin", TRUE },
  { "epb", TRUE },
  { "cvv", TRUE },
  { "icvv", TRUE },
  { "cvc", TRUE },
  { "cvn", TRUE },
  { "cvd", TRUE },
  { "csc", TRUE },
  { "cav2", TRUE },
  { "security", TRUE },
  { "pr\303\274f", TRUE },
  { "pruef", TRUE },
  { "card", FALSE },
  { "karte", FALSE },
  { "cc", TRUE },
  { "ccnum", TRUE },
  { "pan", TRUE },
  { "acct", TRUE },
  { "account", FALSE },
  { "konto", TRUE },
  { "tarjeta", TRUE },
  { "track", FALSE },
  { "trk1", TRUE },
  { "trk2", TRUE },
  { "spur", TRUE },
  { "de0", TRUE },
  { "de2", TRUE },
  { "de14", TRUE },
  { "de35", TRUE },
  { "de36", TRUE },
  { "de45", TRUE },
  { "de52", TRUE },
  { "de55", TRUE },
  { "f02", TRUE },
  { "f14", TRUE },
  { "f35", TRUE },
  { "f36", TRUE },
  { "f45", TRUE },
  { "f52", TRUE },
  { "f55", TRUE },
  { "f00", TRUE },
  { "f01", TRUE },
  { "f03", TRUE },
  { "f04", TRUE },
  { "f05", TRUE },
  { "f2=", TRUE },
  { "f2:", TRUE },
  { "f2\"", TRUE },
  { "p52", TRUE },
  { "field", TRUE },
  { "bit", TRUE },
  { "\"002\"", FALSE },
  { "\"014\"", FALSE },
  { "\"035\"", FALSE },
  { "\"045\"", FALSE },
  { "\"052\"", FALSE },
  { "\"52\"", FALSE },
  { "[002]", FALSE },
  { "[014]", FALSE },
  { "[035]", FALSE },
  { "[045]", FALSE },
  { "[052]", FALSE },
  { "[52]", FALSE },
  { "\"055\"", FALSE },
  { "[055]", FALSE },
  { "icc", TRUE },
  { "exp", TRUE },
  { "valid", TRUE },
  { "holder", FALSE },
  { "inhaber", FALSE },
  { "name_on", TRUE },
  { "ssn", TRUE },
  { "idcard", TRUE },
  { "id_card", TRUE },
  { "ausweis", FALSE },
  { "passport", FALSE },
  { "iban", TRUE },
  { "serial", FALSE },
  { "seriennr", FALSE },
  { "seriennum", FALSE },
  { "sn=", TRUE },
  { "sn:", TRUE },
  { "sn\"", TRUE },
  { "sn ", TRUE },
  { "s/n", TRUE },
  { "ser ", TRUE },
  { "imei", TRUE },
  { "iccid", TRUE },
  { "imsi", TRUE },
  { "meid", TRUE },
  { "eid", TRUE },
  { "host", TRUE },
  { "computer", TRUE },
  { "rechnername", FALSE },
  { "nodename", TRUE },
  { "machine", TRUE },
  { "bssid", TRUE },
  { "mac", TRUE },
  { "hwaddr", TRUE },
  { "ssid", FALSE },
  { "wifi", TRUE },
  { "wi-fi", TRUE },
  { "wlan", TRUE },
  { "network", TRUE },
  { "netzwerk", TRUE },
  { "phone", FALSE },
  { "tele", TRUE },
  { "tel", TRUE },
  { "mobil", TRUE },
  { "handy", TRUE },
  { "fax", TRUE },
  { "cell", TRUE },
  { "msisdn", TRUE },
  { "rufnummer", FALSE },
  { "customer", TRUE },
  { "kundenname", TRUE },
  { "operator", TRUE },
  { "cashier", TRUE },
  { "kassierer", TRUE },
  { "bediener", TRUE },
  { "merchant_name", TRUE },
  { "merchantname", TRUE },
  { "merchant name", TRUE },
  { "merchant_address", TRUE },
  { "shop", TRUE },
  { "store", TRUE },
  { "first", TRUE },
  { "last_name", TRUE },
  { "lastname", TRUE },
  { "full", TRUE },
  { "surname", TRUE },
  { "vorname", TRUE },
  { "nachname", TRUE },
  { "owner", TRUE },
  { "address", TRUE },
  { "adresse", TRUE },
  { "anschrift", TRUE },
  { "billing", TRUE },
  { "street", TRUE },
  { "stra\303\237e", TRUE },
  { "strasse", TRUE },
  { "latitude", FALSE },
  { "longitude", FALSE },
  { "lat", TRUE },
  { "lon", TRUE },
  { "lng", TRUE },
  { "gps", TRUE },
  { "location", TRUE },
  { "密", FALSE },
  { "口令", FALSE },
  { "令牌", FALSE },
  { "签名", FALSE },
  { "验证", FALSE },
  { "校验码", FALSE },
  { "动态码", FALSE },
  { "卡号", FALSE },
  { "卡號", FALSE },
  { "账号", FALSE },
  { "银行卡", FALSE },
  { "持卡", FALSE },
  { "磁道", FALSE },
  { "安全码", FALSE },
  { "有效期", FALSE },
  { "身份证", FALSE },
  { "证件", FALSE },
  { "护照", FALSE },
  { "序列号", FALSE },
  { "设备号", FALSE },
  { "主机名", FALSE },
  { "计算机名", FALSE },
  { "无线", FALSE },
  { "电话", FALSE },
  { "手机", FALSE },
  { "联系", FALSE },
  { "姓名", FALSE },
  { "操作员", FALSE },
  { "收银员", FALSE },
  { "商户名", FALSE },
  { "店名", FALSE },
  { "地址", FALSE },
};

/* Numbers that stay for the provider are not even looked for then. */
static const char *const declared[] = {
  "rrn",    "retriev",  "reference", "ref",         "stan",        "trace",
  "tid",    "terminal", "term",      "mid",         "merchant",    "batch",
  "f11",    "f37",      "f41",       "f42",         "de11",        "de37",
  "de41",   "de42",     "order",     "trade",       "transaction", "txn",
  "参考号", "检索号",   "流水号",    "凭证号",      "批次号",      "终端",
  "商户",   "订单",     "交易号",    "belegnummer", "vu-nummer",   "referenznummer",
};

static const struct
{
  const char *text;
  PfaWordKind kind;
  gboolean own;
} shapes[] = {
  { "://", PFA_WORD_URL, FALSE },
  { "basic ", PFA_WORD_BASIC, TRUE },
  { "bearer ", PFA_WORD_BASIC, TRUE },
  { "digest ", PFA_WORD_BASIC, TRUE },
  { "-----BEGIN", PFA_WORD_PEM, FALSE },
  { "eyJ", PFA_WORD_JWT, FALSE },
  { "SG.", PFA_WORD_JWT, FALSE },
  { "AKIA", PFA_WORD_VENDOR, FALSE },
  { "ASIA", PFA_WORD_VENDOR, FALSE },
  { "ghp_", PFA_WORD_VENDOR, FALSE },
  { "gho_", PFA_WORD_VENDOR, FALSE },
  { "ghs_", PFA_WORD_VENDOR, FALSE },
  { "github_pat_", PFA_WORD_VENDOR, FALSE },
  { "glpat-", PFA_WORD_VENDOR, FALSE },
  { "xox", PFA_WORD_VENDOR, FALSE },
  { "sk_live_", PFA_WORD_VENDOR, FALSE },
  { "sk_test_", PFA_WORD_VENDOR, FALSE },
  { "rk_live_", PFA_WORD_VENDOR, FALSE },
  { "whsec_", PFA_WORD_VENDOR, FALSE },
  { "AIza", PFA_WORD_VENDOR, FALSE },
  { "LTAI", PFA_WORD_VENDOR, FALSE },
  { "AKID", PFA_WORD_VENDOR, FALSE },
  { "npm_", PFA_WORD_VENDOR, FALSE },
  { "]: ", PFA_WORD_PROCESS, FALSE },
  { "DESKTOP-", PFA_WORD_DEVICE, TRUE },
  { "LAPTOP-", PFA_WORD_DEVICE, TRUE },
  { ".local", PFA_WORD_DOMAIN, FALSE },
  { ".lan", PFA_WORD_DOMAIN, FALSE },
  { ".fritz.box", PFA_WORD_DOMAIN, FALSE },
  { ".home", PFA_WORD_DOMAIN, FALSE },
  { ".internal", PFA_WORD_DOMAIN, FALSE },
  { "jan ", PFA_WORD_MONTH, TRUE },
  { "feb ", PFA_WORD_MONTH, TRUE },
  { "mar ", PFA_WORD_MONTH, TRUE },
  { "apr ", PFA_WORD_MONTH, TRUE },
  { "may ", PFA_WORD_MONTH, TRUE },
  { "jun ", PFA_WORD_MONTH, TRUE },
  { "jul ", PFA_WORD_MONTH, TRUE },
  { "aug ", PFA_WORD_MONTH, TRUE },
  { "sep ", PFA_WORD_MONTH, TRUE },
  { "oct ", PFA_WORD_MONTH, TRUE },
  { "nov ", PFA_WORD_MONTH, TRUE },
  { "dec ", PFA_WORD_MONTH, TRUE },
  { "=30=3", PFA_WORD_PRINTABLE, FALSE },
  { "=31=3", PFA_WORD_PRINTABLE, FALSE },
  { "=32=3", PFA_WORD_PRINTABLE, FALSE },
  { "=33=3", PFA_WORD_PRINTABLE, FALSE },
  { "=34=3", PFA_WORD_PRINTABLE, FALSE },
  { "=35=3", PFA_WORD_PRINTABLE, FALSE },
  { "=36=3", PFA_WORD_PRINTABLE, FALSE },
  { "=37=3", PFA_WORD_PRINTABLE, FALSE },
  { "=38=3", PFA_WORD_PRINTABLE, FALSE },
  { "=39=3", PFA_WORD_PRINTABLE, FALSE },
  { "0x3", PFA_WORD_PRINTABLE, FALSE },
  { "5F20", PFA_WORD_TAG, FALSE },
  { "9F1F", PFA_WORD_TAG, FALSE },
  { "9F20", PFA_WORD_TAG, FALSE },
  { " -u ", PFA_WORD_OPTION, FALSE },
  { "sshpass -p ", PFA_WORD_OPTION, TRUE },
  { "--user ", PFA_WORD_OPTION, FALSE },
  { "/home/", PFA_WORD_HOME, FALSE },
  { "/Users/", PFA_WORD_HOME, FALSE },
  { "\\Users\\", PFA_WORD_HOME, FALSE },
};

static guint8
fold (guint8 c)
{
  return c >= 'A' && c <= 'Z' ? (guint8) (c | 0x20) : c;
}

static gboolean
is_same (const PfaWord *word, const guint8 *text)
{
  for (guint i = 0; i < word->length; i++)
    if (fold (text[i]) != (guint8) word->folded[i])
      return FALSE;
  return TRUE;
}

/* Words with like beginnings share a bucket, so that few others fall into it: by the first byte, in
 * the order of this list. The last bucket is for whatever else there is. */
static guint
bucket_of (const guint8 *text)
{
  static const char *const groups[PFA_BLOCK_BUCKETS - 2] = {
    "p", "kc", "s", "t", "a", "wz", "g", "hi", "rlexn", "\"[", "./\\", ":]- ", "=", "$?&",
  };

  if (text[0] >= 0x80)
    return PFA_BLOCK_BUCKETS - 2;
  for (guint i = 0; i < G_N_ELEMENTS (groups); i++)
    if (text[0] != 0 && strchr (groups[i], fold (text[0])) != NULL)
      return i;
  return PFA_BLOCK_BUCKETS - 1;
}

static void
add_to_block (PfaBlockWords *block, const guint8 *bytes)
{
  const guint bucket = bucket_of (bytes);
  const guint8 bit = (guint8) (1u << bucket % 8);

  for (guint j = 0; j < 3; j++)
    for (guint upper = 0; upper < 2; upper++)
      {
        const guint8 c = upper ? (guint8) g_ascii_toupper ((char) bytes[j]) : fold (bytes[j]);

        block->low[bucket / 8][j][c & 15] |= bit;
        block->high[bucket / 8][j][c >> 4] |= bit;
      }
}

static void
add_word (PfaWordTable *self, PfaWordKind kind, PfaSecret secret, const char *text, gboolean own)
{
  const guint8 *bytes = (const guint8 *) text;
  const guint slot_length = 3;
  g_autofree char *padded = g_strdup (text);
  guint8 beginning[4] = { 0 };
  PfaWordStarts *starts = own ? &self->own : &self->any;
  guint32 folded;
  guint slot, start;
  PfaWord word = { .length = (guint) strlen (text), .kind = kind, .secret = secret, .own = own };

  if (word.length < slot_length)
    return;
  word.text = g_steal_pointer (&padded);
  word.folded = g_ascii_strdown (text, -1);
  memcpy (beginning, bytes, MIN (word.length, 4));
  folded = pfa_word_fold (beginning);
  slot = pfa_word_hash (folded, 3, TABLE_BITS);
  start = pfa_word_hash (folded, MIN (word.length, 4), PFA_WORD_START_BITS);
  (word.length == 3 ? starts->three : starts->four)[start / 64] |= (guint64) 1 << start % 64;
  if (!own)
    add_to_block (&self->block, bytes);
  word.next = self->first[slot];
  g_array_append_val (self->words, word);
  self->first[slot] = (int) self->words->len - 1;
}

static void
clear_word (gpointer data)
{
  g_free (((PfaWord *) data)->text);
  g_free (((PfaWord *) data)->folded);
}

PfaWordTable *
pfa_word_table_new (PfaReader reader)
{
  PfaWordTable *self = g_new0 (PfaWordTable, 1);

  self->words = g_array_new (FALSE, FALSE, sizeof (PfaWord));
  g_array_set_clear_func (self->words, clear_word);
  for (guint i = 0; i < G_N_ELEMENTS (self->first); i++)
    self->first[i] = -1;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      /* Two letters are looked for with each sign that may follow them. */
      if (strlen (names[i].text) == 2)
        for (const char *sign = "=:\" _"; *sign != '\0'; sign++)
          {
            const char text[4] = { names[i].text[0], names[i].text[1], *sign, '\0' };

            add_word (self, PFA_WORD_NAME, PFA_SECRET_NUMBER, text, names[i].own);
          }
      add_word (self, PFA_WORD_NAME, PFA_SECRET_NUMBER, names[i].text, names[i].own);
    }
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    add_word (self, shapes[i].kind, PFA_SECRET_NUMBER, shapes[i].text, shapes[i].own);
  for (guint i = 0; pfa_command_get_word (i) != NULL; i++)
    add_word (self,
              PFA_WORD_COMMAND,
              PFA_SECRET_NUMBER,
              pfa_command_get_word (i),
              g_ascii_isalpha (pfa_command_get_word (i)[0]));
  for (guint i = 0; reader == PFA_READER_ANYONE && i < G_N_ELEMENTS (declared); i++)
    add_word (self, PFA_WORD_NAME, PFA_SECRET_NUMBER, declared[i], pfa_is_alpha (declared[i][0]));
  return self;
}

void
pfa_word_table_free (PfaWordTable *self)
{
  g_array_unref (self->words);
  g_free (self);
}

void
pfa_word_table_add (PfaWordTable *self, PfaWordKind kind, PfaSecret secret, const char *text)
{
  add_word (self, kind, secret, text, pfa_is_alpha (text[0]));
}

const PfaBlockWords *
pfa_word_table_get_block (const PfaWordTable *self)
{
  return &self->block;
}

/* Of three letters, where a fourth byte may be missing. */
static guint
slot_at (const guint8 *text, gsize length)
{
  const guint8 three[4] = { text[0], text[1], text[2] };

  return pfa_word_hash (pfa_word_fold (length > 3 ? text : three), 3, TABLE_BITS);
}

const PfaWord *
pfa_word_table_find (const PfaWordTable *self,
                     const guint8 *text,
                     gsize length,
                     const PfaWord *previous)
{
  int i;

  if (length < 3)
    return NULL;
  for (i = previous != NULL ? previous->next : self->first[slot_at (text, length)]; i >= 0;)
    {
      const PfaWord *word = &g_array_index (self->words, PfaWord, i);

      if (word->length <= length && is_same (word, text))
        return word;
      i = word->next;
    }
  return NULL;
}

const PfaWordStarts *
pfa_word_table_get_starts (const PfaWordTable *self, gboolean own)
{
  return own ? &self->own : &self->any;
}
