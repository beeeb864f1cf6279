#!/usr/bin/python3
# test-hostile-desk.py - send against servers that mean no good: a sentence and an end, each time
# SPDX-License-Identifier: GPL-3.0-or-later
import email.utils
import json
import os
import socket
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from handover_lab import Report, Shop, make_bundle

WAIT = 6          # seconds that each may take at most, and a little
SIZE = 200 * 1000
LIMIT = 60        # requests that a server may provoke in that time
OPTIONS = "204 No Content\r\nTus-Resumable: 1.0.0\r\nTus-Extension: creation"
YEAR = 365 * 24 * 3600


class Server:
    """Answers each request with what answer(server, method, path, headers, body) says: a status line with
    headers, (head, body), or None to hang up; it may also talk to the socket itself and return False."""

    def __init__(self, answer):
        self.answer, self.requests, self.received, self.stopped = answer, 0, 0, False
        self.offset = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        try:
            with client:
                while self.one(client):
                    pass
        except OSError:
            pass

    def one(self, client):
        data = b""
        while b"\r\n\r\n" not in data:
            more = client.recv(65536)
            if not more:
                return False
            data += more
        head, body = data.split(b"\r\n\r\n", 1)
        lines = head.decode().split("\r\n")
        method, path, _ = lines[0].split(" ")
        headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:])}
        self.requests += 1
        self.client = client
        length = int(headers.get("content-length", 0))
        while len(body) < length and method != "SLOW":
            more = client.recv(min(65536, length - len(body)))
            if not more:
                return False
            body += more
        self.received += len(body)
        answer = self.answer(self, method, path, headers, body)
        if answer is None or answer is False:
            return False
        head, text = answer if isinstance(answer, tuple) else (answer, b"")
        client.sendall(f"HTTP/1.1 {head}\r\nContent-Length: {len(text)}\r\n\r\n".encode() + text)
        return True

    def close(self):
        self.stopped = True
        self.socket.close()


def tus(server, method, path, headers, body):
    """A good one, which the bad ones spoil."""
    if path.startswith("/tickets"):
        return "201 Created\r\nContent-Type: application/json", json.dumps(
            {"ticket": "T1", "url": server.url + "/tickets/T1", "token": "t"}).encode()
    if method == "OPTIONS":
        return OPTIONS
    if method == "POST":
        return "201 Created\r\nLocation: /files/1"
    if method == "PATCH":
        server.offset += len(body)
        return f"204 No Content\r\nUpload-Offset: {server.offset}"
    return f"200 OK\r\nUpload-Offset: {server.offset}\r\nUpload-Length: {SIZE}"


def spoiled(**spoiled_methods):
    """tus() with other answers for some methods; INTAKE stands for the ticket's request."""
    def answer(server, method, path, headers, body):
        word = "INTAKE" if path.startswith("/tickets") else method
        other = spoiled_methods.get(word)
        if other is None:
            return tus(server, method, path, headers, body)
        return other(server, body) if callable(other) else other
    return answer


def drip(server, body):
    while not server.stopped:
        server.client.sendall(b"HTTP/1.1 200 OK\r\nX-Drip: "[:1])
        time.sleep(0.5)
    return False


def endless_body(server, body):
    server.client.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not server.stopped:
        server.client.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
    return False


def endless_headers(server, body):
    server.client.sendall(b"HTTP/1.1 200 OK\r\n")
    while not server.stopped:
        server.client.sendall(b"X-More: " + b"x" * 1000 + b"\r\n")
    return False


def endless_continue(server, body):
    while not server.stopped:
        server.client.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)
    return False


def silence(server, body):
    while not server.stopped:
        time.sleep(0.2)
    return False


def one_byte_more(server, body):
    server.offset += 1
    return f"204 No Content\r\nUpload-Offset: {server.offset}"


def date_in(seconds):
    return email.utils.formatdate(time.time() + seconds, usegmt=True)


def until(limit):
    return lambda item, server: item["state"] == "pending" and server.requests <= limit


waits = until(LIMIT)


def put_off(seconds):
    """Not before, and with no more than the 20 % that spread shops."""
    return lambda item, server: item["state"] == "pending" and \
        seconds * 0.99 <= item["next"] - time.time() + WAIT and item["next"] - time.time() <= seconds * 1.25


def refused(item, server):
    return item["state"] == "refused"


def sent(item, server):
    return item["state"] == "sent" and item["ticket"] == "T1"


