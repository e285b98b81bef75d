"""Graphs that are kept for the next run."""

import os
import threading

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.experiment import AUGMENTATIONS, Optimizer, Precision
from resnet_gui.core.weights import weight_plans
from resnet_gui.engine import compiled
from resnet_gui.engine.backend import tf
from resnet_gui.engine.compiled import reading_graph, scoring_graph, training_graph
from resnet_gui.engine.forward import Pass
from resnet_gui.engine.network import Network
from resnet_gui.engine.optimizer import OptimizerState

SMALL = Architecture(blocks=1, width=4, stem_stride=2, batch_norm=True)
IMAGES = tf.constant(np.random.default_rng(0).integers(0, 256, (20, 28, 28)).astype(np.uint8))
LABELS = tf.constant((np.arange(20) % 10).astype(np.int32))
CPU = "/CPU:0"
UNCHANGED = tf.zeros(len(AUGMENTATIONS)), tf.constant(0, tf.int64)


def adam_graph(architecture):
    return training_graph(make_blueprint(architecture), Optimizer.ADAM, Precision.FLOAT32, CPU)


def test_two_runs_of_an_architecture_share_a_graph_and_no_weights():
    graph = adam_graph(SMALL)
    assert adam_graph(SMALL) is graph
    one, other = Network(SMALL, seed=1), Network(SMALL, seed=2)
    before = other.weights()
    rows = tf.constant(np.arange(16, dtype=np.int32).reshape(2, 8))
    state = OptimizerState.new(Optimizer.ADAM, one.trained.shape[0], scaled=False)
    loss, accuracy, norms = graph(one, state, rows, IMAGES, LABELS, tf.fill([2], 0.01), *UNCHANGED)
    assert loss.shape == accuracy.shape == (2,)
    assert norms.shape == (2, 1)
    assert state.step.numpy() == 2
    assert all(np.array_equal(before[name], values) for name, values in other.weights().items())
    assert not np.array_equal(one.weights()["stem/kernel"], Network(SMALL, seed=1).weights()["stem/kernel"])


def test_what_differs_has_a_graph_of_its_own():
    blueprint = make_blueprint(SMALL)
    graphs = {
        training_graph(blueprint, optimizer, precision, CPU)
        for optimizer in Optimizer
        for precision in (Precision.FLOAT32, Precision.MIXED_BFLOAT16)
    }
    assert len(graphs) == 4


def test_only_a_few_graphs_are_kept():
    for width in range(1, compiled.KEPT + 3):
        reading_graph(make_blueprint(Architecture(blocks=0, width=width, stem_stride=2)))
    assert reading_graph.cache_info().currsize == compiled.KEPT


@pytest.mark.parametrize("precision", [Precision.FLOAT32, Precision.MIXED_BFLOAT16])
def test_score_and_reading_agree(precision):
    network = Network(SMALL)
    probabilities = tf.nn.softmax(reading_graph(network.blueprint)(network, IMAGES.numpy())).numpy()
    rows = tf.range(20)
    loss, correct = scoring_graph(network.blueprint, precision, CPU)(network, rows, IMAGES, LABELS)
    expected = -np.log(probabilities[np.arange(20), LABELS.numpy()]).sum()
    assert float(loss) == pytest.approx(expected, rel=1e-5 if precision is Precision.FLOAT32 else 0.02)
    assert 0 <= float(correct) <= 20
    if precision is Precision.FLOAT32:
        assert float(correct) == (probabilities.argmax(axis=1) == LABELS.numpy()).sum()


def test_a_batch_is_those_images_and_labels():
    rows = np.array([3, 19, 0, 3], np.int32)
    pictures, labels = compiled._batch(IMAGES, LABELS, tf.constant(rows))
    np.testing.assert_array_equal(pictures, IMAGES.numpy()[rows])
    np.testing.assert_array_equal(labels, LABELS.numpy()[rows])


def test_half_precision_scales_its_loss_and_learns():
    network = Network(SMALL)
    blueprint, before = network.blueprint, network.weights()
    graph = training_graph(blueprint, Optimizer.ADAM, Precision.MIXED_FLOAT16, CPU)
    state = OptimizerState.new(Optimizer.ADAM, network.trained.shape[0], scaled=True)
    rows = tf.constant(np.arange(20, dtype=np.int32)[None].repeat(30, axis=0))
    loss, _, norms = graph(network, state, rows, IMAGES, LABELS, tf.fill([30], 0.01), *UNCHANGED)
    assert np.isfinite(loss).all()
    assert loss[-1] < loss[0]
    assert state.step.numpy() == 30
    assert np.isfinite(norms[-1]).all()
    assert state.updates.numpy() + np.log2(2.0**15 / state.loss_scale.numpy()) == 30
    assert not np.array_equal(network.weights()["stem/kernel"], before["stem/kernel"])


