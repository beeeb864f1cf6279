#!/usr/bin/python3
# bench-handover.py - the desk under load, and our upload beside curl's
# SPDX-License-Identifier: GPL-3.0-or-later
import asyncio
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

SOURCE = os.environ.get("PFA_SOURCE_DIR", ".")
BUILD = os.environ.get("PFA_BUILD_DIR", "build")
sys.path.insert(0, os.path.join(SOURCE, "tests/system"))
from handover_bundle import build
from handover_lab import Desk, ask

TUS = {"Tus-Resumable": "1.0.0"}
CORES = sorted(os.sched_getaffinity(0))


def pin(process, core):
    os.sched_setaffinity(process.pid, {core})
    for task in os.listdir(f"/proc/{process.pid}/task"):
        os.sched_setaffinity(int(task), {core})


def cpu_seconds(pid):
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Connection:
    """Just enough HTTP to make load with little of our own."""

    def __init__(self, port):
        self.port = port

    async def open(self):
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def ask(self, method, path, headers, body=b"", pace=None):
        lines = [f"{method} {path} HTTP/1.1", "Host: desk", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self.writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        if pace is None:
            self.writer.write(body)
        else:
            size = len(body) // 20
            for start in range(0, len(body), size):
                self.writer.write(body[start:start + size])
                await self.writer.drain()
                await asyncio.sleep(pace / 20)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        answer = dict(line.split(": ", 1) for line in head[1:] if line)
        length = int(answer.get("Content-Length", 0)) if method != "HEAD" else 0
        return int(head[0].split()[1]), answer, await self.reader.readexactly(length)

    async def hand_over(self, data, key, pace=None):
        _, answer, _ = await self.ask("POST", "/files/", TUS | {"Upload-Length": len(data)})
        path = "/" + answer["Location"].split("/", 3)[3]
        status, _, _ = await self.ask("PATCH", path, TUS | {
            "Upload-Offset": 0, "Content-Type": "application/offset+octet-stream"}, data, pace)
        assert status == 204, status
        bundle = {"url": answer["Location"], "sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
        status, _, _ = await self.ask("POST", "/tickets", {"Idempotency-Key": key},
                                      json.dumps({"bundle": bundle}).encode())
        assert status in (200, 201), status


async def uploads(desk, count, at_once):
    data = [build(50_000, f"load {i}") for i in range(50)]
    places = iter(range(count))

    async def work():
        connection = await Connection(desk.port).open()
        for i in places:
            await connection.hand_over(data[i % len(data)], f"load-{i:08}")

    begun, cpu = time.monotonic(), cpu_seconds(desk.process.pid)
    await asyncio.gather(*(work() for _ in range(at_once)))
    return count / (time.monotonic() - begun), (cpu_seconds(desk.process.pid) - cpu) / count


async def slow_clients(desk, count):
    data = build(50_000, "slow")
    begun = time.monotonic()

    async def work(i):
        connection = await Connection(desk.port).open()
        await connection.hand_over(data, f"slow-{i:08}", pace=8)

    async def quick():
        await asyncio.sleep(3)
        threads = len(os.listdir(f"/proc/{desk.process.pid}/task"))
        connection = await Connection(desk.port).open()
        at = time.monotonic()
        await connection.hand_over(build(50_000, "quick"), "quick-00000001")
        return threads, time.monotonic() - at

    results = await asyncio.gather(quick(), *(work(i) for i in range(count)))
    return results[0], time.monotonic() - begun


def time_curl(desk, path, size):
    _, answer, _ = ask("POST", desk.url + "/files/", b"", TUS | {"Upload-Length": str(size)})
    begun = time.monotonic()
    subprocess.run(["curl", "-sf", "-X", "PATCH", "-H", "Tus-Resumable: 1.0.0", "-H", "Upload-Offset: 0",
                    "-H", "Content-Type: application/offset+octet-stream", "-H", "Expect:",
                    "-T", path, answer["Location"]], check=True)
    return time.monotonic() - begun


def set_class(pid, scheduler, priority):
    """Of a process with all its threads; what it starts inherits it. FALSE: not permitted."""
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            os.sched_setscheduler(int(task), scheduler, os.sched_param(priority))
        return True
    except PermissionError:
        return False


def throughput(desk, folder):
    """As the machine is; and once more before everything else that runs on it, where that is permitted."""
    path, size = folder + "/large", 200_000_000
    with open(path, "wb") as out:
        for _ in range(size // 1_000_000):
            out.write(os.urandom(1_000_000))
    compare(desk, path, size, "beside all else")
    if set_class(desk.process.pid, os.SCHED_FIFO, 10) and set_class(os.getpid(), os.SCHED_FIFO, 10):
        compare(desk, path, size, "before all else")
    set_class(desk.process.pid, os.SCHED_OTHER, 0)
    set_class(os.getpid(), os.SCHED_OTHER, 0)


def compare(desk, path, size, how, rounds=9):
    """One after the other, so that whatever else the machine does meets both alike."""
    curl, ours, memory = [], [], 0
    for _ in range(rounds):
        curl.append(time_curl(desk, path, size))
        done = subprocess.run([f"{BUILD}/tests/bench/bench-upload", desk.url + "/files/", path],
                              capture_output=True, text=True, check=True)
        seconds, kilobytes = done.stdout.split()
        ours.append(float(seconds))
        memory = max(memory, int(kilobytes))
        for name in os.listdir(desk.folder + "/uploads"):
            os.unlink(f"{desk.folder}/uploads/{name}")
    ratio = statistics.median(c / o for c, o in zip(curl, ours))
    for word, choose in (("best", min), ("median", statistics.median)):
        print(f"upload of 200 MB {how}, {word} of {rounds}: curl {size / choose(curl) / 1e6:.0f} MB/s, "
              f"ours {size / choose(ours) / 1e6:.0f} MB/s (ratio {choose(curl) / choose(ours):.2f})")
    print(f"median ratio of two uploads in a row {how}: {ratio:.2f}; load {os.getloadavg()[0]:.1f}; "
          f"our memory {memory / 1024:.0f} MB")


with tempfile.TemporaryDirectory() as folder:
    desk = Desk(folder + "/desk", "--max-size", "1024")
    throughput(desk, folder)
    desk.stop()
    desk = Desk(folder + "/load")
    pin(desk.process, CORES[0])
    os.sched_setaffinity(0, {CORES[-1]})
    rate, cost = asyncio.run(uploads(desk, 2000, 16))
    print(f"uploads of 50 kB, each with its ticket: {rate:.0f} a second by one client core, "
          f"{cost * 1000:.2f} ms of the desk's core each ({1 / cost:.0f} a second if it had it all)")
    (threads, quick), seconds = asyncio.run(slow_clients(desk, 1000))
    print(f"1,000 clients at once, 50 kB in 8 s each: all served in {seconds:.1f} s, {threads} threads, "
          f"a quick one meanwhile took {quick * 1000:.0f} ms")
    desk.stop()
