#!/usr/bin/python3
# test-handover.py - a bundle goes from the shop's program to the desk, and comes to a ticket once
# SPDX-License-Identifier: GPL-3.0-or-later
import hashlib
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from handover_lab import CuttingLine, Desk, Report, Shop, ask, make_bundle, write_profile

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

def make_certificate(folder):
    """A provider's certificate for sealing."""
    path = folder + "/seal.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-days", "30", "-subj", "/CN=Lab", "-keyout", folder + "/seal.key", "-out", path,
                    "-addext", "keyUsage=critical,keyAgreement"], check=True, capture_output=True)
    return path


with tempfile.TemporaryDirectory() as folder:
    desk = Desk(folder + "/desk")
    shop = Shop(folder + "/shop", write_profile(folder + "/lab.json", desk.url))
    shop.run("check", "--deadline", "2")
    plain, sealed = folder + "/x.posaid.zip", folder + "/renamed-by-the-merchant"
    shop.run("bundle", "create", "-o", plain)
    status, out, err = shop.run("bundle", "create", "-o", sealed, "--seal", make_certificate(folder))
    report.check(status == 0, "a bundle is sealed: " + err)
    tickets = [shop.send(path)[1].splitlines()[0] for path in (plain, sealed)]
    report.check(tickets[0] == tickets[1] and tickets[0].startswith("ticket "),
                 "sealed and plain of one incident are one ticket")

    # The desk has heard the intake, but its answer is lost, and the person gives it up.
    line = CuttingLine(desk.port)
    mute = Shop(folder + "/mute", write_profile(folder + "/mute.json", f"http://127.0.0.1:{line.port}"))
    make_bundle(folder + "/d.posaid.zip", 5000, 4)
    line.mute = lambda data: b" 201 Created" in data and b"/tickets/" in data
    mute.send(folder + "/d.posaid.zip", 2)
    item = mute.outbox()[0]
    report.check(item["state"] == "pending", "the intake's answer is lost: it waits")
    line.mute = None
    status, out, err = mute.run("outbox", "cancel", item["id"])
    item = mute.outbox()[0]
    report.check(status == 0 and item["state"] == "withdrawn", "given up then, it is withdrawn " + err.strip())
    agent = {"Authorization": "Bearer " + desk.add_agent()}
    found = json.loads(ask("GET", desk.url + "/tickets?ticket=" + item["ticket"], headers=agent)[2])["tickets"]
    report.check(len(found) == 1 and found[0]["state"] == "withdrawn", "and the desk has deleted it")
    line.close()
    desk.stop()

    nowhere = Shop(folder + "/nowhere", shop.profile)
    nowhere.environment["XDG_DATA_HOME"] = "/proc/no-home"
    status, out, err = nowhere.run("outbox")
    report.check(status == 0 and out == "" and err.count("\n") == 1, "outbox without a home: one sentence " + err.strip())
    status, out, err = nowhere.run("outbox", "--json")
    report.check(status == 0 and json.loads(out)["items"] == [], "and an empty list for scripts")
report.end()
