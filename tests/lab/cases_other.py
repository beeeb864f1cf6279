"""Other cases: faults of kinds that the first two files do not have, two faults at once, and faults that come and go.

Where a person in the shop could not tell two causes apart either, `also` names the other one.
"""
from cases import PAY_OK, TXN_00, TXN_96, case, provider

LINE = {"both": {"delay": 0.010}}


# ------------------------------------------------------------------ healthy, although it looks odd

@case("healthy-wide-mask", "no-fault-found", "mask /16: the way works all the same", PAY_OK, TXN_00, also=["pc-netmask-wrong"])
def _(w): w["pc"]["addr"][0] = "192.168.1.10/16"


@case("healthy-spare-route", "no-fault-found", "a second default route that is worse, and dead", PAY_OK, TXN_00)
def _(w): w["pc"]["routes"] = ["default via 192.168.1.1 dev eth0 metric 10", "default via 192.168.1.254 dev eth0 metric 100", "default via fe80::1 dev eth0"]


@case("healthy-hosts-right", "no-fault-found", "the hosts file holds the right address", PAY_OK, TXN_00)
def _(w): w["pc"]["hosts"] = ["203.0.113.10 pay.provider.test"]


@case("healthy-hosts-others", "no-fault-found", "the hosts file holds other names", PAY_OK, TXN_00)
def _(w): w["pc"]["hosts"] = ["192.168.1.99 nas", "0.0.0.0 ads.example.test"]


@case("healthy-spare-dns-dead", "no-fault-found", "the second of two name servers does not exist", PAY_OK, TXN_00, also=["pc-dns-wrong"])
def _(w): w["pc"]["dns"] = ["192.168.1.1", "192.168.1.77"]


@case("healthy-strict-firewall", "no-fault-found", "the router lets out nothing but the web and the payment port", PAY_OK, TXN_00)
def _(w): w["router"]["forward"] = ['iifname "lan0" tcp dport { 80, 443, 5443 } accept', 'ct state established,related accept', 'iifname "lan0" drop']


@case("healthy-clamped-mtu", "no-fault-found", "a 1300 byte line whose router makes TCP fit", PAY_OK, TXN_00)
def _(w):
    w["wire"]["wan"] = {"both": {"delay": 0.010, "mtu": 1300}}
    w["router"]["forward"] = ["tcp flags syn tcp option maxseg size set 1200"]


@case("healthy-512k", "no-fault-found", "512 kbit/s both ways: enough for a card", PAY_OK, TXN_00, also=["line-slow"])
def _(w): w["wire"]["wan"] = {"both": {"delay": 0.015, "rate": 512_000, "queue": 64_000}}


@case("healthy-150ms", "no-fault-found", "150 ms round trip", PAY_OK, TXN_00)
def _(w): w["wire"]["wan"] = {"both": {"delay": 0.075}}


@case("healthy-time-server-wrong", "no-fault-found", "the time server is an hour off, the web is not", PAY_OK, TXN_00)
def _(w): w["svc"]["ntp"] = {"lie": 3600}


@case("healthy-dead-proxy-set", "no-fault-found", "a proxy is set that does not exist; the direct way works", PAY_OK, TXN_00, also=["proxy-required"])
def _(w): w["pc"]["env"] = {"https_proxy": "http://192.168.1.88:3128"}


@case("healthy-little-loss", "no-fault-found", "one packet in two hundred is lost", PAY_OK, TXN_00, also=["line-lossy"])
def _(w): w["wire"]["wan"] = {"both": {"delay": 0.010}, "ba": {"loss": 0.005}}


@case("healthy-reordered", "no-fault-found", "packets overtake one another", PAY_OK, TXN_00)
def _(w): w["wire"]["wan"] = {"both": {"delay": 0.010, "jitter": 0.004, "reorder": 0.10}}


# ------------------------------------------------------------------ faults that come and go

