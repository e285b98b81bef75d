"""How strong the signal is in each block, forward and backward."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.inside.signal import BlockSignal, SignalQuestion, Signals
from resnet_gui.core.weights import trained_sizes
from resnet_gui.engine.backend import tf
from resnet_gui.engine.inside.trace import Specimen, Trace


def answer(
    specimen: Specimen, image: NDArray[np.uint8], label: int, question: SignalQuestion
) -> Iterator[tuple[Signals, float]]:
    """The norms of all blocks, at once. Its batch normalisation is that of reading, not of training."""
    loss, *norms = specimen.ask(_tensors, image[None], np.array([label], np.int32))
    shortcuts = norms[1] if len(norms[1]) else [None] * len(norms[0])
    blocks = [
        BlockSignal(plan, float(alpha * branch), None if shortcut is None else float(shortcut), float(out), float(own))
        for plan, alpha, branch, shortcut, out, own in zip(
            specimen.blueprint.blocks, specimen.lesion.alphas, norms[0], shortcuts, norms[2], norms[3], strict=True
        )
    ]
    yield Signals(label, float(loss[0]), tuple(blocks)), 1.0


def block_parts(vector: tf.Tensor, trace: Trace) -> list[tf.Tensor]:
    """The parts of `vector`, (weights,), that are the blocks', first to last."""
    return list(tf.split(vector, trained_sizes(trace.blueprint))[1:-1])


def norms_of(tensors: list[tf.Tensor]) -> tf.Tensor:
    """The L2 norm of each, float32 (n,)."""
    return tf.stack([tf.norm(tensor) for tensor in tensors]) if tensors else tf.zeros(0)


def _tensors(trace: Trace) -> list[tf.Tensor]:
    blocks = trace.blocks
    *outputs, weights = tf.gradients(trace.losses, [*[block.output for block in blocks], trace.trained])
    return [
        trace.losses,
        norms_of([block.branch for block in blocks]),
        norms_of([block.shortcut for block in blocks if block.shortcut is not None]),
        norms_of(outputs),
        norms_of(block_parts(weights, trace)),
    ]
