#!/usr/bin/python3
"""Each check of the catalogue has its entry in data/checks, and each entry is sound. TAP."""
import glob, json, os, re, sys

SOURCE = os.environ["PFA_SOURCE_DIR"]
FOLDER = f"{SOURCE}/data/checks"
lines, failed = [], 0


def tell(good, name, why=""):
    global failed
    failed += not good
    lines.append(f"{'ok' if good else 'not ok'} {len(lines) + 1} {name}" + (f"\n# {why}" if why and not good else ""))


def reported(check_id):
    """The observations that the check's source names."""
    source = open(f"{SOURCE}/src/checks/pfa-check-{check_id}.c").read()
    found = set()
    for name in ("reports", "refines"):
        m = re.search(r"const char \*const %s\[\]\s*=\s*\{([^}]*)\}" % name, source)
        found |= set(re.findall(r'"([a-z0-9-]+)"', m.group(1))) if m else set()
    return found


try:
    import jsonschema
except ImportError:
    print("1..0 # SKIP python3-jsonschema is not installed")
    sys.exit(77)
schema = json.load(open(f"{FOLDER}/schemas/check.schema.json"))
catalogue = open(f"{SOURCE}/src/checks/pfa-check-catalogue.c").read()
listed = {n.replace("_", "-") for n in re.findall(r"&pfa_check_(\w+),", catalogue)}
entries = {os.path.basename(p)[:-5]: json.load(open(p)) for p in glob.glob(f"{FOLDER}/*.json")}
tell(listed == set(entries), "every check has an entry and every entry a check", str(listed ^ set(entries)))
for name, entry in sorted(entries.items()):
    errors = [e.message for e in jsonschema.Draft202012Validator(schema).iter_errors(entry)]
    tell(not errors and entry["id"] == name, f"{name} fits the schema", "; ".join(errors))
    tell(set(entry["observations"]) == reported(name), f"{name} names what it reports", f"{entry['observations']} {reported(name)}")
    tell(all(os.path.exists(f"{SOURCE}/data/knowledge/observations/{o}.json") for o in entry["observations"]), f"{name} speaks the knowledge's words")
print(f"1..{len(lines)}")
print("\n".join(lines))
sys.exit(1 if failed else 0)
