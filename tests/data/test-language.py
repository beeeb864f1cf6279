#!/usr/bin/python3
"""test-language.py - the texts are complete, short, plain, without blame and without false promises

SPDX-License-Identifier: GPL-3.0-or-later
"""

import ast
import re

import knowledge
import language as rules

# Exact words belong to what support reads.
FOR_SUPPORT = {"tell_support", "screen_words", "sources", "source", "provenance", "note", "by_country"}
# Terms of the trade that a code's page may use to say where meanings differ.
ALLOWED = {("codes", "differs")}
# Only here may a text say that the money was not taken, and only what both sides confirmed.
CONFIRMED = {"payment/states/u1", "payment/states/u3", "payment/states/u11"}
# "First make sure that the customer was not charged." asks; it does not promise.
ASKS = r"(make sure that|checking that|prüfen, dass|确认顾客没有被扣款)"

report = knowledge.Report()


def texts_of(item, path=(), everything=False):
    """(member path, language → list of sentences) of every text in an item."""
    if isinstance(item, dict) and set(item) & set(knowledge.LANGUAGES):
        yield path, item
    elif isinstance(item, dict):
        for name, inner in item.items():
            if everything or name not in FOR_SUPPORT:
                yield from texts_of(inner, path + (name,), everything)
    elif isinstance(item, list):
        for index, inner in enumerate(item):
            yield from texts_of(inner, path + (str(index),), everything)


def check_text(where, member, text):
    """Returns the English lines."""
    report.check(set(text) == set(knowledge.LANGUAGES), f"{where}: a language is missing")
    lines = {language: value if isinstance(value, list) else [value] for language, value in text.items()}
    report.check(len({isinstance(value, list) for value in text.values()}) == 1, f"{where}: lists and lines are mixed")
    for language, values in lines.items():
        for value in values:
            report.check(value.strip() == value and value, f"{where} {language}: blanks around or nothing")
            for fault in rules.faults(value, language, jargon=member not in ALLOWED):
                report.check(False, f"{where} {language}: {fault}")
            promise = re.search(rules.NEVER[language], value, re.I) if language in rules.NEVER else None
            report.check(not promise or re.search(ASKS, value) or where.split(".")[0] in CONFIRMED,
                         f"{where} {language}: “{promise and promise[0]}”")
            report.check(not re.search(r"\d{12,}", value.replace(" ", "")), f"{where}: a long number")
    return lines.get("en", [])


def check_complete(where, item):
    """What support reads is not plain, but complete."""
    for path, text in texts_of(item, everything=True):
        report.check(set(text) == set(knowledge.LANGUAGES), f"{where}.{'.'.join(path)}: a language is missing")


def check_kind(folder, items):
    english = []
    for name, item in items.items():
        check_complete(f"{folder}/{name}", item)
        for path, text in texts_of(item):
            english += check_text(f"{folder}/{name}.{'.'.join(path)}", (folder, path[-1] if path else ""), text)
    level = rules.grade(english)
    report.check(level <= rules.MOST_GRADE, f"{folder}: English of grade {level:.1f}")
    print(f"{folder}: {len(english)} English texts, grade {level:.1f}")


def check_lint_can_fail():
    for fault in rules.self_test():
        report.check(False, fault)
    report.check(re.search(rules.NEVER["en"], "it is certainly the router"), "“certainly” passes")


def check_forbidden_first():
    """The window shows the first line of the advice large: where no retry is safe, it forbids one."""
    forbids = {"en": r"^Do not charge", "zh_CN": r"不要再(次收款|收款|刷)", "de": r"(?i)nicht (erneut|noch einmal)"}
    for name, state in knowledge.items("payment/states").items():
        for language, lines in state["advice"].items():
            if language not in forbids:
                continue
            first = re.search(forbids[language], lines[0])
            report.check(bool(first) != state["may_retry"], f"{name} {language}: “{lines[0]}” comes first")
            report.check(sum(bool(re.search(forbids[language], line)) for line in lines) <= 1, f"{name}: said twice")


def help_words():
    """The few words of the help itself stand in its generator."""
    source = (knowledge.ROOT / "help" / "generate-pages.py").read_text(encoding="utf-8")
    start = source.index("WORDS = {") + len("WORDS = ")
    return ast.literal_eval(source[start:source.index("\n}", start) + 2])


def bundle_words():
    """The summary page of a bundle is C, for it is written without any translation at hand."""
    source = (knowledge.ROOT / "src" / "bundle" / "pfa-bundle-words.c").read_text(encoding="utf-8")
    text = r'"(?:[^"\\\n]|\\.)*"'

    def strings(part):
        return [re.sub(r'"\s+"', "", found)[1:-1] for found in re.findall(rf"{text}(?:\s+{text})*", part)]

    table = source[source.index("words[][PFA_BUNDLE_N_WORDS]"):]
    rows = [strings(part) for part in re.split(r"\},\s*\{", table[:table.index("};")])]
    report.check(len(rows) == len(knowledge.LANGUAGES) and len({len(row) for row in rows}) == 1,
                 "the bundle's words cannot be read")
    texts = {str(index): dict(zip(knowledge.LANGUAGES, row)) for index, row in enumerate(zip(*rows))}
    for name, said in re.findall(rf'\{{\s*"([\w-]+)",\s*\{{((?:\s*{text},?)+)\s*\}}\s*\}}', source):
        texts[name] = dict(zip(knowledge.LANGUAGES, strings(said)))
    report.check(len(texts) > len(rows[0]), "the bundle's sayings cannot be read")
    return texts


def folder_of(*parts):
    return {path.stem: knowledge.load(path) for path in sorted(knowledge.ROOT.joinpath(*parts).glob("*.json"))}


for folder in knowledge.KINDS:
    check_kind(folder, knowledge.items(folder))
check_kind("help/screens", folder_of("help", "screens"))
check_kind("checks", folder_of("data", "checks"))
check_kind("terminals/texts", folder_of("data", "terminals", "texts"))
check_kind("staff-card", {"staff-card": knowledge.load(knowledge.ROOT / "ui" / "staff-card.json")})
check_kind("help/words", {"words": {name: dict(zip(knowledge.LANGUAGES, texts)) for name, texts in help_words().items()}})
check_kind("bundle/readme", {"words": bundle_words()})
check_kind("payment", {"questions": knowledge.load(knowledge.KNOWLEDGE / "payment" / "questions.json")})
check_kind("words", {"words": knowledge.load(knowledge.KNOWLEDGE / "words.json")})
check_kind("model", {"model": knowledge.model()})
check_kind("providers", knowledge.providers())
settings = (knowledge.ROOT / "src" / "app" / "pfa-settings-page.c").read_text(encoding="utf-8")
linguas = (knowledge.ROOT / "po" / "LINGUAS").read_text(encoding="utf-8").split()
report.check({"en", *linguas} == set(knowledge.LANGUAGES), "po/LINGUAS and pfa_text_languages differ")
for tongue in knowledge.LANGUAGES:
    report.check(f'{{ "{tongue}", ' in settings, f"the settings do not offer {tongue}")
check_forbidden_first()
check_lint_can_fail()
report.finish()
