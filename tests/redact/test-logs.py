#!/usr/bin/env python3
"""Ten megabytes of clean logs stay as they are; of planted secrets none survives.

usage: test-logs.py PROGRAM

SPDX-License-Identifier: GPL-3.0-or-later
"""

import pathlib
import subprocess
import sys
import tempfile

maker = pathlib.Path(__file__).parent.parent / 'fixtures' / 'make-logs.py'


def redact(text):
    return subprocess.run([sys.argv[1], 'redact'], input=text, capture_output=True, check=True).stdout


def main():
    clean = subprocess.run([sys.executable, maker, '10'], capture_output=True, check=True).stdout
    changed = [pair for pair in zip(clean.splitlines(), redact(clean).splitlines()) if pair[0] != pair[1]]
    with tempfile.NamedTemporaryFile() as listed:
        planted = subprocess.run([sys.executable, maker, '3', '--planted', listed.name], capture_output=True, check=True).stdout
        secrets = pathlib.Path(listed.name).read_text(encoding='utf-8').split()
    out = redact(planted).decode()
    squeezed = out.replace(' ', '')
    leaked = [secret for secret in secrets if secret in out or secret in squeezed]
    print('1..2')
    print(f'{"not ok" if changed else "ok"} 1 clean logs stay as they are')
    for before, after in changed[:5]:
        print(f'# {before!r}\n# {after!r}')
    print(f'{"not ok" if leaked else "ok"} 2 none of {len(secrets)} planted secrets survives')
    for secret in leaked[:5]:
        print(f'# {secret}')


main()
