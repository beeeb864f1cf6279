#!/usr/bin/python3
# test-guided-window.py - the window's guided page, a running desk, and an agent in a real browser
# SPDX-License-Identifier: GPL-3.0-or-later
import gettext
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import traceback
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import guided_lab as lab  # noqa: E402
import window_lab  # noqa: E402

if lab.missing():
    print(f"1..0 # SKIP {lab.missing()}")
    sys.exit(0)
window_lab.enter()

from handover_lab import Desk  # noqa: E402

BUILD = Path(os.environ.get("PFA_BUILD_DIR", window_lab.ROOT / "build"))
CODE = re.compile(r"\d{3}-\d{3}-\d{3}")
NUMBER = re.compile(r"\d{6}")
LANGUAGES = ("en", "zh_CN", "de")
# How long a stop may take that waits for nobody; the accessibility bus is in it.
AT_ONCE_S = 1.0
# DESIGN.md: a finding is on the agent's page so soon after the merchant's window.
SOON_MS = 100
TRIES = 5


class Shop(window_lab.WindowLab):
    """The window on its guided page, with a desk of its own behind a line that can be cut."""

    def __init__(self, folder, language="en", dark=False):
        super().__init__(BUILD, folder, {"provider": "lab", "connection": "lan"})
        self.environment["LANGUAGE"] = language
        if dark:
            self.environment["ADW_DEBUG_COLOR_SCHEME"] = "prefer-dark"
        # English is what the program is written in: it has no file.
        self.say = gettext.translation("pos-first-aid", BUILD / "po", [language], fallback=True).gettext
        for name in ("desk", "data/pos-first-aid/providers"):
            (self.folder / name).mkdir(parents=True)
        self.desk = Desk(str(self.folder / "desk"))
        self.token = self.desk.add_agent()
        self.line = lab.Cutter(self.desk.port)
        lab.write_profile(self.folder / "data/pos-first-aid/providers/lab.json",
                          f"ws://127.0.0.1:{self.line.port}/guided",
                          upload={"tus": self.desk.url + "/files/"},
                          tickets={"url": self.desk.url + "/tickets"})

    def __exit__(self, *error):
        super().__exit__(*error)
        self.desk.stop()

    def button(self, text):
        return re.escape(self.say(text).replace("_", ""))

    def push(self, text):
        self.press(self.button(text))

    def begin(self, width=None):
        self.start()
        self.go("guided")
        self.focus_window()
        if width:
            windows = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", ".+"],
                                     capture_output=True, text=True, check=True).stdout.split()
            subprocess.run(["xdotool", "windowsize", windows[-1], str(width), "720"], check=True)
        self.push("_Start a session")
        return self.read(CODE)

    def read(self, pattern):
        """What is on screen and looks like that."""
        return self.wait(lambda: next((node.get_name() for node in self.walk()
                                       if pattern.fullmatch(node.get_name() or "")), None), pattern)

    def texts(self):
        return [node.get_name() or "" for node in self.walk()]

    def wait_text(self, text):
        self.wait(lambda: any(text in name for name in self.texts()), f"“{text}”")

    def focused(self):
        return next((node.get_name() for node in self.walk()
                     if node.get_state_set().contains(self.atspi.StateType.FOCUSED)), None)

    def wait_no_is_focused(self):
        self.wait(lambda: self.focused() == self.say("_No").replace("_", ""), "“no” in focus")

    def join(self, browser, code):
        """Up to the first thing that the agent sees; the number stands on both screens."""
        lab.sign_in(browser, self.desk, self.token)
        browser.type("#code", code)
        browser.click("#join form button")
        self.wait_text("Li Na")
        self.wait_text("Lab Provider")
        self.wait_no_is_focused()
        self.push("_Yes")
        shown = lab.wait_for(lambda: browser.text(".number").replace(" ", ""), "the agent's number")
        assert self.read(NUMBER) == shown
        self.wait_no_is_focused()
        browser.click("#same")
        self.push("_Yes")
        browser.find("#run-check")

    def place(self, text):
        return self.find(self.button(text)).get_extents(self.atspi.CoordType.WINDOW)

    def no_is_in_view(self):
        """Above the foot of the page, where Stop is."""
        no, stop = self.place("_No"), self.place("_Stop")
        return no.y > 0 and no.y + no.height <= stop.y

    def checked(self):
        return [node.get_name() for node in self.walk()
                if node.get_role_name() in ("radio button", "check box")
                and node.get_state_set().contains(self.atspi.StateType.CHECKED)]

    def pick(self, times=1):
        """An answer, by the keyboard: it stands before “no”, where the focus is."""
        self.wait_no_is_focused()
        self.focus_window()
        self.keys("shift+Tab", *["Up"] * (times - 1), "space")
        return self.wait(self.checked, "an answer picked")

    def picture(self, name):
        folder = os.environ.get("PFA_ARTEFACTS")
        if folder:
            os.makedirs(folder, exist_ok=True)
            time.sleep(0.4)
            subprocess.run(["import", "-window", "root", "-crop", "760x900+0+0",
                            os.path.join(folder, f"window-{name}.png")], check=True)


