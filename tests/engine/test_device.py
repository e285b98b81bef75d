import pytest

from resnet_gui.core.errors import DeviceError
from resnet_gui.core.experiment import Precision
from resnet_gui.engine import device
from resnet_gui.engine.device import available_memory, choose_device


def test_the_cpu_is_always_there_and_says_why():
    assert "as asked for" in choose_device("cpu").text
    assert "no GPU" in choose_device("auto").text  # the tests hide all GPUs
    assert choose_device("cpu").tf_name == "/CPU:0"


def test_a_gpu_that_is_not_there_is_refused_with_a_way_out():
    with pytest.raises(DeviceError, match="doctor"):
        choose_device("gpu")


def test_other_devices_are_refused():
    with pytest.raises(DeviceError, match="auto, cpu, gpu; got 'tpu'"):
        choose_device("tpu")


@pytest.mark.parametrize(
    ("flags", "fast"),
    [
        ("fpu avx512f avx512_bf16", Precision.MIXED_BFLOAT16),
        ("amx_bf16", Precision.MIXED_BFLOAT16),
        ("fpu avx2", "float32"),
    ],
)
def test_auto_takes_bfloat16_only_where_the_processor_has_it(monkeypatch, flags, fast):
    monkeypatch.setattr(device.sys, "platform", "linux")
    monkeypatch.setattr(device.platform, "machine", lambda: "x86_64")
    monkeypatch.setattr(device.Path, "read_text", lambda *_, **__: f"processor : 0\nflags : {flags}\n")
    assert device.choose_device("cpu").precision(Precision.AUTO) == fast


def test_a_precision_that_was_named_is_taken():
    assert choose_device("cpu").precision(Precision.MIXED_FLOAT16) is Precision.MIXED_FLOAT16


def test_the_free_memory_is_told_in_bytes():
    free = available_memory()
    assert free is None or free > 2**20
