# spoken_code.py - the code for the telephone, made apart from src/wire/pfa-spoken.c
# SPDX-License-Identifier: GPL-3.0-or-later
import os
import re

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CONNECTIONS = ["lan", "wifi", "mobile", "phone-line", "phone-app"]
ANSWERS = ["host", "terminal", "reversal", "sign-in"]


def read_words(name):
    """The numbers of causes or steps, from the one table that is never reordered."""
    with open(os.path.join(ROOT, "src/wire/pfa-spoken-words.c"), encoding="utf-8") as file:
        table = re.search(name + r"\[\] = \{(.*?)NULL", file.read(), re.S).group(1)
    return re.findall(r'"([^"]+)"', table)


def number_of(words, word):
    return words.index(word) + 1 if word else 0


def multiply(a, b):
    """In GF(32) over x^5 + x^2 + 1."""
    product = 0
    for bit in range(5):
        if b >> bit & 1:
            product ^= a << bit
    for bit in range(9, 4, -1):
        if product >> bit & 1:
            product ^= 0x25 << bit - 5
    return product


def power(exponent):
    value = 1
    for _ in range(exponent % 31):
        value = multiply(value, 2)
    return value


def add_checks(symbols):
    """Two more, so that the sum and the sum weighted by powers of the root are both zero."""
    for first in range(32):
        for second in range(32):
            whole = symbols + [first, second]
            plain = weighted = 0
            for place, symbol in enumerate(whole):
                plain ^= symbol
                weighted ^= multiply(power(place), symbol)
            if plain == weighted == 0:
                return whole
    raise AssertionError("no check symbols")


def build(version=1, cause=None, confidence=0, payment=0, connection=None, answered=None, failed=()):
    bits = ""
    for value, size in ((version, 2), (number_of(read_words("pfa_spoken_causes"), cause), 8),
                        (confidence, 2), (payment, 4), (number_of(CONNECTIONS, connection), 3),
                        (number_of(ANSWERS, answered), 3), (1, 1), (len(failed), 3)):
        bits += f"{value:0{size}b}"
    for step in failed:
        bits += f"{number_of(read_words('pfa_spoken_actions'), step):08b}"
    bits += "0" * (-len(bits) % 5)
    symbols = add_checks([int(bits[i:i + 5], 2) for i in range(0, len(bits), 5)])
    text = "".join(ALPHABET[symbol] for symbol in symbols)
    return "-".join(text[i:i + 4] for i in range(0, len(text), 4))
