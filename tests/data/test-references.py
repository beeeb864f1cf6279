#!/usr/bin/python3
"""test-references.py - what one item of the knowledge says of another holds

SPDX-License-Identifier: GPL-3.0-or-later
"""

import itertools
import math

import knowledge

PAYMENT_STATES = {f"u{n}" for n in range(1, 12)} | {"unknown"}
# Flat in every row: they say that something could not be looked at.
SILENT = {"cannot-check", "unknown"}
COMPUTER_ONLY = {"link", "address", "dhcp", "gateway", "hosts-file", "own-resolver", "clock", "own-firewall"}
OTHER_NETWORKS = {"mobile", "phone-line", "phone-app"}

report = knowledge.Report()
check = report.check
model = knowledge.model()
causes = knowledge.items("causes")
observations = knowledge.items("observations")
actions = knowledge.items("actions")
guards = knowledge.items("guards")
values = {name: [value["id"] for value in item["values"]] for name, item in observations.items()}


def check_order():
    for kind, found in (("causes", causes), ("observations", observations), ("actions", actions)):
        named = model["order"][kind]
        check(len(set(named)) == len(named), f"order.{kind} names one twice")
        check(set(named) == set(found), f"order.{kind} differs: {set(named) ^ set(found)}")
    check(model["order"]["observations"][:2] == ["connection", "answer-from"], "the first two observations")


