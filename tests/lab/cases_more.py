"""More cases: other faults, other strengths, other addresses.

They follow the same rules as those of cases.py, and are proved by the same tools.
"""
from cases import CURL, GW_OK, NET_CUT, NET_OK, PAY, PAY_OK, TERM_OK, TXN_00, TXN_96, WEB_OK, case, clear, cut, lossy, offset, ping, provider


# ------------------------------------------------------------------ healthy, although it looks odd

@case("healthy-duplicates", "no-fault-found", "the line delivers some packets twice", PAY_OK, TXN_00)
def _(w): w["wire"]["wan"] = {"both": {"delay": 0.010, "dup": 0.05}}


@case("healthy-60ms", "no-fault-found", "a line with 60 ms round trip", PAY_OK, TXN_00)
def _(w): w["wire"]["wan"] = {"both": {"delay": 0.030}}


@case("healthy-lopsided", "no-fault-found", "10 ms out, 90 ms back: no clock fault", PAY_OK, TXN_00)
def _(w): w["wire"]["wan"] = {"ab": {"delay": 0.010}, "ba": {"delay": 0.090}}


@case("healthy-honest-mtu", "no-fault-found", "a 1400 byte line that says so", PAY_OK, TXN_00)
def _(w): w["isp"]["mtu"] = 1400


@case("healthy-router-mute", "no-fault-found", "the router drops echo requests", PAY_OK, TXN_00, ("pc", ping("192.168.1.1"), cut, "the router is mute"))
def _(w): w["router"]["input"] = ["icmp type echo-request drop", "icmpv6 type echo-request drop"]


# ------------------------------------------------------------------ this computer

@case("pc-adapter-off", "pc-adapter-off", "the network adapter is switched off", ("pc", "ip link show eth0", r"state DOWN", "off"), TXN_00)
def _(w): w["pc"]["up"] = False


@case("pc-nic-errors", "lan-lossy", "the network card counts receive errors", ("pc", ping("192.168.1.1", 200, 0.005), lossy(5, 40), "losses to the router"), TXN_00)
def _(w): w["pc"]["nic_errors"] = 0.15


@case("pc-lan-corrupt", "lan-lossy", "a cable that flips bits", ("pc", ping("192.168.1.1", 200, 0.005), lossy(2, 40), "losses to the router"), TXN_00)
def _(w): w["wire"]["pc"] = {"both": {"corrupt": 0.08}}


@case("pc-no-address", "pc-no-address", "no IPv4 address, although DHCP offers one", ("pc", "ip -4 -o addr show eth0 | wc -l", r"^0", "no address"), ("pc", "timeout 6 udhcpc -f -n -q -t 2 -T 1 -i eth0 -s /bin/true", r"lease of 192\.168\.1\.10 obtained", "DHCP offers one"), TXN_00)
def _(w):
    w["pc"]["addr"].pop(0)
    w["pc"]["routes"].pop(0)


@case("pc-address-conflict", "pc-address-conflict", "another device uses this computer's address", TXN_00, also=["lan-lossy"])
def _(w): w["svc"].update(impostor="192.168.1.10", impostor_every=0.3)


@case("pc-hosts-override", "pc-hosts-override", "the hosts file holds an old address of the provider", ("pc", "getent ahostsv4 pay.provider.test", r"198\.51\.100\.66", "the hosts file wins"), TXN_00)
def _(w): w["pc"]["hosts"] = ["198.51.100.66 pay.provider.test"]


@case("pc-firewall-drop", "pc-firewall", "the computer's own firewall drops the payment port in silence", TXN_00, also=["payment-port-blocked"])
def _(w): w["pc"]["nft"] = "table inet fw {\n chain out {\n  type filter hook output priority 0\n  tcp dport 5443 drop\n }\n}\n"


@case("pc-firewall-reset", "pc-firewall", "the computer's own firewall resets the payment port", TXN_00, also=["payment-port-blocked"])
def _(w): w["pc"]["nft"] = "table inet fw {\n chain out {\n  type filter hook output priority 0\n  tcp dport 5443 reject with tcp reset\n }\n}\n"


@case("pc-clock-ahead", "pc-clock-wrong", "the clock is 400 days fast", ("pc", "timeout 4 ntpdig -t 1 ntp.example.test", offset(-34560000), "NTP says -400 days"), TXN_00)
def _(w): w["svc"]["shift"] = -400 * 86400


@case("pc-clock-10-minutes", "pc-clock-wrong", "the clock is ten minutes slow", TXN_00)
def _(w): w["svc"]["shift"] = 600


@case("pc-second-dns-dead", "pc-dns-wrong", "the first of two name servers does not exist", TXN_00, also=["no-fault-found"])
def _(w): w["pc"]["dns"] = ["192.168.1.77", "192.168.1.1"]


