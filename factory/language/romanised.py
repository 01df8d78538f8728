"""Connectives of languages that don't write Latin, in Latin letters: "suoyi", "suǒyǐ", "suo yi", "takim obrazom".

A closed class, chosen by hand; pinyin is also told by its syllables. Does not judge a word in its place
(`foreign/foreign.py`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator, Sequence
from typing import TYPE_CHECKING, Final

from factory.language.text import Span

if TYPE_CHECKING:
    from factory.language.line import Line

_ROMANISED = {
    "zh": """suoyi yinwei danshi ranhou keneng zhege jiushi shuodao meiyou zenme weishenme yinci congci zheyang buguo
        ruguo suoyou xianzai jieguo shouxian qici zuihou dengyu women renhe haishi yiding zhidao kankan keyi yinggai
        xianran tongyang dangran jisuan yanzheng zhengque meicuo wenti jiandan bijiao juede zongzhi budui jiancha
        zhishi erqie huozhe haode name nage zheli nali tamen nimen yijing bushi daan jieda suanshu kaishi
        jixu lingwai liru biru qishi tebie ziran suanchu dedao xuyao""",
    "ja": """dakara shikashi tsumari sorede sorekara nazenara desu dakedo keredo kotae tashika kudasai arigatou
        wakarimashita shitagatte tadashii soshite naruhodo chotto kantan yappari tabun hontou kangaete mimashou nanode
        wakatta sonomama mochiron deshou tashikani kekkyoku tatoeba keisan shimasu narimasu arimasu omoimasu soshitara
        sorenara mouichido tokorode yahari""",
    "ko": """geuraeseo geureona hajiman ttaraseo geureomyeon waenyahamyeon jeukk dapeun geunde geureomeuro imnida
        geureonikka algesseumnida jeongdap doeeotda gyesan majayo jinjja geureom jamkkanman hwagin gyeolgwa gyeolguk
        meonjeo geurigo hamnida doemnida isseumnida eopseumnida dasi hanbeon""",
    "ru": """poetomu potomu znachit sledovatelno odnako teper esli mozhet chto skolko kogda tolko proverim
        poluchaem davayte dumayu ponyatno pravilno konechno nuzhno mozhno davai poluchim poluchaetsya itak reshenie
        vidim khorosho kazhetsya takim obrazom drugimi slovami eshche eshchyo dalshe snachala itogo vernyomsya
        znachenie ravno tochno navernoe naprimer chtoby davaite""",
    "hi": """isliye kyunki lekin toh hoga hain yaani chahiye kyonki dekhte sabse pehle uttar jawab mujhe
        lagta nahi nahin karte theek accha achha bilkul kaise kitna sirf hota sahi phir khayal agar jaise abhi dono
        karenge karna hogi jawaab samajh dekho chalo thik rahe rahi liye thoda bahut zyada iska uska unka
        ismein usmein milega batao likho humein kyun dunga""",
    "ar": """lianna lidhalik lakin idhan wallahi khalas yaani huwa hiya thumma tayeb tayyib aljawab natija inshallah
        bisabab""",
}
ROMANISED: Final = {word: language for language, words in _ROMANISED.items() for word in words.split()}
"""Connective in Latin letters -> language; words or names elsewhere (women) stand here only for their syllables."""
NAMESAKES: Final = frozenset(["women", "name", "nage", "nali", "liru", "daan", "haode", "agar", "dasi", "sahi", "itak"])
"""Those that are words or names elsewhere."""

_PINYIN = re.compile(
    "(?:[zcs]h?|[bpmfdtnlgkhjqxrwy])?"
    "(?:iong|iang|uang|iao|ian|ing|uai|uan|ang|eng|ong|iu|ia|ie|in|ua|uo|ui|un|ue|ai|ei|ao|ou|an|en|er"
    "|a|o|e|i|u|v)"
)
_TONES: Final = frozenset("ǎǐǒǔǚǖǘǜ")
_SYLLABLES: Final = {word: _PINYIN.findall(word) for word, own in ROMANISED.items() if own == "zh"}
SYLLABLES: Final = frozenset().union(*_SYLLABLES.values())
"""The syllables of Chinese connectives: a text that holds one of them is looked at."""
_APART: Final = frozenset(" ".join(parts) for parts in _SYLLABLES.values() if len(parts) > 1)
_PARTICLE = "de shi wo men ni ta zhe na ge bu you mei jiu ye dui le suo yi wei me zai hao"
_PARTICLES: Final = frozenset(_PARTICLE.split())
_LONGEST: Final = 4
_RUN: Final = 3


def plain(word: str) -> str:
    """A word without the marks of its tones."""
    return "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))


def has_tones(word: str) -> bool:
    """Whether a word has letters that only pinyin with tones has."""
    return not _TONES.isdisjoint(word)


def syllables(line: Line, home: Container[str], opening: frozenset[str]) -> Iterator[Span]:
    """(first, behind last) of connectives written syllable by syllable, and of three syllables or more in a row.

    `home`: words as usual as they are at home; at least half of a run must be others. `opening`: those looked for.
    """
    if (SYLLABLES & opening).isdisjoint(line.words):
        return
    at = 0
    while at < len(line.words):
        behind = at
        while behind < len(line.words) and _PINYIN.fullmatch(line.words[behind]):
            if behind > at and line.joint(behind) != " ":
                break
            behind += 1
        yield from _told(line.words, at, behind, home)
        at = max(at + 1, behind)


def _told(words: Sequence[str], first: int, behind: int, home: Container[str]) -> Iterator[Span]:
    odd = [words[i] not in home for i in range(first, behind)]
    if behind - first >= _RUN and sum(odd) * 2 > len(odd) and len(_PARTICLES.intersection(words[first:behind])) >= 2:
        yield first, behind
        return
    for i in range(first, behind):
        for j in range(i + 2, min(behind, i + _LONGEST) + 1):
            if any(odd[i - first : j - first]) and " ".join(words[i:j]) in _APART:
                yield i, j
