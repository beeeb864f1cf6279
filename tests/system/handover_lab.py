# handover_lab.py - a desk, a shop and a cutting line between them, for the tests of handing over
# SPDX-License-Identifier: GPL-3.0-or-later
import hashlib
import io
import json
import os
import random
import signal
import socket
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
import zipfile

BUILD = os.environ.get("PFA_BUILD_DIR", "build")
PROGRAM = os.path.join(BUILD, "src/cli/pos-first-aid")
DESK = os.path.join(BUILD, "src/desk/pos-first-aid-desk")


class Desk:
    """pos-first-aid-desk on a port of its own, which it keeps over restarts."""

    def __init__(self, folder, *options):
        self.folder, self.options, self.port, self.process = folder, options, 0, None
        self.start()

    def start(self):
        command = [DESK, "--data", self.folder, "--listen", f"127.0.0.1:{self.port}", *self.options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True,
                                        stderr=open(self.folder + ".log", "a"))
        line = self.process.stdout.readline()
        assert line.startswith("listening "), line
        self.port = int(line.rsplit(":", 1)[1])
        self.url = f"http://127.0.0.1:{self.port}"

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait()
        self.process.stdout.close()

    def add_agent(self, name="Li Na"):
        done = subprocess.run([DESK, "--data", self.folder, "agent", "add", name, "--organisation",
                               "Lab Provider"], capture_output=True, text=True, check=True)
        return done.stdout.strip()


def ask(method, url, body=None, headers=None):
    """(status, headers, body) of one request."""
    request = urllib.request.Request(url, data=body, method=method, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()


def write_profile(path, desk_url, upload=None, tickets=None):
    profile = {"format": "pos-first-aid-provider/1", "id": "lab", "name": {"en": "Lab"},
               "upload": {"tus": upload or desk_url + "/files/"},
               "tickets": {"url": tickets or desk_url + "/tickets"}}
    with open(path, "w") as out:
        json.dump(profile, out)
    return path


def make_bundle(path, size, seed):
    """A ZIP of about so many bytes that do not deflate. The desk must take it for a bundle."""
    from handover_bundle import build
    data = build(size, seed)
    with open(path, "wb") as out:
        out.write(data)
    return hashlib.sha256(data).hexdigest()


class Shop:
    """One shop's computer: a data folder and the program."""

    def __init__(self, folder, profile):
        self.folder, self.profile = folder, profile
        os.makedirs(folder, exist_ok=True)
        self.environment = dict(os.environ, XDG_DATA_HOME=folder, LC_ALL="C.UTF-8",
                                GIO_USE_NETWORK_MONITOR="base", G_DEBUG="fatal-warnings")

    def begin(self, *arguments):
        return subprocess.Popen([PROGRAM, *arguments], env=self.environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def run(self, *arguments):
        process = self.begin(*arguments)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    def send(self, path, wait=20):
        return self.run("send", path, "--provider", self.profile, "--wait", str(wait))

    def outbox(self):
        return json.loads(self.run("outbox", "--json")[1])["items"]


class CuttingLine:
    """Passes bytes on between the program and a server; cuts after so many bytes of the client's,
    counted over all connections. What mute() says of the server's bytes is swallowed, with the line."""

    def __init__(self, port):
        self.target, self.cuts, self.passed, self.up = port, [], 0, True
        self.mute = None
        self.lock = threading.Lock()
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.target), 5)
            except OSError:
                client.close()
                continue
            for source, sink, counted in ((client, server, True), (server, client, False)):
                threading.Thread(target=self.pump, args=(source, sink, counted), daemon=True).start()

    def take(self, data):
        """How much of data goes through before the next cut, and whether it is cut then."""
        with self.lock:
            if self.cuts and self.passed + len(data) >= self.cuts[0]:
                length = self.cuts.pop(0) - self.passed
                self.passed += length
                return data[:length], True
            self.passed += len(data)
            return data, False

    def pump(self, source, sink, counted):
        try:
            while True:
                data = source.recv(65536)
                if not data:
                    break
                data, cut = self.take(data) if counted else (data, False)
                if not counted and self.mute and self.mute(data):
                    break
                sink.sendall(data)
                if cut:
                    break
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()

    def close(self):
        self.server.close()


class Report:
    """TAP, so that each claim is counted by itself."""

    def __init__(self):
        self.count, self.bad = 0, 0

    def check(self, good, name):
        self.count += 1
        self.bad += not good
        print(f"{'ok' if good else 'not ok'} {self.count} {name}", flush=True)

    def skip(self, name, reason):
        self.count += 1
        print(f"ok {self.count} {name} # SKIP {reason}", flush=True)

    def end(self):
        print(f"1..{self.count}")
        raise SystemExit(1 if self.bad else 0)