def check_list():
    """OBSERVATIONS.md is what the authors of checks and of profiles read."""
    rows = {}
    for line in (knowledge.ROOT / "data" / "knowledge" / "OBSERVATIONS.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > 3 and cells[1].startswith("`"):
            rows[cells[1].split("`")[1]] = [value.strip(" `") for value in cells[2].split(",")]
    check(set(rows) == set(values), f"OBSERVATIONS.md differs: {set(rows) ^ set(values)}")
    for name in set(rows) & set(values):
        check(sorted(rows[name]) == sorted(values[name]), f"OBSERVATIONS.md, {name}: {rows[name]} is not {values[name]}")


def check_causes():
    vocabulary = knowledge.load(knowledge.ROOT / "tests" / "data" / "causes.json")["causes"]
    check(set(vocabulary) == set(causes), f"causes differ: {set(vocabulary) ^ set(causes)}")
    for name, where in vocabulary.items():
        check(causes[name]["where"] == where, f"{name} is not at {where}")
    total = math.fsum(cause["per_1000"] for cause in causes.values())
    check(abs(total - model["limits"]["prior_total"]) < 1e-9, f"priors sum to {total}")


def check_row(name, row, of):
    check(set(row) == set(values[name]), f"{name}: the row of {of} misses or invents values")
    check(abs(math.fsum(row.values()) - 1) < 1e-9, f"{name}: the row of {of} does not sum to 1")


def check_observation(name, item, earlier):
    check(len(set(values[name])) == len(values[name]), f"{name}: a value stands twice")
    check_row(name, item["default"], "default")
    for cause, row in item["given"].items():
        check(cause in causes, f"{name}: no cause {cause}")
        check_row(name, row, cause)
        for silent in SILENT & set(row):
            flat = abs(row[silent] - item["default"][silent]) < 1e-9
            check(flat, f"{name}: {silent} is not flat for {cause}")
    for upstream, blocking in item.get("blocked_by", {}).items():
        check(upstream in earlier, f"{name}: blocked by {upstream}, which is not earlier")
        check(set(blocking) <= set(values.get(upstream, [])), f"{name}: blocked by unknown values of {upstream}")
    if item["kind"] == "question":
        check(item["minutes"] > 0, f"{name}: a question that costs nothing")
        check(all("label" in value for value in item["values"]), f"{name}: an answer without a label")


def check_values_are_used(name, item):
    """Every value moves some cause, or is silent or neutral."""
    for value in item["values"]:
        rows = [item["default"]] + list(item["given"].values())
        moves = len({round(row[value["id"]], 9) for row in rows}) > 1
        check(moves or value["id"] in SILENT or value["state"] == "neutral",
              f"{name}: no cause cares for “{value['id']}”")


def check_this_computer():
    """Computer-only observations fall silent for a host's answer; all the shop's for other networks."""
    for name in COMPUTER_ONLY:
        blocked = observations[name].get("blocked_by", {})
        check(blocked.get("answer-from") == ["host"], f"{name} speaks although the host answered")
    for name, item in observations.items():
        if item["kind"] == "check" and item.get("station") in ("computer", "link", "router", "internet"):
            blocked = set(item.get("blocked_by", {}).get("connection", []))
            check(OTHER_NETWORKS <= blocked, f"{name} speaks for a terminal of another network")
    for name in ("payment-port", "provider-tls", "provider-answer", "provider-feed"):
        check("connection" not in observations[name].get("blocked_by", {}),
              f"{name} is the provider's: it speaks for every terminal")


def check_actions():
    mended = set(itertools.chain.from_iterable(action["fixes"] for action in actions.values()))
    for name, action in actions.items():
        check(set(action["fixes"]) <= set(causes), f"{name} mends no known cause")
        check(set(action["recheck"]) <= set(observations), f"{name}: recheck names an unknown observation")
        check(set(action["safety"]) <= set(model["safety"]), f"{name}: no such safety text")
        for upstream, blocking in action.get("blocked_when", {}).items():
            check(set(blocking) <= set(values.get(upstream, [])), f"{name}: blocked_when {upstream}")
        if action["risk"] == "caution" and action["who"] != "technician":
            check("interrupts" in action, f"{name} does not say what it interrupts")
        lengths = {len(lines) for lines in action["how"].values()}
        check(len(lengths) == 1, f"{name}: the languages have different numbers of lines")
    check(set(causes) - mended <= {"unknown"}, f"no step mends {set(causes) - mended}")
    orders = itertools.chain.from_iterable(o["actions"] for o in model["reference_orders"].values())
    check(set(orders) <= set(actions), "reference_orders name unknown steps")


def check_families():
    """In one family the dearer step has the better chance."""
    for first, second in itertools.combinations(actions.values(), 2):
        if not first.get("family") or first.get("family") != second.get("family"):
            continue
        cheap, dear = sorted((first, second), key=lambda action: action["minutes"])
        for cause, chance in cheap["fixes"].items():
            check(dear["fixes"].get(cause, 0) >= chance, f"{dear['id']} is no better than {cheap['id']} for {cause}")


def check_guards():
    for name, guard in guards.items():
        check(set(guard["forbids"]) - {"*"} <= set(actions), f"guard {name} forbids an unknown step")
        for member in ("when", "unless"):
            for observation, wanted in guard.get(member, {}).items():
                known = PAYMENT_STATES if observation == "payment-state" else set(values.get(observation, []))
                check(set(wanted) <= known, f"guard {name}: {member} {observation} {wanted}")
    paying = {name for name, action in actions.items() if "check-not-charged" in action["safety"]}
    check(paying == set(guards["second-payment"]["forbids"]), "steps that send a payment and their guard differ")


def check_payment():
    questions = {q["id"]: q for q in knowledge.load(knowledge.KNOWLEDGE / "payment" / "questions.json")["questions"]}
    states = knowledge.items("payment/states")
    rules = knowledge.load(knowledge.KNOWLEDGE / "payment" / "rules.json")
    check(set(states) == PAYMENT_STATES, "the states of the payment")
    for question in questions.values():
        check(question["answers"][-1]["id"] == "unknown", f"{question['id']}: “I don't know” is not the last")
    for rule in rules["rules"]:
        check(rule["state"] in states, f"a rule leads to {rule['state']}")
        for name, wanted in rule["when"].items():
            known = {a["id"] for a in questions[name]["answers"]} if name in questions else None
            check(name in ("code", "answered") or known is not None and set(wanted) <= known, f"rule: {name} {wanted}")
    for name, state in states.items():
        check(not state["may_retry"] or state["charged"] in ("no", "taken-back"), f"{name} may be tried again")


def check_codes():
    rows = knowledge.load(knowledge.ROOT / "tests" / "data" / "code-rows.json")["rows"]
    check(len(rows) == 142, f"{len(rows)} rows of codes")
    named = set(itertools.chain.from_iterable(rows.values()))
    check(named == set(knowledge.items("codes")), "files of codes and rows differ")


check_order()
check_list()
check_causes()
for index, name in enumerate(model["order"]["observations"]):
    check_observation(name, observations[name], model["order"]["observations"][:index])
    check_values_are_used(name, observations[name])
check_this_computer()
check_actions()
check_families()
check_guards()
check_payment()
check_codes()
report.finish()
