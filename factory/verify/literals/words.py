"""Answers that are words: equal whatever their case, or members of a closed class that exclude each other.

Covers yes and no, weekdays, months, "no solution" and its like, in the languages models answer in. Does not cover
synonyms: two different names are neither right nor wrong here.
"""

from __future__ import annotations

import re
from typing import Final

from factory.verify.literals.normalise import key
from factory.verify.literals.numbers import read_number

_ARTICLE: Final = re.compile(r"^(?:the|a|an|der|die|das|le|la|les|el|los|las|il|lo)\s+")
_PUNCTUATION: Final = re.compile(r"(?:[\s\"'`.,;:!?()\[\]{}*$]|-(?![\d\\])|(?<=[\w])-)+")
_LOWERED: Final = re.compile(r"[_{}\s]")
_COMPOUND: Final = re.compile(r"(?:[A-Z][a-z]?\d{0,3}){2,12}")
_CLASSES: Final = """
yes|true|correct|right|是|对|正确|真|\\sqrt|✓|✔|✅|是的|ja|richtig|oui|vrai|sí|verdadero|да|верно|はい|正しい|예|네|참|absolutely|definitely|\
sim|verdadeiro|sì|vero|evet|doğru|tak|prawda|waar|sant|ναι|так|đúng|benar|نعم|صحيح|हाँ|हां|सही|ใช่|כן
no|false|incorrect|not true|not at all|absolutely not|certainly not|definitely not|of course not|\
否|不是|错|错误|*|✗|✘|❌|不对|不正确|假|nein|falsch|non|faux|falso|нет|неверно|いいえ|\
아니오|아니요|거짓|não|hayır|yanlış|nie|nee|nej|falskt|όχι|ні|sai|salah|tidak|لا|خطأ|नहीं|गलत|ไม่ใช่|לא

monday|mon|星期一|周一
tuesday|tue|tues|星期二|周二
wednesday|wed|星期三|周三
thursday|thu|thur|thurs|星期四|周四
friday|fri|星期五|周五
saturday|sat|星期六|周六
sunday|sun|星期日|星期天|周日

january|jan
february|feb
march|mar
april|apr
may
june|jun
july|jul
august|aug
september|sep|sept
october|oct
november|nov
december|dec

even|偶数
odd|奇数

increasing|增函数|单调递增
decreasing|减函数|单调递减

convergent|converges|converge|收敛
divergent|diverges|diverge|发散

entailment
contradiction
neutral

positive
negative

none|no solution|no solutions|no real solution|no real solutions|\
\\emptyset|无解|empty set|no such|keine lösung|\\{\\}
does not exist|dne|undefined|not defined|不存在|无意义
infinitely many|infinitely many solutions|无数|无穷多|无数个|\\infty|infinity|+\\infty|oo|inf|无穷大|正无穷
-\\infty|minus infinity|negative infinity|-infinity|-oo|-inf|负无穷
\\mathbb{r}|all real numbers|all reals|(-\\infty,\\infty)|(-\\infty,+\\infty)|全体实数|实数集
"""
"""A class a paragraph, a meaning a line: the words of a line are one, those of a paragraph exclude each other."""

_EXISTS: Final = re.compile(r"^there (?:is|are|exists?) (?=no )|(?<=\w) exists?$")
_NO_SUCH: Final = re.compile(r"(?:there (?:is|are|exists?) )?(no such) \w+(?: \w+)??(?: exists?)?", re.IGNORECASE)
"""`There are no such integers`, `no such pair exists`."""
_MEANING: Final = {
    word: (number, place)
    for number, members in enumerate(_CLASSES.strip().split("\n\n"))
    for place, member in enumerate(members.splitlines())
    for word in member.split("|")
}


_RANK_LIST: Final = "first second third fourth fifth sixth seventh eighth ninth tenth"
_RANKS: Final = {
    word: f"{n}{'st' if n == 1 else 'nd' if n == 2 else 'rd' if n == 3 else 'th'}"
    for n, word in enumerate(_RANK_LIST.split(), start=1)
}
_OPTIONS: Final = re.compile(r"[A-J]{2,6}|[A-J](?:(?:,| and|,? &|;|、| ?和| ?与) ?[A-J]){1,5}")
_INITIALS: Final = {letter: _MEANING[word] for letter, word in zip("YTNF", ("yes", "true", "no", "false"), strict=True)}
"""Beside a whole word only: two letters by themselves are variables or options."""


def same_word(reference: str, answer: str) -> bool | None:
    """Whether two normalised answers are the same word; None if either is no word we know and they differ."""
    one, other = (meaning(none[1] if (none := _NO_SUCH.fullmatch(text)) else text) for text in (reference, answer))
    if one and other:
        return True if one == other else False if one[0] == other[0] else None
    word, initial = one or other, _INITIALS.get(answer if one else reference)
    if word and initial and word[0] == initial[0]:
        return word == initial
    if _RANKS.get(reference.casefold()) == answer.casefold() or _RANKS.get(answer.casefold()) == reference.casefold():
        return True
    if (letters := _options(reference)) and (others := _options(answer)) and letters[1] != others[1]:
        return letters[0] == others[0]
    atoms = [_LOWERED.sub("", text) for text in (reference, answer)]
    if all(_COMPOUND.fullmatch(text) for text in atoms) and any(map(str.isdigit, reference)):
        return atoms[0] == atoms[1]  # H_2O
    number = read_number(answer) if one else read_number(reference) if other else None
    if number is not None:
        return False
    folded = fold(reference)
    has_formula = set(reference) & set("\\^=<>+/_")
    return True if sum(c.isalpha() for c in folded) > 1 and not has_formula and folded == fold(answer) else None


def _options(text: str) -> tuple[frozenset[str], bool] | None:
    """The letters of `AC` or `A, C`, and whether marks part them: two of one spelling may be segments or angles."""
    if _OPTIONS.fullmatch(text) is None:
        return None
    letters = [char for char in text if char.isupper()]
    return (frozenset(letters), len(letters) < len(text)) if len(set(letters)) == len(letters) else None


def fold(text: str) -> str:
    """Without case, leading article and punctuation."""
    text = text.casefold().strip().replace("n't", " not")
    return _PUNCTUATION.sub(" ", _ARTICLE.sub("", text)).strip()


def meaning(text: str) -> tuple[int, int] | None:
    """Its closed class and its place there; None for any other word."""
    known = _MEANING.get(text.casefold()) or _MEANING.get(key(text).casefold())
    return known or _MEANING.get(_EXISTS.sub("", fold(text)))


_TELLING: Final = {_MEANING[word][0] for word in ("monday", "june", "even", "increasing", "convergent", "entailment")}
_HAN: Final = [word for word, (number, _) in _MEANING.items() if number in _TELLING and word >= "\u4e00"]


def told(sentence: str) -> set[tuple[int, int]]:
    """The meanings a folded sentence mentions, of classes whose words mean nothing else: weekdays, even and odd, ..."""
    found = [_MEANING.get(word) for word in sentence.split()]
    if not sentence.isascii():
        found += [_MEANING[word] for word in _HAN if word in sentence]
    return {one for one in found if one and one[0] in _TELLING and one != _MEANING["may"]}
