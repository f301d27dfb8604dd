"""Zip files as they come from anywhere: looked through before anything in them is read."""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import PurePosixPath, PureWindowsPath

from anew.project.phrases import Phrase
from anew.project.problems import Problem

#: The bulk file of the World Development Indicators unpacks to about a quarter of this.
MAX_BYTES = 1 << 30
MAX_MEMBERS = 2000
#: Text of digits packs about tenfold; a bomb packs a thousandfold.
MAX_RATIO = 200
_SMALL = 1 << 20


def unpack(
    data: bytes, shown: str, members: int = MAX_MEMBERS
) -> tuple[dict[str, bytes], list[Problem]]:
    """Return the files in a zip by name, or what is wrong with it; never writes to disk.

    Refused: a damaged or encrypted zip, a name that leaves the folder or is there twice, a link, a
    zip of more than so many `members`, one that unpacks to more than `MAX_BYTES` or by more than
    `MAX_RATIO`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            problems = _dangers(infos, shown, members)
            if problems:
                return {}, problems
            return _read(archive, [info for info in infos if not info.is_dir()], shown)
    except Exception as error:  # a damaged zip raises what its bytes happen to provoke
        return {}, [_damaged(shown, str(error))]


def _read(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], shown: str
) -> tuple[dict[str, bytes], list[Problem]]:
    found: dict[str, bytes] = {}
    left = MAX_BYTES
    for info in members:
        try:
            with archive.open(info) as member:
                content = member.read(min(left, info.file_size) + 1)  # sizes that are told may lie
                if len(content) > min(left, info.file_size):
                    return {}, [_bomb(shown, info.filename)]
                member.read(1)  # at the end the checksum is compared
        except Exception as error:  # zlib.error, BadZipFile, RuntimeError: all mean damage
            return {}, [_damaged(f"{shown}!{info.filename}", str(error))]
        left -= len(content)
        found[info.filename] = content
    return found, []


def _dangers(members: list[zipfile.ZipInfo], shown: str, most: int) -> list[Problem]:
    problems = []
    seen: set[str] = set()
    total = sum(info.file_size for info in members)
    if len(members) > most or total > MAX_BYTES:
        message = Phrase(
            "{count} files that unpack to {total:,} bytes.", count=len(members), total=total
        )
        return [_problem(shown, message, "unsafe-zip")]
    for info in members:
        place = f"{shown}!{info.filename}"
        if _leaves(info.filename):
            problems.append(
                _problem(place, Phrase("the name leads out of the zip's folder."), "unsafe-zip")
            )
        elif info.filename.casefold() in seen:
            problems.append(_problem(place, Phrase("the name is in the zip twice."), "unsafe-zip"))
        elif stat.S_ISLNK(info.external_attr >> 16):
            problems.append(_problem(place, Phrase("it is a link, not a file."), "unsafe-zip"))
        elif info.flag_bits & 1:
            problems.append(_problem(place, Phrase("it is encrypted."), "unsafe-zip"))
        elif info.file_size > max(_SMALL, info.compress_size * MAX_RATIO):
            problems.append(_bomb(shown, info.filename))
        seen.add(info.filename.casefold())
    return problems


def _leaves(name: str) -> bool:
    windows = PureWindowsPath(name)
    return (
        not name
        or "\\" in name
        or "\0" in name
        or PurePosixPath(name).is_absolute()
        or bool(windows.drive)
        or ".." in PurePosixPath(name).parts
    )


def _bomb(shown: str, name: str) -> Problem:
    message = Phrase(
        "it unpacks to more than {ratio} times its size, or than it says: a zip bomb?",
        ratio=MAX_RATIO,
    )
    return _problem(f"{shown}!{name}", message, "unsafe-zip")


def _damaged(place: str, why: str) -> Problem:
    return _problem(place, Phrase("the zip is damaged or cut off ({why}).", why=why), "damaged-zip")


def _problem(place: str, message: str, code: str) -> Problem:
    return Problem(place, message, Phrase("Download the file again from the agency."), code)
