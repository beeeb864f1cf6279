/* pfa-error-text.c - a failure as a sentence for the shop owner
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-error-text.h"

#include <glib/gi18n.h>

static const char *const sentences[] = {
  [PFA_ERROR_INTERNAL] = N_ ("Something went wrong in this program. Please try again."),
  [PFA_ERROR_INVALID_DATA] = N_ ("The answer made no sense. Please try again."),
  [PFA_ERROR_NOT_FOUND] = N_ ("We did not find it. Please check the address."),
  [PFA_ERROR_PERMISSION_DENIED] = N_ ("This computer did not let us do that."),
  [PFA_ERROR_BUSY] = N_ ("It is busy now. Please wait a moment and try again."),
  [PFA_ERROR_TIMED_OUT] = N_ ("There was no answer in time. Please try again."),
  [PFA_ERROR_REFUSED] = N_ ("The other side said no."),
  [PFA_ERROR_NOT_SUPPORTED] = N_ ("This terminal cannot do that."),
  [PFA_ERROR_UNREACHABLE] = N_ ("We could not get through. Please check the line."),
  [PFA_ERROR_UNTRUSTED] = N_ ("We could not make sure who answered, so we stopped."),
  [PFA_ERROR_STORAGE] = N_ ("This cannot be saved here. You can still go on."),
  [PFA_ERROR_BAD_INPUT] = N_ ("We cannot use that. Please check what you typed."),
};

const char *
pfa_error_text_say (const GError *error)
{
  if (error == NULL || error->domain != PFA_ERROR || error->code < 0 ||
      error->code >= (int) G_N_ELEMENTS (sentences))
    return _ (sentences[PFA_ERROR_INTERNAL]);
  return _ (sentences[error->code]);
}
