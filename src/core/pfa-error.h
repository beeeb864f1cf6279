/* pfa-error.h - the one error domain of POS First Aid
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define PFA_ERROR (pfa_error_quark ())

/**
 * PfaError:
 * @PFA_ERROR_INTERNAL: a bug in this program; the message is for developers
 * @PFA_ERROR_INVALID_DATA: the other side sent bytes that break its own protocol
 * @PFA_ERROR_NOT_FOUND: no terminal, host or file where we looked
 * @PFA_ERROR_PERMISSION_DENIED: the system did not let us open a device or file
 * @PFA_ERROR_BUSY: another program holds the terminal
 * @PFA_ERROR_TIMED_OUT: no answer within the time the check allows
 * @PFA_ERROR_REFUSED: the other side answered and said no
 * @PFA_ERROR_NOT_SUPPORTED: this terminal model does not offer the operation
 * @PFA_ERROR_UNREACHABLE: no way to the other side: no route, no name, no connection
 * @PFA_ERROR_UNTRUSTED: a certificate, signature or key could not be verified
 * @PFA_ERROR_STORAGE: the disk is full, read-only or missing; nothing was lost but it is not saved
 * @PFA_ERROR_BAD_INPUT: a file or argument that a person gave is wrong; the message says where
 *
 * Every failure that leaves the core carries one of these codes. The codes name
 * what the user interface can do about a failure, not where it came from.
 * Cancellation is not among them: it stays %G_IO_ERROR_CANCELLED.
 */
typedef enum
{
  PFA_ERROR_INTERNAL,
  PFA_ERROR_INVALID_DATA,
  PFA_ERROR_NOT_FOUND,
  PFA_ERROR_PERMISSION_DENIED,
  PFA_ERROR_BUSY,
  PFA_ERROR_TIMED_OUT,
  PFA_ERROR_REFUSED,
  PFA_ERROR_NOT_SUPPORTED,
  PFA_ERROR_UNREACHABLE,
  PFA_ERROR_UNTRUSTED,
  PFA_ERROR_STORAGE,
  PFA_ERROR_BAD_INPUT,
} PfaError;

GQuark pfa_error_quark (void);

/* Takes @error and gives back the same failure in our own domain. */
GError *pfa_error_adopt (GError *error) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
