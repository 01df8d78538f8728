"""Early stop: what the watch says decides, at fixed counts, however slow or late it says so."""

import asyncio
import itertools
import random
from pathlib import Path

import pytest

from factory.engines import Completion, Request, Watch
from factory.engines.replay import ReplayEngine
from factory.engines.watching import STEP, Show, counts, watched
from factory.errors import EngineFailed
from tests import make

WHOLE = Completion("x" * 4000, "length", None, 7, 4000)


def _stops_at(least: int, slow: float = 0.0, seen: list[tuple[int, int]] | None = None) -> Watch:
    async def watch(text: str, tokens: int) -> str | None:
        if seen is not None:
            seen.append((len(text), tokens))
        await asyncio.sleep(slow)
        return "rule:reason" if tokens >= least else None

    return watch


def _draw(tmp_path: Path, watch: Watch, tokens: int | None = 4000, delay: float = 0.0) -> Completion:
    row = {"prompt_id": "p", "sample_index": 0, "text": WHOLE.text, "finish_reason": "length"}
    path = make.jsonl(tmp_path / "r.jsonl", [{**row, "prompt_tokens": 7, "completion_tokens": tokens}])
    return asyncio.run(ReplayEngine(path, delay).draw(Request("p", 0, 0, (), watch=watch)))


def test_looks_come_at_fixed_counts_that_waste_an_eighth_and_read_ten_times_the_text() -> None:
    found = list(itertools.takewhile(lambda c: c < 10**6, counts()))
    assert found[:4] == [512, 1024, 1536, 2048]
    assert all(count % STEP == 0 for count in found)
    assert all(b - a <= max(STEP, a / 8) for a, b in itertools.pairwise(found))
    for number, count in enumerate(found):
        assert sum(found[: number + 1]) <= 10 * count


@pytest.mark.parametrize("slow", [0.0, 0.02])
def test_a_stopped_sample_is_the_text_at_the_look_however_late_its_word_comes(tmp_path: Path, slow: float) -> None:
    stopped = Completion("x" * 1024, "stopped_early", "rule:reason", 7, 1024)
    assert _draw(tmp_path, _stops_at(1000, slow)) == stopped


def test_every_count_below_the_end_is_looked_at_in_order_and_none_beyond(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    assert _draw(tmp_path, _stops_at(10**9, seen=seen)) == WHOLE
    assert seen == [(c, c) for c in range(STEP, 4000, STEP)]
    seen.clear()
    _draw(tmp_path, _stops_at(0, seen=seen), tokens=STEP)
    _draw(tmp_path, _stops_at(0, seen=seen), tokens=None)
    assert seen == []


def test_a_sample_is_given_up_at_once_in_the_engine() -> None:
    ended = asyncio.Event()

    async def endless(show: Show) -> Completion:
        show(Completion("a", "stopped_early", None, 1, 512))
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.set()
        raise AssertionError

    async def main() -> None:
        found = await asyncio.wait_for(watched(endless, _stops_at(0)), 5)
        assert (found.stop_reason, found.completion_tokens) == ("rule:reason", 512)
        assert ended.is_set(), "the draw has cleaned up when its sample is returned"
        ended.clear()
        task = asyncio.create_task(watched(endless, _stops_at(10**9)))
        await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert ended.is_set()

    asyncio.run(main())


def test_an_engine_that_fails_is_not_covered_up() -> None:
    async def fails(show: Show) -> Completion:
        show(Completion("a", "stopped_early", None, 1, 512))
        raise EngineFailed("gone")

    with pytest.raises(EngineFailed, match="gone"):
        asyncio.run(watched(fails, _stops_at(10**9, slow=5)))


def test_what_is_recorded_does_not_hang_on_timing(tmp_path: Path) -> None:
    def at(draw: random.Random) -> Watch:
        async def watch(text: str, tokens: int) -> str | None:
            await asyncio.sleep(draw.random() * 0.003)
            return "rule:reason" if tokens >= 2000 else None

        return watch

    found = {_draw(tmp_path, at(random.Random(i)), delay=0.00001 * (i % 3)).completion_tokens for i in range(6)}
    assert found == {2048}
