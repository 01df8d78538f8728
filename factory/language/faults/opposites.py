"""Where an answer turns round what its thinking came to: yes for no, another option, day, name, number or sign.

Both are read by the words around: the last sentences of the thinking, and what the answer sets off. Nothing is
computed and nothing guessed: what can't be held against its counterpart passes. Does not judge (`filters/agreement.py`)
and knows no boxes (`factory.verify`).
"""

from __future__ import annotations

import re
from typing import Final

from factory.language.text import CJK, Span, sentences

_END: Final = 600
"""Characters at the end of the thinking in which it comes to something."""
_SET_OFF: Final = re.compile(r"\*\*([^*\n]{1,40})\*\*|\\boxed\{([^{}\n]{1,40})\}")
_YES: Final = frozenset(("yes", "ja", "oui", "sí", "sì", "sim", "да"))
_NO: Final = frozenset(("no", "nein", "non", "não", "нет"))
_YES_OR_NO: Final = "|".join(sorted(_YES | _NO, key=len, reverse=True))
_CAME_TO: Final = re.compile(
    r"\b(?:answer|antwort|réponse|respuesta|risposta|resposta|ответ)(?: is| ist| lautet| est| es| è| é)?:? ?\W{0,3}"
    rf"({_YES_OR_NO})(?=[.,;:!\"”*)\n]|\Z)",
    re.I,
)
_BEGINS: Final = re.compile(rf"\W{{0,4}}({_YES_OR_NO})(?=[.,;:!*—–-]|\s*\Z)", re.I)
_LETTER_CHOSEN: Final = re.compile(
    r"(?<!not )(?:answers?|letters?|options?|choices?|Antwort|Lösung|réponse|opción|respuesta|opção|resposta|risposta"
    r"|opzione|ответ|вариант|odpowiedź|答案|选项|应?选择?|選択肢|正解|정답)(?: is| ist| est| es| é| è| —|是|为|選|は"
    r"|은|는)?\s?[:：]?\s?\*{0,2}(?:\\boxed\{|\\text\{)*[(（]?([A-HА-Г])(?![\w'’])",
    re.I,
)
_OPTION: Final = re.compile(r"(?:^|[\s(（])([A-HА-Г])[).:、．：）]", re.M)
_LETTER: Final = re.compile(r"(?<![\w$\\'’])([A-HА-Г])(?![\w'’$^_])(?!\s[=<>+*/·−-])")
Classes = tuple[frozenset[str], ...]
_CLASSES: Final[Classes] = tuple(
    frozenset(line.split())
    for line in (
        "monday tuesday wednesday thursday friday saturday sunday",
        "montag dienstag mittwoch donnerstag freitag samstag sonntag",
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "lunes martes miércoles jueves viernes sábado domingo",
        "january february march april may june july august september october november december",
        "true false",
        "correct incorrect",
        "even odd",
        "possible impossible",
        "increasing decreasing",
        "increases decreases",
        "rational irrational",
        "convergent divergent",
        "converges diverges",
        "larger smaller",
        "richtig falsch",
        "gerade ungerade",
        "vrai faux",
        "verdadero falso",
        "verdadera falsa",
        "vero falso",
        "верно неверно",
        "правда ложь",
        "prawda fałsz",
    )
)
_TRUTHS: Final = tuple(each for each in _CLASSES if len(each) == len(("yes", "no")))
_WORD: Final = re.compile(r"[^\W\d_]+")
_FIRST_WORD: Final = re.compile(r"\W{0,4}([^\W\d_]+)(?=[.,;:!*—–-]|\s*\Z)")
_NOT: Final = frozenset(("not", "nicht", "pas", "no", "non", "не", "t", "kein", "keine", "never", "nor", "neither"))
_CONCLUDES: Final = re.compile(
    r"\W*(?:so|thus|hence|therefore|in short|conclusion|also|folglich|donc|así que|por tanto|итак)\b", re.I
)
_NUMBER: Final = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?(?![\d/])")
_ASSIGNED: Final = re.compile(
    r"(?<![\w\\^_])([a-zA-Z]) ?= ?([-−]?\d{1,9}(?:\.\d{1,9})?)(?=\s*\Z|[.,;]?(?:\s+[A-Za-z(]|\s*\Z)|\))"
)
_EQUALS: Final = re.compile(r"= ?([-−]?\d{1,9}(?:\.\d{1,9})?)")


