#!/usr/bin/python3
"""test-language.py - the texts are complete, short, plain, without blame and without false promises

SPDX-License-Identifier: GPL-3.0-or-later
"""

import re

import knowledge

WORDS_A_SENTENCE = {"en": 15, "de": 18}
CHARACTERS_A_CLAUSE = 20
GRADE = 6.0
# Exact words belong to what support reads.
FOR_SUPPORT = {"tell_support", "screen_words", "sources", "source", "provenance", "note", "by_country"}
JARGON = {
    "en": r"\b(DNS|DHCP|TCP|UDP|ICMP|TLS|SSL|MTU|NAT|NTP|IP|IPv[46]|ARP|APN|VPN|SSID|VLAN|ISO|MAC|TID|MID|RRN|"
    r"packets?|latency|jitter|gateway|netmask|subnet|resolver|hosts?|sockets?|handshake|proxy|throughput|"
    r"bandwidth|acquirer|issuer|switch centre|endpoint|daemon|payload|timeout)\b",
    "zh_CN": r"(DNS|DHCP|TCP|UDP|TLS|SSL|MTU|NAT|NTP|IP地址|IPv[46]|ARP|APN|VPN|SSID|网关|子网|掩码|解析|丢包|抖动|"
    r"时延|吞吐|代理|端口映射|握手|报文|进程|带宽占用)",
    "de": r"\b(DNS|DHCP|TCP|UDP|ICMP|TLS|SSL|MTU|NAT|NTP|IP|IPv[46]|ARP|APN|VPN|SSID|Pakete?|Latenz|Jitter|Gateway|"
    r"Netzmaske|Subnetz|Resolver|Host|Socket|Handshake|Proxy|Durchsatz|Bandbreite|Acquirer|Issuer)\b",
}
NEVER = {
    "en": r"\b(certain(ly)?|definitely|guaranteed?|100 ?%|your fault|your mistake|you (forgot|failed)|not charged\.)",
    "zh_CN": r"(一定是|肯定是|保证|百分之百|您的错|您忘了|没有扣款[。！])",
    "de": r"\b(sicherlich|mit Sicherheit|garantiert|Ihr Fehler|Ihre Schuld|Sie haben vergessen|nicht belastet\.)",
}
# Terms of the trade that a code's page may use to say where meanings differ.
ALLOWED = {("codes", "differs")}
# Only here may a text say that the money was not taken, and only what both sides confirmed.
CONFIRMED = {"payment/states/u1", "payment/states/u3", "payment/states/u11"}
# "First make sure that the customer was not charged." asks; it does not promise.
ASKS = r"(make sure that|checking that|prüfen, dass|确认顾客没有被扣款)"

report = knowledge.Report()


def sentences(text):
    return [part for part in re.split(r"(?<=[.!?:;])\s+", text.strip()) if re.search(r"\w", part)]


def words(sentence):
    return re.findall(r"[\w’'\-]+", sentence)


def syllables(word):
    groups = re.findall(r"[aeiouy]+", word.lower())
    silent = word.lower().endswith("e") and not word.lower().endswith("le") and len(groups) > 1
    return max(1, len(groups) - (1 if silent else 0))


def grade(texts):
    """Flesch-Kincaid over all sentences of one kind of item."""
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
    return len(re.findall(r"[\u3400-\u9fff]|[A-Za-z0-9+%\-]+", clause))


def faults_of(text, language):
    found = []
    if language == "zh_CN":
        found += [f"{length(c)} characters: {c}" for c in clauses(text) if length(c) > CHARACTERS_A_CLAUSE]
    else:
        found += [f"{len(words(s))} words: {s}" for s in sentences(text) if len(words(s)) > WORDS_A_SENTENCE[language]]
    return found


def texts_of(item, path=()):
    """(member path, language → list of sentences) of every text in an item."""
    if isinstance(item, dict) and set(item) & set(knowledge.LANGUAGES):
        yield path, item
    elif isinstance(item, dict):
        for name, inner in item.items():
            if name not in FOR_SUPPORT:
                yield from texts_of(inner, path + (name,))
    elif isinstance(item, list):
        for index, inner in enumerate(item):
            yield from texts_of(inner, path + (str(index),))


def check_text(where, member, text):
    """Returns the English lines."""
    report.check(set(text) == set(knowledge.LANGUAGES), f"{where}: a language is missing")
    lines = {language: value if isinstance(value, list) else [value] for language, value in text.items()}
    report.check(len({isinstance(value, list) for value in text.values()}) == 1, f"{where}: lists and lines are mixed")
    for language, values in lines.items():
        for value in values:
            report.check(value.strip() == value and value, f"{where} {language}: blanks around or nothing")
            for fault in faults_of(value, language):
                report.check(False, f"{where} {language}: {fault}")
            jargon = re.search(JARGON[language], value)
            report.check(not jargon or member in ALLOWED, f"{where} {language}: jargon “{jargon and jargon[0]}”")
            promise = re.search(NEVER[language], value, re.I)
            report.check(not promise or re.search(ASKS, value) or where.split(".")[0] in CONFIRMED,
                         f"{where} {language}: “{promise and promise[0]}”")
            report.check(not re.search(r"\d{12,}", value.replace(" ", "")), f"{where}: a long number")
    return lines.get("en", [])


def check_kind(folder, items):
    english = []
    for name, item in items.items():
        for path, text in texts_of(item):
            english += check_text(f"{folder}/{name}.{'.'.join(path)}", (folder, path[-1] if path else ""), text)
    level = grade(english)
    report.check(level <= GRADE, f"{folder}: English of grade {level:.1f}")
    print(f"{folder}: {len(english)} English texts, grade {level:.1f}")


def check_lint_can_fail():
    report.check(faults_of("one " * 16, "en"), "a sentence of 16 words passes")
    report.check(faults_of("长" * 21, "zh_CN"), "a clause of 21 characters passes")
    report.check(re.search(JARGON["en"], "the DNS server"), "jargon passes")
    report.check(re.search(NEVER["en"], "it is certainly the router"), "“certainly” passes")
    report.check(grade(["Notwithstanding organisational considerations, interoperability deteriorated."]) > GRADE,
                 "a hard sentence passes")


for folder in knowledge.KINDS:
    check_kind(folder, knowledge.items(folder))
check_kind("help/screens", {path.stem: knowledge.load(path) for path in (knowledge.ROOT / "help" / "screens").glob("*.json")})
check_kind("payment", {"questions": knowledge.load(knowledge.KNOWLEDGE / "payment" / "questions.json")})
check_kind("words", {"words": knowledge.load(knowledge.KNOWLEDGE / "words.json")})
check_kind("model", {"model": knowledge.model()})
check_kind("providers", knowledge.providers())
check_lint_can_fail()
report.finish()
