"""Find words of another language than the target's where the script doesn't tell.

A gate, then evidence. Most texts hold nothing suspicious (`tokens.py`); in the others the neighbourhood of words that
speak for other languages is read, and runs without any word of the target's own are put to the language identifiers.
Does not cover targets that don't write Latin (`terms.py`) nor foreign letters (`filters/language_mix.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import compress, count, islice
from typing import Final

from factory.language.foreign.asides import asides
from factory.language.foreign.cited import is_cited
from factory.language.foreign.clauses import foreign_clauses
from factory.language.foreign.connectives import connectives, english_pairs
from factory.language.foreign.elsewhere import clusters, pairs, stretches
from factory.language.foreign.lexicon import lexicon
from factory.language.foreign.odd_runs import confirmed, odd_clauses, odd_runs, pieces
from factory.language.foreign.single_words import STRONG, backed, counts, singly
from factory.language.foreign.tokens import openings, suspicious_lines, usual_at_home
from factory.language.languages import Allowed
from factory.language.line import UNIT, Line
from factory.language.romanised import has_tones, syllables
from factory.language.text import Span, lower

_MOST_HITS: Final = 5_000
_MOST_SPANS: Final = 1_000
"""Places looked at closely in one line, and found in one text: a hostile one may hold a million."""


def foreign_words(prose: str, allowed: Allowed) -> list[Span]:
    """Spans of foreign words in a text whose code and formulas are blanked; the target writes Latin."""
    found: list[Span] = []
    for start, end in suspicious_lines(prose, allowed.languages):  # no evidence reaches across the end of a line
        found += [(start + a, start + b) for a, b in _in_line(prose[start:end], allowed)]
        if len(found) >= _MOST_SPANS:
            break
    return found or list(islice(english_pairs(prose, allowed), _MOST_SPANS))


def _in_line(prose: str, allowed: Allowed) -> list[Span]:
    """The same for one line that holds something suspicious."""
    small, foreign = lower(prose), lexicon(allowed.languages)
    words = UNIT.findall(small)
    marked = [word for word in words if has_tones(word)] if has_tones(small) else []
    suspects = {word for word in foreign.suspects.intersection(words).union(marked) - allowed.words if foreign[word]}
    hits = list(compress(count(), map(suspects.__contains__, words))) if suspects else []
    short = [i for i in hits if len(words[i]) < STRONG]
    if len(short) == len(hits):
        hits = backed(hits, words, foreign)
    near_by, runs, beside = clusters(words, allowed), odd_runs(words, allowed), pairs(words, allowed)
    opening = openings(allowed.languages)
    if not hits and not short and not runs and not near_by and not beside and opening.isdisjoint(words):
        return []
    line = Line(prose, words, [match.span() for match in UNIT.finditer(small)], allowed)
    near_by += [pair for pair in beside if line.joint(pair[1] - 1) == " "]
    usual = usual_at_home(allowed.languages)
    spelt = [] if opening.isdisjoint(words) else list(syllables(line, usual, opening))
    spelt = [part for part in spelt if counts(line, part[0])]
    alone = sorted(singly(line, hits[:_MOST_HITS], short[:_MOST_HITS]))

    def said(parts: list[Span]) -> list[Span]:
        return parts if any(not is_cited(line, *part) for part in parts) else []

    found = said([(i, i + 1) for i in alone] + spelt)
    if found:  # what stands around a foreign word needs no further witness
        said_there = bytearray(len(words))
        for first, behind in found:
            said_there[first:behind] = bytes([1]) * (behind - first)
        around = [*runs, *((first, behind) for first, behind, _ in near_by)]
        found += [(first, behind) for first, behind in around if said_there.find(1, first, behind) >= 0]
    else:
        odd = stretches(line, near_by[:_MOST_HITS])
        found = said([(stretch.first, stretch.behind) for stretch in odd])
        found = found or said(list(asides(line)))
        clauses = [] if found else list(odd_clauses(line))
        found = found or said([part for part in clauses if confirmed(line, *part)])
        found = found or [part for run in runs for part in _parts_of(line, run)]
        found = found or said(list(foreign_clauses(line)))
        if not found:
            return list(connectives(prose, words, allowed))
    return _joined(sorted((line.spans[first][0], line.spans[behind - 1][1]) for first, behind in found), prose)


def _parts_of(line: Line, run: Span) -> Iterator[Span]:
    """The parts of a run, between its quotes and brackets, that are foreign and no citation; as the whole must be."""
    if confirmed(line, *run) and not is_cited(line, *run):
        for part in pieces(line, *run):
            if part == run or (confirmed(line, *part) and not is_cited(line, *part)):
                yield part


def _joined(spans: Sequence[Span], prose: str) -> list[Span]:
    """Spans with at most two words between them made one."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and (start <= joined[-1][1] or len(prose[joined[-1][1] : start].split()) <= 2):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
