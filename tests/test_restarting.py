"""An engine that dies is started once more, and what it held is drawn again; a second death ends the run."""

import asyncio
from pathlib import Path

import pytest
from click.testing import CliRunner

from factory import ledger, runs
from factory.cli import cli
from factory.engines import Completion, EngineDied, Lost, Request, restarting
from factory.engines.loading import Loader
from factory.errors import BadInput, EngineFailed, Refused
from factory.terminal import Say
from tests import make

ASKED = Request("p", 0, 0, ())


class Mortal:
    """Answers `lives` draws, then dies and takes all that is in flight with it."""

    name = "mortal"

    def __init__(self, lives: int) -> None:
        self.lives = lives
        self.dead = asyncio.Event()
        self.closed = 0

    async def draw(self, request: Request) -> Completion:
        await asyncio.sleep(0)
        self.lives -= 1
        if self.lives < 0:
            self.dead.set()
        if not self.dead.is_set():
            return Completion(f"{request.sample_index}", "stop", completion_tokens=1)
        raise EngineDied("it died")

    async def close(self) -> None:
        self.closed += 1


async def _engine(*lives: int, said: list[str]) -> tuple[restarting.RestartingEngine, list[Mortal]]:
    made: list[Mortal] = []

    async def load() -> Mortal:
        await asyncio.sleep(0.01)
        if len(made) == len(lives):
            raise EngineFailed("no more")
        made.append(Mortal(lives[len(made)]))
        return made[-1]

    return await restarting.start(load, said.append), made


def test_all_that_was_in_flight_is_lost_once_and_drawn_by_the_new_engine() -> None:
    async def main() -> None:
        said: list[str] = []
        engine, made = await _engine(2, 100, said=said)
        found = await asyncio.gather(*(engine.draw(ASKED) for _ in range(9)), return_exceptions=True)
        assert [type(f) for f in found].count(Lost) == 7
        assert len(made) == 2
        assert made[0].closed == 1
        assert (await engine.draw(ASKED)).text == "0"
        assert said == ["note: it died; starting it once more"]
        await engine.close()
        assert (made[0].closed, made[1].closed) == (1, 1)

    asyncio.run(main())


def test_a_second_death_and_a_restart_that_fails_end_the_run() -> None:
    async def main() -> None:
        engine, _ = await _engine(0, 0, said=[])
        with pytest.raises(Lost):
            await engine.draw(ASKED)
        for _ in range(2):
            with pytest.raises(EngineFailed, match="it died; it had been restarted once already"):
                await engine.draw(ASKED)
        engine, _ = await _engine(0, said=[])
        found = await asyncio.gather(*(engine.draw(ASKED) for _ in range(3)), return_exceptions=True)
        assert all(isinstance(f, EngineFailed) and f.message == "no more" for f in found)
        await engine.close()

    asyncio.run(main())


def test_a_restart_that_the_engine_refuses_is_no_fault_of_the_prompts_that_wait() -> None:
    async def load() -> Mortal:
        if made:
            raise BadInput("vLLM can't take --model m so: no GPU has memory left")
        made.append(Mortal(0))
        return made[-1]

    async def main() -> None:
        engine = await restarting.start(load, lambda _: None)
        found = await asyncio.gather(*(engine.draw(ASKED) for _ in range(3)), return_exceptions=True)
        assert [type(f) for f in found] == [EngineFailed] * 3
        with pytest.raises(EngineFailed, match="started once more.* no GPU has memory left"):
            await engine.draw(ASKED)
        await engine.close()

    made: list[Mortal] = []
    asyncio.run(main())


def test_a_draw_that_is_cancelled_while_the_engine_restarts_does_not_stop_the_restart() -> None:
    async def main() -> None:
        engine, made = await _engine(0, 5, said=[])
        task = asyncio.create_task(engine.draw(ASKED))
        await asyncio.sleep(0.002)
        task.cancel()
        assert (await engine.draw(ASKED)).text == "0"
        assert len(made) == 2

    asyncio.run(main())


def test_faults_of_one_prompt_restart_nothing() -> None:
    class Picky(Mortal):
        async def draw(self, request: Request) -> Completion:
            raise BadInput("too long")

    async def load() -> Picky:
        return Picky(1)

    async def main() -> None:
        engine = await restarting.start(load, pytest.fail)
        with pytest.raises(BadInput):
            await engine.draw(ASKED)

    asyncio.run(main())


@pytest.mark.parametrize("deaths", [1, 2])
def test_a_run_survives_one_death_and_counts_what_was_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deaths: int
) -> None:
    lives = [20, *([20] if deaths == 2 else []), 1000]

    async def load() -> Mortal:
        return Mortal(lives.pop(0))

    async def started(example: Request, say: Say) -> restarting.RestartingEngine:
        assert example.messages[0]["content"] == "1 + 0?"
        return await restarting.start(load, say)

    monkeypatch.setattr("factory.generate.prepare", lambda _: Loader(started, {}, ()))
    prompts = make.jsonl(tmp_path / "p.jsonl", [{"problem": f"1 + {i}?", "answer": str(i)} for i in range(10)])
    words = ["generate", prompts, "--model", "m", "--out", tmp_path / "run", "--samples", 6, "--concurrency", 8]
    result = CliRunner().invoke(cli, [str(w) for w in words])
    assert result.exit_code == (0 if deaths == 1 else 4), result.output
    with ledger.reading(tmp_path / "run" / runs.LEDGER) as connection:
        assert ledger.totals(connection).samples == (60 if deaths == 1 else 40)
        lost = connection.execute("SELECT count(*) FROM attempts WHERE why = 'lost'").fetchone()[0]
    assert deaths <= lost <= 8 * deaths
    assert "it died; starting it once more" in result.stderr
    if deaths == 2:
        assert "restarted once already" in result.stderr


def test_what_loading_settled_on_is_held_to(tmp_path: Path) -> None:
    runs.write_run(tmp_path, {}, {})
    (tmp_path / runs.LEDGER).touch()
    runs.hold_loaded(tmp_path, {"dtype": "float32", "quantization": None})
    runs.write_run(tmp_path, {}, {})
    runs.hold_loaded(tmp_path, {"dtype": "float32", "quantization": None})
    with pytest.raises(Refused, match='drawn with dtype "float32", on this machine the engine chose "bfloat16"'):
        runs.hold_loaded(tmp_path, {"dtype": "bfloat16", "quantization": None})
