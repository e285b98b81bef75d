"""A training step on a copy of a network, taken apart."""

from collections import OrderedDict
from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.experiment import DatasetName
from resnet_gui.core.inside.lesion import Lesion
from resnet_gui.core.inside.step import BATCH, BlockStep, Step, StepQuestion
from resnet_gui.engine.backend import tf
from resnet_gui.engine.datasets import load_dataset
from resnet_gui.engine.inside.signal import block_parts, norms_of
from resnet_gui.engine.inside.trace import BlockTrace, Specimen, Trace
from resnet_gui.engine.network import Network

KEPT = 8  # copies of networks, of before and after the last steps of two
_Key = tuple[str, int, bool, Lesion, tuple[float, ...]]
_Vectors = tuple[NDArray[np.float32], NDArray[np.float32]]  # trained and averages
_copies: OrderedDict[_Key, _Vectors] = OrderedDict()  # for the one thread that looks inside


def answer(
    specimen: Specimen, image: NDArray[np.uint8], label: int, question: StepQuestion
) -> Iterator[tuple[Step, float]]:
    """The last of the steps. What came before it is remembered, or else made again."""
    *earlier, rate = question.rates
    copy = _copy_after(specimen, question, tuple(earlier))
    step, copy = _step(copy, len(question.rates), rate)
    _keep(_key(specimen, question, question.rates), copy)
    yield step, 1.0


def _copy_after(specimen: Specimen, question: StepQuestion, rates: tuple[float, ...]) -> Specimen:
    """The copy after steps at these rates."""
    known = len(rates)
    while known >= 0 and _key(specimen, question, rates[:known]) not in _copies:
        known -= 1
    if known >= 0:
        copy = specimen.with_weights(*_copies[_key(specimen, question, rates[:known])])
    elif question.fresh:
        new = Network(specimen.blueprint.architecture, seed=question.copy)
        copy = specimen.with_weights(new.trained.numpy(), new.averages.numpy())
    else:
        copy = specimen
    for number in range(max(known, 0), len(rates)):
        _, copy = _step(copy, number + 1, rates[number])
    _keep(_key(specimen, question, rates), copy)
    return copy


def _key(specimen: Specimen, question: StepQuestion, rates: tuple[float, ...]) -> _Key:
    return specimen.run, question.copy, question.fresh, specimen.lesion, rates


def _keep(key: _Key, copy: Specimen) -> None:
    _copies[key] = copy.trained, copy.averages
    _copies.move_to_end(key)
    while len(_copies) > KEPT:
        _copies.popitem(last=False)


def _step(copy: Specimen, number: int, rate: float) -> tuple[Step, Specimen]:
    """Step `number`, counted from 1, and the copy after it."""
    images, labels = _batch(number)
    logits, losses, gradient, averages, *norms = copy.ask(_tensors, images, labels, threads=0)
    with np.errstate(over="ignore", invalid="ignore"):  # too large a step makes no numbers, which is told
        trained = (copy.trained - rate * gradient).astype(np.float32)
    after = copy.with_weights(trained, averages)
    (loss_after,) = after.ask(_loss, images, labels, threads=0)
    plain = not len(norms[1])
    rows = zip(*(norm.tolist() for norm in norms if len(norm)), strict=True)
    blocks = []
    for plan, row in zip(copy.blueprint.blocks, rows, strict=True):
        if plain:
            branch, out, back, own, slope = row
            blocks.append(BlockStep(plan, branch, None, out, back, None, own, rate * slope))
        else:
            branch, shortcut, out, back, aside, own, slope = row
            blocks.append(BlockStep(plan, branch, shortcut, out, back, aside, own, rate * slope))
    step = Step(
        number,
        rate,
        images,
        labels,
        logits.argmax(axis=1),
        losses,
        float(losses.mean()),
        float(loss_after),
        tuple(blocks),
    )
    return step, after


@lru_cache(maxsize=1)
def _digits() -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    data = load_dataset(DatasetName.DIGITS)
    return data.x_train, data.y_train.astype(np.int32)


def _batch(number: int) -> tuple[NDArray[np.uint8], NDArray[np.int32]]:
    """The digits of a step, the same for every network."""
    images, labels = _digits()
    rows = np.random.default_rng(number).choice(len(images), BATCH, replace=False)
    return images[rows], labels[rows]


def _loss(trace: Trace) -> list[tf.Tensor]:
    return [tf.reduce_mean(trace.in_training().losses)]


def _tensors(trace: Trace) -> list[tf.Tensor]:
    training = trace.in_training()
    blocks, count = training.blocks, len(training.blocks)
    sources = [block.output for block in blocks] + [block.total for block in blocks] + [block.x for block in blocks]
    *gradients, by_weights = tf.gradients(tf.reduce_mean(training.losses), [*sources, trace.trained])
    outputs, totals, inputs = gradients[:count], gradients[count : 2 * count], gradients[2 * count :]
    aside = [_through_shortcut(block, total) for block, total in zip(blocks, totals, strict=True)]
    # The rest came through the branch: gradients along both ways add up.
    back = [total if way is None else total - way for total, way in zip(inputs, aside, strict=True)]
    return [
        training.logits,
        training.losses,
        by_weights,
        training.forward.averages_after(),
        norms_of([alpha * block.branch for alpha, block in zip(_alphas(trace), blocks, strict=True)]),
        norms_of([block.shortcut for block in blocks if block.shortcut is not None]),
        norms_of(outputs),
        norms_of(back),
        norms_of([way for way in aside if way is not None]),
        norms_of(block_parts(trace.trained, trace)),
        norms_of(block_parts(by_weights, trace)),
    ]


def _alphas(trace: Trace) -> list[tf.Tensor]:
    return [trace.alphas[:, place, None, None, None] for place in range(len(trace.blueprint.blocks))]


def _through_shortcut(block: BlockTrace, total: tf.Tensor) -> tf.Tensor | None:
    """What of the gradient by the block's sum arrives at its input through h; None without a shortcut."""
    if block.shortcut is None:
        return None
    if block.shortcut is block.x:
        return total
    (through,) = tf.gradients(block.shortcut, block.x, total, stop_gradients=[block.x])
    return through
