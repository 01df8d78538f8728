"""What a prompt says of the languages its answers may use.

The target language is the one the prompt is written in; the scripts and words of the prompt are allowed, and so are
the languages a translation or word question names. Does not cover finding foreign text (`filters/language_mix.py`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import chain, repeat
from typing import Final

from factory.language.identify import are_kin, eldc_says, fasttext_says
from factory.language.loans import DUAL
from factory.language.scripts import LANGUAGES, LATIN_WORD, OTHER, count_letters, scripts_of
from factory.language.text import TOKEN, lower, prose
from factory.language.words import COMMON, LANGUAGES_OF
from factory.records import PROMPTS_AT_WORK, Prompt

NAMES: Final = {
    "en": "english englisch anglais inglés inglesa inglese inglês angielsk engels ingilizce inggris anglick "
    "englanni английск 英语 英文 英語 영어 إنجليزي",
    "zh": "chinese mandarin cantonese chinesisch chinois chino china cinese chińsk çince китайск "
    "中文 汉语 漢語 中国語 普通话 중국어",
    "ja": "japanese kanji hiragana katakana japanisch japonais japonés japonesa giapponese japońsk japonca "
    "jepang японск 日语 日文 日本語 일본어",
    "ko": "korean hangul koreanisch coréen coreano корейск 韩语 韩文 韓国語 한국어 한국말",
    "fr": "french französisch français francés francesa francese francês frans fransk francusk fransızca "
    "prancis французск 法语 法文 フランス語 프랑스어",
    "de": "german deutsch allemand alemán alemana tedesc alemão alemã duits tysk niemieck almanca jerman německ "
    "немецк 德语 德文 ドイツ語 독일어",
    "es": "spanish castilian spanisch espagnol español spagnol espanhol spaans spansk hiszpańsk ispanyolca "
    "испанск 西班牙语 西班牙文 スペイン語 스페인어",
    "it": "italian italienisch italien italiano итальянск 意大利语 イタリア語 이탈리아어",
    "pt": "portuguese portugiesisch portugais portugués portoghese português португальск 葡萄牙语 ポルトガル語",
    "nl": "dutch flemish holländisch niederländisch néerlandais holandés nederlands нидерландск 荷兰语 オランダ語",
    "ru": "russian russisch russe ruso rusa russo russa rosyjsk rusça русск по-русски 俄语 俄文 ロシア語 러시아어",
    "uk": "ukrainian ukrainisch ukrainien ucraniano украинск українськ 乌克兰语",
    "pl": "polish polnisch polonais polaco polacco polski польск 波兰语",
    "cs": "czech tschechisch tchèque checo český česky 捷克语",
    "sv": "swedish schwedisch suédois sueco svenska шведск 瑞典语",
    "no": "norwegian norwegisch norvégien noruego norsk",
    "da": "danish dänisch danois danés dansk",
    "fi": "finnish finnisch finnois finés suomi suomeksi",
    "tr": "turkish türkisch turc turco türkçe турецк 土耳其语",
    "id": "indonesian malay indonesisch indonésien indonesio bahasa 印尼语",
    "vi": "vietnamese vietnamesisch vietnamien vietnamita tiếng вьетнамск 越南语",
    "ro": "romanian rumänisch roumain rumano română",
    "hu": "hungarian ungarisch hongrois húngaro magyar",
    "la": "latin lateinisch latín latino latein латынь 拉丁语 ラテン語",
    "el": "greek griechisch grec griego greco греческ ελληνικ 希腊语",
    "ar": "arabic arabisch arabe árabe arabo арабск 阿拉伯语 العربية عربي",
    "fa": "persian farsi persisch persan persa فارسی 波斯语",
    "he": "hebrew hebräisch hébreu hebreo ebraico עברית 希伯来语",
    "hi": "hindi devanagari хинди हिंदी हिन्दी 印地语",
    "th": "thai thailändisch thaï tailandés ไทย 泰语",
    "bn": "bengali bangla বাংলা",
    "ur": "urdu اردو",
    "ta": "tamil தமிழ்",
}
LANGUAGE_NAMES: Final = {name: language for language, names in NAMES.items() for name in names.split()}
_ASCII_NAMES: Final = tuple(filter(str.isascii, LANGUAGE_NAMES))

_ASKS = re.compile(
    r"translat|transliterat|language|\bwords?\b|phrase|sentence|proverb|idiom|\bsay\b|saying|\bmeans?\b|meaning|poem"
    r"|\bin(?:to)?\s+[A-Z]|write|answer|respond|reply|speak|grammar|\bverbs?\b|conjugat|\bnouns?\b|adjective|\bplural|\btense\b|vocabular|etymolog|loanword|pronounc|spell|character"
    r"|übersetz|bedeut|auf\s+[A-ZÄÖÜ]|sprach|wort|tradui|traduc|traduz|significa|signifie|palabra|parola|mot\b|idiom"
    r"|en\s+\w|em\s+\w|перев|слов|по-|翻译|翻譯|译|意思|词|句|字|成语|回答|写|用|訳|言葉|単語|意味|번역|단어|뜻|ترجم|كلمة|अनुवाद|शब्द"
    r"|言い|言う|言え|说|說|말|뭐라|på\s+\w|po\s+\w|jak się|nasıl den|in het\s",
    re.I,
)
"""A question about language. Elsewhere a language's name ("a Chinese merchant") allows nothing."""


