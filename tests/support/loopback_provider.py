"""A provider on loopback: its own certificate authority, HTTPS, a payment port, a portal probe.

    with LoopbackProvider(folder, behaviour='healthy') as provider:
        run('check', '--provider', provider.profile)

Behaviours: healthy, says-96, busy (503 with Retry-After), silent (accepts and never answers),
refused (nobody listens), expired (its certificate has run out). go_away() and come_back() change it
while it runs: who connects meanwhile is cut off, and counted.
"""
import http.server
import json
import socket
import ssl
import subprocess
import threading
from pathlib import Path


def _openssl(*arguments, cwd):
    subprocess.run(['openssl', *arguments], cwd=cwd, check=True, capture_output=True)


def make_certificates(folder, expired=False):
    """ca.pem, server.pem and server.key for 127.0.0.1 and localhost."""
    _openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'ca.key',
             '-out', 'ca.pem', '-days', '30', '-subj', '/CN=Test authority', cwd=folder)
    _openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', 'server.key',
             '-out', 'server.csr', '-subj', '/CN=localhost', cwd=folder)
    (Path(folder) / 'names.txt').write_text('subjectAltName=DNS:localhost,IP:127.0.0.1\n')
    dates = ['-not_before', '20200101000000Z', '-not_after', '20200201000000Z'] if expired else ['-days', '30']
    if expired:
        (Path(folder) / 'index.txt').write_text('')
        (Path(folder) / 'serial').write_text('01\n')
        (Path(folder) / 'ca.conf').write_text(
            '[ca]\ndefault_ca=d\n[d]\ndatabase=index.txt\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n')
        _openssl('ca', '-batch', '-config', 'ca.conf', '-cert', 'ca.pem', '-keyfile', 'ca.key', '-in', 'server.csr',
                 '-out', 'server.pem', '-startdate', dates[1], '-enddate', dates[3], '-extfile', 'names.txt',
                 '-notext', cwd=folder)
    else:
        _openssl('x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial',
                 '-out', 'server.pem', '-extfile', 'names.txt', *dates, cwd=folder)


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *_):
        pass

    def _answer(self, status, body=b'', **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace('_', '-'), value)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        if self.command != 'HEAD':
            self.wfile.write(body)

    def do_GET(self):
        behaviour = self.server.behaviour
        if self.path == '/generate_204':
            return self._answer(204)
        if behaviour == 'busy':
            return self._answer(503, b'{}', Retry_After='30')
        if self.path == '/health':
            return self._answer(200, b'{"status": "UP"}', Content_Type='application/json')
        if self.path == '/echo':
            code = '96' if behaviour == 'says-96' else '00'
            return self._answer(200, json.dumps({'response_code': code}).encode(), Content_Type='application/json')
        return self._answer(200, b'hello')

    do_HEAD = do_GET
    do_POST = do_GET


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    cut_off = 0

    def verify_request(self, request, client_address):
        if self.behaviour == 'away':
            self.cut_off += 1
            return False
        return True

    def handle_error(self, *_):
        pass


class LoopbackProvider:
    def __init__(self, folder, behaviour='healthy'):
        self.folder, self.behaviour = Path(folder), behaviour
        self.folder.mkdir(parents=True, exist_ok=True)
        self.closers = []
        self.servers = []  # those of the payment host
        self.all_servers = []

    def go_away(self):
        for server in self.servers:
            server.behaviour = 'away'

    def come_back(self):
        for server in self.servers:
            server.behaviour = self.behaviour

    @property
    def cut_off(self):
        return sum(server.cut_off for server in self.servers)

    def _serve(self, tls, behaviour):
        server = _Server(('127.0.0.1', 0), _Handler)
        server.behaviour = behaviour
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.folder / 'server.pem', self.folder / 'server.key')
            server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=server.serve_forever, kwargs={'poll_interval': 0.05}, daemon=True).start()
        self.all_servers.append(server)
        self.closers.append(server.shutdown)
        self.closers.append(server.server_close)
        return server.server_address[1]

    def _listen_silently(self):
        listener = socket.create_server(('127.0.0.1', 0), backlog=64)
        self.closers.append(listener.close)
        return listener.getsockname()[1]

    def _closed_port(self):
        with socket.create_server(('127.0.0.1', 0)) as listener:
            return listener.getsockname()[1]

    def __enter__(self):
        make_certificates(self.folder, self.behaviour == 'expired')
        if self.behaviour == 'silent':
            payment = self._listen_silently()
        elif self.behaviour == 'refused':
            payment = self._closed_port()
        else:
            payment = self._serve(True, self.behaviour)
            self.servers = self.all_servers[:]
        control = self._serve(False, 'healthy')
        base = f'https://127.0.0.1:{payment}'
        profile = {
            'format': 'pos-first-aid-provider/1', 'id': 'loopback', 'name': {'en': 'Loopback provider'},
            'trust': 'ca.pem',
            'hosts': [{'role': 'payment', 'host': '127.0.0.1', 'port': payment, 'speaks': 'tls'},
                      {'role': 'health', 'url': f'{base}/health', 'expect': {'json': {'status': 'UP'}}},
                      {'role': 'echo', 'url': f'{base}/echo', 'expect': {'json': {'response_code': '00'}}}],
            'captive_portal_probe': {'url': f'http://127.0.0.1:{control}/generate_204', 'status': 204, 'body': ''},
        }
        self.profile = str(self.folder / 'provider.json')
        Path(self.profile).write_text(json.dumps(profile))
        return self

    def __exit__(self, *_):
        for close in self.closers:
            close()
