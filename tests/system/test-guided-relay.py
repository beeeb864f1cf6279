#!/usr/bin/env python3
# test-guided-relay.py - the relay against those who break its rules
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import random
import shutil
import sys
import tempfile
import time
import traceback

import guided_wire as wire
from handover_lab import Desk, ask

WRONG_CODES = 10000


def guess(line, code):
    line.send(type="claim", code=code)
    return line.wait("result")["problem"]


def test_wrong_codes(desk, token):
    """10,000 wrong codes from several agents: none joins; those who wait and those who talk go on."""
    shop, support, _ = wire.join(desk.port, token, "127.0.0.2")
    waiting, welcome = wire.merchant(desk.port)
    secret = welcome["code"]
    tokens = [desk.add_agent(f"Guesser {i}") for i in range(5)]
    lines = [wire.agent(desk.port, word, "127.0.0.3")[0] for word in tokens]
    generator = random.Random(96)
    answers = {}
    began = time.monotonic()
    for i in range(WRONG_CODES):
        # Half of them share the routing digits: the hardest guesses for a code.
        routing = int(secret[:3]) if i % 2 else generator.randrange(1000)
        number = generator.randrange(1000000)
        code = f"{routing:03}-{number // 1000:03}-{number % 1000:03}"
        if code == secret:
            continue
        answer = guess(lines[i % len(lines)], code)
        answers[answer] = answers.get(answer, 0) + 1
        if i % 1000 == 0:
            beat = i // 1000 + 1
            for line in (shop, support, waiting):
                line.send(type="ping", n=beat, got=beat - 1)
        # The relay takes 50 frames a second from a line; five lines, 200 a second.
        time.sleep(max(0, began + i / 220 - time.monotonic()))
    print(f"# answers: {answers}")
    assert sum(answers.values()) >= WRONG_CODES - 1 and answers["too-many"] > answers["wrong-code"]
    shop.send(seq=2, sealed="AAAA")
    assert support.wait("sealed")["seq"] == 2
    # The waiting one has been given new codes; the last of them is good.
    waiting.socket.settimeout(0.5)
    try:
        while True:
            secret = waiting.wait("welcome").get("code", secret)
    except TimeoutError:
        pass
    late, _ = wire.agent(desk.port, token, "127.0.0.2")
    late.send(type="claim", code=secret)
    assert late.wait("welcome")["peer"] == "here"
    counts = json.loads(ask("GET", desk.url + "/health")[2])["guided"]
    assert (counts["joined"], counts["claimed"]) == (1, 1), counts


def test_used_once(desk, token):
    """A code joins one agent, and dies after three wrong claims on its routing digits."""
    _, _, welcome = wire.join(desk.port, token)
    second, _ = wire.agent(desk.port, token)
    assert guess(second, welcome["code"]) == "wrong-code"
    shop, welcome = wire.merchant(desk.port)
    code = welcome["code"]
    for secret in ("000-001", "000-002", "000-003"):
        assert guess(second, f"{code[:4]}{secret}") == "wrong-code"
    fresh = shop.wait("welcome")["code"]
    assert fresh != code
    assert guess(second, code) == "wrong-code"
    second.send(type="claim", code=fresh)
    assert second.wait("welcome")["peer"] == "here"


FAULTS = [
    ("malformed", '{"type":', 4400),
    ("array", "[]", 4400),
    ("unknown type", '{"type":"exec","seq":1,"ack":0}', 4400),
    ("request in clear", '{"type":"run-check","seq":2,"ack":0,"request":1,"check":"all"}', 4400),
    ("hello twice", '{"type":"hello","seq":0,"ack":0,"role":"merchant","version":1}', 4400),
    ("claim by the merchant", '{"type":"claim","seq":0,"ack":0,"code":"123-456-789"}', 4400),
    ("unnumbered", '{"seq":0,"ack":0,"sealed":"AAAA"}', 4400),
    ("pong out of nowhere", '{"type":"pong","seq":0,"ack":0,"n":7}', 4400),
    ("ping runs backwards", '{"type":"ping","seq":0,"ack":0,"n":0}', 4400),
    ("oversized", '{"seq":2,"ack":0,"sealed":"' + "A" * 32768 + '"}', (0, 1009)),
    ("deep", '{"type":"ping","seq":0,"ack":0,"n":1,"x":' + "[" * 5000 + "]" * 5000 + "}", 4400),
]


def test_faults(desk, token):
    """Each closes its own line with its code; the other end hears that it is gone, not what it was."""
    for name, text, code in FAULTS:
        shop, support, _ = wire.join(desk.port, token)
        shop.send_text(text)
        closed = shop.wait_closed()
        assert closed in (code if isinstance(code, tuple) else (code,)), (name, closed)
        assert support.wait("welcome")["peer"] == "gone", name
        support.send(type="bye", reason="agent-left")
    shop, _, _ = wire.join(desk.port, token)
    shop.send_bytes(2, b"\x00\x01")
    assert shop.wait_closed() == 4400


