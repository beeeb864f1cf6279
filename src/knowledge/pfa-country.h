/* pfa-country.h - in which country this computer probably stands
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* "CN", "DE" … from the time zone, else from the language setting; NULL when neither tells. A
 * guess good enough to choose neutral probe targets that answer there. (transfer none) */
const char *pfa_country_guess (void);

/* @object without "by_country", its members replaced by those that it holds for @country (NULL:
 * none). (transfer full) */
JsonObject *pfa_country_apply (JsonObject *object, const char *country);

G_END_DECLS
