"""knowledge.py - reads data/knowledge and data/providers for the data tests

SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import os
import pathlib
import re
import sys

ROOT = pathlib.Path(os.environ.get("PFA_SOURCE_DIR", pathlib.Path(__file__).resolve().parents[2]))
KNOWLEDGE = ROOT / "data" / "knowledge"
PROVIDERS = ROOT / "data" / "providers"
# In the order of pfa_text_languages, which tables by language follow.
LANGUAGES = tuple(re.findall(r'"(\w+)"', re.search(r"pfa_text_languages\[\] = \{([^}]*)\}", (
    ROOT / "src" / "core" / "pfa-text.c").read_text(encoding="utf-8"))[1]))
# folder → schema and the member that equals the file's name
KINDS = {
    "causes": ("cause", "id"),
    "observations": ("observation", "id"),
    "actions": ("action", "id"),
    "guards": ("guard", "id"),
    "codes": ("code", "code"),
    "payment/states": ("payment-state", "id"),
    "topics": ("topic", "id"),
}


def no_duplicates(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a member stands twice in " + ", ".join(name for name, _ in pairs))
    return members


def load(path):
    return json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=no_duplicates)


def items(folder):
    """All items of a folder, by file name."""
    return {path.stem: load(path) for path in sorted((KNOWLEDGE / folder).glob("*.json"))}


def providers():
    return {path.stem: load(path) for path in sorted(PROVIDERS.glob("*.json"))}


def model():
    return load(KNOWLEDGE / "model.json")


class Report:
    """Collects faults; prints each and ends the test."""

    def __init__(self):
        self.faults = []
        self.checked = 0

    def check(self, good, text):
        self.checked += 1
        if not good:
            self.faults.append(text)

    def finish(self):
        for fault in self.faults:
            print("fault: " + fault)
        print(f"{self.checked} checked, {len(self.faults)} faults")
        sys.exit(1 if self.faults or self.checked == 0 else 0)
