"""Reading drawings and measuring accuracy with a network."""

import numpy as np
from numpy.typing import NDArray

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
        self._network = network
        self._graph = reading_graph(network.blueprint)

    def read(self, image: NDArray[np.uint8]) -> Reading:
        """The reading of one image, uint8 (28, 28), ink 255 on paper 0."""
        return Reading(self.run, self.name, image, self.probabilities(image[None])[0])

    def probabilities(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Probabilities of the ten digits, float32 (n, 10), for images uint8 (n, 28, 28).

        Raises ReadingError if they are not finite: the network's training diverged.
        """
        answer = self._graph(self._network, images)
        if not np.isfinite(answer).all():
            raise ReadingError(f"{self.name} cannot read: its training diverged ({self.run}); take another run.")
        return answer

    def classify(self, images: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """The most likely digit of each image, uint8 (n,). Raises ReadingError as `probabilities` does."""
        answers = np.empty(len(images), np.uint8)
        for first in range(0, len(images), BATCH):
            answers[first : first + BATCH] = self.probabilities(images[first : first + BATCH]).argmax(axis=1)
        return answers


def load_reader(library: Library, run_id: str) -> Reader:
    """A reader with the saved network of run `run_id`, in float32. Raises LibraryError if there is none."""
    run, weights = library.load(run_id)
    try:
        network = Network(run.experiment.architecture, weights=weights)
    except ValueError as error:
        raise LibraryError(f"The saved weights of {run_id} do not fit its network: {error}.") from None
    name = run.experiment.architecture.name
    return Reader(network, run_id, f"{name} (starter)" if run_id == STARTER else name)
