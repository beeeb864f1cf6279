# handover_bundle.py - a small sound bundle, made without the program
# SPDX-License-Identifier: GPL-3.0-or-later
import io
import random
import zipfile


def build(size, seed):
    generator = random.Random(seed)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("readme.html", generator.randbytes(max(size - 150, 1)))
    return out.getvalue()
