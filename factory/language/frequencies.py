"""How usual a word is in a language that writes Latin, as the lists of Speer's wordfreq say.

They are read at run time from the installed package (data CC BY-SA 4.0) and nothing of them is copied into this
project. A usualness is a Zipf value: 3 is once in a million words, 6 once in a thousand; the lists end at 3.
Does not decide what a usual foreign word means (`foreign/elsewhere.py`, `foreign/foreign.py`).
"""

from __future__ import annotations

import importlib
import importlib.util
import zlib
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

_LISTED = "ca cs da de en es fi fil fr hu id is it lt lv ms nb nl pl pt ro sh sk sl sv tr vi"
LISTED: Final = tuple(_LISTED.split())
"""Languages with a list, by wordfreq's codes."""
_SAME: Final = {"no": "nb", "nn": "nb", "tl": "fil", "hr": "sh", "sr": "sh", "bs": "sh"}
FLOOR: Final = 2.7
"""What a word that isn't listed is taken for: a little less than the rarest listed one."""
USUAL: Final = 4.0
"""From here on a word is looked for in other languages' texts: about 7,000 words each. With 3.7 nothing more is found,
and every worker reads twice as much before its first text."""
STRANGE: Final = 1.0
"""Ten times as usual elsewhere as at home."""
_MOST_KEPT: Final = 100_000


def listed(language: str) -> str | None:
    """The code of a language's list, None where there is none."""
    code = _SAME.get(language, language)
    return code if code in LISTED else None


@lru_cache(maxsize=1_000)
def codes(languages: frozenset[str]) -> frozenset[str]:
    """The lists of these languages."""
    return frozenset(code for language in languages if (code := listed(language)))


@lru_cache(maxsize=64)
def usualness(code: str, least: float = 0.0, size: str = "small") -> dict[str, float]:
    """Word -> Zipf value, of words with at least that; `large` lists go down to 1 and are there for some languages."""
    found: dict[str, float] = {}
    for rank, words in zip(range(int((9 - least) * 100) + 1), _ranks(f"{size}_{code}.msgpack.gz"), strict=False):
        if words:
            found.update(dict.fromkeys(words, 9 - rank / 100))
    return found


def _ranks(name: str) -> Iterator[list[str]]:
    """The words of a list, most usual first, a list for each hundredth of Zipf below 9: read as far as it is asked."""
    msgpack = importlib.import_module("msgpack")
    unpacker, inflate = msgpack.Unpacker(), zlib.decompressobj(zlib.MAX_WBITS + 16)
    with (_folder() / name).open("rb") as packed:
        unpacker.feed(inflate.decompress(packed.read(_CHUNK)))
        left = unpacker.read_array_header() - 1
        if unpacker.unpack() != {"format": "cB", "version": 1}:
            raise ImportError(f"{name} has a format that isn't known")
        while left:
            try:
                words = unpacker.unpack()
            except msgpack.OutOfData:
                unpacker.feed(inflate.decompress(packed.read(_CHUNK)))
                continue
            yield words
            left -= 1


_CHUNK: Final = 16_384


@cache
def _folder() -> Path:
    """Where wordfreq keeps its lists; the package itself, slow to import, isn't needed for them."""
    spec = importlib.util.find_spec("wordfreq")
    if spec is None or spec.origin is None:
        raise ImportError("wordfreq is not installed")
    return Path(spec.origin).parent / "data"


_WITH_LARGE = "ca cs de en es fi fr it nb nl pl pt sv"
_LARGE: Final = frozenset(_WITH_LARGE.split())


@lru_cache(maxsize=8)
def dictionary(languages: frozenset[str]) -> frozenset[str]:
    """All words listed for some languages, from the largest lists there are: slow the first time, some 40 MB each."""
    sized = [(code, "large" if code in _LARGE else "small") for code in codes(languages)]
    return frozenset().union(*(usualness(code, 0.0, size) for code, size in sized))


@lru_cache(maxsize=64)
def at_home(own: frozenset[str]) -> dict[str, float]:
    """Word -> Zipf value in that of these lists that has it most often."""
    found: dict[str, float] = {}
    for code in own:
        for word, value in usualness(code).items():
            found[word] = max(value, found.get(word, 0.0))
    return found


class Strange(dict[str, int]):
    """Word -> bits of the languages of `LISTED` where it is ten times as usual as at home; filled as words are met."""

    def __init__(self, own: frozenset[str]) -> None:
        self.home = at_home(own)
        self.lists = [(1 << i, usualness(code, USUAL)) for i, code in enumerate(LISTED) if code not in own]

    def __missing__(self, word: str) -> int:
        here = self.home.get(word, FLOOR) + STRANGE
        bits = sum(bit for bit, there in self.lists if there.get(word, 0.0) >= here) if len(word) > 1 else 0
        if len(self) > _MOST_KEPT:
            self.clear()
        self[word] = bits
        return bits


@lru_cache(maxsize=64)
def strange(own: frozenset[str]) -> Strange:
    """The one memo of these languages."""
    return Strange(own)


class Gained(dict[str, float]):
    """Word -> powers of ten by which it is more usual in the language that has it most than at home; 0 at least."""

    def __init__(self, own: frozenset[str]) -> None:
        self.home = at_home(own)
        self.lists = [usualness(code, USUAL) for code in LISTED if code not in own]

    def __missing__(self, word: str) -> float:
        most = max(there.get(word, 0.0) for there in self.lists)
        if len(self) > _MOST_KEPT:
            self.clear()
        self[word] = max(0.0, most - self.home.get(word, FLOOR))
        return self[word]


@lru_cache(maxsize=64)
def gained(own: frozenset[str]) -> Gained:
    """The one memo of these languages."""
    return Gained(own)


def gain(word: str, elsewhere: Mapping[str, float], home: Mapping[str, float]) -> float | None:
    """How much more usual (in powers of ten) a word is elsewhere; None where it is usual in neither."""
    there, here = elsewhere.get(word), home.get(word)
    if there is None:
        return None if here is None else FLOOR - here
    return there - (here or FLOOR)
