#!/usr/bin/env python3
"""Redactor and bundle: speed and memory, beside grep -P, ripgrep and sha256sum on the same log.

usage: bench-redact.py [MEGABYTES]

SPDX-License-Identifier: GPL-3.0-or-later
"""

import os
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time

ONE_CARD = r'(?<![0-9])(?:4[0-9]{15}|5[1-5][0-9]{14}|62[0-9]{14,17}|3[47][0-9]{13})(?![0-9])'
RUST_CARD = r'(?-u:\b)(?:4[0-9]{15}|5[1-5][0-9]{14}|62[0-9]{14,17}|3[47][0-9]{13})(?-u:\b)'


def timed(command, path):
    """Best of three: seconds of processor time, and the memory of the largest child so far."""
    best = float('inf')
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        with open(path, 'rb') as source:
            with open(os.devnull, 'wb') as sink:
                # Not /dev/null itself: grep reads no further than the first hit then.
                subprocess.run(command, stdin=source, stdout=subprocess.PIPE, stderr=sink, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return best


def memory_of(command, path):
    """The high water mark as the kernel tells it while the program runs; what wait4() tells is this
    interpreter's own."""
    highest = 0
    with open(path, 'rb') as source:
        process = subprocess.Popen(command, stdin=source, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        while process.stdout.read(1 << 20):
            for line in pathlib.Path(f'/proc/{process.pid}/status').read_text(encoding='utf-8').splitlines():
                if line.startswith('VmHWM'):
                    highest = max(highest, int(line.split()[1]))
        process.wait()
    return highest / 1024


def row(name, command, path):
    if shutil.which(str(command[0])) is None:
        print(f'{name:<44} not installed here')
        return
    size = path.stat().st_size / 1e6
    seconds = timed(command, path)
    print(f'{name:<44} {size / seconds:8.0f} MB/s a core {memory_of(command, path):8.1f} MB')


def main():
    megabytes = sys.argv[1] if len(sys.argv) > 1 else '25'
    program = pathlib.Path(os.environ.get('PFA_BUILD_DIR', 'build')) / 'src' / 'cli' / 'pos-first-aid'
    maker = pathlib.Path(__file__).parent.parent / 'fixtures' / 'make-logs.py'
    with tempfile.TemporaryDirectory() as folder:
        for title, options in (('clean log', []), ('log with a secret in every hundredth line', ['--planted', f'{folder}/list'])):
            log = pathlib.Path(folder) / 'log'
            part = subprocess.run([sys.executable, maker, megabytes, *options], capture_output=True, check=True).stdout
            log.write_bytes(part * 4)
            print(f'{title}, {log.stat().st_size / 1e6:.0f} MB')
            row('pos-first-aid redact, all rules', [program, 'redact'], log)
            row('pos-first-aid redact --for anyone', [program, 'redact', '--for', 'anyone'], log)
            row('grep -P, one card rule', ['grep', '-cP', ONE_CARD], log)
            row('ripgrep, one card rule', ['rg', '-c', RUST_CARD, '-'], log)
            row('sha256sum', ['sha256sum'], log)
        for value in (b'a', b'1', b'4', b' ', b'%', b'=', b'A'):
            log.write_bytes(value * 12000000)
            start = time.monotonic()
            with open(log, 'rb') as source:
                subprocess.run([program, 'redact'], stdin=source, stdout=subprocess.DEVNULL, check=False)
            print(f'{"one line of 12 MB of " + repr(value.decode()):<44} {time.monotonic() - start:8.2f} s')


main()
