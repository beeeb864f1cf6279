/* pfa-aid-words.c - what was found, in words: the headline, the chance, at most four reasons
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-aid-private.h"

char *
pfa_aid_dup_headline (PfaAid *self, const char *language)
{
  const PfaPlaceShare *leading;

  g_return_val_if_fail (PFA_IS_AID (self) && self->decision != NULL, NULL);

  leading = &g_array_index (self->decision->places, PfaPlaceShare, 0);
  return g_strdup (
      pfa_text_get (pfa_words_get_headline (self->words, leading->place, leading->probability),
                    language));
}

char *
pfa_aid_dup_confidence (PfaAid *self, const char *language)
{
  double probability;

  g_return_val_if_fail (PFA_IS_AID (self) && self->decision != NULL, NULL);

  probability = self->decision->posterior[self->decision->leading_cause];
  return g_strdup (pfa_text_get (pfa_words_get_confidence (self->words, probability), language));
}

GStrv
pfa_aid_dup_reasons (PfaAid *self, const char *language)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GArray) chosen = NULL;
  PfaModel *model;

  g_return_val_if_fail (PFA_IS_AID (self) && self->decision != NULL, NULL);

  model = pfa_knowledge_get_model (self->knowledge);
  chosen = pfa_words_select_reasons (self->words, self->decision->cause.reasons);
  for (guint i = 0; i < chosen->len; i++)
    {
      g_autofree char *sentence =
          pfa_words_build_reason (self->words,
                                  model,
                                  &g_array_index (chosen, PfaReason, i),
                                  model->causes[self->decision->leading_cause].title,
                                  language);

      g_strv_builder_add (builder, sentence);
    }
  return g_strv_builder_end (builder);
}

char *
pfa_aid_dup_several_title (PfaAid *self, const char *language)
{
  g_return_val_if_fail (PFA_IS_AID (self), NULL);

  if (!pfa_aid_has_several_faults (self))
    return NULL;
  return g_strdup (pfa_text_get (pfa_words_get_several_title (self->words), language));
}

GStrv
pfa_aid_dup_several_lines (PfaAid *self, const char *language)
{
  g_return_val_if_fail (PFA_IS_AID (self), NULL);

  if (!pfa_aid_has_several_faults (self))
    return NULL;
  return g_strdupv (
      (char **) pfa_text_get_lines (pfa_words_get_several_advice (self->words), language));
}

PfaWords *
pfa_aid_get_words (PfaAid *self)
{
  g_return_val_if_fail (PFA_IS_AID (self), NULL);

  return self->words;
}
