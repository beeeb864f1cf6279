/* pfa-error.c - the one error domain of POS First Aid
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-error.h"

#include <errno.h>

G_DEFINE_QUARK (pfa - error - quark, pfa_error)

static PfaError
code_for_io_error (int code)
{
  switch (code)
    {
    case G_IO_ERROR_TIMED_OUT:
      return PFA_ERROR_TIMED_OUT;
    case G_IO_ERROR_NOT_FOUND:
      return PFA_ERROR_NOT_FOUND;
    case G_IO_ERROR_HOST_NOT_FOUND:
    case G_IO_ERROR_HOST_UNREACHABLE:
    case G_IO_ERROR_NETWORK_UNREACHABLE:
    case G_IO_ERROR_NOT_CONNECTED:
      return PFA_ERROR_UNREACHABLE;
    case G_IO_ERROR_CONNECTION_REFUSED:
      return PFA_ERROR_REFUSED;
    case G_IO_ERROR_NO_SPACE:
    case G_IO_ERROR_READ_ONLY:
      return PFA_ERROR_STORAGE;
    case G_IO_ERROR_NOT_SUPPORTED:
      return PFA_ERROR_NOT_SUPPORTED;
    case G_IO_ERROR_PERMISSION_DENIED:
      return PFA_ERROR_PERMISSION_DENIED;
    case G_IO_ERROR_BUSY:
      return PFA_ERROR_BUSY;
    case G_IO_ERROR_PARTIAL_INPUT:
    case G_IO_ERROR_INVALID_DATA:
      return PFA_ERROR_INVALID_DATA;
    default:
      return PFA_ERROR_INTERNAL;
    }
}

/* GLib has no way back from GFileError; these are the ones a person can act on. */
static int
error_number_for_file_error (int code)
{
  switch (code)
    {
    case G_FILE_ERROR_NOENT:
      return ENOENT;
    case G_FILE_ERROR_ACCES:
    case G_FILE_ERROR_PERM:
      return EACCES;
    case G_FILE_ERROR_NOSPC:
      return ENOSPC;
    case G_FILE_ERROR_ROFS:
      return EROFS;
    default:
      return EIO;
    }
}

/**
 * pfa_error_adopt:
 * @error: (transfer full): a failure from any library
 *
 * Translates @error once, at the border of the core. Our own errors and
 * cancellation pass through untouched.
 *
 * Returns: (transfer full): an error in %PFA_ERROR, or %G_IO_ERROR_CANCELLED
 */
GError *
pfa_error_adopt (GError *error)
{
  g_autoptr (GError) original = error;
  PfaError code;

  g_return_val_if_fail (error != NULL, NULL);

  if (error->domain == PFA_ERROR || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return g_steal_pointer (&original);

  code = PFA_ERROR_INTERNAL;
  if (error->domain == G_IO_ERROR)
    code = code_for_io_error (error->code);
  else if (error->domain == G_FILE_ERROR)
    code = code_for_io_error (g_io_error_from_errno (error_number_for_file_error (error->code)));
  else if (error->domain == G_TLS_ERROR)
    code =
        error->code == G_TLS_ERROR_BAD_CERTIFICATE ? PFA_ERROR_UNTRUSTED : PFA_ERROR_INVALID_DATA;
  else if (error->domain == G_RESOLVER_ERROR)
    code = PFA_ERROR_UNREACHABLE;

  return g_error_new_literal (PFA_ERROR, code, error->message);
}
