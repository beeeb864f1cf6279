#!/usr/bin/python3
# test-terminal.py - terminal-status and terminals against simulated terminals, as programs
#
# SPDX-License-Identifier: GPL-3.0-or-later

import base64
import hashlib
import hmac
import http.server
import json
import os
import select
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import tty

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


def run(*arguments, env=None, timeout=60, folder=None):
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=timeout,
                          cwd=folder,
                          env={**os.environ, "LC_ALL": "C.UTF-8", "LANGUAGE": "en", **(env or {})})


def status(address, *arguments, env=None, folder=None):
    result = run("terminal-status", address, "--json", *arguments, env=env, folder=folder)
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
        check(terminal.received() == FULL + ACK, terminal.received())
        # Our own time: the best of a few, for the machine may be busy with something else.
        best = min(status("zvt+tcp://" + terminal.where)[1]["elapsed_ms"] for _ in range(5))
        check(best < 20, best)


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


class Line:
    """The terminal's end of a serial line, in our own hands."""

    def __init__(self):
        self.near, self.far = os.openpty()
        tty.setraw(self.far)
        self.address = "zvt+serial://" + os.ttyname(self.far)

    def read(self, timeout):
        ready, _, _ = select.select([self.near], [], [], timeout)
        return os.read(self.near, 4096) if ready else b""

    def close(self):
        os.close(self.near)
        os.close(self.far)


def test_gap_in_a_frame_is_refused_after_t1():
    line = Line()
    program = subprocess.Popen([PROGRAM, "terminal-status", line.address, "--json"],
                               stdout=subprocess.PIPE, text=True)
    check(line.read(5).startswith(bytes.fromhex("100205010500000003041003")), "request")
    os.write(line.near, b"\x06" + bytes.fromhex("10028000"))
    started = time.monotonic()
    check(line.read(5) == b"\x15", "refused")
    check(0.19 < time.monotonic() - started < 0.4, time.monotonic() - started)
    os.write(line.near, bytes.fromhex("10028000001003f51f"))
    check(line.read(5) == b"\x06", "understood")
    os.write(line.near, bytes.fromhex("1002060f0bf0f0f7322e31342e3135001003b111"))
    check(line.read(5).startswith(b"\x06\x10\x02\x80\x00\x00\x10\x03"), "acknowledged")
    os.write(line.near, b"\x06")
    answer = json.loads(program.communicate(timeout=10)[0])
    check(answer["software"] == "2.14.15" and answer["state"]["id"] == "ready", answer)
    line.close()


def test_unconfirmed_is_sent_three_times_t2():
    line = Line()
    program = subprocess.Popen([PROGRAM, "terminal-status", line.address, "--json"],
                               stdout=subprocess.PIPE, text=True)
    times = []
    for _ in range(3):
        check(line.read(6).startswith(bytes.fromhex("10020501")), "sent")
        times.append(time.monotonic())
    check(all(4.8 < b - a < 5.5 for a, b in zip(times, times[1:])), times)
    answer = json.loads(program.communicate(timeout=10)[0])
    check(answer["problem"]["id"] == "silent" and program.returncode == 3, answer)
    check(line.read(0.2) == b"", "nothing more")
    line.close()


def test_unplugged_while_asked():
    line = Line()
    program = subprocess.Popen([PROGRAM, "terminal-status", line.address, "--json"],
                               stdout=subprocess.PIPE, text=True)
    line.read(5)
    line.close()
    answer = json.loads(program.communicate(timeout=10)[0])
    check(answer["problem"]["id"] == "unplugged" and program.returncode == 3, answer)


def test_serial_held():
    import fcntl
    with Terminal("zvt", pty=True) as terminal:
        # O_NOCTTY: else the line becomes this test's own terminal, and ends it when it goes.
        with os.fdopen(os.open(terminal.where, os.O_RDWR | os.O_NOCTTY), "rb+", buffering=0) as till:
            fcntl.flock(till, fcntl.LOCK_EX)
            code, answer, _ = status("zvt+serial://" + terminal.where)
            check(code == 3 and answer["problem"]["id"] == "held-by-another", answer)


def test_what_it_says_outweighs_what_is_seen_of_it():
    with Terminal("zvt", {"illness": "held"}) as terminal:
        for _ in range(4):
            result = run("check", "--json", "--deadline", "1.5", "--terminal", f"zvt+tcp://{terminal.where}",
                         env={"XDG_DATA_HOME": terminal.folder.name})
            seen = [item for item in json.loads(result.stdout)["observations"] if item["id"] == "terminal-on-lan"]
            check([item["value"] for item in seen] == ["held"], seen)


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
    for arguments in (["nonsense"], [], ["zvt+serial:///dev/null"], ["zvt+tcp://1234@host"], ["zvt+tcp://a", "zvt+tcp://b"],
                      ["zvt+tcp://127.0.0.1:1", "--secrets", "/nonexistent"]):
        result = run("terminal-status", *arguments)
        check(result.returncode == 2, (arguments, result.returncode))
        check(result.stdout == "", arguments)
        check(result.stderr.count("\n") == 1, result.stderr)


