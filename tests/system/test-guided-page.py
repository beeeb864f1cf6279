#!/usr/bin/env python3
# test-guided-page.py - the agents' page by keyboard alone, as a screen reader finds it, and as it looks
# SPDX-License-Identifier: GPL-3.0-or-later
import base64
import collections
import os
import shutil
import subprocess
import sys

import guided_lab as lab
from guided_journey import run, status_of, wait_status
from guided_lab import wait_for

LANGUAGES = {"en": "en", "zh_CN": "zh-CN", "de": "de"}
MOST_TABS = 80
LEAST_CONTRAST = 4.5
# What has to be said by name. Chromium's own words for roles.
SPEAKING = {"button", "link", "textbox", "searchbox", "combobox", "listbox", "option", "checkbox", "radio",
            "DisclosureTriangle", "heading", "navigation", "log", "img", "RootWebArea"}

FOCUS = """
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const place = e.getBoundingClientRect();
  const style = getComputedStyle(e);
  const x = Math.min(Math.max(place.x + Math.min(place.width, 20) / 2, 0), innerWidth - 1);
  const y = Math.min(Math.max(place.y + Math.min(place.height, 20) / 2, 0), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  return {tag: e.tagName.toLowerCase(), id: e.id, text: e.textContent.slice(0, 40),
    ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    seen: place.bottom > 0 && place.top < innerHeight && place.right > 0 && place.left < innerWidth,
    covered: !(top && (e.contains(top) || top.contains(e)))};"""

# Every piece of text that can be seen, with its place on the whole page.
TEXTS = """
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.data.trim() || !parent.checkVisibility({visibilityProperty: true})
        || parent.closest('.unseen, .skip, option, :disabled')) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const place of range.getClientRects())
      if (place.width > 2 && place.height > 2)
        texts.push([node.data.trim().slice(0, 40), Math.floor(place.x), Math.floor(place.y + scrollY),
          Math.ceil(place.width), Math.ceil(place.height)]);
  }
  for (const e of document.querySelectorAll('select, input')) {
    if (!e.checkVisibility() || e.disabled) continue;
    const place = e.getBoundingClientRect();
    if (e.value || e.placeholder)
      texts.push([e.value || e.placeholder, Math.floor(place.x) + 6, Math.floor(place.y + scrollY) + 6,
        Math.floor(place.width) - 36, Math.floor(place.height) - 12]);
  }
  return texts;"""


def focus_of(browser):
    """Where the focus is; it must be somewhere, in view, with a ring around it, under nothing."""
    focus = browser.run(FOCUS)
    assert focus, "the focus is lost"
    assert focus["ring"], f"no ring: {focus}"
    assert focus["seen"] and not focus["covered"], f"out of sight: {focus}"
    return focus


def tab_to(browser, name):
    passed = []
    focus_of(browser)
    for _ in range(MOST_TABS):
        # Behind the last control the keyboard leaves the page for once, and comes back on top.
        focus = browser.run(FOCUS) and focus_of(browser)
        if focus and focus["id"] == name:
            return
        passed.append(focus and (focus["id"] or focus["tag"]))
        browser.keys("Tab")
    raise AssertionError(f"the keyboard does not reach {name}: {passed}")


def press(browser, name):
    tab_to(browser, name)
    browser.keys("Enter")


def wait_focus(browser, what, condition):
    wait_for(lambda: (focus := browser.run(FOCUS)) and condition(focus), what)
    return focus_of(browser)


def listen(browser):
    """What the page's live region says from now on."""
    browser.run("window.told = []; const news = document.getElementById('news');"
                "new MutationObserver(() => window.told.push(news.textContent))"
                ".observe(news, {childList: true, characterData: true, subtree: true})")


def wait_told(browser, words):
    wait_for(lambda: any(words in text for text in browser.run("return window.told")),
             f"“{words}” to be said; said: {browser.run('return window.told')}")


