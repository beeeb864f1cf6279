#!/usr/bin/python3
"""The window as a person with a screen reader, and one with a keyboard only, meets it.

Names on every page; three journeys by accessibility actions (all well, a step helps, no step helps
and a ticket comes back); one journey by keyboard alone; going on after a kill.
"""
import os
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import window_lab  # noqa: E402

window_lab.enter()

BUILD = Path(os.environ.get('PFA_BUILD_DIR', window_lab.ROOT / 'build'))
PAGES = ['home', 'money', 'checking', 'verdict', 'support', 'station:router', 'explain:96', 'history', 'prevent',
         'settings', 'profile', 'terminal', 'cards', 'spoken', 'bundle', 'ticket', 'guided', 'practice', 'help:money']
MOST_STEPS = 25


def begin(lab):
    lab.start('--code', '96')
    lab.press('Start')
    lab.wait(lambda: 'First: was the customer charged?' in lab.headings(), 'the money page')
    assert lab.find('Do not charge.*', ('alert', 'label', 'notification'))


def go_on(lab):
    lab.press('Next')
    lab.wait(lambda: lab.find('Do this step|Answer it|Hand over to support'), 'the verdict', 30)


def walk_on(lab, outcome):
    """Goes where the program leads until a step is done or the support page comes."""
    for _ in range(MOST_STEPS):
        button = lab.wait(lambda: lab.find('Do this step|Answer it|Hand over to support'), 'what to do now')
        name = button.get_name()
        button.do_action(0)
        if name == 'Answer it':
            lab.wait(lambda: lab.find('I don’t know'), 'the answer that is always there')
            lab.press('Next')
        elif name == 'Do this step':
            lab.wait(lambda: lab.find('Done'), 'the step')
            if outcome == 'works':
                lab.press('Done')
                lab.press('Yes, it works', 30)
                return 'solved'
            lab.press('I cannot do this')
        else:
            return 'support'
    raise AssertionError('the way has no end')


def test_names(folder):
    with window_lab.WindowLab(BUILD, folder, {'provider': 'demo', 'connection': 'lan'}) as lab:
        begin(lab)
        go_on(lab)
        faults = []
        for page in PAGES:
            lab.go(page)
            lab.wait(lambda: any(lab.headings()), page)
            faults += [f'{page}: {fault}' for fault in lab.complaints()]
        assert not faults, '\n'.join(sorted(set(faults)))


def test_path_is_spoken(folder):
    with window_lab.WindowLab(BUILD, folder, {'provider': 'demo', 'connection': 'lan'}) as lab:
        begin(lab)
        go_on(lab)
        names = [node.get_name() for node in lab.walk() if node.get_role_name() == 'push button']
        for station in ('Terminal', 'Cable or Wi-Fi', 'Router', 'Internet', 'Provider', 'This computer'):
            assert any(name.startswith(station + ': ') for name in names), f'{station} is not spoken: {names}'


def test_step_solves(folder):
    with window_lab.WindowLab(BUILD, folder, {'provider': 'demo', 'connection': 'lan'}) as lab:
        begin(lab)
        go_on(lab)
        assert walk_on(lab, 'works') == 'solved'
        lab.wait(lambda: 'It works again' in lab.headings(), 'the last page')


def test_ticket_comes_back(folder):
    with window_lab.WindowLab(BUILD, folder, {'provider': 'demo', 'connection': 'lan'}) as lab:
        lab.start_desk()
        begin(lab)
        go_on(lab)
        assert walk_on(lab, 'cannot') == 'support'
        lab.press('Hand over a report.*')
        lab.press('Send', 30)
        lab.wait(lambda: 'Your ticket' in lab.headings(), 'the ticket', 40)


def test_resumes_after_kill(folder):
    with window_lab.WindowLab(BUILD, folder, {'provider': 'demo', 'connection': 'lan'}) as lab:
        begin(lab)
        go_on(lab)
        lab.processes.pop().kill()
        lab.wait(lambda: lab.application() is None, 'the end of the window')
        lab.start()
        lab.wait(lambda: lab.find('Go on where you were.*'), 'the offer to go on')
        lab.focus_window()
        lab.keys('shift+Tab')
        lab.keys('Return')
        lab.wait(lambda: lab.find('Do this step|Answer it|Hand over to support'), 'the verdict')


def test_keyboard_alone(folder):
    with window_lab.WindowLab(BUILD, folder, {'provider': 'demo', 'connection': 'lan'}) as lab:
        lab.start()
        lab.focus_window()
        lab.keys('9', '6')
        lab.keys('Return')
        lab.wait(lambda: 'First: was the customer charged?' in lab.headings(), 'the money page')
        lab.keys('Return')
        for _ in range(MOST_STEPS):
            lab.wait(lambda: 'It works again' in lab.headings() or
                     lab.find('Do this step|Answer it|Hand over to support|Next|Done|Yes, it works'),
                     'something to do, or the end', 30)
            if 'It works again' in lab.headings():
                break
            lab.keys('Return')
            if lab.find('Hand over to support'):
                break
        lab.keys('Escape')
        lab.wait(lambda: any(lab.headings()), 'a page')


def test_log_is_added_and_taken_out(folder):
    log = Path(folder) / 'till of the shop.log'
    log.write_text('12:00 sale\npan=4929001234567891\n')
    with window_lab.WindowLab(BUILD, folder, {'provider': 'demo', 'connection': 'lan'}) as lab:
        begin(lab)
        lab.go('bundle')
        lab.wait(lambda: lab.find('Add a log file'), 'the button', 30)
        lab.press('Add a log file')
        lab.wait(lambda: len(lab.windows()) > 1, 'the file chooser')
        subprocess.run(['xdotool', 'type', '--delay', '30', str(log)], check=True)
        lab.keys('Return')
        lab.wait(lambda: lab.find('Take out logs/shop/1.log again'), 'the file in the list')
        shown = lab.wait(lambda: [node.get_text_iface() for node in lab.walk()
                                  if node.get_role_name() == 'text' and 'as it will be sent' in node.get_name()],
                         'its text')
        lab.wait(lambda: '12:00 sale' in shown[0].get_text(0, -1), 'what will be sent')
        assert '4929' not in shown[0].get_text(0, -1)
        lab.press('Take out logs/shop/1.log again')
        lab.wait(lambda: not lab.find('Take out .*'), 'the list without it')


sys.exit(window_lab.run_tests(globals()))
