"""Training through real Keras on small data that is made here."""

import itertools
import threading
from dataclasses import replace

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture, Order, Shortcut, refusal
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.errors import Cancelled, LibraryError, RecipeError
from resnet_gui.core.events import (
    CheckpointMade,
    Control,
    EpochEnded,
    Outcome,
    Paused,
    Progressed,
    Resumed,
    RunEnded,
    RunPrepared,
    StepsEnded,
)
from resnet_gui.core.experiment import Experiment, Recipe
from resnet_gui.core.run import Run
from resnet_gui.engine import training
from resnet_gui.engine.datasets import Dataset
from resnet_gui.engine.device import choose_device
from resnet_gui.engine.device_data import to_device
from resnet_gui.engine.prediction import Reader

SMALL = Experiment(
    Architecture(blocks=1, width=4, stem_stride=2),
    Recipe(batch_size=32, epochs=2, precision="float32", learning_rate=0.01),
)


@pytest.fixture(scope="module")
def bars():
    """Ten classes that a network can learn in seconds: a bright bar whose height in the image is the class."""
    rng = np.random.default_rng(0)

    def images(count):
        labels = rng.integers(0, 10, count).astype(np.uint8)
        pictures = rng.integers(0, 60, (count, 28, 28)).astype(np.uint8)
        for picture, label in zip(pictures, labels, strict=True):
            picture[2 * label + 3 : 2 * label + 6] = 255
        return pictures, labels

    return Dataset("bars", "bars made by the test", *images(500), *images(100))


def train(experiment, dataset, control=None, on_event=lambda event: None, checkpoint=None, start=None):
    events = []

    def emit(event):
        events.append(event)
        on_event(event)

    cpu = choose_device("cpu")
    data = to_device(dataset, cpu)
    network = training.train(
        "run", experiment, data, cpu, emit=emit, control=control or Control(), checkpoint=checkpoint, start=start
    )
    return network, events


def losses(events):
    return np.concatenate([event.loss for event in events if isinstance(event, StepsEnded)])


def test_a_run_tells_its_story_in_order_and_learns(bars):
    experiment = replace(SMALL, recipe=replace(SMALL.recipe, epochs=4))
    network, events = train(experiment, bars)
    assert isinstance(events[0], RunPrepared)
    assert events[0].steps_per_epoch == 15  # 450 images in batches of 32, the last one smaller
    assert events[0].network is network
    steps = [event for event in events if isinstance(event, StepsEnded)]
    assert [event.first_step for event in steps] == list(np.cumsum([0] + [len(e.loss) for e in steps])[:-1])
    assert len(losses(events)) == 60
    assert [event.step for event in events if isinstance(event, EpochEnded)] == [15, 30, 45, 60]
    end = events[-1]
    assert isinstance(end, RunEnded)
    assert (end.outcome, end.step) == (Outcome.FINISHED, 60)
    assert end.test_accuracy > 0.9
    assert end.train_seconds > 0


def test_every_step_tells_the_gradient_of_each_block(bars):
    architecture = replace(SMALL.architecture, blocks=2)
    run = Run("run", replace(SMALL, architecture=architecture))
    _, events = train(run.experiment, bars)
    for event in events:
        run.apply(event)
    norms = run.history.gradients.norms
    assert norms.shape == (30, 2)
    assert (norms > 0).all()


def test_reported_figures_are_those_of_the_network(bars):
    network, events = train(SMALL, bars)
    answers = Reader(network, "run", "net").probabilities(bars.x_test).argmax(axis=1)
    assert events[-1].test_accuracy == pytest.approx((answers == bars.y_test).mean())


