/* pfa-command-explain.c - what a code means, what to do, and what to tell the customer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-cli-knowledge.h"
#include "pfa-command-list.h"
#include "pfa-commands.h"
#include "pfa-words.h"

#define INDENT        2
#define MATCHES_SHOWN 5

/* What is known of one code, from the provider first. */
typedef struct
{
  const char *name; /* as typed, upper case */
  const char *language;
  PfaProvider *provider; /* NULL: none was named */
  const PfaProviderCode *own;
  const PfaCode *general;
  PfaText *retry;
} Explanation;

static const char *
get_text (const Explanation *self, PfaText *text)
{
  return text != NULL ? pfa_text_get (text, self->language) : NULL;
}

/* The general meanings may be another payment system's; said only when no provider settles it. */
static PfaText *
get_warning (const Explanation *self)
{
  gboolean is_settled = self->own != NULL && self->own->meaning != NULL;

  return self->general != NULL && !is_settled ? self->general->differs : NULL;
}

static void
set_string (JsonObject *object, const char *member, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, member, text);
  else
    json_object_set_null_member (object, member);
}

static JsonArray *
lines_to_json (const Explanation *self, PfaText *text)
{
  JsonArray *array = json_array_new ();
  const char *const *lines = pfa_text_get_lines (text, self->language);

  for (guint i = 0; lines[i] != NULL; i++)
    json_array_add_string_element (array, lines[i]);
  return array;
}

static JsonObject *
to_json (const Explanation *self)
{
  JsonObject *object = json_object_new ();
  const PfaCode *general = self->general;
  const PfaProviderCode *own = self->own;
  const char *own_meaning = own != NULL ? get_text (self, own->meaning) : NULL;
  const char *retry = own != NULL && own->retry != NULL ? own->retry
                      : general != NULL                 ? general->retry
                                                        : NULL;

  json_object_set_string_member (object, "format", "pos-first-aid-code/1");
  json_object_set_string_member (object, "code", self->name);
  json_object_set_boolean_member (object, "known", general != NULL || own != NULL);
  json_object_set_string_member (object, "language", self->language);
  set_string (object, "provider", self->provider != NULL ? self->provider->id : NULL);
  set_string (object, "provider_meaning", own_meaning);
  set_string (object, "origin", own != NULL ? own->origin : NULL);
  set_string (object,
              "meaning",
              own_meaning != NULL ? own_meaning
              : general != NULL   ? get_text (self, general->meaning)
                                  : NULL);
  set_string (object,
              "general_meaning",
              general != NULL ? get_text (self, general->meaning) : NULL);
  json_object_set_array_member (object,
                                "what_you_do",
                                lines_to_json (self, general != NULL ? general->action : NULL));
  json_object_set_array_member (object,
                                "what_you_tell_the_customer",
                                lines_to_json (self,
                                               general != NULL ? general->tell_customer : NULL));
  set_string (object, "retry", retry);
  set_string (object, "retry_text", get_text (self, self->retry));
  set_string (object, "layer", general != NULL ? general->layer : NULL);
  set_string (object, "warning", get_text (self, get_warning (self)));
  return object;
}

static void
print_lines (const Explanation *self, const char *heading, PfaText *text)
{
  const char *const *lines = pfa_text_get_lines (text, self->language);

  if (lines[0] == NULL)
    return;
  g_print ("\n%s\n", heading);
  for (guint i = 0; lines[i] != NULL; i++)
    pfa_cli_print_wrapped (lines[i], INDENT);
}

static void
print_meaning (const Explanation *self)
{
  PfaText *own = self->own != NULL ? self->own->meaning : NULL;
  g_autofree char *heading = NULL;

  if (own != NULL)
    {
      heading = g_strdup_printf (_ ("%s says:"), get_text (self, self->provider->name));
      print_lines (self, heading, own);
    }
  if (self->general != NULL)
    print_lines (self,
                 own != NULL ? _ ("In general it means:") : _ ("What it means:"),
                 self->general->meaning);
}

static void
print_for_people (const Explanation *self)
{
  g_print ("%s\n", self->name);
  print_meaning (self);
  if (get_warning (self) != NULL)
    {
      print_lines (self, _ ("Careful, not everywhere the same:"), get_warning (self));
      if (self->provider == NULL)
        pfa_cli_print_wrapped (_ ("Name your provider with --provider to see its own meaning."),
                               INDENT);
    }
  if (self->general != NULL)
    {
      print_lines (self, _ ("What you do:"), self->general->action);
      print_lines (self, _ ("What you tell the customer:"), self->general->tell_customer);
    }
  print_lines (self, _ ("May I try again?"), self->retry);
}