def turned_round(thinking: str, answer: str, question: str) -> str:
    """What kind of thing the answer turns round, or ""."""
    end = thinking[-_END:]
    if _swaps_yes(end, answer):
        return "yes_or_no"
    if _affirms_denied(end, answer, question):
        return "yes_or_no"
    if _swaps_letter(end, answer, question):
        return "option"
    last = [end[a:b] for a, b in sentences(end.rstrip())][-2:]
    found = _SET_OFF.search(answer)
    if not found:
        begins = _FIRST_WORD.match(answer)
        return "truth" if last and begins and _swaps_word(last[-1:], begins.group(1), "", _TRUTHS) else ""
    said = (found.group(1) or found.group(2)).strip()
    if _swaps_value(thinking, said):
        return "sign"
    if last and (_swaps_word(last, said, question) or _swaps_end(last, answer, found.span(), said, question)):
        return "end"
    return ""


def _swaps_yes(end: str, answer: str) -> bool:
    begins = _BEGINS.match(answer)
    came_to = _CAME_TO.findall(end) if begins else []
    return bool(begins and came_to and (begins.group(1).lower() in _YES) != (came_to[-1].lower() in _YES))


def _affirms_denied(end: str, answer: str, question: str) -> bool:
    """Whether the answer says yes where "So ... isn't ..." denied what was asked, in the question's words."""
    said = [match for at in _SET_OFF.finditer(answer) if (match := _BEGINS.match(at.group(1) or ""))]
    yes = _BEGINS.match(answer) or (said[0] if said else None)
    if not yes or yes.group(1).lower() not in _YES or not _NOT.isdisjoint(_ANY.findall(question.lower())):
        return False
    asked = [word for word in _ANY.findall(question.lower()) if len(word) >= _LONG or word.isdigit()]
    last = [end[a:b].lower().partition(";")[0] for a, b in sentences(end.rstrip())][-2:]
    denials = [sentence for sentence in last if _CONCLUDES.match(sentence)]
    spoken = _ANY.findall(denials[-1]) if denials and len(asked) >= _LEAST_ASKED else []
    return sum(word in _NOT for word in spoken) == 1 and [word for word in spoken if word in asked] == asked


_ANY: Final = re.compile(r"[^\W_]+")
_LONG: Final = 4
_LEAST_ASKED: Final = 2


def _swaps_letter(end: str, answer: str, question: str) -> bool:
    """Whether an option of the prompt was chosen and the answer names another only, or sets only another off."""
    chosen = _LETTER_CHOSEN.findall(end)
    if not chosen or len(options := set(_OPTION.findall(question))) < 2 or chosen[-1] not in options:
        return False
    named = options.intersection(_LETTER.findall(answer))
    set_off = {letter for a, b in _SET_OFF.findall(answer) for letter in _LETTER.findall(a or b)[:1]} & options
    return (len(named) == 1 or bool(set_off)) and chosen[-1] not in (set_off or named) | set(_OPTION.findall(answer))


def _swaps_value(thinking: str, said: str) -> bool:
    """Whether "x = 4" is said where x was something else at last and nothing ever equalled 4."""
    match = _ASSIGNED.fullmatch(said.strip(" $.").replace("\\,", ""))
    if not match:
        return False
    values = [_value(value) for name, value in _ASSIGNED.findall(thinking) if name == match.group(1)]
    value = _value(match.group(2))
    return bool(values) and values[-1] == -value != 0 and value not in map(_value, _EQUALS.findall(thinking))


def _value(number: str) -> float:
    return float(number.replace("−", "-").replace(",", ""))


