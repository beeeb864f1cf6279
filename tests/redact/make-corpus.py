#!/usr/bin/env python3
"""Writes an adversarial corpus with a manifest: every shape of reference/bundle.md 7.3 and more.

usage: make-corpus.py FOLDER

SPDX-License-Identifier: GPL-3.0-or-later
"""

import base64
import bz2
import gzip
import io
import json
import lzma
import pathlib
import sys
import tarfile
import urllib.parse
import zipfile
import zlib

PAN = '4111111111111111'
HEAD = '2026-03-04T05:06:07.089Z '
cases = []


def add(name, data, secrets=(), keep=(), expect='redact'):
    if isinstance(data, str):
        data = data.encode('utf-8', 'surrogateescape')
    cases.append((name, data, list(secrets), list(keep), expect))


def groups(number, sep, sizes=(4, 4, 4, 4)):
    out, i = [], 0
    for size in sizes:
        out.append(number[i:i + size])
        i += size
    return sep.join(g for g in out if g)


def cards():
    schemes = {
        'visa': PAN, 'visa13': '4222222222222', 'visa19': '4111111111111111110', 'mastercard': '5555555555554444',
        'mastercard2': '2223000048400011', 'amex': '371449635398431', 'diners': '30569309025904', 'diners36': '36227206271667',
        'discover': '6011111111111117', 'jcb': '3566002020360505', 'unionpay': '6222021234567890128', 'unionpay16': '6250941006528599',
        'unionpay81': '8171999927660000', 'maestro': '6759649826438453', 'maestro12': '500000000009', 'mir': '2200770212727079',
        'troy': '9792030394440796', 'rupay': '6521111111111110', 'old-icbc': '9558801502108888888', 'old-abc': '9559980868435875118',
        'old-603': '6036011234567890', 'old-621': '6219771234567890', 'elo': '6362970000457013'}
    for name, number in schemes.items():
        add(f'card-{name}', f'{HEAD}sale pan={number} rc=96', [number], ['rc=96'])
        add(f'bare-{name}', f'{HEAD}read {number} ok', [number], ['ok'])
    add('glued-letters', f'{HEAD}abc{PAN}def', [PAN])
    add('glued-underscore', f'{HEAD}card_{PAN}_x', [PAN])
    add('zero-padded-19', f'{HEAD}raw=000{PAN}', [PAN])
    add('in-forty-digits', f'{HEAD}raw=123456789012{PAN}990011223344', [PAN])
    add('expiry-glued', f'{HEAD}raw={PAN}2712201', [PAN])
    add('two-in-line', f'{HEAD}{PAN} 5555555555554444', [PAN, '5555555555554444'])
    add('semicolon-pair', f'{PAN};5555555555554444', [PAN, '5555555555554444'])
    for name, sep in {'space': ' ', 'dash': '-', 'dot': '.', 'slash': '/', 'underscore': '_', 'nbsp': '\u00a0', 'figure': '\u2007', 'thin': '\u2009',
                      'narrow': '\u202f', 'ideographic': '\u3000', 'en-dash': '\u2013', 'nb-hyphen': '\u2011', 'minus': '\u2212', 'zwsp': '\u200b',
                      'soft-hyphen': '\u00ad', 'two': '  ', 'tab': '\t', 'comma': ',', 'colon': ':', 'pipe': '|', 'star': '*', 'middle-dot': '\u00b7',
                      'bullet': '\u2022', 'em-dash': '\u2014', 'comma-space': ', ', 'space-dash': ' - ', 'word-joiner': '\u2060', 'bom': '\ufeff', 'backslash': '\\',
                      'three-spaces': '   ', 'hash': '#', 'plus': '+', 'tilde': '~', 'full-comma': '\uff0c', 'zwj': '\u200d', 'nel': '\u0085'}.items():
        add(f'sep-{name}', f'{HEAD}card {groups(PAN, sep)} read', [PAN])
        add(f'sep-each-{name}', f'{HEAD}card {sep.join(PAN)} read', [PAN])
    add('sep-amex', f'{HEAD}{groups("371449635398431", " ", (4, 6, 5))}', ['371449635398431'])
    add('sep-diners', f'{HEAD}{groups("30569309025904", "-", (4, 6, 4))}', ['30569309025904'])
    add('sep-19', f'{HEAD}card {groups("6222021234567890128", " ", (4, 4, 4, 4, 3))}', ['6222021234567890128'])
    add('sep-6-13', f'{HEAD}card {groups("6222021234567890128", " ", (6, 13))}', ['6222021234567890128'])
    add('sep-8-8', f'{HEAD}card {groups(PAN, " ", (8, 8))} x', [PAN])
    add('sep-5-5-6', f'{HEAD}card {groups(PAN, " ", (5, 5, 6))} x', [PAN])
    add('sep-pairs', f'{HEAD}card {groups(PAN, " ", (2,) * 8)} x', [PAN])
    add('sep-mixed', f'{HEAD}card 4111 1111-1111.1111 x', [PAN])
    add('backspace', f'{HEAD}41119\b1111111111111 x', ['4111111111111'])
    add('ansi', f'{HEAD}\x1b[32m4111\x1b[0m\x1b[1;31m1111\x1b[0m11111111', [PAN])
    for name, zero in {'fullwidth': 0xff10, 'arabic': 0x660, 'persian': 0x6f0, 'devanagari': 0x966, 'bengali': 0x9e6, 'thai': 0xe50, 'math-bold': 0x1d7ce,
                       'math-mono': 0x1d7f6, 'khmer': 0x17e0, 'tibetan': 0xf20, 'mongolian': 0x1810, 'nko': 0x7c0}.items():
        text = ''.join(chr(zero + int(d)) for d in PAN)
        add(f'digits-{name}', f'{HEAD}{text} x', [PAN])
        add(f'digits-{name}-groups', f'{HEAD}{groups(text, " ")} x', [PAN])
    add('digits-mixed', f'{HEAD}41\uff11\uff11111111111111 x', [PAN])
    for name, joint in {'lf': '\n', 'crlf': '\r\n', 'backslash': '\\\n', 'indent': '\n        ', 'tab': '\n\t', 'space-lf': ' \n', 'quoted': '"\n"', 'plus': '" +\n    "', 'pipe': '\n| ', 'mail': '\n> '}.items():
        add(f'split-{name}', f'{HEAD}pan={PAN[:8]}{joint}{PAN[8:]} x', [PAN])
        add(f'split-6-{name}', f'{HEAD}pan={PAN[:6]}{joint}{PAN[6:]}\nnext line', [PAN])
    for at in (65526, 65530, 65535, 65536, 1048570, 1048576, 262140, 266240, 290000):
        add(f'chunk-{at}', 'x' * (at - 1) + ' ' + PAN + ' y', [PAN])
        add(f'chunk-lines-{at}', ('line of a log\n' * (at // 14 + 1))[:at - 1] + ' ' + PAN + ' y\n', [PAN])
    add('long-line', 'ab ' * 4000000 + PAN + ' cd' * 10, [PAN])


def structures():
    add('json-number', json.dumps({'pan': int(PAN), 'rc': '96'}), [PAN], ['"96"'])
    add('json-float', '{"pan":4111111111111111.0}', [PAN])
    add('json-exponent', '{"pan":4.111111111111111E15}', [PAN, '4.111111111111111'])
    add('json-exponent-2', '{"pan":4.111111111111111e+15,"x":1}', [PAN, '4.111111111111111'])
    add('json-u', '{"pan":"' + ''.join(f'\\u{ord(c):04x}' for c in PAN) + '"}', [PAN])
    add('json-array-strings', json.dumps({'pan': list(PAN)}), [PAN])
    add('json-array-pretty', json.dumps({'pan': [int(c) for c in PAN]}, indent=2), [PAN])
    add('json-groups', json.dumps({'pan': ['4111', '1111', '1111', '1111']}), [PAN])
    add('json-in-json', json.dumps({'m': json.dumps({'pan': PAN, 'password': 'hunter2x'})}), [PAN, 'hunter2x'])
    add('json-in-json-in-json', json.dumps({'a': json.dumps({'m': json.dumps({'pan': PAN, 'password': 'hunter2x'})})}), [PAN, 'hunter2x'])
    add('luhn-invalid-key', '{"cardNumber":"4111111111111112"}', ['4111111111111112'])
    add('luhn-invalid-xml', '<CardNumber>4111111111111112</CardNumber>', ['4111111111111112'])
    add('xml', f'<PAN>{PAN}</PAN><x>1</x>', [PAN])
    add('xml-attribute', f'<card number="{PAN}" type="visa"/>', [PAN], ['visa'])
    add('csv', f'id,card,amount\n1,"{PAN}",12.50\n', [PAN], ['12.50'])
    add('csv-apos', f"1,'{PAN},5\n", [PAN])
    add('url', f'GET /pay?pan={PAN}&amount=12 HTTP/1.1', [PAN], ['amount=12'])
    add('url-20', 'GET /pay?pan=4111%201111%201111%201111 x', [PAN])
    add('url-plus', 'GET /pay?pan=4111+1111+1111+1111 x', [PAN])
    add('url-hex', 'GET /pay?pan=' + ''.join(f'%{ord(c):02X}' for c in PAN), [PAN])
    add('url-twice', 'GET /pay?pan=' + urllib.parse.quote(''.join(f'%{ord(c):02X}' for c in PAN)), [PAN])
    add('url-json', 'q=' + urllib.parse.quote(json.dumps({'pan': PAN, 'password': 'hunter2x'})), [PAN, 'hunter2x'])
    add('html-dec', ''.join(f'&#{ord(c)};' for c in PAN), [PAN])
    add('html-hex', ''.join(f'&#x{ord(c):x};' for c in PAN), [PAN])
    add('html-zero', ''.join(f'&#0{ord(c)};' for c in PAN), [PAN])
    add('html-no-semicolon', ''.join(f'&#{ord(c)}' for c in PAN), [PAN])
    add('html-nbsp', '4111&nbsp;1111&nbsp;1111&nbsp;1111', [PAN])
    add('html-nbsp-number', '4111&#160;1111&#160;1111&#160;1111', [PAN])
    add('html-spans', ''.join(f'<b>{g}</b>' for g in ('4111', '1111', '1111', '1111')), [])
    add('quoted-printable', 'card ' + ''.join(f'={ord(c):02X}' for c in PAN), [PAN])
    add('quoted-printable-wrap', 'card 41111111=\n11111111 x', [PAN])
    add('c-escape', 's="' + ''.join(f'\\x{ord(c):02x}' for c in PAN) + '"', [PAN])
    add('octal', 's="' + ''.join(f'\\{ord(c):03o}' for c in PAN) + '"', [PAN])
    add('python-bytes', f"b'{PAN}'", [PAN])
    add('decimal-codes', 'data=' + str([ord(c) for c in PAN]), [PAN])
    add('decimal-codes-json', json.dumps({'data': [ord(c) for c in 'PAN ' + PAN]}), [PAN])
    add('hex-codes', ', '.join(f'0x{ord(c):02X}' for c in PAN), [PAN])
    add('hex-codes-tight', ','.join(f'0x{ord(c):02x}' for c in 'pan=' + PAN), [PAN])


def encodings():
    text = f'pan={PAN}'
    add('b64', f'{HEAD}body={base64.b64encode(text.encode()).decode()} x', [PAN])
    add('b64-bare', f'{HEAD}body={base64.b64encode(PAN.encode()).decode()} x', [PAN])
    add('b64-url', f'{HEAD}body={base64.urlsafe_b64encode(json.dumps({"pan": PAN, "k": "???>>>"}).encode()).decode()}', [PAN])
    add('b64-nopad', f'{HEAD}body={base64.b64encode(text.encode()).decode().rstrip("=")}', [PAN])
    add('b64-phase-1', f'{HEAD}body=x{base64.b64encode(text.encode()).decode()}', [PAN])
    add('b64-phase-2', f'{HEAD}body=xy{base64.b64encode(text.encode()).decode()}', [PAN])
    add('b64-password', f'{HEAD}body={base64.b64encode(b"user=pos password=hunter2x").decode()}', ['hunter2x'])
    long = json.dumps({'lines': ['nothing here'] * 20, 'pan': PAN, 'more': ['and more'] * 20})
    add('b64-wrapped-64', base64.encodebytes(long.encode()).decode(), [PAN])
    add('b64-wrapped-76', '\n'.join(base64.b64encode(long.encode()).decode()[i:i + 76] for i in range(0, 1200, 76)), [PAN])
    add('b64-wrapped-indent', 'body: |\n' + '\n'.join('  ' + base64.b64encode(long.encode()).decode()[i:i + 64] for i in range(0, 1200, 64)), [PAN])
    add('b64-wrapped-crlf', '\r\n'.join(base64.b64encode(long.encode()).decode()[i:i + 76] for i in range(0, 1200, 76)), [PAN])
    add('b64-json-escaped-newlines', json.dumps({'body': base64.encodebytes(long.encode()).decode()}), [PAN])
    add('b64-twice', base64.b64encode(base64.b64encode(text.encode())).decode(), [PAN])
    add('b64-three', base64.b64encode(base64.b64encode(base64.b64encode(text.encode()))).decode(), [PAN])
    add('b64-of-hex', base64.b64encode(text.encode().hex().encode()).decode(), [PAN])
    add('hex-of-b64', base64.b64encode(text.encode()).hex(), [PAN])
    add('b64-utf16', base64.b64encode(f'password=hunter2x {PAN}'.encode('utf-16-le')).decode(), [PAN, 'hunter2x'])
    add('b64-gzip', '{"z":"' + base64.b64encode(gzip.compress(long.encode())).decode() + '"}', [PAN])
    add('b64-zlib', '{"z":"' + base64.b64encode(zlib.compress(long.encode())).decode() + '"}', [PAN])
    add('b64-deflate', '{"z":"' + base64.b64encode(zlib.compress(long.encode())[2:-4]).decode() + '"}', [])
    add('b64-bcd', base64.b64encode(b'\x02\x00' + bytes.fromhex(PAN) + b'\x27\x12').decode(), [PAN])
    add('hex', text.encode().hex(), [PAN])
    add('hex-upper', 'rx=' + text.encode().hex().upper(), [PAN])
    add('hex-odd', 'rx=0' + text.encode().hex(), [PAN])
    add('hex-utf16', 'rx=' + PAN.encode('utf-16-le').hex(), [PAN])
    add('hex-spaced', text.encode().hex(' '), [PAN])
    add('hex-colons', text.encode().hex(':'), [PAN])
    add('hex-dashes', text.encode().hex('-'), [PAN])
    add('hex-commas', ','.join(f'{b:02x}' for b in text.encode()), [PAN])
    add('hex-spaced-wrapped', '\n'.join(('MTI 0100 ' + text).encode()[i:i + 8].hex(' ') for i in range(0, 32, 8)), [PAN])
    for width in (8, 16):
        raw = b'MTI0100 PAN ' + PAN.encode() + b' exp 1227 trailing text'
        rows = [f'{i:08x}  {raw[i:i + width].hex(" "):<{width * 3}} |{raw[i:i + width].decode()}|' for i in range(0, len(raw), width)]
        add(f'hexdump-{width}', '\n'.join(rows) + '\n', [PAN])
        packed = b'\x02\x00\x72\x38' + bytes.fromhex('16' + PAN) + b'\x27\x12' + b'abcdefgh'
        rows = [f'{i:04X}: {packed[i:i + width].hex(" ").upper()}' for i in range(0, len(packed), width)]
        add(f'hexdump-bcd-{width}', '\n'.join(rows) + '\n', [PAN])
    raw = b'MTI0100 PAN ' + PAN.encode() + b' exp 1227'
    rows = [f'{i:08x}: ' + ' '.join(raw[j:j + 2].hex() for j in range(i, min(i + 16, len(raw)), 2)) + '  ' + raw[i:i + 16].decode() for i in range(0, len(raw), 16)]
    add('xxd', '\n'.join(rows) + '\n', [PAN])
    rows = [f'{HEAD}{i:04x}  {raw[i:i + 16].hex(" ")}' for i in range(0, len(raw), 16)]
    add('hexdump-prefixed', '\n'.join(rows) + '\n', [])
    add('bcd-spaced', f'{HEAD}DE2 {bytes.fromhex(PAN).hex(" ")}', [PAN])
    add('bcd-f-pad', f'{HEAD}5A 371449635398431F', ['371449635398431'])
    add('bcd-zero-pad', f'{HEAD}DE2 0371449635398431', ['371449635398431'])
    add('ebcdic', 'rx=' + PAN.encode('cp037').hex(), [PAN])
    add('ebcdic-spaced', 'rx ' + PAN.encode('cp037').hex(' '), [PAN])
    add('ebcdic-text', 'rx=' + f'PAN={PAN}'.encode('cp037').hex().upper(), [PAN])
    for name in ('utf-16', 'utf-16-le', 'utf-16-be', 'utf-32', 'utf-32-le', 'utf-32-be', 'utf-8-sig'):
        add(f'charset-{name}', f'{HEAD}sale card={PAN} password=hunter2x\n'.encode(name), [PAN, 'hunter2x'])
    add('charset-gb18030', f'{HEAD}卡号：{PAN} 密码：hunter2x 交易失败请重试\n'.encode('gb18030'), [PAN, 'hunter2x'])
    add('charset-latin1', f'{HEAD}Gerät: Karte {groups(PAN, chr(160))} für\n'.encode('latin-1'), [PAN])
    add('invalid-utf8', b'x \xff\xfe\x80 ' + PAN.encode() + b' \xc3', [PAN])
    add('nul-inside', b'x ' + b'\0'.join(bytes([c]) for c in PAN.encode()) + b' y', [PAN])
    add('raw-bcd', HEAD.encode() + b'rx: ' + bytes.fromhex(PAN) + b' end of it and a good deal more text behind it so that it is mostly text\n', [PAN], expect='any')
    add('utf16-inside', b'log line one\n' + f'pan={PAN}'.encode('utf-16-le') + b'\nlog line three\n', [PAN])


def card_technology():
    add('track1', f'{HEAD}%B{PAN}^DOE/JOHN Q^27122011234567890123?', [PAN, 'DOE/JOHN', '1234567890123'])
    add('track1-cut', f'{HEAD}B{PAN}^DOE/JOHN Q^27122011234567890123', [PAN, 'DOE/JOHN', '1234567890123'])
    add('track1-url', f'{HEAD}%25B{PAN}%5EDOE/JOHN%5E27122011234567890123%3F', [PAN, 'DOE/JOHN'])
    add('track2', f'{HEAD};{PAN}=27122011234567890123?', [PAN, '1234567890123'])
    add('track2-cut', f'{HEAD}{PAN}=2712201123456', [PAN, '2712201123456'])
    add('track2-d', f'{HEAD}{PAN}D27122011234567890123F', [PAN, '1234567890123'])
    add('track2-small-d', f'{HEAD}t2={PAN}d27122011234567890123f', [PAN, '1234567890123'])
    add('track2-key', f'{HEAD}track2: "{PAN}=27122011234567890123"', [PAN, '1234567890123'])
    add('track2-html', f'{HEAD};{PAN}&#61;27122011234567890123?', [PAN, '1234567890123'])
    add('track2-not-luhn', f'{HEAD};4111111111111112=27122011234567890123?', ['4111111111111112', '1234567890123'])
    add('track2-hex', f'{HEAD}' + f';{PAN}=27122011234567890123?'.encode().hex(), [PAN])
    add('track3', f'{HEAD}track3=01{PAN}=724724000000000000030300XXXX040400099010=************************==1=0000000000000000', [PAN])
    add('tag-5a', f'{HEAD}5A08{PAN}5F2403271231', [PAN])
    add('tag-5a-spaced', f'{HEAD}5A 08 {bytes.fromhex(PAN).hex(" ")} 5F 24 03 27 12 31', [PAN])
    add('tag-5a-keyed', f'{HEAD}tag 5A = {PAN}', [PAN])
    add('tag-57', f'{HEAD}5711{PAN}D2712201123456789F9F360200A1', [PAN, '2712201123456789'], ['9F360200A1'])
    add('tag-57-first', f'{HEAD}9F2608AABBCCDDEEFF00115711{PAN}D2712201123456789F9F360200A1', [PAN, '2712201123456789'], ['9F2608AABBCCDDEEFF0011', '9F360200A1'])
    add('tag-57-lower', f'{HEAD}5711{PAN}d2712201123456789f9f360200a1', [PAN, '2712201123456789'], ['9f360200a1'])
    add('tag-57-not-luhn', f'{HEAD}57114111111111111112D2712201123456789F9F360200A1', ['4111111111111112'], ['9F360200A1'])
    add('tag-9f6b', f'{HEAD}9F6B13{PAN}D27122011234567890000F', [PAN])
    add('tag-5f20', f'{HEAD}5F200A' + b'DOE/JOHN Q'.hex().upper() + '9F360200A1', ['DOE/JOHN'], ['9F360200A1'])
    add('tag-56', f'{HEAD}5629' + f'B{PAN}^DOE/JOHN^2712201'.encode().hex().upper(), [PAN, 'DOE/JOHN'])
    add('tag-70', f'{HEAD}701B5A08{PAN}5F24032712315F280208405F3401019F0702FF00', [PAN])
    add('de55', f'{HEAD}DE55=9F2608AABBCCDDEEFF00115711{PAN}D2712201123456789F950500000000009F360200A1', [PAN], ['9505000000000', '9F360200A1'])
    add('iso-ascii', f'{HEAD}0200723844810080800016{PAN}0000000000000012503040506070001233040506030427120510010622{PAN}=2712201000123456789012345', [PAN])
    add('iso-fields', '\n'.join([f'F002: {PAN}', 'F014: 2712', f'F035: {PAN}=27122011234567890123', 'F045: B4111^X', 'F052: A1B2C3D4E5F60708', 'F037: 632600123456', 'F041: 10001234', 'F042: 898440153110001']),
        [PAN, '2712', '1234567890123', 'A1B2C3D4E5F60708'], ['632600123456', '10001234', '898440153110001'])
    add('iso-brackets', '\n'.join([f'[002] {PAN}', '[014] 2712', f'[035] {PAN}=27122011234567890123', '[052] A1B2C3D4E5F60708', '[011] 000123']),
        [PAN, '[014] 2712', '1234567890123', 'A1B2C3D4E5F60708'], ['[011] 000123'])
    add('iso-json', json.dumps({'2': PAN, '14': '2712', '35': f'{PAN}=2712201', '52': 'A1B2C3D4E5F60708', '11': '000123'}), [PAN, 'A1B2C3D4E5F60708'], ['000123'])
    add('iso-xml', f'<isomsg><field id="2" value="{PAN}"/><field id="52" value="A1B2C3D4E5F60708"/></isomsg>', [PAN, 'A1B2C3D4E5F60708'])
    add('iso-words', f'Field 52 (PIN data): A1B2C3D4E5F60708\nfield 14: 2712\nBit 52: A1B2C3D4E5F60709', ['A1B2C3D4E5F60708', 'A1B2C3D4E5F60709', 'field 14: 2712'])
    for label in ('DE52=', 'DE 52: ', 'F52:', 'field52=', 'PINBLOCK=', 'pinBlock: ', 'PIN Block [8]: ', 'pin_block="', 'encryptedPin=', 'EPB: ', 'PIN data = '):
        add(f'pinblock-{label.strip(" :=[]").lower().replace(" ", "-")}', f'{HEAD}{label}0412AC89ABCDEF67 x', ['0412AC89ABCDEF67'])
    add('pinblock-spaced', f'{HEAD}PIN block: 04 12 AC 89 AB CD EF 67 x', ['04 12 AC 89 AB CD EF 67', '0412AC89ABCDEF67'])
    for label in ('pin=', 'PIN: ', '"pin": "', 'pin_code=', 'PIN ', 'userPin=', '<pin>', 'Geheimzahl: ', 'customer_pin='):
        add(f'pin-{label.strip(" :=").lower()}'.replace('"', 'q').replace('<', 'x').replace('>', '').replace(':', '').replace(' ', ''), f'{HEAD}{label}4932 x', ['4932'])
    for label in ('cvv=', 'CVV2: ', '"cvc":"', 'cvc2 ', 'CVN2=', '<cvv>', 'security code: ', 'card_verification_value=', 'CSC=', 'Prüfziffer: ', '安全码：', 'cvv_code=', 'cardCvv=', 'Kartenprüfnummer: '):
        add(f'cvv-{len(cases)}', f'{HEAD}{label}737 x', ['737'])
    add('escpos', f'\x1b@\x1ba\x01KARTE\n\x1bE\x01{groups(PAN, " ")}\x1bE\x00\nDANKE\n', [PAN], ['DANKE'])
    add('masked-12-visible', f'{HEAD}card 41111111****1111', ['41111111****1111'])


def containers():
    line = f'{HEAD}card={PAN}\n'.encode() * 3
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode='w') as out:
        info = tarfile.TarInfo(f'log-{PAN}.txt')
        info.size = len(line)
        out.addfile(info, io.BytesIO(line))
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, 'w', zipfile.ZIP_DEFLATED) as out:
        out.writestr(f'a-{PAN}.log', line)
        out.writestr('b.log', 'password=hunter2x\n')
    add('gz', gzip.compress(line), [PAN])
    add('xz', lzma.compress(line), [PAN])
    add('bz2', bz2.compress(line), [PAN])
    add('gz-gz', gzip.compress(gzip.compress(line)), [PAN])
    add('gz-four', gzip.compress(gzip.compress(gzip.compress(gzip.compress(line)))), [PAN], expect='any')
    add('zip', archive.getvalue(), [PAN, 'hunter2x'])
    add('tar', tar.getvalue(), [PAN])
    add('tar-gz', gzip.compress(tar.getvalue()), [PAN])
    add('zip-gz', gzip.compress(archive.getvalue()), [PAN])
    add('gz-truncated', gzip.compress(line * 100)[:-30], [PAN], expect='drop')
    add('gz-bomb', gzip.compress(b'0' * 30000000), [], expect='drop')
    add('sqlite', b'SQLite format 3\0' + PAN.encode() * 10, [PAN], expect='drop')
    add('binary', bytes(range(256)) * 16 + PAN.encode(), [PAN], expect='drop')
    add('gz-utf16', gzip.compress(line.decode().encode('utf-16')), [PAN])


def secrets():
    secret = 'hunter2x'
    for i, text in enumerate((
            'password={}', 'password: {}', 'Password = {}', 'PASSWORD="{}"', "password='{}'", 'pwd={}', 'passwd: {}', 'pass={}', 'passphrase={}', 'dbPassword={}', 'DB_PASSWORD={}',
            'export MYSQL_PWD={}', 'user.password={}', 'spring.datasource.password={}', '--password {}', '--password={}', '--db-pass={}', '<password>{}</password>', '<Password type="x">{}</Password>',
            '<add key="password" value="{}"/>', '<property name="password" value="{}"/>', '<entry key="password">{}</entry>', '{{"password":"{}"}}', '{{"password" : "{}"}}', "{{'password': '{}'}}",
            "{{u'password': u'{}'}}", 'password => {}', "'password' => '{}',", ':password => "{}"', 'password: "{}"', 'password:\n  {}', 'password: >\n  {}\nnext: 1', '- name: password\n  value: {}',
            '.password = "{}",', 'char password[] = "{}";', 'const char *password = "{}";', 'password := "{}"', 'setPassword("{}")', 'password("{}")', 'login(user="x", password="{}")', 'the password is {}', 'your password was: {}',
            'Passwort: {}', 'Kennwort={}', 'Das Passwort lautet {}', '密码：{}', '密码:{}', '口令={}', '登录密码是{}', '"密码":"{}"', 'mot de passe: {}', 'contraseña: {}', 'senha={}', 'ftp PASS {}', 'PASS {}',
            'https://pos:{}@host.example/x', 'mysql://root:{}@127.0.0.1:3306/pos', 'redis://:{}@10.0.0.1', 'smb://user:{}@server/share', 'psk="{}"', 'psk={}', 'wpa_passphrase={}', 'wpa-psk {}', 'wifi_password={}', 'Wi-Fi password: {}', 'WiFi密码：{}',
            'Key Content            : {}', 'Schlüsselinhalt        : {}', '关键内容            : {}', 'pw={}', 'pw: {}', 'user/password: pos/{}', 'IDENTIFIED BY \'{}\'', 'ALTER USER x WITH PASSWORD \'{}\'', 'net use \\\\srv\\x /user:pos password:{}',
            'sshpass -p {}', 'secret={}', 'client_secret={}', 'clientSecret: "{}"', 'secret_key = {}', 'shared secret: {}', 'credential={}', '"credentials": "{}"', 'password\\":\\"{}\\"', 'password%3D{}%26x', 'password%22%3A%22{}%22', '&quot;password&quot;:&quot;{}&quot;', 'password&#61;{}',
            'PASSWORD\t{}', '| password | {} |', 'password,{}\n', '"password","{}"', '("password", "{}")', '[password] {}', 'password[{}]', 'ｐａｓｓｗｏｒｄ={}', 'pass\u200bword={}', 'admin_pw={}', 'zvt_password: {}', 'Terminal password (6): {}',
            'password={} user=x', 'x;password={};y', 'Server=1;Pwd={};Db=2', 'Data Source=x;Password={};', 'set password to {}', 'changed password from old to {}', 'password is: "{}"', 'passwd {}', 'proxy_pass={}', 'password ="{}"', 'Password>{}<', 'name="password" value="{}"',
            'name=password value={}', 'key: password, value: {}', '"key": "password", "value": "{}"', '"name":"password","type":"string","value":"{}"', '<name>password</name>\n  <value>{}</value>', '<key>password</key>\n<string>{}</string>', '"password": ["{}"]', 'password = [\'{}\']', 'x-api-key: {}', 'X-Auth-Token: {}1234')):
        add(f'password-{i:03}', HEAD + text.format(secret) + '\n', [secret])
    add('password-spaces', 'psk=correct horse battery\nx=1', ['horse', 'battery'], ['x=1'])
    add('password-spaces-quoted', '{"password": "correct horse, battery; staple"}', ['horse', 'battery', 'staple'])
    add('password-escaped-quote', r'{"password": "cor\"rect horse"}', ['rect horse'])
    # An unquoted password that itself looks like the next pair: no rule can tell.
    add('password-signs', 'password=p&a=s%s;w,d#1 x=2', ['s%s;w,d#1'], expect='limit')
    hexkey = '0123456789ABCDEFFEDCBA9876543210'
    for i, text in enumerate(('TMK={}', 'TPK: {}', 'tak="{}"', 'ZMK {}', 'master key: {}', 'masterKey={}', 'session_key: {}', 'PIN key = {}', 'MAC Key: {}', 'working key={}', '主密钥：{}', '密钥={}', 'Schlüssel: {}', 'api_key={}', 'apiKey: "{}"', 'access_key={}',
                              'AccessKeySecret: {}', 'private_key={}', 'aes_key={}', 'key={}', '"key":"{}"', 'BDK={}', 'IPEK: {}', 'encryption.key={}', 'signing-key: {}', 'x-api-key: {}', 'token={}', 'access_token={}', 'refreshToken: "{}"', 'Authorization: {}', 'Authorization: Token {}',
                              'authorization: token={}', 'auth_token={}', '令牌：{}', 'session_id={}', 'JSESSIONID={}', 'PHPSESSID={};', 'sid={}', 'csrf_token={}', 'X-Signature: {}', 'sign={}', 'signature: {}', 'Cookie: a={}', 'Set-Cookie: s={}; Path=/', 'hmac_key={}', 'Storage key: {}', 'AccountKey={};', 'SharedAccessKey={}')):
        add(f'key-{i:03}', HEAD + text.format(hexkey) + '\n', [hexkey])
    add('basic', 'Authorization: Basic cG9zOmh1bnRlcjJ4', ['cG9zOmh1bnRlcjJ4', 'hunter2x'])
    add('basic-curl', "curl -H 'Authorization: Basic cG9zOmh1bnRlcjJ4' https://x.example", ['cG9zOmh1bnRlcjJ4'])
    add('curl-user', 'curl -u pos:hunter2x https://x.example', ['hunter2x'])
    add('bearer', '> authorization: Bearer abcdef0123456789abcdef', ['abcdef0123456789abcdef'])
    add('bearer-json', '{"Authorization":"Bearer abcdef0123456789abcdef"}', ['abcdef0123456789abcdef'])
    add('jwt', 'got eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U ok', ['dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U', 'eyJzdWIiOiIxMjM0NTY3ODkwIn0'], ['ok'])
    add('aws', 'AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE\nAWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', ['AKIAIOSFODNN7EXAMPLE', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'])
    for i, token in enumerate(('ghp_16C7e42F292c6912E7710c838347Ae178B4a', 'xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcHrzqqgy', 'sk_live_4eC39HqLyjWDarjtT1zdp7dc', 'AIzaSyDaGmWKa4JsXZ-HjGw7ISLn_3namBGewQe', 'glpat-ABCDEFGHIJ1234567890', 'LTAI5tFakeFakeFakeFake12')):
        add(f'vendor-{i}', f'{HEAD}use {token} now', [token], ['now'])
    body = '\n'.join('MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC' + chr(65 + i) * 12 for i in range(20))
    for kind in ('RSA ', '', 'EC ', 'ENCRYPTED ', 'OPENSSH ', 'DSA '):
        add(f'pem-{kind.strip().lower() or "plain"}', f'x\n-----BEGIN {kind}PRIVATE KEY-----\n{body}\n-----END {kind}PRIVATE KEY-----\nafter', ['MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQCC'], ['after'])
    add('pem-one-line', json.dumps({'key': f'-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n', 'x': 'after'}), ['AAoIBAQCDDDD'], ['after'])
    add('pem-no-end', f'-----BEGIN RSA PRIVATE KEY-----\n{body}\n2026 log goes on. Yes.', ['AAoIBAQCDDDD'], ['log goes on'])
    add('pem-prefixed', '\n'.join(f'{HEAD}{line}' for line in ['-----BEGIN RSA PRIVATE KEY-----'] + body.split('\n') + ['-----END RSA PRIVATE KEY-----']), ['AAoIBAQCDDDD'])
    add('pgp', f'-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n{body}\n=abcd\n-----END PGP PRIVATE KEY BLOCK-----\nafter', ['AAoIBAQCDDDD'], ['after'])
    add('putty', f'PuTTY-User-Key-File-2: ssh-rsa\nPrivate-Lines: 2\n{body}\nPrivate-MAC: 0123456789abcdef0123456789abcdef01234567', ['0123456789abcdef0123456789abcdef01234567'])


def people():
    for i, text in enumerate(('mail max.muster@example.com x', 'to <max.muster@example.com>', 'mailto:max.muster@example.com', '"email":"max.muster@example.com"', 'MAX.MUSTER@EXAMPLE.COM', 'max.muster%40example.com', 'max.muster&#64;example.com', 'max.muster\uff20example.com', 'user=max.muster@example.com;')):
        add(f'email-{i}', HEAD + text, ['max.muster', 'MAX.MUSTER'])
    for i, (text, gone) in enumerate((('tel 13812345678', '13812345678'), ('+86 138 1234 5678', '138 1234 5678'), ('+8613812345678', '13812345678'), ('0086-13812345678', '13812345678'), ('手机：138-1234-5678', '138-1234-5678'), ('call +49 170 1234567', '170 1234567'),
                                      ('Tel.: 0211 / 99 88 77', '99 88 77'), ('Telefon 0211-998877', '998877'), ('phone: (555) 234-5678', '234-5678'), ('call 555-234-5678 now', '234-5678'), ('+1 (555) 234-5678', '234-5678'), ('tel:+4917012345678', '17012345678'),
                                      ('"phone":"01701234567"', '01701234567'), ('mobile=01701234567', '01701234567'), ('电话：0755-12345678', '12345678'), ('固话 010-12345678', '12345678'), ('+44 20 7946 0958', '7946 0958'), ('fax 020 7946 0958', '7946 0958'), ('06 12 34 56 78', '12 34 56 78'),
                                      ('Handy: 0170/1234567', '1234567'), ('+49 (0)170 1234567', '170 1234567'), ('0049 170 1234567', '170 1234567'), ('msisdn=8613812345678', '8613812345678'), ('contact_phone: 138 1234 5678', '1234 5678'))):
        add(f'phone-{i:02}', f'{HEAD}{text} x', [gone])
    for i, text in enumerate(('id 11010519491231002X', 'id 11010519491231002x', '身份证：110105194912310021', 'idcard=11010519491231002X', '身份证号码 11010519491231002X')):
        add(f'identity-{i}', HEAD + text, ['11010519491231002', '110105194912310021'])
    for i, text in enumerate(('GB29NWBK60161331926819', 'GB29 NWBK 6016 1331 9268 19', 'DE89370400440532013000', 'DE89 3704 0044 0532 0130 00', 'iban=de89370400440532013000', 'FR1420041010050500013M02606', 'IBAN: NL91ABNA0417164300', 'DE89-3704-0044-0532-0130-00')):
        add(f'iban-{i}', f'{HEAD}to {text} x', [text.split('=')[-1].removeprefix('IBAN: ')])
    for i, (text, gone) in enumerate((('mac a4:5e:60:12:34:56', '12:34:56'), ('A4-5E-60-12-34-56 x', '12-34-56'), ('bssid=a45e60123456', 'a45e60123456'), ('mac a45e.6012.3456', '6012.3456'), ('HWaddr A4:5E:60:12:34:56', '12:34:56'), ('physical address: A4-5E-60-12-34-56', '12-34-56'),
                                      ('to 203.0.113.77:443', '203.0.113.77'), ('peer=8.8.4.4 x', '8.8.4.4'), ('[2001:db8:203:1::10]:443', '1::10'), ('2001:0db8:85a3:08d3:1319:8a2e:0370:7348', '1319:8a2e'), ('ip-203-0-113-77.eu', '203-0-113-77'), ('inet6 fe80::a65e:60ff:fe12:3456', '12:3456'),
                                      ('ssid="Cafe Kunterbunt"', 'Kunterbunt'), ('SSID: Cafe Kunterbunt', 'Kunterbunt'), ('    SSID                   : Cafe Kunterbunt', 'Kunterbunt'), ('ESSID:"Cafe Kunterbunt"', 'Kunterbunt'), ('wlan0: connected to SSID Kunterbunt', 'Kunterbunt'), ('WLAN-Name: Kunterbunt', 'Kunterbunt'),
                                      ('hostname=kasse-mueller', 'kasse-mueller'), ('Host Name: KASSE-MUELLER', 'KASSE-MUELLER'), ('Computername: KASSE7', 'KASSE7'), ('Mar  4 05:06:07 kasse7 kernel: x', 'kasse7'), ('2026-03-04T05:06:07+01:00 kasse7 app[123]: x', 'kasse7'), ('connect kasse7.local', 'kasse7'), ('主机名：kasse7', 'kasse7'),
                                      ('DESKTOP-AB12CD3 x', 'AB12CD3'), ('kasse7.fritz.box', 'kasse7'), ('serial=ABC1234567', 'ABC1234567'), ('S/N: ABC1234567', 'ABC1234567'), ('SN ABC1234567', 'ABC1234567'), ('Serial Number: ABC1234567', 'ABC1234567'), ('serialNumber":"ABC1234567"', 'ABC1234567'), ('序列号：ABC1234567', 'ABC1234567'),
                                      ('Seriennummer: ABC1234567', 'ABC1234567'), ('IMEI: 490154203237518', '490154203237518'), ('ICCID=89860012345678901234', '89860012345678901234'), ('imsi: 460001234567890', '460001234567890'), ('cardholder: JOHN DOE', 'JOHN DOE'), ('"cardHolderName":"JOHN DOE"', 'JOHN DOE'), ('持卡人：张三', '张三'), ('customer_name=John Doe', 'John'),
                                      ('cashier: Erika', 'Erika'), ('shop_name: Cafe Kunterbunt', 'Kunterbunt'), ('商户名称：快乐小店', '快乐小店'), ('latitude=52.520008', '52.520008'), ('lat: 52.520008, lon: 13.404954', '13.404954'), ('address: Hauptstr. 5, Berlin', 'Hauptstr'), ('地址：北京市朝阳区一号', '朝阳区'))):
        add(f'shop-{i:02}', f'{HEAD}{text}\n' if not text.startswith(('Mar', '2026')) else text + '\n', [gone])


def keeps():
    for i, text in enumerate((
            't_us=1763700000000006 t_ms=1763700000004', 'epoch 1763700000 ok', 'ts=1763700000123456789', 'rrn=123456789012 stan=000123 tid=12345678', '"rrn":"632600123456","stan":"000123"', 'RRN: 632600123456', '参考号：632600123456 流水号：000123', 'mid=898440153110001', 'trace=000123 batch=000001 auth=123456', 'F37=632600123456 F11=000123',
            '41111111-1111-4111-8111-500000000009', 'card=411111******1111', '4111 11XX XXXX 1111', '****1111', 'ean=4006381333931', 'GTIN 04006381333931 sku=4006381333931', 'hotline 0800 111 2222', '400-123-4567', '192.168.1.1:8080', '10.0.0.7', '127.0.0.1', 'v4.12.0.1234', 'version=10.0.19041.1', '39=96', 'amount=1,234,567.89 EUR',
            '2026-03-04 05:06:07.089', '04.03.2026 05:06:07', '03/04/2026 05:06:07 AM', '20260304050607', 'took 123456789 ns', '0x7ffd12345678', 'sha256=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', 'commit 6bf2c6f5a1e9d0c4b3a29187f6e5d4c3b2a19087', 'password accepted', 'token expired', 'PIN entered', 'key exchange done', 'pin=ok', 'password: ****', 'cvv=***', 'card inserted', 'card_type=visa',
            'pin_tries=3', 'password_length=8', 'token_type=bearer', 'keyboard=de', 'opinion: 12345', 'company: 4711', 'monkey=1234', 'spinning 1234', 'author=1234', 'host=pay.provider.test', 'GET https://pay.provider.test/v1/echo 200', 'loss 0% rtt 12.345/23.456/34.567/1.234 ms', 'probability 0.9312345678901234', 'progress 45/100', 'width=1920 height=1080',
            'UTC+08:00', '2026-11-22T09:41:07+08:00', 'rc=96 result=declined', 'port 65535', 'pid 12345 tid 12346', 'GER-APP-v2.0.9;cS02.01.01-10.10-2-2;CC26', 'zvt+tcp://192.168.1.50:20007', 'mean 1234567.1234567', 'eth0: 123456789012 bytes', 'free 4026531840 used 1026531840', 'apdu 00 A4 04 00 07 A0 00 00 00 03 10 10 00', 'AID A0000003330101', 'TVR 0000008000 TSI E800',
            '9F2608AABBCCDDEEFF0011', '95050000008000', 'build 20260304.1234', 'android 13 api 33', 'item 690123456789 x 3', 'qty=12 price=3.99 total=47.88', 'Beleg-Nr. 0123 Trace 000456', 'temperature 45.2 C', 'signal -67 dBm', 'MCC 5411', 'currency=156', 'session started', 'secret santa', 'cookie banner shown', 'the token bucket is full')):
        add(f'keep-{i:03}', f'{HEAD}{text}\n', [], [text], 'keep')


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for build in (cards, structures, encodings, card_technology, containers, secrets, people, keeps):
        build()
    with open(folder / 'manifest.jsonl', 'w', encoding='utf-8') as out:
        for i, (name, data, gone, keep, expect) in enumerate(cases):
            file = f'{i:04}_{name.replace("/", "-")}'
            (folder / file).write_bytes(data)
            out.write(json.dumps({'id': i, 'file': file, 'expect': expect, 'secrets': gone, 'keep': keep}) + '\n')


main()
