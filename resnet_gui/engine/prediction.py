"""Reading drawings and measuring accuracy with a network."""

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.confidence import Confidence
from resnet_gui.core.errors import LibraryError, ReadingError
from resnet_gui.core.library import STARTER, Library
from resnet_gui.core.reading import Reading
from resnet_gui.engine.compiled import reading_graph
from resnet_gui.engine.network import Network

BATCH = 250  # images in one call


class Reader:
    """A network that reads. It shares the network's variables: while the network trains, answers follow its weights."""

    def __init__(self, network: Network, run: str, name: str) -> None:
        """`run` is the id of the run that the network belongs to, `name` what people call it."""
        self.run = run
        self.name = name
        self.network = network
        self._graph = reading_graph(network.blueprint)

    @property
    def confidence(self) -> Confidence:
        """How far the answers can be trusted; it is fitted when a live network has been trained."""
        return self.network.confidence

    def read(self, image: NDArray[np.uint8]) -> Reading:
        """The reading of one image, uint8 (28, 28), ink 255 on paper 0. Raises ReadingError as `judge` does."""
        probabilities, unsure = self.judge(image[None])
        return Reading(self.run, self.name, image, probabilities[0], bool(unsure[0]))

    def probabilities(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Probabilities of the ten digits, float32 (n, 10), for images uint8 (n, 28, 28). Raises as `judge` does."""
        return self.judge(images)[0]

    def judge(self, images: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """Probabilities of the ten digits, float32 (n, 10), for images uint8 (n, 28, 28), and which are unsure, (n,).

        Raises ReadingError if they are not finite: the network's training diverged.
        """
        batches = [images[first : first + BATCH] for first in range(0, len(images), BATCH)]
        logits = np.concatenate([self._graph(self.network, batch) for batch in batches])
        if not np.isfinite(logits).all():
            raise ReadingError(f"{self.name} cannot read: its training diverged ({self.run}); take another run.")
        confidence = self.confidence
        return confidence.probabilities(logits), confidence.unsure(logits)


def load_reader(library: Library, run_id: str) -> Reader:
    """A reader with the saved network of run `run_id`, in float32. Raises LibraryError if there is none."""
    run, weights = library.load(run_id)
    try:
        network = Network(run.experiment.architecture, weights=weights)
    except ValueError as error:
        raise LibraryError(f"The saved weights of {run_id} do not fit its network: {error}.") from None
    network.confidence = run.confidence
    name = run.experiment.architecture.name
    return Reader(network, run_id, f"{name} (starter)" if run_id == STARTER else name)
