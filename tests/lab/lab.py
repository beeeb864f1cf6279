#!/usr/bin/env python3
"""lab.py - a fault lab of network namespaces for a payment-terminal network doctor.

  pc ----cable---- lan ---- router ----cable---- isp ---- inet  (DNS, NTP, web)
  term --cable---- (switch)                        \\---- prov  (payment provider)
  nas ------------ /

Cases (cases.py) describe the world that a fault makes; this file builds the shop and moves it from
one world to the next.  Needs root, iproute2, nftables, openssl; Python 3 standard library only.
"""
import argparse, copy, glob, json, os, pwd, re, shlex, shutil, signal, socket, subprocess, sys, time
import ns
from cases import BASE, CASES
import cases_more  # noqa: F401 (registers its cases)
import cases_other  # noqa: F401

HERE = os.path.dirname(os.path.abspath(__file__))
RUN = "/run/faultlab"
HOSTS = ("pc", "term", "nas", "lan", "router", "isp", "inet", "prov")
PC_MAC, TERM_MAC, NAS_MAC, ROUTER_MAC = "02:00:00:00:01:0a", "02:00:00:00:01:32", "02:00:00:00:01:63", "02:00:00:00:01:01"


class Lab:
    def __init__(self, ident, icmp="closed"):
        self.icmp = icmp
        if not re.fullmatch(r"[a-z0-9]{1,6}", ident):
            sys.exit("lab id: one to six letters or digits")
        self.id, self.prefix, self.dir = ident, f"flab{ident}-", f"{RUN}/{ident}"
        self.state = f"{self.dir}/state.json"

    def ns(self, host):
        return self.prefix + host

    # -------------------------------------------------------------- small tools

    def ip(self, host, lines, check=True):
        """Run a batch of `ip` commands in one namespace."""
        cmd = ["ip", "-n", self.ns(host), "-force", "-batch", "-"] if host else ["ip", "-force", "-batch", "-"]
        r = subprocess.run(cmd, input="\n".join(lines) + "\n", capture_output=True, text=True)
        if check and r.returncode:
            raise RuntimeError(f"ip in {host}: {r.stderr}\n" + "\n".join(lines))

    def flush(self, host, v6=False):
        """Take a host's addresses and routes away."""
        for cmd in ["-4 addr flush dev eth0", "-4 route flush table main"] + ["-6 addr flush dev eth0 scope global", "-6 route flush table main proto static"] * v6:
            subprocess.run(["ip", "-n", self.ns(host), *cmd.split()], capture_output=True)

    def nft(self, host, text):
        with ns.inside(self.ns(host)):
            r = subprocess.run(["nft", "-f", "-"], input="flush ruleset\n" + text, capture_output=True, text=True)
        if r.returncode:
            raise RuntimeError(f"nft in {host}: {r.stderr}\n{text}")

    def sysctl(self, host, values):
        with ns.inside(self.ns(host)):
            for k, v in values.items():
                with open("/proc/sys/net/" + k.replace(".", "/"), "w") as f:
                    f.write(str(v))

    def ask(self, message):
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(60)
            s.connect(f"{self.dir}/labd.sock")
            s.sendall(json.dumps(message).encode() + b"\n")
            r = json.loads(s.makefile().readline())
        if r.get("ok") is False:
            raise RuntimeError("labd: " + r["error"])
        return r

    def wire(self, cfg):
        me = f"{self.dir}/wire-client.{os.getpid()}"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as s:
            s.settimeout(5)
            s.bind(me)
            try:
                s.sendto(json.dumps(cfg).encode(), f"{self.dir}/wire.sock")
                r = json.loads(s.recv(4096))
            finally:
                os.unlink(me)
        if not r["ok"]:
            raise RuntimeError("wire: " + r["error"])

    def daemon(self, name, *argv):
        log = open(f"{self.dir}/{name}.log", "ab")
        p = subprocess.Popen([sys.executable, "-B", f"{HERE}/{name}.py", f"{self.dir}/{name}.sock", *argv], stdin=subprocess.DEVNULL,
                             stdout=log, stderr=log, start_new_session=True)
        with open(f"{self.dir}/{name}.pid", "w") as f:
            f.write(str(p.pid))
        return p

    # -------------------------------------------------------------- build and clear away

    def up(self):
        self.down()
        os.makedirs(self.dir, mode=0o700)
        os.chmod(RUN, 0o711)
        n = self.ns
        cables = [{"name": "pc", "a": [n("pc"), "eth0"], "b": [n("lan"), "pc0"]},
                  {"name": "term", "a": [n("term"), "eth0"], "b": [n("lan"), "term0"]},
                  {"name": "wan", "a": [n("router"), "wan0"], "b": [n("isp"), "acc0"]}]
        self.ip(None, [f"netns add {n(h)}" for h in HOSTS])
        procs = [self.daemon("labd", self.prefix, f"{RUN}/pki", PC_MAC), self.daemon("wire", json.dumps(cables))]
        for h in HOSTS:
            self.sysctl(h, {"ipv6.conf.all.accept_dad": 0, "ipv6.conf.default.accept_dad": 0, "ipv6.conf.all.accept_ra": 0, "ipv6.conf.default.accept_ra": 0,
                            "ipv4.tcp_congestion_control": "reno"})
        if self.icmp == "open":                                           # Debian 12 leaves ICMP sockets closed to ordinary users
            self.sysctl("pc", {"ipv4.ping_group_range": "0 2147483647"})
        for h in ("router", "isp"):
            self.sysctl(h, {"ipv4.ip_forward": 1, "ipv6.conf.all.forwarding": 1, "ipv4.conf.all.send_redirects": 0, "ipv4.conf.default.send_redirects": 0})
        self.ip("lan", ["link add br0 type bridge stp_state 0 forward_delay 0", f"link add rtr0 type veth peer name lan0 netns {n('router')} address {ROUTER_MAC}",
                        f"link add nas0 type veth peer name eth0 netns {n('nas')} address {NAS_MAC}"])
        self.ip("isp", [f"link add up0 type veth peer name up0 netns {n('inet')}", f"link add prov0 type veth peer name eth0 netns {n('prov')}"])
        deadline = time.monotonic() + 10
        while not (os.path.exists(f"{self.dir}/wire.sock") and os.path.exists(f"{self.dir}/labd.sock")):
            if any(p.poll() is not None for p in procs) or time.monotonic() > deadline:
                raise RuntimeError("a lab daemon did not start: " + "".join(open(f"{self.dir}/{d}.log").read() for d in ("wire", "labd")))
            time.sleep(0.005)
        self.ip("lan", ["link set lo up", "link set br0 up"] + [f"link set {p} up master br0" for p in ("pc0", "term0", "rtr0", "nas0")])
        self.ip("pc", ["link set lo up", f"link set eth0 address {PC_MAC}"])
        self.ip("term", ["link set lo up", f"link set eth0 address {TERM_MAC}"])
        self.ip("nas", ["link set lo up", "link set eth0 up"])
        self.ip("router", ["link set lo up", "link set lan0 up", "link set wan0 address 02:00:00:00:02:02 up", "addr add 192.168.1.1/24 dev lan0", "addr add fe80::1/64 dev lan0 nodad",
                           "addr add 2001:db8:1::1/64 dev lan0 nodad", "addr add 198.18.0.2/30 dev wan0", "addr add 2001:db8:ff::2/64 dev wan0 nodad",
                           "route add default via 198.18.0.1", "route add default via 2001:db8:ff::1"])
        self.ip("isp", ["link set lo up", "link set acc0 address 02:00:00:00:02:01 up", "link set up0 up", "link set prov0 up", "addr add 198.18.0.1/30 dev acc0", "addr add 2001:db8:ff::1/64 dev acc0 nodad",
                        "addr add 198.19.0.1/30 dev up0", "addr add 2001:db8:fe::1/64 dev up0 nodad", "addr add 203.0.113.1/24 dev prov0", "addr add 2001:db8:203::1/64 dev prov0 nodad",
                        "route add 2001:db8:1::/64 via 2001:db8:ff::2", "route add default via 198.19.0.2", "route add default via 2001:db8:fe::2"])
        for h, dev, ip4, ip6, mac in (("router", "wan0", "198.18.0.1", "2001:db8:ff::1", "02:00:00:00:02:01"),
                                      ("isp", "acc0", "198.18.0.2", "2001:db8:ff::2", "02:00:00:00:02:02")):                         # a point-to-point line needs no ARP
            self.ip(h, [f"neigh replace {a} lladdr {mac} dev {dev} nud permanent" for a in (ip4, ip6)])
        self.ip("inet", ["link set lo up", "link set up0 up", "addr add 198.19.0.2/30 dev up0", "addr add 2001:db8:fe::2/64 dev up0 nodad"] +
                [f"addr add {a} dev lo" for a in ("198.51.100.53/32", "198.51.100.66/32", "198.51.100.80/32", "198.51.100.123/32", "1.1.1.1/32", "8.8.8.8/32", "9.9.9.9/32",
                                                  "2001:db8:51::53/128", "2001:db8:51::80/128")] +
                ["route add default via 198.19.0.1", "route add default via 2001:db8:fe::1"])
        self.ip("prov", ["link set lo up", "link set eth0 up", "addr add 2001:db8:203::10/64 dev eth0 nodad", "route add default via 2001:db8:203::1", "addr add 203.0.113.10/24 dev eth0",
                         "route add default via 203.0.113.1"])
        etc = f"/etc/netns/{n('pc')}"
        os.makedirs(f"{etc}/ssl/certs", exist_ok=True)
        shutil.copy("/etc/ssl/openssl.cnf", f"{etc}/ssl/openssl.cnf")
        with open(f"{etc}/ssl/certs/ca-certificates.crt", "w") as out:      # the PC trusts the world's authorities and the lab's
            for f in ("/etc/ssl/certs/ca-certificates.crt", f"{RUN}/pki/root.crt"):
                if os.path.exists(f):
                    out.write(open(f).read())
        with open(f"{etc}/nsswitch.conf", "w") as f:
            f.write("passwd: files\ngroup: files\nhosts: files dns\nnetworks: files\nprotocols: files\nservices: files\n")
        self.apply(BASE, None)

    def down(self):
        for name in ("labd", "wire"):
            try:
                pid = int(open(f"{self.dir}/{name}.pid").read())
                if f"{self.dir}/{name}.sock" not in open(f"/proc/{pid}/cmdline").read().split("\0"):
                    continue
                os.kill(pid, signal.SIGTERM)
                end = time.monotonic() + 2
                while time.monotonic() < end and os.path.exists(f"/proc/{pid}") and open(f"/proc/{pid}/stat").read().rsplit(")")[-1].split()[0] != "Z":
                    time.sleep(0.005)
                try:
                    os.waitpid(pid, os.WNOHANG)
                except ChildProcessError:
                    pass
                if os.path.exists(f"/proc/{pid}") and time.monotonic() >= end:
                    os.kill(pid, signal.SIGKILL)
            except (OSError, ValueError):
                pass
        gone = [os.path.basename(p) for p in glob.glob(f"/run/netns/{self.prefix}*")]
        if gone:
            self.ip(None, [f"netns del {g}" for g in gone], check=False)
        shutil.rmtree(f"/etc/netns/{self.ns('pc')}", ignore_errors=True)
        for d in ("/etc/netns",):
            try:
                os.rmdir(d)
            except OSError:
                pass
        shutil.rmtree(self.dir, ignore_errors=True)

    def nic(self, errors):
        """Give the PC a network card that counts receive errors, or its plain one back.

        The card is a VXLAN device whose outer packets are marked CE at random: the kernel must drop those (RFC 6040)
        and counts them in rx_errors and rx_frame_errors, which no TAP or veth ever does.
        """
        n = self.ns
        if errors:
            self.ip(None, [f"netns add {n('pcx')}", f"netns add {n('swx')}"])
            self.ip("pc", ["link set eth0 down", f"link set eth0 netns {n('swx')} name cable"])
            self.ip("pcx", [f"link add u0 mtu 1600 type veth peer name u1 mtu 1600 netns {n('swx')}", "addr add 10.255.0.1/30 dev u0", "link set u0 up",
                            "link add vx type vxlan id 5 remote 10.255.0.2 local 10.255.0.1 dstport 4789", f"link set vx address {PC_MAC} netns {n('pc')} name eth0"])
            self.ip("swx", ["addr add 10.255.0.2/30 dev u1", "link set u1 up", "link add vx type vxlan id 5 remote 10.255.0.1 local 10.255.0.2 dstport 4789", "link add b0 type bridge",
                            "link set cable address 02:00:00:00:01:fe", "link set cable up master b0", "link set vx up master b0", "link set b0 up"])
            self.nft("pcx", "table inet e {\n chain p {\n  type filter hook prerouting priority -150\n  udp dport 4789 numgen random mod 1000 < %d ip ecn set ce\n }\n}\n" % int(errors * 1000))
        else:
            self.ip("pc", ["link del eth0"])
            self.ip("swx", ["link set cable down nomaster", f"link set cable address {PC_MAC} netns {n('pc')} name eth0"])
            self.ip(None, [f"netns del {n('pcx')}", f"netns del {n('swx')}"])

    # -------------------------------------------------------------- from one world to the next

    def apply(self, w, old):
        differs = lambda *keys: old is None or any(w[k] != old[k] for k in keys)
        etc = f"/etc/netns/{self.ns('pc')}"
        self.wire(w["wire"])
        if differs("pc"):
            p = w["pc"]
            if p["nic_errors"] != (old["pc"]["nic_errors"] if old else 0):
                self.nic(p["nic_errors"])
            with ns.inside(self.ns("pc")):
                subprocess.run(["ethtool", "-s", "eth0", "speed", str(p["speed"]), "duplex", p["duplex"], "autoneg", "off"], capture_output=True)
            self.ip("pc", ["link set eth0 up mtu %d" % p["mtu"]])
            self.flush("pc", v6=True)
            self.ip("pc", [f"addr add {a} dev eth0" + (" nodad" if ":" in a else "") for a in p["addr"]] +
                    [f"route add {r} proto static" for r in p["routes"]] +
                    ([] if p["up"] else ["link set eth0 down"]), check=False)
            for name, text in (("resolv.conf", "".join(f"nameserver {d}\n" for d in p["dns"])), ("hosts", "127.0.0.1 localhost\n::1 localhost\n" + "".join(h + "\n" for h in p["hosts"]))):
                with open(f"{etc}/{name}", "w") as f:              # rewritten in place: running programs see it
                    f.write(text)
            self.nft("pc", p["nft"])
        if differs("term"):
            t = w["term"]
            self.ip("term", ["link set eth0 up"])
            self.flush("term")
            self.ip("term", [f"addr add {a} dev eth0" for a in t["addr"]] + [f"route add default via {t['gw']}"] * bool(t["gw"]), check=False)
            self.nft("term", t["nft"])
        if differs("nas"):
            self.flush("nas")
            self.ip("nas", [f"addr add {a} dev eth0" for a in w["nas"]["addr"]] + ["route add default via 192.168.1.1"], check=False)
        if differs("lan"):
            self.ip("lan", ["link set rtr0 " + ("up" if w["lan"]["router_port"] else "down")])
            for port in ("pc0", "term0"):
                subprocess.run(["bridge", "-n", self.ns("lan"), "link", "set", "dev", port, "isolated", "on" if w["lan"]["isolate"] else "off"], check=True)
        if differs("router"):
            r = w["router"]
            lines = lambda k: "\n  ".join(r.get(k, []))
            self.sysctl("router", {"netfilter.nf_conntrack_udp_timeout": r["udp_timeout"]})
            self.nft("router", f"""table inet lab {{
 chain input {{
  type filter hook input priority 0
  {lines('input')}
 }}
 chain forward {{
  type filter hook forward priority 0
  {lines('forward')}
 }}
 chain pre {{
  type nat hook prerouting priority -100
  {lines('prerouting')}
 }}
 chain post {{
  type nat hook postrouting priority 100
  oifname "wan0" meta nfproto ipv4 masquerade
 }}
}}
""")
        if differs("isp"):
            i = w["isp"]
            self.nft("isp", "table inet lab {\n chain forward {\n  type filter hook forward priority 0\n  " + "\n  ".join(i["forward"]) + "\n }\n chain output {\n  type filter hook output priority 0\n  " +
                     "\n  ".join(i["output"]) + "\n }\n chain post {\n  type nat hook postrouting priority 100\n  " + "\n  ".join(i["post"]) + "\n }\n}\n")
            self.ip("isp", [f"link set acc0 mtu {i['mtu']}"])
        if differs("prov"):
            self.ip("prov", ["link set eth0 " + ("up" if w["prov"]["up"] else "down")] +
                    (["addr replace 2001:db8:203::10/64 dev eth0 nodad", "route replace default via 203.0.113.1", "route replace default via 2001:db8:203::1"] if w["prov"]["up"] else []))
            self.nft("prov", w["prov"]["nft"])
        for h in ("pc", "term", "nas", "router", "isp", "prov"):          # no memories of the former world
            self.ip(h, ["neigh flush all"], check=False)
        for h in ("pc", "term", "router", "prov", "inet"):                # nor of its path MTUs
            self.sysctl(h, {"ipv4.route.flush": 1, "ipv6.route.flush": 1})
        for h in ("router", "isp"):
            with ns.inside(self.ns(h)):
                subprocess.run(["conntrack", "-F"], capture_output=True) if shutil.which("conntrack") else None
        self.ask({"world": w["svc"]})                                     # last: other devices' traffic starts in the new world
        with open(self.state, "w") as f:
            json.dump({"world": w, "case": None}, f)

    def inject(self, name):
        """Turn the running lab into the case's world. Returns seconds taken."""
        case = CASES[name]
        t = time.monotonic()
        old = json.load(open(self.state))["world"]
        w = copy.deepcopy(BASE)
        case.change(w)
        self.apply(w, old)
        with open(self.state, "w") as f:
            json.dump({"world": w, "case": name}, f)
        took = time.monotonic() - t
        if case.settle:
            time.sleep(case.settle)
        return took

    # -------------------------------------------------------------- running things inside

    def run_in(self, host, argv, timeout=None, user=None, **kw):
        """Run a command in a host's namespace, with the host's own /etc (resolv.conf, hosts, trusted CAs)."""
        cmd = ["ip", "netns", "exec", self.ns(host)]
        if user:
            who = pwd.getpwnam(user)
            cmd += ["setpriv", f"--reuid={who.pw_uid}", f"--regid={who.pw_gid}", "--clear-groups", "--inh-caps=-all"]
        env = dict(os.environ, FAULTLAB_ID=self.id)
        for k in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "CURL_CA_BUNDLE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"):
            env.pop(k, None)
        return subprocess.run(cmd + argv, timeout=timeout, env=env, **kw)

    def observe(self, step):
        """Run one independent observation; returns (holds, output, seconds)."""
        t = time.monotonic()
        if step.host == "labd":                              # the terminal's own transaction, seen on its display
            out, rc = json.dumps(self.ask({"txn": 1})), 0
        else:
            try:
                r = self.run_in(step.host, ["sh", "-c", step.cmd], timeout=45, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                out, rc = r.stdout.decode("utf8", "replace"), r.returncode
            except subprocess.TimeoutExpired as e:
                out, rc = (e.stdout or b"").decode("utf8", "replace") + "\n[timed out]", 124
        try:
            holds = bool(step.check(out, rc)) if callable(step.check) else re.search(step.check, out) is not None
        except Exception as e:
            holds, out = False, out + f"\n[check failed: {e!r}]"
        return holds, out, time.monotonic() - t


# ------------------------------------------------------------------ the command line

def prove(lab, names, verbose, control):
    bad, report = 0, []
    for name in names:
        case = CASES[name]
        took = lab.inject(name)
        results = [(s, *lab.observe(s)) for s in case.proof]
        ok = all(r[1] for r in results)
        bad += not ok
        print(f"{'PASS' if ok else 'FAIL'}  {name:28} {case.cause:32} inject {took:4.2f} s, proof {sum(r[3] for r in results):5.2f} s", flush=True)
        for s, holds, out, sec in results:
            if verbose or not holds:
                print(f"      [{'ok' if holds else 'NO'}] {s.host}$ {s.cmd}   ({s.why})\n" + "".join(f"          | {x}\n" for x in out.strip().splitlines()[-25:]), flush=True)
        report.append({"case": name, "cause": case.cause, "ok": ok, "inject_s": round(took, 3), "settle_s": case.settle,
                       "proof": [{"host": s.host, "cmd": s.cmd, "why": s.why, "holds": h, "seconds": round(sec, 3), "output": out[-1500:]} for s, h, out, sec in results]})
    if control:                                              # the same observations on the healthy shop must not all hold
        lab.inject("healthy")
        for name in names:
            if CASES[name].cause == "no-fault-found":
                continue
            held = [lab.observe(s)[0] for s in CASES[name].proof]
            fine = not all(held)
            bad += not fine
            print(f"{'PASS' if fine else 'FAIL'}  control {name}: {held.count(False)} of {len(held)} observations are absent when healthy", flush=True)
            next(r for r in report if r["case"] == name)["control"] = fine
    return bad, report


def main():
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--id", default="a", help="which lab (several can stand side by side)")
    a.add_argument("--icmp", choices=("closed", "open"), default="closed", help="unprivileged ICMP sockets in the shop PC: closed as on Debian 12 (default), open as on Debian 13 or Fedora")
    sub = a.add_subparsers(dest="verb", required=True)
    sub.add_parser("up", help="build the healthy shop")
    sub.add_parser("down", help="remove this lab").add_argument("--all", action="store_true", help="every lab, and the cached certificates")
    x = sub.add_parser("list", help="the cases"); x.add_argument("--json", action="store_true")
    sub.add_parser("inject", help="put a fault in").add_argument("case", choices=CASES)
    sub.add_parser("heal", help="back to the healthy shop")
    sub.add_parser("status", help="what is standing")
    x = sub.add_parser("exec", help="run a command in a host"); x.add_argument("--user"); x.add_argument("host", choices=HOSTS); x.add_argument("argv", nargs=argparse.REMAINDER)
    sub.add_parser("txn", help="let the terminal do one transaction")
    x = sub.add_parser("prove", help="inject cases and check by independent tools that each fault is real")
    x.add_argument("case", nargs="*"); x.add_argument("-v", action="store_true"); x.add_argument("--control", action="store_true"); x.add_argument("--json")
    x = sub.add_parser("score", help="run a program in the shop PC once per case; its stdout is JSON with a cause")
    x.add_argument("--key", default="cause"); x.add_argument("--only"); x.add_argument("--timeout", type=float, default=60); x.add_argument("--user"); x.add_argument("--json"); x.add_argument("argv", nargs=argparse.REMAINDER)
    o = a.parse_args()
    if o.verb == "list":
        rows = [dict(name=n, cause=c.cause, also=c.also, title=c.title) for n, c in CASES.items()]
        print(json.dumps(rows, indent=1) if o.json else "\n".join(f"{r['name']:28} {r['cause']:32} {r['title']}" for r in rows))
        return 0
    if os.geteuid():
        sys.exit("the lab needs root")
    lab = Lab(o.id, o.icmp)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if o.verb == "up":
        t = time.monotonic(); lab.up(); print(f"up in {time.monotonic() - t:.2f} s")
    elif o.verb == "down":
        t = time.monotonic()
        for d in (sorted(os.listdir(RUN)) if o.all and os.path.isdir(RUN) else [o.id]):
            if d != "pki":
                Lab(d).down()
        if o.all:
            shutil.rmtree(RUN, ignore_errors=True)
        print(f"down in {time.monotonic() - t:.2f} s")
    elif o.verb == "status":
        print(open(lab.state).read() if os.path.exists(lab.state) else "no such lab")
    elif o.verb in ("inject", "heal"):
        print(f"injected in {lab.inject(o.case if o.verb == 'inject' else 'healthy'):.2f} s")
    elif o.verb == "exec":
        argv = o.argv[1:] if o.argv[:1] == ["--"] else o.argv
        return lab.run_in(o.host, argv, user=o.user).returncode
    elif o.verb == "txn":
        print(json.dumps(lab.ask({"txn": 1}), indent=1))
    else:
        names = [n for n in CASES if not getattr(o, "only", None) or re.search(o.only, n)] if o.verb == "score" else (o.case or list(CASES))
        try:
            lab.up()
            if o.verb == "prove":
                bad, report = prove(lab, names, o.v, o.control)
                print(f"{len(names)} cases, {bad} bad")
            else:
                argv, bad, report = (o.argv[1:] if o.argv[:1] == ["--"] else o.argv), 0, []
                for n in names:
                    lab.inject(n)
                    t = time.monotonic()
                    try:
                        r = lab.run_in("pc", argv, timeout=o.timeout, user=o.user, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
                        said = json.loads(r.stdout).get(o.key)
                    except (subprocess.TimeoutExpired, ValueError, AttributeError) as e:
                        said = f"({type(e).__name__})"
                    hit = said == CASES[n].cause or said in CASES[n].also
                    bad += not hit
                    report.append({"case": n, "want": CASES[n].cause, "said": said, "ok": hit, "seconds": round(time.monotonic() - t, 2)})
                    print(f"{'ok  ' if hit else 'MISS'} {n:28} want {CASES[n].cause:32} said {said}  {time.monotonic() - t:.2f} s", flush=True)
                print(f"{len(names) - bad} of {len(names)} right")
            if o.json:
                with open(o.json, "w") as f:
                    json.dump(report, f, indent=1)
            return 1 if bad else 0
        finally:
            lab.down()
    return 0


if __name__ == "__main__":
    sys.exit(main())
