"""The signals that end a command: their names, and how the event loop hears them.

Does not cover what stopping means (`drawing/driver.py`) nor who is to be deaf to them.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from typing import Final

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1)


@contextlib.contextmanager
def heard(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` for each of them, for a while.

    Once one came they are passed over to the end of the process: what is on its way to the disk gets there, and the
    exit code says that work is left.
    """
    import asyncio  # here: rule processes want the names only

    loop, came = asyncio.get_running_loop(), []

    def call() -> None:
        came.append(True)
        stop()

    for number in SIGNALS:
        loop.add_signal_handler(number, call)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)  # between the two handlers the default one would kill us
        for number in SIGNALS:
            loop.remove_signal_handler(number)
            if came:
                signal.signal(number, signal.SIG_IGN)  # a handler of ours would be taken back before Python has ended
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