def test_versions(desk, token):
    """Another version, another role, no hello."""
    for more in ({"version": 2}, {"version": 0}, {"role": "agent"}):
        line, answer = wire.merchant(desk.port, **more)
        assert answer["type"] == "bye" and answer["reason"] == "wrong-version", answer
        assert line.wait_closed() == 4400
    line = wire.Line(desk.port, "/guided")
    line.send(type="ping", n=1)
    assert line.wait_closed() == 4400
    for path, word in (("/guided/agent", None), ("/guided/agent", "nonsense")):
        try:
            wire.Line(desk.port, path, word)
            raise AssertionError("taken in")
        except wire.Refused as refused:
            assert refused.status == 401


def test_resume(desk, token):
    """With the token the place is found again, without it not; the older line is pushed out."""
    shop, support, welcome = wire.join(desk.port, token)
    shop.close()
    assert support.wait("welcome")["peer"] == "gone"
    for word in ("nonsense", "", None):
        more = {"session": welcome["session"]} | ({"resume": word} if word else {})
        line = wire.Line(desk.port, "/guided")
        line.send(type="hello", role="merchant", version=1, **more)
        assert line.wait_closed() == 4404
    back, answer = wire.merchant(desk.port, session=welcome["session"], resume=welcome["resume"])
    assert answer["peer"] == "here", answer
    assert support.wait("welcome")["peer"] == "back"
    newest, _ = wire.merchant(desk.port, session=welcome["session"], resume=welcome["resume"])
    assert back.wait_closed() == 4409
    newest.send(seq=2, sealed="AAAA")
    assert support.wait("sealed")["seq"] == 2


def test_resume_as_another(desk, token):
    """The merchant has let in one agent: another one does not get that place, even with its token."""
    shop, support, _ = wire.join(desk.port, token)
    place = {"session": support.welcome["session"], "resume": support.welcome["resume"], "ack": 1}
    support.close()
    assert shop.wait("welcome")["peer"] == "gone"
    other = wire.Line(desk.port, "/guided/agent", desk.add_agent("Somebody Else"))
    other.send(type="hello", role="agent", version=1, **place)
    assert other.wait_closed() == 4404
    back, answer = wire.agent(desk.port, token, **place)
    assert answer["session"] == place["session"] and shop.wait("welcome")["peer"] == "back"
    shop.send(seq=2, sealed="AAAA")
    assert back.wait("sealed")["seq"] == 2


def test_slow_agent(desk, token):
    """An agent that reads nothing costs the desk two megabytes at most, then its line."""
    shop, support, _ = wire.join(desk.port, token)
    before = wire.memory_mib(desk.process.pid)
    closed = None
    for seq in range(2, 400):
        try:
            shop.send(seq=seq, sealed="A" * 30000)
        except ConnectionError:
            break
        time.sleep(0.02)
    grown = wire.memory_mib(desk.process.pid) - before
    print(f"# the desk grew by {grown:.1f} MiB")
    closed = support.wait_closed()
    assert closed == 4413, closed
    assert grown < 20, grown


def test_slow_merchant(desk, token):
    """The same with neither end reading: who has got two megabytes loses its line."""
    shop, support, _ = wire.join(desk.port, token)
    before = wire.memory_mib(desk.process.pid)
    for seq in range(1, 400):
        try:
            support.send(seq=seq, sealed="A" * 30000)
            shop.send(seq=seq + 1, sealed="A" * 30000)
        except ConnectionError:
            break
        time.sleep(0.04)
    grown = wire.memory_mib(desk.process.pid) - before
    print(f"# the desk grew by {grown:.1f} MiB")
    codes = []
    for line in (shop, support):
        line.socket.settimeout(3)
        try:
            codes.append(line.wait_closed())
        except TimeoutError:
            pass  # it has not got so much yet: the other end's line went first
    # Who goes on sending into a closed line is reset before it can read why.
    assert codes and set(codes) <= {4413, 0}, codes
    assert grown < 20, grown


def test_many_slow(desk, token):
    """Fifty agents that read nothing, fed for as long as they last."""
    pairs = [wire.join(desk.port, token) for _ in range(50)]
    before = wire.memory_mib(desk.process.pid)
    alive = {pair[0]: 2 for pair in pairs}
    for _ in range(100):
        for shop, seq in list(alive.items()):
            try:
                shop.send(seq=seq, sealed="A" * 30000)
                alive[shop] = seq + 1
            except ConnectionError:
                del alive[shop]
    grown = wire.memory_mib(desk.process.pid) - before
    print(f"# the desk grew by {grown:.1f} MiB for 50 of them")
    assert grown < 50 * 2.5, grown
    closed = [pair[1].wait_closed() for pair in pairs]
    assert set(closed) <= {4413, 0}, closed


