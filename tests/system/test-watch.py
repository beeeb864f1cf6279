#!/usr/bin/python3
"""The watch on a session bus with a notification server: what it says, how often, and where a click leads.

The provider is on loopback; it goes and comes. No window is open while the watch runs.
"""
import os
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import window_lab  # noqa: E402

try:
    import dbusmock
except ImportError:
    print('1..0 # SKIP no python3-dbusmock here')
    sys.exit(0)

window_lab.enter()
sys.path.insert(0, str(window_lab.ROOT / 'tests/support'))
from loopback_provider import LoopbackProvider  # noqa: E402

BUILD = Path(os.environ.get('PFA_BUILD_DIR', window_lab.ROOT / 'build'))
DOWN = 'Your provider has a fault or does not answer. Your own line works.'
BACK = 'The way to your provider works again.'
PERIOD_S = 15


class Notifications:
    """A notification server; what it was asked to show, oldest first."""

    def __init__(self, log):
        self.log = open(log, 'w+')
        self.process, self.object = dbusmock.DBusTestCase.spawn_server_template(
            'notification_daemon', stdout=self.log)

    def all(self):
        """[(title, actions)] of each call of Notify."""
        return [(str(arguments[3]), [str(action) for action in arguments[5]])
                for _, name, arguments in self.object.GetCalls(dbus_interface='org.freedesktop.DBus.Mock')
                if name == 'Notify']

    def titles(self):
        return [title for title, _ in self.all()]

    def click(self):
        """As the person clicks on the newest one."""
        self.object.EmitSignal('org.freedesktop.Notifications', 'ActionInvoked', 'us', [1, 'default'],
                               dbus_interface='org.freedesktop.DBus.Mock')

    def stop(self):
        self.process.terminate()
        self.process.wait()


class WatchLab(window_lab.WindowLab):
    """A window lab whose provider is on loopback and can go away."""

    def __init__(self, folder):
        super().__init__(BUILD, folder, {'provider': 'loopback', 'connection': 'lan'}, {'watch': 'true'})
        self.provider = LoopbackProvider(Path(folder) / 'provider')
        self.notifications = Notifications(Path(folder) / 'notifications')

    def __enter__(self):
        self.provider.__enter__()
        self.add_provider(self.provider.profile)
        return self

    def __exit__(self, *arguments):
        super().__exit__(*arguments)
        self.notifications.stop()
        self.provider.__exit__(*arguments)

    def start_watch(self):
        process = subprocess.Popen([self.build / 'src/app/pos-first-aid-window', '--watch',
                                    '--watch-period', str(PERIOD_S)], env=self.environment)
        self.processes.append(process)
        return process


def count_wakeups(pid):
    return sum(int(line.split()[1]) for status in Path(f'/proc/{pid}/task').glob('*/status')
               for line in status.read_text().splitlines() if line.startswith('voluntary_ctxt'))


def test_fails_once_and_is_back_once(folder):
    with WatchLab(folder) as lab:
        lab.start_watch()
        time.sleep(2)
        assert lab.notifications.titles() == [], 'all well is no news'
        lab.provider.go_away()
        lab.wait(lambda: lab.notifications.titles() == [DOWN], 'the news that the provider is down', 30)
        time.sleep(PERIOD_S / 5 * 2 + 1)
        assert lab.notifications.titles() == [DOWN], f'said again: {lab.notifications.titles()}'
        lab.provider.come_back()
        lab.wait(lambda: lab.notifications.titles() == [DOWN, BACK], 'the news that it is back', 30)
        title, actions = lab.notifications.all()[-1]
        assert 'default' in actions, actions
        assert not lab.windows(), 'a window came up by itself'
        lab.notifications.click()
        lab.wait(lambda: 'Trouble with the terminal?' in lab.headings(), 'the first page', 20)
        lab.wait(lambda: lab.find_text('The watch looked at [0-9:]+'), 'what the watch saw')


def test_one_missing_answer_is_no_news(folder):
    with WatchLab(folder) as lab:
        lab.start_watch()
        time.sleep(2)
        lab.provider.go_away()
        lab.wait(lambda: lab.provider.cut_off > 0, 'a look that fails', 30)
        lab.provider.come_back()
        time.sleep(PERIOD_S / 15 + 3)
        assert lab.notifications.titles() == [], lab.notifications.titles()


def test_sleeps_between_two_looks(folder):
    with WatchLab(folder) as lab:
        process = lab.start_watch()
        time.sleep(4)
        before = count_wakeups(process.pid)
        time.sleep(6)
        woken = count_wakeups(process.pid) - before
        assert woken == 0, f'{woken} wake-ups in six seconds between two looks'


sys.exit(window_lab.run_tests(globals()))
