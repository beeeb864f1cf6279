#!/usr/bin/env python3
"""Runs the real command over a corpus with a manifest and judges what it prints.

usage: judge-corpus.py PROGRAM CORPUS [FIRST-LETTERS-OF-GROUPS]

SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import oracle  # noqa: E402


def judge(program, path, case):
    run = subprocess.run([program, 'redact'], input=path.read_bytes(), capture_output=True, timeout=60)
    faults = []
    if run.returncode not in (0, 1):
        faults.append(f'exit status {run.returncode}: {run.stderr.decode(errors="replace")[-200:]}')
    if run.returncode == 1 and not run.stderr:
        faults.append('refused without a word')
    if case['expect'] == 'drop' and run.returncode != 1:
        faults.append('should have been refused')
    if case['expect'] in ('keep', 'redact', 'redact_by_key') and run.returncode == 1:
        faults.append('refused: ' + run.stderr.decode(errors='replace').strip())
    if case['expect'] != 'limit':
        faults += [f'leaks {secret}' for secret in case['secrets'] if oracle.is_recoverable(secret, run.stdout)]
    if run.returncode == 0:
        faults += [f'lost {text}' for text in case['keep'] if text.encode() not in run.stdout]
    return faults, run.stdout


def main():
    program, corpus = sys.argv[1], pathlib.Path(sys.argv[2])
    cases = [json.loads(line) for line in (corpus / 'manifest.jsonl').read_text().splitlines()]
    bad = 0
    print(f'1..{len(cases)}')
    for number, case in enumerate(cases, 1):
        faults, output = judge(program, corpus / case['file'], case)
        print(f'{"not ok" if faults else "ok"} {number} {case["file"]}')
        for fault in faults:
            print(f'# {fault}')
        if faults:
            bad += 1
            print('# printed: ' + repr(output[:300]))
    return 1 if bad else 0


sys.exit(main())
