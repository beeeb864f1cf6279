#!/usr/bin/python3
"""Wi-Fi and modem facts from mock services on a private system bus. TAP; 77 without python3-dbusmock."""
import json, os, subprocess, sys

try:
    import dbusmock  # noqa: F401
except ImportError:
    print("1..0 # SKIP python3-dbusmock is not installed")
    sys.exit(77)

SOURCE, BUILD = os.environ["PFA_SOURCE_DIR"], os.environ["PFA_BUILD_DIR"]
CASES = [
    (["--wifi", "weak", "--modem", "weak"], {"wifi-signal": "weak", "mobile-signal": "weak"}),
    (["--wifi", "strong", "--modem", "strong"], {"wifi-signal": "good", "mobile-signal": "good"}),
    (["--wifi", "none"], {"wifi-signal": "not-wifi", "mobile-signal": "no-modem"}),
]

print(f"1..{len(CASES)}")
failed = 0
for number, (mock, expected) in enumerate(CASES, 1):
    r = subprocess.run([sys.executable, "-B", f"{SOURCE}/tests/lab/radio_mock.py", *mock, "--", f"{BUILD}/tests/checks/print-checks",
                        "--deadline", "1"], capture_output=True, text=True, timeout=30)
    seen = {o["id"]: o["value"] for o in map(json.loads, r.stdout.splitlines()) if "id" in o}
    good = all(seen.get(i) == v for i, v in expected.items())
    failed += not good
    print(f"{'ok' if good else 'not ok'} {number} {' '.join(mock)}")
    if not good:
        print(f"# expected {expected}, saw { {i: seen.get(i) for i in expected} }")
        print("# " + r.stderr.replace("\n", "\n# "))
sys.exit(1 if failed else 0)
