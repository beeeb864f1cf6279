#!/usr/bin/env python3
# test-guided.py - guided sessions end to end: the merchant's program, the desk, an agent's browser
# SPDX-License-Identifier: GPL-3.0-or-later
import hashlib
import json
import os
import subprocess
import sys
import time
import zipfile

import guided_lab as lab
import spoken_code as spoken
from guided_journey import ask_for, run, status_of, wait_status
from guided_lab import wait_for
from handover_lab import ask


def test_solved(browser, journey):
    """96, a check, a step that helps, and the same log on both sides."""
    journey.begin(browser)
    merchant = journey.merchant
    leading = journey.report["causes"][0]["id"]
    assert browser.shows(f"[data-cause='{leading}']"), browser.text("#causes")
    browser.picture("watching")

    ask_for(browser, "run-check", "all")
    request = merchant.wait("request")
    assert request["kind"] == "run-check" and request["subject"] == "all", request
    merchant.say(f"yes {request['id']}")
    assert merchant.wait("result")["outcome"] == "done"
    wait_status(browser, 1, "done")

    # A suggestion that the guards forbid now is refused without a question; one of the others is put
    # before the merchant.
    steps = browser.run("return [...document.querySelectorAll('#suggest-step option')]"
                        ".map((o) => o.value)")
    number, step = 1, None
    for step in steps:
        number += 1
        ask_for(browser, "suggest-step", step)
        wait_for(lambda: status_of(browser, number) == "refused" or merchant.events.qsize(),
                 "an answer to the suggestion")
        if status_of(browser, number) != "refused":
            break
    request = merchant.wait("request")
    assert request["kind"] == "suggest-step" and request["subject"] == step, request
    merchant.say(f"yes {request['id']}")
    doing = merchant.wait("step")
    wait_for(lambda: browser.shows(f"[data-step='{step}'][data-outcome='doing']"), "step begun")
    merchant.say(f"yes {doing['id']}")
    wait_for(lambda: browser.shows(f"[data-step='{step}'][data-outcome='worked']"), "step worked")
    browser.picture("solved")

    browser.type("#message", "Glad it works again. 4111 1111 1111 1111")
    browser.click("#chat form button")
    merchant.wait("message")
    merchant.say("say My card is 4111 1111 1111 1111, thank you")
    wait_for(lambda: "thank you" in browser.text(".messages .merchant"), "the merchant's words")
    assert "4111 1111 1111 1111" not in browser.text(".messages .merchant")

    browser.click("#leave")
    assert merchant.wait("end")["reason"] == "agent-left"
    assert merchant.end() == 0
    browser.assert_content()


def test_heads(browser, journey):
    """Stop at once; the agent's chained log ends in the merchant's head."""
    journey.begin(browser)
    merchant = journey.merchant
    ask_for(browser, "run-check", "all")
    request = merchant.wait("request")
    merchant.say(f"no {request['id']}")
    wait_status(browser, 1, "no")
    began = time.monotonic()
    merchant.say("stop")
    end = merchant.wait("end")
    assert end["reason"] == "stopped", end
    assert end["at"] - began < 0.2, "stop waited for somebody"
    wait_for(lambda: browser.shows("#again"), "the end on the page")
    head = wait_for(lambda: browser.run(
        "const s = document.querySelector('#log .help'); return s && s.textContent"), "the log")
    assert end["head"][:16] in head, (end, head)
    assert merchant.end() == 0


def test_no(browser, journey):
    """No to watching: the agent sees nothing; no to a step: nothing happens."""
    journey.begin(browser)
    merchant = journey.merchant
    ask_for(browser, "ask", browser.run("return document.querySelector('#ask option').value"))
    request = merchant.wait("request")
    assert request["values"] and request["labels"], request
    merchant.say(f"no {request['id']}")
    wait_status(browser, 1, "no")
    merchant.say("stop")
    merchant.end()
    browser.click("#again")
    other = lab.Merchant(journey.home, journey.profile)
    browser.type("#code", other.wait("code")["code"])
    browser.click("#join form button")
    other.say(f"no {other.wait('agent')['id']}")
    assert other.wait("end")["reason"] == "denied"
    wait_for(lambda: browser.shows("#again"), "the refusal on the page")
    assert not browser.shows(".station")
    other.close()


def test_numbers_differ(browser, journey):
    """The merchant hears another number: over, and nothing was shown."""
    lab.sign_in(browser, journey.desk, journey.token)
    journey.merchant = merchant = lab.Merchant(journey.home, journey.profile)
    prompt = lab.join(browser, merchant, compare=False)
    merchant.say(f"no {prompt['id']}")
    assert merchant.wait("end")["reason"] == "numbers-differ"
    wait_for(lambda: browser.shows("#again"), "the end on the page")
    assert not browser.shows(".station")


