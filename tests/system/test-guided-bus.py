#!/usr/bin/env python3
# test-guided-bus.py - two desks joined by NATS: merchant on one, agent on the other, one of them falls
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.request

import guided_lab as lab
import guided_wire as wire
from guided_lab import wait_for
from handover_lab import Desk


class Bus:
    """Debian's nats-server on a port of its own."""

    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"nats://127.0.0.1:{self.port}"
        self.start()

    def start(self):
        self.process = subprocess.Popen(["nats-server", "-a", "127.0.0.1", "-p", str(self.port)],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(self.listens, "nats-server")

    def listens(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def stop(self):
        self.process.kill()
        self.process.wait()


def count(desk, name):
    """What the desk says of its guided sessions to whoever watches over it; None: nothing yet."""
    try:
        with urllib.request.urlopen(f"{desk.url}/health", timeout=2) as answer:
            return json.load(answer).get("guided", {}).get(name)
    except OSError:
        return None


class TwoDesks:
    """The desks share what agents' tokens are kept in, as behind one name; their relays share
    nothing but the bus. Shop and agent reach them through a line that can be pointed elsewhere."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="guided-bus-")
        os.makedirs(os.path.join(self.folder, "desk"))
        self.bus = Bus()
        self.one, self.two = (Desk(os.path.join(self.folder, "desk"), "--bus", self.bus.url)
                              for _ in range(2))
        self.token = self.one.add_agent()
        self.shop_line = lab.Cutter(self.one.port)
        self.agent_line = lab.Cutter(self.two.port)
        self.home = os.path.join(self.folder, "shop")
        self.profile = os.path.join(self.folder, "lab.json")
        lab.write_profile(self.profile, f"ws://127.0.0.1:{self.shop_line.port}/guided")
        self.wait_joined()

    def wait_joined(self):
        """Each desk has heard from the other and of the sessions that it may have to take in."""
        wait_for(lambda: all(count(desk, "bus") == "up" and count(desk, "other_desks") > 0
                             for desk in (self.one, self.two)), "each desk hears the other")

    def close(self):
        for desk in (self.one, self.two):
            desk.stop()
        self.bus.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Page:
    """What guided_lab.sign_in() wants of a desk: where its page is."""

    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}"


def run_check(browser, merchant, number):
    browser.choose("#run-check", "all")
    browser.click("#run-check-button")
    merchant.say(f"yes {merchant.wait('request')['id']}")
    wait_for(lambda: browser.run("return document.querySelector(`[data-request='${arguments[0]}']`)"
                                 "?.dataset.status", number) == "done", f"request {number} done")


def test_across(desks):
    """Merchant on one desk, agent on the other; first the merchant's desk is killed, then, with the
    first one back, the agent's."""
    browser = lab.Browser()
    merchant = None
    try:
        lab.check(desks.home, desks.profile)
        lab.sign_in(browser, Page(desks.agent_line.port), desks.token)
        merchant = lab.Merchant(desks.home, desks.profile)
        lab.join(browser, merchant)
        run_check(browser, merchant, 1)

        desks.shop_line.cut()
        desks.one.kill()
        desks.shop_line.mend(desks.two.port)
        while merchant.wait("line")["up"] is not True:
            pass
        run_check(browser, merchant, 2)

        desks.one.start()
        wait_for(lambda: count(desks.one, "elsewhere") == 1, "the session is known again")
        desks.agent_line.cut()
        desks.agent_line.mend(desks.one.port)
        run_check(browser, merchant, 3)

        desks.shop_line.cut()
        desks.two.kill()
        desks.shop_line.mend(desks.one.port)
        run_check(browser, merchant, 4)
        merchant.say("stop")
        assert merchant.wait("end")["reason"] == "stopped"
        wait_for(lambda: browser.shows("#again"), "the end on the page")
        desks.two.start()
    finally:
        if merchant:
            merchant.close()
        browser.close()


def test_both_on_the_fallen(desks):
    """Program and browser were both on the desk that fell: the other takes both in, and what was
    said meanwhile comes; then the agent reloads the page there, and both move back again."""
    browser = lab.Browser()
    merchant = None
    try:
        lab.check(desks.home, desks.profile)
        desks.agent_line.mend(desks.one.port)
        lab.sign_in(browser, Page(desks.agent_line.port), desks.token)
        merchant = lab.Merchant(desks.home, desks.profile)
        lab.join(browser, merchant)
        run_check(browser, merchant, 1)
        wait_for(lambda: count(desks.two, "elsewhere") == 1, "the session is known at the other desk")

        desks.shop_line.cut()
        desks.agent_line.cut()
        desks.one.kill()
        assert merchant.wait("line")["up"] is False
        merchant.say("say are you still there?")
        desks.shop_line.mend(desks.two.port)
        desks.agent_line.mend(desks.two.port)
        while merchant.wait("line")["up"] is not True:
            pass
        wait_for(lambda: "are you still there?" in browser.text(".messages .merchant"), "the words")
        run_check(browser, merchant, 2)
        browser.reload()
        run_check(browser, merchant, 3)

        desks.one.start()
        wait_for(lambda: count(desks.one, "elsewhere") == 1, "the session is known again")
        desks.shop_line.cut()
        desks.agent_line.cut()
        desks.two.kill()
        desks.agent_line.mend(desks.one.port)
        desks.shop_line.mend(desks.one.port)
        run_check(browser, merchant, 4)
        merchant.say("stop")
        end = merchant.wait("end")
        assert end["reason"] == "stopped", end
        wait_for(lambda: browser.shows("#again"), "the end on the page")
        head = browser.run("return document.querySelector('#log .help').textContent")
        assert end["head"][:16] in head, (end, head)
        desks.two.start()
    finally:
        if merchant:
            merchant.close()
        browser.close()


def test_both_by_hand(desks):
    """The same with frames made by hand: each end has its own token, numbers go on, what was not
    acknowledged comes again, the other end's token opens nothing."""
    shop, support, welcome = wire.join(desks.one.port, desks.token)
    mine = support.welcome
    shop.send(seq=2, sealed="AAAA")
    support.wait("sealed")
    wait_for(lambda: count(desks.two, "elsewhere") == 1, "the session is known at the other desk")
    desks.one.kill()
    thief = wire.Line(desks.two.port, "/guided/agent", desks.token)
    thief.send(type="hello", role="agent", version=1, session=welcome["session"],
               resume=welcome["resume"])
    assert thief.wait_closed() == 4404
    back, answer = wire.merchant(desks.two.port, session=welcome["session"],
                                 resume=welcome["resume"], ack=0)
    assert answer["type"] == "welcome" and answer["peer"] == "gone", answer
    again, answer = wire.agent(desks.two.port, desks.token, session=mine["session"],
                               resume=mine["resume"], ack=2)
    assert answer["peer"] == "here", answer
    assert back.wait("welcome")["peer_ack"] == 2
    again.send(seq=1, ack=2, sealed="BBBB")
    assert back.wait("sealed")["seq"] == 1
    back.send(seq=3, ack=1, sealed="CCCC")
    assert again.wait("sealed")["seq"] == 3
    desks.one.start()
    back.close()


def test_wrong_code_across(desks):
    """A wrong code is looked for on both desks and counts on both."""
    shop, welcome = wire.merchant(desks.one.port)
    support, _ = wire.agent(desks.two.port, desks.token)
    for secret in ("000-001", "000-002", "000-003"):
        support.send(type="claim", code=f"{welcome['code'][:4]}{secret}")
        assert support.wait("result")["problem"] == "wrong-code"
    fresh = shop.wait("welcome")["code"]
    assert fresh != welcome["code"]
    support.send(type="claim", code=fresh)
    assert support.wait("welcome")["peer"] == "here"
    assert shop.wait("claim")["agent"]["name"] == "Li Na"


def test_guessing_across(desks):
    """Guesses at another desk's codes are looked for one by one: many at once count as too many."""
    _, welcome = wire.merchant(desks.one.port)
    support, _ = wire.agent(desks.two.port, desks.token)
    for secret in range(40):
        support.send(type="claim", code=f"{welcome['code'][:4]}000-{secret:03}")
    answers = [support.wait("result")["problem"] for _ in range(40)]
    assert answers.count("too-many") >= 39, answers


def test_guessing_and_gone(desks):
    """Who hangs up before the other desk has answered has guessed too, and leaves nothing behind."""
    _, welcome = wire.merchant(desks.one.port)
    for secret in range(12):
        support, _ = wire.agent(desks.two.port, desks.token)
        support.send(type="claim", code=f"{welcome['code'][:4]}000-{secret:03}")
        support.socket.close()
    shops = [wire.merchant(desks.two.port) for _ in range(20)]
    wait_for(lambda: count(desks.two, "wrong_claims"), "the wrong claims")
    support, _ = wire.agent(desks.two.port, desks.token)
    support.send(type="claim", code=f"{welcome['code'][:4]}000-099")
    assert support.wait("result")["problem"] == "too-many"
    time.sleep(3)
    assert desks.two.process.poll() is None
    assert 6 <= count(desks.two, "wrong_claims") < 12, count(desks.two, "wrong_claims")
    for shop, _ in shops:
        shop.send(type="ping", n=1, got=0)
        assert shop.wait("pong")["n"] == 1


def test_bus_away(desks):
    """The bus is restarted: what is on one desk goes on meanwhile, the rest afterwards."""
    shop, support, _ = wire.join(desks.one.port, desks.token)
    desks.bus.stop()
    shop.send(seq=2, sealed="AAAA")
    assert support.wait("sealed")["seq"] == 2
    wait_for(lambda: all(count(desk, "bus") == "down" for desk in (desks.one, desks.two)),
             "both notice that the bus is away")
    desks.bus.start()
    desks.wait_joined()
    across, welcome = wire.merchant(desks.one.port)
    late, _ = wire.agent(desks.two.port, desks.token)
    late.send(type="claim", code=welcome["code"])
    assert late.wait("welcome")["peer"] == "here"
    across.send(seq=1, type="grant", allowed=True)
    across.wait("claim")


TESTS = [test_across, test_both_on_the_fallen, test_both_by_hand, test_wrong_code_across,
         test_guessing_across, test_guessing_and_gone, test_bus_away]


def main():
    reason = lab.missing()
    if shutil.which("nats-server") is None:
        reason = "nats-server is not installed"
    if reason:
        print(f"1..0 # SKIP {reason}")
        return 0
    chosen = [test for test in TESTS if len(sys.argv) < 2 or test.__name__ in sys.argv[1:]]
    print(f"1..{len(chosen)}", flush=True)
    failures = 0
    for number, test in enumerate(chosen, 1):
        desks = TwoDesks()
        try:
            test(desks)
            print(f"ok {number} {test.__name__}", flush=True)
        except Exception:
            failures += 1
            print("".join(f"# {line}\n" for line in traceback.format_exc().splitlines()), end="")
            print(f"not ok {number} {test.__name__}", flush=True)
        finally:
            desks.close()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
