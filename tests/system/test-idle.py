#!/usr/bin/python3
"""No page of the window wakes the computer while nobody touches it: each sleep that ends is counted."""
import os
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import window_lab  # noqa: E402

window_lab.enter()

BUILD = Path(os.environ.get('PFA_BUILD_DIR', window_lab.ROOT / 'build'))
PAGES = ['home', 'money', 'verdict', 'question', 'step', 'solved', 'support', 'station:router', 'explain:96',
         'history', 'prevent', 'settings', 'profile', 'terminal', 'cards', 'spoken', 'bundle', 'ticket', 'guided',
         'practice', 'help:money', 'checking']
SETTLE_S = 2
COUNT_S = 2


def read_switches(pid):
    """Voluntary context switches by thread."""
    return {status.parent.name: int(line.split()[1]) for status in Path(f'/proc/{pid}/task').glob('*/status')
            for line in status.read_text().splitlines() if line.startswith('voluntary_ctxt')}


def measure(lab, process, page):
    lab.go(page)
    time.sleep(SETTLE_S)
    before = read_switches(process.pid)
    time.sleep(COUNT_S)
    # A thread of the pool that went took its count with it.
    return sum(count - before.get(thread, 0) for thread, count in read_switches(process.pid).items())


def test_no_page_wakes(folder):
    with window_lab.WindowLab(BUILD, folder, {'provider': 'demo', 'connection': 'lan'}) as lab:
        process = lab.start('--code', '96')
        lab.press('Start')
        lab.press('Next')
        lab.wait(lambda: lab.find('Do this step|Answer it|Hand over to support'), 'the verdict', 30)
        process.terminate()
        process.wait()
        # Whoever listens on the accessibility bus asks, and asking wakes.
        lab.environment['GTK_A11Y'] = 'none'
        lab.processes.remove(process)
        process = lab.spawn()
        lab.wait(lab.windows, 'the window')
        lab.focus_window()
        lab.keys('shift+Tab')
        lab.keys('Return')  # goes on with the run that is open
        time.sleep(SETTLE_S)
        woken = {page: measure(lab, process, page) for page in PAGES}
        print('# ' + ', '.join(f'{page} {count}' for page, count in woken.items()), flush=True)
        assert not any(woken.values()), {page: count for page, count in woken.items() if count}


sys.exit(window_lab.run_tests(globals()))
