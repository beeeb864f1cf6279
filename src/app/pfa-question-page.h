/* pfa-question-page.h - one question of the engine, answered by the person
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "pfa-page.h"

G_BEGIN_DECLS

#define PFA_TYPE_QUESTION_PAGE (pfa_question_page_get_type ())
G_DECLARE_FINAL_TYPE (PfaQuestionPage, pfa_question_page, PFA, QUESTION_PAGE, PfaPage)

G_END_DECLS
