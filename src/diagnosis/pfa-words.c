/* pfa-words.c - reasons and chances in words, never "certain" (troubleshooting.md A.3)
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-words.h"

#include <math.h>
#include <string.h>

#include "pfa-error.h"
#include "pfa-json.h"

/* The place of what has none; its headline says that nothing can be said yet. */
#define PLACE_UNKNOWN "unknown"

/* From @least on, this is what it is called. */
typedef struct
{
  char *id;
  double least;
  PfaText *text;
} Band;

#define HEADLINE_FROM 0.5

struct _PfaWords
{
  gatomicrefcount references;
  GArray *strength;   /* Band, strongest first */
  GArray *confidence; /* Band, highest first */
  GHashTable *names;
  GHashTable *headlines;
  GHashTable *retry;
  double headline_from; /* a headline states; below this chance nothing is stated */
  PfaText *reason_for;
  PfaText *reason_against;
  PfaText *failed;
  PfaText *several_title;
  PfaText *several_advice;
  PfaText *open_payment;
};

static void
clear_band (gpointer data)
{
  Band *band = data;

  g_free (band->id);
  g_clear_pointer (&band->text, pfa_text_unref);
}

static PfaText *
read_text (JsonObject *object, const char *member, const char *where, GError **error)
{
  g_autofree char *path = g_strdup_printf ("%s.%s", where, member);

  return pfa_text_new_from_json (json_object_get_member (object, member), path, error);
}

static GArray *
read_bands (JsonObject *json, const char *member, const char *least, GError **error)
{
  g_autoptr (GArray) bands = g_array_new (FALSE, TRUE, sizeof (Band));
  JsonArray *array = pfa_json_require_array (json, member, "words", error);

  g_array_set_clear_func (bands, clear_band);
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonObject *item = json_array_get_object_element (array, i);
      Band band = { 0 };

      if (!pfa_json_require_double (item, least, member, &band.least, error))
        return NULL;
      if (i > 0 && band.least >= g_array_index (bands, Band, i - 1).least)
        {
          g_set_error (error,
                       PFA_ERROR,
                       PFA_ERROR_BAD_INPUT,
                       "words: %s is not in falling order",
                       member);
          return NULL;
        }
      band.text = read_text (item, "text", member, error);
      band.id = g_strdup (pfa_json_peek_string (item, "id"));
      g_array_append_val (bands, band);
      if (band.text == NULL)
        return NULL;
    }
  if (array != NULL && bands->len == 0)
    g_set_error (error, PFA_ERROR, PFA_ERROR_BAD_INPUT, "words: %s is empty", member);
  return array != NULL && bands->len > 0 ? g_steal_pointer (&bands) : NULL;
}

static GHashTable *
read_map (JsonObject *json, const char *member, const char *inner, GError **error)
{
  g_autoptr (GHashTable) map =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) pfa_text_unref);
  JsonObject *object = pfa_json_require_object (json, member, "words", error);
  JsonObjectIter iter;
  const char *id;
  JsonNode *node;

  if (object == NULL)
    return NULL;
  json_object_iter_init_ordered (&iter, object);
  while (json_object_iter_next_ordered (&iter, &id, &node))
    {
      JsonObject *holder =
          inner != NULL ? pfa_json_require_object (object, id, member, error) : object;
      PfaText *text =
          holder != NULL ? read_text (holder, inner != NULL ? inner : id, id, error) : NULL;

      if (text == NULL)
        return NULL;
      g_hash_table_insert (map, g_strdup (id), text);
    }
  return g_steal_pointer (&map);
}

/* Not every edition has all of these. */
static GHashTable *
read_retry (JsonObject *json, GError **error)
{
  if (json_object_has_member (json, "retry"))
    return read_map (json, "retry", NULL, error);
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) pfa_text_unref);
}

static gboolean
read_several (PfaWords *self, JsonObject *json, GError **error)
{
  JsonObject *several = pfa_json_require_object (json, "several", "words", error);

  return several != NULL &&
         (self->several_title = read_text (several, "title", "words.several", error)) != NULL &&
         (self->several_advice = read_text (several, "advice", "words.several", error)) != NULL;
}

static gboolean
read_all (PfaWords *self, JsonObject *json, GError **error)
{
  return (self->strength = read_bands (json, "strength", "from_db", error)) != NULL &&
         (self->confidence = read_bands (json, "confidence", "from", error)) != NULL &&
         (self->names = read_map (json, "places", "name", error)) != NULL &&
         (self->headlines = read_map (json, "places", "headline", error)) != NULL &&
         (self->retry = read_retry (json, error)) != NULL &&
         pfa_json_get_double (json,
                              "headline_from",
                              "words",
                              HEADLINE_FROM,
                              &self->headline_from,
                              error) &&
         (!json_object_has_member (json, "several") || read_several (self, json, error)) &&
         (!json_object_has_member (json, "open_payment") ||
          (self->open_payment = read_text (json, "open_payment", "words", error)) != NULL) &&
         (self->reason_for = read_text (json, "reason_for", "words", error)) != NULL &&
         (self->reason_against = read_text (json, "reason_against", "words", error)) != NULL &&
         (!json_object_has_member (json, "failed") ||
          (self->failed = read_text (json, "failed", "words", error)) != NULL);
}

PfaWords *
pfa_words_new (JsonObject *json, GError **error)
{
  g_autoptr (PfaWords) self = g_new0 (PfaWords, 1);

  g_return_val_if_fail (json != NULL, NULL);

  g_atomic_ref_count_init (&self->references);
  return read_all (self, json, error) ? g_steal_pointer (&self) : NULL;
}

