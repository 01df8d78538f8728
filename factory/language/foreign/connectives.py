"""Connectives of two words and more that open or join a step of reasoning: "por lo tanto", "in effetti", "let me".

Their words alone say little, together they tell a language. A closed class, chosen by hand. Does not cover single words
(`markers.py`, `words.py`) nor languages that don't write Latin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from factory.language.foreign.loans import LOANS
from factory.language.frequencies import at_home, codes
from factory.language.identify import near
from factory.language.languages import Allowed
from factory.language.scripts import LATIN
from factory.language.text import Span, lower

_PHRASES = {
    "de": """das heißt | zum beispiel | zum glück | zum schluss | auf jeden fall | auf keinen fall | im grunde |
        im prinzip | mit anderen worten | unter anderem | vor allem | in der tat | im folgenden | alles klar |
        kein problem | keine ahnung | mal sehen | moment mal | wie gesagt | woraus folgt | daraus folgt""",
    "fr": """à savoir | en effet | par exemple | bien sûr | c'est-à-dire | autrement dit | en fait | en revanche |
        par conséquent | en outre | tout d'abord | pas mal | pas de souci | du coup | en gros | en somme |
        quand même | de toute façon | sans doute | tant mieux | à peu près | en résumé | c'est tout | il reste""",
    "es": """por lo tanto | por tanto | por ejemplo | por supuesto | sin embargo | es decir | o sea | así que |
        en fin | de hecho | en efecto | tal vez | por fin | por cierto | a ver | no obstante | en cambio |
        por lo visto | ya que | puesto que | en resumen | desde luego | más o menos | menos mal | muy bien |
        eso es | hay que""",
    "it": """per esempio | ad esempio | in effetti | vale a dire | in realtà | di conseguenza | d'altra parte |
        a questo punto | in altre parole | niente male | va bene | senza dubbio | per fortuna | dopo tutto |
        in fondo | prima di tutto | meno male | in sintesi | dal momento che""",
    "pt": """por exemplo | ou seja | de fato | por isso | no entanto | sendo assim | além disso | em resumo |
        por outro lado | ou melhor | tudo bem | com certeza | é claro | isto é | na verdade | pois bem |
        mais ou menos | vamos ver""",
    "nl": """dat wil zeggen | met andere woorden | dat klopt | in feite | onder andere | ten slotte |
        in ieder geval | om te beginnen | geen probleem | al met al | tot slot | zoals verwacht""",
    "pl": """na przykład | to znaczy | w związku | innymi słowy | przede wszystkim | na pewno | tak więc | a więc |
        jak wiadomo | w takim razie | bez wątpienia | po prostu | na razie | w końcu | mimo to""",
    "cs": """to znamená | jinými slovy | bez pochyby | v pořádku | za prvé | za druhé | na závěr | tak tedy |
        jak vidíme | pro jistotu""",
    "sv": """till exempel | det vill säga | med andra ord | på så sätt | för det första | trots allt | i alla fall |
        som väntat | det stämmer | inga problem | till slut | så klart""",
    "da": """for eksempel | det vil sige | med andre ord | til sidst | i hvert fald | det passer | uden tvivl""",
    "no": """for eksempel | det vil si | med andre ord | til slutt | i hvert fall | uten tvil | det stemmer""",
    "fi": "toisin sanoen | niin kuin | sitä paitsi | ennen kaikkea | itse asiassa | joka tapauksessa",
    "hu": "más szóval | rendben van | végül is | tegyük fel | nem baj",
    "ro": """de exemplu | cu alte cuvinte | prin urmare | de fapt | în concluzie | la urma urmei | în plus |
        pe scurt | de aceea | cu siguranță""",
    "tr": """başka bir deyişle | bu yüzden | bu nedenle | sonuç olarak | ne yazık ki | her neyse | o zaman |
        o halde | demek ki""",
    "id": """oleh karena itu | oleh sebab itu | dengan demikian | sebagai contoh | dengan kata lain | tentu saja |
        selain itu | pada akhirnya | tidak masalah""",
    "vi": "ví dụ | nói cách khác | vì vậy | tóm lại | thật ra",
}
_OF: Final = tuple(
    (" ".join(phrase.split()), language) for language, phrases in _PHRASES.items() for phrase in phrases.split("|")
)
CONNECTIVES: Final = frozenset(phrase for phrase, _ in _OF)
_ENGLISH: Final = (
    "let me", "let us", "so the", "so we", "we have", "we get", "we need", "which is", "this is", "there are",
    "that is", "i think", "it is", "let's",
)  # fmt: skip
"""English pairs whose words are usual one by one in other languages too: looked for where English isn't allowed."""
_VERY_USUAL: Final = 5.0
_WORD: Final = re.compile(f"[{LATIN}]+")
_LETTER: Final = re.compile(f"[{LATIN}_'’/\\\\-]")
_QUOTES: Final = frozenset('"“”„«»')


@lru_cache(maxsize=64)
def _foreign(languages: frozenset[str]) -> dict[str, tuple[str, ...]]:
    """The least usual word of each foreign connective -> connectives; none whose words are all usual at home."""
    home, around = at_home(codes(near(languages))), near(languages)
    own = {phrase for phrase, language in _OF if language in around}.union(LOANS)
    found: dict[str, tuple[str, ...]] = {}
    for phrase, _ in _OF:
        words = _WORD.findall(phrase)
        if phrase not in own and not all(home.get(word, 0.0) >= _VERY_USUAL or len(word) < 2 for word in words):
            key = min(words, key=lambda word: (home.get(word, 0.0), -len(word)) if len(word) > 1 else (9.0, 0))
            found[key] = (*found.get(key, ()), phrase)
    return found


@lru_cache(maxsize=64)
def keys(languages: frozenset[str]) -> frozenset[str]:
    """Words that open a search for connectives where `languages` are allowed."""
    return frozenset(_foreign(languages)) if codes(languages) else frozenset()


def connectives(line: str, words: list[str], allowed: Allowed) -> Iterator[Span]:
    """Spans of foreign connectives in a line."""
    small = ""
    for key in keys(allowed.languages).intersection(words):
        for phrase in _foreign(allowed.languages)[key]:
            small = small or lower(line)
            yield from _places(line, small, phrase, allowed)


def english_pairs(prose: str, allowed: Allowed) -> Iterator[Span]:
    """Spans of usual English pairs in a text that is in another language."""
    if "en" in allowed.languages or not codes(allowed.languages):
        return
    small = lower(prose)
    for phrase in _ENGLISH:
        yield from _places(prose, small, phrase, allowed)


def _places(text: str, small: str, phrase: str, allowed: Allowed) -> Iterator[Span]:
    """Where a phrase stands by itself: no quotes near by, no capital after the first letter, not the prompt's words."""
    if allowed.words.issuperset(_WORD.findall(phrase)):
        return
    at = small.find(phrase)
    while at >= 0:
        end = at + len(phrase)
        whole = not (_LETTER.match(text, at - 1) if at else None) and not _LETTER.match(text, end)
        plain = text[at + 1 : end].islower() and not _NAME_AFTER.match(text, end)
        around = text[max(0, at - _NEAR) : end + _NEAR]
        if whole and plain and _QUOTES.isdisjoint(around):
            yield at, end
        at = small.find(phrase, end)


_NAME_AFTER: Final = re.compile(r" [A-ZÀ-Þ][^\W\d_A-Z]")
_NEAR: Final = 25