def test_keyboard(browser, journey):
    """From signing in to leaving with key events only; the focus is never lost, news are said."""
    browser.open(journey.desk.url + "/")
    wait_focus(browser, "the token's field", lambda focus: focus["id"] == "token")
    browser.keys(*"nonsense", "Enter")
    wait_for(lambda: browser.text("#token-problem"), "the refusal")
    assert focus_of(browser)["id"] == "token"
    browser.run("document.getElementById('token').value = ''")
    browser.keys(*journey.token, "Enter")
    wait_focus(browser, "the part's heading", lambda focus: focus["tag"] == "h2")
    listen(browser)

    tab_to(browser, "code")
    browser.keys(*"12345", "Enter")
    wait_for(lambda: browser.text("#code-problem"), "what a code looks like")
    assert focus_of(browser)["id"] == "code"
    browser.keys(["\ue009", "a"])
    journey.merchant = merchant = lab.Merchant(journey.home, journey.profile)
    browser.keys(*merchant.wait("code")["code"], "Enter")
    agent = merchant.wait("agent")
    wait_told(browser, "asked whether you may watch")
    focus_of(browser)
    merchant.say(f"yes {agent['id']}")
    prompt = merchant.wait("compare")
    wait_told(browser, "Read this number")
    spoken = wait_for(lambda: browser.run("return document.querySelector('#banner .unseen')?.textContent"),
                      "the number")
    assert spoken.replace(" ", "").endswith(prompt["number"]), (spoken, prompt)
    press(browser, "same")
    wait_told(browser, "Waiting for the merchant to compare")
    focus_of(browser)
    merchant.say(f"yes {prompt['id']}")
    wait_told(browser, "You see what the merchant sees")
    focus_of(browser)
    browser.find("#run-check")

    ask_by_keys(browser, merchant)
    suggest_by_keys(browser, merchant)

    tab_to(browser, "message")
    browser.keys(*"Hello there", "Enter")
    assert merchant.wait("message")["text"] == "Hello there"
    assert focus_of(browser)["id"] == "message"
    merchant.say("say thank you")
    wait_for(lambda: "thank you" in browser.text("[role=log] .merchant"), "the merchant's words")

    journey.line.cut()
    wait_told(browser, "The merchant's line is broken")
    journey.line.mend()
    wait_told(browser, "The merchant is back")

    # The other parts, and back; another language, with the focus staying on its field.
    press(browser, "part-tickets")
    wait_focus(browser, "the tickets' heading", lambda focus: focus["tag"] == "h2")
    press(browser, "part-sessions")
    wait_focus(browser, "the session's heading", lambda focus: focus["tag"] == "h2")
    tab_to(browser, "language")
    browser.keys(*"De")
    wait_for(lambda: browser.run("return document.documentElement.lang") == "de", "German")
    assert focus_of(browser)["id"] == "language"
    browser.keys("Home")
    wait_for(lambda: browser.run("return document.documentElement.lang") == "en", "English")

    press(browser, "leave")
    assert merchant.wait("end")["reason"] == "agent-left"
    wait_told(browser, "The session is over")
    focus_of(browser)
    press(browser, "again")
    wait_focus(browser, "the code's field", lambda focus: focus["id"] == "code")
    browser.assert_content()


def ask_by_keys(browser, merchant):
    tab_to(browser, "run-check")
    browser.keys("Down")
    chosen = wait_for(lambda: browser.run("return document.getElementById('run-check').value"), "a check")
    assert chosen != "all", chosen
    browser.keys("Tab", "Enter")
    request = merchant.wait("request")
    assert (request["kind"], request["subject"]) == ("run-check", chosen), request
    wait_told(browser, "waiting for an answer")
    assert focus_of(browser)["id"] == "run-check-button"
    merchant.say(f"no {request['id']}")
    wait_told(browser, "the merchant said no")
    assert focus_of(browser)["id"] == "run-check-button"


