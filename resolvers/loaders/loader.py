"""
What all loaders of a request share: their batches end with the request.
"""

import asyncio
from abc import abstractmethod
from typing import Any, Generic, TypeVar

from aiodataloader import DataLoader

K = TypeVar("K")
V = TypeVar("V")


class Loader(DataLoader[K, V], Generic[K, V]):
    """
    A loader whose batches can be given up.

    aiodataloader starts a batch as a task of its own, which goes on when whoever asked has been cancelled.
    """

    def __init__(self) -> None:
        """Take the running loop; must run inside it."""
        super().__init__(loop=asyncio.get_running_loop())
        self._running: set[asyncio.Task[Any]] = set()
        self._closed = False

    @abstractmethod
    async def fetch_batch(self, keys: list[K]) -> list[V]:
        """Return a value for each key, in their order; an exception value fails its key alone."""

    async def batch_load_fn(self, keys: list[K]) -> list[V]:
        """Fetch a batch as a task that `close` can end; then nobody is left waiting for it."""
        task = asyncio.current_task()
        if task is not None:
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        try:
            return await self._fetch_open(keys)
        except asyncio.CancelledError:
            for key in keys:
                self.load(key).cancel()
            raise

    async def _fetch_open(self, keys: list[K]) -> list[V]:
        if self._closed:
            raise asyncio.CancelledError
        return await self.fetch_batch(keys)

    def close(self) -> None:
        """Give up the batches that run, and those that are about to start."""
        self._closed = True
        for task in self._running:
            task.cancel()
