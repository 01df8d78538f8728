"""Tell sentences from terms where the target doesn't write Latin.

Latin terms, names and code inside Chinese or Russian are fine and Latin sentences aren't.
Does not cover targets that write Latin (`foreign.py`) nor neighbours in the target's script (`neighbours.py`).
"""

from __future__ import annotations

import keyword
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from factory.language.foreign.connectives import CONNECTIVES
from factory.language.foreign.elsewhere import JOINTS, is_term
from factory.language.foreign.lexicon import home_of, lexicon
from factory.language.foreign.loans import loan_share
from factory.language.foreign.odd_runs import LONG_RUN
from factory.language.foreign.single_words import STRONG
from factory.language.identify import foreign_to
from factory.language.languages import Allowed, languages_named
from factory.language.line import is_identifier
from factory.language.markers import MARKERS, PHRASES
from factory.language.scripts import OTHER
from factory.language.text import TOKEN, Span
from factory.language.words import COMMON, CUES, LANGUAGES_OF, NAMING, REMARKS


def latin_sentences(prose: str, allowed: Allowed) -> list[Span]:
    """Latin stretches that are sentences, not terms, in a text whose target doesn't write Latin."""
    found = []
    home = home_of(allowed.languages) | allowed.words | (REMARKS if "en" in allowed.languages else frozenset())
    for tokens in _latin_runs(prose):
        run = [span for span in tokens if not is_identifier(prose, *span)]
        if not run or _is_cited(prose, run) or (allowed.about_words and _is_mentioned(prose, run)):
            continue
        words = [prose[a:b] for a, b in run]
        if _KEYWORDS.issuperset(words) or _is_title(words):
            continue  # "if x not in", "The Story of the Stone"
        said = (
            _is_sentence(words, home, allowed)
            or _is_english_sentence(prose, run, words, home)
            or _has_cue(prose, run, home)
            or _is_aside(prose, run, words, home)
        )
        if said and not _is_loan(words) and not _follows_a_language(prose, run):
            found.append((run[0][0], run[-1][1]))
    return found


def _is_cited(prose: str, run: Sequence[Span]) -> bool:
    """Whether a run of up to eight words fills quotes or brackets, or is called a title."""
    if len(run) > _LONGEST_CITED:
        return False
    start, end = run[0][0], run[-1][1]
    if _TITLE_BEFORE.search(prose, max(0, start - 8), start) or _is_message(prose[start:end]):
        return True
    before, after = prose[max(0, start - 12) : start], prose[end : end + 12]
    return any(
        opener in before and _CLOSES[opener].match(after) and not OTHER.search(before[before.rfind(opener) :])
        for opener in _CLOSES
    )


def _follows_a_language(prose: str, run: Sequence[Span]) -> bool:
    """Whether a run of up to eight words goes on from a language's name: "意大利语片名是 La leggenda"."""
    start = run[0][0]
    before = _CLAUSE_ENDS.split(prose[max(0, start - _NAMED_BEFORE) : start])[-1]
    return len(run) <= _LONGEST_CITED and bool(languages_named(before))


_NAMED_BEFORE: Final = 12
_CLAUSE_ENDS: Final = re.compile("[，,。.；;！!？?、\n]")


def _is_mentioned(prose: str, run: Sequence[Span]) -> bool:
    """Whether a run is a few words or in italics."""
    start, end = run[0][0], run[-1][1]
    return len(run) <= _MENTIONED or bool(prose[max(0, start - 1) : start] in _STARS and _STARRED.match(prose, end))


_LONGEST_CITED: Final = 8
_MENTIONED: Final = 3
"""Words that an answer about words may mention without quotes."""
_STARS: Final = ("*", "_")
_STARRED: Final = re.compile(r"[.!?…]?[*_]")
_YEAR: Final = r"[^\w]{0,3}(?:[,，] ?\d{4})?"
_BRACKETS: Final = {"(": ")）", "（": ")）", '"': '"', "“": "”", "「": "」", "『": "』", "《": "》", "«": "»"}
_CLOSES: Final = {opener: re.compile(rf"{_YEAR}[{closers}]") for opener, closers in _BRACKETS.items()}


def _is_message(said: str) -> bool:
    """Whether a run is what a program says when it fails: "KeyError: no such key"."""
    return bool(_MESSAGE.match(said))


_MESSAGE: Final = re.compile(r"\w*(?:Error|Exception|Warning|error|fatal|warning): ")


def _is_loan(words: Sequence[str]) -> bool:
    return loan_share(" ".join(words).lower()) > _MOSTLY


_MOSTLY: Final = 0.7
"""Of "equality holds if and only if" less is a loan."""


def _latin_runs(prose: str) -> Iterator[list[Span]]:
    """Tokens with no letter of another script, line end or Chinese full stop between them."""
    run: list[Span] = []
    for match in TOKEN.finditer(prose):
        if run and (match.start() - run[-1][1] > 12 or _BREAK.search(prose, run[-1][1], match.start())):
            yield run
            run = []
        run.append(match.span())
    if run:
        yield run


_KEYWORDS = frozenset(keyword.kwlist)
_TITLE_BEFORE = re.compile('(?:[《〈「『“"«]|[原又题書书曲歌片]名|名为|名為|原題|题为|題為|叫做?|称为|稱為) ?[:：]?$')
_BREAK = re.compile(f"{OTHER.pattern}|[\n。！？；、（）()]")


