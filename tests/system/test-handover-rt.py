#!/usr/bin/python3
# test-handover-rt.py - tickets reach a real Request Tracker 5, and its answers come back
# SPDX-License-Identifier: GPL-3.0-or-later
import base64
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from handover_lab import Desk, Report, Shop, ask, make_bundle, write_profile

SERVER = "/usr/share/request-tracker5/libexec/rt-server"
SETUP = shutil.which("rt-setup-database-5", path=os.environ.get("PATH", "") + ":/usr/sbin")
PASSWORD = "lab-password"
SITE = """
Set($rtname, 'lab'); Set($Organization, 'lab.test'); Set($WebPath, '');
Set($WebDomain, '127.0.0.1'); Set($WebPort, %(port)d);
Set($DatabaseType, 'SQLite'); Set($DatabaseName, '%(folder)s/rtdb'); Set($DatabaseHost, '');
Set($LogToSyslog, undef); Set($LogToSTDERR, 'warning'); Set($MailCommand, 'testfile');
Set($MasonDataDir, '%(folder)s/mason'); Set($MasonSessionDir, '%(folder)s/session');
1;
"""


def find_missing():
    if SETUP is None or not os.access(SERVER, os.X_OK):
        return "Request Tracker 5 is not installed (packages/heavy-tests.txt)"
    perl = subprocess.run(["/usr/bin/perl", "-MDBD::SQLite", "-MPlack::Handler::Starlet", "-e", "1"],
                          capture_output=True)
    return None if perl.returncode == 0 else "rt5-db-sqlite or rt5-standalone is not installed"


class Tracker:
    """One of our own, in a folder of its own: the machine's, if it has one, is not touched."""

    def __init__(self, folder):
        with socket.create_server(("127.0.0.1", 0)) as place:
            self.port = place.getsockname()[1]
        for name in ("", "/conf.d", "/mason", "/session", "/tmp"):
            os.mkdir(folder + name)
        with open(folder + "/RT_SiteConfig.pm", "w") as out:
            out.write(SITE % {"port": self.port, "folder": folder})
        with open(folder + "/password", "w") as out:
            out.write(PASSWORD + "\n")
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = dict(os.environ, RT_SITE_CONFIG=folder + "/RT_SiteConfig.pm",
                                RT_SITE_CONFIG_DIR=folder + "/conf.d", TMPDIR=folder + "/tmp")
        self.log = open(folder + "/log", "w+")
        subprocess.run([SETUP, "--action", "init", "--skip-create", "--dba-password", "",
                        "--root-password-file", folder + "/password"], env=self.environment, check=True,
                       stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, cwd=folder)
        self.process = subprocess.Popen([SERVER, "--host", "127.0.0.1", "--port", str(self.port), "--max-workers", "2"],
                                        env=self.environment, stdout=self.log, stderr=self.log, cwd=folder,
                                        start_new_session=True)
        self.wait()

    def wait(self):
        end = time.monotonic() + 60
        while time.monotonic() < end and self.process.poll() is None:
            try:
                ask("GET", self.url + "/REST/2.0/rt")
                return
            except urllib.error.URLError:
                time.sleep(0.1)
        self.log.seek(0)
        raise SystemExit("Request Tracker did not start: " + self.log.read()[-2000:])

    def ask(self, method, path, value=None):
        pair = base64.b64encode(f"root:{PASSWORD}".encode()).decode()
        headers = {"Authorization": "Basic " + pair, "Content-Type": "application/json"}
        body = json.dumps(value).encode() if value is not None else None
        status, _, text = ask(method, self.url + "/REST/2.0/" + path, body, headers)
        assert status in (200, 201), (path, status, text)
        return json.loads(text)

    def find(self, subject):
        query = urllib.parse.quote(f"Subject LIKE '{subject}'")
        return [item["id"] for item in self.ask("GET", "tickets?query=" + query)["items"]]

    def read_parts(self, ticket):
        fields = "ContentType,Content,Filename"
        return self.ask("GET", f"ticket/{ticket}/attachments?per_page=100&fields={fields}")["items"]

    def read_file(self, ticket, ending):
        """A list tells what a part is; only asked for alone it comes whole, in base64."""
        identity = next(part["id"] for part in self.read_parts(ticket) if part["Filename"].endswith(ending))
        return base64.b64decode(self.ask("GET", f"attachment/{identity}")["Content"])

    def stop(self):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait()