def test_a_network_is_calibrated_on_its_validation_images_once_it_is_trained(bars):
    recipe = replace(SMALL.recipe, epochs=4, validation_share=0.4)
    network, events = train(replace(SMALL, recipe=recipe), bars)
    assert network.confidence.fitted
    assert events[-1].confidence == network.confidence
    answers, unsure = Reader(network, "run", "net").judge(bars.x_test)
    assert answers.max(axis=1).mean() == pytest.approx(events[-1].test_accuracy, abs=0.05)
    assert unsure.mean() < 0.1
    noise = np.random.default_rng(0).integers(0, 256, (50, 28, 28)).astype(np.uint8)
    assert Reader(network, "run", "net").judge(noise)[1].mean() > 0.9


def test_a_network_without_validation_images_is_not_calibrated(bars):
    network, events = train(replace(SMALL, recipe=replace(SMALL.recipe, validation_share=0.0)), bars)
    assert not network.confidence.fitted
    assert not events[-1].confidence.fitted


def test_same_seed_same_losses_bit_for_bit(bars):
    (first, events), (again, more) = train(SMALL, bars), train(SMALL, bars)
    np.testing.assert_array_equal(losses(events), losses(more))
    for path, values in first.weights().items():
        np.testing.assert_array_equal(values, again.weights()[path])
    _, other = train(replace(SMALL, recipe=replace(SMALL.recipe, seed=1)), bars)
    assert not np.array_equal(losses(events), losses(other))


@pytest.mark.parametrize("optimizer", ["adam", "sgd"])
@pytest.mark.parametrize("precision", ["auto", "mixed_bfloat16", "mixed_float16"])
def test_every_optimizer_and_precision_trains(bars, optimizer, precision):
    recipe = replace(SMALL.recipe, optimizer=optimizer, precision=precision, epochs=1, limit=64)
    architecture = replace(SMALL.architecture, batch_norm=True, stages=2)
    _, events = train(Experiment(architecture, recipe), bars)
    assert events[-1].outcome is Outcome.FINISHED
    assert np.isfinite(losses(events)).all()


def test_stop_keeps_curve_and_weights(bars):
    control = Control()

    def stop_later(event):
        if isinstance(event, StepsEnded) and event.first_step >= 3:
            control.stop()

    network, events = train(SMALL, bars, control, stop_later)
    end = events[-1]
    assert end.outcome is Outcome.STOPPED
    assert end.step == len(losses(events)) < 30
    assert end.test_accuracy is None
    assert Reader(network, "run", "net").read(bars.x_test[0]).probabilities.sum() == pytest.approx(1, abs=1e-5)


def test_pause_waits_and_resume_changes_nothing(bars):
    control, paused = Control(), threading.Event()

    def pause_once(event):
        if isinstance(event, StepsEnded) and event.first_step == 0:
            control.pause()
            threading.Thread(target=lambda: paused.wait() and control.resume()).start()
        if isinstance(event, Paused):
            paused.set()

    _, events = train(SMALL, bars, control, pause_once)
    kinds = [type(event) for event in events]
    assert kinds[kinds.index(Paused) :][:3] == [Paused, CheckpointMade, Resumed]
    _, undisturbed = train(SMALL, bars)
    np.testing.assert_array_equal(losses(events), losses(undisturbed))


def test_pause_and_stop_work_between_the_images_of_a_test(bars):
    control, kinds = Control(), []

    def pause_in_the_test(event):
        kinds.append(type(event))
        if isinstance(event, Progressed) and event.message == "testing":
            control.pause()
        if isinstance(event, Paused):
            threading.Thread(target=control.stop).start()

    _, events = train(SMALL, bars, control, pause_in_the_test)
    assert kinds[-4:] == [Paused, CheckpointMade, CheckpointMade, RunEnded]
    assert events[-1].outcome is Outcome.STOPPED
    assert events[-1].test_accuracy is None
    assert "before the test" in events[-1].message


def stopping_at(step):
    """A control, and what stops it once `step` steps are made."""
    control = Control()

    def stop(event):
        if isinstance(event, StepsEnded) and event.first_step + len(event.loss) >= step:
            control.stop()

    return control, stop


