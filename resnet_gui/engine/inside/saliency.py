"""Grad-CAM at the sum of every block, and the gradient at the pixels, by one way back."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.inside.saliency import Saliency, SaliencyQuestion, enlarged, grad_cam, signed
from resnet_gui.engine.backend import tf
from resnet_gui.engine.inside.trace import Specimen, Trace


def answer(
    specimen: Specimen, image: NDArray[np.uint8], label: int, question: SaliencyQuestion
) -> Iterator[tuple[Saliency, float]]:
    """For the digit `label`, at once."""
    logits, pixels, *blocks = specimen.ask(_tensors, image[None], np.array([label], np.int32))
    cams = tuple(
        enlarged(grad_cam(total[0], gradient[0]), image.shape)
        for total, gradient in zip(blocks[::2], blocks[1::2], strict=True)
    )
    shares, largest = signed(pixels[0, :, :, 0])
    finite = bool(np.isfinite(logits).all() and np.isfinite(pixels).all())
    yield Saliency(label, int(logits[0].argmax()), cams, shares, largest, finite), 1.0


def _tensors(trace: Trace) -> list[tf.Tensor]:
    totals = [block.total for block in trace.blocks]
    pixels = trace.forward.outputs[trace.blueprint.layers[0].name]
    of_pixels, *gradients = tf.gradients(trace.scores, [pixels, *totals])
    pairs = zip(totals, gradients, strict=True)
    return [trace.logits, of_pixels, *[tensor for pair in pairs for tensor in pair]]
