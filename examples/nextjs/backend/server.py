"""Answers questions about whole numbers, word by word. Needs nothing but Python 3.

POST /answers takes form data: `message`, any number of files, and `request_id`, which is in each line of
the log and in the answer's X-Request-Id. When the caller goes away, the work ends.
"""

import os
import re
import time
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from numbers_explained import explain

WORD_SECONDS = 0.04  # about as fast as a language model writes
MOST_BYTES = 24 * 1024 * 1024  # of a message with its files


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        if self.path != "/answers" or not 0 < length <= MOST_BYTES:
            self.close_connection = True
            self.send_error(404 if self.path != "/answers" else 413)
            return
        form, files = self.read_form(length)
        request_id = re.sub(r"[^\w-]", "", form.get("request_id", ""))[:64]
        self.log_message("request %s: begun", request_id)
        try:
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("X-Request-Id", request_id)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for word in re.findall(r"\S+\s*", explain(form.get("message", ""), files)):
                self.write_chunk(word)
                time.sleep(WORD_SECONDS)
            self.write_chunk("")
            self.log_message("request %s: answered", request_id)
        except ConnectionError:
            self.close_connection = True
            self.log_message("request %s: its caller went away", request_id)

    def read_form(self, length: int) -> tuple[dict[str, str], list[tuple[str, bytes]]]:
        """Form data is what mail is made of: a header, and parts that have headers of their own."""
        header = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        mail = BytesParser(EmailMessage, policy=HTTP).parsebytes(header + self.rfile.read(length))
        fields: dict[str, str] = {}
        files: list[tuple[str, bytes]] = []
        for part in mail.iter_parts() if mail.is_multipart() else []:
            data = part.get_payload(decode=True)
            if name := part.get_filename():
                files.append((name, data))
            else:
                fields[part.get_param("name", "", "content-disposition")] = data.decode(errors="replace")
        return fields, files

    def write_chunk(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(f"{len(data):X}\r\n".encode() + data + b"\r\n")


if __name__ == "__main__":
    port = int(os.environ.get("PORT", "8000"))
    server = ThreadingHTTPServer(("127.0.0.1", port), Answers)
    print(f"Listening on http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
