#!/usr/bin/python3
# test-handover.py - a bundle goes from the shop's program to the desk, and comes to a ticket once
# SPDX-License-Identifier: GPL-3.0-or-later
import hashlib
import json
import os
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from handover_lab import Desk, Report, Shop, ask, make_bundle, write_profile

TUS = {"Tus-Resumable": "1.0.0"}
report = Report()


def send_by_hand(desk, data):
    """What a program that does not look at its bundle would do."""
    status, headers, _ = ask("POST", desk.url + "/files/", b"", TUS | {"Upload-Length": str(len(data))})
    ask("PATCH", headers["Location"], data, TUS | {"Upload-Offset": "0",
                                                   "Content-Type": "application/offset+octet-stream"})
    bundle = {"url": headers["Location"], "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    return ask("POST", desk.url + "/tickets", json.dumps({"bundle": bundle}).encode(),
               {"Idempotency-Key": "by-hand-1"})

with tempfile.TemporaryDirectory() as folder:
    desk = Desk(folder + "/desk")
    shop = Shop(folder + "/shop", write_profile(folder + "/lab.json", desk.url))
    bundle = folder + "/a.posaid.zip"
    sha256 = make_bundle(bundle, 50000, 1)

    status, out, err = shop.send(bundle)
    report.check(status == 0 and out.startswith("ticket "), "a bundle becomes a ticket: " + err.strip())
    ticket = out.splitlines()[0].split()[1]
    report.check(shop.send(bundle)[1].splitlines()[0] == "ticket " + ticket, "sent twice, the same ticket")
    other = Shop(folder + "/other", shop.profile)
    report.check(other.send(bundle)[1].splitlines()[0] == "ticket " + ticket,
                 "sent from another computer, the same ticket")
    item = shop.outbox()[0]
    report.check(item["state"] == "sent" and not os.path.exists(
        f"{folder}/shop/pos-first-aid/outbox/{item['id']}/bundle"), "what was sent is not kept")

    agent = {"Authorization": "Bearer " + desk.add_agent()}
    found = json.loads(ask("GET", desk.url + "/tickets?ticket=" + ticket, headers=agent)[2])
    report.check(len(found["tickets"]) == 1, "the agent finds one ticket")
    found = json.loads(ask("GET", desk.url + "/tickets?cause=router-dead&words=silent", headers=agent)[2])
    report.check(len(found["tickets"]) == 1, "also by its cause and by words")
    got = ask("GET", f"{desk.url}/tickets/{ticket}/bundles/{sha256}", headers=agent)[2]
    report.check(got == open(bundle, "rb").read(), "the agent gets the same bytes")
    ask("POST", f"{desk.url}/tickets/{ticket}/answers", b'{"text": "We look into it."}', agent)
    report.check("We look into it." in shop.run("outbox", "ticket", item["id"])[1],
                 "the merchant reads the answer")
    status, out, err = shop.run("outbox", "withdraw", item["id"])
    report.check(status == 0 and json.loads(out)["deleted"][0]["sha256"] == sha256,
                 "withdrawing gives a receipt")
    report.check(ask("GET", f"{desk.url}/tickets/{ticket}/bundles/{sha256}", headers=agent)[0] == 404,
                 "what was withdrawn is gone")

    with open(folder + "/no-bundle", "wb") as out:
        out.write(b"hello")
    status, out, err = shop.send(folder + "/no-bundle")
    report.check(status == 2 and out == "", "what is no bundle does not leave: " + err.strip())
    report.check("no bundle" in err and not [i for i in shop.outbox() if i["state"] != "withdrawn"],
                 "nor does it wait")
    damaged = send_by_hand(desk, open(bundle, "rb").read()[:-5] + b"xxxxx")
    report.check(damaged[0] == 422 and b"discarded" in damaged[2], "the desk discards a damaged bundle")
    report.check(shop.send(folder + "/missing")[0] == 2, "no such file")
    elsewhere = Shop(folder + "/elsewhere", write_profile(folder + "/plain.json", "http://192.0.2.1"))
    report.check(elsewhere.send(bundle)[0] == 2, "plain http to another machine is refused")

    desk.stop()
    make_bundle(folder + "/b.posaid.zip", 50000, 2)
    status, out, err = shop.send(folder + "/b.posaid.zip", 1)
    report.check(status == 3 and out.startswith("queued "), "without a desk it waits")
    report.check(shop.run("outbox", "run")[0] == 3, "and still waits")
    desk.start()
    status, out, err = shop.run("outbox", "run")
    report.check(status == 0 and out.startswith("ticket "), "the desk is back: it is sent " + err)
    make_bundle(folder + "/c.posaid.zip", 5000, 3)
    desk.stop()
    shop.send(folder + "/c.posaid.zip", 0)
    waiting = [i for i in shop.outbox() if i["state"] == "pending"]
    report.check(len(waiting) == 1 and shop.run("outbox", "cancel", waiting[0]["id"])[0] == 0 and
                 not [i for i in shop.outbox() if i["state"] == "pending"], "it can be given up")
report.end()
