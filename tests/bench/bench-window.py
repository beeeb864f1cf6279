#!/usr/bin/python3
"""Start to the first mapped window, memory and idle wake-ups: ours beside GNOME Text Editor, turn by turn."""
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get('PFA_BUILD_DIR', ROOT / 'build'))
ROUNDS = 7
IDLE_SECONDS = 5


def enter():
    if os.environ.get('PFA_BENCH_WINDOW'):
        return
    environment = dict(os.environ, PFA_BENCH_WINDOW='1', GTK_A11Y='none')
    os.execve(ROOT / 'tests/ui/with-display',
              ['with-display', 'dbus-run-session', '--', '/usr/bin/python3', *sys.argv], environment)


def windows():
    found = subprocess.run(['xdotool', 'search', '--onlyvisible', '--name', '.+'], capture_output=True, text=True)
    return found.stdout.split()


def count_wakeups(pid):
    """Voluntary context switches of all threads: each is a sleep that ended."""
    total = 0
    for status in Path(f'/proc/{pid}/task').glob('*/status'):
        total += sum(int(line.split()[1]) for line in status.read_text().splitlines()
                     if line.startswith('voluntary_ctxt_switches'))
    return total


def measure(command, idle):
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, XDG_DATA_HOME=folder, XDG_CONFIG_HOME=folder, GSETTINGS_BACKEND='memory')
        begin = time.monotonic()
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while not windows() and time.monotonic() - begin < 20:
            time.sleep(0.005)
        elapsed = time.monotonic() - begin
        time.sleep(2)
        memory = next(int(line.split()[1]) for line in Path(f'/proc/{process.pid}/smaps_rollup').read_text().splitlines()
                      if line.startswith('Pss:'))
        before = count_wakeups(process.pid)
        time.sleep(IDLE_SECONDS if idle else 0)
        wakeups = (count_wakeups(process.pid) - before) / IDLE_SECONDS
        process.kill()
        process.wait()
        return elapsed, memory / 1024, wakeups


def main():
    programs = {'POS First Aid': [str(BUILD / 'src/app/pos-first-aid-window')]}
    if shutil.which('gnome-text-editor'):
        programs['GNOME Text Editor'] = ['gnome-text-editor', '--standalone']
    results = {name: [] for name in programs}
    for number in range(ROUNDS):
        for name, command in programs.items():
            results[name].append(measure(command, number == ROUNDS - 1))
    print(f'{"":18} {"first window":>14} {"memory (PSS)":>14} {"wake-ups idle":>14}')
    for name, rows in results.items():
        print(f'{name:18} {1000 * statistics.median(r[0] for r in rows):>11.0f} ms '
              f'{statistics.median(r[1] for r in rows):>11.1f} MB {rows[-1][2]:>12.1f}/s')


enter()
main()
