"""A download that broke off, kept so that the next one goes on where it ended.

It goes on only if the server says that the file is still the same: by its strong ETag, which a
request states in If-Range. A file whose server gives none is downloaded from its beginning.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

#: A strong ETag: a weak one (W/"…") may stand for other bytes.
_STRONG = re.compile(r'"[\x21\x23-\x7e]{1,200}"')
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


class Partial:
    """The bytes of one address that have arrived, in a file, with the ETag beside it."""

    def __init__(self, path: Path) -> None:
        self._data, self._tag = path.with_suffix(".part"), path.with_suffix(".etag")

    def request(self) -> dict[str, str]:
        """Return the headers that ask for the rest, as the bytes of the file itself."""
        plain = {"Accept-Encoding": "identity"}
        tag, size = self._state()
        return {**plain, "Range": f"bytes={size}-", "If-Range": tag} if size else plain

    def begin(self, headers: Mapping[str, str]) -> None:
        """Start anew with an answer that brings the whole file."""
        self.drop()
        tag = headers.get("etag", "")
        if _STRONG.fullmatch(tag) and "content-encoding" not in headers:
            self._data.parent.mkdir(parents=True, exist_ok=True)
            self._tag.write_text(tag, "ascii")

    def fits(self, headers: Mapping[str, str]) -> bool:
        """Return whether an answer is the rest of what is here: of the same file, from its end."""
        tag, size = self._state()
        part = _RANGE.fullmatch(headers.get("content-range", ""))
        return bool(
            part and size and headers.get("etag") == tag and "content-encoding" not in headers
            and int(part[1]) == size and int(part[2]) == int(part[3]) - 1
        )  # fmt: skip

    def append(self, data: bytes) -> None:
        """Keep what has arrived, if it can be continued."""
        if self._tag.is_file():
            with self._data.open("ab") as file:
                file.write(data)

    def read(self) -> bytes:
        """Return what is here."""
        return self._data.read_bytes() if self._data.is_file() else b""

    def drop(self) -> None:
        """Forget what is here."""
        self._data.unlink(missing_ok=True)
        self._tag.unlink(missing_ok=True)

    def _state(self) -> tuple[str, int]:
        """Return the ETag and how many bytes there are; nothing unless both are sound."""
        try:
            tag, size = self._tag.read_text("ascii"), self._data.stat().st_size
        except (OSError, ValueError):
            return "", 0
        return (tag, size) if _STRONG.fullmatch(tag) else ("", 0)


@contextmanager
def partial_download(path: Path) -> Iterator[Partial | None]:
    """Yield the partial download at `path`, None while another process continues it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path.with_suffix(".lock"))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        yield None
        return
    try:
        yield Partial(path)
    finally:
        lock.release()
