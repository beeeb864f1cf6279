/* pfa-condition.h - "this has one of these values", as guards and the payment rules say it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *name; /* an observation, a question, or a part of the stage */
  GStrv values;
} PfaCondition;

/* Reads {name: [values]} at @member of @object; none when it is absent. NULL on a fault.
 * (transfer full, element-type PfaCondition) */
GPtrArray *pfa_conditions_new_from_json (JsonObject *object,
                                         const char *member,
                                         const char *where,
                                         GError **error);
/* @value NULL: not known, which meets nothing. */
gboolean pfa_condition_holds (const PfaCondition *self, const char *value);

G_END_DECLS