@case("pc-link-flapping-slowly", "pc-link-flapping", "up 3 s, down 2 s; looked at while it is up again", settle=5.7, also=["pc-link-down"])
def _(w): w["wire"]["pc"] = {"flap": [3.0, 2.0]}


@case("pc-link-flapping-down", "pc-link-flapping", "up 2 s, down 1.5 s; looked at while it is down", settle=2.2, also=["pc-link-down"])
def _(w): w["wire"]["pc"] = {"flap": [2.0, 1.5]}


@case("wan-flapping", "line-lossy", "the line comes and goes: up 1.5 s, down 0.5 s", settle=1.2, also=["line-down", "isp-outage", "line-congested"])
def _(w): w["wire"]["wan"] = {**LINE, "flap": [1.5, 0.5]}


@case("dns-half-silent", "dns-slow", "the name service answers every second question", also=["dns-dead", "no-fault-found", "line-lossy"])
def _(w): w["svc"]["dns"] = {"router": {"mode": "sometimes", "share": 0.5}}


provider("provider-sometimes", "provider-refused", "every second connection is reset", "sometimes", share=0.5, also=["provider-malfunction", "no-fault-found", "unknown"])


# ------------------------------------------------------------------ two faults at once

@case("two-dns-dead-and-loss", "dns-dead", "no name service, and a line that loses 10 %", also=["line-lossy"])
def _(w):
    w["svc"]["dns"] = {"router": {"mode": "silent"}}
    w["wire"]["wan"] = {**LINE, "ba": {"loss": 0.10}}


@case("two-busy-and-loss", "provider-busy", "the provider is busy, and the line loses 10 %", also=["line-lossy"])
def _(w):
    w["svc"]["provider"] = {"mode": "busy503"}
    w["wire"]["wan"] = {**LINE, "ba": {"loss": 0.10}}


@case("two-clock-and-certificate", "pc-clock-wrong", "the clock is ten minutes slow and the certificate is expired", also=["provider-certificate-fault"])
def _(w):
    w["svc"]["shift"] = 600
    w["svc"]["provider"] = {"cert": "expired"}


@case("two-terminal-off-and-silent-provider", "provider-silent", "the terminal is off, and the provider is silent", also=["terminal-offline"])
def _(w):
    w["wire"]["term"] = {"carrier": 0}
    w["svc"]["provider"] = {"mode": "silent"}


@case("two-hosts-and-dns", "pc-hosts-override", "a wrong hosts file, and a dead name service", also=["dns-dead"])
def _(w):
    w["pc"]["hosts"] = ["198.51.100.66 pay.provider.test"]
    w["svc"]["dns"] = {"router": {"mode": "silent"}}


@case("two-lan-and-line-loss", "lan-lossy", "loss on the cable, and on the line", also=["line-lossy"])
def _(w):
    w["wire"]["pc"] = {"both": {"loss": 0.06}}
    w["wire"]["wan"] = {**LINE, "ba": {"loss": 0.06}}


# ------------------------------------------------------------------ this computer

@case("pc-netmask-32", "pc-netmask-wrong", "mask /32: everybody seems to be elsewhere")
def _(w):
    w["pc"].update(addr=["192.168.1.10/32", "2001:db8:1::10/64"], routes=["default via 192.168.1.1 dev eth0 onlink", "default via fe80::1 dev eth0"])
    w["router"]["forward"] = ['iifname "lan0" oifname "lan0" drop']


@case("pc-better-route-dead", "pc-gateway-wrong", "two default routes: the better one leads nowhere", TXN_00, also=["router-dead"])
def _(w): w["pc"]["routes"] = ["default via 192.168.1.254 dev eth0 metric 10", "default via 192.168.1.1 dev eth0 metric 100", "default via fe80::1 dev eth0"]


@case("pc-other-network", "pc-gateway-wrong", "address and gateway of another network, set by hand", TXN_00, also=["pc-netmask-wrong", "pc-no-address", "router-dead"])
def _(w): w["pc"].update(addr=["192.168.7.10/24"], routes=["default via 192.168.7.1 dev eth0"], dns=["192.168.7.1"])


