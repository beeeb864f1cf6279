#!/usr/bin/python3
"""generate-pages.py - the help in one language, as Mallard pages, from the same files as the program

generate-pages.py SOURCE-ROOT OUTPUT-FOLDER LANGUAGE DEPFILE

SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import pathlib
import shutil
import sys
from xml.sax.saxutils import escape, quoteattr

LANGUAGE_TAGS = {"en": "en", "zh_CN": "zh-CN", "de": "de"}
# Words of the help itself; all others come from the data.
WORDS = {
    "pages": ("Page by page", "各页面说明", "Seite für Seite"),
    "advice": ("Good advice", "实用建议", "Guter Rat"),
    "causes": ("Causes", "原因", "Ursachen"),
    "codes-list": ("All codes", "全部代码", "Alle Codes"),
    "checks": ("What is looked at", "检查哪些内容", "Was geprüft wird"),
    "repairs": ("Steps that help", "处理步骤", "Schritte, die helfen"),
    "do": ("What you do", "您该怎么做", "Was Sie tun"),
    "say": ("What you tell the customer", "怎样对顾客说", "Was Sie dem Kunden sagen"),
    "differs": ("Not the same everywhere", "各地含义不同", "Nicht überall gleich"),
    "screen": ("Words on the screen", "屏幕上的文字", "Worte auf der Anzeige"),
    "support": ("For support", "给客服", "Für den Support"),
    "finding": ("What may be found", "可能的结果", "Was sich zeigen kann"),
    "sends": ("What it sends, and to whom", "发送什么、发给谁", "Was sie sendet, und an wen"),
    "thresholds": ("From when on it counts", "判断界限", "Ab wann es zählt"),
    "threshold": ("{}: {} ({})", "{}：{}（{}）", "{}: {} ({})"),
    "goes-wrong": ("What can go wrong", "可能的误差", "Was schiefgehen kann"),
    "judgement": ("our judgement", "我们的判断", "unser Ermessen"),
    "interrupts": ("What it interrupts", "会影响什么", "Was es unterbricht"),
    "undo": ("How to go back", "怎样还原", "Wie man es zurücknimmt"),
    "minutes": ("About {} minutes.", "约{}分钟。", "Etwa {} Minuten."),
    "mends": ("Helps with", "可以解决", "Hilft bei"),
}
ORDER = ("en", "zh_CN", "de")


class Help:
    def __init__(self, root, output, language):
        self.root = root
        self.output = output
        self.language = language
        self.read = []

    def word(self, name):
        return WORDS[name][ORDER.index(self.language)]

    def say(self, text):
        """One line or several, as a list."""
        value = text[self.language]
        return value if isinstance(value, list) else [value]

    def load(self, folder):
        items = []
        for path in sorted((self.root / folder).glob("*.json")):
            self.read.append(path)
            items.append(json.loads(path.read_text(encoding="utf-8")))
        return items

    def write(self, name, title, body, guide=None, kind="topic", order=0):
        link = f'<link type="guide" xref={quoteattr(guide)}/>' if guide else ""
        language = LANGUAGE_TAGS[self.language]
        (self.output / f"{name}.page").write_text(
            '<?xml version="1.0" encoding="utf-8"?>\n'
            f'<page xmlns="http://projectmallard.org/1.0/" type="{kind}" id={quoteattr(name)}'
            f' xml:lang="{language}">\n'
            f'<info>{link}<title type="sort">{order:04d} {escape(title)}</title>'
            '<license><p>GPL-3.0-or-later</p></license></info>\n'
            f"<title>{escape(title)}</title>\n{body}</page>\n", encoding="utf-8")

    def write_guide(self, name, title, intro="", guide="index", order=0):
        self.write(name, title, intro, guide if name != "index" else None, "guide", order)


def paragraphs(lines):
    return "".join(f"<p>{escape(line)}</p>\n" for line in lines)


def start_large(text):
    return text[:1].upper() + text[1:]


def links(pages):
    """A list of links, from page and title."""
    rows = "".join(f"<item><p><link xref={quoteattr(name)}>{escape(title)}</link></p></item>\n" for name, title in pages)
    return f"<list>\n{rows}</list>\n" if rows else ""


def items(lines, tag="list"):
    return f"<{tag}>\n" + "".join(f"<item><p>{escape(line)}</p></item>\n" for line in lines) + f"</{tag}>\n"


def section(name, title, body):
    return f'<section id={quoteattr(name)}>\n<title>{escape(title)}</title>\n{body}</section>\n' if body else ""


def write_screens(page):
    for order, screen in enumerate(page.load("help/screens")):
        title = page.say(screen["title"])[0]
        body = paragraphs(page.say(screen["paragraphs"]))
        if screen["id"] == "index":
            page.write_guide("index", title, body)
        else:
            page.write(screen["id"], title, body, "pages", order=order)


def write_topics(page):
    for topic in page.load("data/knowledge/topics"):
        body = paragraphs(page.say(topic["paragraphs"]))
        page.write("advice-" + topic["id"], page.say(topic["title"])[0], body, "advice", order=topic["order"])


def write_causes(page, places):
    for place, text in places.items():
        page.write_guide("place-" + place, start_large(page.say(text["name"])[0]),
                         paragraphs(page.say(text["headline"])), "causes")
    actions = page.load("data/knowledge/actions")
    for cause in page.load("data/knowledge/causes"):
        body = paragraphs(page.say(cause["explanation"]))
        best = sorted((action for action in actions if cause["id"] in action["fixes"]),
                      key=lambda action: action["fixes"][cause["id"]], reverse=True)[:5]
        body += section("mend", page.word("repairs"),
                        links([("step-" + action["id"], page.say(action["title"])[0]) for action in best]))
        body += section("support", page.word("support"), paragraphs(page.say(cause["tell_support"])))
        page.write("cause-" + cause["id"], page.say(cause["title"])[0], body, "place-" + cause["where"])


def write_codes(page):
    for code in page.load("data/knowledge/codes"):
        # The title says the meaning.
        body = section("do", page.word("do"), paragraphs(page.say(code["action"])))
        body += section("say", page.word("say"), paragraphs(page.say(code["tell_customer"])))
        body += section("differs", page.word("differs"),
                        paragraphs(page.say(code["differs"])) if "differs" in code else "")
        body += section("screen", page.word("screen"), paragraphs([" · ".join(code["screen_words"])]) if code["screen_words"] else "")
        title = f"{code['code']}: {page.say(code['meaning'])[0].rstrip('.。')}"
        page.write("code-" + code["code"], title, body, "codes-list")


def tell_threshold(page, threshold):
    """The figure, what it means, and who says so."""
    source = threshold["source"].replace("judgement", page.word("judgement"))
    return page.word("threshold").format(threshold["value"], page.say(threshold["meaning"])[0], source)


def tell_check(page, check):
    """How the program finds out."""
    name = check["id"]
    body = paragraphs(page.say(check["asks"]))
    body += section(f"{name}-sends", page.word("sends"), paragraphs(page.say(check["sends"])))
    thresholds = [tell_threshold(page, threshold) for threshold in check["thresholds"]]
    body += section(f"{name}-thresholds", page.word("thresholds"), items(thresholds) if thresholds else "")
    body += section(f"{name}-goes-wrong", page.word("goes-wrong"), paragraphs(page.say(check["goes_wrong"])))
    return section(f"how-{name}", page.say(check["title"])[0], body)


def write_checks(page):
    checks = page.load("data/checks")
    for observation in page.load("data/knowledge/observations"):
        hint = page.say(observation["hint"]) if "hint" in observation else []
        found = [start_large(page.say(value["because"])[0]) for value in observation["values"]]
        body = paragraphs(hint) + section("finding", page.word("finding"), items(found))
        body += "".join(tell_check(page, check) for check in checks if observation["id"] in check["observations"])
        page.write("check-" + observation["id"], page.say(observation["title"])[0], body, "checks")


def write_steps(page):
    titles = {cause["id"]: page.say(cause["title"])[0] for cause in page.load("data/knowledge/causes")}
    for action in page.load("data/knowledge/actions"):
        body = paragraphs([page.word("minutes").format(f"{action['minutes']:g}")])
        body += items(page.say(action["how"]), "steps")
        for member in ("interrupts", "undo"):
            if member in action:
                body += section(member, page.word(member), paragraphs(page.say(action[member])))
        best = sorted(action["fixes"], key=action["fixes"].get, reverse=True)[:5]
        body += section("mends", page.word("mends"), links([("cause-" + cause, titles[cause]) for cause in best]))
        page.write("step-" + action["id"], page.say(action["title"])[0], body, "repairs")


def main():
    root, output, language, depfile = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), *sys.argv[3:5]
    shutil.rmtree(output, ignore_errors=True)
    output.mkdir(parents=True)
    page = Help(root, output, language)
    words = root / "data" / "knowledge" / "words.json"
    page.read.append(words)
    for order, name in enumerate(("pages", "advice", "causes", "codes-list", "checks", "repairs"), 1):
        page.write_guide(name, page.word(name), order=order)
    write_screens(page)
    write_topics(page)
    write_causes(page, json.loads(words.read_text(encoding="utf-8"))["places"])
    write_codes(page)
    write_checks(page)
    write_steps(page)
    names = dict.fromkeys([*page.read, *(path.parent for path in page.read), pathlib.Path(__file__).resolve()])
    target = str(output).replace(" ", "\\ ")
    pathlib.Path(depfile).write_text(
        target + ": " + " ".join(str(name).replace(" ", "\\ ") for name in names) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
