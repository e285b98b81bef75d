"""What a network looks at: Grad-CAM at the sum of every block, and the gradient at the picture's pixels.

Selvaraju et al. 2017, "Grad-CAM: Visual explanations from deep networks via gradient-based localization" (arXiv
1610.02391), section 3; Simonyan, Vedaldi and Zisserman 2013, "Deep inside convolutional networks" (arXiv 1312.6034),
section 3.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.inside.question import Question
from resnet_gui.core.sample import a_digit

Map = NDArray[np.float32]


@dataclass(frozen=True)
class SaliencyQuestion(Question):
    """What speaks for the digit of the look? Answer: Saliency."""

    of_label = True


@dataclass(frozen=True, eq=False)
class Saliency:
    """For the digit `label`; `read` is the one that the network reads.

    `cams`, one for each block, uint8 (28, 28): Grad-CAM, each as a share of its largest value, 255, or all 0 if nothing
    speaks for the digit. `pixels`, float32 (28, 28) from -1 to 1: how the logit of the digit changes with each
    pixel's ink, as a share of the largest change, which is `largest` (of the logit, from paper to full ink).
    """

    label: int
    read: int
    cams: tuple[NDArray[np.uint8], ...]
    pixels: Map
    largest: float
    finite: bool = True


def grad_cam(total: Map, gradient: Map) -> NDArray[np.uint8]:
    """Grad-CAM of a block, for its sum and the gradient of the logit there, both (height, width, channels).

    Equations 1 and 2: each channel counts by its mean gradient, and what speaks against the digit counts as nothing.
    """
    cam = np.maximum((total * gradient.mean(axis=(0, 1))).sum(axis=-1), 0)
    top = float(cam.max(initial=0.0))
    shares = cam * (255 / top) if 0 < top < np.inf else np.zeros_like(cam)
    return np.asarray(np.round(shares), np.uint8)


def enlarged(cam: NDArray[np.uint8], shape: tuple[int, int]) -> NDArray[np.uint8]:
    """A map, uint8 (height, width), in another size: bilinear, as in Grad-CAM's figures."""
    values = cam.astype(np.float64)
    for axis, (size, old) in enumerate(zip(shape, cam.shape, strict=True)):
        places = np.clip((np.arange(size) + 0.5) * old / size - 0.5, 0, old - 1)
        low = places.astype(int)
        high = np.minimum(low + 1, old - 1)
        share = (places - low)[:, None] if axis == 0 else places - low
        values = values.take(low, axis) * (1 - share) + values.take(high, axis) * share
    return np.asarray(np.round(values), np.uint8)


def signed(gradient: Map) -> tuple[Map, float]:
    """A gradient as shares of its largest size, from -1 to 1, and that size."""
    largest = float(np.abs(gradient).max(initial=0.0))
    return (gradient / largest if 0 < largest < np.inf else np.zeros_like(gradient)), largest


def cam_words(saliency: Saliency, block: int) -> str:
    """What the Grad-CAM of a block, counted from 0, says, as a sentence."""
    digit = a_digit(saliency.label)
    if not saliency.cams[block].any():
        return f"Nothing here speaks for {digit}."
    return f"Where this block's sum speaks for {digit}."


def pixel_words(saliency: Saliency) -> str:
    """What the gradient says, as a sentence."""
    digit = a_digit(saliency.label)
    if not saliency.largest:
        return f"No pixel changes how much this looks like {digit}."
    return f"What a little more ink would do to {digit}."
