"""The networks that are ready to read: those that train, as they are now, and those that came from the library."""

import threading
from collections import OrderedDict
from dataclasses import replace
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.library import Library
from resnet_gui.core.reading import Reading
from resnet_gui.core.run import Run

NETWORKS_KEPT = 12  # one reads in the drawing panel, eight beside it; others come back from the library, if it has them


class Networks:
    """Finds the network of a run, for any thread, and keeps those that were used last.

    Those that the library does not hold are kept whatever happens.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._lock = threading.Lock()
        # Guarded by it:
        self._live: WeakValueDictionary[str, Any] = WeakValueDictionary()  # live networks, as long as they are kept
        self._kept: OrderedDict[str, tuple[Any, Any]] = OrderedDict()  # a run's live network and its Reader

    def take(self, run: str, network: Any) -> None:
        """The live network of run `run` is what reads from now on."""
        with self._lock:
            self._live[run] = network
            self._keep(run, network, None)

    def live(self, run: str) -> Any:
        """The live network of run `run`; None if it is not kept, since the library holds it."""
        with self._lock:
            return self._live.get(run)

    def run(self, run: str) -> Run:
        """What the library knows of run `run`. Raises LibraryError if it does not know it."""
        return self._library.find(run)

    def reader(self, run: str) -> Any:
        """The Reader of run `run`. Raises ExplorerError if there is none: it may have to be loaded and compiled."""
        from resnet_gui.engine.prediction import Reader, load_reader

        with self._lock:
            live = self._live.get(run)  # it may be trained at this moment
            reader = self._kept.get(run, (None, None))[1]
            if reader is not None:
                self._kept.move_to_end(run)
                return reader
        # Without the lock: the other thread that reads goes on meanwhile.
        reader = load_reader(self._library, run) if live is None else Reader(live, run, live.name)
        with self._lock:
            if self._live.get(run) is live:
                self._keep(run, live, reader)
        return reader

    def read(self, run: str, image: NDArray[np.uint8]) -> Reading:
        """What the network of run `run` says of `image`. Raises ExplorerError as `reader`, or if it diverged."""
        reader, live = self.reader(run), self.live(run)
        step = None if live is None or live.step is None else int(live.step.numpy())
        reading: Reading = replace(reader.read(image), step=step)
        return reading

    def _keep(self, run: str, live: Any, reader: Any) -> None:
        self._kept[run] = (live, reader)
        self._kept.move_to_end(run)
        if len(self._kept) > NETWORKS_KEPT:
            spare = [old for old in self._kept if old != run and self._library.holds(old)]
            for old in spare[: len(self._kept) - NETWORKS_KEPT]:
                del self._kept[old]