@case("pc-self-assigned", "pc-no-address", "a 169.254 address, although DHCP offers one", TXN_00, also=["dhcp-no-answer"])
def _(w): w["pc"].update(addr=["169.254.71.10/16"], routes=["169.254.0.0/16 dev eth0 metric 1000"], dns=[])


@case("pc-hosts-loopback", "pc-hosts-override", "the hosts file sends the provider's name to this computer", TXN_00)
def _(w): w["pc"]["hosts"] = ["127.0.0.1 pay.provider.test"]


@case("pc-hosts-blocked", "pc-hosts-override", "the hosts file blocks the provider with 0.0.0.0", TXN_00)
def _(w): w["pc"]["hosts"] = ["0.0.0.0 pay.provider.test"]


@case("pc-firewall-names", "pc-firewall", "the computer's own firewall drops all name questions", TXN_00, also=["dns-dead", "pc-dns-wrong"])
def _(w): w["pc"]["nft"] = "table inet fw {\n chain out {\n  type filter hook output priority 0\n  udp dport 53 drop\n  tcp dport 53 drop\n }\n}\n"


@case("pc-firewall-everything", "pc-firewall", "the computer's own firewall drops everything out", TXN_00, also=["router-dead", "line-down", "isp-outage", "unknown"])
def _(w): w["pc"]["nft"] = "table inet fw {\n chain out {\n  type filter hook output priority 0\n  ip daddr != 127.0.0.0/8 drop\n  ip6 daddr != ::1 drop\n }\n}\n"


@case("pc-clock-2-hours", "pc-clock-wrong", "the clock is two hours slow", TXN_00)
def _(w): w["svc"]["shift"] = 7200


# ------------------------------------------------------------------ the shop and the line

@case("lan-loss-inwards", "lan-lossy", "frames are lost only on their way to the computer", TXN_00)
def _(w): w["wire"]["pc"] = {"ba": {"loss": 0.12}}


@case("wan-loss-outwards", "line-lossy", "8 % are lost only on their way out")
def _(w): w["wire"]["wan"] = {**LINE, "ab": {"delay": 0.010, "loss": 0.08}}


@case("mtu-1300", "mtu-black-hole", "packets above 1300 bytes vanish in silence", TXN_96)
def _(w): w["wire"]["wan"] = {"both": {"delay": 0.010, "mtu": 1300}}


@case("mtu-1400", "mtu-black-hole", "packets above 1400 bytes vanish in silence", TXN_96)
def _(w): w["wire"]["wan"] = {"both": {"delay": 0.010, "mtu": 1400}}


@case("wan-narrow-out", "line-slow", "64 kbit/s out, plenty in", also=["line-congested", "line-latency"])
def _(w): w["wire"]["wan"] = {**LINE, "ab": {"delay": 0.010, "rate": 64_000, "queue": 16_000}}


@case("wan-narrow-in", "line-slow", "64 kbit/s in, plenty out", also=["line-congested", "line-latency"])
def _(w): w["wire"]["wan"] = {**LINE, "ba": {"delay": 0.010, "rate": 64_000, "queue": 16_000}}


@case("wan-small-bloat", "line-congested", "one upload on a 1 Mbit/s line", settle=2.5, also=["line-latency", "line-slow"])
def _(w):
    w["wire"]["wan"] = {**LINE, "ab": {"delay": 0.010, "rate": 1_000_000, "queue": 100_000}}
    w["svc"]["load"] = {"up": 1}


@case("wan-jitter-strong", "line-jitter", "between 20 and 520 ms from packet to packet", also=["line-congested"])
def _(w): w["wire"]["wan"] = {"both": {"delay": 0.130, "jitter": 0.125}}


