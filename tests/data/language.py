"""language.py - the rules that every text a merchant reads keeps, in each language

The words themselves are explained in po/README.md.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import re

MOST_WORDS = {"en": 15, "de": 15}
MOST_CHARACTERS = 20
MOST_GRADE = 6.0
JARGON = {
    "en": r"\b(DNS|DHCP|TCP|UDP|ICMP|TLS|SSL|MTU|NAT|NTP|IP|IPv[46]|ARP|APN|VPN|SSID|VLAN|ISO|MAC|TID|MID|RRN|HTTP|"
    r"packets?|datagrams?|latency|jitter|gateway|netmask|subnet|resolvers?|hosts?|sockets?|handshake|proxy|throughput|"
    r"bandwidth|acquirer|issuer|switch centre|endpoint|daemon|payload|time-?outs?|invalid|error occurred|protocol|"
    r"authentication|configuration|execute|abort|terminate|initiali[sz]e[ds]?|interception|echo requests?)\b",
    "zh_CN": r"(DNS|DHCP|TCP|UDP|TLS|SSL|MTU|NAT|NTP|IP地址|IPv[46]|ARP|APN|VPN|SSID|网关|子网|掩码|解析|丢包|抖动|"
    r"时延|吞吐|代理|端口|握手|报文|进程|带宽占用|数据包|脱敏|初始化|异常终止)",
    "de": r"\b(DNS|DHCP|TCP|UDP|ICMP|TLS|SSL|MTU|NAT|NTP|IP|IPv[46]|ARP|APN|VPN|SSID|HTTP|Datenpakete?|Datagramme?|"
    r"Latenz|Jitter|Gateway|Netzmaske|Subnetz|Resolver|Hosts?|Socket|Handshake|Proxy|Durchsatz|Bandbreite|Acquirer|"
    r"Issuer|Protokollfehler|initialisier\w*|Authentifizierung|Konfiguration|gemäß|bezüglich|mittels|zwecks|"
    r"erfolgt|seitens|hinsichtlich|Inbetriebnahme|durchzuführen|diesbezüglich)\b",
}
NEVER = {
    "en": r"\b(certain(ly)?|definitely|guaranteed?|100 ?%|your fault|your mistake|you (forgot|failed)|not charged\.)",
    "zh_CN": r"(一定是|肯定是|保证|百分之百|您的错|您忘了|没有扣款[。！])",
    "de": r"\b(sicherlich|mit Sicherheit|garantiert|Ihr Fehler|Ihre Schuld|Sie haben vergessen|nicht belastet\.)",
}
# One word for one thing: what is written here has another word (po/README.md).
OTHER_WORDS = {
    "en": r"\b(card machines?|card terminals?|payment terminals?|POS terminals?|cash registers?|help ?desk|hotline|"
    r"log ?in|receipt printer|end-of-day|settle(ment of)? the batch)\b",
    "zh_CN": r"(终端(?!号|编号|窗口)|(?<!刷卡)(?<!售货)机器|POS机|收银机|日结|凭条|技术支持|本机|宽带商|升级|报告包)",
    "de": r"\b(Kartengerät\w*|Kartenterminal\w*|Zahlungsterminal\w*|EC-Gerät\w*|am Gerät|Rechners?|Geschäfts?|Vorfälle?|"
    r"Quittung\w*|Tagesabschluss|Hotline|Netzkabel|Aktualisierung|Registrierkasse)\b",
}
# How it is set: quotes of the language, no blank or half-width mark between Chinese characters.
HAN = r"[\u3400-\u9fff]"
BADLY_SET = {
    "en": r"\"|\.\.\.|„|[A-Za-z]'[a-z]|\s[,.;:!?](?!\S)",
    "zh_CN": rf"\"|\.\.\.|{HAN}[,;:!?()]|[,;!?()]{HAN}|{HAN}(?<!日) [A-Za-z0-9]|[A-Za-z0-9] {HAN}|。。",
    "de": r"\"|\.\.\.|(?<!„)\b\w+”|\s[,.;:!?](?!\S)",
}


def sentences(text):
    return [part for part in re.split(r"(?<=[.!?:;])\s+|\n|\\n", text.strip()) if re.search(r"\w", part)]


def words(sentence):
    return re.findall(r"[\w’'\-]+", sentence)


def syllables(word):
    groups = re.findall(r"[aeiouy]+", word.lower())
    silent = word.lower().endswith("e") and not word.lower().endswith("le") and len(groups) > 1
    return max(1, len(groups) - (1 if silent else 0))


def grade(texts):
    """Flesch-Kincaid over all sentences of one kind of text."""
    all_sentences = [sentence for text in texts for sentence in sentences(text)]
    all_words = [word for sentence in all_sentences for word in words(sentence)]
    if not all_words:
        return 0.0
    per_word = sum(syllables(word) for word in all_words) / len(all_words)
    return 0.39 * len(all_words) / len(all_sentences) + 11.8 * per_word - 15.59


def clauses(text):
    return re.split(r"[，。！？；：、“”（）,.!?;:()\s]+", text)


def length(clause):
    """A Chinese character counts one, a run of letters or digits counts one."""
    return len(re.findall(rf"{HAN}|[A-Za-z0-9+%\-]+", clause))


def too_long(text, language):
    if language == "zh_CN":
        return [f"{length(c)} characters: {c}" for c in clauses(text) if length(c) > MOST_CHARACTERS]
    most = MOST_WORDS.get(language, MOST_WORDS["en"])
    return [f"{len(words(s))} words: {s}" for s in sentences(text) if len(words(s)) > most]


def found(rules, text, language, what):
    # A language that is new here has no list of words yet.
    hit = re.search(rules[language], text) if language in rules else None
    return [f"{what} “{hit[0]}”: {text}"] if hit else []


def faults(text, language, jargon=True):
    """What keeps a text from being plain. A sentence is what ends with a full stop, a colon or a semicolon."""
    return (too_long(text, language) + (found(JARGON, text, language, "jargon") if jargon else []) +
            found(OTHER_WORDS, text, language, "another word for") + found(BADLY_SET, text, language, "badly set"))


def self_test():
    """Each rule must be able to fail; returns the rules that cannot."""
    bad = {
        ("en", "one " * 16), ("zh_CN", "长" * 21), ("de", "ein " * 16), ("en", "the DNS server"), ("zh_CN", "检查网关"),
        ("de", "der Host"), ("en", "your card machine"), ("zh_CN", "重启终端"), ("zh_CN", "关掉机器"), ("de", "das Kartengerät"),
        ("en", 'say "yes"'), ("en", "the shop's line"), ("zh_CN", "用 USB 接上"), ("zh_CN", "好,再来"), ("de", 'Wählen Sie "ja"'),
    }
    good = {("zh_CN", "记下终端号和商户号。"), ("zh_CN", "重启刷卡机。"), ("de", "„Ja“ wählen."), ("en", "Say “yes”.")}
    return ([f"{language} passes: {text}" for language, text in bad if not faults(text, language)] +
            [f"{language} is refused: {text}" for language, text in good if faults(text, language)] +
            ([] if grade(["Notwithstanding organisational considerations, interoperability deteriorated."]) > MOST_GRADE
             else ["a hard sentence passes"]))
