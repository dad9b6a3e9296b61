"""A server with a certificate of its own, on a free port: prints the port and the certificate's file, and ends when its standard input does.

/echo, like any other path, gives back what was asked, with its number among all that was, /redirect?to=URL leads on, /slow takes five seconds, /huge has 20 MB, /bytes?count=N has N bytes, /wrong is no JSON, /status?code=N has that status.
Below /refuses/CODE/ everything is refused as AWS refuses it, with that code.
"""

import datetime
import http.server
import ipaddress
import itertools
import json
import os
import ssl
import sys
import tempfile
import threading
import time
import urllib.parse

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec


COUNT = itertools.count(1)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        url = urllib.parse.urlparse(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length).decode()
        if url.path == "/redirect":
            self.send_response(int(query.get("code", 302)))
            self.send_header("location", query["to"])
            self.end_headers()
            return
        if url.path == "/slow":
            time.sleep(5)
        if url.path.startswith("/refuses/"):
            code = url.path.split("/")[2]
            self.send_response(404 if "NotFound" in code else 403)
            self.send_header("x-amzn-errortype", code)
            text = json.dumps({"__type": code, "message": "it is refused"}).encode()
            if "/box/" in url.path:  # S3 says it in its own way.
                text = f"<Error><Code>{code}</Code><Message>it is refused</Message></Error>".encode()
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)
            return
        status = int(query.get("code", 200))
        text = {"/huge": b"x" * 20_000_000, "/wrong": b"{not json"}.get(url.path)
        if url.path == "/bytes":
            text = b"x" * int(query["count"])
        if text is None:
            text = json.dumps({"method": self.command, "path": url.path, "query": query, "body": body,
                               "type": self.headers.get("content-type"), "own": self.headers.get("x-own"), "referer": self.headers.get("referer"), "count": next(COUNT)}).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        try:
            self.wfile.write(text)
        except OSError:
            pass  # Whoever asked has heard enough.

    do_POST = do_PUT = do_DELETE = do_GET

    def log_message(self, *_):
        pass


def signed(name, key, issuer, issuer_key, is_authority):
    now = datetime.datetime.now(datetime.timezone.utc)
    named = lambda text: x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])
    builder = x509.CertificateBuilder().subject_name(named(name)).issuer_name(named(issuer)).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
    builder = builder.not_valid_after(now + datetime.timedelta(days=30))
    builder = builder.add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    if not is_authority:
        names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(issuer_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def kept(text):
    file = tempfile.NamedTemporaryFile(suffix=".pem", delete=False)
    file.write(text)
    file.close()
    return file.name


authority, own = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
public = kept(signed("authority", authority, "authority", authority, True))
chain = kept(signed("localhost", own, "authority", authority, False))
plain = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
private = kept(own.private_bytes(*plain))
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(chain, private)
for file in (chain, private):
    os.remove(file)
server.socket = context.wrap_socket(server.socket, server_side=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, public, flush=True)
sys.stdin.read()