static void
print_unknown (const Explanation *self, GPtrArray *matches)
{
  g_autofree char *sentence = g_strdup_printf (
      _ ("This program does not know the code “%s”. Ask your provider what it means. Look in "
         "the terminal’s list before you charge again."),
      self->name);

  if (matches->len > 0)
    g_print ("%s\n", _ ("Codes that show such words:"));
  else
    pfa_cli_print_wrapped (sentence, 0);
  for (guint i = 0; i < MIN (matches->len, MATCHES_SHOWN); i++)
    {
      const PfaCode *code = matches->pdata[i];
      g_autofree char *line =
          g_strdup_printf ("%s  %s", code->code, get_text (self, code->meaning));

      pfa_cli_print_wrapped (line, INDENT);
    }
}

static int
explain (Explanation *self, PfaKnowledge *knowledge, gboolean as_json)
{
  g_autoptr (PfaWords) words = pfa_words_new (pfa_knowledge_get_words (knowledge), NULL);
  g_autoptr (GPtrArray) matches = NULL;
  gboolean is_known;

  self->own = self->provider != NULL ? pfa_provider_find_code (self->provider, self->name) : NULL;
  self->general = self->own != NULL ? pfa_knowledge_find_code (knowledge, self->name)
                                    : pfa_knowledge_find_typed_code (knowledge, self->name);
  if (self->own == NULL && self->general != NULL && self->provider != NULL)
    self->own = pfa_provider_find_code (self->provider, self->general->code);
  if (self->general != NULL)
    self->name = self->general->code;
  is_known = self->general != NULL || self->own != NULL;
  if (words != NULL && is_known)
    self->retry =
        pfa_words_get_retry (words,
                             self->own != NULL && self->own->retry != NULL ? self->own->retry
                             : self->general != NULL                       ? self->general->retry
                                                                           : NULL);
  if (as_json)
    pfa_cli_print_json (to_json (self));
  else if (is_known)
    print_for_people (self);
  else
    {
      matches = pfa_knowledge_search_codes (knowledge, self->name, self->language);
      print_unknown (self, matches);
    }
  return is_known ? PFA_EXIT_GOOD : PFA_EXIT_BAD;
}

static gboolean
set_language (const char *language)
{
  g_autofree char *known = g_strjoinv (", ", (char **) pfa_text_languages);

  if (language == NULL)
    return TRUE;
  for (guint i = 0; pfa_text_languages[i] != NULL; i++)
    if (g_str_equal (pfa_text_languages[i], language))
      {
        pfa_cli_set_language (language);
        return TRUE;
      }
  pfa_cli_complain (_ ("there is no language “%s”; there are: %s"), language, known);
  return FALSE;
}

int
pfa_command_explain (int argc, char *argv[])
{
  g_autofree char *provider_name = NULL;
  g_autofree char *language = NULL;
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {
    { "provider",
      0,
      0,
      G_OPTION_ARG_FILENAME,
      &provider_name,
      N_ ("The provider’s id or profile"),
      "ID|FILE" },
    { "language", 0, 0, G_OPTION_ARG_STRING, &language, N_ ("Speak this language"), "LANGUAGE" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("Print one JSON object"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (PfaKnowledge) knowledge = NULL;
  g_autoptr (PfaProvider) provider = NULL;
  g_autofree char *code = NULL;
  Explanation self = { 0 };

  if (!pfa_cli_parse (&argc, &argv, entries, "CODE") || !set_language (language))
    return PFA_EXIT_USAGE;
  if (argc != 2 || *argv[1] == '\0' || !g_utf8_validate (argv[1], -1, NULL))
    {
      pfa_cli_complain (_ ("name one code, as the terminal shows it"));
      return PFA_EXIT_USAGE;
    }
  knowledge = pfa_cli_load_knowledge ();
  if (knowledge == NULL)
    return PFA_EXIT_USAGE;
  if (provider_name != NULL)
    {
      provider = pfa_cli_load_provider (knowledge, provider_name);
      if (provider == NULL)
        return PFA_EXIT_USAGE;
    }
  code = g_strstrip (g_utf8_strup (argv[1], -1));
  self.name = code;
  self.language = language != NULL ? language : pfa_cli_get_language ();
  self.provider = provider;
  return explain (&self, knowledge, as_json);
}