_QUOTED = re.compile(r"(?<!\w)['‘][^'’\n]{2,200}['’](?!\w)|\"[^\"\n]{2,200}\"|[“„«][^”“»\n]{2,200}[”“»]")
"""What a question is about ("What does 'je ne sais quoi' mean?") says nothing of the language it is asked in."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a prompt lets its answers use.

    `target` is None where the prompt has no words of its own ("12 * 7 = ?"): the answer's main language is it then.
    `languages` holds the target too; `scripts` are theirs and the prompt's; `words` are the prompt's, lower case;
    `named` are languages it names without asking about them ("a French dinner").
    """

    target: str | None
    languages: frozenset[str]
    scripts: frozenset[str]
    words: frozenset[str]
    named: frozenset[str] = frozenset()


def allowed_by(prompt: Prompt, target: str = "prompt") -> Allowed:
    """What a prompt's turns allow; a `target` other than "prompt" is a language code that replaces their own."""
    return _read(tuple(m["content"] for m in prompt.messages if m["role"] != "assistant"), target)


def with_target(allowed: Allowed, target: str | None) -> Allowed:
    """The same allowance with a target that the prompt didn't name; None changes nothing."""
    if target is None:
        return allowed
    return replace(
        allowed, target=target, languages=allowed.languages | {target}, scripts=allowed.scripts | scripts_of(target)
    )


@lru_cache(maxsize=PROMPTS_AT_WORK)
def _read(turns: Sequence[str], target: str) -> Allowed:
    text = "\n".join(turns)
    main = main_language(_QUOTED.sub(" ", prose(turns[-1]))) or main_language(prose(turns[-1]))
    main = main or main_language(prose(text))
    languages = {main} if main and target == "prompt" else set()
    if target != "prompt":
        main = target
        languages = {target}
    named = languages_named(text)
    if named and _ASKS.search(text):
        languages |= named
    scripts = {"Latin"} | {script for language in languages for script in scripts_of(language)}
    letters = count_letters(text)
    scripts |= set(letters)
    # The other languages of a prompt in two languages, told by script; words of one script are told by `words`.
    languages |= _by_script(letters, languages) if len(letters) > 1 else set()
    words = frozenset(LATIN_WORD.findall(lower(text)))
    languages |= _further_latin(words, main)
    words |= frozenset() if text.isascii() else frozenset(OTHER.findall(text))
    return Allowed(main, frozenset(languages), frozenset(scripts), words, frozenset(named - languages))


def languages_named(text: str) -> set[str]:
    """The languages a text names. Substrings first: 350 names, and their pattern alone takes half a millisecond."""
    lowered = text.lower()
    if not list(filter(lowered.__contains__, _ASCII_NAMES if text.isascii() else LANGUAGE_NAMES)):
        return set()
    return {LANGUAGE_NAMES[match.lower()] for match in _name().findall(text)}


@cache
def names_written_in(script: str) -> tuple[str, ...]:
    """The names, in lower case, of the languages that write a script."""
    return tuple(name for name, language in LANGUAGE_NAMES.items() if script in scripts_of(language))


@cache
def _name() -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, LANGUAGE_NAMES), key=len, reverse=True)), re.I)


def _by_script(letters: Counter[str], languages: set[str]) -> set[str]:
    """Languages whose own scripts make up a fifth of the letters."""
    total, known = letters.total(), {script for language in languages for script in scripts_of(language)}
    return {language for language, own in LANGUAGES.items() if any(letters[s] * 5 >= total > 0 for s in own - known)}


