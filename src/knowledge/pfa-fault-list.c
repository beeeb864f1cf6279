/* pfa-fault-list.c - what is wrong with a file, collected instead of stopping at the first
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-fault-list.h"

#include <string.h>

#include "pfa-json.h"

#define CARD_DIGITS_MIN     13
#define CARD_DIGITS_MAX     19
#define TEXT_MAX_CHARACTERS 600

PfaFaultList *
pfa_fault_list_new (const char *name)
{
  PfaFaultList *self = g_new0 (PfaFaultList, 1);

  self->name = name;
  self->lines = g_ptr_array_new_with_free_func (g_free);
  self->warnings = g_ptr_array_new_with_free_func (g_free);
  return self;
}

void
pfa_fault_list_free (PfaFaultList *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->lines);
  g_ptr_array_unref (self->warnings);
  g_free (self->damage);
  g_free (self);
}

void
pfa_fault_list_add (PfaFaultList *self, PfaFaultKind kind, const char *format, ...)
{
  g_autofree char *text = NULL;
  g_autofree char *line = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  line =
      g_strdup_printf ("%s%s: %s", kind == PFA_FAULT_WARNING ? "warning: " : "", self->name, text);
  if (kind == PFA_FAULT_DAMAGE && self->damage == NULL)
    self->damage = g_strdup (line);
  g_ptr_array_add (kind == PFA_FAULT_WARNING ? self->warnings : self->lines,
                   g_steal_pointer (&line));
}

GStrv
pfa_fault_list_end (PfaFaultList *self)
{
  g_autoptr (PfaFaultList) owned = self;
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < owned->lines->len; i++)
    g_strv_builder_add (builder, owned->lines->pdata[i]);
  for (guint i = 0; i < owned->warnings->len; i++)
    g_strv_builder_add (builder, owned->warnings->pdata[i]);
  return g_strv_builder_end (builder);
}

void
pfa_fault_list_check_members (PfaFaultList *self,
                              PfaFaultKind kind,
                              JsonObject *object,
                              const char *path,
                              const char *const *known)
{
  JsonObjectIter iter;
  const char *member;

  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &member, NULL))
    if (!g_strv_contains (known, member) && !g_str_has_prefix (member, "x-") &&
        !g_str_equal (member, "note") && !g_str_equal (member, "comment"))
      pfa_fault_list_add (self, kind, "%s: there is no member “%s”", path, member);
}

/* Digits with single blanks or hyphens between them, in a length that cards have, passing the
 * check-digit rule of card numbers. */
static gboolean
holds_card_number (const char *text)
{
  for (const char *start = text; *start != '\0'; start++)
    {
      int digits[CARD_DIGITS_MAX];
      guint n = 0;
      guint sum = 0;
      const char *p = start;

      if (!g_ascii_isdigit (*start) || (start > text && g_ascii_isdigit (start[-1])))
        continue;
      for (; n < CARD_DIGITS_MAX; p++)
        if (g_ascii_isdigit (*p))
          digits[n++] = *p - '0';
        else if ((*p != ' ' && *p != '-') || !g_ascii_isdigit (p[1]))
          break;
      for (guint i = 0; i < n; i++)
        {
          guint digit = (guint) digits[n - 1 - i] * (i % 2 + 1);

          sum += digit > 9 ? digit - 9 : digit;
        }
      if (n >= CARD_DIGITS_MIN && sum % 10 == 0)
        return TRUE;
    }
  return FALSE;
}

static void
check_line (PfaFaultList *self,
            JsonNode *node,
            const char *path,
            const char *member,
            const char *language)
{
  const char *text;

  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) != G_TYPE_STRING)
    {
      pfa_fault_list_add (self, PFA_FAULT_DAMAGE, "%s.%s.%s is not a text", path, member, language);
      return;
    }
  text = json_node_get_string (node);
  if (text[strspn (text, " ")] == '\0')
    pfa_fault_list_add (self, PFA_FAULT_DAMAGE, "%s.%s.%s is empty", path, member, language);
  if (g_utf8_strlen (text, -1) > TEXT_MAX_CHARACTERS)
    pfa_fault_list_add (self,
                        PFA_FAULT_SLACK,
                        "%s.%s.%s has more than %d characters",
                        path,
                        member,
                        language,
                        TEXT_MAX_CHARACTERS);
  if (holds_card_number (text))
    pfa_fault_list_add (self,
                        PFA_FAULT_DAMAGE,
                        "%s.%s.%s holds what looks like a card number",
                        path,
                        member,
                        language);
}

static void
check_version (PfaFaultList *self,
               JsonNode *node,
               const char *path,
               const char *member,
               const char *language)
{
  JsonArray *array;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      check_line (self, node, path, member, language);
      return;
    }
  array = json_node_get_array (node);
  if (json_array_get_length (array) == 0)
    pfa_fault_list_add (self, PFA_FAULT_DAMAGE, "%s.%s.%s is empty", path, member, language);
  for (guint i = 0; i < json_array_get_length (array); i++)
    check_line (self, json_array_get_element (array, i), path, member, language);
}

void
pfa_fault_list_check_text (PfaFaultList *self,
                           JsonObject *object,
                           const char *member,
                           const char *path,
                           const char *const *languages,
                           gboolean is_needed)
{
  JsonNode *node = json_object_get_member (object, member);
  JsonObject *text;
  JsonObjectIter iter;
  const char *language;
  JsonNode *version;

  if (node == NULL || JSON_NODE_HOLDS_NULL (node))
    {
      if (is_needed)
        pfa_fault_list_add (self, PFA_FAULT_SLACK, "%s: the text “%s” is missing", path, member);
      return;
    }
  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      pfa_fault_list_add (self, PFA_FAULT_DAMAGE, "%s.%s is not a text by language", path, member);
      return;
    }
  text = json_node_get_object (node);
  for (guint i = 0; languages[i] != NULL; i++)
    if (!json_object_has_member (text, languages[i]))
      pfa_fault_list_add (self,
                          PFA_FAULT_DAMAGE,
                          "%s.%s has no text in “%s”",
                          path,
                          member,
                          languages[i]);
  json_object_iter_init_ordered (&iter, text);
  while (json_object_iter_next_ordered (&iter, &language, &version))
    check_version (self, version, path, member, language);
}