def checkpoints(events):
    return [event.checkpoint for event in events if isinstance(event, CheckpointMade)]


@pytest.mark.parametrize(
    ("optimizer", "precision", "shortcut", "more"),
    [
        ("adam", "float32", "dropout", {}),
        ("sgd", "float32", "identity", {"schedule": "one-cycle", "shift": 2.0, "elastic": 0.5, "pen": 0.3}),
        ("adam", "mixed_float16", "identity", {}),
    ],
)
def test_a_run_that_goes_on_ends_bit_for_bit_like_one_that_never_stopped(bars, optimizer, precision, shortcut, more):
    recipe = replace(SMALL.recipe, optimizer=optimizer, precision=precision, epochs=3, **more)
    experiment = Experiment(replace(SMALL.architecture, shortcut=shortcut, batch_norm=True), recipe)
    network, whole = train(experiment, bars)
    assert [checkpoint.step for checkpoint in checkpoints(whole)] == [15, 30, 45]
    stopped = train(experiment, bars, *stopping_at(17))[1]
    places = [*checkpoints(whole)[:2], checkpoints(stopped)[-1]]
    assert places[2].step >= 17
    for checkpoint in places:
        again, events = train(experiment, bars, checkpoint=checkpoint)
        assert events[0].first_step == checkpoint.step
        assert events[0].precision == precision
        np.testing.assert_array_equal(losses(events), losses(whole)[checkpoint.step :])
        for name, values in network.weights().items():
            np.testing.assert_array_equal(again.weights()[name], values)
        ends = [event for event in whole if isinstance(event, EpochEnded)][checkpoint.epochs :]
        assert [event for event in events if isinstance(event, EpochEnded)] == ends
        assert events[-1].test_accuracy == whole[-1].test_accuracy
        assert events[-1].train_seconds > checkpoint.seconds
        assert again.step.numpy() == network.step.numpy() == whole[-1].step


def test_an_epoch_whose_validation_was_stopped_is_validated_later(bars):
    control = Control()

    def stop_in_the_validation(event):
        if isinstance(event, Progressed) and event.message == "validating":
            control.stop()

    _, events = train(SMALL, bars, control, stop_in_the_validation)
    (checkpoint,) = checkpoints(events)
    assert (checkpoint.step, checkpoint.epochs) == (15, 0)
    assert not [event for event in events if isinstance(event, EpochEnded)]
    _, rest = train(SMALL, bars, checkpoint=checkpoint)
    assert [event.step for event in rest if isinstance(event, EpochEnded)] == [15, 30]


def test_a_run_that_was_stopped_before_its_test_is_tested_later(bars):
    control = Control()

    def stop_in_the_test(event):
        if isinstance(event, Progressed) and event.message == "testing":
            control.stop()

    _, events = train(SMALL, bars, control, stop_in_the_test)
    _, rest = train(SMALL, bars, checkpoint=checkpoints(events)[-1])
    assert not losses([*rest, StepsEnded("run", 30, np.zeros(0), np.zeros(0), 0.0, 0.0)]).size
    assert rest[-1].outcome is Outcome.FINISHED
    assert rest[-1].test_accuracy is not None


def test_nothing_is_kept_to_train_on_once_a_run_is_finished(bars):
    _, events = train(SMALL, bars)
    assert checkpoints(events)[-1].state == {}
    assert checkpoints(events)[-1].weights


def test_a_checkpoint_of_another_network_is_refused(bars):
    _, events = train(SMALL, bars, *stopping_at(2))
    wider = replace(SMALL, architecture=replace(SMALL.architecture, width=SMALL.architecture.width + 1))
    with pytest.raises(LibraryError, match="does not fit its network"):
        train(wider, bars, checkpoint=checkpoints(events)[-1])


