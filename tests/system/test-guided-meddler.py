#!/usr/bin/env python3
# test-guided-meddler.py - the agents' page with an evil relay between it and the desk
# SPDX-License-Identifier: GPL-3.0-or-later
import base64
import hashlib
import json
import os
import sys
import time

import guided_lab as lab
from guided_journey import ask_for, run, wait_status
from guided_lab import wait_for
from guided_meddler import Meddler

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def begin(browser, journey, meddle=None, compare=True):
    meddler = Meddler(journey.desk.port)
    if meddle:
        meddler.meddle = meddle
    lab.sign_in(browser, meddler, journey.token)
    journey.merchant = lab.Merchant(journey.home, journey.profile)
    if compare is not None:
        lab.join(browser, journey.merchant, compare)
    return meddler


def wait_end(browser, words):
    wait_for(lambda: browser.shows("#again"), "the end on the page")
    assert words in browser.text(".state"), (words, browser.text(".state"))
    browser.assert_content()


def once(match, change):
    """Changes the first frame to the page that matches, and passes on all others."""
    done = []

    def meddle(to_page, frame):
        if to_page and not done and match(frame):
            done.append(True)
            return change(frame)
        return [frame]
    return meddle


def is_sealed(frame):
    return "sealed" in frame


def test_altered(browser, journey):
    """A bit of a sealed frame is another one."""
    meddler = begin(browser, journey)
    meddler.meddle = once(is_sealed, lambda f: [f | {"sealed": ("B" if f["sealed"][0] == "A" else "A")
                                                     + f["sealed"][1:]}])
    journey.merchant.say("say hello")
    wait_end(browser, "altered on its way")
    assert not browser.text(".messages")


def test_reflected(browser, journey):
    """The page's own words come back as the merchant's."""
    own = []
    meddler = begin(browser, journey)

    def meddle(to_page, frame):
        if not to_page and is_sealed(frame):
            own.append(frame["sealed"])
        if to_page and is_sealed(frame) and own:
            return [frame | {"sealed": own[-1]}]
        return [frame]
    meddler.meddle = meddle
    browser.type("#message", "hello")
    browser.click("#chat form button")
    wait_end(browser, "altered on its way")
    assert not browser.shows(".messages .merchant")


def read_half():
    """Some key pair's public half; whose does not matter."""
    with open(os.path.join(ROOT, "src/wire/pfa-guided-vectors.json"), encoding="utf-8") as file:
        half = json.load(file)["vectors"][0]["merchant"]
    return bytes.fromhex(half["public"]), bytes.fromhex(half["nonce"])


def test_key_of_its_own(browser, journey):
    """The relay reveals a key of its own that it never committed to."""
    key, nonce = read_half()

    def meddle(to_page, frame):
        if to_page and frame.get("type") == "reveal":
            return [frame | {"key": base64.b64encode(key).decode(), "nonce": base64.b64encode(nonce).decode()}]
        return [frame]
    begin(browser, journey, meddle, compare=None)
    browser.type("#code", journey.merchant.wait("code")["code"])
    browser.click("#join form button")
    journey.merchant.say(f"yes {journey.merchant.wait('agent')['id']}")
    wait_end(browser, "altered on its way")


def test_in_the_middle(browser, journey):
    """It commits to that key as well: both see a number, and the numbers differ."""
    key, nonce = read_half()
    commitment = hashlib.sha256(b"posaid-commit-v1" + key + nonce).digest()

    def meddle(to_page, frame):
        if to_page and frame.get("type") == "commit":
            return [frame | {"hash": base64.b64encode(commitment).decode()}]
        if to_page and frame.get("type") == "reveal":
            return [frame | {"key": base64.b64encode(key).decode(), "nonce": base64.b64encode(nonce).decode()}]
        return [frame]
    begin(browser, journey, meddle, compare=None)
    merchant = journey.merchant
    browser.type("#code", merchant.wait("code")["code"])
    browser.click("#join form button")
    merchant.say(f"yes {merchant.wait('agent')['id']}")
    prompt = merchant.wait("compare")
    shown = wait_for(lambda: browser.text(".number").replace(" ", ""), "the agent's number")
    assert shown != prompt["number"], "a chance of one in a million, or no protection"
    browser.click("#differs")
    wait_end(browser, "somebody may be in between")


