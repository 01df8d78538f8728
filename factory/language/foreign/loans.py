"""Phrases of one language that are at home in another, and words of names, programs and formulas.

They are no evidence of a foreign language. Does not cover each language's own words (`words.py`) nor single words that
two languages share (`lexicon.py`).
"""

from __future__ import annotations

from typing import Final

_LOANS = """
    modus ponens | modus tollens | ding an sich | reductio ad absurdum | quod erat demonstrandum | et al | et cetera |
    et seq | ad infinitum | ad hoc | ad nauseam | a priori | a posteriori | mutatis mutandis | ceteris
    paribus | sine qua non | in vitro | in vivo | in situ | de facto | de jure | per se | vis-à-vis |
    vis à vis | déjà vu | raison d'être | c'est la vie | je ne sais quoi | coup de grâce | coup d'état |
    en passant | en route | en masse | en bloc | à la carte | à la | au pair | hors d'oeuvre | hors
    d'œuvre | laissez faire | laissez-faire | cul-de-sac | pas de deux | tour de force | faux pas |
    femme fatale | fait accompli | bona fide | status quo | pro rata | pro bono | terra incognita |
    persona non grata | si vous plaît | s'il vous plaît | que será, será | mano a mano | hasta la vista
    | hasta mañana | no más | dolce far niente | dolce vita | al dente | cosa nostra | auf wiedersehen |
    sturm und drang | wunderkind | über | das kapital | et voilà | et voila | voilà | voila | let's go |
    if and only if | divide and conquer | without loss of generality | such that | for all | there
    exists | trial and error | first in first out | last in first out | end to end | step by step |
    state of the art | one to one | point to point | last but not least | up to date | out of the box |
    pay as you go | too big to fail | work in progress | on the fly | proof of concept | state of mind |
    return on investment | all inclusive | learning by doing | open to all | on demand | made in | ready
    to use | plug and play | copy and paste | drag and drop | check in | check out | on the road | up
    and running | face to face | business to business | no name | top of the line | do it yourself | big
    is beautiful | the beatles | what if | if else | if then | not a number | all you need
"""
LOANS: Final = tuple(" ".join(phrase.split()) for phrase in _LOANS.split("|"))
"""Phrases that are at home in other languages, lower case."""


def loan_share(line: str) -> float:
    """The share of a line's words, in lower case with blanks between, that the longest phrase at home takes."""
    most = max((loan.count(" ") + 1 for loan in LOANS if loan in line and f" {loan} " in f" {line} "), default=0)
    return most / (line.count(" ") + 1)


_EVERYWHERE = """alt bare basta cas case cine dado elk embargo encore environ fall falls formula kant kia lima logo
    male mari moment nada numero pendant prima problem proto rest same sera setter tempo todo tutti uno valor volt"""
EVERYWHERE: Final = frozenset(_EVERYWHERE.split())
"""Loans and names that may be met in any language's texts, however seldom."""

_PARTICLES = """de la le les du des del della delle dei di da do dos das der den dem die el los las al van von zu zum
    zur ten ter af av og y e"""
PARTICLES: Final = frozenset(_PARTICLES.split())
"""Words that belong to names where a capital follows."""

_TECHNICAL = """pip install sudo apt npm git print printf import def return int str len struct sizeof char const src lib
    json utf ascii sin cos tan log exp mod gcd lcm max min arr idx num tmp ptr args kwargs env conda init bool float
    stdin stdout stderr std vec impl func fn var std usr bin etc img css html http https www api url sql"""
TECHNICAL: Final = frozenset(_TECHNICAL.split())
"""Words of programs and formulas: a stretch with one of them is no prose of any language."""
