#!/usr/bin/python3
"""The window as the desktop uses it: activation by D-Bus, actions of its entry, files opened with it, one
instance, autostart of the watch."""
import os
import subprocess
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import window_lab  # noqa: E402

window_lab.enter()

BUILD = Path(os.environ.get('PFA_BUILD_DIR', window_lab.ROOT / 'build'))
NO_REPORT = 'This is no report, or it is damaged.'


class DesktopLab(window_lab.WindowLab):
    """A window lab whose program the bus starts when somebody calls it."""

    def __init__(self, folder):
        super().__init__(BUILD, folder, {'provider': 'demo', 'connection': 'lan'})
        services = Path(os.environ['XDG_DATA_HOME']) / 'dbus-1/services'
        services.mkdir(parents=True, exist_ok=True)
        own = ('XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'LANGUAGE', 'GSETTINGS_BACKEND', 'GTK_A11Y', 'G_DEBUG')
        environment = ' '.join(f'{name}={self.environment[name]}' for name in own)
        (services / f'{window_lab.BUS_NAME}.service').write_text(
            f'[D-BUS Service]\nName={window_lab.BUS_NAME}\n'
            f'Exec=/usr/bin/env {environment} {self.build}/src/cli/pos-first-aid --gapplication-service\n')
        self.bus('org.freedesktop.DBus', '/', 'org.freedesktop.DBus.ReloadConfig')

    def bus(self, name, path, method, *arguments):
        return subprocess.run(['gdbus', 'call', '--session', '--dest', name, '--object-path', path,
                               '--method', method, *arguments], check=True, capture_output=True, text=True).stdout

    def call(self, method, *arguments):
        self.bus(window_lab.BUS_NAME, window_lab.OBJECT_PATH, f'org.freedesktop.Application.{method}', *arguments)

    def open(self, path):
        self.call('Open', f"['file://{path}']", '{}')

    def stop(self):
        """Ends what the bus started, which is no child of ours."""
        if self.application() is not None or 'true' in self.bus(
                'org.freedesktop.DBus', '/', 'org.freedesktop.DBus.NameHasOwner', window_lab.BUS_NAME):
            self.call('ActivateAction', 'quit', '[]', '{}')
            self.wait(lambda: self.application() is None, 'the end of the window')

    def __exit__(self, *arguments):
        self.stop()
        super().__exit__(*arguments)

    def is_owned(self):
        return 'true' in self.bus('org.freedesktop.DBus', '/', 'org.freedesktop.DBus.NameHasOwner',
                                  window_lab.BUS_NAME)


def test_activation_leads_to_the_page(folder):
    with DesktopLab(folder) as lab:
        for action, arguments, heading in (('code-96', '[]', 'Trouble with the terminal?'),
                                           ('history', '[]', 'Earlier troubles'),
                                           ('page', "[<'ticket'>]", 'any'),
                                           ('code', "[<'91'>]", 'Trouble with the terminal?')):
            assert not lab.is_owned()
            lab.call('ActivateAction', action, arguments, '{}')
            lab.wait(lambda: [h for h in lab.headings() if heading in (h, 'any')], action, 30)
            lab.stop()


def test_files_are_opened_with_a_sentence(folder):
    where = Path(folder) / 'files'
    where.mkdir()
    (where / 'garbage.posaid.zip').write_bytes(os.urandom(100_000))
    (where / 'empty.posaid.zip').touch()
    with open(where / 'huge.posaid.zip', 'wb') as huge:
        huge.truncate(1 << 30)
    (where / 'folder.posaid.zip').mkdir()
    os.mkfifo(where / 'pipe.posaid.zip')
    with DesktopLab(folder) as lab:
        for name, sentence in (('garbage', NO_REPORT), ('empty', NO_REPORT), ('huge', NO_REPORT),
                               ('folder', NO_REPORT), ('pipe', NO_REPORT),
                               ('gone', 'This file cannot be read.')):
            started = time.monotonic()
            lab.open(where / f'{name}.posaid.zip')
            lab.wait(lambda: lab.find_text(sentence), f'the sentence about {name}')
            assert time.monotonic() - started < 15
            lab.press('Close this note')
            lab.wait(lambda: not lab.find_text(sentence), 'the note to close')


def test_a_real_report_is_sound(folder):
    with DesktopLab(folder) as lab:
        program = lab.build / 'src/cli/pos-first-aid'
        report = Path(folder) / 'own.posaid.zip'
        subprocess.run([program, 'check', '--deadline', '1'], env=lab.environment, capture_output=True)
        subprocess.run([program, 'bundle', 'create', '-o', report], env=lab.environment, check=True,
                       capture_output=True)
        lab.open(report)
        lab.wait(lambda: lab.find_text('This report is sound. It has [0-9]+ files.'), 'the sentence')


def test_a_second_start_goes_to_the_first_window(folder):
    with window_lab.WindowLab(BUILD, folder, {'provider': 'demo'}) as lab:
        lab.start()
        again = subprocess.run([BUILD / 'src/app/pos-first-aid-window', '--page', 'history'], timeout=20,
                               env=lab.environment)
        assert again.returncode == 0
        lab.wait(lambda: 'Earlier troubles' in lab.headings(), 'the page that the second start asked for')
        assert len(lab.windows()) == 1


def test_the_watch_starts_with_the_session(folder):
    with window_lab.WindowLab(BUILD, folder, {'provider': 'demo'}) as lab:
        entry = lab.folder / f'config/autostart/{window_lab.BUS_NAME}.watch.desktop'
        lab.start('--page', 'settings')
        switch = lab.wait(lambda: next((n for n in lab.walk() if n.get_name() == 'Watch in the background' and
                                        n.get_role_name() == 'check box'), None), 'the switch')
        lab.activate(switch)
        lab.wait(entry.exists, 'the autostart entry')
        subprocess.run(['desktop-file-validate', entry], check=True)
        command = next(line for line in entry.read_text().splitlines() if line.startswith('Exec='))
        assert command == 'Exec=pos-first-aid --watch', command
        lab.activate(switch)
        lab.wait(lambda: not entry.exists(), 'the entry to go')


def test_the_background_start_shows_no_window(folder):
    with window_lab.WindowLab(BUILD, folder, {'provider': 'demo'}, {'watch': 'true'}) as lab:
        process = subprocess.Popen([BUILD / 'src/cli/pos-first-aid', '--watch'], env=lab.environment)
        lab.processes.append(process)
        lab.wait(lambda: 'true' in subprocess.run(
            ['gdbus', 'call', '--session', '--dest', 'org.freedesktop.DBus', '--object-path', '/', '--method',
             'org.freedesktop.DBus.NameHasOwner', window_lab.BUS_NAME], capture_output=True, text=True).stdout,
            'the watch on the bus')
        time.sleep(1)
        assert process.poll() is None, 'the watch ended'
        assert not lab.windows()
        subprocess.run([BUILD / 'src/app/pos-first-aid-window'], env=lab.environment, timeout=20)
        lab.wait(lab.windows, 'the window of the running watch')
    with window_lab.WindowLab(BUILD, Path(folder) / 'off', {'provider': 'demo'}) as lab:
        ended = subprocess.run([BUILD / 'src/cli/pos-first-aid', '--watch'], env=lab.environment, timeout=20)
        assert ended.returncode == 0, 'a watch that is switched off ends at once'


sys.exit(window_lab.run_tests(globals()))
