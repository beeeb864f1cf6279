/* pfa-aid-words.c - what was found, in words: the headline and at most four reasons
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "pfa-aid-private.h"

