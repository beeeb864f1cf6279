#!/usr/bin/python3
# test-handover-cut.py - the line is cut at random bytes: little is sent twice, all arrives
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import random
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from handover_lab import CuttingLine, Desk, Report, Shop, make_bundle, write_profile

CUTS = 100
CHUNK = 5 * 1024 * 1024
# Requests' own lines, some dozens of each at most.
REQUESTS = 100 * 1024
report = Report()
seed = random.randrange(1 << 30)
random.seed(seed)
print(f"# seed {seed}")


def one_cut_each(folder, desk):
    most, lost = 0, 0
    for i in range(CUTS):
        size = random.choice((50_000, 1_000_000, 9_000_000))
        line = CuttingLine(desk.port)
        profile = write_profile(folder + "/lab.json", f"http://127.0.0.1:{line.port}")
        shop = Shop(folder + "/shop", profile)
        bundle = folder + "/bundle.posaid.zip"
        make_bundle(bundle, size, f"one {i}")
        size = os.path.getsize(bundle)
        line.cuts = [random.randrange(1, size + 1000)]
        status, out, err = shop.send(bundle, 30)
        lost += status != 0
        most = max(most, line.passed - size)
        line.close()
    report.check(lost == 0, f"{CUTS} cuts, each bundle came to its ticket")
    report.check(most <= CHUNK + REQUESTS, f"at most {most} bytes sent twice, requests' lines included")


def many_cuts_in_one(folder, desk):
    line = CuttingLine(desk.port)
    shop = Shop(folder + "/shop", write_profile(folder + "/lab.json", f"http://127.0.0.1:{line.port}"))
    bundle = folder + "/large.posaid.zip"
    make_bundle(bundle, 20_000_000, "many")
    size = os.path.getsize(bundle)
    line.cuts = sorted(random.sample(range(1, size), 30))
    status, out, err = shop.send(bundle, 60)
    report.check(status == 0, "30 cuts in one bundle of 20 MB, and it arrives " + err.strip())
    print(f"# {line.passed - size} bytes sent twice over 30 cuts")
    line.close()


with tempfile.TemporaryDirectory() as folder:
    desk = Desk(folder + "/desk")
    one_cut_each(folder, desk)
    many_cuts_in_one(folder, desk)
    desk.stop()
report.end()