def grow(desk, feed):
    """How many MiB the desk grows by while @feed sends, and whether the line was closed."""
    shop, _ = wire.merchant(desk.port)
    shop.socket.settimeout(5)
    before = wire.memory_mib(desk.process.pid)
    closed = False
    try:
        feed(shop)
    except ConnectionError:
        closed = True
    except TimeoutError:
        pass
    grown = wire.memory_mib(desk.process.pid) - before
    print(f"# the desk grew by {grown:.1f} MiB")
    return grown, closed


def test_endless_message(desk, token):
    """A message in pieces without an end, a shower of pings to one who reads no answers, empty pieces:
    the line is closed, the desk does not grow."""
    piece = wire.build(0x00, b"A" * 30000)

    def send_pieces(shop):
        shop.socket.sendall(wire.build(0x01, b"A" * 30000))
        for _ in range(2000):
            shop.socket.sendall(piece)

    def send_pings(shop):
        pings = wire.build(0x89, b"x" * 125) * 50
        for _ in range(10000):
            shop.socket.sendall(pings)

    def send_nothings(shop):
        nothings = wire.build(0x00, b"") * 100
        shop.socket.sendall(wire.build(0x01, b""))
        for _ in range(10000):
            shop.socket.sendall(nothings)

    for feed in (send_pieces, send_pings, send_nothings):
        grown, closed = grow(desk, feed)
        assert closed, feed.__name__
        assert grown < 5, (feed.__name__, grown)
    # Who keeps to the rules is served meanwhile, also in pieces.
    shop, _ = wire.merchant(desk.port)
    text = b'{"type":"ping","seq":0,"ack":0,"n":1,"got":0}'
    shop.socket.sendall(wire.build(0x01, text[:10]) + wire.build(0x89, b"hello")
                        + wire.build(0x80, text[10:]))
    assert shop.wait("pong")["n"] == 1


def test_no_compression(desk, token):
    """Nobody may send a few bytes that unfold to megabytes."""
    line = wire.Line(desk.port, "/guided", extensions="permessage-deflate")
    assert "extensions" not in line.head.lower(), line.head


def test_flood(desk, token):
    """Who sends more than 50 frames a second for long is put out."""
    shop, support, _ = wire.join(desk.port, token)
    try:
        for seq in range(2, 2000):
            shop.send(seq=seq, sealed="AAAA")
    except ConnectionError:
        pass
    assert shop.wait_closed() in (4429, 0)
    counts = json.loads(ask("GET", desk.url + "/health")[2])["guided"]
    assert counts["frames"] < 300, counts


def test_strangers(desk, token):
    """Who waits is told to agents only, whatever a request says it would like to become."""
    wire.merchant(desk.port)
    upgrade = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13",
               "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
    for path in ("/guided/waiting", "/guided/agent", "/guided/agent/waiting", "/guided/else"):
        for headers in ({}, upgrade, {"Upgrade": "websocket"}):
            status, _, body = ask("GET", desk.url + path, headers=headers)
            assert status == 401 and b"sessions" not in body, (path, headers, status, body)
    status, _, body = ask("GET", desk.url + "/guided/waiting",
                          headers={"Authorization": "Bearer " + token})
    assert status == 200 and len(json.loads(body)["sessions"]) == 1, (status, body)


def test_restart(desk, token):
    """After a restart the desk knows nothing any more, and nothing secret was on its disk."""
    _, _, welcome = wire.join(desk.port, token)
    _, waiting = wire.merchant(desk.port)
    desk.kill()
    desk.start()
    line = wire.Line(desk.port, "/guided")
    line.send(type="hello", role="merchant", version=1, session=welcome["session"],
              resume=welcome["resume"])
    assert line.wait_closed() == 4404
    for folder, _, names in os.walk(desk.folder):
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                data = file.read()
            for secret in (welcome["resume"], waiting["resume"], waiting["code"], token):
                assert secret.encode() not in data, name
    with open(desk.folder + ".log", "rb") as log:
        data = log.read()
    for secret in (welcome["resume"], welcome["code"], waiting["code"], token):
        assert secret.encode() not in data


TESTS = [test_wrong_codes, test_used_once, test_faults, test_versions, test_resume,
         test_resume_as_another, test_slow_agent, test_slow_merchant, test_many_slow,
         test_endless_message, test_no_compression, test_flood, test_strangers, test_restart]


def main():
    chosen = [test for test in TESTS if len(sys.argv) < 2 or test.__name__ in sys.argv[1:]]
    print(f"1..{len(chosen)}", flush=True)
    failures = 0
    for number, test in enumerate(chosen, 1):
        folder = tempfile.mkdtemp(prefix="guided-relay-")
        os.makedirs(os.path.join(folder, "desk"))
        desk = Desk(os.path.join(folder, "desk"))
        try:
            test(desk, desk.add_agent())
            print(f"ok {number} {test.__name__}", flush=True)
        except Exception:
            failures += 1
            print("".join(f"# {line}\n" for line in traceback.format_exc().splitlines()), end="")
            print(f"not ok {number} {test.__name__}", flush=True)
        finally:
            desk.stop()
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
