#!/usr/bin/python3
# test-hostile-bundles.py - bundle verify and list against ZIP files that nobody's program would write
# SPDX-License-Identifier: GPL-3.0-or-later
import hashlib
import io
import json
import os
import stat
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from handover_lab import PROGRAM, Report

report = Report()
MEMORY = 48 * 1024 * 1024  # none of them is held as a whole
ID = "0b7c5ad0-0d0c-5c11-9a4e-275c8e513a96"
README = ("readme.html", b"<!DOCTYPE html><title>x</title>")
SUMMARY = ("summary.json", b'{"format": "pos-first-aid-summary/1"}')
LOG = ("logs/till/1.log", b"12:00 sale\n")


def list_file(name, data):
    return {"path": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def manifest(members, **changes):
    return ("manifest.json", json.dumps({"format": "pos-first-aid-bundle/1", "id": ID, "files": [
        list_file(name, data) for name, data in members]} | changes).encode())


def pack(members, method=zipfile.ZIP_DEFLATED, information=None):
    """Members as they come, names as they are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = method
            entry.external_attr = 0o100644 << 16
            if information:
                information(entry)
            archive.writestr(entry, data)
    return out.getvalue()


def whole(*more, **changes):
    members = [README, SUMMARY, *more]
    return pack(members + [manifest(members, **changes)])


def link(entry):
    if entry.filename.startswith("logs/"):
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16


def folder(entry):
    if entry.filename.startswith("logs/"):
        entry.external_attr = (stat.S_IFDIR | 0o755) << 16 | 0x10


def patch(data, old, new, count=-1):
    assert old in data, old
    return data.replace(old, new, count)


def encrypted(data):
    """The bit that says so, in both headers of the first member."""
    data = bytearray(data)
    data[6] |= 1
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    return bytes(data)


def overlapping(copies=60, size=1000 * 1000):
    """Several entries of the table that share one member's packed bytes (a bomb without nesting)."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packed.compress(b"A" * size) + packed.flush()
    crc = zlib.crc32(b"A" * size)
    local = b"".join((struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0, crc, len(body), size, 15, 0),
                      b"logs/till/1.log", body))
    table = b"".join(struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 8, 0, 0, crc, len(body), size, len(name),
                                 0, 0, 0, 0, 0, 0) + name
                     for name in (b"logs/till/%d.log" % (i + 1) for i in range(copies)))
    return local + table + struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, copies, copies, len(table), len(local), 0)


def bomb():
    return whole(("logs/till/1.log", b"0" * (70 * 1000 * 1000)))


def many():
    return whole(*[(f"logs/s{i}/1.log", b"x\n") for i in range(400)])


def gzip_inside():
    return whole(("logs/till/1.log", b"\x1f\x8b\x08\0\0\0\0\0\0\3"))


def zip_far_inside():
    return whole(("logs/till/1.log", b"text\n" * 30000 + pack([("a", b"b")])))


def twice_in_two_members():
    members = [README, SUMMARY, LOG]
    out = io.BytesIO()
    import warnings
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pack(members + [LOG, manifest(members)]), out


def stray(data):
    """Bytes between two members that no table names."""
    at = data.index(b"PK\3\4", 4)
    shifted = data[:at] + b"hidden!!" + data[at:]
    end = shifted.rindex(b"PK\5\6")
    start = struct.unpack("<I", shifted[end + 16:end + 20])[0] + 8
    table = bytearray(shifted[start:end])
    place = 0
    while place < len(table):
        offset = struct.unpack("<I", table[place + 42:place + 46])[0]
        if offset >= at:
            table[place + 42:place + 46] = struct.pack("<I", offset + 8)
        lengths = struct.unpack("<3H", table[place + 28:place + 34])
        place += 46 + sum(lengths)
    tail = bytearray(shifted[end:])
    tail[16:20] = struct.pack("<I", start)
    return shifted[:start] + bytes(table) + bytes(tail)


