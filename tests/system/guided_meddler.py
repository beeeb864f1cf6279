# guided_meddler.py - a relay that is evil to the agent: it reads and changes what passes to and from the page
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import socket
import struct
import threading

from guided_lab import Cutter, shut


def read_frames(source, first):
    """(opcode, payload) of one end's frames; masks are taken off. @first: what was read already."""
    rest = first

    def take(size):
        nonlocal rest
        while len(rest) < size:
            data = source.recv(65536)
            if not data:
                raise ConnectionError
            rest += data
        data, rest = rest[:size], rest[size:]
        return data

    while True:
        head, length = take(2)
        size = length & 127
        if size == 126:
            size, = struct.unpack(">H", take(2))
        elif size == 127:
            size, = struct.unpack(">Q", take(8))
        mask = take(4) if length & 128 else bytes(4)
        data = bytes(byte ^ mask[i % 4] for i, byte in enumerate(take(size)))
        yield head & 15, data


def build_frame(opcode, data, masked):
    """A mask of zeros is as good as any."""
    flag = 128 if masked else 0
    if len(data) < 126:
        head = bytes([128 | opcode, flag | len(data)])
    elif len(data) < 65536:
        head = bytes([128 | opcode, flag | 126]) + struct.pack(">H", len(data))
    else:
        head = bytes([128 | opcode, flag | 127]) + struct.pack(">Q", len(data))
    return head + (bytes(4) if masked else b"") + data


class Meddler:
    """Stands between browser and desk. meddle(to_page, frame) says what is passed on instead of the
    frame: a list of frames, or of texts as they stand."""

    def __init__(self, target):
        self.target = target
        self.meddle = lambda to_page, frame: [frame]
        self.to_page = None
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.server.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        try:
            desk = socket.create_connection(("127.0.0.1", self.target))
            head = client.recv(65536)
            desk.sendall(head)
            if not head.startswith(b"GET /guided/agent "):
                threading.Thread(target=Cutter.pump, args=(client, desk), daemon=True).start()
                Cutter.pump(desk, client)
                return
            answer = b""
            while b"\r\n\r\n" not in answer:
                answer += desk.recv(65536)
            answer, rest = answer.split(b"\r\n\r\n", 1)
            client.sendall(answer + b"\r\n\r\n")
            self.to_page = lambda text: client.sendall(build_frame(1, text.encode(), False))
            threading.Thread(target=self.pass_on, args=(client, desk, b"", False), daemon=True).start()
            self.pass_on(desk, client, rest, True)
        except OSError:
            client.close()

    def pass_on(self, source, sink, rest, to_page):
        try:
            for opcode, data in read_frames(source, rest):
                if opcode != 1:
                    sink.sendall(build_frame(opcode, data, not to_page))
                    continue
                for frame in self.meddle(to_page, json.loads(data)):
                    text = frame if isinstance(frame, str) else json.dumps(frame)
                    sink.sendall(build_frame(1, text.encode(), not to_page))
        except OSError:
            pass
        shut(source, sink)