@case("isp-net-unreachable", "provider-unreachable", "the internet provider knows no way to the provider", TXN_96)
def _(w): w["isp"]["forward"] = ["ip daddr 203.0.113.0/24 reject with icmp net-unreachable", "ip6 daddr 2001:db8:203::/64 reject with icmpv6 no-route"]


@case("isp-outage-v4", "isp-outage", "only IPv6 still gets through", also=["line-down"])
def _(w): w["isp"]["forward"] = ["meta nfproto ipv4 drop"]


@case("payment-port-denied-outside", "payment-port-blocked", "the internet provider rejects the payment port", PAY_OK, TXN_96, also=["provider-refused"])
def _(w): w["isp"]["forward"] = ["tcp dport 5443 reject with icmpx admin-prohibited"]


@case("payment-port-reset-outside", "payment-port-blocked", "somebody on the way resets the payment port", PAY_OK, TXN_96, also=["provider-refused"])
def _(w): w["isp"]["forward"] = ["tcp dport 5443 reject with tcp reset"]


@case("payment-port-denied-there", "provider-refused", "the provider's own firewall rejects the payment port", PAY_OK, TXN_96, also=["provider-unreachable", "payment-port-blocked"])
def _(w): w["prov"]["nft"] = "table inet fw {\n chain in {\n  type filter hook input priority 0\n  tcp dport 5443 reject with icmpx admin-prohibited\n }\n}\n"


@case("ipv6-dead-router", "ipv6-broken", "the IPv6 router that was announced is gone", PAY_OK, also=["no-fault-found"])
def _(w): w["pc"]["routes"][1] = "default via fe80::dead dev eth0"


@case("portal-page", "captive-portal", "a sign-in page in place of every web page, everything else refused", TXN_96)
def _(w):
    w["router"]["prerouting"] = ['iifname "lan0" tcp dport 80 ip daddr != 192.168.1.1 redirect to :8081', 'iifname "lan0" meta nfproto ipv6 tcp dport 80 redirect to :8081']
    w["router"]["forward"] = ['iifname "lan0" meta l4proto tcp reject with tcp reset', 'iifname "lan0" meta l4proto icmp drop']
    w["svc"]["portal"] = "page"


@case("portal-by-names", "captive-portal", "every name leads to the sign-in page, everything else is dropped", also=["dns-wrong-answer"])
def _(w):
    w["svc"]["dns"] = {"router": {"mode": "hijack", "to": "192.168.1.1"}}
    w["router"]["prerouting"] = ['iifname "lan0" tcp dport 80 redirect to :8081']
    w["router"]["forward"] = ['iifname "lan0" drop']
    w["svc"]["portal"] = True


@case("portal-http-only", "no-fault-found", "the plain web is altered, what is encrypted passes", PAY_OK, TXN_00, also=["captive-portal"])
def _(w):
    w["router"]["prerouting"] = ['iifname "lan0" tcp dport 80 ip daddr != 192.168.1.1 redirect to :8081']
    w["svc"]["portal"] = "page"


# ------------------------------------------------------------------ names

@case("dns-truncated", "dns-failing", "answers say: ask over TCP; nobody listens there", TXN_96, also=["dns-dead", "dns-refused", "dns-unknown-name"])
def _(w): w["svc"]["dns"] = {"router": {"mode": "truncated"}}


@case("dns-only-six", "dns-unknown-name", "only IPv6 addresses are answered, in a shop without IPv6", TXN_96, also=["dns-failing", "dns-wrong-answer"])
def _(w):
    w["pc"]["addr"].pop()
    w["pc"]["routes"].pop()
    w["svc"]["dns"] = {"router": {"mode": "only-aaaa"}}


@case("dns-all-unknown", "dns-failing", "the name service knows no name at all", TXN_96, also=["dns-unknown-name", "dns-wrong-answer"])
def _(w): w["svc"]["dns"] = {"router": {"mode": "nxdomain"}}


