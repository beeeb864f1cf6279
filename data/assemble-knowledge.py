#!/usr/bin/python3
"""Puts data/knowledge and data/providers together into the few files that are compiled in.

assemble-knowledge.py DATA-FOLDER OUTPUT-FOLDER [DEPFILE]

SPDX-License-Identifier: GPL-3.0-or-later
"""

import json
import pathlib
import sys

KINDS = ("causes", "observations", "actions")
OUTPUTS = ("model.json", "guards.json", "codes.json", "payment.json", "words.json", "providers.json",
           "topics.json")
seen = []


class Fault(Exception):
    pass


def without_duplicates(pairs):
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        raise Fault(f"“{next(n for n in names if names.count(n) > 1)}” stands twice")
    return members


def note(path):
    """What is missing changes its nearest folder when it comes."""
    while not path.exists():
        path = path.parent
    seen.append(path)


def load(path, fallback=None):
    note(path)
    if fallback is not None and not path.exists():
        return fallback
    try:
        return json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=without_duplicates)
    except (ValueError, Fault) as fault:
        raise Fault(f"{path}: {fault}") from fault


def load_folder(folder):
    """All items of a folder by id. The file name is the id."""
    note(folder)
    items = {}
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else []:
        item = load(path)
        key = "code" if "code" in item and "id" not in item else "id"
        if item.get(key) != path.stem:
            raise Fault(f"{path}: “{key}” is “{item.get(key)}”, not the file's name")
        items[path.stem] = item
    return items


def in_order(items, order):
    """Those that the order names, then the rest by name: a new file alone is enough."""
    named = [items[name] for name in order if name in items]
    return named + [item for name, item in items.items() if name not in order]


def assemble_model(knowledge):
    model = load(knowledge / "model.json")
    order = model.pop("order", {})
    for kind in KINDS:
        model[kind] = in_order(load_folder(knowledge / kind), order.get(kind, []))
    return model


def assemble_payment(payment):
    result = {"questions": load(payment / "questions.json", {"questions": []})["questions"]}
    result.update(load(payment / "rules.json", {"confirmed_by": [], "retry_minutes": [], "rules": []}))
    result["states"] = list(load_folder(payment / "states").values())
    return result


def assemble(data, output):
    knowledge = data / "knowledge"
    results = {
        "model.json": assemble_model(knowledge),
        "guards.json": {"guards": list(load_folder(knowledge / "guards").values())},
        "codes.json": {"codes": list(load_folder(knowledge / "codes").values())},
        "payment.json": assemble_payment(knowledge / "payment"),
        "words.json": load(knowledge / "words.json", {}),
        "topics.json": {"topics": list(load_folder(knowledge / "topics").values())},
        "providers.json": {"providers": list(load_folder(data / "providers").values())},
    }
    output.mkdir(parents=True, exist_ok=True)
    for name in OUTPUTS:
        text = json.dumps(results[name], ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        (output / name).write_text(text, encoding="utf-8")


def main():
    data, output = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    try:
        assemble(data, output)
    except Fault as fault:
        sys.exit(str(fault))
    if len(sys.argv) > 3:
        # Folders are named too: a file that comes or goes changes its folder.
        names = " ".join(str(path).replace(" ", "\\ ") for path in dict.fromkeys(seen))
        target = str(output / OUTPUTS[0]).replace(" ", "\\ ")
        pathlib.Path(sys.argv[3]).write_text(f"{target}: {names}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
