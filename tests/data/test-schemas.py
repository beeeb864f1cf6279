#!/usr/bin/python3
"""test-schemas.py - every item of the knowledge fits the schema of its kind

SPDX-License-Identifier: GPL-3.0-or-later
"""

import copy

import jsonschema

import knowledge

report = knowledge.Report()


def validator(name):
    schema = knowledge.load(knowledge.KNOWLEDGE / "schemas" / f"{name}.json")
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def check_items(items, schema, key, folder):
    check = validator(schema)
    report.check(items, f"{folder}: nothing there")
    for stem, item in items.items():
        for error in check.iter_errors(item):
            where = "/".join(str(part) for part in error.absolute_path)
            report.check(False, f"{folder}/{stem}.json: {where}: {error.message[:160]}")
        report.check(item.get(key) == stem, f"{folder}/{stem}.json: “{key}” is not the file's name")


def check_schema_can_fail():
    """A member more, a member less and a probability of one are refused."""
    check = validator("cause")
    good = next(iter(knowledge.items("causes").values()))
    report.check(check.is_valid(good), "schema cause refuses a sound cause")
    for damage in ({"extra": 1}, {"per_1000": 0}, {"title": {"en": "only English"}}):
        bad = copy.deepcopy(good)
        bad.update(damage)
        report.check(not check.is_valid(bad), f"schema cause takes {damage}")


for folder, (schema, key) in knowledge.KINDS.items():
    check_items(knowledge.items(folder), schema, key, folder)
check_items(knowledge.providers(), "provider", "id", "providers")
check_schema_can_fail()
report.finish()