@case("pc-gateway-is-the-nas", "pc-gateway-wrong", "the default gateway is a device that is no router", NET_CUT, TXN_00)
def _(w): w["pc"]["routes"] = ["default via 192.168.1.99 dev eth0"]


@case("pc-netmask-25", "pc-netmask-wrong", "mask /27: the terminal seems to be elsewhere", PAY_OK)
def _(w): w["pc"]["addr"][0] = "192.168.1.10/27"


# ------------------------------------------------------------------ the terminal

@case("terminal-address-taken", "terminal-address-conflict", "another device uses the terminal's address")
def _(w): w["svc"].update(impostor="192.168.1.50", impostor_every=0.3)


@case("terminal-isolated", "terminal-isolated", "the network keeps its clients apart", TXN_00, also=["terminal-offline"])
def _(w): w["lan"]["isolate"] = True


@case("terminal-wrong-dns", "terminal-dns-wrong", "the terminal asks a name server that is not there", TERM_OK, TXN_96, also=["terminal-address-wrong", "terminal-blocked"])
def _(w): w["svc"]["terminal"] = {"dns": "192.168.1.77"}


@case("terminal-blocked", "terminal-blocked", "the router lets everybody out but the terminal", TERM_OK, TXN_96, also=["terminal-address-wrong", "terminal-dns-wrong"])
def _(w): w["router"]["forward"] = ["ip saddr 192.168.1.50 drop"]


# ------------------------------------------------------------------ the router and the line

@case("router-table-full", "router-table-full", "the router's table of connections is full", GW_OK, settle=2.5)
def _(w):
    w["router"]["forward"] = ["ct count over 40 drop"]
    w["svc"]["load"] = {"idle": 60}


@case("isp-outage", "isp-outage", "the line is up, the internet provider carries nothing on", GW_OK, NET_CUT, TXN_96, also=["line-down"])
def _(w): w["isp"]["forward"] = ["drop"]


@case("isp-no-route", "isp-outage", "the internet provider says that there is no way", GW_OK, NET_CUT, TXN_96, also=["line-down"])
def _(w): w["isp"]["forward"] = ["reject with icmpx no-route"]


@case("payment-port-rejected", "payment-port-blocked", "the router rejects the payment port", PAY_OK, TXN_96)
def _(w): w["router"]["forward"] = ["tcp dport 5443 reject with icmpx admin-prohibited"]


@case("payment-port-reset", "payment-port-blocked", "the router resets the payment port", PAY_OK, TXN_96)
def _(w): w["router"]["forward"] = ["tcp dport 5443 reject with tcp reset"]


@case("payment-port-dropped-outside", "payment-port-blocked", "the internet provider drops the payment port", PAY_OK, TXN_96, also=["provider-unreachable", "provider-silent"])
def _(w): w["isp"]["forward"] = ["tcp dport 5443 drop"]


@case("ipv6-broken", "ipv6-broken", "IPv6 addresses are given out, but lead nowhere", PAY_OK)
def _(w): w["router"]["forward"] = ["meta nfproto ipv6 drop"]


@case("mtu-black-hole-inwards", "mtu-black-hole", "large packets vanish only on their way in", TXN_96)
def _(w): w["wire"]["wan"] = {"both": {"delay": 0.010}, "ba": {"mtu": 1200}}


@case("wan-loss-5", "line-lossy", "5 % packet loss on the line")
def _(w): w["wire"]["wan"] = {"both": {"delay": 0.010}, "ba": {"loss": 0.05}}


@case("wan-loss-bursts", "line-lossy", "packets are lost in bursts of 30 ms")
def _(w): w["wire"]["wan"] = {"both": {"delay": 0.010}, "ba": {"loss": 0.20, "burst": 0.03}}


@case("wan-latency-500", "line-latency", "500 ms round trip")
def _(w): w["wire"]["wan"] = {"both": {"delay": 0.250}}


@case("wan-slow", "line-slow", "128 kbit/s both ways", also=["line-congested", "line-latency"])
def _(w): w["wire"]["wan"] = {"both": {"delay": 0.010, "rate": 128_000, "queue": 32_000}}


@case("wan-download-bloat", "line-congested", "somebody's download fills a big buffer", settle=2.5, also=["line-latency"])
def _(w):
    w["wire"]["wan"] = {"both": {"delay": 0.010}, "ab": {"rate": 2_000_000, "queue": 64_000}, "ba": {"rate": 4_000_000, "queue": 400_000}}
    w["svc"]["load"] = {"down": 4}


