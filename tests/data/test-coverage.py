#!/usr/bin/python3
"""test-coverage.py - every point of the ordinary advice is in the program; each pointer is followed

SPDX-License-Identifier: GPL-3.0-or-later
"""

import knowledge

report = knowledge.Report()
FOLDERS = {
    "topic": "topics",
    "cause": "causes",
    "observation": "observations",
    "action": "actions",
    "guard": "guards",
    "code": "codes",
    "state": "payment/states",
}
known = {kind: set(knowledge.items(folder)) for kind, folder in FOLDERS.items()}
known["provider"] = set(knowledge.providers())
questions = knowledge.load(knowledge.KNOWLEDGE / "payment" / "questions.json")["questions"]
known["question"] = {question["id"] for question in questions}


def leads_somewhere(pointer):
    kind, _, name = pointer.partition(":")
    return name in known.get(kind, ())


def follow(row, pointers):
    report.check(pointers, f"{row} leads nowhere")
    for pointer in pointers:
        report.check(leads_somewhere(pointer), f"{row}: there is no {pointer}")


def check_points():
    rows = knowledge.load(knowledge.ROOT / "tests" / "data" / "coverage.json")["rows"]
    report.check(len(rows) == 74, f"{len(rows)} points instead of 74")
    report.check(len({row["id"] for row in rows}) == len(rows), "a point stands twice")
    for row in rows:
        follow(row["id"], row["where"])


def check_reference():
    reference = knowledge.load(knowledge.ROOT / "tests" / "data" / "reference.json")
    report.check(len(reference["steps"]) == 44, "steps F01 to F44")
    report.check(len(reference["advice"]) == 23, "P01 to P09, Q01 to Q08, T01 to T06")
    for row, pointers in {**reference["steps"], **reference["advice"]}.items():
        follow(row, pointers)


report.check(not leads_somewhere("topic:nowhere"), "a pointer to nowhere passes")
check_points()
check_reference()
report.finish()
