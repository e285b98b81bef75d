"""Downloads from a real server on this machine."""

import hashlib
import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from resnet_gui.core.errors import Cancelled, DatasetError
from resnet_gui.engine.download import download

CONTENT = np.random.default_rng(0).bytes(400_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@dataclass
class Site:
    """What the server does, and the Range header of each request that it got (None: without one)."""

    status: int = 200
    ranges: bool = True
    states_length: bool = True
    cut_after: int | None = None  # bytes of an answer's body
    silent: threading.Event | None = None  # wait for it before answering
    asked: list[str | None] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers["Range"]
            site.asked.append(asked)
            if site.silent:
                site.silent.wait(10)
                return
            if site.status != 200:
                self.send_error(site.status)
                return
            start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and site.ranges else 0
            if start >= len(CONTENT):
                self.send_error(416)
                return
            body = CONTENT[start:]
            self.send_response(206 if start else 200)
            if site.states_length:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: site.cut_after])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.01))
    thread.start()
    site.url = f"http://127.0.0.1:{server.server_port}/file.bin"
    yield site
    if site.silent:
        site.silent.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "new" / "folder" / "file.bin"


def part_of(target: Path) -> Path:
    return target.with_name("file.bin.part")


def keep_part(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True)
    part_of(target).write_bytes(content)


def test_file_arrives_whole_and_alone(site: Site, target: Path) -> None:
    shares: list[float | None] = []
    download(site.url, target, SHA256, progress=lambda message, share: shares.append(share))
    assert target.read_bytes() == CONTENT
    assert list(target.parent.iterdir()) == [target]
    assert shares[0] is None
    assert shares[1:] == sorted(set(shares[1:]))
    assert shares[-1] == 1.0


def test_server_need_not_state_the_length(site: Site, target: Path) -> None:
    site.states_length = False
    shares: list[float | None] = []
    download(site.url, target, SHA256, progress=lambda message, share: shares.append(share))
    assert target.read_bytes() == CONTENT
    assert shares == [None]


def test_wrong_hash_leaves_nothing(site: Site, target: Path) -> None:
    with pytest.raises(DatasetError, match="SHA-256"):
        download(site.url, target, "0" * 64)
    assert not list(target.parent.iterdir())


def test_cut_connection_is_continued(site: Site, target: Path) -> None:
    site.cut_after = 150_000
    with pytest.raises(DatasetError, match="the connection was cut"):
        download(site.url, target, SHA256)
    assert not target.exists()
    assert part_of(target).read_bytes() == CONTENT[:150_000]
    site.cut_after = None
    shares: list[float | None] = []
    download(site.url, target, SHA256, progress=lambda message, share: shares.append(share))
    assert target.read_bytes() == CONTENT
    assert site.asked == [None, "bytes=150000-"]
    assert shares[1] is not None
    assert shares[1] > 0.37  # of the whole file, not of the rest


def test_server_without_ranges_begins_again(site: Site, target: Path) -> None:
    site.ranges = False
    keep_part(target, CONTENT[:1000])
    download(site.url, target, SHA256)
    assert target.read_bytes() == CONTENT


@pytest.mark.parametrize("size", [len(CONTENT), len(CONTENT) + 1])
def test_part_that_has_no_rest_is_fetched_again(site: Site, target: Path, size: int) -> None:
    keep_part(target, bytes(size))
    download(site.url, target, SHA256)
    assert target.read_bytes() == CONTENT
    assert site.asked == [f"bytes={size}-", None]


def test_foreign_part_is_found_out_and_the_next_try_works(site: Site, target: Path) -> None:
    keep_part(target, b"something else")
    with pytest.raises(DatasetError, match="SHA-256"):
        download(site.url, target, SHA256)
    download(site.url, target, SHA256)
    assert target.read_bytes() == CONTENT


def test_earlier_file_is_replaced_only_by_a_whole_one(site: Site, target: Path) -> None:
    target.parent.mkdir(parents=True)
    target.write_bytes(b"earlier")
    site.cut_after = 1000
    with pytest.raises(DatasetError):
        download(site.url, target, SHA256)
    assert target.read_bytes() == b"earlier"


@pytest.mark.parametrize("status", [404, 500])
def test_refusal_is_named(site: Site, target: Path, status: int) -> None:
    site.status = status
    with pytest.raises(DatasetError, match=f"HTTP {status}"):
        download(site.url, target, SHA256)
    assert not list(target.parent.iterdir())


def test_cancel_before_the_request_asks_nobody(site: Site, target: Path) -> None:
    with pytest.raises(Cancelled):
        download(site.url, target, SHA256, cancelled=lambda: True)
    assert site.asked == []


def test_cancel_between_blocks_keeps_what_arrived(site: Site, target: Path) -> None:
    answers = iter([False, False, False, True])
    with pytest.raises(Cancelled):
        download(site.url, target, SHA256, cancelled=lambda: next(answers))
    assert not target.exists()
    arrived = part_of(target).read_bytes()
    assert 0 < len(arrived) < len(CONTENT)
    assert CONTENT.startswith(arrived)
    download(site.url, target, SHA256)
    assert target.read_bytes() == CONTENT


def test_silent_server_is_not_waited_for(site: Site, target: Path) -> None:
    site.silent = threading.Event()
    with pytest.raises(DatasetError, match=r"no answer within 0\.2 seconds"):
        download(site.url, target, SHA256, timeout=0.2)


def test_nobody_there(site: Site, target: Path) -> None:
    with pytest.raises(DatasetError, match=r"could not be downloaded from 127\.0\.0\.1:1 to .* \(.+\)\.$"):
        download("http://127.0.0.1:1/file.bin", target, SHA256)


def test_folder_that_cannot_be_made(site: Site, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatasetError, match="could not be downloaded"):
        download(site.url, tmp_path / "file" / "folder" / "file.bin", SHA256)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_full_disk(site: Site, target: Path) -> None:
    target.parent.mkdir(parents=True)
    part_of(target).symlink_to("/dev/full")
    with pytest.raises(DatasetError, match="No space left on device"):
        download(site.url, target, SHA256)
    assert not target.exists()


def test_a_file_that_somebody_else_fetched_meanwhile_is_taken(site: Site, target: Path) -> None:
    def another_window_is_faster(_message: str, share: float | None) -> None:
        if share == 1.0:
            part_of(target).replace(target)

    download(site.url, target, SHA256, progress=another_window_is_faster)
    assert target.read_bytes() == CONTENT


def test_a_cancel_counts_also_when_the_line_breaks_meanwhile(site: Site, target: Path) -> None:
    site.silent = threading.Event()
    asked: list[bool] = []
    with pytest.raises(Cancelled):
        download(site.url, target, SHA256, cancelled=lambda: len(asked) > 0 or bool(asked.append(True)), timeout=0.2)
