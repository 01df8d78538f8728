"""Words that may follow a number: units, percent, scale words, plain nouns.

Covers what unit a text names and whether two units can be the same quantity. Does not cover numbers (`numbers.py`).
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

PERCENT: Final = "%"
_PERCENTS: Final = """%|percent|per cent|pct|percentage|percentage point|prozent|pour cent|por ciento|por cento|\
per cento|процент|процентов|百分"""

_FAMILIES: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "length": {
        "1/1000000000": ("nm", "nanometer", "nanometre"),
        "1/1000000": ("μm", "µm", "micrometer", "micrometre", "micron"),
        "1/1000": ("mm", "millimeter", "millimetre", "毫米"),
        "1/100": ("cm", "centimeter", "centimetre", "zentimeter", "厘米", "см"),
        "1/10": ("dm", "decimeter", "decimetre", "分米"),
        "1": ("m", "meter", "metre", "米", "м"),
        "1000": ("km", "kilometer", "kilometre", "千米", "公里", "км"),
        "127/5000": ("in", "inch", "inches"),
        "381/1250": ("ft", "foot", "feet"),
        "1143/1250": ("yd", "yard"),
        "201168/125": ("mi", "mile"),
    },
    "mass": {
        "1/1000000": ("mg", "milligram", "毫克"),
        "1/1000": ("g", "gram", "克", "г"),
        "1": ("kg", "kilogram", "kilo", "千克", "公斤", "кг"),
        "1000": ("tonne", "吨"),
        "45359237/100000000": ("lb", "lbs", "pound"),
        "45359237/1600000000": ("oz", "ounce"),
    },
    "time": {
        "1/1000": ("ms", "millisecond", "毫秒"),
        "1": ("s", "sec", "secs", "second", "sekunde", "sekunden", "秒"),
        "60": ("min", "mins", "minute", "minuten", "分钟"),
        "3600": ("h", "hr", "hrs", "hour", "stunde", "stunden", "heure", "hora", "小时", "час", "часа", "часов"),
        "86400": ("day", "tag", "tage", "jour", "día", "天", "日"),
        "604800": ("week", "wk", "周", "星期"),
    },
    "volume": {"1/1000": ("ml", "mL", "milliliter", "millilitre", "毫升"), "1": ("l", "L", "liter", "litre", "升")},
    "dollar": {"1/100": ("cent", "¢"), "1": ("$", "dollar", "usd", "US$", "bucks", "buck")},
    "euro": {"1": ("€", "eur", "euro")},
    "sterling": {"1": ("£", "gbp")},
    "yuan": {"1": ("¥", "yuan", "rmb", "cny", "元", "块")},
    "rupee": {"1": ("₹", "rs", "inr", "rupee")},
    "angle": {"1": ("^\\circ", "degree", "deg", "grad", "度", "градусов")},
    "radian": {"1": ("rad", "radian")},
    "kelvin": {"1": ("K", "kelvin")},
    "celsius": {"1": ("^\\circ C", "celsius", "摄氏度")},
    "fahrenheit": {"1": ("^\\circ F", "fahrenheit")},
    "force": {"1": ("N", "newton")},
    "energy": {"1": ("J", "joule"), "1000": ("kJ", "kilojoule"), "1000000": ("MJ",)},
    "electronvolt": {"1": ("eV",), "1000": ("keV",), "1000000": ("MeV",), "1000000000": ("GeV",)},
    "pressure": {"1": ("Pa", "pascal"), "1000": ("kPa",), "1000000": ("MPa",), "101325": ("atm",), "100000": ("bar",)},
    "amount": {"1": ("mol", "mole"), "1/1000": ("mmol",)},
    "molar energy": {"1": ("J/mol",), "1000": ("kJ/mol",)},
    "molar mass": {"1": ("g/mol",), "1000": ("kg/mol",)},
    "density": {"1": ("kg/m^3",), "1000": ("g/cm^3", "g/ml", "g/mL")},
    "acceleration": {"1": ("m/s^2",)},
    "current": {"1": ("A", "ampere", "amp"), "1/1000": ("mA", "milliampere")},
    "resistance": {"1": ("Ω", "ohm"), "1000": ("kΩ",)},
    "power": {"1": ("W", "watt"), "1000": ("kW", "kilowatt")},
    "voltage": {"1": ("V", "volt")},
    "frequency": {"1": ("Hz", "hertz")},
    "speed": {
        "1": ("m/s", "meter per second", "metre per second"),
        "1/100": ("cm/s",),
        "1000": ("km/s",),
        "5/18": ("km/h", "kmh", "kph", "km/hr", "kilometer per hour", "kilometre per hour", "km per hour"),
        "1397/3125": ("mph", "mile per hour"),
    },
    PERCENT: {"1": tuple(_PERCENTS.split("|"))},
}
_KNOWN: Final = {
    name: (family, Fraction(factor))
    for family, members in _FAMILIES.items()
    for factor, names in members.items()
    for name in names
}
_FIRST: Final = {_KNOWN[name]: name for name in reversed(_KNOWN)}
"""The name that stands for all of one size."""
_SCALE_LIST: Final = """hundred:2 thousand:3 million:6 billion:9 trillion:12 万:4 亿:8 tausend:3 mille:3 mil:3 тысяч:3
ribu:3 juta:6"""
SCALES: Final = {"dozen": 12} | {word: 10 ** int(n) for word, n in (one.split(":") for one in _SCALE_LIST.split())}
_NO_UNITS: Final = """or and to plus minus times over mod sqrt pi sin cos tan log ln exp und oder ou et y o i e x
if when for where either is are was not than with by at remainder r R 或 和 与 或者 и или"""
_MEANS_MATH: Final = frozenset(_NO_UNITS.split())
_PARTED: Final = re.compile(r"[*/()\s]+|\^\{?-?\d\}?")
_OF_WHAT_LIST: Final = "each apiece altogether total long tall wide high deep old away apart above below"
_OF_WHAT: Final = frozenset(_OF_WHAT_LIST.split())
_POWER: Final = re.compile(r"\s*\^\s*\{?\s*([23])\s*\}?$")
_INVERSE: Final = re.compile(r"\s*\*?\s*([A-Za-z]{1,3})\s*\^\s*\{?\s*-([12])\s*\}?$")
"""`m s^{-1}` is m/s."""
_SQUARED: Final = re.compile(r"^(?:(square|sq\.?|cubic|cu\.?)\s+|(平方|立方))")


def read_unit(tail: str) -> str | None:
    """The unit a tail after a number names, None if the tail is no unit (so the text is no plain number).

    `tail` keeps its leading space: `5 m` is metres, `5m` a product. Unknown words are a unit of their own.
    """
    text = tail.strip()
    if not text:
        return ""
    if found := _INVERSE.search(text):
        text = f"{text[: found.start()]}/{found[1]}" + ("^2" if found[2] == "2" else "")
    body, power = _split_power(text)
    body = body.rstrip(".")
    if (name := _known(body)) is not None:
        if len(body) == 1 and body.isascii() and body.isalpha() and not tail[0].isspace():
            return None
        return f"{name}^{power}" if power else name
    if " of " in body and body.replace(" ", "").isalpha() and (name := _known(body.partition(" of ")[0])) is not None:
        return name  # 25 percent of the students
    if (known := _together(body)) and tail[0].isspace():
        return known
    if body.endswith(("以上", "以下", "以内", "未満")):
        return None  # a bound
    if body == "C" and tail[0].isspace():
        return body  # coulombs, or degrees whose sign was left out
    words = body.replace("-", " ").replace("/", " ").split()
    if not words or any(w in _MEANS_MATH for w in words) or not all(w.isalpha() or w == "'" for w in words):
        return None
    if len(words) > 6 or body in ("squared", "cubed", "factorial") or not (tail[0].isspace() or not body.isascii()):
        return None
    if all(len(w) < 3 for w in words) and body.isascii():
        return None
    noun = " ".join(_singular(w.casefold()) for w in words)
    return (_known(noun) or noun) + (f"^{power}" if power else "")


def relate(one: str, other: str) -> Fraction | bool | None:
    """How two units relate: a factor (one `one` is that many `other`), False if never equal, None if unsure."""
    degrees = one.startswith("^\\circ") and other.startswith("^\\circ") and "^\\circ" in (one, other)
    if one == other or not one or not other or degrees:
        return Fraction(1)
    (a, power_a), (b, power_b) = _powered(one), _powered(other)
    if a in _KNOWN and b in _KNOWN:
        (family_a, factor_a), (family_b, factor_b) = _KNOWN[a], _KNOWN[b]
        if family_a != family_b or power_a != power_b:
            return False
        return (factor_a / factor_b) ** power_a
    return Fraction(1) if set(one.split()) & set(other.split()) else None


def is_known(unit: str) -> bool:
    """Whether `read_unit` gave a unit of measure, not just some noun."""
    return _powered(unit)[0] in _KNOWN


def _together(body: str) -> str | None:
    """The unit a text means whose parts are all units, `L*atm/(mol*K)`, or which says what it is of: `degrees each`."""
    if "/" in body or "*" in body:
        parts = [part for part in _PARTED.split(body) if part]
        return body if len(parts) > 1 and all(map(_known, parts)) else None
    first, _, rest = body.partition(" ")
    return _known(first) if rest in _OF_WHAT else None


def _split_power(text: str) -> tuple[str, int]:
    if found := _POWER.search(text):
        return text[: found.start()].strip(), int(found[1])
    if text.endswith((" squared", " cubed")):
        return text.rpartition(" ")[0], 3 if text.endswith("cubed") else 2
    if found := _SQUARED.match(text):
        return text[found.end() :].strip(), 3 if found[0][0] in "c立" else 2
    return text, 0


def _known(body: str) -> str | None:
    for name in (body, body.casefold(), _singular(body.casefold())):
        if name in _KNOWN:
            return _FIRST[_KNOWN[name]]
    return None


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _powered(unit: str) -> tuple[str, int]:
    body, _, power = unit.rpartition("^")
    return (body, int(power)) if body and power in ("2", "3") else (unit, 1)
