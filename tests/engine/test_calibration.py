"""Measuring the machine with one small network, and the file that keeps what was measured."""

import json
from dataclasses import replace

import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.errors import Cancelled
from resnet_gui.core.estimate import Calibration, typical_calibration, typical_start
from resnet_gui.core.experiment import Precision
from resnet_gui.engine import calibration as module
from resnet_gui.engine.calibration import (
    PROBES,
    Probe,
    calibrate,
    calibration_file,
    calibration_for,
    load_calibration,
    machine_name,
    save_calibration,
)
from resnet_gui.engine.device import Device, choose_device

CPU = choose_device("cpu")
SMALL = (Probe(Architecture(blocks=0, width=4, stem_stride=2), (1, 8)),)
FLOAT32 = Precision.FLOAT32


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("RESNET_GUI_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def measured(monkeypatch):
    """How often the machine was measured; the measurement itself takes no time."""
    calls = []

    def pretend(device, precision, cancelled):
        calls.append(precision)
        return replace(here(), costs=tuple(cost * len(calls) for cost in here().costs))

    monkeypatch.setattr(module, "calibrate", pretend)
    return calls


def here():
    return replace(typical_calibration(), machine=machine_name(CPU))


def gpu(name):
    return Device("gpu", "/GPU:0", f"GPU, {name} (found by TensorFlow)", Precision.MIXED_FLOAT16)


def test_a_calibration_runs_the_real_loop_and_says_where():
    calibration = calibrate(CPU, FLOAT32, probes=SMALL)
    assert isinstance(calibration, Calibration)
    assert (calibration.machine, calibration.precision) == (machine_name(CPU), FLOAT32)
    assert calibrate(CPU, Precision.AUTO, probes=SMALL).precision is CPU.fast_precision


def test_a_machine_that_is_slower_by_the_clock_gets_higher_costs():
    def ticking(seconds):
        time = iter(range(1_000_000))
        return lambda: next(time) * seconds

    fast, slow = (calibrate(CPU, FLOAT32, probes=SMALL, clock=ticking(seconds)) for seconds in (0.001, 0.01))
    # A chunk that takes longer has fewer steps: by how much the costs differ is not the clock's factor alone.
    assert all(high > low for high, low in zip(slow.costs, fast.costs, strict=True))
    # Three readings from the building to the end of the first step; one of them is for the step, and not for the start.
    typical = typical_start(SMALL[0].architecture)
    assert slow.start_factor == pytest.approx((0.03 - 0.01) / typical)


def test_compiling_is_measured_anew_each_time():
    first, again = (calibrate(CPU, FLOAT32, probes=SMALL) for _ in range(2))
    # A graph from memory would take a hundredth of the time to compile.
    assert again.start_factor > 0.2 * first.start_factor


def test_all_probes_are_different_and_can_be_built():
    assert len({probe.architecture for probe in PROBES}) == len(PROBES)
    assert all(1 <= batch_size <= module.IMAGES for probe in PROBES for batch_size in probe.batch_sizes)


@pytest.mark.parametrize("asked", [0, 1, 4])
def test_a_calibration_can_be_cancelled_between_its_measurements(asked):
    answers = iter([False] * asked + [True])
    with pytest.raises(Cancelled):
        calibrate(CPU, FLOAT32, probes=SMALL, cancelled=lambda: next(answers))


def test_a_cancelled_calibration_is_not_kept(home):
    with pytest.raises(Cancelled):
        calibration_for(CPU, FLOAT32, cancelled=lambda: True)
    assert load_calibration(CPU, FLOAT32) is None


def test_the_machine_is_measured_once_for_each_precision(measured, home):
    first = calibration_for(CPU, FLOAT32)
    assert calibration_for(CPU, FLOAT32) == first
    assert measured == [FLOAT32]
    calibration_for(CPU, Precision.MIXED_BFLOAT16)
    assert measured == [FLOAT32, Precision.MIXED_BFLOAT16]
    assert not list(home.rglob("unfinished-*"))


def test_what_auto_means_shares_the_file_of_its_precision():
    assert calibration_file(CPU, Precision.AUTO) == calibration_file(CPU, CPU.fast_precision)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "\x00\xff",
        "[" * 100_000,
        json.dumps({"version": module.VERSION}),
        json.dumps({**typical_calibration().to_dict(), "version": module.VERSION + 1}),
        json.dumps({**typical_calibration().to_dict(), "version": module.VERSION}),  # of another machine
    ],
)
def test_a_broken_foreign_or_newer_file_means_measuring_again(text, measured):
    path = calibration_file(CPU, FLOAT32)
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="latin-1")
    assert load_calibration(CPU, FLOAT32) is None
    assert calibration_for(CPU, FLOAT32) == load_calibration(CPU, FLOAT32)
    assert len(measured) == 1


def test_a_folder_in_the_place_of_the_file_or_a_file_in_that_of_the_folder_is_no_error(measured):
    calibration_file(CPU, FLOAT32).mkdir(parents=True)
    calibration_for(CPU, FLOAT32)
    calibration_file(CPU, FLOAT32).rmdir()
    calibration_file(CPU, FLOAT32).parent.rmdir()
    calibration_file(CPU, FLOAT32).parent.write_text("")
    calibration_for(CPU, FLOAT32)
    assert len(measured) == 2


def test_saving_replaces_the_whole_file():
    path = calibration_file(CPU, FLOAT32)
    for factor in (1.0, 2.0):
        save_calibration(replace(here(), start_factor=factor), path)
        assert load_calibration(CPU, FLOAT32).start_factor == factor
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_another_gpu_core_count_or_version_is_another_machine(monkeypatch):
    names = {machine_name(CPU), machine_name(gpu("T4")), machine_name(gpu("H100"))}
    files = {calibration_file(device, FLOAT32) for device in (CPU, gpu("T4"), gpu("H100"))}
    assert len(names) == len(files) == 3
    monkeypatch.setattr(module.tf, "__version__", "0.0")
    assert machine_name(CPU) not in names
    monkeypatch.undo()
    monkeypatch.setattr(module.os, "sched_getaffinity", lambda process: range(1234), raising=False)
    assert machine_name(CPU) not in names
