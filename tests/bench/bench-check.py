#!/usr/bin/env python3
"""bench-check.py - a whole check against the same questions asked one after another with the usual tools.

In the healthy shop of the fault lab (20 ms to the provider). Losses are sampled as often as the check does it (60 times to the
router, 100 beyond), ten a second. Prints both times, the ratio, memory and threads. 77 where the lab
cannot be built.
"""
import os, re, shutil, statistics, subprocess, sys, time

sys.dont_write_bytecode = True
SOURCE, BUILD = os.environ["PFA_SOURCE_DIR"], os.environ["PFA_BUILD_DIR"]
sys.path.insert(0, f"{SOURCE}/tests/lab")
import importlib.machinery, importlib.util

loader = importlib.machinery.SourceFileLoader("run_lab", f"{SOURCE}/tests/lab/run-lab")
run_lab = importlib.util.module_from_spec(importlib.util.spec_from_loader("run_lab", loader))
loader.exec_module(run_lab)

ROUNDS = 7
TOOLS = [
    ("router: loss, delay", "ping -n -q -c 60 -i 0.1 192.168.1.1"),
    ("line: loss, delay", "ping -n -q -c 100 -i 0.1 8.8.8.8"),
    ("names, own server", "dig +time=2 +tries=1 +short pay.provider.test A"),
    ("names, IPv6", "dig +time=2 +tries=1 +short pay.provider.test AAAA"),
    ("names, public server", "dig +time=2 +tries=1 +short @8.8.8.8 pay.provider.test A"),
    ("captive portal", "curl -sS -m 5 -o /dev/null http://check.example.test/generate_204"),
    ("neutral site", "curl -sS -m 5 -o /dev/null https://www.example.test/"),
    ("health", "curl -sS -m 5 -o /dev/null https://pay.provider.test/health"),
    ("echo", "curl -sS -m 5 -o /dev/null https://pay.provider.test/v1/echo"),
    ("payment port, TLS", "timeout 5 openssl s_client -connect pay.provider.test:5443 -servername pay.provider.test -brief </dev/null"),
    ("clock", "timeout 5 ntpdig -t 2 ntp.example.test"),
    ("where it ends", "timeout 8 traceroute -n -w 1 -q 1 203.0.113.10"),
    ("path MTU", "ping -n -q -c 3 -i 0.2 -s 1400 -M do 203.0.113.10"),
]


def check_once(lab, home):
    argv = [f"{BUILD}/src/cli/pos-first-aid", "check", "--provider", f"{SOURCE}/tests/lab/provider.json", "--connection", "lan", "--json"]
    t = time.monotonic()
    r = lab.run_in("pc", ["env", f"XDG_DATA_HOME={home}", *argv], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    seconds = time.monotonic() - t
    return seconds, int(re.search(rb'"elapsed_ms": ?(\d+)', r.stdout).group(1))


def count_threads(lab, home):
    """The most threads and memory that one run shows while it lasts."""
    argv = ["env", f"XDG_DATA_HOME={home}", f"{BUILD}/src/cli/pos-first-aid", "check", "--provider", f"{SOURCE}/tests/lab/provider.json", "--json"]
    p = subprocess.Popen(["ip", "netns", "exec", lab.ns("pc"), *argv], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    most, memory = 0, 0
    while p.poll() is None:
        try:
            text = open(f"/proc/{p.pid}/status").read()
            most = max(most, int(re.search(r"Threads:\s+(\d+)", text).group(1)))
            memory = max(memory, int(re.search(r"VmHWM:\s+(\d+)", text).group(1)))
        except (OSError, AttributeError):
            pass
        time.sleep(0.01)
    return most, memory


def main():
    reason = run_lab.why_not()
    if reason:
        print(f"skipped: {reason}")
        return 77
    import lab as faultlab
    import tempfile
    lab = faultlab.Lab(f"b{os.getpid() % 10000}"[:6])
    try:
        lab.up()
        with tempfile.TemporaryDirectory() as home:
            runs = [check_once(lab, home) for _ in range(ROUNDS)]
            threads, memory = count_threads(lab, home)
        ours = statistics.median(r[0] for r in runs)
        inside = statistics.median(r[1] for r in runs)
        total, missing = 0.0, []
        for what, command in TOOLS:
            words = [w for w in command.split() if w in ("ping", "dig", "curl", "openssl", "ntpdig", "traceroute")]
            if not shutil.which(words[0]):
                missing.append(words[0])
                continue
            t = time.monotonic()
            lab.run_in("pc", ["sh", "-c", command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            total += time.monotonic() - t
            print(f"  {what:24} {time.monotonic() - t:6.2f} s   {command[:70]}")
        print(f"one after another          {total:6.2f} s" + (f"   (not installed: {', '.join(sorted(set(missing)))})" if missing else ""))
        print(f"pos-first-aid check        {ours:6.2f} s   median of {ROUNDS}, from start to end; the run itself {inside} ms")
        print(f"ratio                      {total / ours:6.1f}     goal 10")
        print(f"memory {memory / 1024:.1f} MB (goal under 40), threads {threads}")
        return 0
    finally:
        lab.down()


if __name__ == "__main__":
    sys.exit(main())