def test_a_run_goes_on_only_with_as_much_data_as_it_began_with(bars):
    _, events = train(SMALL, bars, *stopping_at(20))
    twice = replace(bars, x_train=np.tile(bars.x_train, (2, 1, 1)), y_train=np.tile(bars.y_train, 2))
    with pytest.raises(LibraryError, match="only with the data that it began with"):
        train(SMALL, twice, checkpoint=checkpoints(events)[-1])


def test_a_run_begins_with_the_weights_of_another(bars):
    network, events = train(SMALL, bars)
    start = network.weights()
    gentle = replace(SMALL, recipe=replace(SMALL.recipe, learning_rate=1e-8, start="other"))
    again, more = train(gentle, bars, start=start)
    assert losses(more).mean() < losses(events)[:10].mean() / 2
    for name, values in start.items():
        np.testing.assert_allclose(again.weights()[name], values, atol=1e-5)
    wider = replace(gentle, architecture=replace(SMALL.architecture, width=8))
    with pytest.raises(LibraryError, match="The run other has another architecture"):
        train(wider, bars, start=start)


@pytest.mark.parametrize("schedule", ["one-cycle", "steps"])
def test_a_schedule_ends_with_small_steps(bars, schedule):
    """What the last steps change is a small part of what those in the middle do."""
    recipe = replace(
        SMALL.recipe, optimizer="sgd", learning_rate=0.1, schedule=schedule, epochs=4, validation_share=0.0
    )
    _, events = train(replace(SMALL, recipe=recipe), bars)
    first, middle, almost, last = (place.weights["stem/kernel"] for place in checkpoints(events))
    assert np.abs(last - almost).max() < np.abs(middle - first).max() / 2


def test_a_run_goes_on_only_with_the_images_that_it_began_with(bars):
    _, events = train(SMALL, bars, *stopping_at(17))
    labels = bars.y_train.copy()
    labels[0] = (labels[0] + 1) % 10
    with pytest.raises(LibraryError, match="only with the data that it began with"):
        train(SMALL, replace(bars, y_train=labels), checkpoint=checkpoints(events)[-1])
    old = replace(checkpoints(events)[-1], data="")  # of an earlier version, which kept no digest
    assert train(SMALL, replace(bars, y_train=labels), checkpoint=old)[1][-1].outcome is Outcome.FINISHED


def test_stop_ends_a_pause(bars):
    control = Control()

    def pause_then_stop(event):
        if isinstance(event, StepsEnded):
            control.pause()
        if isinstance(event, Paused):
            threading.Thread(target=control.stop).start()

    _, events = train(SMALL, bars, control, pause_then_stop)
    assert events[-1].outcome is Outcome.STOPPED
    assert Resumed not in {type(event) for event in events}


def test_a_loss_that_is_not_finite_ends_the_run_with_its_step(bars):
    recipe = replace(SMALL.recipe, optimizer="sgd", learning_rate=100.0)
    _, events = train(Experiment(replace(SMALL.architecture, blocks=30), recipe), bars)
    end = events[-1]
    assert end.outcome is Outcome.DIVERGED
    assert f"step {end.step + 1}" in end.message
    assert len(losses(events)) == end.step
    assert np.isfinite(losses(events)).all()


def test_weights_that_blow_up_in_the_last_step_are_no_success(bars):
    recipe = replace(SMALL.recipe, optimizer="sgd", learning_rate=100.0, limit=32, epochs=1, validation_share=0.0)
    _, events = train(Experiment(replace(SMALL.architecture, blocks=30), recipe), bars)
    assert len(losses(events)) == 1
    assert np.isfinite(losses(events)).all()
    assert events[-1].outcome is Outcome.DIVERGED
    assert events[-1].test_loss is None


def test_without_validation_and_with_one_image(bars):
    recipe = replace(SMALL.recipe, validation_share=0.0, limit=1, epochs=1)
    _, events = train(replace(SMALL, recipe=recipe), bars)
    assert [event.validation_loss for event in events if isinstance(event, EpochEnded)] == [None]
    assert events[-1].outcome is Outcome.FINISHED
    assert events[-1].step == 1


