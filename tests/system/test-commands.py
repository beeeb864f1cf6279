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
def a_language_is_spoken_without_its_locale(world):
    bare = {name: value for name, value in world.environment.items() if name not in ('LC_ALL', 'LANGUAGE')}
    for locale, word in (('zh_CN.UTF-8', '含义'), ('de_AT.UTF-8', 'Was es bedeutet'), ('xx_YY.UTF-8', 'What it means')):
        for variable in ('LANG', 'LC_ALL', 'LC_MESSAGES'):
            done = world.run('explain', '96', environment=dict(bare, **{variable: locale}))
            assert word in done.stdout, f'{variable}={locale}: {done.stdout}'


@test
def a_code_is_a_short_word(world):
    for code in ('', ' ', '\x1b[31m', '4111111111111111', '9' * 9, 'x' * 33, 'two words'):
        done = world.run('check', '--code', code)
        assert done.returncode == 2, f'{code!r}: {done}'
        one_sentence(done)
    assert world.run('journal').stdout.strip() == 'No incident so far.'


@test
def foreign_text_does_not_act_on_the_screen(world):
    profile = world.folder / 'odd.json'
    profile.write_text(json.dumps({'format': 'pos-first-aid-provider/1', 'id': 'odd',
                                   'name': {'en': 'A\u001b]0;evil\u0007B\u202eC\u009bD'},
                                   'codes': {'96': {'meaning': {'en': 'no\u001b[2J\u0008'}}}}))
    for arguments in (['explain', '96', '--provider', str(profile)], ['explain', '\x1b[31m'],
                      ['nonsense\x1b[31m'], ['validate', str(profile) + '\x1b[31m']):
        done = world.run(*arguments)
        assert not re.search('[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]', done.stdout + done.stderr), ascii(done)


@test
def a_root_beside_the_profile_is_found_from_anywhere(world):
    with LoopbackProvider(world.folder / 'p') as provider:
        path = Path(provider.profile)
        for name, folder in ((str(path), '/'), (path.name, path.parent), (f'./{path.name}', path.parent)):
            done = subprocess.run([str(PROGRAM), 'check', '--json', '--provider', name], env=world.environment,
                                  cwd=folder, capture_output=True, text=True, timeout=60)
            values = {seen['id']: seen['value'] for seen in check_report(done)['observations']}
            assert values['provider-tls'] == 'ok' and not done.stderr, f'{name}: {values} {done.stderr}'
        for content in (None, 'no certificate'):
            path.with_name('ca.pem').unlink(missing_ok=True)
            if content is not None:
                path.with_name('ca.pem').write_text(content)
            done = world.run('check', '--json', '--provider', str(path))
            assert done.returncode == 2 and 'trust' in done.stderr, done
            one_sentence(done)


@test
def a_device_is_not_replaced_by_a_file(world):
    world.run('check', '--deadline', '0.5')
    pipe = world.folder / 'pipe'
    os.mkfifo(pipe)
    done = world.run('bundle', 'create', '-o', str(pipe))
    assert done.returncode == 2 and stat.S_ISFIFO(pipe.stat().st_mode), done
    one_sentence(done)
    assert world.run('redact', '--report', str(pipe), text='a').returncode != 0
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@test
def a_profile_comes_through_a_pipe(world):
    profile = json.dumps({'format': 'pos-first-aid-provider/1', 'id': 'piped', 'name': {'en': 'P'}})
    done = subprocess.run(['bash', '-c', '"$0" validate <(cat) < "$1"', str(PROGRAM), '/dev/stdin'], input=profile,
                          env=world.environment, capture_output=True, text=True, timeout=20)
    assert done.returncode == 0, done


@test
def a_huge_file_is_refused_without_being_read(world):
    huge = world.folder / 'huge'
    with open(huge, 'wb') as file:
        file.truncate(3 << 30)
    for arguments in (['validate'], ['profile', 'open'], ['bundle', 'verify'], ['check', '--provider']):
        done = subprocess.run(['bash', '-c', 'ulimit -v 1500000; exec "$0" "$@"', str(PROGRAM), *arguments, str(huge)],
                              env=world.environment, capture_output=True, text=True, timeout=20)
        assert done.returncode in (1, 2) and len(done.stderr.splitlines()) == 1, f'{arguments}: {done}'
    assert world.run('profile', 'open', '/dev/zero').returncode == 2


@test
def the_journal_shows_twenty_and_a_bundle_takes_the_start_of_an_id(world):
    for _ in range(22):
        world.run('check', '--deadline', '0.1', '--json')
    done = world.run('journal')
    lines = done.stdout.splitlines()
    ids = [entry['id'] for entry in json.loads(world.run('journal', '--json').stdout)['incidents']]
    assert len(ids) == 22 and '2 earlier' in lines[-1], lines
    assert [line[:8] for line in lines if line[0] not in ' …'] == [name[:8] for name in ids[:20]], lines
    output = world.folder / 'b.zip'
    assert world.run('bundle', 'create', '-o', str(output), '--incident', ids[5][:8]).returncode == 0
    assert world.run('bundle', 'create', '-o', str(output), '--incident', '').returncode == 2


@test
def a_full_disk_still_shows_earlier_runs(world):
    if subprocess.run(['unshare', '-rm', 'true'], capture_output=True).returncode != 0:
        raise Skipped('mount namespaces are not permitted here')
    world.run('check', '--deadline', '0.5', '--json')
    home = world.folder / 'home'
    script = ('cp -r "$1" "$1.copy" && mount -t tmpfs -o size=600k none "$1" && cp -rT "$1.copy" "$1" && '
              '{ head -c 1M /dev/zero > "$1/filler"; true; } 2>/dev/null && "$0" journal && '
              '"$0" bundle create -o "$1.zip" && "$0" check --deadline 0.5 --json > /dev/null; '
              'ls "$1/.local/share/pos-first-aid"')
    done = subprocess.run(['unshare', '-rm', 'sh', '-c', script, str(PROGRAM), str(home)], env=world.environment,
                          capture_output=True, text=True, timeout=60)
    assert 'open' in done.stdout and 'damaged' not in done.stdout, done
    assert Path(f'{home}.zip').exists(), done
    assert len(done.stderr.splitlines()) == 1 and 'cannot be saved' in done.stderr, done


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
