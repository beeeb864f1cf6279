#!/usr/bin/python3
"""What is kept, when it is damaged, full, read-only, of a later program, or when the program is killed.

Each time: one sentence or none, no crash, and nothing lost that was there before.
"""
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import window_lab  # noqa: E402

window_lab.enter()

BUILD = Path(os.environ.get('PFA_BUILD_DIR', window_lab.ROOT / 'build'))
PROGRAM = BUILD / 'src/cli/pos-first-aid'
FIRST_PAGE = 'Trouble with the terminal?'
KILLS = 100
WINDOW_KILLS = 6
STATUSES = (0, 1, 3)


def run(lab, *arguments, **more):
    return subprocess.run([PROGRAM, *arguments], env=lab.environment, capture_output=True, text=True, timeout=60, **more)


def check(lab):
    done = run(lab, 'check', '--provider', 'demo', '--deadline', '0.5', '--json')
    assert done.returncode in STATUSES, (done.returncode, done.stderr)
    assert len(done.stderr.strip().splitlines()) <= 1, done.stderr
    return json.loads(done.stdout)['incident'], done.stderr.strip()


def listed(lab):
    done = run(lab, 'journal', '--json')
    assert done.returncode == 0, done.stderr
    return [incident['id'] for incident in json.loads(done.stdout)['incidents']]


def open_lab(folder, **more):
    return window_lab.WindowLab(BUILD, folder, {'provider': 'demo', 'connection': 'lan'}, **more)


def window_comes_up(lab, sentence=None):
    lab.start()
    lab.wait(lambda: FIRST_PAGE in lab.headings(), 'the first page')
    if sentence is not None:
        lab.wait(lambda: lab.find_text(sentence), f'“{sentence}”')
    process = lab.processes.pop()
    process.terminate()
    process.wait()
    lab.wait(lambda: lab.application() is None, 'the end of the window')


def random_bytes(path):
    path.write_bytes(random.Random(96).randbytes(20_000))


def truncated(path):
    path.write_bytes(path.read_bytes()[:5000])


def middle_overwritten(path):
    content = bytearray(path.read_bytes())
    content[4096:8192] = b'\xff' * 4096
    path.write_bytes(content)


def empty(path):
    path.write_bytes(b'')


def test_damaged_journal_is_set_aside(folder):
    for number, damage in enumerate((random_bytes, truncated, middle_overwritten, empty)):
        with open_lab(f'{folder}/{number}') as lab:
            check(lab)
            path = lab.folder / 'data/pos-first-aid/journal.db'
            for extra in ('-wal', '-shm'):
                path.with_name(path.name + extra).unlink(missing_ok=True)
            damage(path)
            damaged = path.read_bytes()
            incident, _ = check(lab)
            assert listed(lab) == [incident], damage.__name__
            kept = [file.read_bytes() for file in path.parent.glob('journal.db.damaged-*')]
            assert damage is empty or damaged in kept, f'{damage.__name__}: what was damaged is gone'
            window_comes_up(lab)


def test_one_bad_run_hides_no_other(folder):
    with open_lab(folder) as lab:
        first, _ = check(lab)
        second, _ = check(lab)
        base = sqlite3.connect(lab.folder / 'data/pos-first-aid/journal.db')
        for text in ('{', '[]', '{"format": "pos-first-aid-incident/99", "id": 5}', 'nonsense', '{"id": null}'):
            with base:
                base.execute('UPDATE incident SET json = ? WHERE id = ?', (text, second))
            assert first in listed(lab), f'{text!r} hides the sound one'
            window_comes_up(lab)
        base.close()
        third, _ = check(lab)
        assert third in listed(lab)


def test_journal_of_a_later_program_is_left_alone(folder):
    with open_lab(folder) as lab:
        check(lab)
        path = lab.folder / 'data/pos-first-aid/journal.db'
        base = sqlite3.connect(path)
        base.execute('PRAGMA user_version = 4096')
        base.close()
        _, sentence = check(lab)
        assert sentence, 'that nothing is kept must be said'
        base = sqlite3.connect(path)
        assert base.execute('SELECT count(*) FROM incident').fetchone()[0] == 1
        base.close()
        window_comes_up(lab, 'Nothing can be saved on this computer. You can still go on.')