def test_a_step_beyond_the_memory_is_refused_before_it_starts():
    huge = Architecture(blocks=200, width=512)
    with pytest.raises(RecipeError, match=r"needs about .* GiB.*take a smaller batch"):
        training.require_memory(make_blueprint(huge), replace(SMALL.recipe, batch_size=4096), 4096)


def test_a_failure_becomes_the_last_event(tmp_path):
    events = []
    network = training.run("run", Experiment(), emit=events.append, control=Control(), data_dir=tmp_path / "nowhere")
    assert network is None
    assert events[-1].outcome is Outcome.FAILED
    assert "nowhere" in events[-1].message
    assert events[-1].error == "DatasetError"
    assert not events[-1].details


def test_an_unknown_failure_has_a_sentence_and_details():
    try:
        raise KeyError("surprise")
    except KeyError as error:
        event = training.failure("run", error)
    assert event.message == "Training failed with KeyError; the details say more."
    assert "surprise" in event.details
    assert "memory" in training.failure("run", MemoryError()).message


def test_memory_that_runs_out_after_the_first_steps_loses_nothing_learned(bars, monkeypatch):
    def no_memory(*_):
        raise MemoryError

    monkeypatch.setattr(training.Loop, "evaluate", no_memory)
    network, events = train(SMALL, bars)
    steps = sum(len(event.loss) for event in events if isinstance(event, StepsEnded))
    assert network.weights()
    assert events[-1].outcome is Outcome.FAILED
    assert events[-1].step == steps > 0
    assert "memory ran out" in events[-1].message


@pytest.mark.parametrize("order", Order)
def test_every_shortcut_and_order_trains_two_steps(bars, order):
    few = replace(bars, x_test=bars.x_test[:8], y_test=bars.y_test[:8])
    recipe = replace(SMALL.recipe, epochs=1, limit=64, validation_share=0.0)
    for shortcut in Shortcut:
        if refusal(shortcut, order, True):
            continue
        architecture = Architecture(1, 2, 4, shortcut, True, stem_stride=2, order=order)
        _, events = train(Experiment(architecture, recipe), few)
        assert sum(len(event.loss) for event in events if isinstance(event, StepsEnded)) == 2
        assert events[-1].outcome is Outcome.FINISHED, shortcut


def test_a_live_reader_follows_the_weights(bars):
    answers = []
    readers = []

    def read(event):
        if isinstance(event, RunPrepared):
            readers.append(Reader(event.network, "run", "net"))
        if isinstance(event, StepsEnded | RunPrepared):
            answers.append(readers[0].read(bars.x_test[0]).probabilities)

    train(SMALL, bars, on_event=read)
    assert not np.array_equal(answers[0], answers[1])
    assert not np.array_equal(answers[1], answers[-1])


def test_progress_says_what_is_being_done(bars):
    _, events = train(SMALL, bars)
    assert "testing" in [event.message for event in events if isinstance(event, Progressed)]


def test_a_run_that_was_stopped_before_it_began_builds_nothing(bars):
    control = Control()
    control.stop()
    with pytest.raises(Cancelled):
        train(SMALL, bars, control=control)


def test_a_pause_is_no_training_time(bars, monkeypatch):
    control = Control()
    ticks = itertools.count()
    paused = []
    monkeypatch.setattr(training.time, "perf_counter", lambda: next(ticks) + sum(paused))

    def hear(event):
        if isinstance(event, StepsEnded) and event.first_step == 0:
            control.pause()
        if isinstance(event, Paused):
            paused.append(1e6)
            control.resume()

    _, events = train(SMALL, bars, control=control, on_event=hear)
    assert any(isinstance(event, Resumed) for event in events)
    assert events[-1].train_seconds < 1e6
