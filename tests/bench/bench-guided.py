#!/usr/bin/env python3
# bench-guided.py - what one desk process carries: sessions that wait, sessions that talk
# SPDX-License-Identifier: GPL-3.0-or-later
import argparse
import asyncio
import json
import os
import random
import resource
import shutil
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "..", "system"))
import guided_wire as wire  # noqa: E402
from handover_lab import Desk, ask  # noqa: E402

HEARTBEAT_S = 10
MASK = b"\0\0\0\0"  # a mask of zeros costs the load generator nothing and is as good as any


class Line:
    """One WebSocket line in the event loop."""

    async def open(self, port, path, token=None):
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", port)
        extra = f"Authorization: Bearer {token}\r\n" if token else ""
        self.writer.write((f"GET {path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
                           "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                           f"Sec-WebSocket-Protocol: posaid.guided.v1\r\n{extra}\r\n").encode())
        head = await self.reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101"), head
        self.n = self.got = 0
        return self

    def send(self, **frame):
        self.send_text(json.dumps({"seq": 0, "ack": 0} | frame))

    def send_text(self, text):
        data = text.encode()
        size = (bytes([0x80 | len(data)]) if len(data) < 126
                else bytes([0xfe]) + len(data).to_bytes(2, "big"))
        self.writer.write(b"\x81" + size + MASK + data)

    def beat(self, ack=0):
        self.n += 1
        self.send_text(f'{{"type":"ping","seq":0,"ack":{ack},"n":{self.n},"got":{self.got}}}')

    async def receive(self):
        first, size = await self.reader.readexactly(2)
        if size == 126:
            size = int.from_bytes(await self.reader.readexactly(2), "big")
        data = await self.reader.readexactly(size)
        if first & 15 == 8:
            raise ConnectionError(f"closed {int.from_bytes(data[:2], 'big')}")
        frame = json.loads(data)
        if frame.get("type") == "pong":
            self.got = max(self.got, frame["n"])
        return frame

    async def wait(self, kind):
        while True:
            frame = await self.receive()
            if frame.get("type") == kind:
                return frame


class Crowd:
    """Merchants that wait: opened by threads, kept alive by one, a sample of them timed."""

    def __init__(self, port, count):
        self.port, self.count, self.lines, self.samples = port, count, [], []
        self.stopped = threading.Event()
        threading.Thread(target=self.beat, daemon=True).start()
        openers = [threading.Thread(target=self.open) for _ in range(40)]
        for opener in openers:
            opener.start()
        for opener in openers:
            opener.join()

    def open(self):
        while len(self.lines) < self.count:
            self.lines.append([wire.merchant(self.port)[0], 0, time.monotonic()])

    def beat(self):
        while not self.stopped.is_set():
            now = time.monotonic()
            for entry in list(self.lines):
                line, n, last = entry
                if now - last < HEARTBEAT_S:
                    continue
                entry[1:] = n + 1, now
                began = time.monotonic()
                line.send_text(f'{{"type":"ping","seq":0,"ack":0,"n":{n + 1},"got":{n}}}')
                if random.random() < .01:
                    while line.wait("pong")["n"] <= n:
                        pass
                    self.samples.append(time.monotonic() - began)
            self.stopped.wait(.05)


def measure_waiting(desk, count, seconds):
    began = time.monotonic()
    crowd = Crowd(desk.port, count)
    ready = time.monotonic() - began
    time.sleep(3)
    crowd.samples.clear()
    cpu, began = wire.cpu_seconds(desk.process.pid), time.monotonic()
    time.sleep(seconds)
    cpu = (wire.cpu_seconds(desk.process.pid) - cpu) / (time.monotonic() - began)
    counts = json.loads(ask("GET", desk.url + "/health")[2])["guided"]
    crowd.stopped.set()
    print(json.dumps({
        "bench": "waiting", "waiting": counts["waiting"], "resumed": counts["resumed"],
        "ended": counts["ended"], "ready_s": round(ready, 1), "core_percent": round(cpu * 100, 1),
        "memory_mib": round(wire.memory_mib(desk.process.pid)),
        "p50_ms": round(percentile(crowd.samples, .5), 2),
        "p99_ms": round(percentile(crowd.samples, .99), 2)}), flush=True)


async def talk(port, token, gate, rate, latencies, stop):
    async with gate:
        shop = await Line().open(port, "/guided")
        shop.send(type="hello", role="merchant", version=1)
        code = (await shop.wait("welcome"))["code"]
        support = await Line().open(port, "/guided/agent", token)
        support.send(type="hello", role="agent", version=1)
        await support.wait("welcome")
        support.send(type="claim", code=code)
        await support.wait("welcome")
        shop.send(type="grant", seq=1, allowed=True)
        await support.wait("grant")
    sent = {}
    acknowledged = 0

    async def listen():
        nonlocal acknowledged
        while True:
            frame = await support.receive()
            if "sealed" in frame:
                latencies.append(time.monotonic() - sent.pop(frame["seq"]))
                acknowledged = frame["seq"]
                if acknowledged % 16 == 0:
                    support.beat(acknowledged)

    async def drain():
        while True:
            await shop.receive()

    tasks = [asyncio.create_task(listen()), asyncio.create_task(drain())]
    filling = "A" * 600
    seq, beat = 1, time.monotonic()
    while not stop.is_set():
        seq += 1
        sent[seq] = time.monotonic()
        shop.send_text(f'{{"seq":{seq},"ack":0,"sealed":"{filling}"}}')
        if time.monotonic() - beat > HEARTBEAT_S:
            beat = time.monotonic()
            shop.beat()
        await asyncio.sleep(1 / rate)
    for task in tasks:
        task.cancel()
    shop.writer.close()
    support.writer.close()


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(len(values) * share))] * 1000 if values else 0


