"""An HTTP server for tests that answers each question with what a test says, in a chat's shape or in any."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def server(reply, whole=False):
    """A server that answers each request with `reply(user text)`, with `whole` of its body; its URL and what was asked.

    A text is said in a chat, anything else is the reply's JSON, None is an error of the server, a tuple is a status,
    headers and any of these.
    """
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append(body)
            said = reply(body["messages"][-1]["content"] if "messages" in body and not whole else body)
            status, headers, said = said if isinstance(said, tuple) else (500 if said is None else 200, {}, said)
            usage = {"prompt_tokens": 7, "completion_tokens": 1}
            chat = {"choices": [{"message": {"content": said}}], "usage": usage}
            data = json.dumps(chat if isinstance(said, str) else said).encode()
            self.send_response(status)
            for header in headers.items():
                self.send_header(*header)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{httpd.server_port}/v1", asked
    finally:
        httpd.shutdown()
        httpd.server_close()
        thread.join()