def test_commits_twice(browser, journey):
    """An earlier commitment comes again behind the right one."""
    begin(browser, journey, once(lambda f: f.get("type") == "commit",
                                 lambda f: [f, f | {"seq": f["seq"] + 1}]), compare=None)
    browser.type("#code", journey.merchant.wait("code")["code"])
    browser.click("#join form button")
    journey.merchant.say(f"yes {journey.merchant.wait('agent')['id']}")
    wait_end(browser, "breaks the rules")


def test_twice_and_late(browser, journey):
    """Everything comes twice, and a third of a second late: it all still works."""
    def meddle(_, frame):
        time.sleep(0.3)
        return [frame, frame] if frame["seq"] else [frame]
    meddler = begin(browser, journey)
    meddler.meddle = meddle
    ask_for(browser, "run-check", "all")
    request = journey.merchant.wait("request")
    journey.merchant.say(f"no {request['id']}")
    wait_status(browser, 1, "no")
    journey.merchant.say("say only once")
    wait_for(lambda: "only once" in browser.text(".messages"), "the words")
    assert browser.text(".messages").count("only once") == 1
    journey.merchant.say("stop")
    wait_end(browser, "the merchant stopped it")


def test_swallowed_once(browser, journey):
    """One frame never comes: the gap shows, the resume brings it."""
    meddler = begin(browser, journey)
    meddler.meddle = once(is_sealed, lambda f: [])
    journey.merchant.say("say first")
    journey.merchant.say("say second")
    wait_for(lambda: "second" in browser.text(".messages"), "both")
    words = browser.run("return [...document.querySelectorAll('.messages bdi')].map((e) => e.textContent)")
    assert words == ["first", "second"], words


def test_swallowed_for_ever(browser, journey):
    """That frame never comes, however often it is asked for."""
    meddler = begin(browser, journey)
    lost = []

    def meddle(to_page, frame):
        if to_page and is_sealed(frame):
            if not lost:
                lost.append(frame["seq"])
            if frame["seq"] == lost[0]:
                return []
        return [frame]
    meddler.meddle = meddle
    for i in range(8):
        journey.merchant.say(f"say word {i}")
        time.sleep(0.2)
    wait_end(browser, "swallowed on the way")
    assert not browser.text(".messages")


def test_end_cut_off(browser, journey):
    """The relay keeps the last words of the log and says goodbye itself: the page says that the end is
    not confirmed; without the relay in between it is."""
    meddler = begin(browser, journey)
    ask_for(browser, "run-check", "all")
    request = journey.merchant.wait("request")
    wait_status(browser, 1, "asked")
    meddler.meddle = lambda to_page, frame: [] if to_page and is_sealed(frame) else [frame]
    journey.merchant.say(f"no {request['id']}")
    journey.merchant.say("stop")
    wait_end(browser, "the merchant stopped it")
    assert "has not confirmed the end" in browser.run("return document.querySelector('#log-end').textContent")
    browser.click("#again")
    meddler.meddle = lambda to_page, frame: [frame]
    journey.merchant.close()
    journey.merchant = lab.Merchant(journey.home, journey.profile)
    lab.join(browser, journey.merchant)
    journey.merchant.say("stop")
    wait_end(browser, "the merchant stopped it")
    assert "has confirmed the end" in browser.run("return document.querySelector('#log-end').textContent")


RUBBISH = ["[]", "null", "7", '{"seq":-1,"ack":0}', '{"seq":1.5,"ack":0}', '{"seq":0}', '{"type":',
           '{"seq":0,"ack":0,"type":"welcome","session":"other","peer":"here"}', "A" * 40000,
           '{"seq":99999999999999999999,"ack":0,"sealed":"AAAA"}',
           '{"seq":0,"ack":0,"type":"bye","reason":"<img src=x onerror=alert(1)>"}',
           '{"seq":0,"ack":0,"type":"bye","reason":"__proto__"}']


def test_rubbish(browser, journey):
    """Whatever the relay says itself, the session ends with a sentence and the page stays whole."""
    meddler = begin(browser, journey)
    for number, text in enumerate(RUBBISH):
        if number:
            browser.click("#again")
            journey.merchant.close()
            journey.merchant = lab.Merchant(journey.home, journey.profile)
            lab.join(browser, journey.merchant)
        meddler.to_page(text)
        wait_end(browser, "The session is over")
        assert "undefined" not in browser.text(".state") and "<img" not in browser.text(".state"), text


TESTS = [test_altered, test_reflected, test_key_of_its_own, test_in_the_middle, test_commits_twice,
         test_twice_and_late, test_swallowed_once, test_swallowed_for_ever, test_end_cut_off, test_rubbish]


if __name__ == "__main__":
    sys.exit(run(TESTS))
