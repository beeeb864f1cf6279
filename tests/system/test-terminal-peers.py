#!/usr/bin/python3
"""Terminals written from the makers' descriptions alone, well and ill: what is read, how long it takes,
and that nothing ever leaves but the few harmless requests. TAP."""
import concurrent.futures
import json
import os
import pty
import re
import select
import socket
import struct
import subprocess
import threading
import time
import tty
from datetime import datetime, timedelta
from pathlib import Path

PROGRAM = Path(os.environ['PFA_BUILD_DIR']) / 'src/cli/pos-first-aid'
ENVIRONMENT = {'PATH': '/usr/bin:/bin', 'HOME': '/nonexistent', 'LC_ALL': 'C.UTF-8', 'G_DEBUG': 'fatal-criticals'}
# All that may ever reach a terminal during a status read.
ALLOWED = {
    'zvt': rb'(\x05\x01\x05...\x03\x04|\x05\x01\x03...|\x05\x01\x00|\x80\x00\x00|\x84\x83\x00)*',
    'ecr17': rb'(\x020{9}s\x03.|[\x06\x15]\x03.)*',
    'transbank': rb'(\x020100\x03\x02)*',
    'codepay': rb'(\x55\xaa\x01\0\0\0\0\x01\xcc\x33)*',
    'echo': rb'(\x00.ECR0[12]01X/POS First Aid)*',
    'poslink': rb'(\x02A00\x1c1\.\d\d\x03.|[\x06\x15\x04])*',
}
SERIAL = ('transbank', 'codepay')
PAN = '4111111111111111'


class Line:
    """One conversation; everything that arrives is kept."""

    def __init__(self, descriptor, heard):
        self.descriptor, self.heard = descriptor, heard

    def wait(self, count=1, seconds=10):
        start = len(self.heard)
        while len(self.heard) - start < count:
            if not select.select([self.descriptor], [], [], seconds)[0]:
                return
            data = os.read(self.descriptor, 4096)
            if not data:
                return
            self.heard.extend(data)

    def say(self, *pieces, gap=0.0):
        for piece in pieces:
            os.write(self.descriptor, piece)
            time.sleep(gap)


class Peer:
    def __init__(self, protocol, behave):
        self.heard, self.behave = bytearray(), behave
        if protocol in SERIAL:
            self.end, self.other = pty.openpty()
            tty.setraw(self.end)
            tty.setraw(self.other)
            self.address = f'{protocol}+serial://{os.ttyname(self.other)}'
            threading.Thread(target=self.converse, args=(self.end,), daemon=True).start()
        else:
            self.listener = socket.create_server(('127.0.0.1', 0))
            self.address = f'{protocol}+tcp://127.0.0.1:{self.listener.getsockname()[1]}'
            threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        self.connection = self.listener.accept()[0]
        self.converse(self.connection.fileno())

    def converse(self, descriptor):
        line = Line(descriptor, self.heard)
        try:
            self.behave(line, self)
            while select.select([descriptor], [], [], 40)[0]:
                data = os.read(descriptor, 4096)
                if not data:
                    break
                self.heard.extend(data)
        except OSError:
            pass

    def reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        self.connection.close()


def answer(*pieces, gap=0.0, count=1):
    def behave(line, _):
        line.wait(count)
        line.say(*pieces, gap=gap)
    return behave


def slowly(data, gap):
    return answer(*[bytes([byte]) for byte in data], gap=gap)


def storm(data, gap=0.0):
    def behave(line, _):
        line.wait()
        for _ in range(100000):
            line.say(data, gap=gap)
    return behave


def send_back(line, _):
    while True:
        before = len(line.heard)
        line.wait(seconds=40)
        if len(line.heard) == before:
            return
        line.say(bytes(line.heard[before:]))


def tlv(tag, value):
    return bytes.fromhex(tag) + (bytes([len(value)]) if len(value) < 128 else bytes([0x81, len(value)])) + value


