"""Futures of other threads land in the loop, all of them, with few calls."""

import asyncio
import threading
from concurrent.futures import Future

import pytest

from factory.drawing.landing import Landing


def test_a_group_wakes_the_loop_once() -> None:
    async def run() -> tuple[list[int], int]:
        loop, landing, calls = asyncio.get_running_loop(), Landing(), 0
        wake = loop.call_soon_threadsafe

        def counted(*given):
            nonlocal calls
            calls += 1
            return wake(*given)

        loop.call_soon_threadsafe = counted
        futures = [Future() for _ in range(500)]
        waiting = asyncio.gather(*(landing.of(future) for future in futures))
        await asyncio.sleep(0)
        for number, future in enumerate(futures):  # the loop can't run in between
            future.set_result(number)
        return await waiting, calls

    found, calls = asyncio.run(run())
    assert found == list(range(500))
    assert calls == 1


def test_none_is_left_waiting_whoever_ends_when() -> None:
    async def run() -> int:
        landing, total = Landing(), 0
        for _ in range(50):
            futures = [Future() for _ in range(40)]
            threads = [
                threading.Thread(target=lambda part=futures[i::4]: [f.set_result(1) for f in part]) for i in range(4)
            ]
            for thread in threads:
                thread.start()
            total += sum(await asyncio.gather(*(landing.of(future) for future in futures)))
            for thread in threads:
                thread.join()
        return total

    assert asyncio.run(asyncio.wait_for(run(), 30)) == 2000


def test_a_failure_lands_and_who_leaves_cancels() -> None:
    async def run() -> None:
        landing, fails, left = Landing(), Future(), Future()
        fails.set_exception(ValueError("no"))
        with pytest.raises(ValueError, match="no"):
            await landing.of(fails)
        task = asyncio.create_task(landing.of(left))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert left.cancelled()

    asyncio.run(run())