cases = {
    "as it should be": (tus, sent),
    "offset beyond the file": (spoiled(PATCH=f"204 No Content\r\nUpload-Offset: {SIZE * 9}"), waits),
    "offset of 20 digits": (spoiled(PATCH="204 No Content\r\nUpload-Offset: 99999999999999999999"), waits),
    "offset below zero": (spoiled(PATCH="204 No Content\r\nUpload-Offset: -5"), waits),
    "no offset": (spoiled(PATCH="204 No Content"), waits),
    "offset that is no number": (spoiled(PATCH="204 No Content\r\nUpload-Offset: 0x10"), waits),
    "offset that never grows": (spoiled(PATCH="204 No Content\r\nUpload-Offset: 0"), waits),
    "one byte kept of each chunk": (spoiled(PATCH=one_byte_more), until(500)),
    "HEAD says another length": (spoiled(PATCH="409 Conflict",
                                         HEAD="200 OK\r\nUpload-Offset: 0\r\nUpload-Length: 1"), waits),
    "created elsewhere": (spoiled(POST="201 Created\r\nLocation: http://evil.example/files/1"), waits),
    "created at another port": (spoiled(POST="201 Created\r\nLocation: http://127.0.0.1:1/files/1"), waits),
    "created with another scheme": (spoiled(POST="201 Created\r\nLocation: file:///etc/passwd"), waits),
    "created nowhere": (spoiled(POST="201 Created"), waits),
    "redirected elsewhere": (spoiled(POST="307 Temporary Redirect\r\nLocation: http://evil.example/"), waits),
    "redirected in a circle": (spoiled(POST="308 Permanent Redirect\r\nLocation: /files/"), waits),
    "the intake redirects elsewhere": (spoiled(INTAKE="307 T\r\nLocation: http://evil.example/"), waits),
    "423 for ever": (spoiled(PATCH="423 Locked", HEAD="423 Locked"), waits),
    "409 for ever": (spoiled(PATCH="409 Conflict"), waits),
    "423 with Retry-After 1 for ever": (spoiled(PATCH="423 Locked\r\nRetry-After: 1"), waits),
    "gone for ever": (spoiled(PATCH="410 Gone"), waits),
    "the checksum is wrong for ever": (spoiled(PATCH="460 Checksum Mismatch"), refused),
    "too large": (spoiled(POST="413 Too Large"), refused),
    "Tus-Max-Size 1": (spoiled(OPTIONS=OPTIONS + "\r\nTus-Max-Size: 1"), refused),
    "503 with Retry-After 100": (spoiled(POST="503 S\r\nRetry-After: 100"), put_off(100)),
    "429 with Retry-After 100 at the intake": (spoiled(INTAKE="429 T\r\nRetry-After: 100"), put_off(100)),
    "429 with a date": (spoiled(POST=f"429 T\r\nDate: {date_in(0)}\r\nRetry-After: {date_in(100)}"), put_off(100)),
    "Retry-After of a year": (spoiled(POST=f"503 S\r\nRetry-After: {YEAR}"), put_off(24 * 3600)),
    "Retry-After of 30 digits": (spoiled(POST="503 S\r\nRetry-After: " + "9" * 30), waits),
    "Retry-After below zero": (spoiled(POST="503 S\r\nRetry-After: -5"), waits),
    "Retry-After of long ago": (spoiled(POST=f"503 S\r\nRetry-After: {date_in(-YEAR)}"), waits),
    "Retry-After that is a word": (spoiled(POST="503 S\r\nRetry-After: soon"), waits),
    "silence": (spoiled(PATCH=silence), waits),
    "a drip": (spoiled(OPTIONS=drip), waits),
    "a body without an end": (spoiled(INTAKE=endless_body), waits),
    "an upload's answer without an end": (spoiled(PATCH=endless_body), waits),
    "headers without an end": (spoiled(POST=endless_headers), waits),
    "100 Continue without an end": (spoiled(POST=endless_continue), waits),
    "hangs up": (spoiled(PATCH=lambda server, body: None), waits),
    "no HTTP": (spoiled(OPTIONS=lambda server, body: server.client.sendall(b"SSH-2.0-x\r\n")), waits),
    "a ticket that is a list": (spoiled(INTAKE=("201 Created", b"[]")), waits),
    "a ticket that is a page": (spoiled(INTAKE=("200 OK", b"<html>Welcome to the hotel</html>")), waits),
    "100,000 brackets": (spoiled(INTAKE=("201 Created", b"[" * 100000)), waits),
    "500 for ever": (spoiled(POST="500 Internal"), waits),
    "a status of 999": (spoiled(POST="999 What"), waits),
}
report = Report()
results = {}


def try_one(folder, number, name):
    answer, good = cases[name]
    server = Server(answer)
    place = f"{folder}/{number}"
    os.makedirs(place)
    profile = {"format": "pos-first-aid-provider/1", "id": "lab", "name": {"en": "Lab"},
               "upload": {"tus": server.url + "/files/"}, "tickets": {"url": server.url + "/tickets"}}
    with open(place + "/lab.json", "w") as out:
        json.dump(profile, out)
    shop = Shop(place, place + "/lab.json")
    begun = time.monotonic()
    status, out, err = shop.send(f"{folder}/x.posaid.zip", WAIT)
    seconds = time.monotonic() - begun
    server.close()
    item = shop.outbox()[0]
    sentence = bool(out.strip() or err.strip()) and "CRITICAL" not in err and status >= 0
    results[name] = (good(item, server) and sentence and seconds < WAIT + 5,
                     f"{seconds:.1f} s, {server.requests} requests, {item['state']}: {item.get('problem_text', '')}")


with tempfile.TemporaryDirectory() as folder:
    make_bundle(folder + "/x.posaid.zip", SIZE, 7)
    names = list(cases)
    for start in range(0, len(names), 12):
        threads = [threading.Thread(target=try_one, args=(folder, names.index(name), name))
                   for name in names[start:start + 12]]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for name in names:
        good, said = results.get(name, (False, "no result"))
        report.check(good, f"{name}: {said}"[:150].replace("#", "+").replace("\n", " "))
report.end()