def test_cut(browser, journey):
    """The line is cut in the middle: the session keeps its place and goes on."""
    journey.begin(browser)
    merchant = journey.merchant
    ask_for(browser, "run-check", "all")
    request = merchant.wait("request")
    journey.line.cut()
    assert merchant.wait("line")["up"] is False
    wait_for(lambda: browser.shows("#banner .problem"), "the broken line on the page")
    # The yes falls into the gap; the agent hears of it afterwards.
    merchant.say(f"yes {request['id']}")
    merchant.wait("result")
    journey.line.mend()
    assert merchant.wait("line")["up"] is True
    wait_status(browser, 1, "done")
    merchant.say("stop")
    assert merchant.wait("end")["reason"] == "stopped"


def test_desk_gone(browser, journey):
    """The desk dies: stop works all the same."""
    journey.begin(browser)
    journey.desk.kill()
    began = time.monotonic()
    journey.merchant.say("stop")
    assert journey.merchant.wait("end")["at"] - began < 0.2
    assert journey.merchant.end() == 0
    journey.desk.start()


def test_reload(browser, journey):
    """The agent reloads the page, twice and while the merchant acts: the session goes on."""
    journey.begin(browser)
    merchant = journey.merchant
    ask_for(browser, "run-check", "all")
    merchant.say(f"no {merchant.wait('request')['id']}")
    wait_status(browser, 1, "no")
    browser.type("#message", "One moment please")
    browser.click("#chat form button")
    merchant.wait("message")
    browser.reload()
    # What the merchant says while nobody is there comes afterwards.
    merchant.say("say are you there?")
    wait_for(lambda: "are you there?" in browser.text(".messages .merchant"), "the merchant's words")
    assert "One moment please" in browser.text(".messages .you")
    assert status_of(browser, 1) == "no"
    ask_for(browser, "run-check", "all")
    request = merchant.wait("request")
    browser.reload()
    merchant.say(f"yes {request['id']}")
    wait_status(browser, 2, "done")
    merchant.say("stop")
    end = merchant.wait("end")
    wait_for(lambda: browser.shows("#again"), "the end on the page")
    head = browser.run("return document.querySelector('#log .help').textContent")
    assert end["head"][:16] in head, (end, head)
    # It is over: nothing of it comes back, and the browser has stored nothing.
    browser.reload()
    browser.find("#code")
    assert not browser.shows("#banner")
    stored = browser.run("return Object.keys(sessionStorage).concat(Object.keys(localStorage))")
    assert stored == ["posaid-tab"], stored
    databases = browser.run("return indexedDB.databases().then((all) => all.length)")
    assert databases == 0, databases
    browser.assert_content()


def test_reload_while_comparing(browser, journey):
    """Reloaded before the numbers are compared, the page shows the same one."""
    lab.sign_in(browser, journey.desk, journey.token)
    journey.merchant = merchant = lab.Merchant(journey.home, journey.profile)
    prompt = lab.join(browser, merchant, compare=False)
    browser.reload()
    wait_for(lambda: browser.text(".number").replace(" ", "") == prompt["number"], "the number")
    browser.click("#same")
    merchant.say(f"yes {prompt['id']}")
    browser.find(".station")
    merchant.say("stop")
    assert merchant.wait("end")["reason"] == "stopped"


def test_bundle(browser, journey):
    """Support asks for the bundle; with a yes its ticket is on the page and on the desk."""
    journey.begin(browser)
    merchant = journey.merchant
    browser.click("#request-bundle")
    request = merchant.wait("request")
    assert request["kind"] == "request-bundle", request
    merchant.say(f"yes {request['id']}")
    assert merchant.wait("result", 60)["outcome"] == "done"
    wait_status(browser, 1, "done")
    ticket = browser.text("[data-request='1'] .value")
    browser.click("nav button:nth-child(2)")
    wait_for(lambda: browser.shows(f"[data-ticket='{ticket}']"), f"ticket {ticket}")
    browser.click(f"[data-ticket='{ticket}'] button")
    browser.find(".detail a")
    browser.picture("ticket")
    browser.click("nav button:nth-child(1)")
    assert browser.shows("#leave"), "the session did not go on behind the tickets"
    merchant.say("stop")
    merchant.end()


