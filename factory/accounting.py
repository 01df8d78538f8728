"""What a run took and what came of it: tokens and engine seconds a kept sample, waste by reason, pass rates.

Counts columns of the ledger and reads no text, also while the run goes on. Only samples below a prompt's settlement
are trials; what came after is surplus. Does not cover what a machine does at the moment (`drawing/metrics.py`) nor
printing (`status.py`).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from factory.quota.prior import fit_beta
from factory.quota.rates import beta_cdf

BINS: Final = 10
KEPT, SURPLUS, DUPLICATE, UNJUDGED = "kept", "surplus", "distinct: duplicate", "not judged"

_KINDS: Final = f"""
SELECT CASE
    WHEN s.sample_index >= p.settled_at THEN '{SURPLUS}'
    WHEN v.keep IS NULL THEN '{UNJUDGED}'
    WHEN NOT v.keep THEN v.why
    WHEN EXISTS (SELECT 1 FROM verdicts e WHERE e.prompt = v.prompt AND e.recipe = v.recipe AND e.digest = v.digest
                 AND e.sample_index < v.sample_index) THEN '{DUPLICATE}'
    ELSE '{KEPT}' END AS kind, count(*), total(s.completion_tokens), total(s.ended - s.started)
FROM samples s JOIN prompts p ON p.position = s.prompt
LEFT JOIN verdicts v ON v.prompt = s.prompt AND v.sample_index = s.sample_index AND v.recipe = ?
GROUP BY kind
"""  # noqa: S608 - constants of ours
_PASSES: Final = """
SELECT decided, passed, count(*) FROM (
    SELECT count(v.passed) AS decided, CAST(total(v.passed) AS INTEGER) AS passed
    FROM verdicts v JOIN prompts p ON p.position = v.prompt
    WHERE v.recipe = ? AND (p.settled_at IS NULL OR v.sample_index < p.settled_at) GROUP BY v.prompt
) WHERE decided > 0 GROUP BY decided, passed
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """Samples and completion tokens; of attempts, which ended without a sample, the tokens are estimated."""

    samples: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Account:
    """A run's books. Seconds are of the wall clock, over all its commands; tokens are completion tokens."""

    prompts: int
    settled: Mapping[str, int]
    """Prompts that are done, by why (`enough`, `cap`, `price`)."""
    spent: Mapping[str, Spent]
    """What samples came to: `kept`, the first verdict against them ("rule: reason"), `surplus`, `not judged`."""
    attempts: Mapping[str, Spent]
    """Draws that never became a sample, by why (`surplus`, `lost`, `drained`)."""
    engine_seconds: float
    load_seconds: float
    passes: Mapping[tuple[int, int], int]
    """How many prompts have so many samples that `correct` decided, and so many of them passed."""

    @property
    def samples(self) -> int:
        """Samples that ended."""
        return sum(spent.samples for spent in self.spent.values())

    @property
    def tokens(self) -> int:
        """Their completion tokens, those of attempts not included."""
        return sum(spent.tokens for spent in self.spent.values())

    @property
    def kept(self) -> int | None:
        """Kept samples, duplicates left out; None where nothing was judged."""
        judged = any(kind not in (UNJUDGED, SURPLUS) for kind in self.spent)
        return self.spent.get(KEPT, Spent(0, 0)).samples if judged else None


def account(connection: sqlite3.Connection, recipe: str | None) -> Account:
    """The books of a ledger under a recipe's digest; without one every sample is `not judged`."""
    kinds = {kind: (n, int(tokens), busy) for kind, n, tokens, busy in connection.execute(_KINDS, (recipe,))}
    busy = sum(seconds for *_, seconds in kinds.values())
    pace = sum(tokens for _, tokens, _ in kinds.values()) / busy if busy > 0 else 0.0
    attempts = connection.execute("SELECT why, count(*), total(ended - started) FROM attempts GROUP BY why")
    (prompts,) = connection.execute("SELECT count(*) FROM prompts").fetchone()
    settled = connection.execute("SELECT settled_why, count(*) FROM prompts WHERE settled_at NOTNULL GROUP BY 1")
    engine, load = connection.execute("SELECT total(ended - began), total(load_seconds) FROM commands").fetchone()
    return Account(
        prompts=prompts,
        settled=dict(settled.fetchall()),
        spent={kind: Spent(n, tokens) for kind, (n, tokens, _) in sorted(kinds.items())},
        # a stream gives about as many tokens a second whether it will end or be cancelled
        attempts={why: Spent(n, round(seconds * pace)) for why, n, seconds in attempts},
        engine_seconds=engine,
        load_seconds=load,
        passes={(n, k): count for n, k, count in connection.execute(_PASSES, (recipe,))},
    )


def histogram(passes: Mapping[tuple[int, int], int]) -> list[float]:
    """How many prompts have a pass rate in each tenth of [0, 1], by expectation; a list of `BINS`.

    The rate behind k passes of n is spread over its posterior, under a Beta prior fitted on all the counts: how the
    draws were stopped matters to k/n, not to a likelihood (see `quota/rates.py`).
    """
    if not passes:
        return [0.0] * BINS
    a, b = fit_beta({counts: float(prompts) for counts, prompts in passes.items()})
    bins = [0.0] * BINS
    for (n, k), prompts in passes.items():
        below = [beta_cdf(i / BINS, a + k, b + n - k) for i in range(BINS + 1)]
        for i in range(BINS):
            bins[i] += prompts * (below[i + 1] - below[i])
    return bins
