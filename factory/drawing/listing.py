"""The prompts of one `generate` command: read, checked and laid into a scratch ledger before a run is touched.

Covers near duplicates, the share of a `--shard` and unsound references. Does not cover reading files (`reading/`), what
makes a reference sound (`verify/sound.py`) nor what a run keeps (`ledger/`).
"""

from __future__ import annotations

import hashlib
import itertools
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from factory import ledger
from factory.drawing import relisting
from factory.errors import BadInput
from factory.plan import Plan
from factory.reading.near_duplicates import near_duplicates, text_of
from factory.reading.prompts import Reading, read_prompts
from factory.reading.templates import Template, ask
from factory.records import Prompt
from factory.terminal import Say, visible
from factory.verify.comparison.compare import forget
from factory.verify.sound import fault

SECONDS: Final = 20.0
"""Time for checking references, on one core: some 200,000 plain ones."""
SHOWN: Final = 3
FORGET: Final = 4_096
"""References after which the verifier's caches are emptied."""


@dataclass(slots=True)
class References:
    """What checking references came to."""

    checked: int = 0
    unchecked: int = 0
    unsound: int = 0
    first: list[str] = field(default_factory=list)
    """Where the first of them stand and what is wrong, `SHOWN` at most."""
    seconds: float = 0.0

    def look(self, prompt: Prompt, place: int, source: str) -> None:
        """Check one prompt's reference, while there is time."""
        if prompt.reference is None:
            return
        if self.seconds > SECONDS:
            self.unchecked += 1
            return
        began = time.perf_counter()
        found = fault(prompt)
        self.seconds += time.perf_counter() - began
        self.checked += 1
        if self.checked % FORGET == 0:
            forget()
        if found is not None:
            self.unsound += 1
            if len(self.first) < SHOWN:
                name = f" (id {prompt.source_id})" if prompt.source_id else ""
                self.first.append(f"{source}: prompt {place:,}{name}: reference {prompt.reference[:60]!r}: {found}")

    def lines(self) -> list[str]:
        """What a user should know."""
        said = [f"warning: {line}" for line in self.first]
        if self.unsound > len(self.first):
            said.append(f"warning: and {self.unsound - len(self.first):,} more references like that")
        if self.unchecked:
            said.append(f"{self.checked:,} references checked in {SECONDS:.0f} s, {self.unchecked:,} not")
        return said


def list_prompts(plan: Plan, template: Template, listed: Path, say: Say) -> int:
    """Read every prompt of the command into a scratch ledger; returns how many there are.

    Raises BadInput for a bad row, for a source or shard without prompts, and with `strict` for an unsound reference.
    """
    seal = relisting.seal(plan, template)
    if (found := relisting.again(plan, seal, listed)) is None:
        found = _list_anew(plan, template, listed, seal)
    count, said = found
    for line in said:
        say(line)
    return count


def _list_anew(plan: Plan, template: Template, listed: Path, seal: str | None) -> tuple[int, list[str]]:
    """The number of prompts, and what a user should know of them."""
    repeated, said = _repeated(plan)
    reading, references = Reading(), References()
    share = _share(_read(plan, reading), plan.shard, repeated)
    with ledger.Ledger(listed, durable=False) as book:
        count = book.put_prompts(_checked(share, template, references, plan))
        said.append(reading.describe())
        if not count:
            where = f"shard {plan.shard[0]}/{plan.shard[1]} of " if plan.shard else ""
            raise BadInput(f"{where}{plan.prompts}: holds no prompts")
        if plan.shard:
            said.append(f"shard {plan.shard[0]}/{plan.shard[1]}: {count:,} prompts")
        said += references.lines()
        relisting.put(book, seal, count, said)
        book.flush()  # raises where there was no room for them all
    return count, said


def in_shard(prompt_id: str, shard: tuple[int, int]) -> bool:
    """Whether a prompt belongs to part I of N (I from 0), by a hash of its id: in whatever file or order it stands."""
    digest = hashlib.blake2b(prompt_id.encode("utf-8", "surrogatepass"), digest_size=8, person=b"shard").digest()
    return int.from_bytes(digest, "big") % shard[1] == shard[0]


def _read(plan: Plan, reading: Reading) -> Iterator[Prompt]:
    return read_prompts(plan.prompts, columns=plan.columns, task=plan.task, limit=plan.limit, reading=reading)


def _repeated(plan: Plan) -> tuple[Collection[str], list[str]]:
    """The ids (of first occurrences) to leave out as near duplicates: of the whole listing, the same in every shard.

    Wanted duplicates, equal to the letter, stay or go together. With them what is said of it.
    """
    if plan.near_duplicates is None:
        return (), []
    texts = {_first(prompt): text_of(prompt.messages) for prompt in _read(plan, Reading())}
    found = near_duplicates(texts, plan.near_duplicates, plan.seed)
    said = [f"{plan.prompts}: {len(found):,} of {len(texts):,} prompts left out, which nearly repeat another one"]
    for gone, stays in itertools.islice(found.items(), SHOWN):
        said.append(f"  {visible(texts[gone])[:80]!r} repeats {visible(texts[stays])[:80]!r}")
    return found.keys(), said


def _first(prompt: Prompt) -> str:
    return prompt.id.partition(".")[0]


def _share(
    prompts: Iterable[Prompt], shard: tuple[int, int] | None, repeated: Collection[str]
) -> Iterator[tuple[int, Prompt]]:
    """The prompts of the shard, each with its place in the whole listing, from 1."""
    for place, prompt in zip(itertools.count(1), prompts, strict=False):
        if (shard is None or in_shard(prompt.id, shard)) and _first(prompt) not in repeated:
            yield place, prompt


def _checked(
    prompts: Iterator[tuple[int, Prompt]], template: Template, references: References, plan: Plan
) -> Iterator[Prompt]:
    for place, prompt in prompts:
        ask(template, prompt)  # raises BadInput where this template can't take it
        references.look(prompt, place, plan.prompts)
        if references.unsound and plan.strict:
            raise BadInput(f"{references.first[0]}; mend or drop it, or leave --strict away")
        yield prompt
