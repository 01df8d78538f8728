"""Dates and times of day, however they are written.

Covers "March 14th, 2021", "14 March 2021", 2021-03-14, 2021年3月14日, "3:45 p.m.", 15:45. Does not cover dates in
figures whose order differs between countries (3/4/2021), nor lengths of time (`numbers.py`).
"""

from __future__ import annotations

import re
from typing import Final

from factory.verify.literals.spelt import value_in_words

_NAMES: Final = "january february march april may june july august september october november december"
MONTHS: Final = _NAMES.replace(" ", "|")
_MONTHS: Final = {
    name[:size]: number for number, name in enumerate(_NAMES.split(), start=1) for size in (3, 4, len(name))
}
_MONTH: Final = r"([a-z]{3,9})\.?"
_DAY: Final = r"(\d{1,2})(?:st|nd|rd|th)?"
_FORMS: Final = (
    (re.compile(r"(\d{4}) ?[-./年] ?(\d{1,2}) ?[-./月] ?(\d{1,2}) ?日?"), (1, 2, 3)),
    (re.compile(rf"(?:[a-z]{{3,6}}day,? )?{_MONTH} {_DAY}(?:,? (\d{{4}}))?", re.IGNORECASE), (3, 1, 2)),
    (
        re.compile(rf"(?:on )?(?:[a-z]{{3,6}}day,? )?(?:the )?{_DAY} (?:of )?{_MONTH},?(?: (\d{{4}}))?", re.IGNORECASE),
        (3, 2, 1),
    ),
)
_HAN_CLOCK: Final = re.compile(r"([零一二两三四五六七八九十\d]{1,3})[点點时時]([零一二三四五六七八九十\d]{1,3})分")
_CLOCK: Final = re.compile(r"(\d{1,2})(?::| ?h ?)(\d\d)(?::00)?(?: ?([ap])\.? ?m\.?)?", re.IGNORECASE)
_HALF: Final = re.compile(r" in the (?:(morning)|afternoon|evening)$")

_BARE: Final = re.compile(r"(?<=:\d\d):00|[ .]")

Date = tuple[int, int, int]


def same_time(reference: str, answer: str) -> bool | None:
    """Whether two normalised texts are one date or one time of day; None if either is neither or says too little."""
    if "分" in reference or "分" in answer:
        reference, answer = _HAN_CLOCK.sub(_in_figures, reference), _HAN_CLOCK.sub(_in_figures, answer)
    if not (any(map(str.isdigit, reference[:20])) and any(map(str.isdigit, answer[:20]))):
        return None
    reference, answer = (_HALF.sub(lambda half: " am" if half[1] else " pm", text) for text in (reference, answer))
    if (one := _CLOCK.fullmatch(reference)) and (other := _CLOCK.fullmatch(answer)):
        return _same_clock(one, other)
    wanted, said = _date(reference), _date(answer)
    return _same_date(wanted, said) if wanted and said else None


def _in_figures(clock: re.Match[str]) -> str:
    """`八点四十分` as 8:40."""
    hour, minute = (int(one if one.isdecimal() else (value_in_words(one) or (99, ""))[0]) for one in clock.groups())
    return f"{hour}:{minute:02}"


def _date(text: str) -> Date | None:
    """Year (0 if it isn't said), month, day."""
    for form, (year, month, day) in _FORMS:
        if len(text) < 40 and (found := form.fullmatch(text)):
            named = found[month].lower()
            number = int(named) if named.isdigit() else _MONTHS.get(named, 0)
            return (int(found[year] or 0), number, int(found[day])) if number else None
    return None


def _same_date(one: Date, other: Date) -> bool | None:
    if one[1:] != other[1:] or (one[0] and other[0] and one[0] != other[0]):
        return False
    return True if one[0] == other[0] or not one[0] else None


def _same_clock(one: re.Match[str], other: re.Match[str]) -> bool | None:
    """Twelve and twenty-four hours beside each other; where only one says a.m. or p.m. the figures decide."""
    if one[2] != other[2]:
        return False
    if bool(one[3]) == bool(other[3]) and _BARE.sub("", one[0]).casefold() == _BARE.sub("", other[0]).casefold():
        return True
    hours = [
        int(clock[1]) % 12 + 12 * (clock[3].lower() == "p") if clock[3] else int(clock[1]) for clock in (one, other)
    ]
    if bool(one[3]) != bool(other[3]) and int(one[1]) == int(other[1]):
        return True
    if not (one[3] or other[3]) and "h" not in one[0] + other[0]:
        return None  # equal texts are equal already, and 3:45 may be a ratio
    return hours[0] == hours[1]