def wait_for(condition):
    end = time.monotonic() + 20
    while not condition() and time.monotonic() < end:
        time.sleep(0.1)
    return condition()


def write_adapters(path, url):
    with open(path, "w") as out:
        json.dump({"adapters": [{"kind": "rt", "url": url, "user": "root", "password": PASSWORD,
                                 "queue": "General", "requestor": "shop@example.com", "attach": True}]}, out)
    return path


def set_deliveries(folder, changes):
    database = sqlite3.connect(folder + "/desk.db", timeout=20)
    database.execute("UPDATE deliveries SET " + changes)
    database.commit()
    database.close()


def run(report, tracker, folder):
    desk = Desk(folder + "/desk", "--adapters", write_adapters(folder + "/adapters.json", tracker.url))
    shop = Shop(folder + "/shop", write_profile(folder + "/lab.json", desk.url))
    bundle = folder + "/a.posaid.zip"
    sha256 = make_bundle(bundle, 50000, "a")
    ticket = shop.send(bundle)[1].split()[1]
    item = shop.outbox()[0]["id"]

    report.check(wait_for(lambda: len(tracker.find(ticket)) == 1), "the ticket is in Request Tracker")
    remote = tracker.find(ticket)[0]
    told = tracker.ask("GET", f"ticket/{remote}")
    report.check(told["Status"] == "new" and told["Requestor"][0]["id"] == "shop@example.com",
                 "new, and the shop asks")
    parts = tracker.read_parts(remote)
    report.check(any(sha256 in part["Content"] for part in parts if part["ContentType"] == "text/plain"),
                 "its text names the bundle's sum")
    with open(bundle, "rb") as source:
        data = source.read()
    report.check(tracker.read_file(remote, ".zip") == data, "the attachment is the bundle")

    answer = "Restart & wait – 重启。"
    tracker.ask("POST", f"ticket/{remote}/correspond", {"Content": answer, "ContentType": "text/plain"})
    tracker.ask("POST", f"ticket/{remote}/comment", {"Content": "among agents", "ContentType": "text/plain"})
    out = shop.run("outbox", "ticket", item)[1]
    report.check(out.count(answer) == 1 and "Enoch Root" in out, "an agent's answer comes back")
    report.check("among agents" not in out and "automatically generated" not in out,
                 "comments and Request Tracker's own mails do not")
    tracker.ask("PUT", f"ticket/{remote}", {"Status": "resolved"})
    set_deliveries(desk.folder, "looked = 0")  # the desk asks no more than once a minute
    report.check("solved" in shop.run("outbox", "ticket", item)[1], "that it is resolved comes back")

    desk.kill()
    # As after a kill between Request Tracker's yes and our writing it down.
    set_deliveries(desk.folder, "state = 'due', due = 0, attempts = 1, remote = NULL")
    desk.start()
    filed = lambda: "filed" in open(folder + "/desk.log").read().rsplit("started", 1)[1]
    report.check(wait_for(filed) and len(tracker.find(ticket)) == 1, "an answer that was lost does not file it twice")
    shop.run("outbox", "withdraw", item)
    report.check(wait_for(lambda: any("withdrawn" in part["Content"] for part in tracker.read_parts(remote))),
                 "the withdrawal is a comment on the same ticket")
    desk.stop()


report = Report()
missing = find_missing()
if missing:
    report.skip("Request Tracker 5", missing)
    report.end()
with tempfile.TemporaryDirectory() as place:
    rt = Tracker(place + "/rt")
    try:
        run(report, rt, place)
    finally:
        rt.stop()
report.end()