def rebuild(source, target, change):
    """The bundle with another guided.jsonl, and a manifest whose sums are right again."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        members = {info: old.read(info) for info in old.infolist()}
        for info in members:
            if info.filename == "guided.jsonl":
                lines = change(members[info].decode().splitlines())
                members[info] = "".join(line + "\n" for line in lines).encode()
                changed = members[info]
        for info, data in members.items():
            if info.filename == "manifest.json":
                manifest = json.loads(data)
                for file in manifest["files"]:
                    if file["path"] == "guided.jsonl":
                        file |= {"size": len(changed), "sha256": hashlib.sha256(changed).hexdigest()}
                data = json.dumps(manifest).encode()
            fresh = zipfile.ZipInfo(info.filename, info.date_time)
            fresh.compress_type, fresh.external_attr = info.compress_type, info.external_attr
            new.writestr(fresh, data)


def test_log(browser, journey):
    """Two sessions, one after the other: guided.jsonl of the bundle holds both with each yes and no;
    its head is the page's; whoever changes a line, or leaves one out, is found out."""
    heads = []
    for answer in ("no", "yes"):
        if heads:
            browser.click("#again")
            journey.merchant = lab.Merchant(journey.home, journey.profile)
            lab.join(browser, journey.merchant)
        else:
            journey.begin(browser)
        merchant = journey.merchant
        browser.type("#message", "call +49 89 123456 or mail li@example.test, 4111 1111 1111 1111")
        browser.click("#chat form button")
        merchant.wait("message")
        ask_for(browser, "run-check", "all")
        merchant.say(f"{answer} {merchant.wait('request')['id']}")
        wait_status(browser, 1, {"no": "no", "yes": "done"}[answer])
        merchant.say("stop")
        heads.append(merchant.wait("end")["head"])
        merchant.end()
        wait_for(lambda: browser.shows("#again"), "the end on the page")

    def verify(path):
        return subprocess.run([lab.PROGRAM, "bundle", "verify", path], capture_output=True, text=True,
                              env=dict(merchant.environment, LANGUAGE="en"))
    path, other = (os.path.join(journey.folder, name) for name in ("a.posaid.zip", "b.posaid.zip"))
    subprocess.run([lab.PROGRAM, "bundle", "create", "-o", path], check=True, capture_output=True,
                   env=merchant.environment)
    with zipfile.ZipFile(path) as archive:
        entries = [json.loads(line) for line in archive.read("guided.jsonl").decode().splitlines()]
    assert [e["answer"] for e in entries if e["what"] == "consent"] == ["no", "yes"], entries
    assert sum(e["n"] == 1 for e in entries) == 2 and "4111" not in json.dumps(entries), entries
    done = verify(path)
    assert done.returncode == 0 and heads[-1] in done.stdout, done
    assert heads[-1][:16] in browser.run("return document.querySelector('#log .help').textContent")

    no = next(i for i, e in enumerate(entries) if e.get("answer") == "no")
    lie = lambda lines: [line.replace('"answer":"no"', '"answer":"yes"') for line in lines]  # noqa: E731
    without = lambda lines: lines[:no] + lines[no + 1:]  # noqa: E731
    for change, line in ((lie, no + 1), (without, no + 1), (lambda lines: lines[1:], 1)):
        rebuild(path, other, change)
        done = verify(other)
        assert done.returncode == 1 and f"line {line} " in done.stderr, done
    # Lines missing at the end: only the page's head tells.
    rebuild(path, other, lambda lines: lines[:-1])
    done = verify(other)
    assert done.returncode == 0 and heads[-1] not in done.stdout, done


def read_code(browser, text):
    browser.run("document.getElementById('spoken').value = ''")
    browser.type("#spoken", text)
    browser.click(".spoken form button")


def test_spoken(browser, journey):
    """What a shop without a line reads out: right, misheard, mistyped, of another version."""
    code = spoken.build(cause="captive-portal", confidence=2, payment=2, connection="wifi",
                        answered="terminal", failed=["restart-router", "ask-mobile-settings"])
    assert "0" in code and "1" in code, code
    lab.sign_in(browser, journey.desk, journey.token)
    browser.click("#part-spoken")
    titles = {}
    for language in ("en", "zh_CN", "de"):
        browser.choose("header select", language)
        read_code(browser, code)
        title = knowledge_title("causes", "captive-portal", language)
        wait_for(lambda: browser.text(".result h3") == title, f"“{title}”")
        shown = browser.text(".result")
        for text in (knowledge_title("actions", "restart-router", language),
                     knowledge_title("payment/states", "u2", language), "96", "80"):
            assert text in shown, (language, text, shown)
        for name in ("captive-portal", "restart-router", "u2", "unknown"):
            assert name not in shown, (language, name, shown)
        titles[language] = title
        browser.picture(f"spoken-{language}")
    assert len(set(titles.values())) == 3, titles

    browser.choose("header select", "en")
    typed = code.replace("0", "o").replace("1", "l").replace("-", " ").lower()
    for sound in (typed, code.replace("1", "I").replace("0", "O"), "POSAID:" + code.replace("-", "")):
        read_code(browser, sound)
        wait_for(lambda: browser.text(".result h3") == titles["en"], f"{sound} to be read")
    wrong = [code[:-1] + ("7" if code[-1] != "7" else "8"), code[1] + code[0] + code[2:], code[:-2],
             "nonsense", "", code + "U"]
    for text in wrong:
        if text.replace("-", "") == code.replace("-", ""):
            continue
        read_code(browser, text)
        wait_for(lambda: "misheard or mistyped" in browser.text(".result .problem"), f"“{text}” refused")
    for version in (0, 2, 3):
        read_code(browser, spoken.build(version=version, cause="captive-portal"))
        wait_for(lambda: "Another version of the program" in browser.text(".result .problem"),
                 f"version {version}")
    unknown = spoken.build()
    read_code(browser, unknown)
    wait_for(lambda: browser.text(".result h3") == "No leading cause", "an empty code")
    assert "unknown" in browser.text(".result") and "null" not in browser.text(".result")
    browser.assert_no_scripts_failed()


