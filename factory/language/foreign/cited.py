"""Tell foreign words that are talked about from foreign words that are talked: titles, Latin, mentions, lists.

A chain of thought in one language cites others all the time: "from the Arabic al-jabr", "La stanza del figlio by
Nanni Moretti", "ne bis in idem", "fajr, zuhr, asr and isha". Does not find foreign words (`foreign.py`).
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence
from typing import Final

from factory.language.foreign.elsewhere import JOINTS
from factory.language.foreign.enumerated import is_enumerated
from factory.language.foreign.glosses import are_english_terms, is_capital_name, is_expansion, is_gloss
from factory.language.language_names import NAMES
from factory.language.line import Line
from factory.language.words import COMMON

_LONGEST_TITLE: Final = 9
_KEYWORDS: Final = frozenset(keyword.kwlist)
_SHORT: Final = 2
_FEW: Final = 3
"""Words that an answer about words may mention where it has named a language before."""
_LONGEST_MENTION: Final = 6

_LATIN = """ab exempli bene scriptum meridiem absconditus absentia actus ad addenda aequo aeterna aeternam alea alia
    alma amor anno annus ante arbiter ars arte articulo artium aude aurea ave avis axis bello benedictus bis
    bona bono caeli calendas camera canis capita carpe casus causa cave caveat censeo certiorari cetera
    ceteris ceterum circa cogito con contra contrario coram corpore corpus corrigenda credo crescendo crimen
    cui cuique cuius culpa cum curiae curriculum cursus de dei delenda deo deus dicta dictum die diem dies
    dignitatem dimittis divide doctor domine domini dominus dubio duces eius elegantiarum emptor ens erat
    erga ergo errata et ex excelsis extremis fabula facie facto fatum felis ferenda festina fiat fide fides
    fieri fluctuat forma fortiori forum fratres functus gaudeamus gloria graeca graecas grano gratia grosso
    habeas habemus hoc hominem homo honoris horribilis humanum iacta ibidem idem igitur ignis ignorabimus
    ignoramus ignorantiam impera imperator imperium improbus in incognita indicta infra inter intra ipsa ipse
    ipso iudicata iure iuris ius jure juris jus kalendas kyrie labor lapsus lata lector lege legum lente lex
    libitum libris librium licet limine littera litteratim loco locus loquitur lucis lupus lux machina
    magister magna magnum maior major mala malum manu manus mare mater mea medias memento memoriam mens mensa
    mergitur minor mirabilis moderandi modus mori mortem mortis mundi muros mutandis mutatis natura naturalis
    naturam ne nemo nihil nil nisi nobis nolens nolle nomen non noster nostra nostrum nota nova nulla nullum
    nullus numerus nunc obiter omnes omnia onus operandi opus ora orbi pacem pacta papam par parem pari pars
    parte passim passu pater pax per perpetuum persona petitio placebo plus poena populi populum possidetis
    post posteriori praemissis praeter praevia prima primum primus principii principio pro probandi prodest
    prohibita propria proprio propter prosequi pulchrum qua quae quaestio quaestiones quale qualis quantum
    quartus quasi questio quid quidem quieta quintus quo quod quoque rara rata ratio rea rebus reductio
    regina regio regula religio requiem rerum res rex rigor romana rosa salis sana sancta sanctorum sanctus
    sano sapere sapiens sapienti sat scientia se secunda secundum semper sensu sequitur seriatim servanda si
    sic similia sine solum sotto specie spem spiritus stare status stricto sub sui summa sunt supra suum
    tabula tacet tale tantum tempora tempore tempus terminus terra terrarum tertium tertius tollens toto
    totum tu ubi ultima ultimatum ultra unum urbi usus uti vademecum vadis veni vera verba verbatim veritas
    versa versus veto via vice vici vide vidi vim vincit vita vitae vitro viva vivendi vivo vobiscum voce
    volens voluntas vox vulgaris"""
LATIN: Final = frozenset(_LATIN.split())
"""Words of Latin phrases that law, logic, science and letters cite in every language."""
_LATIN_ALONE: Final = LATIN.difference(
    *(COMMON[language] for language in ("it", "es", "pt", "fr", "ro", "en", "de", "fi"))
)
"""Those that are no usual word of a living language."""

_OLD: Final = (
    "sanskrit sánscrito gaelic irish welsh scots scottish hawaiian swahili yiddish norse maori quechua nahuatl"
)
_NAMES: Final = frozenset(name for names in (*NAMES.values(), _OLD.split()) for name in names)
_SHORTEST: Final = 3
_STEMS: Final = frozenset(name[:_SHORTEST] for name in _NAMES)
_LONGEST_ENDING: Final = 4
_BEFORE: Final = 30
_WORK = """novel novels book books film films movie movies opera operas song songs aria poem poems album albums
    title titles titled author composer composed wrote written directed painting paintings painted painter
    paint play plays sings sang symphony singer series roman romane romans buch filme oper lied livre livres
    chanson libro libros película películas novela canción libri romanzo canzone livro filmes boek książka
    powieść works obras opere œuvres werke werken dzieła canciones chansons lieder"""
_WORKS: Final = frozenset(_WORK.split())
_WORKS_BEFORE: Final = 6
_MAKER_AFTER: Final = re.compile(
    r"[\"”»’*_]{0,2} ?(?:(?:by|von|de|di|par|av|van) [A-ZÀ-Þ]|[(（,] ?(?:by )?(?:1\d|20)\d\d)"
)
_ARTICLES: Final = {
    "en": "a an the",
    "de": "der die das den dem des ein eine einen einem einer",
    "fr": "le la les un une des du",
    "es": "el la los las un una",
    "it": "il lo la i gli le un uno una",
    "pt": "o a os as um uma",
    "nl": "de het een",
}


def is_cited(line: Line, first: int, behind: int) -> bool:
    """Whether the words from `first` to before `behind` and those around them are cited rather than said."""
    home, allowed = line.home, line.allowed
    start, end = line.around(first, behind, _LONGEST_TITLE, lambda word, _: word not in home)
    return (
        _is_latin(line, first, behind)
        or _ERROR_BEFORE.search(line.before(first, _LONGEST_MESSAGE)) is not None
        or _is_owned(line, start, end)
        or _is_name(line, start, end)
        or _is_code(line.words[first:behind])
        or _is_list(line, first, behind)
        or is_enumerated(line, first, behind)
        or (
            allowed.about_words
            and behind - first <= _FEW
            and any(map(_names_a_language, line.words[max(0, first - _BEFORE) : first]))
        )
        or (end - start <= _LONGEST_MENTION and _is_mentioned(line, start, first))
        or (end - start <= _LONGEST_TITLE and _is_title(line, start, end))
        or _is_term(line, first, behind)
        or is_expansion(line, first, behind)
        or is_gloss(line, first, behind)
        or is_capital_name(line, first, behind)
        or ("en" not in allowed.languages and are_english_terms(line, first, behind))
    )


_LONGEST_MESSAGE: Final = 80
_ERROR_BEFORE: Final = re.compile(r"\w(?:Error|Exception|Warning): [^\n.!?]*$")
"""A program's error before what it says: "ValueError: invalid literal for int() with"."""