def ask_for(browser, kind, subject):
    browser.choose(f"#{kind}", subject)
    browser.click(f"#{kind}-button")


def wait_status(browser, number, status):
    lab.wait_for(lambda: browser.run(
        "return document.querySelector(`[data-request='${arguments[0]}']`)?.dataset.status",
        number) == status, f"request {number} {status}")


def test_journey(folder, browser):
    """Code, name, number, a no, a question, a check, words both ways, the log, Ctrl+. at last."""
    with Shop(folder) as shop:
        shop.join(browser, shop.begin())
        shop.wait_text("Watching now: Li Na, Lab Provider")

        ask_for(browser, "run-check", "all")
        shop.wait_text("Li Na asks to run")
        shop.wait_text("It sends: what the check finds. Nothing else.")
        shop.wait_no_is_focused()
        shop.focus_window()
        shop.keys("Return")
        wait_status(browser, 1, "no")

        ask_for(browser, "ask", "connection")
        shop.wait_no_is_focused()
        assert not shop.find("Yes, once"), "a yes to a question before an answer is picked"
        # News of the line must take neither the answer picked nor the focus away.
        picked = shop.pick()
        shop.line.cut()
        shop.wait_text("The line to support is broken; it is being mended.")
        shop.line.mend()
        shop.wait_text("Watching now: Li Na, Lab Provider")
        assert shop.checked() == picked and not shop.focused() == "No", shop.focused()
        shop.push("_Yes, once")
        wait_status(browser, 2, "done")

        ask_for(browser, "run-check", "all")
        shop.push("_Yes, once")
        wait_status(browser, 3, "done")

        browser.type("#message", "<b>Hello</b> & \u202egood morning")
        browser.click("#chat form button")
        shop.wait_text("Li Na writes: <b>Hello</b> & good morning")
        entry = shop.wait(lambda: next((n for n in shop.walk() if n.get_role_name() in ("text", "entry")),
                                       None), "the field to write in")
        shop.atspi.EditableText.set_text_contents(entry, "<i>thanks</i> 4111 1111 1111 1111")
        shop.push("S_end")
        lab.wait_for(lambda: "<i>thanks</i>" in browser.text(".messages .merchant"), "the answer")
        assert "4111 1111" not in browser.text(".messages .merchant")

        shop.focus_window()
        shop.keys("ctrl+period")
        shop.wait_text("You ended the session.")
        lab.wait_for(lambda: browser.shows("#again"), "the end on the agent's page")
        log = " | ".join(shop.texts())
        for words in ("Li Na of Lab Provider wants to watch. May they? You said yes.",
                      "Is it the same as this one? You said yes.", "Run it now? You said no.",
                      "Run it now? You said yes.", "Done.", "You wrote:"):
            assert words in log, (words, log)
        assert list(shop.complaints()) == []
        check_bundle(shop, browser)
        browser.assert_content()