def test_a_folder_stands_in_its_place(folder):
    with open_lab(folder) as lab:
        (lab.folder / 'data/pos-first-aid/journal.db').mkdir(parents=True)
        _, sentence = check(lab)
        assert sentence
        window_comes_up(lab, 'Nothing can be saved on this computer. You can still go on.')


def test_a_full_disk_loses_nothing(folder):
    small = Path(folder) / 'small'
    small.mkdir()
    if subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', small], capture_output=True).returncode != 0:
        print('# no tmpfs may be mounted here', flush=True)
        return
    try:
        with open_lab(f'{folder}/lab') as lab:
            lab.environment['XDG_DATA_HOME'] = str(small)
            kept, _ = check(lab)
            with open(small / 'filler', 'wb', buffering=0) as filler:
                try:
                    while True:
                        filler.write(b'x' * 4096)
                except OSError:
                    pass
            told = [check(lab)[1] for _ in range(12)]
            assert told[-1], 'that the run is not kept must be said'
            assert kept in listed(lab)
            window_comes_up(lab)
            (small / 'filler').unlink()
            again, sentence = check(lab)
            assert not sentence and {kept, again} <= set(listed(lab))
    finally:
        subprocess.run(['umount', '-l', small])


def test_damaged_settings(folder):
    with open_lab(folder) as lab:
        keyfile = lab.folder / 'config/glib-2.0/settings/keyfile'
        for text in (os.urandom(3000), b'[io/github', b"[io/github/pos_first_aid/PosFirstAid]\ntext-size=9999\n"
                     b"language='xx'\nprovider=5\nwatch='maybe'\nterminals='none'\nreminders=[[[[\n"):
            keyfile.write_bytes(text)
            window_comes_up(lab)


def test_killed_at_any_moment(folder):
    with open_lab(folder) as lab:
        dice = random.Random(96)
        known = set()
        for _ in range(KILLS):
            process = subprocess.Popen([PROGRAM, 'check', '--provider', 'demo', '--deadline', '0.5', '--json'],
                                       env=lab.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(dice.uniform(0.01, 0.6))
            process.send_signal(signal.SIGKILL)
            process.wait()
            now = set(listed(lab))
            assert known <= now, f'lost: {known - now}'
            known = now
        print(f'# {len(known)} of {KILLS} runs were far enough to be kept', flush=True)
        assert not list((lab.folder / 'data/pos-first-aid').glob('*damaged*'))


def test_the_window_goes_on_after_a_kill(folder):
    with open_lab(folder) as lab:
        dice = random.Random(96)
        lab.start()
        lab.press('Start')
        for number in range(WINDOW_KILLS):
            time.sleep(dice.uniform(0, 0.7))
            process = lab.processes.pop()
            process.kill()
            process.wait()
            lab.wait(lambda: lab.application() is None, 'the end of the window')
            lab.start()
            lab.wait(lambda: FIRST_PAGE in lab.headings(), 'the first page')
            lab.press('Go on where you were.*')
            lab.wait(lambda: FIRST_PAGE not in lab.headings() and lab.headings(), 'the run')
        assert len(listed(lab)) == 1


def test_two_at_once(folder):
    with open_lab(folder) as lab:
        lab.start()
        lab.press('Start')
        runs = [subprocess.Popen([PROGRAM, 'check', '--provider', 'demo', '--deadline', '0.5', '--json'],
                                 env=lab.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
                for _ in range(6)]
        for each in runs:
            _, said = each.communicate(timeout=60)
            assert each.returncode in STATUSES and not said, said
        assert len(listed(lab)) == 7


def test_the_clock_jumps_back(folder):
    with open_lab(folder) as lab:
        old, _ = check(lab)
        base = sqlite3.connect(lab.folder / 'data/pos-first-aid/journal.db')
        row = json.loads(base.execute('SELECT json FROM incident').fetchone()[0])
        text = json.dumps(row).replace(row['started'][:10], '2031-05-05') if isinstance(row['started'], str) else None
        with base:
            base.execute('UPDATE incident SET started = started + 86400000000 * 365')
            if text:
                base.execute('UPDATE incident SET json = ?', (text,))
        base.close()
        new, _ = check(lab)
        assert {old, new} <= set(listed(lab))
        window_comes_up(lab)


sys.exit(window_lab.run_tests(globals()))
