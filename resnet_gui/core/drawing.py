"""What is on the paper: strokes of a pen, or a picture that was put in, and the image that a network sees of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.strokes import PEN, Stroke, to_image


@dataclass(frozen=True, eq=False)
class Drawing:
    """One drawing; its arrays never change, so that any thread may read them.

    `strokes` are in shares of the paper's side, x to the right and y down; `pen` is the pen's width as a share of the
    box that digits are scaled into. `picture` is a picture's digit as a network sees it, uint8 (28, 28), or None.
    """

    strokes: tuple[Stroke, ...] = ()
    pen: float = PEN
    picture: NDArray[np.uint8] | None = None

    @property
    def empty(self) -> bool:
        """Whether there is no ink."""
        return self.picture is None and not any(np.isfinite(stroke).all(axis=1).any() for stroke in self.strokes)

    def image(self) -> NDArray[np.uint8]:
        """The picture, or the strokes as a network sees them: uint8 (28, 28), 0 for paper and 255 for ink."""
        return self.picture if self.picture is not None else to_image(self.strokes, self.pen)