def check_bundle(shop, browser):
    """guided.jsonl of the bundle holds each yes and no with its time, and ends in the head that the
    agent's page has come to."""
    out = shop.folder / "b.posaid.zip"
    program = BUILD / "src/cli/pos-first-aid"
    subprocess.run([program, "bundle", "create", "-o", out], check=True, env=shop.environment,
                   capture_output=True)
    done = subprocess.run([program, "bundle", "verify", out], capture_output=True, text=True,
                          env=shop.environment)
    assert done.returncode == 0 and "chain sound" in done.stdout, done
    with zipfile.ZipFile(out) as bundle:
        entries = [json.loads(line) for line in bundle.read("guided.jsonl").decode().splitlines()]
    answers = [(e["what"], e.get("asked"), e["answer"]) for e in entries if "answer" in e]
    assert answers == [("allow", None, "yes"), ("compare", None, "yes"),
                       ("consent", "run-check", "no"), ("consent", "ask", "yes"),
                       ("consent", "run-check", "yes")], answers
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", e["time"]) for e in entries), entries
    head = browser.run("return document.querySelector('#log .help').textContent")
    assert entries[-1]["head"][:16] in head, (entries[-1], head)


def test_comes_to_the_front(folder, browser):
    """A request finds the merchant on another page: the question comes, with "no" in focus."""
    with Shop(folder) as shop:
        shop.join(browser, shop.begin())
        shop.go("settings")
        shop.wait(lambda: "Settings" in shop.headings(), "the settings")
        shop.wait_text("Watching now: Li Na")
        browser.click("#request-bundle")
        shop.wait_text("Li Na asks for your report. Send it?")
        shop.wait_no_is_focused()
        shop.push("_No")
        wait_status(browser, 1, "no")
        # The bar's own button, from any page.
        shop.go("settings")
        shop.press("STOP")
        lab.wait_for(lambda: browser.shows("#again"), "the end on the agent's page")


def test_differs(folder, browser):
    """Another number: nothing was shown."""
    with Shop(folder) as shop:
        lab.sign_in(browser, shop.desk, shop.token)
        browser.type("#code", shop.begin())
        browser.click("#join form button")
        shop.push("_Yes")
        shop.read(NUMBER)
        shop.push("_No")
        shop.wait_text("The numbers differ: somebody may be in between.")
        lab.wait_for(lambda: browser.shows("#again"), "the end on the agent's page")
        assert not browser.shows(".station")


def test_desk_killed(folder, browser):
    """The server is gone: Ctrl+. works at once."""
    with Shop(folder) as shop:
        shop.join(browser, shop.begin())
        ask_for(browser, "run-check", "all")
        shop.wait_no_is_focused()
        shop.desk.kill()
        shop.wait_text("The line to support is broken; it is being mended.")
        shop.focus_window()
        began = time.monotonic()
        shop.keys("ctrl+period")
        shop.wait_text("You ended the session.")
        took = time.monotonic() - began
        print(f"# stopped after {took * 1000:.0f} ms, the desk being dead")
        assert took < AT_ONCE_S, took
        assert not shop.find("Yes, once"), "the question is still there"
        shop.desk.start()


