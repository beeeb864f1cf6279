# guided_journey.py - one desk, one signed-in agent and one shop, for the tests in a browser
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import shutil
import sys
import tempfile
import traceback

import guided_lab as lab
from guided_lab import wait_for
from handover_lab import Desk


class Journey:
    """One desk, one signed-in agent, one shop with a finished check."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="guided-")
        self.home = os.path.join(self.folder, "shop")
        self.profile = os.path.join(self.folder, "lab.json")
        os.makedirs(os.path.join(self.folder, "desk"))
        self.desk = Desk(os.path.join(self.folder, "desk"))
        self.token = self.desk.add_agent()
        self.line = lab.Cutter(self.desk.port)
        lab.write_profile(self.profile, f"ws://127.0.0.1:{self.line.port}/guided",
                          upload={"tus": self.desk.url + "/files/"},
                          tickets={"url": self.desk.url + "/tickets"})
        self.report = lab.check(self.home, self.profile)
        self.merchant = None

    def begin(self, browser):
        lab.sign_in(browser, self.desk, self.token)
        self.merchant = lab.Merchant(self.home, self.profile)
        lab.join(browser, self.merchant)

    def close(self):
        if self.merchant:
            self.merchant.close()
        self.desk.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def ask_for(browser, kind, subject):
    browser.choose(f"#{kind}", subject)
    browser.click(f"#{kind}-button")


def status_of(browser, number):
    return browser.run("return document.querySelector(`[data-request='${arguments[0]}']`)"
                       "?.dataset.status", number)


def wait_status(browser, number, status):
    wait_for(lambda: status_of(browser, number) == status, f"request {number} {status}")


def run(tests, reason=None):
    """The tests named on the command line, or all, each with a desk and a browser of its own; TAP.
    @reason: why this machine cannot run them. The exit status."""
    reason = reason or lab.missing()
    if reason:
        print(f"1..0 # SKIP {reason}")
        return 0
    chosen = [test for test in tests if len(sys.argv) < 2 or test.__name__ in sys.argv[1:]]
    print(f"1..{len(chosen)}", flush=True)
    failures = 0
    for number, test in enumerate(chosen, 1):
        journey, browser = Journey(), lab.Browser()
        try:
            test(browser, journey)
            print(f"ok {number} {test.__name__}", flush=True)
        except Exception:
            failures += 1
            browser.picture(f"failed-{test.__name__}")
            print("".join(f"# {line}\n" for line in traceback.format_exc().splitlines()), end="")
            print(f"not ok {number} {test.__name__}", flush=True)
        finally:
            browser.close()
            journey.close()
    return 1 if failures else 0