def suggest_by_keys(browser, merchant):
    """Until one is not forbidden by the program's rules."""
    for number in range(2, 30):
        tab_to(browser, "suggest-step")
        if number > 2:
            browser.keys("Down")
        browser.keys("Tab", "Enter")
        wait_for(lambda: status_of(browser, number) == "refused" or merchant.events.qsize(), "an answer")
        if status_of(browser, number) != "refused":
            break
    request = merchant.wait("request")
    assert request["kind"] == "suggest-step", request
    merchant.say(f"yes {request['id']}")
    doing = merchant.wait("step")
    wait_told(browser, "done")
    merchant.say(f"yes {doing['id']}")
    wait_for(lambda: browser.shows("[data-outcome=worked]"), "step worked")
    focus_of(browser)


def read_tree(browser):
    nodes = browser.cdp("Accessibility.getFullAXTree")["nodes"]
    return [node for node in nodes if not node.get("ignored")]


def value_of(node, what):
    return (node.get(what) or {}).get("value")


def assert_tree(browser, language, where):
    """Every control has a name, headings go down one by one, the page says its language."""
    nodes = read_tree(browser)
    roles = collections.Counter(value_of(node, "role") for node in nodes)
    for node in nodes:
        role, name = value_of(node, "role"), value_of(node, "name")
        focusable = any(p["name"] == "focusable" and p["value"].get("value") for p in node.get("properties", []))
        if role in SPEAKING or (focusable and role not in ("main", "paragraph", "generic")):
            assert name, f"{where}: {role} without a name: {node}"
    levels = [p["value"]["value"] for node in nodes if value_of(node, "role") == "heading"
              for p in node["properties"] if p["name"] == "level"]
    assert levels[:1] == [1] and levels.count(1) == 1, (where, levels)
    assert all(b <= a + 1 for a, b in zip(levels, levels[1:])), (where, levels)
    for role in ("banner", "main", "status"):
        assert roles[role] == 1, (where, role, roles)
    assert browser.run("return document.documentElement.lang") == LANGUAGES[language]
    root = next(node for node in nodes if value_of(node, "role") == "RootWebArea")
    assert value_of(root, "name") == browser.run("return document.title"), root
    return roles


def test_tree(browser, journey):
    """What a screen reader finds, in every state, part and language."""
    browser.open(journey.desk.url + "/")
    browser.find("#token")
    assert_tree(browser, "en", "sign-in")
    lab.sign_in(browser, journey.desk, journey.token)
    journey.merchant = merchant = lab.Merchant(journey.home, journey.profile)
    wait_for(lambda: browser.shows(".waiting li"), "the waiting one")
    assert_tree(browser, "en", "waiting")
    prompt = lab.join(browser, merchant, compare=False)
    assert_tree(browser, "en", "comparing")
    browser.click("#same")
    merchant.say(f"yes {prompt['id']}")
    browser.find("#run-check")
    browser.type("#message", "Hello")
    browser.click("#chat form button")
    merchant.wait("message")
    for language in LANGUAGES:
        browser.choose("header select", language)
        wait_for(lambda: browser.run("return document.documentElement.lang") == LANGUAGES[language], language)
        wait_for(lambda: browser.shows("#run-check"), "the requests")
        roles = assert_tree(browser, language, f"watching {language}")
        for role in ("navigation", "log", "list"):
            assert roles[role] >= 1, (role, roles)
        for part in ("tickets", "spoken", "sessions"):
            browser.click(f"#part-{part}")
            assert_tree(browser, language, f"{part} {language}")
    merchant.say("stop")
    merchant.wait("end")
    wait_for(lambda: browser.shows("#again"), "the end")
    assert_tree(browser, "de", "ended")


def luminance(pixel):
    parts = [value / 255 / 12.92 if value <= 10 else ((value / 255 + 0.055) / 1.055) ** 2.4
             for value in pixel]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast_of(pixels, width, x, y, w, h):
    """The commonest pixel of a text's place is its ground; the one that differs most is its ink."""
    counts = collections.Counter()
    for row in range(y, y + h):
        line = pixels[(row * width + x) * 3:(row * width + x + w) * 3]
        counts.update(line[i:i + 3] for i in range(0, len(line) - 2, 3))
    if not counts:
        return 21
    ground = luminance(counts.most_common(1)[0][0])
    inks = [luminance(pixel) for pixel in counts]
    return max((max(ink, ground) + 0.05) / (min(ink, ground) + 0.05) for ink in inks)


