"""A Splunk HTTP Event Collector for tests: it remembers every event of every request, and can misbehave by seed.

Importable, or `hec_server.py PORT` by itself.
"""
import gzip
import json
import random
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Collected:
    """What arrived. Each request is (start, end, [uids]); the end is None until its answer was written."""

    def __init__(self, token, seed=0, delay=0.0, trouble=0.0):
        self.token = token
        self.random = random.Random(seed)
        self.delay = delay
        self.trouble = trouble
        self.lock = threading.Lock()
        self.requests = []
        self.denied = 0
        self.troubled = 0
        self.acknowledgements = 0

    def uids(self):
        with self.lock:
            return [uid for request in self.requests for uid in request["uids"]]


def split_objects(text):
    """HEC bodies are JSON objects one after the other, with or without space between."""
    decoder = json.JSONDecoder()
    at = 0
    while at < len(text):
        while at < len(text) and text[at].isspace():
            at += 1
        if at >= len(text):
            return
        value, at = decoder.raw_decode(text, at)
        yield value


def handler(collected):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args):
            pass

        def answer(self, status, value):
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self):
            self.answer(200, {"text": "HEC is healthy", "code": 17})

        def do_POST(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.headers.get("Authorization") != f"Splunk {collected.token}":
                collected.denied += 1
                return self.answer(403, {"text": "Invalid token", "code": 4})
            if self.path.startswith("/services/collector/ack"):
                return self.answer(200, {"acks": {str(ack): True for ack in json.loads(body)["acks"]}})
            with collected.lock:
                draw = collected.random.random()
                pause = collected.random.random() * collected.delay
            if draw < collected.trouble:
                collected.troubled += 1
                return self.answer(503, {"text": "Server is busy", "code": 9})
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            events = [entry["event"] for entry in split_objects(body.decode())]
            request = {"start": time.time(), "end": None, "uids": [e["metadata"]["uid"] for e in events]}
            with collected.lock:
                collected.requests.append(request)
                collected.acknowledgements += 1
                number = collected.acknowledgements
            time.sleep(pause)
            try:
                self.answer(200, {"text": "Success", "code": 0, "ackId": number})
                request["end"] = time.time()
            except OSError:
                pass

    return Handler


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, address):
        pass  # A killed client is what the test is about.


def start(collected, port=0):
    server = Server(("127.0.0.1", port), handler(collected))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, server.server_address[1]


if __name__ == "__main__":
    seen = Collected("token")
    _, bound = start(seen, int(sys.argv[1]) if len(sys.argv) > 1 else 8088)
    print(f"http://127.0.0.1:{bound}", flush=True)
    while True:
        time.sleep(3600)
