# handover_bundle.py - a small sound bundle, made without the program
# SPDX-License-Identifier: GPL-3.0-or-later
import base64
import hashlib
import io
import json
import random
import uuid
import zipfile

CAUSE = {"id": "router-dead", "where": "shop", "title": "The router is silent", "probability": 0.93}


def build(size, seed, summary=None):
    """About @size bytes that do not deflate; the same seed gives the same incident."""
    generator = random.Random(seed)
    summary = summary or {"format": "pos-first-aid-summary/1", "code": "96", "causes": [CAUSE],
                          "payment": {"state": "u3"}}
    members = [("readme.html", b"<!DOCTYPE html><title>x</title>"),
               ("summary.json", json.dumps(summary).encode()),
               ("logs/terminal/1.log", b"log " + base64.b64encode(generator.randbytes(max(size - 1300, 3) * 3 // 4)))]
    files = [{"path": name, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}
             for name, data in members]
    manifest = {"format": "pos-first-aid-bundle/1", "files": files,
                "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"test {seed}"))}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members + [("manifest.json", json.dumps(manifest).encode())]:
            archive.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()