def _is_owned(line: Line, start: int, end: int) -> bool:
    """Whether a short stretch holds a maker's name with 's and a capital behind it: "Vivaldi's Le quattro stagioni"."""
    return end - start <= _LONGEST_TITLE and bool(_OWNED.match(line.said(start, end)))


def _is_name(line: Line, start: int, end: int) -> bool:
    """Whether capitals, first and last, are joined by particles: "Ciudad de las Artes y las Ciencias"."""
    while end > start and not line.is_capital(end - 1):
        end -= 1
    small = [line.words[i] for i in range(start, end) if not line.is_capital(i)]
    capitals = end - start - len(small)
    return (
        line.is_capital(start)
        and bool(small)
        and capitals > 1
        and line.words[start] not in _SPOKEN
        and JOINTS.issuperset(small)
    )


_OWNED: Final = re.compile(r"(?:[A-ZÀ-Þ][\w.-]* ){0,3}[A-ZÀ-Þ]\w+['’]s? [\"“«*_]{0,2}[A-ZÀ-Þ]")


def _is_code(words: Sequence[str]) -> bool:
    """Whether words are Python's own and names of one or two letters: "for x in xs if"."""
    longer = [word for word in words if len(word) > _SHORT]
    return "for" in longer and _KEYWORDS.issuperset(longer)