def _is_sentence(words: Sequence[str], home: frozenset[str], allowed: Allowed) -> bool:
    """Whether a Latin stretch holds function words as sentences do, or both identifiers know it for no English."""
    if len(words) < 3:
        # "That gives" is a sentence; "not in" and "if else" are operators.
        begins = len(words) == 2 and (words[0].istitle() or words[0] in _PRONOUNS)
        return begins and all(w.lower() in COMMON["en"] - home for w in words)
    plain = {w for w in words if w.islower()} | ({words[0].lower()} if words[0].istitle() else set())
    told = lexicon(allowed.languages) if "en" in allowed.languages else LANGUAGES_OF
    counts = Counter(language for w in plain - home for language in (told[w] if w in LANGUAGES_OF else ()))
    most = max(counts.values(), default=0)
    capitals = sum(not w.islower() for w in words[1:])
    if most >= 2 or (most >= 1 and len(words) >= 8 and capitals * 2 <= len(words)):
        return True
    lower = [w.lower() for w in words if w.lower() not in home]
    if len(lower) < 3 or capitals * 2 > len(words) or is_term([w.lower() for w in words], home):
        return False  # "bistecca alla fiorentina"
    least = 0.35 if len(lower) >= LONG_RUN else 0.7
    return bool(foreign_to(" ".join(lower), allowed.languages | {"en"}, least))


def _is_english_sentence(prose: str, run: Sequence[Span], words: Sequence[str], home: frozenset[str]) -> bool:
    """Whether four words or more from a capital to a stop hold a verb: "A leap year has 8784 hours."."""
    start, end = run[0][0], run[-1][1]
    opens = _SENTENCE_BEFORE.search(prose[max(0, start - 12) : start])
    if len(words) < _SHORTEST_SENTENCE or not opens or not (opens[1] or prose[start].isupper()):
        return False
    if not _SENTENCE_AFTER.match(prose, end):
        return False
    lower_case = [word for word in words if word.islower()]
    return len(lower_case) * 3 >= 2 * len(words) and not (_VERBS - home).isdisjoint(lower_case)


_SENTENCE_BEFORE: Final = re.compile(r"(?:^|[\n.!?。！？>])[\s*_>#-]*((?:A|I) )?$")
_SENTENCE_AFTER: Final = re.compile(r"(?:[^\w\n]{0,4}\d[\d.,]*)?[^\w\n]{0,4}(?:[.!?。\n]|$)")
_SHORTEST_SENTENCE: Final = 4
_VERB: Final = "is are was were has have had does do did can could will would should must may might gives means becomes"
_VERBS: Final = frozenset(_VERB.split())


_PRONOUNS = frozenset(["that", "this", "it", "we", "they", "you", "there", "these", "which"])


def _is_aside(prose: str, run: Sequence[Span], words: Sequence[str], home: frozenset[str]) -> bool:
    """Whether a run stands between stops or commas and holds a word that no term holds: "Of course," "en effet"."""
    start, end = run[0][0], run[-1][1]
    if len(words) > _LONGEST_CITED or not (words[0].islower() or words[0].istitle()):
        return False
    if not all(map(str.islower, words[1:])) or not _APART_BEFORE.search(prose[max(0, start - 8) : start]):
        return False
    line = " ".join(prose[start:end].lower().split())
    if line in CONNECTIVES or (line in PHRASES and words[0].lower() in COMMON["en"]):
        return True  # a "sanity check" is done
    if not _APART_AFTER.match(prose[end : end + 8]):
        return False
    low = {word.lower() for word in words} - home
    if len(words) == 1:
        return not low.isdisjoint(_ALONE)
    if "," in prose[start:end] or "/" in prose[start:end]:
        return False  # a list of keywords
    if any(phrase in line for phrase in PHRASES):
        return True
    return not low.isdisjoint(_ENGLISH_ASIDES) or any(len(word) > 1 and lexicon(_ENGLISH)[word] for word in low)


def _stands_apart(prose: str, start: int, end: int) -> bool:
    return bool(_APART_BEFORE.search(prose[max(0, start - 8) : start]) and _APART_AFTER.match(prose[end : end + 8]))


_APART_BEFORE: Final = re.compile(r"(?:^|[\n.!?。！？；;,，、।؟…>])[\s*_>-]*$")
_APART_AFTER: Final = re.compile(r"[*_]*\s?(?:[.!?。！？;；,，।…]|\n|$)")
_ENGLISH_ASIDES: Final = (COMMON["en"] | REMARKS) - NAMING.union(["the", "of", "and", "to", "than", "this", "that"])
_ALONE: Final = (
    frozenset().union(*MARKERS.values(), ("perfect", "great", "nice", "sure")).difference(("instead", "whether"))
)


def _is_title(words: Sequence[str]) -> bool:
    """Whether all words but the small ones have capitals, and two or more do: "The Story of the Stone"."""
    large = [word for word in words if len(word) > _SMALL]
    least = 1 if words[0] in ("The", "A", "An") else 2
    return len(large) >= least and all(word[0].isupper() for word in large)


_SMALL = 3


def _has_cue(prose: str, run: Sequence[Span], home: frozenset[str]) -> bool:
    """Whether a run holds a connective that no technical term does ("therefore", "donc")."""
    for start, end in run:
        word = prose[start:end]
        low = word.lower()
        if low in home or word.isupper():
            continue
        if "'" in low.replace("’", "'") and low.replace("’", "'") in COMMON["en"]:
            return True  # "that's", "let's": nobody's technical term
        if low in CUES["always"] or (low in CUES["spoken"] and _stands_apart(prose, start, end)):
            return True
        opens = len(run) == 1 and word.istitle() and _APART_BEFORE.search(prose[max(0, start - 8) : start])
        if (word.islower() or opens) and len(word) >= STRONG and low not in JOINTS and lexicon(_ENGLISH)[low]:
            return True
    return False


_ENGLISH: Final = frozenset({"en"})