def test_soon(folder, browser):
    """What the merchant answers in the window is on the agent's page within 100 ms."""
    delays = []
    with Shop(folder) as shop:
        shop.join(browser, shop.begin())
        for number in range(1, TRIES + 1):
            ask_for(browser, "ask", "connection")
            shop.pick(1 + number % 2)
            yes = shop.wait(lambda: shop.find("Yes, once"), "yes")
            browser.run("""
              window.seenAt = 0;
              const before = document.querySelector("[data-observation=connection]")?.textContent;
              new MutationObserver((_, self) => {
                const now = document.querySelector("[data-observation=connection]")?.textContent;
                if (now !== before) { window.seenAt = Date.now(); self.disconnect(); }
              }).observe(document.body, {childList: true, subtree: true, characterData: true});""")
            began = time.time()
            yes.do_action(0)
            seen = lab.wait_for(lambda: browser.run("return window.seenAt"), "the answer on the page")
            delays.append(seen - began * 1000)
            wait_status(browser, number, "done")
        print("# from the press of “yes” to the agent's page, ms:",
              " ".join(f"{delay:.0f}" for delay in sorted(delays)))
        # The machine may be busy with other things; then the best of the tries speaks.
        assert min(delays) < SOON_MS, delays
        shop.push("_Stop")


def assert_fits(shop, name):
    """Nothing that can be read or pressed reaches beyond the window."""
    frame = next(node for node in shop.walk() if node.get_role_name() == "frame")
    width = frame.get_extents(shop.atspi.CoordType.WINDOW).width
    for node in shop.walk():
        if node.get_role_name() not in ("label", "push button", "heading", "radio button", "status bar"):
            continue
        place = node.get_extents(shop.atspi.CoordType.WINDOW)
        assert place.x + place.width <= width, (name, node.get_name(), place.x, place.width, width)


def take_looks(folder, browser, language, dark):
    look = f"{language}-{'dark' if dark else 'light'}"
    with Shop(folder, language, dark) as shop:
        code = shop.begin(width=360)
        shop.picture(f"{look}-1-code")
        assert_fits(shop, f"{look} code")
        lab.sign_in(browser, shop.desk, shop.token)
        browser.type("#code", code)
        browser.click("#join form button")
        shop.wait_no_is_focused()
        shop.picture(f"{look}-2-agent")
        assert_fits(shop, f"{look} agent")
        shop.push("_Yes")
        shop.read(NUMBER)
        shop.picture(f"{look}-3-compare")
        assert_fits(shop, f"{look} compare")
        browser.click("#same")
        shop.push("_Yes")
        browser.find("#run-check")
        kinds = ["ask", "run-check", "request-bundle"]
        for number, kind in enumerate(kinds):
            if kind == "request-bundle":
                browser.click("#request-bundle")
            else:
                ask_for(browser, kind, {"ask": "connection", "run-check": "all"}[kind])
            shop.wait_no_is_focused()
            shop.wait(shop.no_is_in_view, f"{look}: the whole of “no” in view")
            shop.picture(f"{look}-{4 + number}-{kind}")
            assert_fits(shop, f"{look} {kind}")
            shop.push("_No")
        shop.line.cut()
        shop.wait_text(shop.say("The line to support is broken; it is being mended."))
        shop.picture(f"{look}-7-cut")
        shop.push("_Stop")
        shop.wait_text(shop.say("You ended the session."))
        shop.picture(f"{look}-8-ended")
        assert_fits(shop, f"{look} ended")
        assert list(shop.complaints()) == []


def test_looks(folder, browser):
    """Every state in every language, light and dark, in a window of 360 px."""
    for language in LANGUAGES:
        for dark in (False, True):
            take_looks(os.path.join(folder, f"{language}{dark}"), browser, language, dark)


def main():
    tests = [value for name, value in globals().items()
             if name.startswith("test_") and any(a in name for a in sys.argv[1:] or [""])]
    failed = 0
    print(f"1..{len(tests)}", flush=True)
    for number, test in enumerate(tests, 1):
        browser = lab.Browser()
        with tempfile.TemporaryDirectory() as folder:
            try:
                test(folder, browser)
                print(f"ok {number} {test.__name__}", flush=True)
            except Exception:
                failed += 1
                browser.picture(f"failed-window-{test.__name__}")
                print("".join(f"# {line}\n" for line in traceback.format_exc().splitlines()), end="")
                print(f"not ok {number} {test.__name__}", flush=True)
            finally:
                browser.close()
    return 1 if failed else 0


sys.exit(main())
