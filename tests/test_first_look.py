"""The quick look says yes wherever the pattern matches, and mostly no elsewhere."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from factory.judging.rules import load_module
from factory.language.first_look import first_look
from factory.shipped import shipped

PATTERNS = [
    r"\bab\b",
    r"(?<!x)a(?=b)",
    r"a(?!b)\w",
    r"[^\W\d_]{2}\s",
    r"^a$",
    r"\d[.\w]*+b",
    r"[\]\s]b",
    r"(?<![(\])])a[^\]\n]",
    r"é\Z|Ж\b",
    r"a\$b|\\[nt]",
]


@given(st.sampled_from(PATTERNS), st.text(alphabet="abxé Ж1._]()$\\n\n\u00a0\ud800A", max_size=12))
def test_what_matches_is_looked_at(pattern, text):
    if re.search(pattern, text, re.I | re.M):
        assert first_look(pattern, multiline=True)(text)


@pytest.mark.parametrize("pattern", [r"\bab\b", r"(?<!x)q(?=b)", r"\dk"])
def test_what_is_nowhere_is_passed_over(pattern):
    assert not first_look(pattern)("We add four and five, which is nine.")


@pytest.mark.parametrize("rule", ["appeals", "guesswork", "remnants"])
def test_nothing_of_the_rules_gets_lost(rule):
    """Every pattern of a rule is one that RE2 reads."""
    assert load_module(shipped("filters") / f"{rule}.py").judge
