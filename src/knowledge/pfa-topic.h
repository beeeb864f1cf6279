/* pfa-topic.h - a page of advice: what to know, what to do in good time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-text.h"

G_BEGIN_DECLS

/* One file of data/knowledge/topics. Immutable, owned by PfaKnowledge. */
typedef struct
{
  char *id;
  char *kind;  /* topic, question, task, card, note, case */
  char *every; /* of a task: day, week, month, half-year, year, once; else NULL */
  char *source;
  guint order;
  PfaText *title;
  PfaText *paragraphs; /* as lines */
} PfaTopic;

PfaTopic *pfa_topic_new_from_json (JsonObject *object, const char *where, GError **error);
void pfa_topic_free (PfaTopic *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PfaTopic, pfa_topic_free)

G_END_DECLS
