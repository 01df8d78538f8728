"""A push, with a hub made of paper and one that speaks HTTP: no licence, no push; one commit; nothing lost."""

from __future__ import annotations

import base64
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from factory import merge as stage
from factory.blending.asked import read
from factory.errors import BadInput, FactoryError, Refused
from tests.make import jsonl
from tests.test_merge import SMALL, chat, judge

PLAN = """
[[source]]
path = "DIR/judged"
licence = "MIT"
[[source]]
path = "DIR/g.jsonl"
licence = "apache-2.0"
"""


class Hub:
    """Remembers what it was asked."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.fault, self.calls = fault, []

    def create_repo(self, name, **options):
        self.calls.append(("create", name, options))

    def upload_folder(self, **options):
        if self.fault:
            raise self.fault
        self.calls.append(("upload", options["repo_id"], options))
        return SimpleNamespace(commit_url="https://hub.example/commit/1")


def push(tmp_path, hub, text=PLAN, name="org/data"):
    judge(tmp_path / "judged", SMALL)
    jsonl(tmp_path / "g.jsonl", [chat("a", "b")])
    (tmp_path / "mix.toml").write_text(text.replace("DIR", str(tmp_path)))
    mix, over = read([str(tmp_path / "mix.toml")], [], {"push": name})
    return stage.merge(mix, tmp_path / "sft", over, hub)


def test_a_push_is_private_and_one_commit_of_the_finished_folder(tmp_path):
    hub = Hub()
    report = push(tmp_path, hub)
    (_, _, made), (_, name, sent) = hub.calls
    assert made["private"] and made["repo_type"] == sent["repo_type"] == "dataset" and name == "org/data"
    assert sent["folder_path"] == str(tmp_path / "sft") and report.version[:12] in sent["commit_message"]
    assert "train/*" in sent["delete_patterns"] and report.pushed == "https://hub.example/commit/1"
    assert 'license:\n- "apache-2.0"\n- "mit"\n' in (tmp_path / "sft" / "README.md").read_text()


@pytest.mark.parametrize("licence", ['licence = "unknown"', 'licence = ""', ""])
def test_an_unknown_licence_stops_before_any_work(tmp_path, licence):
    hub = Hub()
    with pytest.raises(Refused, match=r"licence of .*g.jsonl"):
        push(tmp_path, hub, PLAN.replace('licence = "apache-2.0"', licence))
    assert not hub.calls and not (tmp_path / "sft").exists()


def test_a_name_that_is_no_place_is_refused(tmp_path):
    with pytest.raises(BadInput, match="should be ORG/NAME"):
        push(tmp_path, Hub(), name="data")


def test_a_push_that_fails_leaves_the_data_set_and_says_how_to_go_on(tmp_path):
    with pytest.raises(FactoryError) as caught:
        push(tmp_path, Hub(ConnectionError("no route\nto host")))
    assert "hf upload org/data" in str(caught.value) and "\n" not in str(caught.value)
    assert (tmp_path / "sft" / "manifest.json").is_file()


class Endpoint(BaseHTTPRequestHandler):
    """The parts of the hub's HTTP that a push needs; `server.asked` remembers it all."""

    protocol_version = "HTTP/1.1"

    def answer(self):
        body = self._body()
        self.server.asked.append((self.command, self.path, body))
        text = json.dumps(self._reply(body)).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = answer  # noqa: N815

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _reply(self, body: bytes) -> object:
        here = f"http://{self.headers['Host']}/datasets/org/data"
        if "/preupload/" in self.path:
            files = json.loads(body)["files"]
            return {"files": [{"path": f["path"], "uploadMode": "regular", "shouldIgnore": False} for f in files]}
        if "/tree/" in self.path:
            return [{"type": "file", "path": "train/train-00009-of-00010.parquet", "size": 3, "oid": "0" * 40}]
        if self.path == "/api/validate-yaml":
            return {"errors": [], "warnings": []}
        return {"url": here, "commitUrl": f"{here}/commit/abc", "commitOid": "abc", "success": True}

    def log_message(self, *_):
        pass


@pytest.fixture
def endpoint(monkeypatch):
    # read once, when some other test had it set
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    server.asked, server.status = [], 200
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def real_hub(endpoint):
    from huggingface_hub import HfApi

    return HfApi(endpoint=f"http://127.0.0.1:{endpoint.server_port}", token="hf_none")


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_what_huggingface_hub_sends_is_the_finished_folder(tmp_path, endpoint):
    report = push(tmp_path, real_hub(endpoint))
    assert report.pushed.endswith("/datasets/org/data/commit/abc")
    sent = [(path.partition("?")[0], body) for _, path, body in endpoint.asked]
    assert json.loads(sent[0][1])["visibility"] == "private" and sent[0][0] == "/api/repos/create"
    commits = [body for path, body in sent if path == "/api/datasets/org/data/commit/main"]
    assert len(commits) == 1
    lines = [json.loads(line) for line in commits[0].splitlines()]
    files = {line["value"]["path"]: line["value"]["content"] for line in lines if line["key"] == "file"}
    out = tmp_path / "sft"
    held = {str(p.relative_to(out)): base64.b64encode(p.read_bytes()).decode() for p in out.rglob("*") if p.is_file()}
    assert files == held
    assert [line["value"]["path"] for line in lines if line["key"] == "deletedFile"] == [
        "train/train-00009-of-00010.parquet"
    ]


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_a_hub_that_refuses_is_one_line_and_no_licence_asks_it_nothing(tmp_path, endpoint):
    endpoint.status = 403
    with pytest.raises(FactoryError, match="hf upload org/data"):
        push(tmp_path, real_hub(endpoint))
    endpoint.asked.clear()
    with pytest.raises(Refused, match="licence"):
        push(tmp_path, real_hub(endpoint), PLAN.replace('licence = "MIT"', ""))
    assert endpoint.asked == []
