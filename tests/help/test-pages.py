#!/usr/bin/python3
"""test-pages.py - the help is valid, its links lead somewhere, every screen has its page in every language

SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as tree

MALLARD = "{http://projectmallard.org/1.0/}"
SOURCE = pathlib.Path(os.environ["PFA_SOURCE_DIR"])
BUILD = pathlib.Path(os.environ["PFA_BUILD_DIR"])
LANGUAGES = {"C": "en", **{name: name.replace("_", "-") for name in (SOURCE / "po" / "LINGUAS").read_text().split()}}
faults = []


def pages(folder):
    return {path.stem: tree.parse(path).getroot() for path in sorted(folder.glob("*.page"))}


def check_pages(language, found):
    for name, root in found.items():
        if root.get("id") != name:
            faults.append(f"{language}/{name}: the id is not the file's name")
        if root.get("{http://www.w3.org/XML/1998/namespace}lang") != LANGUAGES[language]:
            faults.append(f"{language}/{name}: not in this language")
        for link in root.iter(MALLARD + "link"):
            target = (link.get("xref") or "").split("#")[0]
            if target not in found:
                faults.append(f"{language}/{name}: no page {target}")
        if root.get("type") == "topic" and not list(root.iter(MALLARD + "p")):
            faults.append(f"{language}/{name}: says nothing")


def screens():
    """The pages that F1 opens."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((SOURCE / "ui").glob("*.ui"))]
    return {name for text in texts for name in re.findall(r'<property name="topic">([^<]+)</property>', text)}


def check_checks(language, found):
    """Whatever a check reports: how it finds out, what it sends, its thresholds and what can go wrong."""
    for path in sorted((SOURCE / "data" / "checks").glob("*.json")):
        check = json.loads(path.read_text(encoding="utf-8"))
        wanted = {f"how-{check['id']}", f"{check['id']}-sends", f"{check['id']}-goes-wrong"}
        if check["thresholds"]:
            wanted.add(f"{check['id']}-thresholds")
        for observation in check["observations"]:
            root = found.get(f"check-{observation}")
            there = {part.get("id") for part in root.iter(MALLARD + "section")} if root is not None else set()
            if not wanted <= there:
                faults.append(f"{language}/check-{observation}: does not tell {sorted(wanted - there)}")


def check_with_yelp(folder):
    """Lets the help's own tool judge; one run over all pages."""
    if shutil.which("yelp-check") is None:
        print("yelp-check is not there: only links and names were checked")
        return
    for what in ("links", "orphans", "ids"):
        result = subprocess.run(["yelp-check", what, str(folder)], capture_output=True, text=True, timeout=60)
        if result.returncode != 0 or result.stdout.strip():
            faults.append(f"yelp-check {what} {folder}: {(result.stdout + result.stderr)[:300]}")


by_language = {language: pages(BUILD / "help" / language / "pos-first-aid") for language in LANGUAGES}
for language, found in by_language.items():
    if set(found) != set(by_language["C"]):
        faults.append(f"{language} has other pages: {sorted(set(found) ^ set(by_language['C']))[:5]}")
    for screen in screens() - set(found):
        faults.append(f"{language}: no page for the screen {screen}")
    check_pages(language, found)
    check_checks(language, found)
    check_with_yelp(BUILD / "help" / language / "pos-first-aid")
if not screens() or len(by_language["C"]) < 400:
    faults.append("nothing to check")
for fault in faults:
    print("fault: " + fault)
print(f"{sum(map(len, by_language.values()))} pages, {len(faults)} faults")
sys.exit(1 if faults else 0)