@case("lan-loss-25", "lan-lossy", "one frame in four is lost between computer and switch", TXN_00)
def _(w): w["wire"]["pc"] = {"both": {"loss": 0.14}}


@case("proxy-env-free-web-blocked", "proxy-required", "web only through a proxy, all traffic but names and time stopped", also=["payment-port-blocked"])
def _(w):
    w["router"]["forward"] = ['iifname "lan0" ip saddr != 192.168.1.50 meta l4proto tcp reject', 'iifname "lan0" meta nfproto ipv6 meta l4proto tcp reject']
    w["svc"].update(proxy=True, wpad=True, local_names={"wpad": "192.168.1.1"})


# ------------------------------------------------------------------ names

@case("dns-refused", "dns-refused", "nothing listens on the router's name service port", GW_OK, NET_OK, TXN_96)
def _(w): w["svc"]["dns"] = {"router": {"mode": "closed"}}


@case("dns-says-refused", "dns-refused", "the name service refuses to answer us", GW_OK, NET_OK, TXN_96, also=["dns-failing"])
def _(w): w["svc"]["dns"] = {"isp": {"mode": "refused"}}


@case("dns-servfail", "dns-failing", "the name service fails on everything", GW_OK, NET_OK, TXN_96)
def _(w): w["svc"]["dns"] = {"isp": {"mode": "servfail"}}


@case("dns-router-silent", "dns-dead", "the router's name service hangs", GW_OK, NET_OK, TXN_96)
def _(w): w["svc"]["dns"] = {"router": {"mode": "silent"}}


@case("dns-slow-2s", "dns-slow", "the resolver takes 2 s")
def _(w): w["svc"]["dns"] = {"isp": {"mode": "slow", "seconds": 2}}


@case("dns-private-answer", "dns-wrong-answer", "the resolver gives a private address for the provider", TXN_96)
def _(w): w["svc"]["zone"] = {}; w["svc"]["dns"] = {"isp": {"mode": "hijack", "names": ["pay.provider.test"]}}


@case("pc-no-dns", "pc-dns-wrong", "the PC has no name server set; the router's works", TXN_00)
def _(w): w["pc"]["dns"] = []


# ------------------------------------------------------------------ the provider

provider("provider-port-closed", "provider-refused", "only the payment port is closed", None, PAY_OK, TXN_96, closed_ports=[5443])
provider("provider-busy-429", "provider-busy", "HTTP 429 with Retry-After", "busy429", TXN_96)
provider("provider-http-silent", "provider-silent", "TLS stands, then silence", "http-silent", TXN_96)
provider("provider-slow-5s", "provider-slow", "every answer takes 4.5 s", "slow", seconds=4.5)
provider("provider-slow-handshake", "provider-slow", "the handshake takes 3 s", "slow-handshake", seconds=3)
provider("provider-half-close", "provider-answer-broken", "the answer breaks off", "half-close", TXN_96)
provider("provider-garbage", "provider-answer-broken", "a web page instead of an answer", "garbage", TXN_96, also=["provider-malfunction"])
provider("provider-no-tls", "provider-tls-fault", "plain text where TLS is expected", "notls", TXN_96)
provider("cert-not-yet", "provider-certificate-fault", "a certificate that begins in five days", None, TXN_96, cert="notyet")
provider("cert-other-name", "provider-certificate-fault", "a certificate for another name", None, TXN_96, cert="wronghost")
provider("cert-incomplete", "provider-certificate-fault", "the issuer's certificate is missing", None, TXN_96, also=["tls-intercepted"], cert="nointermediate")


@case("provider-silent-host", "provider-unreachable", "the provider's machine swallows everything", NET_OK, WEB_OK, TXN_96, also=["provider-silent"])
def _(w): w["isp"]["forward"] = ["ip daddr 203.0.113.10 drop", "ip6 daddr 2001:db8:203::10 drop"]


@case("no-time-server", "no-fault-found", "the time server is silent: the clock is judged by the web", PAY_OK, TXN_00)
def _(w): w["svc"]["ntp"] = {"mode": "silent"}


@case("healthy-dns-limited", "no-fault-found", "no echo, and name servers that answer only so many questions a second: no lossy line", PAY_OK, TXN_00)
def _(w):
    w["isp"]["forward"] = ["icmp type echo-request drop", "icmpv6 type echo-request drop", "udp dport 53 limit rate over 100/second burst 5 packets drop"]


@case("wan-loss-10-ping-blocked", "line-lossy", "10 percent are lost on a line that also drops all echo", TXN_00)
def _(w):
    w["wire"]["wan"] = {"both": {"delay": 0.010}, "ba": {"loss": 0.10}}
    w["isp"]["forward"] = ["icmp type echo-request drop", "icmpv6 type echo-request drop"]
