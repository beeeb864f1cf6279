# guided_lab.py - a real browser and a real merchant's program for the tests of guided sessions
# SPDX-License-Identifier: GPL-3.0-or-later
import base64
import json
import os
import queue
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

from handover_lab import PROGRAM

PATIENCE = 20
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Shift": "\ue008", "Escape": "\ue00c", "Space": " ",
        "Up": "\ue013", "Down": "\ue015", "Home": "\ue011"}
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
CHROMIUM = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync",
            "--disable-dev-shm-usage", "--window-size=1280,1600"]


def missing():
    """Why this machine cannot run a browser; None when it can."""
    for program in ("chromium", "chromedriver"):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    return None


def wait_for(condition, what, patience=PATIENCE):
    end = time.monotonic() + patience
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"waited {patience} s for {what}")


class Browser:
    """Headless Chromium through chromedriver, by plain W3C WebDriver calls."""

    def __init__(self, language="en"):
        self.folder = tempfile.mkdtemp(prefix="guided-browser-")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.driver = subprocess.Popen(["chromedriver", f"--port={port}", "--log-level=SEVERE"],
                                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.base = f"http://127.0.0.1:{port}"
        wait_for(self.is_ready, "chromedriver")
        options = {"binary": shutil.which("chromium"),
                   "args": CHROMIUM + [f"--lang={language}", f"--user-data-dir={self.folder}/data"]}
        answer = self.call("POST", "/session", {"capabilities": {"alwaysMatch": {
            "browserName": "chrome", "goog:loggingPrefs": {"browser": "ALL"},
            "goog:chromeOptions": options}}})
        self.base += "/session/" + answer["sessionId"]

    def is_ready(self):
        try:
            return self.call("GET", "/status")["ready"]
        except (urllib.error.URLError, ConnectionError):
            return False

    def call(self, method, path, body=None):
        data = None if method == "GET" else json.dumps(body or {}).encode()
        request = urllib.request.Request(self.base + path, data=data, method=method,
                                         headers={"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            raise AssertionError(json.load(error)["value"]["message"]) from None

    def close(self):
        try:
            self.call("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait()
            shutil.rmtree(self.folder, ignore_errors=True)

    def open(self, url):
        self.call("POST", "/url", {"url": url})

    def reload(self):
        """Once the worker that keeps the session meanwhile is there; a person is not that fast."""
        wait_for(lambda: self.run("return navigator.serviceWorker.getRegistrations()"
                                  ".then((all) => all.some((one) => one.active))"), "the keeper")
        self.call("POST", "/refresh")

    def run(self, script, *arguments):
        return self.call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def text(self, css):
        return self.run("return document.querySelector(arguments[0])?.innerText ?? ''", css)

    def shows(self, css):
        return self.run("const e = document.querySelector(arguments[0]);"
                        "return Boolean(e && e.checkVisibility())", css)

    def find(self, css):
        wait_for(lambda: self.shows(css), css)
        return self.call("POST", "/element", {"using": "css selector", "value": css})[ELEMENT]

    def click(self, css):
        self.call("POST", f"/element/{self.find(css)}/click")

    def type(self, css, text):
        self.call("POST", f"/element/{self.find(css)}/value", {"text": text})

    def choose(self, css, value):
        self.find(css)
        self.run("const e = document.querySelector(arguments[0]); e.value = arguments[1];"
                 "e.dispatchEvent(new Event('change', {bubbles: true}))", css, value)

    def problems(self):
        """What the console complains about: refused loads, scripts that failed. That nobody is
        signed in yet is no complaint."""
        return [entry["message"] for entry in self.call("POST", "/se/log", {"type": "browser"})
                if entry["level"] in ("SEVERE", "WARNING") and "/session - " not in entry["message"]]

    def assert_content(self):
        problems = self.problems()
        assert problems == [], problems

    def assert_no_scripts_failed(self):
        """Refused codes are answers of the desk, which the console names too."""
        problems = [text for text in self.problems() if "status of 422" not in text]
        assert problems == [], problems

    def cdp(self, command, **parameters):
        return self.call("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def set_dark(self, dark):
        self.cdp("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def set_size(self, width, height, zoom=1):
        """In CSS pixels; a window of 1280 px at 200 % is one of 640 px with every pixel doubled."""
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height,
                 deviceScaleFactor=zoom, mobile=False)

    def keys(self, *keys):
        """Real key events, to whatever has the focus; a list is pressed together."""
        actions = []
        for key in keys:
            chord = [KEYS.get(one, one) for one in (key if isinstance(key, list) else [key])]
            actions += [{"type": "keyDown", "value": one} for one in chord]
            actions += [{"type": "keyUp", "value": one} for one in reversed(chord)]
        self.call("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard",
                                                    "actions": actions}]})

    def picture(self, name):
        folder = os.environ.get("PFA_ARTEFACTS")
        if folder:
            os.makedirs(folder, exist_ok=True)
            with open(os.path.join(folder, name + ".png"), "wb") as file:
                file.write(base64.b64decode(self.call("GET", "/screenshot")))


class Merchant:
    """`pos-first-aid guided --json`, its events and its verbs."""

    def __init__(self, home, profile, language="en"):
        self.environment = dict(os.environ, XDG_DATA_HOME=home, LANGUAGE=language)
        self.process = subprocess.Popen([PROGRAM, "guided", "--provider", profile, "--json"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=sys.stderr, text=True, env=self.environment)
        self.events = queue.Queue()
        self.seen = []
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.events.put(json.loads(line) | {"at": time.monotonic()})
        self.events.put(None)

    def wait(self, name, patience=PATIENCE):
        """The next event of that name; those before it are passed over."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            try:
                event = self.events.get(timeout=max(0.01, end - time.monotonic()))
            except queue.Empty:
                break
            assert event is not None, f"the program ended before {name}: {self.seen}"
            self.seen.append(event)
            if event["event"] == name:
                return event
        raise AssertionError(f"no event {name}; seen: {self.seen}")

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def end(self):
        """The exit status, once it has ended by itself."""
        return self.process.wait(PATIENCE)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()


def write_profile(path, guided_url, **more):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    profile = {"format": "pos-first-aid-provider/1", "id": "lab", "name": {"en": "Lab Provider"},
               "hosts": [{"role": "payment", "host": "127.0.0.1", "port": port, "speaks": "tcp"}],
               "guided": {"url": guided_url}} | more
    with open(path, "w", encoding="utf-8") as file:
        json.dump(profile, file)


def check(home, profile):
    """96: what the guided session will show."""
    done = subprocess.run([PROGRAM, "check", "--provider", profile, "--connection", "lan",
                           "--answered", "terminal", "--deadline", "3", "--json"],
                          capture_output=True, text=True,
                          env=dict(os.environ, XDG_DATA_HOME=home, LANGUAGE="en"))
    assert done.returncode in (0, 1, 3), done.stderr
    return json.loads(done.stdout)


def newest_incident(home):
    done = subprocess.run([PROGRAM, "journal", "--json"], capture_output=True, text=True, check=True,
                          env=dict(os.environ, XDG_DATA_HOME=home))
    return json.loads(done.stdout)


def sign_in(browser, desk, token):
    browser.open(desk.url + "/")
    browser.type("#token", token)
    browser.click("form button[type=submit]")
    browser.find("#code")


def join(browser, merchant, compare=True):
    """From the code to the first thing the agent sees."""
    code = merchant.wait("code")["code"]
    browser.type("#code", code)
    browser.click("#join form button")
    agent = merchant.wait("agent")
    assert (agent["name"], agent["organisation"]) == ("Li Na", "Lab Provider"), agent
    merchant.say(f"yes {agent['id']}")
    prompt = merchant.wait("compare")
    shown = wait_for(lambda: browser.text(".number").replace(" ", ""), "the number")
    assert shown == prompt["number"], (shown, prompt)
    if not compare:
        return prompt
    browser.click("#same")
    merchant.say(f"yes {prompt['id']}")
    browser.find(".station")
    browser.find("#run-check")
    return prompt


def shut(*ends):
    for end in ends:
        try:
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it is shut already


class Cutter:
    """A TCP line to @target that can be cut, and mended later; or sent to another target."""

    def __init__(self, target):
        self.target = target
        self.up = True
        self.pairs = []
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            if not self.up:
                client.close()
                continue
            try:
                other = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                client.close()
                continue
            self.pairs.append((client, other))
            for one, two in ((client, other), (other, client)):
                threading.Thread(target=self.pump, args=(one, two), daemon=True).start()

    @staticmethod
    def pump(one, two):
        try:
            while data := one.recv(65536):
                two.sendall(data)
        except OSError:
            pass
        shut(one, two)

    def cut(self):
        self.up = False
        for pair in self.pairs:
            shut(*pair)
        self.pairs = []

    def mend(self, target=None):
        self.target = target or self.target
        self.up = True
