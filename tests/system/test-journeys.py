#!/usr/bin/python3
"""A person's way through the window in a shop whose network really breaks and is really mended.

Twice: by accessibility actions, and by the keyboard alone, with the focus looked at after each key.
"""
import os
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parent))
import shop_lab  # noqa: E402

shop_lab.enter()
import window_lab  # noqa: E402

BUILD = Path(os.environ.get('PFA_BUILD_DIR', window_lab.ROOT / 'build'))
MONEY = 'First: was the customer charged?'
SOLVED = 'It works again'
NOW = 'Do this step|Answer it|Hand over to support'
MOST_STEPS = 25
MOST_TABS = 60


class Hand:
    """By what a screen reader offers."""

    def __init__(self, shop):
        self.shop = shop

    def type_code(self, code):
        self.shop.wait(lambda: next((n for n in self.shop.walk() if n.get_role_name() == 'text'), None),
                       'the code').set_text_contents(code)

    def press(self, name, seconds=20):
        self.shop.press(name, seconds)


class Keyboard:
    """By keys; after each one something named has the focus."""

    def __init__(self, shop):
        self.shop = shop
        shop.focus_window()

    def key(self, name):
        self.shop.keys(name)
        return self.shop.wait(self.shop.focused, f'the focus after {name}', 10)

    def type_code(self, code):
        node = self.shop.wait(self.shop.focused, 'the focus of the first page')
        assert node.get_name().startswith('Type the code'), f'the first focus is on “{node.get_name()}”'
        self.key('ctrl+a')
        for digit in code:
            self.key(digit)

    def press(self, name, seconds=20):
        self.shop.wait(lambda: self.shop.find(name), f'“{name}”', seconds)
        seen = []
        for _ in range(MOST_TABS):
            node = self.shop.wait(self.shop.focused, 'a focus')
            spoken = node.get_name()
            assert spoken, f'the focus is on a {node.get_role_name()} without a name, after {seen}'
            seen.append(spoken)
            if window_lab.re.fullmatch(name, spoken):
                self.shop.keys('Return')
                return
            self.key('Tab')
        raise AssertionError(f'Tab does not reach “{name}”, only {seen}')


def begin(shop, who):
    who.type_code('96')
    who.press('Start')
    shop.wait(lambda: MONEY in shop.headings(), 'the money page')
    shop.wait(lambda: shop.find_text('Do not charge.*'), 'the word about the money')
    who.press('Next')
    shop.wait(lambda: shop.find(NOW), 'the verdict', 30)


def walk_on(shop, who, do_step):
    """Goes where the program leads, does each step as @do_step does; the heading it ends on."""
    for _ in range(MOST_STEPS):
        button = shop.wait(lambda: shop.find(NOW) or SOLVED in shop.headings(), 'what to do now', 30)
        if SOLVED in shop.headings():
            return SOLVED
        name = button.get_name()
        who.press(name)
        if name == 'Hand over to support':
            return name
        if name == 'Answer it':
            shop.wait(lambda: shop.find('I don’t know'), 'the answer that is always there')
            who.press('Next')
        else:
            shop.wait(lambda: shop.find('Done'), 'the step')
            do_step()
        shop.wait(lambda: not shop.find('Next|Done'), 'the next page', 30)
    raise AssertionError('the way has no end')


def all_is_well(folder, hand):
    with shop_lab.Shop(BUILD, folder) as shop:
        shop.inject('healthy')
        shop.start()
        who = hand(shop)
        begin(shop, who)
        assert not [h for h in shop.headings() if 'your shop' in h and 'not' not in h], shop.headings()

        def card_works():
            who.press('Done')
            who.press('Yes, it works', 30)
        assert walk_on(shop, who, card_works) == SOLVED
        assert shop.incidents()[0]['state'] == 'solved'


def a_step_mends_it(folder, hand):
    with shop_lab.Shop(BUILD, folder) as shop:
        shop.inject('pc-link-down')
        shop.start()
        who = hand(shop)
        begin(shop, who)

        def mend():
            shop.inject('healthy')
            who.press('Done')
            shop.wait(lambda: SOLVED in shop.headings() or shop.find('Yes, it works'), 'the second look', 30)
            if SOLVED not in shop.headings():
                who.press('Yes, it works')
        assert walk_on(shop, who, mend) == SOLVED
        incident = shop.incidents()[0]
        assert incident['state'] == 'solved' and incident.get('solved_by'), incident


def nothing_helps(folder, hand):
    with shop_lab.Shop(BUILD, folder) as shop:
        shop.inject('provider-rc96')
        shop.start_desk()
        shop.start()
        who = hand(shop)
        begin(shop, who)
        steps = []

        def still_96():
            steps.append(shop.headings()[0])
            who.press('Done')
            who.press('Still the same code', 30)
        assert walk_on(shop, who, still_96) == 'Hand over to support'
        assert steps and len(set(steps)) == len(steps), f'a step that did not help comes twice: {steps}'
        shop.wait(lambda: shop.find('Hand over a report.*'), 'the way to hand over')
        who.press('Hand over a report.*')
        who.press('Send', 30)
        shop.wait(lambda: 'Your ticket' in shop.headings(), 'the ticket', 40)


def test_all_is_well(folder):
    all_is_well(folder, Hand)


def test_a_step_mends_it(folder):
    a_step_mends_it(folder, Hand)


def test_nothing_helps(folder):
    nothing_helps(folder, Hand)


def test_all_is_well_by_keyboard(folder):
    all_is_well(folder, Keyboard)


def test_a_step_mends_it_by_keyboard(folder):
    a_step_mends_it(folder, Keyboard)


def test_nothing_helps_by_keyboard(folder):
    nothing_helps(folder, Keyboard)


sys.exit(window_lab.run_tests(globals()))
