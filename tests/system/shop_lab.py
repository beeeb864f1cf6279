"""The window on the shop's computer of the fault lab, whose network can be broken and mended meanwhile.

    shop_lab.enter()
    with shop_lab.Shop(build, folder) as shop:
        shop.inject('pc-link-down')
        shop.start('--code', '96')
"""
import json
import os
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path

import window_lab

LAB = window_lab.ROOT / 'tests/lab'
sys.path.insert(0, str(LAB))
import lab as fault_lab  # noqa: E402

DESK = 'http://127.0.0.1:8096'


def enter():
    """Builds the shop, and runs this very script on its computer, inside a display and buses of its own."""
    if os.environ.get('PFA_SHOP_LAB'):
        return window_lab.enter()
    reason = SourceFileLoader('run_lab', str(LAB / 'run-lab')).load_module().why_not()
    if reason:
        print(f'1..0 # SKIP {reason}')
        sys.exit(0)
    shop = fault_lab.Lab(f'w{os.getpid() % 10000}'[:6])
    try:
        shop.up()
        environment = {name: value for name, value in os.environ.items() if not name.lower().endswith('_proxy')}
        environment['PFA_SHOP_LAB'] = shop.id
        for name in ('SSL_CERT_FILE', 'SSL_CERT_DIR'):
            environment.pop(name, None)
        done = subprocess.run(['ip', 'netns', 'exec', shop.ns('pc'), '/usr/bin/python3', *sys.argv], env=environment)
    finally:
        shop.down()
    sys.exit(done.returncode)


class Shop(window_lab.WindowLab):
    def __init__(self, build, folder):
        super().__init__(build, folder, {'provider': 'lab', 'connection': 'lan'})
        self.lab = fault_lab.Lab(os.environ['PFA_SHOP_LAB'])
        profile = json.loads((LAB / 'provider.json').read_text())
        profile.update(upload={'tus': f'{DESK}/files/'}, tickets={'url': f'{DESK}/tickets'})
        file = Path(folder) / 'lab.json'
        file.write_text(json.dumps(profile))
        self.add_provider(file)

    def inject(self, case):
        self.lab.inject(case)

    def incidents(self):
        """What the journal holds now, newest first."""
        said = subprocess.run([self.build / 'src/cli/pos-first-aid', 'journal', '--json'], env=self.environment,
                              check=True, capture_output=True, text=True).stdout
        return json.loads(said)['incidents']
