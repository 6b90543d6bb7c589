# SPDX-License-Identifier: Apache-2.0
"""A mail server on loopback for tests: SMTP with STARTTLS or TLS, AUTH PLAIN and LOGIN; keeps what it is given."""
import base64
import contextlib
import email
import email.header
import email.policy
import socket
import ssl
import subprocess
import threading


def certificate(folder, name="localhost"):
    """A certificate and its key for `name`, which is its own authority."""
    key, crt = folder / f"{name}.key", folder / f"{name}.crt"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}", "-days", "30",
                    "-keyout", str(key), "-out", str(crt)], check=True, capture_output=True)
    return crt, key


class MailHost:
    """`security`: starttls, tls, none (offers no TLS). `refuse`: messages to refuse for now before taking any."""

    def __init__(self, security="none", cert=None, password=None, refuse=0, port=0):
        self.security, self.password, self.refuse = security, password, refuse
        self.messages, self.logins, self.commands = [], [], []
        self.context = None
        if cert:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*map(str, cert))
        self.socket = socket.create_server(("127.0.0.1", port))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def close(self):
        """Nobody gets in any more: closing alone would leave the accept() that is under way one visitor."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()

    def accept(self):
        while True:
            try:
                conn, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(conn,), daemon=True).start()

    def serve(self, conn):
        try:
            if self.security == "tls":
                conn = self.context.wrap_socket(conn, server_side=True)
            self.talk(conn)
        except (OSError, ssl.SSLError):
            pass
        finally:
            conn.close()

    def talk(self, conn):
        secure, to, sender, file = self.security == "tls", [], None, conn.makefile("rb")
        say = lambda text: conn.sendall(text.encode() + b"\r\n")
        say("220 mail ready")
        while True:
            line = file.readline().decode().rstrip("\r\n")
            if not line:
                return
            self.commands.append(line.split()[0].upper() + (" over TLS" if secure else ""))
            verb = line.upper()
            if verb.startswith("EHLO"):
                say("250-mail\r\n250-" + ("STARTTLS" if self.security == "starttls" and not secure else "8BITMIME") + "\r\n250 AUTH PLAIN")
            elif verb.startswith("STARTTLS"):
                say("220 go on")
                conn = self.context.wrap_socket(conn, server_side=True)
                secure, file = True, conn.makefile("rb")
            elif verb.startswith("AUTH PLAIN"):
                code = line.split()[2] if len(line.split()) > 2 else (say("334 "), file.readline().decode().strip())[1]
                _, user, password = base64.b64decode(code).decode().split("\0")
                self.logins.append((user, password, secure))
                say("235 welcome" if password == self.password else "535 no")
            elif verb.startswith("MAIL FROM"):
                to, sender = [], line[10:].split()[0].strip("<>")
                if self.refuse:
                    self.refuse -= 1
                    say("451 later")
                else:
                    say("250 ok")
            elif verb.startswith("RCPT TO"):
                to.append(line[8:].strip("<> "))
                say("250 ok")
            elif verb == "DATA":
                say("354 go on")
                lines = []
                while (data := file.readline()) not in (b".\r\n", b""):
                    lines.append(data[1:] if data.startswith(b".") else data)
                message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
                self.messages.append({"from": sender, "to": to, "subject": str(message["Subject"]), "text": message.get_content(), "id": message["Message-ID"],
                                      "secure": secure, "message": message})
                say("250 taken")
            elif verb == "QUIT":
                say("221 bye")
                return
            else:
                say("250 ok")
