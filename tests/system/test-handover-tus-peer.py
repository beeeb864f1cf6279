#!/usr/bin/python3
# test-handover-tus-peer.py - our program against somebody else's tus server: npm's @tus/server
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from handover_lab import CuttingLine, Report, Shop, make_bundle, write_profile

report = Report()


def skip(reason):
    print(f"1..0 # SKIP {reason}")
    raise SystemExit(0)


def install(folder):
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            skip(f"{tool} is not installed")
    for name in ("package.json", "package-lock.json", "server.mjs"):
        shutil.copy(f"{HERE}/tus-peer/{name}", folder)
    done = subprocess.run(["npm", "ci", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund",
                           "--fetch-retries=0"],
                          cwd=folder, capture_output=True, text=True, timeout=240)
    if done.returncode != 0:
        skip("npm's registry is not reached: " + (done.stderr.strip().splitlines() or ["?"])[-1])


class Peer:
    def __init__(self, folder):
        self.folder, self.port = folder, 0
        os.makedirs(folder + "/files")
        self.start()

    def start(self):
        self.process = subprocess.Popen(["node", "server.mjs", self.folder + "/files", str(self.port)],
                                        cwd=self.folder, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().rsplit(":", 1)[1])

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()


with tempfile.TemporaryDirectory() as folder:
    install(folder)
    peer = Peer(folder)
    line = CuttingLine(peer.port)
    shop = Shop(folder + "/shop", write_profile(folder + "/lab.json", f"http://127.0.0.1:{line.port}"))
    bundle = folder + "/a.posaid.zip"

    make_bundle(bundle, 50_000, "plain")
    status, out, err = shop.send(bundle, 60)
    report.check(status == 0 and out.startswith("ticket T1"), "a small bundle " + err.strip())

    make_bundle(bundle, 12_000_000, "large")
    report.check(shop.send(bundle)[0] == 0, "a bundle of several chunks")

    lost = 0
    for i in range(10):
        make_bundle(bundle, 7_000_000, f"cut {i}")
        line.cuts = [line.passed + random.randrange(1, 7_000_000)]
        status, out, err = shop.send(bundle, 60)
        if status != 0:
            lost += 1
            print("#", status, out, err, shop.outbox()[-1])
    report.check(lost == 0, "the line cut at ten random bytes: all arrive")

    make_bundle(bundle, 30_000_000, "killed")
    sending = shop.begin("send", bundle, "--provider", shop.profile, "--wait", "3")
    time.sleep(0.05)
    peer.kill()
    sending.communicate()
    line.target = peer.port
    peer.start()
    status, out, err = shop.send(bundle, 60)
    report.check(status == 0, "the server killed meanwhile: it arrives afterwards " + err.strip())
    report.check(shop.send(bundle)[1] == out, "and sent again, has the same ticket")
    peer.kill()
    line.close()
report.end()
