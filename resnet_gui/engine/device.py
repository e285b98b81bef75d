"""The hardware that computes: which device, why that one, and which number format suits it."""

import contextlib
import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from resnet_gui.core.errors import DeviceError
from resnet_gui.core.experiment import Precision
from resnet_gui.engine.backend import tf

DEVICES = ("auto", "cpu", "gpu")
BFLOAT16_FLAGS = {"avx512_bf16", "amx_bf16"}  # what /proc/cpuinfo calls the instructions
TENSOR_CORES = (7, 0)  # compute capability that multiplies float16
BFLOAT16_CORES = (8, 0)  # and bfloat16


@dataclass(frozen=True)
class Device:
    """Where a network computes. `tf_name` is TensorFlow's name for it, `text` says what it is and why it was taken."""

    kind: str  # "cpu" or "gpu"
    tf_name: str
    text: str
    fast_precision: Precision  # the quickest one that the hardware has instructions for

    def precision(self, wanted: Precision) -> Precision:
        """The number format for `wanted`: itself, or for AUTO the one that the hardware is made for.

        A run asks `engine.precision` on top, which can fall back to float32; an estimate need not be that exact.
        """
        return self.fast_precision if wanted is Precision.AUTO else wanted


def choose_device(wanted: str = "auto") -> Device:
    """The device for `wanted` (auto, cpu or gpu). Raises DeviceError if it is not there."""
    if wanted not in DEVICES:
        raise DeviceError(f"The device must be one of {', '.join(DEVICES)}; got {wanted!r}.")
    gpus = tf.config.list_physical_devices("GPU")
    if wanted == "gpu" and not gpus:
        raise DeviceError("TensorFlow sees no GPU here; use the device auto or cpu, or run `resnet-gui doctor`.")
    if gpus and wanted != "cpu":
        for gpu in gpus:
            with contextlib.suppress(RuntimeError):  # TensorFlow is already running, and keeps what it began with
                tf.config.experimental.set_memory_growth(gpu, True)
        return _gpu(gpus[0])
    if gpus:  # so that nothing else in this process takes one
        with contextlib.suppress(RuntimeError):
            tf.config.set_visible_devices([], "GPU")
    why = "as asked for" if wanted == "cpu" else "TensorFlow sees no GPU"
    return Device("cpu", "/CPU:0", f"CPU, {os.cpu_count()} cores ({why})", _cpu_precision())


def start_threads() -> None:
    """Let TensorFlow begin the threads that compute, if it has not yet: they inherit the caller's niceness."""
    tf.constant(0)


def processor_name() -> str:
    """What the system calls its processor."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def available_memory() -> int | None:
    """Bytes of main memory that a process may still take, or None where the system does not tell."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None


def _gpu(gpu: tf.config.PhysicalDevice) -> Device:
    details = tf.config.experimental.get_device_details(gpu)
    capability = details.get("compute_capability", (0, 0))
    if capability >= BFLOAT16_CORES:
        fast = Precision.MIXED_BFLOAT16
    elif capability >= TENSOR_CORES:
        fast = Precision.MIXED_FLOAT16
    else:
        fast = Precision.FLOAT32
    return Device("gpu", "/GPU:0", f"GPU, {details.get('device_name', 'unnamed')} (found by TensorFlow)", fast)


def _cpu_precision() -> Precision:
    if sys.platform != "linux" or platform.machine() not in ("x86_64", "AMD64"):
        return Precision.FLOAT32
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return Precision.FLOAT32
    flags: set[str] = next((set(line.split()) for line in lines if line.startswith("flags")), set())
    return Precision.MIXED_BFLOAT16 if flags & BFLOAT16_FLAGS else Precision.FLOAT32
