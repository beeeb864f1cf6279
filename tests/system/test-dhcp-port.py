#!/usr/bin/env python3
"""The question for an address by the client's own port, for a person who may bind it and nothing more. TAP.

A shop's computer without an address and a network that offers one, in two network namespaces. The common way needs a
right (whole packets); this one needs a low port, and the kernel to let an answer in to a computer without an address.
"""
import json, os, select, socket, struct, subprocess, sys

BUILD = os.environ["PFA_BUILD_DIR"]
PRINT = f"{BUILD}/tests/checks/print-checks"
PC, LAN = f"dp{os.getpid()}c", f"dp{os.getpid()}l"
# offers?, rp_filter, may the person bind the port? -> value, words of the reason
CASES = [
    ("an-offer-is-heard", True, 0, True, "offers", None),
    ("silence-is-silence", False, 0, True, "silent", None),
    ("an-offer-that-the-kernel-drops", True, 2, True, "cannot-check", "would not hear the offer"),
    ("not-permitted", True, 0, False, "cannot-check", "needs a right"),
]


def run(*argv):
    return subprocess.run(argv, capture_output=True, text=True)


def serve_here(done):
    """Offers 192.168.7.50 to whoever asks, until told to end."""
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0")
    s.bind(("0.0.0.0", 67))
    print("ready", flush=True)
    while True:
        ready, _, _ = select.select([s, done], [], [])
        if done in ready:
            return
        q = s.recv(2048)
        if len(q) < 241 or q[0] != 1:
            continue
        ip = socket.inet_aton
        options = b"".join(bytes([k, len(v)]) + v for k, v in [(53, b"\2"), (54, ip("192.168.7.1")), (51, struct.pack("!I", 600)),
                                                               (1, ip("255.255.255.0")), (3, ip("192.168.7.1"))])
        a = b"\2" + q[1:8] + b"\0\0" + q[10:12] + b"\0" * 4 + ip("192.168.7.50") + ip("192.168.7.1") + q[24:44] + b"\0" * 192 + q[236:240]
        s.sendto((a + options + b"\xff").ljust(300, b"\0"), ("255.255.255.255", 68))


def build():
    """The reason why it cannot be tried here, or None."""
    if os.geteuid():
        return "needs root"
    for argv in ([["ip", "netns", "add", n] for n in (PC, LAN)] +
                 [["ip", "-n", PC, "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", LAN],
                  ["ip", "-n", PC, "link", "set", "eth0", "up"], ["ip", "-n", LAN, "link", "set", "eth0", "up"],
                  ["ip", "-n", LAN, "addr", "add", "192.168.7.1/24", "dev", "eth0"]]):
        r = run(*argv)
        if r.returncode:
            return "network namespaces are not permitted: " + r.stderr.strip()
    return None


def ask(offers, rp_filter, may_bind):
    for key, value in (("net.ipv4.conf.all.rp_filter", rp_filter), ("net.ipv4.conf.eth0.rp_filter", rp_filter),
                       ("net.ipv4.ip_unprivileged_port_start", 0 if may_bind else 1024)):
        run("ip", "netns", "exec", PC, "sysctl", "-qw", f"{key}={value}")
    inside, outside = os.pipe()
    server = None
    if offers:
        server = subprocess.Popen(["ip", "netns", "exec", LAN, sys.executable, "-B", __file__, "serve", str(inside)],
                                  pass_fds=[inside], stdout=subprocess.PIPE, text=True)
        server.stdout.readline()
    r = run("ip", "netns", "exec", PC, "setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", PRINT, "--deadline", "5")
    os.close(outside)
    if server:
        server.wait()
    os.close(inside)
    seen = [o for o in map(json.loads, r.stdout.splitlines()) if o.get("id") == "dhcp"]
    return seen[-1] if seen else {"value": "(nothing)", "reason": r.stderr}


def main():
    reason = build()
    try:
        if reason:
            print(f"1..0 # SKIP {reason}")
            return 0
        print(f"1..{len(CASES)}")
        failed = 0
        for number, (name, offers, rp_filter, may_bind, value, words) in enumerate(CASES, 1):
            seen = ask(offers, rp_filter, may_bind)
            good = seen["value"] == value and (words is None or words in (seen.get("reason") or ""))
            failed += not good
            print(f"{'ok' if good else 'not ok'} {number} {name}")
            if not good:
                print(f"# saw {seen}")
        return 1 if failed else 0
    finally:
        for name in (PC, LAN):
            run("ip", "netns", "del", name)


if __name__ == "__main__":
    sys.exit(serve_here(int(sys.argv[2])) if sys.argv[1:2] == ["serve"] else main())
