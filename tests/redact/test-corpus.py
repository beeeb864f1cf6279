#!/usr/bin/env python3
"""Makes the adversarial corpus and has the real command judged on it.

usage: test-corpus.py PROGRAM

SPDX-License-Identifier: GPL-3.0-or-later
"""

import pathlib
import subprocess
import sys
import tempfile

here = pathlib.Path(__file__).parent
with tempfile.TemporaryDirectory() as folder:
    subprocess.run([sys.executable, here / 'make-corpus.py', folder], check=True)
    sys.exit(subprocess.run([sys.executable, here / 'judge-corpus.py', sys.argv[1], folder]).returncode)
