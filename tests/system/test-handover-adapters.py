#!/usr/bin/python3
# test-handover-adapters.py - tickets reach Zammad (a strict fake of its REST interface) and a webhook
# SPDX-License-Identifier: GPL-3.0-or-later
import base64
import hashlib
import hmac
import http.server
import json
import os
import re
import sys
import tempfile
import threading
import time
import urllib.parse

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from handover_lab import Desk, Report, Shop, ask, make_bundle, write_profile

TOKEN, SECRET = "zammad-token", "hook-secret"
report = Report()


class Fake(http.server.BaseHTTPRequestHandler):
    """Refuses what Zammad refuses: wrong token 401, unknown or missing members 422."""
    protocol_version = "HTTP/1.1"
    tickets, articles, hooks, rt, faults, drop_answers = {}, [], [], [], [], 0

    def log_message(self, *arguments):
        pass

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        try:
            self.end_headers()
            self.wfile.write(body)
        except BrokenPipeError:
            pass  # the desk was killed

    def fault(self, text):
        Fake.faults.append(text)
        self.answer(422, {"error": text})

    def is_authorised(self):
        if self.headers["Authorization"] == f"Token token={TOKEN}":
            return True
        self.answer(401, {"error": "authentication failed"})
        return False

    def check_article(self, article, known):
        unknown = set(article) - known
        if unknown or not article.get("body"):
            return f"article: unknown {unknown} or no body"
        if article.get("content_type") not in ("text/plain", "text/html") or article.get("type") != "note":
            return "article: content_type or type"
        if not isinstance(article.get("internal"), bool):
            return "article: internal"
        for attachment in article.get("attachments", []):
            if set(attachment) != {"filename", "data", "mime-type"}:
                return "Attachment needs 'mime-type' param for attachment"
            base64.b64decode(attachment["data"], validate=True)
        return None

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/hook":
            Fake.hooks.append((dict(self.headers), body))
            self.answer(200, {})
            return
        if self.path.startswith("/REST/2.0/"):
            self.take_rt(json.loads(body))
            return
        if not self.is_authorised():
            return
        if self.headers["Content-Type"] != "application/json":
            self.fault("content type")
            return
        value = json.loads(body)
        if self.path == "/api/v1/tickets":
            self.create(value)
        elif self.path == "/api/v1/ticket_articles":
            problem = self.check_article(value, {"ticket_id", "subject", "body", "content_type", "type",
                                                 "internal", "attachments"})
            if problem or value["ticket_id"] not in Fake.tickets:
                self.fault(problem or "no such ticket")
                return
            Fake.articles.append(value)
            self.answer(201, {"id": 1000 + len(Fake.articles), "ticket_id": value["ticket_id"]})
        else:
            self.answer(404, {"error": "no route"})

    def take_rt(self, value):
        """As Request Tracker 5 answers; a file stands in for the real one."""
        if self.headers["Authorization"] != "Basic " + base64.b64encode(b"root:password").decode():
            self.answer(401, {"message": "Unauthorized"})
            return
        Fake.rt.append((self.path, value))
        if self.path == "/REST/2.0/ticket":
            unknown = set(value) - {"Queue", "Subject", "Requestor", "Content", "ContentType", "Attachments"}
            if unknown or value["Queue"] != "General":
                Fake.faults.append(f"rt {unknown}")
            self.answer(201, {"id": "7", "type": "ticket", "_url": "http://rt/REST/2.0/ticket/7"})
        else:
            self.answer(201, ["Comments added"])

    def create(self, value):
        problem = self.check_article(value.get("article", {}), {"subject", "body", "content_type", "type",
                                                                "internal", "attachments"})
        if set(value) != {"title", "group", "customer_id", "tags", "article"}:
            problem = f"members {sorted(value)}"
        elif not re.fullmatch(r"guess:[^@ ]+@[^@ ]+", value["customer_id"]) or value["group"] != "Payments":
            problem = "customer_id or group"
        elif not isinstance(value["tags"], str):
            problem = "tags is a comma string"
        if problem:
            self.fault(problem)
            return
        identity = 19 + len(Fake.tickets)
        Fake.tickets[identity] = value
        if Fake.drop_answers:
            Fake.drop_answers -= 1
            self.close_connection = True
            return
        self.answer(201, {"id": identity, "number": f"220{identity}", "article_ids": [30]})

    def do_GET(self):
        if not self.is_authorised():
            return
        path = urllib.parse.urlparse(self.path)
        query = urllib.parse.parse_qs(path.query)
        if path.path == "/api/v1/tickets/search":
            tag = query["query"][0].removeprefix("tags:")
            self.answer(200, [{"id": i} for i, t in Fake.tickets.items() if tag in t["tags"].split(",")])
        elif path.path.startswith("/api/v1/ticket_articles/by_ticket/"):
            first = next(iter(Fake.tickets.values()))["article"]
            self.answer(200, [
                {"id": 30, "sender": "Agent", "type": "note", "internal": False, "content_type": "text/plain",
                 "subject": first["subject"], "body": first["body"], "created_at": "2026-11-22T10:00:00Z"},
                {"id": 31, "sender": "Agent", "type": "email", "internal": False, "content_type": "text/html",
                 "from": "Li Na", "subject": "Re", "body": "<p>Restart &amp; wait.</p>",
                 "created_at": "2026-11-22T10:05:00Z"},
                {"id": 32, "sender": "Agent", "type": "note", "internal": True, "content_type": "text/plain",
                 "subject": "x", "body": "secret among agents", "created_at": "2026-11-22T10:06:00Z"}])
        else:
            self.answer(200, {"id": int(path.path.rsplit("/", 1)[1]), "state": "closed"})