def _is_latin(line: Line, first: int, behind: int) -> bool:
    """Whether a piece is part of two or more Latin words in a row, and one of them is nothing but Latin."""
    latin = [i for i in range(first, behind) if line.words[i] in LATIN]
    if not latin or len(latin) * 3 < (behind - first) * 2:
        return False
    start, end = line.around(latin[0], latin[0] + 1, _LONGEST_TITLE, lambda word, _: word in LATIN)
    return end - start >= 2 and not _LATIN_ALONE.isdisjoint(line.words[start:end])


def _is_list(line: Line, first: int, behind: int) -> bool:
    """Whether words are set apart by commas: three or more one by one, or phrases by three commas or more."""
    joints = list(map(line.joint, range(first + 1, behind)))
    commas = sum("," in joint or "/" in joint for joint in joints)
    return (len(joints) >= 2 and commas * 3 >= 2 * len(joints)) or (commas >= 3 and len(joints) <= 3 * commas)


def _is_mentioned(line: Line, start: int, first: int) -> bool:
    """Whether a language is named right before: "the Arabic al-jabr", "in Scots I dinna ken"."""
    places = {place for place in (start, start + 1, first) if place < len(line.spans)}
    return any(_follows_a_language(line.before(place, _BEFORE)) for place in places)


def _follows_a_language(before: str) -> bool:
    """Whether one of the last three words is a language's name and those after it are short ("in Scots it is")."""
    last = before.rstrip("'\"“„«‘*_( ").rstrip(":,").split()[-3:]
    for place, word in enumerate(last):
        if _names_a_language(word.lstrip("('\"").lower()):
            return all(after.isalpha() and len(after) <= 6 for after in last[place + 1 :])
    return False


def _names_a_language(word: str) -> bool:
    """Whether a word is a language's name, with an ending perhaps ("russische")."""
    sizes = range(max(_SHORTEST, len(word) - _LONGEST_ENDING), len(word) + 1)
    return word[:_SHORTEST] in _STEMS and any(word[:size] in _NAMES for size in sizes)


def _is_title(line: Line, start: int, end: int) -> bool:
    """Whether a stretch that begins with a capital is a work's title, by its maker, its year or the question."""
    if not line.is_capital(start):
        return False
    if _MAKER_AFTER.match(line.prose, line.spans[end - 1][1]):
        return True
    capitals = sum(map(line.is_capital, range(start, end)))
    asked = line.allowed.words.union(line.words[max(0, start - _WORKS_BEFORE) : start])
    return (capitals > 1 or not line.stands_alone(start, end)) and not _WORKS.isdisjoint(asked)


def _is_term(line: Line, first: int, behind: int) -> bool:
    """Whether two words that hold no sentence together follow an article of the target's: "a société anonyme"."""
    articles = _ARTICLES.get(line.allowed.target or "", "").split()
    before = line.words[first - 1] if first else ""
    return behind - first == 2 and before in articles and _SPOKEN.isdisjoint(line.words[first:behind])


_SPOKEN: Final = frozenset().union(*COMMON.values())
