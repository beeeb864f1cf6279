#!/usr/bin/python3
# test-handover-kill.py - killed at random moments, on either side: each bundle one ticket, unharmed
# PFA_KILLS says how often each side is killed (default: 200 for the shop, 50, with four shops sending, for the desk).
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import os
import random
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from handover_lab import Desk, Report, Shop, ask, make_bundle, write_profile

SHOP_KILLS = int(os.environ.get("PFA_KILLS", 200))
DESK_KILLS = int(os.environ.get("PFA_KILLS", 50))
SHOPS_A_DESK_KILL = 4
report = Report()
seed = random.randrange(1 << 30)
random.seed(seed)
print(f"# seed {seed}")


def until_ticket(shop, bundle):
    """As a person would: sends again until there is a number."""
    for _ in range(20):
        status, out, err = shop.send(bundle)
        if status == 0:
            return out.split()[1]
        if status == 1:
            raise SystemExit(f"refused: {err}")
    raise SystemExit(f"never sent: {err}")


def count_tickets(desk, agent):
    tickets, offset = [], 0
    while True:
        page = json.loads(ask("GET", f"{desk.url}/tickets?limit=200&offset={offset}",
                              headers=agent)[2])["tickets"]
        tickets += page
        offset += len(page)
        if len(page) < 200:
            return tickets


def is_whole(desk, agent, ticket, bundle, sha256):
    status, _, body = ask("GET", f"{desk.url}/tickets/{ticket}/bundles/{sha256}", headers=agent)
    return status == 200 and body == open(bundle, "rb").read()


def judge(desk, sent, what):
    agent = {"Authorization": "Bearer " + desk.add_agent()}
    tickets = count_tickets(desk, agent)
    report.check(len(tickets) == len(sent) and len({t for t, _, _ in sent}) == len(sent),
                 f"{len(sent)} bundles, {len(tickets)} tickets, none twice: {what}")
    report.check(all(is_whole(desk, agent, *one) for one in sent), f"no bundle damaged: {what}")


def kill_shops(folder):
    desk = Desk(folder + "/desk")
    shop = Shop(folder + "/shop", write_profile(folder + "/lab.json", desk.url))
    make_bundle(folder + "/first", 200000, "first")
    usual = 10
    for _ in range(5):
        begun = time.monotonic()
        shop.send(folder + "/first")
        usual = min(usual, time.monotonic() - begun)
    sent, killed = [], 0
    while killed < SHOP_KILLS and len(sent) < 3 * SHOP_KILLS:
        i = len(sent)
        bundle = f"{folder}/{i}.posaid.zip"
        sha256 = make_bundle(bundle, random.choice((20000, 200000, 2000000)), i)
        process = shop.begin("send", bundle, "--provider", shop.profile)
        time.sleep(random.uniform(0, usual * 2))
        killed += process.poll() is None
        process.kill()
        process.communicate()
        sent.append((until_ticket(shop, bundle), bundle, sha256))
    print(f"# {killed} of {len(sent)} were killed before their ticket; a sending takes {usual * 1000:.0f} ms")
    report.check(killed == SHOP_KILLS, f"killed {killed} times between send and ticket")
    os.unlink(folder + "/first")
    agent = {"Authorization": "Bearer " + desk.add_agent()}
    report.check(len(count_tickets(desk, agent)) == len(sent) + 1, "the undisturbed one besides")
    tickets = {t for t, _, _ in sent}
    report.check(len(tickets) == len(sent), f"{len(sent)} bundles, {len(tickets)} tickets, none twice: shop killed")
    report.check(all(is_whole(desk, agent, *one) for one in sent), "no bundle damaged: shop killed")
    desk.stop()


def kill_desk(folder):
    desk = Desk(folder + "/desk")
    shops = [Shop(f"{folder}/shop-{n}", write_profile(folder + "/lab.json", desk.url))
             for n in range(SHOPS_A_DESK_KILL)]
    sent = []
    for i in range(DESK_KILLS):
        bundles = [f"{folder}/{i}-{n}.posaid.zip" for n in range(len(shops))]
        sums = [make_bundle(b, random.choice((20000, 200000, 2000000)), f"{i}-{n}")
                for n, b in enumerate(bundles)]
        running = [s.begin("send", b, "--provider", s.profile, "--wait", "2") for s, b in zip(shops, bundles)]
        time.sleep(random.uniform(0, 0.15))
        desk.kill()
        desk.start()
        for process in running:
            process.communicate(timeout=90)
        sent += [(until_ticket(s, b), b, x) for s, b, x in zip(shops, bundles, sums)]
    judge(desk, sent, f"desk killed {DESK_KILLS} times")
    desk.stop()


with tempfile.TemporaryDirectory() as folder:
    begun = time.monotonic()
    kill_shops(folder)
    print(f"# {time.monotonic() - begun:.0f} s")
with tempfile.TemporaryDirectory() as folder:
    begun = time.monotonic()
    kill_desk(folder)
    print(f"# {time.monotonic() - begun:.0f} s")
report.end()