def wait_for(condition):
    end = time.monotonic() + 10
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def write_adapters(path, port):
    with open(path, "w") as out:
        json.dump({"adapters": [
            {"kind": "zammad", "url": f"http://127.0.0.1:{port}/", "token": TOKEN, "group": "Payments",
             "customer": "shops@provider.test", "attach": True},
            {"kind": "rt", "url": f"http://127.0.0.1:{port}", "user": "root", "password": "password",
             "queue": "General", "requestor": "shops@provider.test"},
            {"kind": "webhook", "url": f"http://127.0.0.1:{port}/hook", "secret": SECRET}]}, out)
    return path


with tempfile.TemporaryDirectory() as folder:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Fake)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    adapters = write_adapters(folder + "/adapters.json", server.server_port)
    desk = Desk(folder + "/desk", "--adapters", adapters)
    shop = Shop(folder + "/shop", write_profile(folder + "/lab.json", desk.url))
    bundle = folder + "/a.posaid.zip"
    sha256 = make_bundle(bundle, 50000, "a")
    ticket = shop.send(bundle)[1].split()[1]

    report.check(wait_for(lambda: len(Fake.tickets) == 1 and Fake.hooks), "Zammad and webhook are told")
    filed = next(iter(Fake.tickets.values()))
    report.check(ticket in filed["title"] and sha256 in filed["article"]["body"], "number and sum are in the ticket")
    attached = base64.b64decode(filed["article"]["attachments"][0]["data"])
    report.check(attached == open(bundle, "rb").read(), "the attachment is the bundle")
    report.check(wait_for(lambda: Fake.rt) and ticket in Fake.rt[0][1]["Subject"] and
                 Fake.rt[0][1]["ContentType"] == "text/plain", "Request Tracker is told")
    headers, body = Fake.hooks[0]
    signed = hmac.new(SECRET.encode(), headers["X-Posaid-Timestamp"].encode() + b"." + body, hashlib.sha256)
    report.check(headers["X-Posaid-Signature"] == "sha256=" + signed.hexdigest(), "the webhook's signature holds")
    report.check(json.loads(body)["ticket"] == ticket and json.loads(body)["event"] == "ticket", "the webhook's content")

    item = shop.outbox()[0]
    out = shop.run("outbox", "ticket", item["id"])[1]
    report.check("solved" in out and "Restart & wait." in out, "state and answer come back to the merchant")
    report.check("secret among agents" not in out and out.count("Restart") == 1 and ticket not in out.split("Li Na")[-1],
                 "internal notes and what the desk filed itself do not")
    shop.run("outbox", "withdraw", item["id"])
    report.check(wait_for(lambda: Fake.articles and len(Fake.hooks) == 2), "the withdrawal is told too")
    report.check(wait_for(lambda: len(Fake.rt) == 2) and Fake.rt[1][0] == "/REST/2.0/ticket/7/comment",
                 "in Request Tracker as a comment on the same ticket")
    report.check("withdrawn" in Fake.articles[0]["body"] and json.loads(Fake.hooks[1][1])["event"] == "withdrawn",
                 "and says what it is")

    # The help desk took it, but its answer was lost, and the desk is killed before it tries again.
    Fake.drop_answers = 1
    make_bundle(folder + "/b.posaid.zip", 5000, "b")
    shop.send(folder + "/b.posaid.zip")
    wait_for(lambda: len(Fake.tickets) == 2)
    desk.kill()
    database = __import__("sqlite3").connect(folder + "/desk/desk.db")
    database.execute("UPDATE deliveries SET due = 0 WHERE state = 'due'")
    database.commit()
    database.close()
    desk.start()
    done = lambda: "filed" in open(folder + "/desk.log").read().rsplit("started", 1)[1]
    report.check(wait_for(done) and len(Fake.tickets) == 2, "an answer that was lost does not file it twice")
    report.check(not Fake.faults, f"the strict fake had nothing to refuse {Fake.faults}")
    desk.stop()
    server.shutdown()
report.end()