def _swaps_word(last: list[str], said: str, question: str, classes: Classes = _CLASSES) -> bool:
    """Whether the answer sets off one of a class of words and the last sentence names one other of them."""
    words = set(map(str.lower, _WORD.findall(said)))
    concluded = set(map(str.lower, _WORD.findall(last[-1])))
    if not _NOT.isdisjoint(concluded):
        return False
    both = concluded.union(*(map(str.lower, _WORD.findall(sentence)) for sentence in last))
    for each in classes:
        if len(words & each) == 1 and len(concluded & each) == 1 and both.isdisjoint(words & each):
            return True
    pair = _alternatives(question) if _CONCLUDES.match(last[-1]) else frozenset()
    return len(words & pair) == 1 and len(concluded & pair) == 1 and both.isdisjoint(words & pair)


def _alternatives(question: str) -> frozenset[str]:
    """The two words that "tea or coffee", or "the fixed rate ... or the variable rate", lets choose from."""
    asked = [word.lower() for word in _WORD.findall(question)]
    for at, word in enumerate(asked[1:-1], 1):
        if word not in _OR:
            continue
        after = [other for other in asked[at + 1 : at + 4] if other not in _ARTICLES]
        if len(after) > 1 and after[1] in asked[:at]:
            head = asked.index(after[1])
            return frozenset((asked[head - 1], after[0])) if head and asked[head - 1] != after[0] else frozenset()
        return frozenset((asked[at - 1], after[0])) if after else frozenset()
    return frozenset()


_OR: Final = frozenset(("or", "oder", "ou", "o", "или"))
_SMALL: Final = "a an the der die das den ein eine einen le la les l un une el los las"
_ARTICLES: Final = frozenset(_SMALL.split())


def _swaps_end(last: list[str], answer: str, span: Span, said: str, question: str) -> bool:
    """Whether the last sentences go on otherwise after the words that stand before what the answer sets off."""
    lead = _lead(answer[max(0, span[0] - 80) : span[0]])
    while last and lead not in _normal(last[0]) + " ":
        last = last[1:]
    if not lead or not last:
        return False
    end = " ".join(last if lead not in _normal(last[-1]) else last[-1:])
    went_on = _normal(end).rpartition(lead)[2].lstrip(" :=*$~≈(")
    return _other_number(went_on, said, end) or _other_name(went_on, said, end, question)


def _lead(before: str) -> str:
    """Two or three words, one of them of some weight, or two Chinese characters."""
    before = _normal(before).rpartition("\n")[2].rstrip(" :*$")
    if CJK.search(before[-1:]):
        return before[-2:] if CJK.search(before[-2:-1]) else ""
    words = before.split(" ")[-3:]
    least = words if len(words) < 3 or len(words[-2]) < _WEIGHTY else words[-2:]
    weighty = len(words) >= 2 and any(len(word) >= _WEIGHTY and word.isalpha() for word in words)
    return " ".join(least) + " " if weighty else ""


_WEIGHTY: Final = 5


def _normal(text: str) -> str:
    return text.lower().replace("**", "").replace("\u00a0", " ")


def _other_number(went_on: str, said: str, end: str) -> bool:
    there, here = _NUMBER.match(went_on), _NUMBER.match(said.strip(" $"))
    if not (there and here) or _next_word(went_on, there.end()) != _next_word(
        said, said.find(here.group()) + len(here.group())
    ):
        return False
    values = [_value(number) for number in _NUMBER.findall(end)]
    value = _value(here.group())
    return not any(_alike(value, other) for other in values)


def _alike(value: float, other: float) -> bool:
    """Whether two numbers are the same but for rounding."""
    return abs(value - other) <= max(
        0.5 * (value != int(value) or other != int(other)), 0.01 * abs(value) * (value > 100)
    )


def _next_word(text: str, at: int) -> str:
    match = _UNIT.match(text, at)
    return match.group(1).lower() if match else ""


_UNIT: Final = re.compile(r"[\s\\$]{0,3}([^\W\d_]+|[%€$£°])")


def _other_name(went_on: str, said: str, end: str, question: str) -> bool:
    """Whether one name of the prompt stands where the thinking had another."""
    there = _WORD.match(went_on)
    names = {word.lower() for word in _WORD.findall(question) if word[0].isupper()}
    return bool(
        there
        and said.isalpha()
        and said[0].isupper()
        and {there.group(), said.lower()} <= names
        and said.lower() not in _normal(end)
    )
