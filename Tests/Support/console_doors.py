#!/usr/bin/env python3
"""Knocks at `martlet serve` as strangers and crowds do: console_doors.py PROGRAM STATE FOLDER READERS

READERS clients at once are all answered; bodies and headers that are too large, forged tokens and unknown hosts are refused; with
TLS a password signs in and the cookie is bound to the host. Prints what is not so; the exit status is 1 if anything is not.
"""
import json
import os
import re
import selectors
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.parse


class Server:
    def __init__(self, program, state, *more):
        self.process = subprocess.Popen(
            [program, "serve", "--state", state, "--listen", "127.0.0.1:0", *more], stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        self.link = self.process.stdout.readline().strip()
        parts = urllib.parse.urlsplit(self.link)
        self.port = parts.port

    def stop(self):
        self.process.terminate()
        self.messages = self.process.communicate(timeout=30)[1]
        return self.process.returncode


def exchange(port, text, tls=None, seconds=20):
    """All that comes back for these bytes."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as plain:
        connection = tls.wrap_socket(plain, server_hostname="localhost") if tls else plain
        try:
            connection.sendall(text)
        except (BrokenPipeError, ConnectionResetError):
            pass
        answer = b""
        try:
            while more := connection.recv(1 << 16):
                answer += more
        except (ConnectionResetError, ssl.SSLError, TimeoutError):
            pass
        return answer


def request(path, port, method="GET", body=b"", headers=(), host=None):
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host or f'127.0.0.1:{port}'}", "Connection: close", *headers]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def status(answer):
    found = re.match(rb"HTTP/1\.1 (\d+)", answer)
    return int(found[1]) if found else 0


def drip(port, lasted):
    """A request whose headers come byte by byte; how long it was borne, and whether it was answered."""
    with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
        began = time.monotonic()
        connection.sendall(f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-Slow: ".encode())
        answer = None
        while answer is None and time.monotonic() - began < 60:
            try:
                connection.sendall(b"y")
                answer = connection.recv(1 << 16)
            except TimeoutError:
                pass
            except (BrokenPipeError, ConnectionResetError):
                answer = b""
        lasted.append((time.monotonic() - began, answer))


def crowd(port, token, count):
    """As many connections as readers, all open before the first is answered; the statuses they end with."""
    wanted = request("/api/v1/overview", port, headers=[f"Authorization: Bearer {token}"])
    selector = selectors.DefaultSelector()
    answers = {}
    for _ in range(count):
        connection = socket.socket()
        connection.setblocking(False)
        connection.connect_ex(("127.0.0.1", port))
        answers[connection] = b""
        selector.register(connection, selectors.EVENT_WRITE)
    waiting, until = count, time.monotonic() + 60
    while answers and selector.get_map() and time.monotonic() < until:
        for key, event in selector.select(1):
            connection = key.fileobj
            if event & selectors.EVENT_WRITE:
                # Nobody asks before everybody is there.
                waiting -= 1
                selector.unregister(connection)
                if waiting == 0:
                    for one in answers:
                        one.setblocking(True)
                        one.sendall(wanted)
                        one.setblocking(False)
                        selector.register(one, selectors.EVENT_READ)
            else:
                try:
                    more = connection.recv(1 << 16)
                except ConnectionResetError:
                    more = b""
                answers[connection] += more
                if not more:
                    selector.unregister(connection)
    return [status(answer) for answer in answers.values()]


def main(program, state, folder, readers):
    problems = []

    def hold(claim, words):
        if not claim:
            problems.append(words)

    tokens = os.path.join(folder, "token")
    server = Server(program, state, "--token-file", tokens)
    port, token = server.port, open(tokens, encoding="utf-8").read().strip()
    hold(os.stat(tokens).st_mode & 0o077 == 0, "others may read the token file")
    bearer = f"Authorization: Bearer {token}"
    lasted = []
    slow = threading.Thread(target=drip, args=(port, lasted))
    slow.start()
    hold(status(exchange(port, request("/api/v1/overview", port))) == 401, "no token is not refused")
    hold(status(exchange(port, request("/api/v1/overview", port, headers=[bearer]))) == 200, "the token is refused")
    hold(status(exchange(port, request("/", port, headers=[bearer], host="evil.example.com"))) == 403, "another host is taken")
    for path in ("/../../etc/passwd", "/assets/..%2f..%2fetc/passwd", "/%2e%2e/x", "/" + "a" * 8000, "/\xff"):
        answer = exchange(port, request(path, port, headers=[bearer]))
        hold(status(answer) in (400, 404), f"{path[:30]!r}: {status(answer)}")
    verdict = "/api/v1/findings/x/verdict"
    json_type = "Content-Type: application/json"
    hold(status(exchange(port, request(verdict, port, "POST", b"x" * 100_000, [bearer, json_type]))) == 413, "a large body is taken")
    hold(
        status(exchange(port, request(verdict, port, "POST", headers=[bearer, "Content-Length: 999999999999999"]))) == 413,
        "a body said to be enormous is waited for")
    hold(status(exchange(port, request(verdict, port, "POST", headers=["Content-Length: 999999999999999"]))) in (401, 413), "a body is waited for before the token is looked at")
    hold(status(exchange(port, request("/", port, headers=["X: " + "y" * 200_000]))) in (0, 431), "enormous headers are taken")
    hold(status(exchange(port, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\0" * 300, seconds=5)) in (0, 400), "what is no HTTP is answered")
    began = time.monotonic()
    statuses = crowd(port, token, readers)
    hold(statuses.count(200) == readers, f"of {readers} readers {statuses.count(200)} were answered")
    print(f"{readers} readers at once: {time.monotonic() - began:.2f} s", file=sys.stderr)
    hold(status(exchange(port, request("/healthz", port))) == 200, "it is not well afterwards")
    slow.join()
    hold(
        lasted and lasted[0][0] < 40 and status(lasted[0][1] or b"") in (0, 408),
        f"headers that drip are waited for: {lasted}")
    hold(server.stop() == 0, "it does not end by SIGTERM")
    hold("A request is refused" in server.messages, "refusals are not logged")

    # With TLS and a password.
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj",
         "/CN=localhost", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"], check=True, capture_output=True)
    hashed = subprocess.run([program, "hash-password"], input="correct horse\n", capture_output=True, text=True, check=True).stdout
    with open(f"{folder}/ada.scrypt", "w", encoding="utf-8") as file:
        file.write(hashed)
    with open(f"{folder}/console.yaml", "w", encoding="utf-8") as file:
        file.write(
            'tls: {certificate: "${file:cert.pem}", key: "${file:key.pem}"}\n'
            'users: [{name: ada, password: "${file:ada.scrypt}", role: reader}]\n')
    server = Server(program, state, "--config", f"{folder}/console.yaml")
    port = server.port
    hold(server.link.startswith("https://"), "the link is no https")
    tls = ssl.create_default_context()
    tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    form = ["Content-Type: application/x-www-form-urlencoded", f"Origin: https://127.0.0.1:{port}"]
    wrong = exchange(port, request("/sign-in", port, "POST", b"name=ada&password=wrong", form), tls)
    hold(status(wrong) == 401, "a wrong password signs in")
    right = exchange(port, request("/sign-in", port, "POST", b"name=ada&password=correct+horse", form), tls)
    cookie = re.search(rb"Set-Cookie: ((__Host-martlet=[^;]+); [^\r]*)", right)
    hold(status(right) == 303 and cookie and b"Secure" in cookie[1], "the right password does not sign in, or its cookie is not secure")
    if cookie:
        own = ["Cookie: " + cookie[2].decode()]
        hold(status(exchange(port, request("/findings", port, headers=own), tls)) == 200, "the cookie is of no use")
        page = exchange(port, request("/", port, headers=own), tls)
        held = re.search(rb'name="form_token" value="([^"]+)"', page)
        judged = exchange(port, request("/findings/x/verdict", port, "POST", b"form_token=" + (held[1] if held else b"") + b"&verdict=benign", form + own), tls)
        hold(status(judged) == 403, "a reader judges")
    hold(status(exchange(port, request("/healthz", port))) != 200, "plain HTTP is answered beside TLS")
    hold(server.stop() == 0, "it does not end by SIGTERM")
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:4], int(sys.argv[4])))
