#!/usr/bin/python3
# test-terminal.py - terminal-status and terminals against simulated terminals, as programs
#
# SPDX-License-Identifier: GPL-3.0-or-later

import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time

BUILD = os.environ.get("PFA_BUILD_DIR", "build")
PROGRAM = os.path.join(BUILD, "src", "cli", "pos-first-aid")
SIMULATOR = os.path.join(BUILD, "src", "simulator", "pos-first-aid-sim")
POI = "V400m-346403161"

FULL = "0501050000000304"
ACK = "800000"
# Class and instruction of what must never be sent (terminals.md 0).
FORBIDDEN = ("0600", "0601", "0602", "0618", "0630", "0631", "0650", "0693", "0691", "0679", "061A")


class Terminal:
    """One simulated terminal, with its state in a file and a log of what it received."""

    def __init__(self, protocol, state=None, pty=False):
        self.folder = tempfile.TemporaryDirectory()
        self.state_path = os.path.join(self.folder.name, "state.json")
        self.log_path = os.path.join(self.folder.name, "log")
        self.root_path = os.path.join(self.folder.name, "root.pem")
        self.set_state(state or {})
        where = ["--pty"] if pty else ["--listen", "127.0.0.1:0"]
        self.process = subprocess.Popen(
            [SIMULATOR, "terminal", protocol, *where, "--state", self.state_path,
             "--log", self.log_path, "--root", self.root_path],
            stdout=subprocess.PIPE, text=True)
        kind, self.where = self.process.stdout.readline().split()
        assert kind == ("pty" if pty else "listening"), kind

    def set_state(self, state):
        with open(self.state_path, "w", encoding="utf-8") as file:
            json.dump(state, file)

    def received(self):
        if not os.path.exists(self.log_path):
            return ""
        with open(self.log_path, encoding="ascii") as file:
            return file.read().replace("\n", "")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()
        self.folder.cleanup()


def run(*arguments, env=None, timeout=60):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=timeout,
                          env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "en", **(env or {})})


def status(address, *arguments, env=None):
    result = run("terminal-status", address, "--json", *arguments, env=env)
    return result.returncode, json.loads(result.stdout) if result.stdout else None, result.stderr


def check(condition, what):
    if not condition:
        raise AssertionError(what)


def test_ready():
    with Terminal("zvt") as terminal:
        code, answer, _ = status("zvt+tcp://" + terminal.where)
        check(code == 0, code)
        check(answer["format"] == "pos-first-aid-terminal/1", answer)
        check(answer["state"]["id"] == "ready", answer)
        check(answer["identity"]["serial"] == "••••1E3C", answer)
        check(abs(answer["clock_offset_s"]) <= 2, answer)
        check(answer["elapsed_ms"] < 20, answer["elapsed_ms"])
        check(terminal.received() == FULL + ACK, terminal.received())


def test_falls_ill_while_running():
    with Terminal("zvt") as terminal:
        check(status("zvt+tcp://" + terminal.where)[0] == 0, "well")
        terminal.set_state({"status": "DF", "last_result": "60"})
        code, answer, _ = status("zvt+tcp://" + terminal.where)
        check(code == 1, code)
        check(answer["state"]["id"] == "out-of-order", answer)
        check(answer["last_result"]["code"] == "96", answer)
        check(answer["last_result"]["made_by"] == "host", answer)
        check(answer["last_result"]["raw"] == "60", answer)


def test_online_only_when_asked():
    with Terminal("zvt", {"online": "60"}) as terminal:
        check(status("zvt+tcp://" + terminal.where)[0] == 0, "without")
        check("0670" not in terminal.received(), terminal.received())
        code, answer, _ = status("zvt+tcp://" + terminal.where, "--online-test")
        check(code == 1, code)
        check(answer["online_test"] == {"result": "host-refused", "code": "96"}, answer)
        check("06700506031B0101" in terminal.received(), terminal.received())


def test_silent_ends_and_closes():
    with socket.create_server(("127.0.0.1", 0)) as server:
        ended = {}

        def hold():
            connection, _ = server.accept()
            with connection:
                while connection.recv(4096):
                    pass
                ended["at"] = time.monotonic()

        thread = threading.Thread(target=hold)
        thread.start()
        started = time.monotonic()
        code, answer, _ = status(f"zvt+tcp://127.0.0.1:{server.getsockname()[1]}")
        thread.join(5)
        check(code == 3, code)
        check(answer["problem"]["id"] == "silent", answer)
        check(4.9 < ended["at"] - started < 6, ended["at"] - started)


def test_one_byte_at_a_time():
    with Terminal("zvt", {"illness": "trickle", "last_result": "60"}) as terminal:
        code, answer, _ = status("zvt+tcp://" + terminal.where)
        check(code == 0 and answer["last_result"]["code"] == "96", answer)


def test_serial():
    with Terminal("zvt", {"last_result": "10"}, pty=True) as terminal:
        code, answer, _ = status("zvt+serial://" + terminal.where)
        check(code == 0 and answer["last_result"]["code"] == "16", answer)
        code, answer, _ = status("zvt+serial://" + terminal.where)
        check(code == 0, "the port was given back")