PfaWords *
pfa_words_ref (PfaWords *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
pfa_words_unref (PfaWords *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_clear_pointer (&self->strength, g_array_unref);
  g_clear_pointer (&self->confidence, g_array_unref);
  g_clear_pointer (&self->names, g_hash_table_unref);
  g_clear_pointer (&self->headlines, g_hash_table_unref);
  g_clear_pointer (&self->retry, g_hash_table_unref);
  g_clear_pointer (&self->reason_for, pfa_text_unref);
  g_clear_pointer (&self->reason_against, pfa_text_unref);
  g_clear_pointer (&self->failed, pfa_text_unref);
  g_clear_pointer (&self->several_title, pfa_text_unref);
  g_clear_pointer (&self->several_advice, pfa_text_unref);
  g_clear_pointer (&self->open_payment, pfa_text_unref);
  g_free (self);
}

static const Band *
find_band (const GArray *bands, double value)
{
  for (guint i = 0; i < bands->len; i++)
    if (value >= g_array_index (bands, Band, i).least)
      return &g_array_index (bands, Band, i);
  return NULL;
}

PfaText *
pfa_words_get_strength (const PfaWords *self, double db)
{
  const Band *band = find_band (self->strength, fabs (db));

  return band != NULL ? band->text : NULL;
}

const char *
pfa_words_get_strength_id (const PfaWords *self, double db)
{
  const Band *band = find_band (self->strength, fabs (db));

  return band != NULL ? band->id : NULL;
}

PfaText *
pfa_words_get_confidence (const PfaWords *self, double probability)
{
  const Band *band = find_band (self->confidence, probability);

  return band != NULL ? band->text : NULL;
}

const char *
pfa_words_get_confidence_id (const PfaWords *self, double probability)
{
  const Band *band = find_band (self->confidence, probability);

  return band != NULL ? band->id : NULL;
}

PfaText *
pfa_words_get_place_name (const PfaWords *self, const char *place)
{
  return g_hash_table_lookup (self->names, place);
}

PfaText *
pfa_words_get_place_headline (const PfaWords *self, const char *place)
{
  return g_hash_table_lookup (self->headlines, place);
}

PfaText *
pfa_words_get_headline (const PfaWords *self, const char *place, double probability)
{
  return pfa_words_get_place_headline (self,
                                       probability < self->headline_from ? PLACE_UNKNOWN : place);
}

PfaText *
pfa_words_get_retry (const PfaWords *self, const char *retry)
{
  return retry != NULL ? g_hash_table_lookup (self->retry, retry) : NULL;
}

PfaText *
pfa_words_get_several_title (const PfaWords *self)
{
  return self->several_title;
}

PfaText *
pfa_words_get_several_advice (const PfaWords *self)
{
  return self->several_advice;
}

PfaText *
pfa_words_get_open_payment (const PfaWords *self)
{
  return self->open_payment;
}

static void
select_side (const PfaWords *self,
             const GArray *reasons,
             gboolean is_for,
             guint most,
             GArray *chosen)
{
  guint n = 0;

  for (guint i = 0; i < reasons->len && n < most; i++)
    {
      PfaReason reason = g_array_index (reasons, PfaReason, i);

      if ((reason.db > 0) != is_for || find_band (self->strength, fabs (reason.db)) == NULL)
        continue;
      g_array_append_val (chosen, reason);
      n++;
    }
}

GArray *
pfa_words_select_reasons (const PfaWords *self, const GArray *reasons)
{
  GArray *chosen = g_array_new (FALSE, FALSE, sizeof (PfaReason));

  select_side (self, reasons, TRUE, PFA_WORDS_MAX_FOR, chosen);
  select_side (self, reasons, FALSE, PFA_WORDS_MAX_AGAINST, chosen);
  return chosen;
}

static void
fill_in (GString *sentence, const char *name, const char *text)
{
  g_string_replace (sentence, name, text, 0);
}

char *
pfa_words_build_because (const PfaWords *self,
                         const PfaModel *model,
                         const PfaReason *reason,
                         const char *language)
{
  g_autoptr (GString) clause = g_string_new (NULL);

  if (reason->observation >= 0)
    {
      const PfaObservationKind *kind = &model->observations[reason->observation];
      PfaText *because = kind->values[reason->value].because;

      return g_strdup (pfa_text_get (because != NULL ? because : kind->title, language));
    }
  g_string_assign (clause,
                   self->failed != NULL ? pfa_text_get (self->failed, language) : "{title}");
  fill_in (clause, "{title}", pfa_text_get (model->actions[reason->action].title, language));
  return g_string_free (g_steal_pointer (&clause), FALSE);
}

static void
begin_large (GString *sentence)
{
  gunichar first = g_utf8_get_char (sentence->str);
  gunichar large = g_unichar_toupper (first);

  if (large == first)
    return;
  g_string_erase (sentence, 0, g_utf8_next_char (sentence->str) - sentence->str);
  g_string_insert_unichar (sentence, 0, large);
}

char *
pfa_words_build_reason (const PfaWords *self,
                        const PfaModel *model,
                        const PfaReason *reason,
                        PfaText *title,
                        const char *language)
{
  PfaText *frame = reason->db > 0 ? self->reason_for : self->reason_against;
  PfaText *word = pfa_words_get_strength (self, reason->db);
  g_autofree char *because = pfa_words_build_because (self, model, reason, language);
  g_autoptr (GString) sentence = g_string_new (pfa_text_get (frame, language));

  fill_in (sentence, "{because}", because);
  fill_in (sentence, "{word}", pfa_text_get (word, language));
  fill_in (sentence, "{title}", pfa_text_get (title, language));
  begin_large (sentence);
  return g_string_free (g_steal_pointer (&sentence), FALSE);
}