good = whole(LOG)
bad = {
    "climbs out": whole(("../../etc/cron.d/x", b"x")),
    "climbs out inside logs": whole(("logs/../../x/1.log", b"x")),
    "absolute": whole(("/etc/passwd", b"x")),
    "a drive": whole(("C:/windows/x", b"x")),
    "backslashes": whole(("logs\\till\\1.log", b"x")),
    "backslashes that the manifest does not have": patch(whole(LOG), b"logs/till/1.log", b"logs\\till\\1.log"),
    "a device of Windows": whole(("logs/till/nul", b"x")),
    "a stream of Windows": whole(("summary.json:evil", b"x")),
    "a symbolic link": pack([README, SUMMARY, ("logs/till/1.log", b"/etc/passwd"),
                             manifest([README, SUMMARY, ("logs/till/1.log", b"/etc/passwd")])], information=link),
    "a folder": pack([README, SUMMARY, ("logs/till/", b""), manifest([README, SUMMARY])], information=folder),
    "the same name twice": twice_in_two_members()[0],
    "a name in capitals": whole(("Summary.json", b"{}")),
    "a log in capitals": whole(("logs/TILL/1.log", b"x")),
    "a composed letter": whole(("logs/k\u00e4sse/1.log", b"x")),
    "a decomposed letter": whole(("logs/ka\u0308sse/1.log", b"x")),
    "wide letters": whole(("\uff4danifest.json", b"{}")),
    "a line end in the name": whole(("logs/till/1.log\r\nX: y", b"x")),
    "a zero in the name": patch(whole(("logs/till/1xlog", b"x")), b"logs/till/1xlog", b"logs/till/1\0log"),
    "an empty name": patch(whole(("q", b"x")), b"q", b"\0", 2),
    "a number with a zero in front": whole(("logs/till/01.log", b"x")),
    "a number too large": whole(("logs/till/1000.log", b"x")),
    "a bomb": bomb(),
    "overlapping members": overlapping(),
    "too many members": many(),
    "packed inside": gzip_inside(),
    "packed far inside": zip_far_inside(),
    "no text": whole(("logs/till/1.log", b"MZ\x90\0\3\0\0\0")),
    "half a letter at the end": whole(("logs/till/1.log", "käse ä".encode()[:-1])),
    "encrypted": encrypted(good),
    "a wrong sum": whole(LOG, files=[list_file(*README), list_file(*SUMMARY), list_file(LOG[0], b"12:00 Sale\n")]),
    "a wrong size": whole(LOG, files=[list_file(*README), list_file(*SUMMARY), list_file(*LOG) | {"size": 12}]),
    "a size that is no number": whole(LOG, files=[list_file(*README), list_file(*SUMMARY),
                                                  list_file(*LOG) | {"size": "11"}]),
    "one member more": pack([README, SUMMARY, LOG, manifest([README, SUMMARY])]),
    "one member less": pack([README, SUMMARY, manifest([README, SUMMARY, LOG])]),
    "one listed twice, one not": pack([README, SUMMARY, LOG, manifest([README, SUMMARY, SUMMARY])]),
    "an unknown member": whole(("setup.exe", b"text\n")),
    "no manifest": pack([README, SUMMARY]),
    "the manifest first": pack([manifest([README, SUMMARY]), README, SUMMARY]),
    "a manifest of 200,000 brackets": pack([README, SUMMARY, ("manifest.json", b"[" * 200000)]),
    "a manifest that is a list": pack([README, SUMMARY, ("manifest.json", b"[]")]),
    "another format": whole(format="zip/1"),
    "no id": whole(id="1"),
    "something in front": b"#!/bin/sh\n" + good,
    "something behind": good + b"#!/bin/sh\n",
    "a comment": good[:-2] + b"\5\0hello",
    "stray bytes between": stray(good),
    "cut in half": good[:len(good) // 2],
    "without its table": good[:good.index(b"PK\1\2")],
    "two names for one member": patch(good, b"logs/till/1.log", b"logs/till/2.log", 1),
    "another method": patch(good, b"PK\3\4\x14\0\0\0\x08\0", b"PK\3\4\x14\0\0\0\x0c\0", 1),
    "empty": b"",
    "a ZIP of nothing": pack([]),
    "no ZIP": b"hello",
    "a tar": b"readme.html" + b"\0" * 501,
}

with tempfile.TemporaryDirectory() as place:
    path = place + "/x.posaid.zip"

    def run(data, verb="verify"):
        with open(path, "wb") as out:
            out.write(data)
        begun = time.monotonic()
        done = subprocess.run(["prlimit", f"--data={MEMORY}", PROGRAM, "bundle", verb, path], capture_output=True, text=True, timeout=60,
                              cwd=place, env=dict(os.environ, LC_ALL="C.UTF-8"))
        return done, time.monotonic() - begun

    done, _ = run(good)
    report.check(done.returncode == 0, "a sound one is sound " + done.stderr.strip())
    done, _ = run(pack([README, SUMMARY, LOG, manifest([README, SUMMARY, LOG])], zipfile.ZIP_STORED), "list")
    report.check(done.returncode == 0 and "logs/till/1.log" in done.stdout, "also when it is not deflated")
    for name, data in bad.items():
        done, seconds = run(data)
        one_sentence = done.stderr.count("\n") == 1 and not done.stdout
        report.check(done.returncode == 1 and one_sentence and seconds < 10,
                     f"refused: {name}: " + done.stderr.strip().replace(path, "x")[:110].replace("#", "+"))
        listed, _ = run(data, "list")
        if listed.returncode == 0 or listed.stdout:
            report.check(False, f"listed: {name}")
    report.check(sorted(os.listdir(place)) == ["x.posaid.zip"], "nothing was unpacked anywhere")
report.end()
