# guided_wire.py - the frames of a guided session by hand, for tests and benches of the relay
# SPDX-License-Identifier: GPL-3.0-or-later
import base64
import json
import os
import socket
import struct
import time


class Closed(Exception):
    """The other end has closed the line; code 0 when it just broke."""

    def __init__(self, code=0, reason=""):
        super().__init__(f"closed {code} {reason}")
        self.code, self.reason = code, reason


class Refused(Exception):
    """No WebSocket: an HTTP status instead."""

    def __init__(self, status):
        super().__init__(f"HTTP {status}")
        self.status = status


def build(first, data):
    """A frame of a client; @first: whether it is the last piece, and what it is."""
    mask = os.urandom(4)
    if len(data) < 126:
        head = bytes([first, 0x80 | len(data)])
    elif len(data) < 65536:
        head = bytes([first, 0x80 | 126]) + struct.pack(">H", len(data))
    else:
        head = bytes([first, 0x80 | 127]) + struct.pack(">Q", len(data))
    pad = (mask * (len(data) // 4 + 1))[:len(data)]
    masked = (int.from_bytes(data, "big") ^ int.from_bytes(pad, "big")).to_bytes(len(data), "big")
    return head + mask + masked


class Line:
    """One WebSocket line to a desk, blocking, with nothing done behind the test's back."""

    def __init__(self, port, path, token=None, source=None, timeout=10, extensions=None):
        self.socket = socket.create_connection(
            ("127.0.0.1", port), timeout, source_address=(source, 0) if source else None)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.rest = b""
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Upgrade: websocket",
                 "Connection: Upgrade", "Sec-WebSocket-Version: 13", f"Sec-WebSocket-Key: {key}",
                 "Sec-WebSocket-Protocol: posaid.guided.v1"]
        if extensions:
            lines.append(f"Sec-WebSocket-Extensions: {extensions}")
        if token:
            lines.append(f"Authorization: Bearer {token}")
        self.socket.sendall("\r\n".join(lines + ["", ""]).encode())
        while b"\r\n\r\n" not in self.rest:
            self.more()
        head, self.rest = self.rest.split(b"\r\n\r\n", 1)
        self.head = head.decode()
        status = int(head.split(b" ")[1])
        if status != 101:
            raise Refused(status)

    def more(self):
        data = self.socket.recv(65536)
        if not data:
            raise Closed()
        self.rest += data

    def take(self, size):
        while len(self.rest) < size:
            self.more()
        data, self.rest = self.rest[:size], self.rest[size:]
        return data

    def send_bytes(self, opcode, data):
        self.socket.sendall(build(0x80 | opcode, data))

    def send_text(self, text):
        self.send_bytes(1, text.encode())

    def send(self, **frame):
        self.send_text(json.dumps({"seq": 0, "ack": 0} | frame))

    def receive(self):
        """The next frame; Closed when there is none any more."""
        while True:
            first, second = self.take(2)
            size = second & 127
            if size == 126:
                size, = struct.unpack(">H", self.take(2))
            elif size == 127:
                size, = struct.unpack(">Q", self.take(8))
            data = self.take(size)
            if first & 15 == 8:
                raise Closed(struct.unpack(">H", data[:2])[0] if len(data) > 1 else 0,
                             data[2:].decode())
            if first & 15 == 9:
                self.send_bytes(10, data)
            if first & 15 == 1:
                return json.loads(data)

    def wait(self, kind):
        while True:
            frame = self.receive()
            if frame.get("type", "sealed") == kind:
                return frame

    def wait_closed(self):
        try:
            while True:
                self.receive()
        except Closed as closed:
            return closed.code
        except ConnectionError:
            return 0

    def close(self):
        self.socket.close()


def merchant(port, **more):
    """A merchant's line that has its code: (line, welcome)."""
    line = Line(port, "/guided")
    line.send(**({"type": "hello", "role": "merchant", "version": 1, "provider": "lab",
                  "language": "en"} | more))
    return line, line.receive()


def agent(port, token, source=None, **more):
    line = Line(port, "/guided/agent", token, source)
    line.send(**({"type": "hello", "role": "agent", "version": 1} | more))
    return line, line.receive()


def join(port, token, source=None):
    """Two lines that the relay has joined; the keys are not its business."""
    shop, welcome = merchant(port)
    support, _ = agent(port, token, source)
    support.send(type="claim", code=welcome["code"])
    support.welcome = support.wait("welcome")
    shop.wait("claim")
    shop.send(type="grant", seq=1, allowed=True)
    support.wait("grant")
    return shop, support, welcome


def memory_mib(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    return 0


def cpu_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def now():
    return time.monotonic()