@lru_cache(maxsize=64)
def main_language(text: str) -> str | None:
    """The language most of a text's letters are in, None without at least two words of any.

    Scripts decide first, then letters that only one language uses, then function words; an unclear Latin text is
    None rather than a guess.
    """
    letters = count_letters(text)
    if letters.keys() == {"Latin"}:
        return _latin_language(text) if letters.total() >= 3 else None
    # A Chinese character says about as much as two Latin letters, and terms and variables are Latin everywhere.
    weights = Counter({s: n * (2 if s in ("Han", "Kana", "Hangul") else 1) for s, n in letters.items()})
    weights["Latin"] = weights["Latin"] // 2 if len(weights) > 1 else weights["Latin"]
    if not weights or weights.total() < 3:
        return None
    script = weights.most_common(1)[0][0]
    if script == "Latin":
        return _latin_language(text)
    if script in ("Han", "Kana"):
        return "ja" if letters["Kana"] * 12 > letters["Han"] else "zh"
    if script == "Cyrillic":
        return _by_letters(text, {"uk": "іїєґ", "sr": "ђћџљњј", "bg": ""}, "ru")
    if script == "Arabic":
        return _by_letters(text, {"ur": "ٹڈڑںے", "fa": "پچژگکی"}, "ar")
    if script == "Devanagari":
        return _by_letters(text, {}, "hi")
    return next((language for language, own in LANGUAGES.items() if script in own), None)


def _by_letters(text: str, own: dict[str, str], default: str) -> str:
    head = text[:5_000].lower()
    letters = max(1, sum(c.isalpha() for c in head))
    for language, hints in own.items():
        if hints and sum(map(head.count, hints)) / letters > 0.01:
            return language
    guess = eldc_says(head[:1_000])
    kept = letters >= _MANY or fasttext_says(head[:1_000]).get(guess, 0.0) >= 0.5
    return guess if kept and LANGUAGES.get(guess) == LANGUAGES[default] else default


_MANY: Final = 60
"""Letters from which on eldc needs no second vote: a word or two may be of any neighbour."""


def _latin_language(text: str) -> str | None:
    """The language two of three voters agree on: our function words, eldc, fastText; None when none do."""
    words = TOKEN.findall(text[:20_000].lower())[:400]
    if not words:
        return None
    scores = Counter(chain.from_iterable(map(_LANGUAGES_OF, words, repeat(()))))
    (best, most), (_, second) = (*scores.most_common(2), ("", 0), ("", 0))[:2]
    if most >= _PLAIN and most * 3 >= len(words) and most >= 2 * second:
        return best  # what nobody would outvote: the voters take five times as long as all the rest
    line = " ".join(words)
    guess, shares = eldc_says(line), fasttext_says(line)
    third = max(shares, key=lambda language: shares[language])
    votes = [best] * (most > second) + [guess] + [third] * (shares[third] >= 0.3)
    needed = 2 if len(words) >= 5 else len(votes)  # a title or a term may outvote the few words around it
    for vote in votes:
        if sum(are_kin(vote, other) for other in votes) >= max(2, needed) and vote not in LANGUAGES:
            if third not in COMMON.keys() | LANGUAGES and (
                guess == third or (are_kin(guess, third) and shares[third] >= 0.6)
            ):
                return third  # Catalan is no Spanish, though we have no list of its words
            return best if are_kin(vote, best) and most else _listed(vote)
    return None


_PLAIN: Final = 6
"""Function words from which on a language is plain, if they are a third of all and twice another's."""
_LANGUAGES_OF: Final = LANGUAGES_OF.get


def _listed(language: str) -> str:
    """The language itself, or its kin that we have words of."""
    return next((known for known in COMMON if are_kin(known, language)), language)


def _further_latin(words: frozenset[str], main: str | None) -> set[str]:
    """Other languages with at least three own function words in a prompt: "Solve: Combien de ..."."""
    home = COMMON.get(main or "", frozenset()) | DUAL.get(main or "", frozenset())
    told = set(filter(LANGUAGES_OF.__contains__, words)) - home
    own = Counter(language for word in told for language in LANGUAGES_OF[word])
    best, most = max(own.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    return {best} if most >= 3 and not are_kin(best, main or "") else set()