def completion(version, status=0, container=b''):
    data = bytes([0xF0, 0xF0 + len(version) // 10, 0xF0 + len(version) % 10]) + version.encode('latin1') if version else b''
    data += bytes([status]) + (tlv('06', container) if container else b'')
    return b'\x06\x0f' + bytes([len(data)]) + data


def lrc(data, start=0):
    for byte in data:
        start ^= byte
    return bytes([start])


def plain(payload):
    return b'\x02' + payload + b'\x03' + lrc(payload + b'\x03')


def ecr17(payload, form='std'):
    over = {'std': payload, 'stx': b'\x02' + payload + b'\x03', 'noext': payload + b'\x03',
            'stx_noext': b'\x02' + payload}[form]
    return b'\x02' + payload + b'\x03' + lrc(over, 0x7F)


def confirmed(form):
    over = {'std': b'\x06', 'stx': b'\x02\x06\x03', 'noext': b'\x06\x03', 'stx_noext': b'\x02\x06'}[form]
    return b'\x06\x03' + lrc(over, 0x7F)


def codepay(kind, data=b''):
    body = bytes([kind, 0, 0]) + len(data).to_bytes(2, 'big') + data
    return b'\x55\xaa' + body + lrc(body) + b'\xcc\x33'


def greek(text):
    return len(text).to_bytes(2, 'big') + text


NOW = datetime.now()
YES = b'\x80\x00\x00'
FULL = completion('SW 1.2', 0, tlv('1f44', bytes.fromhex('12345678')) + tlv(
    'e4', tlv('1f40', b'Model X') + tlv('1f42', bytes.fromhex('98765432'))))
FOUL = completion(f'\x1b[2J{PAN}\x07\x9b', 0, tlv('e4', tlv('1f40', f'\x1b]0;x\x07 {PAN}'.encode())))
CODE_96 = bytes.fromhex('040f0727602929001006')
STATUS = b'123456780s0000000000' + NOW.strftime('%d%m%y%H%M').encode() + b'2SWREL100'
LATE = b'123456780s0000000000' + (NOW - timedelta(minutes=90)).strftime('%d%m%y%H%M').encode() + b'2SWREL100'
A01 = plain(b'0\x1cA01\x1c1.28\x1c000000\x1cOK\x1cSN123456\x1cS300\x1cOS1\x1c')
ECHOED = greek(b'MEL0201X/POS First Aid/T64999999:1.5.22.2')

# name, protocol, behaviour, what must be seen: state or problem, most seconds, further members
CASES = [
    ('status', 'zvt', answer(YES, FULL), 'ready', 2, {'software': 'SW 1.2'}),
    ('reconciliation', 'zvt', answer(YES, b'\x06\x0f\x01\xf0'), 'reconciliation-needed', 2, {}),
    ('host-96', 'zvt', answer(YES + CODE_96 + FULL), 'ready', 2, {'last_result.code': '96', 'last_result.made_by': 'host'}),
    ('two-in-one-and-noise-behind', 'zvt', answer(YES + FULL + b'\xff' * 50), 'ready', 2, {}),
    ('byte-by-byte', 'zvt', slowly(YES + FULL, 0.02), 'ready', 6, {}),
    ('foul-text', 'zvt', answer(YES, FOUL), 'ready', 2, {}),
    ('garbage', 'zvt', answer(b'\xde\xad\xbe\xef' * 40), 'garbled', 8, {}),
    ('web-server', 'zvt', answer(b'HTTP/1.1 400 Bad Request\r\n\r\n'), 'garbled', 8, {}),
    ('endless-messages', 'zvt', storm(b'\x04\xff\x01\x17'), 'garbled', 8, {}),
    ('flood', 'zvt', storm(b'\x00' * 65536), 'garbled', 8, {}),
    ('commands-to-us', 'zvt', answer(YES, bytes.fromhex('060105000000000100') + FULL), None, 8, {}),
    ('endless-tag', 'zvt', answer(YES, completion('V', 0, b'\x1f' + b'\xff' * 90)), 'ready', 2, {}),
    ('late-in-two-pieces', 'echo', answer(ECHOED[:5], ECHOED[5:], gap=1.5), 'ready', 5, {}),
    ('echo', 'echo', answer(ECHOED), 'ready', 2, {'software': '1.5.22.2'}),
    ('echo-of-another', 'echo', answer(greek(b'MEL0201X/other/T1:2')), 'garbled', 4, {}),
    ('echo-with-card-number', 'echo', answer(greek(f'MEL0201X/POS First Aid/T{PAN}:\x1b[2J{PAN}'.encode())), 'ready', 4, {}),
    ('echo-too-long', 'echo', answer(b'\xff\xff' + b'A' * 70000), 'garbled', 4, {}),
    ('status', 'poslink', answer(b'\x06', A01), 'ready', 2, {'identity.model': 'S300'}),
    ('wrong-lrc', 'poslink', storm(b'\x06' + A01[:-1] + bytes([A01[-1] ^ 1]), gap=0.2), 'garbled', 8, {}),
    ('refusals', 'poslink', storm(b'\x15', gap=0.05), 'not-supported', 8, {}),
    ('byte-by-byte', 'poslink', slowly(b'\x06' + A01, 0.02), 'ready', 8, {}),
    ('poll', 'transbank', answer(b'\x06', count=7), 'ready', 2, {}),
    ('garbage', 'transbank', answer(b'\xff' * 100, count=7), 'garbled', 10, {}),
    ('status', 'codepay', answer(codepay(2), codepay(0), count=10), 'ready', 4, {}),
    ('wrong-sum', 'codepay', storm(codepay(2)[:-3] + b'\x99\xcc\x33', gap=0.1), 'garbled', 8, {}),
    ('payment-text', 'codepay', answer(codepay(2), codepay(0, f'pay {PAN}'.encode()), codepay(0), count=10), 'ready', 4, {}),
    ('clock-an-hour-and-a-half-late', 'ecr17', answer(confirmed('std') + ecr17(LATE)), 'ready', 4, {'clock_offset_s': -5400}),
    ('answer-in-another-form', 'ecr17', storm(confirmed('std') + ecr17(STATUS, 'stx'), gap=0.1), 'garbled', 8, {}),
    ('slow-frame', 'ecr17', slowly(confirmed('std') + ecr17(STATUS), 0.07), 'ready', 10, {}),
    ('endless-frame', 'ecr17', storm(b'\x02' + b'A' * 60000), 'garbled', 8, {}),
]
CASES += [(f'status-{form}', 'ecr17', answer(confirmed(form) + ecr17(STATUS, form)), 'ready', 4,
           {'software': 'SWREL100'}) for form in ('std', 'stx', 'noext', 'stx_noext')]
CASES += [('sends-back-what-it-hears', protocol, send_back, None if protocol == 'codepay' else 'garbled', 10, {})
          for protocol in ALLOWED]
CASES += [('reset', protocol, lambda line, peer: (line.wait(), peer.reset()), 'held-by-another', 4, {})
          for protocol in ALLOWED if protocol not in SERIAL]


def judge(case):
    name, protocol, behave, wanted, seconds, members = case
    peer = Peer(protocol, behave)
    started = time.monotonic()
    done = subprocess.run(['prlimit', '--data=268435456', str(PROGRAM), 'terminal-status', peer.address, '--json'],
                          env=ENVIRONMENT, capture_output=True, timeout=60)
    elapsed = time.monotonic() - started
    time.sleep(0.1)
    assert not done.stderr, done.stderr
    assert not re.search(rb'[\x00-\x09\x0b-\x1f\x7f]', done.stdout), done.stdout
    assert PAN.encode() not in done.stdout, done.stdout
    assert re.fullmatch(ALLOWED[protocol], bytes(peer.heard), re.S), f'left: {peer.heard.hex(" ")}'
    report = json.loads(done.stdout)
    assert elapsed < seconds + 2, f'{elapsed:.1f} s'
    assert wanted in (None, report['state']['id'], (report['problem'] or {}).get('id')), done.stdout
    assert done.returncode == (0 if report['state']['id'] == 'ready' else 1 if report['reached'] else 3), done
    for path, value in members.items():
        found = report
        for member in path.split('.'):
            found = found[member]
        # A minute may pass between the peer's clock and ours.
        assert found == value or (path == 'clock_offset_s' and abs(found - value) <= 120), f'{path}: {found}'


def main():
    print(f'1..{len(CASES)}', flush=True)
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for number, (case, result) in enumerate([(case, pool.submit(judge, case)) for case in CASES], 1):
            fault = result.exception()
            failed += fault is not None
            print(f'{"not " if fault else ""}ok {number} - /system/terminal-peers/{case[1]}/{case[0]}', flush=True)
            if fault:
                print(f'# {type(fault).__name__}: {str(fault)[:1500]}', flush=True)
    return 1 if failed else 0


if __name__ == '__main__':
    # Peers that nobody listens to any more are left where they are.
    os._exit(main())