def knowledge_title(kind, name, language):
    with open(os.path.join(spoken.ROOT, "data/knowledge", kind, name + ".json"), encoding="utf-8") as file:
        return json.load(file)["title"][language]


def test_fast(browser, journey):
    """A change is on the agent's page within 100 ms of the merchant's program."""
    journey.begin(browser)
    merchant = journey.merchant
    step = None
    for step in browser.run("return [...document.querySelectorAll('#suggest-step option')]"
                            ".map((o) => o.value)"):
        ask_for(browser, "suggest-step", step)
        number = browser.run("return document.querySelectorAll('[data-request]').length")
        wait_for(lambda: status_of(browser, number) == "refused" or merchant.events.qsize(), "word")
        if status_of(browser, number) != "refused":
            break
    request = merchant.wait("request")
    browser.run("new MutationObserver(() => { if (document.querySelector('[data-outcome=doing]'))"
                " window.seenAt ??= Date.now(); }).observe(document.body,"
                " {childList: true, subtree: true})")
    began = time.time()
    merchant.say(f"yes {request['id']}")
    seen = wait_for(lambda: browser.run("return window.seenAt"), "the step on the page")
    delay = seen - began * 1000
    print(f"# from the merchant's yes to the agent's page: {delay:.0f} ms")
    assert delay < 100, delay
    merchant.say("stop")
    merchant.end()


def test_looks(browser, journey):
    """Every language, light and dark; nothing overflows, every control has a name."""
    lab.sign_in(browser, journey.desk, journey.token)
    browser.picture("waiting")
    for part in range(3):
        browser.click(f"nav button:nth-child({part + 1})")
        assert_accessible(browser)
    browser.click("nav button:nth-child(1)")
    journey.merchant = lab.Merchant(journey.home, journey.profile)
    lab.join(browser, journey.merchant)
    said = [""]
    for language in ("en", "zh_CN", "de"):
        browser.choose("header select", language)
        wait_for(lambda: browser.text(".headline") not in said, f"the findings in {language}")
        said.append(browser.text(".headline"))
        for dark in (False, True):
            browser.set_dark(dark)
            browser.picture(f"watching-{language}-{'dark' if dark else 'light'}")
        assert_accessible(browser)
    browser.set_dark(False)
    journey.merchant.say("stop")
    journey.merchant.end()
    browser.assert_content()


def assert_accessible(browser):
    unnamed = browser.run("""
      return [...document.querySelectorAll('button, input, select, a, summary')]
        .filter((e) => e.checkVisibility() && !e.classList.contains('skip'))
        .filter((e) => !(e.textContent.trim() || e.getAttribute('aria-label')
          || (e.labels && e.labels.length && e.labels[0].textContent.trim())))
        .map((e) => e.outerHTML)""")
    assert unnamed == [], unnamed
    wide = browser.run("return document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{wide} px too wide"


def test_strangers(browser, journey):
    """Without signing in nothing is told; another site's page gets no line."""
    for path in ("/guided/waiting", "/guided/agent", "/tickets"):
        status, _, _ = ask("GET", journey.desk.url + path)
        assert status == 401, (path, status)
    status, headers, _ = ask("GET", journey.desk.url + "/")
    assert status == 200 and "default-src 'none'" in headers["Content-Security-Policy"], headers
    lab.sign_in(browser, journey.desk, journey.token)
    cookie = {"Cookie": "x=1", "Origin": "https://evil.example", "Upgrade": "websocket",
              "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
              "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    assert ask("GET", journey.desk.url + "/guided/agent", headers=cookie)[0] == 401


TESTS = [test_solved, test_heads, test_no, test_numbers_differ, test_cut, test_desk_gone, test_reload,
         test_reload_while_comparing, test_bundle, test_log, test_spoken, test_fast, test_looks, test_strangers]


if __name__ == "__main__":
    sys.exit(run(TESTS))
