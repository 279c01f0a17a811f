"""A server of data sets that misbehaves as it is told."""

import gzip
import http.server
import threading


class Server:
    """Serves files by name; ``faults`` says what to do wrong with the next requests.

    503; other content; one byte of it changed; half of it; or its beginning, then nothing.
    """

    def __init__(self, content):
        outer = self
        self.faults, self.requests = [], []
        self.release = threading.Event()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.requests.append(self.path)
                fault = outer.faults.pop(0) if outer.faults else None
                body = content[self.path.rpartition("/")[2]]
                if fault == "503":
                    self.send_error(503)
                    return
                if fault == "corrupt":
                    body = body[:40] + bytes([body[40] ^ 255]) + body[41:]
                if fault == "other":
                    other = b"something else"
                    body = gzip.compress(other) if self.path.endswith(".gz") else other
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if fault == "stall":
                    self.wfile.write(body[:5])
                    self.wfile.flush()
                    outer.release.wait(20)
                    return
                self.wfile.write(body[: len(body) // 2] if fault == "truncate" else body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"
        # It looks for its end that often: half a second for each test, if not told.
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.release.set()
        self.server.shutdown()
        self.server.server_close()