def test_one_image_is_read_as_it_is_among_others():
    network, graph = Network(SMALL), reading_graph(make_blueprint(SMALL))
    together = graph(network, IMAGES.numpy())
    alone = np.concatenate([graph(network, image[None]) for image in IMAGES.numpy()])
    np.testing.assert_allclose(alone, together, rtol=1e-4, atol=1e-6)


def test_one_image_is_read_with_the_weights_of_that_moment():
    network, graph = Network(SMALL), reading_graph(make_blueprint(SMALL))
    before = graph(network, IMAGES.numpy()[:1])
    network.trained.assign_add(tf.fill(network.trained.shape, 0.1))
    after = graph(network, IMAGES.numpy()[:1])
    assert np.abs(after - before).max() > 1e-3
    np.testing.assert_allclose(after, graph(network, IMAGES.numpy()[:2])[:1], rtol=1e-4, atol=1e-6)


def test_one_image_is_read_while_all_threads_are_busy():
    network, graph = Network(SMALL), reading_graph(make_blueprint(SMALL))
    image = IMAGES.numpy()[:1]
    idle = graph(network, image)
    entered, free = threading.Event(), threading.Event()

    def occupy(number):
        entered.set()
        free.wait()
        return number

    @tf.function(autograph=False)
    def keep_busy(number):
        return tf.numpy_function(occupy, [number], tf.int32)

    number = tf.constant(1)
    keep_busy.get_concrete_function(number)
    threads = [
        threading.Thread(target=keep_busy, args=(number,), daemon=True) for _ in range(2 * (os.cpu_count() or 1))
    ]
    try:
        for thread in threads:
            thread.start()
        entered.wait()
        np.testing.assert_array_equal(graph(network, image), idle)
    finally:
        free.set()
        for thread in threads:
            thread.join()


@pytest.mark.parametrize("precision", [Precision.FLOAT32, Precision.MIXED_FLOAT16])
def test_the_norms_are_those_of_each_block_s_gradient(precision):
    architecture = Architecture(blocks=2, stages=2, width=4, stem_stride=2, batch_norm=True)
    network = Network(architecture)
    weights, averages = network.trained.numpy(), network.averages.numpy()
    with tf.GradientTape() as tape:
        step = tf.constant(0, tf.int64)
        logits = Pass(network.blueprint, network.trained, averages, step=step).logits(IMAGES)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(LABELS, logits))
    gradient = tape.gradient(loss, network.trained).numpy()
    block_of = {layer.name: layer.block for layer in network.blueprint.layers}
    squares, at = dict.fromkeys([block.name for block in network.blueprint.blocks], 0.0), 0
    for plan in [plan for plan in weight_plans(network.blueprint) if plan.trained]:
        if block_of[plan.layer]:
            squares[block_of[plan.layer]] += (gradient[at : at + plan.size].astype(np.float64) ** 2).sum()
        at += plan.size
    assert at == len(weights)
    graph = training_graph(network.blueprint, Optimizer.SGD, precision, CPU)
    state = OptimizerState.new(Optimizer.SGD, len(weights), scaled=precision is not Precision.FLOAT32)
    rows = tf.constant(np.arange(20, dtype=np.int32)[None])
    _, _, norms = graph(network, state, rows, IMAGES, LABELS, tf.fill([1], 0.01), *UNCHANGED)
    tolerance = 1e-4 if precision is Precision.FLOAT32 else 0.05
    np.testing.assert_allclose(norms[0], np.sqrt(list(squares.values())), rtol=tolerance)


def test_a_network_without_blocks_has_no_norms():
    network = Network(Architecture(blocks=0, width=4))
    graph = adam_graph(network.blueprint.architecture)
    state = OptimizerState.new(Optimizer.ADAM, network.trained.shape[0], scaled=False)
    rows = tf.constant(np.arange(16, dtype=np.int32).reshape(2, 8))
    assert graph(network, state, rows, IMAGES, LABELS, tf.fill([2], 0.01), *UNCHANGED)[2].shape == (2, 0)
