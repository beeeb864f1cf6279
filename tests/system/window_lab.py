"""The window on a display, a session bus and an accessibility bus of its own.

    with WindowLab(build, settings={'provider': 'demo'}) as lab:
        lab.start('--code', '96')
        lab.press('Start')
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from pathlib import Path

warnings.simplefilter('ignore')

ROOT = Path(__file__).resolve().parents[2]
NAME = 'pos-first-aid'
BUS_NAME = 'io.github.pos_first_aid.PosFirstAid'
OBJECT_PATH = '/io/github/pos_first_aid/PosFirstAid'
TYPE_NAME = re.compile(r'^(Gtk|Adw|Pfa)[A-Z]\w+$')
SPEAKING = {'push button', 'toggle button', 'check box', 'radio button', 'text', 'entry', 'combo box', 'list item',
            'link', 'slider', 'switch', 'menu item', 'progress bar', 'image', 'list', 'table'}
# What libadwaita and GTK put into every window and nobody can name from outside.
FOREIGN = {'AdwGizmo', 'GtkListItemWidget', 'Minimize', 'Maximize', 'Close'}


def enter():
    """Runs this very script again inside its own display and buses."""
    if os.environ.get('PFA_WINDOW_LAB'):
        return
    for program in ('Xvfb', 'dbus-run-session'):
        if subprocess.run(['which', program], capture_output=True).returncode != 0:
            print(f'1..0 # SKIP no {program} here')
            sys.exit(0)
    environment = dict(os.environ, PFA_WINDOW_LAB='1', GTK_A11Y='atspi')
    # A warning ends the program under test, never this looker-on, whose library warns when it is quicker than the bus.
    environment.pop('G_DEBUG', None)
    # What the buses' own services say is no result of a test.
    inner = ['bash', '-c', 'exec "$@" >&4 4>&-', 'bash', '/usr/bin/python3', *sys.argv]
    os.execve('/bin/bash', ['bash', '-c', 'exec "$@" 4>&1 >&2', 'bash', str(ROOT / 'tests/ui/with-display'),
                            'dbus-run-session', '--', *inner], environment)


class WindowLab:
    def __init__(self, build, folder, settings=None, flags=None):
        import gi
        gi.require_version('Atspi', '2.0')
        from gi.repository import Atspi
        self.atspi = Atspi
        self.build = Path(build)
        self.folder = Path(folder)
        self.processes = []
        keyfile = self.folder / 'config/glib-2.0/settings/keyfile'
        keyfile.parent.mkdir(parents=True)
        keyfile.write_text('[io/github/pos_first_aid/PosFirstAid]\n' +
                           ''.join(f"{key}='{value}'\n" for key, value in (settings or {}).items()) +
                           ''.join(f'{key}={value}\n' for key, value in (flags or {}).items()))
        self.environment = dict(os.environ, XDG_CONFIG_HOME=str(self.folder / 'config'), GSETTINGS_BACKEND='keyfile',
                                XDG_DATA_HOME=str(self.folder / 'data'), LANGUAGE='en', GTK_A11Y='atspi',
                                G_DEBUG='fatal-criticals', NO_AT_BRIDGE='0')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes:
            process.kill()
            process.wait()

    def spawn(self, *arguments):
        process = subprocess.Popen([self.build / 'src/app/pos-first-aid-window', *arguments], env=self.environment)
        self.processes.append(process)
        return process

    def start(self, *arguments):
        process = self.spawn(*arguments)
        self.wait(lambda: self.application() is not None, 'the window on the accessibility bus', 30)
        return process

    def add_provider(self, file):
        """Puts a provider's profile, and the authority it trusts, where the person's own lie."""
        own = self.folder / 'data/pos-first-aid/providers'
        own.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, own)
        for trusted in Path(file).parent.glob('ca.pem'):
            shutil.copy(trusted, own)

    def start_desk(self):
        desk = subprocess.Popen([self.build / 'src/desk/pos-first-aid-desk', '--data', self.folder / 'desk',
                                 '--listen', '127.0.0.1:8096'], stdout=subprocess.PIPE, env=self.environment)
        self.processes.append(desk)
        assert desk.stdout.readline().startswith(b'listening'), 'the desk does not start'

    def application(self):
        desktop = self.atspi.get_desktop(0)
        for index in range(desktop.get_child_count()):
            child = desktop.get_child_at_index(index)
            if child is not None and child.get_name() == NAME:
                return child
        return None

    def wait(self, condition, what, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                found = condition()
            except Exception:  # the object went while we looked at it
                found = None
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError(f'waited {seconds} s for {what}; headings now: {self.headings()}')

    def walk(self, node=None, hidden=False):
        node = node or self.application()
        if node is None:
            return
        yield node
        for index in range(node.get_child_count()):
            child = node.get_child_at_index(index)
            if child is None:
                continue
            if hidden or self.is_in_view(child):
                yield from self.walk(child, hidden)

    def is_in_view(self, node):
        """A page of the stack that is not shown keeps its place, but is no longer visible."""
        if node.get_name() == 'GtkStackPage':
            return node.get_state_set().contains(self.atspi.StateType.VISIBLE)
        try:
            return node.get_extents(self.atspi.CoordType.WINDOW).width > 0
        except Exception:  # what has no place of its own
            return True

    def headings(self):
        try:
            return [node.get_name() for node in self.walk() if node.get_role_name() == 'heading']
        except Exception:
            return []

    def find(self, name, roles=('push button', 'toggle button', 'radio button', 'check box', 'list item')):
        for node in self.walk():
            if node.get_role_name() in roles and re.fullmatch(name, node.get_name() or ''):
                if node.get_state_set().contains(self.atspi.StateType.SENSITIVE):
                    return node
        return None

    def find_text(self, text):
        """A label or whatever else bears this name."""
        return next((node for node in self.walk() if re.fullmatch(text, node.get_name() or '')), None)

    def focused(self):
        """What has the keyboard's focus, or None."""
        return next((node for node in self.walk()
                     if node.get_state_set().contains(self.atspi.StateType.FOCUSED)), None)

    def windows(self):
        """The X windows in view."""
        return subprocess.run(['xdotool', 'search', '--onlyvisible', '--name', '.+'],
                              capture_output=True, text=True).stdout.split()

    def press(self, name, seconds=20):
        node = self.wait(lambda: self.find(name), f'“{name}”', seconds)
        self.activate(node)

    def activate(self, node):
        """By its action, or, as GTK 4.8 gives rows none, by the keyboard."""
        if node.get_n_actions() > 0:
            node.do_action(0)
            return
        wanted = node.get_name()
        self.focus_window()
        for _ in range(40):
            if any(n.get_name() == wanted and n.get_state_set().contains(self.atspi.StateType.FOCUSED)
                   for n in self.walk()):
                self.keys('Return')
                return
            self.keys('Tab')
            time.sleep(0.1)
        raise AssertionError(f'the keyboard does not reach “{wanted}”')

    def go(self, page):
        subprocess.run(['gdbus', 'call', '--session', '--dest', BUS_NAME, '--object-path', OBJECT_PATH, '--method',
                        'org.gtk.Actions.Activate', 'page', f'[<"{page}">]', '{}'],
                       check=True, capture_output=True, env=self.environment)

    def complaints(self):
        for node in self.walk():
            role, name = node.get_role_name(), node.get_name() or ''
            focusable = node.get_state_set().contains(self.atspi.StateType.FOCUSABLE)
            if name in FOREIGN or (role not in SPEAKING and not focusable):
                continue
            if role in ('panel', 'frame', 'filler') and not name:
                continue
            if not name:
                yield f'{role} without a name'
            elif TYPE_NAME.match(name):
                yield f'{role} is named after its type: {name}'
            elif '_' in name and role != 'list item':
                yield f'{role} shows a mnemonic: {name}'

    def keys(self, *keys):
        subprocess.run(['xdotool', 'key', *keys], check=True)

    def focus_window(self):
        window = self.wait(self.windows, 'an X window')
        subprocess.run(['xdotool', 'windowfocus', window[-1]], check=True)


def run_tests(space):
    """Runs each test_… of @space whose name an argument is part of; each gets a folder. Prints TAP."""
    tests = [value for name, value in space.items()
             if name.startswith('test_') and any(a in name for a in sys.argv[1:] or [''])]
    failed = 0
    print(f'1..{len(tests)}', flush=True)
    for number, test in enumerate(tests, 1):
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(folder)
                print(f'ok {number} {test.__name__}', flush=True)
            except Exception:
                failed += 1
                print(f'not ok {number} {test.__name__}', flush=True)
                print('\n'.join('# ' + line for line in traceback.format_exc().splitlines()), flush=True)
    return 1 if failed else 0