def test_serial_held():
    import fcntl
    with Terminal("zvt", pty=True) as terminal:
        with open(terminal.where, "rb+", buffering=0) as till:
            fcntl.flock(till, fcntl.LOCK_EX)
            code, answer, _ = status("zvt+serial://" + terminal.where)
            check(code == 3 and answer["problem"]["id"] == "held-by-another", answer)


def test_problems():
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed_port = server.getsockname()[1]
    code, answer, _ = status(f"zvt+tcp://127.0.0.1:{closed_port}")
    check(code == 3 and answer["problem"]["id"] == "refused", answer)
    code, answer, _ = status("zvt+serial:///dev/ttyPfaNone")
    check(code == 3 and answer["problem"]["id"] == "unplugged", answer)
    code, answer, _ = status("zvt+tcp://no-such-terminal.invalid")
    check(code == 3 and answer["problem"]["id"] == "no-route", answer)


def test_bad_usage():
    for arguments in (["nonsense"], [], ["zvt+tcp://1234@host"], ["zvt+tcp://a", "zvt+tcp://b"],
                      ["zvt+tcp://127.0.0.1:1", "--secrets", "/nonexistent"]):
        result = run("terminal-status", *arguments)
        check(result.returncode == 2, (arguments, result.returncode))
        check(result.stdout == "", arguments)
        check(result.stderr.count("\n") == 1, result.stderr)


def test_password():
    with Terminal("zvt", {"password": "123456"}) as terminal:
        address = "zvt+tcp://" + terminal.where
        path = os.path.join(terminal.folder.name, "secrets.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({address: {"zvt_password": "123456"}}, file)
        os.chmod(path, 0o600)
        code, answer, _ = status(address)
        check(code == 1 and answer["problem"]["id"] == "wrong-password", answer)
        check(status(address, "--secrets", path)[0] == 0, "--secrets")
        check(status(address, env={"POS_FIRST_AID_SECRETS": path})[0] == 0, "environment")
        os.chmod(path, 0o644)
        code, answer, stderr = status(address, "--secrets", path)
        check(code == 2 and answer is None and "123456" not in stderr, stderr)


def test_nexo():
    with Terminal("nexo", {"passphrase": "p@ssw0rd123456"}) as terminal:
        address = f"nexo+https://{terminal.where}?poi={POI}"
        path = os.path.join(terminal.folder.name, "secrets.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({address: {"nexo": {
                "passphrase": "p@ssw0rd123456", "key_identifier": "CryptoKeyIdentifier12345",
                "key_version": 1, "root": "root.pem",
                "name_pattern": "*.test.terminal.adyen.com"}}}, file)
        os.chmod(path, 0o600)
        code, answer, _ = status(address, "--secrets", path, "--online-test")
        check(code == 0, answer)
        check(answer["online_test"]["result"] == "passed", answer)
        check(answer["battery_percent"] == 100 and answer["printer"] == "ok", answer)
        code, answer, _ = status(address)
        check(code == 3 and answer["problem"]["id"] == "tls", answer)


def test_others():
    for protocol, scheme, pty in (("ecr17", "ecr17+tcp", False), ("echo", "echo+tcp", False),
                                  ("poslink", "poslink+tcp", False),
                                  ("transbank", "transbank+serial", True),
                                  ("codepay", "codepay+serial", True)):
        with Terminal(protocol, pty=pty) as terminal:
            code, answer, _ = status(f"{scheme}://{terminal.where}")
            check(code == 0 and answer["state"]["id"] == "ready", answer)


def test_nothing_forbidden():
    """Whatever ails the terminal, only the enquiry, the diagnosis and acknowledgements are sent."""
    allowed = (FULL, "050103000000", "050100", ACK, "848300", "06700506031B0101")
    for state in ({}, {"refuse": "83"}, {"refuse": "6B"}, {"refuse": "9C"}, {"status": "51"},
                  {"status": "F0"}, {"status": "C2"}, {"locks": ["reconciliation", "activation"]},
                  {"illness": "drop-after-yes"}, {"illness": "garbage"}, {"illness": "busy"},
                  {"device_state": "01"}, {"online": "9B"}):
        with Terminal("zvt", state) as terminal:
            status("zvt+tcp://" + terminal.where, "--online-test")
            rest = terminal.received()
            while rest:
                word = next((w for w in allowed if rest.startswith(w)), None)
                check(word is not None, (state, rest))
                check(word[:4] not in FORBIDDEN, word)
                rest = rest[len(word):]


def test_terminals():
    result = run("terminals", "--json")
    check(result.returncode == 0, result.stderr)
    answer = json.loads(result.stdout)
    check(answer["format"] == "pos-first-aid-terminals/1", answer)
    check(isinstance(answer["usb"], list) and isinstance(answer["saved"], list), answer)


def main():
    tests = [(name, test) for name, test in globals().items() if name.startswith("test_")]
    failed = 0
    print(f"1..{len(tests)}")
    for number, (name, test) in enumerate(tests, 1):
        try:
            test()
            print(f"ok {number} - {name[5:]}")
        except Exception as fault:  # the next one shall run as well
            failed += 1
            print(f"not ok {number} - {name[5:]}")
            print(f"# {type(fault).__name__}: {fault}")
        sys.stdout.flush()
    return 1 if failed else 0


sys.exit(main())