def test_simulator_refuses_what_it_cannot_play():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "state.json")
        for state in ('{"illness": "slient"}', "[]", "{"):
            with open(path, "w", encoding="utf-8") as file:
                file.write(state)
            result = subprocess.run([SIMULATOR, "terminal", "zvt", "--state", path], capture_output=True, text=True,
                                    timeout=20)
            check(result.returncode == 2 and result.stderr.count("\n") == 1 and not result.stdout, result)


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
        # The file's root stands beside it, from wherever the file is named.
        code, answer, stderr = status(address, "--secrets", "secrets.json", folder=terminal.folder.name)
        check(code == 0 and not stderr, (answer, stderr))
        code, answer, _ = status(address)
        check(code == 3 and answer["problem"]["id"] == "tls", answer)


def aes(key, iv, data, decrypt):
    """AES-256-CBC by the openssl command: nothing of it is ours."""
    return subprocess.run(["openssl", "enc", "-aes-256-cbc", "-K", key.hex(), "-iv", iv.hex(),
                           *(["-d"] if decrypt else [])], input=data, capture_output=True,
                          check=True).stdout


class NexoPeer(http.server.BaseHTTPRequestHandler):
    """A nexo terminal written from the maker's description alone."""

    protocol_version = "HTTP/1.1"
    seen = []

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        message = body["SaleToPOIRequest"]
        trailer = message["SecurityTrailer"]
        derived = hashlib.pbkdf2_hmac("sha1", b"p@ssw0rd123456", b"AdyenNexoV1Salt", 4000, 80)
        mac_key, key, base = derived[:32], derived[32:64], derived[64:]

        def iv(nonce):
            return bytes(a ^ b for a, b in zip(base, nonce))

        plain = aes(key, iv(base64.b64decode(trailer["Nonce"])),
                    base64.b64decode(message["NexoBlob"]), True)
        good = hmac.compare_digest(base64.b64decode(trailer["Hmac"]),
                                   hmac.digest(mac_key, plain, "sha256"))
        inner = json.loads(plain)["SaleToPOIRequest"]
        NexoPeer.seen.append((good, self.path, inner == {**inner, "MessageHeader": message["MessageHeader"]},
                              inner["DiagnosisRequest"]))
        header = {**inner["MessageHeader"], "MessageType": "Response"}
        answer = json.dumps({"SaleToPOIResponse": {"MessageHeader": header, "DiagnosisResponse": {
            "Response": {"Result": "Success", "AdditionalResponse":
                         "batteryLevel=73%25&firmwareVersion=adyen_v1_49p5&terminalId=" + POI},
            "POIStatus": {"GlobalStatus": "OK", "PrinterStatus": "PaperLow",
                          "CommunicationOKFlag": "true", "SecurityOKFlag": "true"}}}}).encode()
        nonce = os.urandom(16)
        reply = json.dumps({"SaleToPOIResponse": {
            "MessageHeader": header,
            "NexoBlob": base64.b64encode(aes(key, iv(nonce), answer, False)).decode(),
            "SecurityTrailer": {
                "AdyenCryptoVersion": 1, "KeyIdentifier": trailer["KeyIdentifier"],
                "KeyVersion": trailer["KeyVersion"], "Nonce": base64.b64encode(nonce).decode(),
                "Hmac": base64.b64encode(hmac.digest(mac_key, answer, "sha256")).decode()}}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(reply)))
        self.end_headers()
        self.wfile.write(reply)

    def log_message(self, *_):
        pass


def test_nexo_with_an_independent_peer():
    with tempfile.TemporaryDirectory() as folder:
        def openssl(*arguments):
            subprocess.run(["openssl", *arguments], cwd=folder, check=True, capture_output=True)

        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem",
                "-subj", "/CN=Terminal root", "-days", "2")
        openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", "t.key", "-out", "t.csr",
                "-subj", f"/C=NL/O=Maker/CN={POI}.test.terminal.adyen.com")
        openssl("x509", "-req", "-in", "t.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                "-out", "t.pem", "-days", "2")
        server = http.server.HTTPServer(("127.0.0.1", 0), NexoPeer)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(os.path.join(folder, "t.pem"), os.path.join(folder, "t.key"))
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"nexo+https://127.0.0.1:{server.server_address[1]}?poi={POI}"
        path = os.path.join(folder, "secrets.json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({address: {"nexo": {
                "passphrase": "p@ssw0rd123456", "key_identifier": "CryptoKeyIdentifier12345",
                "key_version": 1, "root": "ca.pem",
                "name_pattern": "*.test.terminal.adyen.com"}}}, file)
        os.chmod(path, 0o600)
        code, answer, stderr = status(address, "--secrets", path)
        server.shutdown()
        server.server_close()
        check(code == 0, (answer, stderr))
        check(answer["battery_percent"] == 73 and answer["printer"] == "paper-low", answer)
        check(NexoPeer.seen == [(True, "/nexo", True, {"HostDiagnosisFlag": False})], NexoPeer.seen)


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