async def measure(name, desk, tasks, stop, latencies, seconds):
    jobs = [asyncio.create_task(task) for task in tasks]
    began = time.monotonic()
    while True:
        await asyncio.sleep(0.2)
        try:
            counts = json.loads(await asyncio.to_thread(
                lambda: ask("GET", desk.url + "/health")[2]))["guided"]
        except TimeoutError:
            continue  # this process is too busy to hear the answer
        if counts["waiting"] + counts["joined"] >= len(jobs) or time.monotonic() - began > 400:
            break
    ready = time.monotonic() - began
    await asyncio.sleep(2)
    latencies.clear()
    cpu, frames = wire.cpu_seconds(desk.process.pid), counts["frames"]
    began = time.monotonic()
    await asyncio.sleep(seconds)
    cpu = (wire.cpu_seconds(desk.process.pid) - cpu) / (time.monotonic() - began)
    counts = json.loads(ask("GET", desk.url + "/health")[2])["guided"]
    print(json.dumps({
        "bench": name, "sessions": len(jobs), "waiting": counts["waiting"],
        "joined": counts["joined"], "ready_s": round(ready, 1),
        "core_percent": round(cpu * 100, 1), "memory_mib": round(wire.memory_mib(desk.process.pid)),
        "frames_per_s": round((counts["frames"] - frames) / seconds),
        "p50_ms": round(percentile(latencies, .5), 2), "p99_ms": round(percentile(latencies, .99), 2),
        "lost": sum(job.done() for job in jobs)}), flush=True)
    stop.set()
    await asyncio.gather(*jobs, return_exceptions=True)


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--waiting", type=int, default=10000)
    parser.add_argument("--active", type=int, default=500)
    parser.add_argument("--rate", type=float, default=10)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    for name, count in (("waiting", options.waiting), ("active", options.active)):
        if count == 0:
            continue
        folder = tempfile.mkdtemp(prefix="bench-guided-")
        os.makedirs(os.path.join(folder, "desk"))
        desk = Desk(os.path.join(folder, "desk"))
        gate, stop, latencies = asyncio.Semaphore(50), asyncio.Event(), []
        token = desk.add_agent()
        tasks = [talk(desk.port, token, gate, options.rate, latencies, stop)
                 for _ in range(count if name == "active" else 0)]
        try:
            if name == "waiting":
                measure_waiting(desk, count, options.seconds)
            else:
                await measure(name, desk, tasks, stop, latencies, options.seconds)
        finally:
            desk.stop()
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    asyncio.run(main())
