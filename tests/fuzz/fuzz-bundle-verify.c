/* fuzz-bundle-verify.c - any bytes as a bundle: refused or sound, never a crash
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "pfa-bundle-verify.h"

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const int fd = memfd_create ("bundle", MFD_CLOEXEC);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);

  if (fd >= 0 && write (fd, data, size) == (ssize_t) size)
    {
      g_autoptr (PfaBundleContents) contents = pfa_bundle_verify (path, NULL, NULL);
    }
  close (fd);
  return 0;
}