@case("dns-one-fails", "dns-unknown-name", "the name service fails on the provider's name only, as with bad signatures", TXN_96, also=["dns-failing"])
def _(w): w["svc"]["dns"] = {"isp": {"mode": "servfail", "names": ["pay.provider.test"]}}


@case("dns-slow-1300", "dns-slow", "every name takes 1.3 s")
def _(w): w["svc"]["dns"] = {"router": {"mode": "slow", "seconds": 1.3}}


@case("dns-hijack-everything", "dns-wrong-answer", "every name leads to one address", TXN_96)
def _(w): w["svc"]["dns"] = {"isp": {"mode": "hijack"}}


# ------------------------------------------------------------------ the provider

provider("provider-tls11", "provider-tls-fault", "the provider speaks only TLS 1.1", "tls11")
provider("provider-tls-stall", "provider-silent", "the handshake begins and stands still", "tls-stall", TXN_96)
provider("provider-reset-after-hello", "provider-refused", "resets as soon as it is spoken to", "reset-after-hello", TXN_96, also=["provider-tls-fault", "tls-intercepted", "payment-port-blocked"])
provider("provider-busy-bare", "provider-busy", "HTTP 503 without a word when to come back", "busy503-bare", TXN_96)
provider("provider-500", "provider-malfunction", "HTTP 500", "error500", TXN_96, also=["provider-answer-broken"])
provider("provider-redirect", "provider-maintenance", "sends everybody to a maintenance page", "redirect", also=["provider-answer-broken", "provider-malfunction", "no-fault-found"])
provider("provider-broken-json", "provider-answer-broken", "the answer is cut off inside", "broken-json", also=["provider-malfunction"])
provider("provider-empty", "provider-answer-broken", "an empty answer", "empty", also=["provider-malfunction"])
provider("provider-endless", "provider-answer-broken", "an answer without an end", "endless", also=["provider-slow", "provider-silent", "provider-malfunction"])
provider("provider-rc91", "provider-malfunction", "the provider's echo says 91", "rc91", also=["issuer-unavailable"])
provider("provider-slow-2500", "provider-slow", "every answer takes 2.6 s", "slow", seconds=2.6)
provider("provider-1500", "no-fault-found", "every answer takes 1.5 s: within bounds", "slow", TXN_00, seconds=1.5)
provider("cert-just-expired", "provider-certificate-fault", "expired an hour ago", None, TXN_96, cert="justexpired")
provider("cert-lapsed-issuer", "provider-certificate-fault", "the issuer's own certificate has expired", None, TXN_96, cert="lapsed", also=["tls-intercepted"])


# ------------------------------------------------------------------ a VPN

@case("healthy-vpn", "no-fault-found", "a VPN to the head office only: the rest goes straight out", PAY_OK, TXN_00)
def _(w): w["svc"]["tunnel"] = {"addr": "10.8.0.2/24", "routes": ["10.9.0.0/16"]}


@case("vpn-dead-halves", "pc-firewall", "a VPN takes everything, and leads nowhere", TXN_00, also=["pc-gateway-wrong", "unknown"])
def _(w): w["svc"]["tunnel"] = {"addr": "10.8.0.2/24", "routes": ["0.0.0.0/1", "128.0.0.0/1"]}


@case("vpn-dead-default", "pc-firewall", "a VPN is the better default route, and leads nowhere", TXN_00, also=["pc-gateway-wrong", "unknown"])
def _(w):
    w["pc"]["routes"] = ["default via 192.168.1.1 dev eth0 metric 100", "default via fe80::1 dev eth0"]
    w["svc"]["tunnel"] = {"addr": "10.8.0.2/24", "routes": ["default"]}


@case("vpn-on-dead-line", "line-down", "a VPN takes everything, and the line below it is down", also=["isp-outage", "unknown", "router-table-full"])
def _(w):
    w["svc"]["tunnel"] = {"addr": "10.8.0.2/24", "routes": ["0.0.0.0/1", "128.0.0.0/1"]}
    w["wire"]["wan"] = {"carrier": 0}
