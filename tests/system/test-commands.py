#!/usr/bin/python3
"""The commands as a script meets them: exit statuses, one sentence on standard error, nothing lost
when there is no home, no bus, no network manager. TAP."""
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SOURCE = Path(os.environ['PFA_SOURCE_DIR'])
PROGRAM = Path(os.environ['PFA_BUILD_DIR']) / 'src/cli/pos-first-aid'
sys.dont_write_bytecode = True
sys.path.insert(0, str(SOURCE / 'tests/support'))
from loopback_provider import LoopbackProvider  # noqa: E402

tests = []


class Skipped(Exception):
    pass



def test(function):
    tests.append(function)
    return function


class World:
    """A home of its own, and nothing else of this machine's: no bus, no display, no settings."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.environment = {'PATH': '/usr/bin:/bin', 'HOME': str(self.folder / 'home'), 'LC_ALL': 'C.UTF-8',
                            'G_DEBUG': 'fatal-criticals'}
        (self.folder / 'home').mkdir()

    def run(self, *arguments, environment=None, text=None, user=None, program=PROGRAM):
        started = time.monotonic()
        done = subprocess.run([str(program), *arguments], env=environment or self.environment, input=text,
                              capture_output=True, text=True, timeout=60, user=user)
        done.seconds = time.monotonic() - started
        assert done.returncode >= 0, f'killed by signal {-done.returncode}: {done.stderr}'
        return done


def one_sentence(done):
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, f'not one sentence: {done.stderr!r}'
    assert done.stdout == '', f'standard output is not empty: {done.stdout!r}'


def check_report(done):
    report = json.loads(done.stdout)
    vocabulary = {path.stem for path in (SOURCE / 'data/knowledge/causes').glob('*.json')}
    assert {cause['id'] for cause in report['causes']} == vocabulary
    assert abs(sum(cause['probability'] for cause in report['causes']) - 1) < 1e-9
    shares = [cause['probability'] for cause in report['causes']]
    assert shares == sorted(shares, reverse=True)
    return report


@test
def a_healthy_loopback_is_checked_in_a_second(world):
    with LoopbackProvider(world.folder / 'p') as provider:
        runs = [world.run('check', '--json', '--provider', provider.profile) for _ in range(3)]
    report = check_report(runs[-1])
    values = {seen['id']: seen['value'] for seen in report['observations']}
    assert values['payment-port'] == 'open', values
    assert values['provider-tls'] == 'ok', values
    assert values['provider-answer'] == 'ok', values
    assert min(run.seconds for run in runs) < 1.0, [run.seconds for run in runs]


@test
def a_provider_that_says_96_is_named(world):
    with LoopbackProvider(world.folder / 'p', 'says-96') as provider:
        done = world.run('check', '--json', '--provider', provider.profile, '--connection', 'lan')
    assert done.returncode == 1
    assert check_report(done)['causes'][0]['id'] == 'provider-malfunction'


@test
def a_busy_provider_is_named(world):
    with LoopbackProvider(world.folder / 'p', 'busy') as provider:
        done = world.run('check', '--json', '--provider', provider.profile, '--connection', 'lan')
    assert check_report(done)['causes'][0]['id'] == 'provider-busy'


@test
def an_expired_certificate_is_named(world):
    with LoopbackProvider(world.folder / 'p', 'expired') as provider:
        done = world.run('check', '--json', '--provider', provider.profile, '--connection', 'lan')
    values = {seen['id']: seen['value'] for seen in check_report(done)['observations']}
    assert values['provider-tls'] == 'expired', values


@test
def a_silent_provider_ends_by_the_deadline(world):
    with LoopbackProvider(world.folder / 'p', 'silent') as provider:
        done = world.run('check', '--json', '--provider', provider.profile, '--connection', 'lan', '--deadline', '2')
    report = check_report(done)
    assert done.seconds < 3.5, done.seconds
    values = {seen['id']: seen['value'] for seen in report['observations']}
    assert values['provider-tls'] in ('silent', 'cannot-check'), values
    for seen in report['observations']:
        assert seen['value'] != 'cannot-check' or seen.get('reason'), seen


@test
def a_run_is_found_in_the_journal(world):
    with LoopbackProvider(world.folder / 'p') as provider:
        incident = json.loads(world.run('check', '--json', '--provider', provider.profile).stdout)['incident']
    journal = json.loads(world.run('journal', '--json').stdout)
    assert [entry['id'] for entry in journal['incidents']] == [incident]


@test
def for_people_it_begins_with_the_money(world):
    with LoopbackProvider(world.folder / 'p', 'refused') as provider:
        done = world.run('check', '--provider', provider.profile, '--connection', 'lan')
    assert done.stdout.index('money') < done.stdout.index('Next step'), done.stdout
    assert not re.search(r'certain|not charged', done.stdout, re.I), done.stdout
    for line in done.stdout.splitlines():
        assert len(line) <= 80, line


@test
def every_language_has_its_words(world):
    with LoopbackProvider(world.folder / 'p', 'refused') as provider:
        for language, word in (('zh_CN', '钱'), ('de', 'Geld')):
            environment = dict(world.environment, LANGUAGE=language)
            done = world.run('check', '--provider', provider.profile, '--connection', 'lan', environment=environment)
            assert word in done.stdout, done.stdout


@test
def without_a_locale_nothing_becomes_a_question_mark(world):
    bare = {name: value for name, value in world.environment.items() if name != 'LC_ALL'}
    for language, word in (('zh_CN', '付款'), ('de', 'Zahlung')):
        done = world.run('explain', '96', environment=dict(bare, LANGUAGE=language))
        assert word in done.stdout and '??' not in done.stdout, done.stdout


@test
def bad_usage_is_one_sentence_and_status_2(world):
    (world.folder / 'broken.json').write_text('{"format": "pos-first-aid-provider/1", "id": 7}')
    (world.folder / 'not.json').write_text('[[[')
    (world.folder / 'deep.json').write_text('[' * 100000)
    for arguments in (['check', '--provider', str(world.folder / 'broken.json')],
                      ['check', '--provider', str(world.folder / 'not.json')],
                      ['check', '--provider', str(world.folder / 'deep.json')],
                      ['check', '--provider', str(world.folder / 'missing.json')],
                      ['check', '--provider', 'no-such-provider'],
                      ['check', '--connection', 'pigeon'],
                      ['check', '--answered', 'nobody'],
                      ['check', '--answer', 'tampering'],
                      ['check', '--answer', 'no-such-question=yes'],
                      ['check', '--deadline', '-1'],
                      ['check', '--deadline', 'nan'],
                      ['validate', '/dev/zero'],
                      ['check', '--terminal', 'zvt+carrier-pigeon://coop'],
                      ['check', '--no-such-option'],
                      ['no-such-command'],
                      ['diagnose', '--model', str(world.folder / 'not.json'), '--evidence', '-'],
                      ['terminal-status', 'nonsense'],
                      ['send', str(world.folder / 'missing.zip')],
                      ['bundle', 'create', '-o', str(world.folder / 'x.zip')]):
        done = world.run(*arguments, text='')
        assert done.returncode == 2, f'{arguments}: {done.returncode} {done.stderr}'
        one_sentence(done)


@test
def what_cannot_be_printed_is_not_good(world):
    for closed in ('>&-', '>/dev/full'):
        done = subprocess.run(['sh', '-c', f'"$0" explain 96 {closed}', str(PROGRAM)], env=world.environment,
                              capture_output=True, text=True, timeout=20)
        assert done.returncode == 2 and len(done.stderr.splitlines()) == 1, f'{closed}: {done}'


@test
def help_speaks_the_persons_language_in_80_columns(world):
    for language, word in (('C', 'Usage'), ('zh_CN', '用法'), ('de', 'Aufruf')):
        done = world.run('--help', environment=dict(world.environment, LANGUAGE=language))
        assert done.returncode == 0 and word in done.stdout, done
        assert max(map(len, done.stdout.splitlines())) <= 80, done.stdout


@test
def an_unknown_code_is_said_to_be_unknown(world):
    done = world.run('explain', 'ZQ9')
    assert done.returncode == 1 and done.stdout.strip(), done
    assert world.run('explain', '96').returncode == 0


@test
def no_network_at_all_is_this_computers_own(world):
    for enter in (['unshare', '-n'], ['unshare', '-rn']):
        if subprocess.run([*enter, 'true'], capture_output=True).returncode == 0:
            break
    else:
        raise Skipped('network namespaces are not permitted here')
    done = subprocess.run([*enter, str(PROGRAM), 'check', '--json', '--connection', 'lan'], env=world.environment,
                          capture_output=True, text=True, timeout=60)
    report = check_report(done)
    assert done.returncode in (1, 3), done.returncode
    assert report['computer'], report['observations']
    assert report['causes'][0]['where'] in ('computer', 'unknown'), report['causes'][0]


@test
def no_home_costs_one_sentence(world):
    with LoopbackProvider(world.folder / 'p') as provider:
        environment = dict(world.environment, HOME='/proc/no-home', XDG_DATA_HOME='/proc/no-home/data')
        done = world.run('check', '--json', '--provider', provider.profile, environment=environment)
        check_report(done)
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr


@test
def a_read_only_home_costs_one_sentence(world):
    home = world.folder / 'home'
    os.chmod(world.folder, 0o755)
    with LoopbackProvider(world.folder / 'p') as provider:
        home.chmod(stat.S_IRUSR | stat.S_IXUSR | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH)
        # Root writes everywhere: the run is an ordinary user's, with a copy of the program that
        # this user can reach wherever the build folder lies.
        user = 'nobody' if os.getuid() == 0 else None
        program = shutil.copy(PROGRAM, world.folder / 'program')
        done = world.run('check', '--json', '--provider', provider.profile, user=user, program=program)
        check_report(done)
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr


@test
def the_model_is_read_back(world):
    model = world.run('model').stdout
    path = world.folder / 'model.json'
    path.write_text(model)
    own = world.run('diagnose', '--evidence', '-', '--json', text='{"observations": {"link": "down"}}')
    printed = world.run('diagnose', '--model', str(path), '--evidence', '-', '--json',
                        text='{"observations": {"link": "down"}}')
    assert own.returncode == 0 and own.stdout == printed.stdout
    assert world.run('validate', str(path)).returncode == 0


def main():
    print(f'1..{len(tests)}', flush=True)
    failed = 0
    for number, function in enumerate(tests, 1):
        name = f'/system/commands/{function.__name__.replace("_", "-")}'
        with tempfile.TemporaryDirectory() as folder:
            try:
                function(World(folder))
                print(f'ok {number} - {name}', flush=True)
            except Skipped as reason:
                print(f'ok {number} - {name} # SKIP {reason}', flush=True)
            except Exception as fault:  # pylint: disable=broad-except
                failed += 1
                print(f'not ok {number} - {name}\n# {type(fault).__name__}: {str(fault)[:2000]}', flush=True)
            for path in Path(folder).rglob('*'):
                if path.is_dir():
                    path.chmod(0o755)
    return 1 if failed else 0


sys.exit(main())
