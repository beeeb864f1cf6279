/* pfa-pages.c - the table of pages: a name and a type each
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-pages.h"

#include "pfa-bundle-page.h"
#include "pfa-cards-page.h"
#include "pfa-checking-page.h"
#include "pfa-explain-page.h"
#include "pfa-guided-page.h"
#include "pfa-help-page.h"
#include "pfa-history-page.h"
#include "pfa-home-page.h"
#include "pfa-money-page.h"
#include "pfa-practice-page.h"
#include "pfa-prevent-page.h"
#include "pfa-profile-page.h"
#include "pfa-question-page.h"
#include "pfa-settings-page.h"
#include "pfa-solved-page.h"
#include "pfa-spoken-page.h"
#include "pfa-station-page.h"
#include "pfa-step-page.h"
#include "pfa-support-page.h"
#include "pfa-terminal-page.h"
#include "pfa-ticket-page.h"
#include "pfa-verdict-page.h"

const PfaPageKind pfa_pages[] = {
  // clang-format off
  { "home", pfa_home_page_get_type },
  { "money", pfa_money_page_get_type },
  { "checking", pfa_checking_page_get_type },
  { "verdict", pfa_verdict_page_get_type },
  { "question", pfa_question_page_get_type },
  { "step", pfa_step_page_get_type },
  { "solved", pfa_solved_page_get_type },
  { "support", pfa_support_page_get_type },
  { "station", pfa_station_page_get_type },
  { "explain", pfa_explain_page_get_type },
  { "history", pfa_history_page_get_type },
  { "prevent", pfa_prevent_page_get_type },
  { "settings", pfa_settings_page_get_type },
  { "profile", pfa_profile_page_get_type },
  { "terminal", pfa_terminal_page_get_type },
  { "cards", pfa_cards_page_get_type },
  { "spoken", pfa_spoken_page_get_type },
  { "help", pfa_help_page_get_type },
  { "bundle", pfa_bundle_page_get_type },
  { "ticket", pfa_ticket_page_get_type },
  { "guided", pfa_guided_page_get_type },
  { "practice", pfa_practice_page_get_type },
  { NULL, NULL },
  // clang-format on
};

const PfaPageKind *
pfa_pages_find (const char *name)
{
  for (guint i = 0; pfa_pages[i].name != NULL; i++)
    if (g_str_equal (pfa_pages[i].name, name))
      return &pfa_pages[i];
  return NULL;
}

const char *
pfa_pages_get_next (PfaAid *aid)
{
  const PfaIncident *incident = pfa_aid_get_incident (aid);

  switch (pfa_aid_get_state (aid))
    {
    case PFA_AID_IDLE:
      return "home";
    case PFA_AID_CHECKING:
      return "checking";
    case PFA_AID_STEPPING:
    case PFA_AID_RECHECKING:
      return "step";
    case PFA_AID_ENDED:
      return g_strcmp0 (incident->state, PFA_INCIDENT_SOLVED) == 0 ? "solved" : "home";
    case PFA_AID_READY:
    default:
      return "verdict";
    }
}
