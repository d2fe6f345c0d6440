"""A strict SMTP server on loopback for one test: prints its port, then each message it takes as a line of JSON.

It knows EHLO, AUTH PLAIN, MAIL, RCPT and DATA, wants them in this order, refuses recipients that begin with `nobody`, and
ends with its standard input.
"""
import base64
import email
import email.policy
import json
import socketserver
import sys
import threading


class Session(socketserver.StreamRequestHandler):
    def say(self, text):
        self.wfile.write((text + "\r\n").encode())

    def handle(self):
        self.say("220 test ESMTP")
        sender, recipients, user = None, [], None
        while True:
            line = self.rfile.readline()
            if not line:
                return
            if not line.endswith(b"\r\n"):
                return self.say("500 bare newline")
            words = line.decode().strip()
            verb = words.split(" ")[0].upper()
            if verb == "EHLO":
                self.wfile.write(b"250-test\r\n250 AUTH PLAIN\r\n")
            elif verb == "AUTH":
                token = words.split(" ")[2] if len(words.split(" ")) > 2 else None
                if token is None:
                    self.say("334 ")
                    token = self.rfile.readline().decode().strip()
                user = base64.b64decode(token).split(b"\0")[1:]
                if user != [b"u", b"p"]:
                    self.say("535 no")
                    continue
                self.say("235 ok")
            elif words.upper().startswith("MAIL FROM:<"):
                sender, recipients = words[11:].split(">")[0], []
                self.say("250 ok")
            elif words.upper().startswith("RCPT TO:<") and sender:
                address = words[9:].split(">")[0]
                if address.startswith("nobody"):
                    self.say("550 no such user")
                    continue
                recipients.append(address)
                self.say("250 ok")
            elif verb == "DATA" and recipients:
                self.say("354 go on")
                data = b""
                while True:
                    line = self.rfile.readline()
                    if line == b".\r\n":
                        break
                    if not line.endswith(b"\r\n") or len(line) > 1000:
                        return self.say("500 bad line")
                    data += line[1:] if line.startswith(b"..") else line
                message = email.message_from_bytes(data, policy=email.policy.default)
                print(json.dumps({
                    "from": sender, "to": recipients, "subject": str(message["Subject"]), "id": message["Message-ID"],
                    "date": message["Date"].datetime.isoformat(), "headers": message.keys(),
                    "body": message.get_content()}), flush=True)
                self.say("250 taken")
            elif verb == "QUIT":
                return self.say("221 bye")
            else:
                self.say("503 not now")


server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
server.daemon_threads = True
print(server.server_address[1], flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