def assert_contrast(browser, where):
    """Measured on what the browser draws."""
    png = base64.b64decode(browser.call("GET", "/screenshot"))
    pixels = subprocess.run(["convert", "png:-", "-depth", "8", "rgb:-"], input=png, capture_output=True,
                            check=True).stdout
    width = int.from_bytes(png[16:20], "big")
    pale = [(text, round(contrast, 2)) for text, x, y, w, h in browser.run(TEXTS)
            if 0 <= x and x + w <= width and (y + h) * width * 3 <= len(pixels)
            and (contrast := contrast_of(pixels, width, x, y, w, h)) < LEAST_CONTRAST]
    assert pale == [], (where, pale)


def assert_no_overflow(browser, where):
    wide = browser.run("""
      return [...document.querySelectorAll('body *')].filter((e) => e.checkVisibility()
        && !e.closest('.unseen, .skip') && e.getBoundingClientRect().right > innerWidth + 1)
        .map((e) => e.outerHTML.slice(0, 100))""")
    assert wide == [], (where, wide)
    assert browser.run("return document.documentElement.scrollWidth <= innerWidth"), where
    cut = browser.run("""
      return [...document.querySelectorAll('button, label, h1, h2, h3, p, li, strong, span, td, th, dd')]
        .filter((e) => e.checkVisibility() && !e.closest('.unseen, .skip, .scroll'))
        .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== 'inline')
        .map((e) => e.outerHTML.slice(0, 100))""")
    assert cut == [], (where, cut)


def test_looks(browser, journey):
    """360 px, 200 % and 400 % of a 1280 px window: nothing is cut; light and dark: text is legible."""
    lab.sign_in(browser, journey.desk, journey.token)
    journey.merchant = merchant = lab.Merchant(journey.home, journey.profile)
    prompt = lab.join(browser, merchant, compare=False)
    look(browser, "comparing", "en")
    browser.click("#same")
    merchant.say(f"yes {prompt['id']}")
    browser.find("#run-check")
    browser.choose("#run-check", "all")
    browser.click("#run-check-button")
    merchant.say(f"no {merchant.wait('request')['id']}")
    wait_status(browser, 1, "no")
    browser.type("#message", "Hello, one moment please")
    browser.click("#chat form button")
    said = {""}
    for language in LANGUAGES:
        browser.choose("header select", language)
        wait_for(lambda: browser.text(".headline") not in said, f"the findings in {language}")
        said.add(browser.text(".headline"))
        look(browser, "watching", language)
    browser.click("#part-spoken")
    look(browser, "spoken", "de")
    browser.click("#part-sessions")
    merchant.say("stop")
    merchant.wait("end")
    wait_for(lambda: browser.shows("#again"), "the end")
    look(browser, "ended", "de")


def look(browser, state, language):
    for name, width, zoom in (("wide", 1280, 1), ("200", 640, 2), ("360", 360, 1), ("400", 320, 4)):
        browser.set_size(width, 900, zoom)
        assert_no_overflow(browser, f"{state} {language} {name}")
        height = browser.run("return document.documentElement.scrollHeight")
        browser.set_size(width, max(height, 900), 1)
        for dark in (False, True):
            browser.set_dark(dark)
            where = f"page-{state}-{language}-{name}-{'dark' if dark else 'light'}"
            if name in ("wide", "360"):
                assert_contrast(browser, where)
            browser.picture(where)
    browser.set_dark(False)
    browser.set_size(1280, 900)


TESTS = [test_keyboard, test_tree, test_looks]


if __name__ == "__main__":
    sys.exit(run(TESTS, None if shutil.which("convert") else "imagemagick is not installed"))
