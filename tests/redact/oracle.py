"""Recovers what a text hides: decodes it every known way, and searches. Shares no code with src/redact.

SPDX-License-Identifier: GPL-3.0-or-later
"""

import base64
import binascii
import bz2
import html
import io
import lzma
import quopri
import re
import unicodedata
import urllib.parse
import zipfile
import zlib

MAX_VIEWS = 120
LONG = 20000


def fold(text):
    """Foreign digits to ASCII, spaces and dashes to one sign, invisible signs to nothing."""
    out = []
    for c in text:
        kind = unicodedata.category(c)
        if kind == 'Nd':
            out.append(str(unicodedata.digit(c)))
        elif kind == 'Zs':
            out.append(' ')
        elif kind == 'Pd' or c == '\u2212':
            out.append('-')
        elif kind == 'Cf':
            continue
        else:
            out.append(unicodedata.normalize('NFKC', c))
    return re.sub(r'\x1b\[[0-9;]*[A-Za-z]', '', ''.join(out))


def unpack(data):
    for opener in (lambda d: zlib.decompressobj(47).decompress(d, 1 << 22), lzma.decompress, bz2.decompress):
        try:
            yield opener(data)
        except Exception:
            pass
    if data[:2] == b'PK':
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for name in archive.namelist():
                    yield name.encode()
                    yield archive.read(name)
        except Exception:
            pass


def decodings(data):
    """Each way in which @data could be read once more."""
    yield from unpack(data)
    if data.count(0) * 5 > len(data):
        for name in ('utf-16-le', 'utf-16-be', 'utf-32-le', 'utf-32-be'):
            yield data.decode(name, 'ignore').encode()
    text = data.decode('utf-8', 'replace')
    latin = data.decode('latin-1')
    for other in (fold(text), fold(latin), html.unescape(text), urllib.parse.unquote(text)):
        if other.encode() != data:
            yield other.encode()
    if re.search(r'=3[0-9]', text):
        yield quopri.decodestring(data)
    if '\\' in text:
        yield re.sub(r'\\+u([0-9a-fA-F]{4})', lambda m: chr(int(m[1], 16)), text).encode('utf-8', 'ignore')
        yield re.sub(r'\\+x([0-9a-fA-F]{2})', lambda m: chr(int(m[1], 16)), text).encode('utf-8', 'ignore')
        yield re.sub(r'\\+([0-3][0-7]{2})', lambda m: chr(int(m[1], 8)), text).encode('utf-8', 'ignore')
    yield re.sub(rb'0x([0-9a-fA-F]{2})[,\s]*', lambda m: bytes([int(m[1], 16)]), data)
    for token in re.findall(rb'[A-Za-z0-9+/_-]{12,}(?:[\r\n]+[A-Za-z0-9+/_-]{4,})*={0,2}', data)[:200]:
        plain = re.sub(rb'\s', b'', token).rstrip(b'=').translate(bytes.maketrans(b'-_', b'+/'))
        for phase in range(4):
            part = plain[phase:]
            try:
                yield base64.b64decode(part + b'=' * (-len(part) % 4) if len(part) % 4 != 1 else part[:-1])
            except binascii.Error:
                pass
    rows = re.sub(rb'(?m)^[ \t]*[0-9a-fA-F]{4,8}[: ]\s*', b'', data)
    rows = re.sub(rb'(?m)\s*\|.*\|\s*$|  +\S.*$', b'', rows)
    for source in (data, rows):
        for run in re.findall(rb'(?:[0-9A-Fa-f]{2}[ :\-,.\r\n]{0,2}){6,}', source)[:200]:
            digits = re.sub(rb'[^0-9A-Fa-f]', b'', run)
            for phase in (0, 1):
                part = digits[phase:]
                raw = binascii.unhexlify(part[:len(part) // 2 * 2])
                yield raw
                yield raw.decode('cp037', 'replace').encode('utf-8', 'replace')
            yield digits
    for run in re.findall(r'(?:\d{2,3}[,\s]+){11,}\d{2,3}', text):
        try:
            yield bytes(int(n) for n in re.findall(r'\d+', run))
        except ValueError:
            pass


def views(data, depth=4):
    seen = {data}
    layer = [data]
    yield data
    for _ in range(depth):
        below = []
        for one in layer:
            for other in decodings(one):
                if len(other) >= 6 and other not in seen and len(seen) < MAX_VIEWS:
                    seen.add(other)
                    below.append(other)
                    yield other
        layer = below


def squeeze(data):
    """Digits with what people write between them taken out."""
    text = fold(data.decode('utf-8', 'replace'))
    return re.sub(r'(?<=[0-9])[^0-9A-Za-z]{1,3}(?=[0-9])|(?<=[0-9])[\\,"\']*\r?\n\s*(?=[0-9])', '', text)


def is_recoverable(secret, data):
    wanted = secret.encode()
    number = secret.isdigit() and len(secret) >= 12
    # Of a long text, every decoding of every decoding takes minutes: as it is, and with the gaps out.
    for view in (views(data) if len(data) < LONG else (data,)):
        if wanted in view or (number and (secret in squeeze(view) or secret in squeeze(binascii.hexlify(view)))):
            return True
    return False
