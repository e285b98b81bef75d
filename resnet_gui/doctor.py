"""What this machine has, what is missing, and the line that mends it.

Whatever can crash is tried in a process of its own: TensorFlow where the processor lacks its instructions, and Qt
where a system library is missing or the display does not answer.
"""

import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from json import dumps, loads
from pathlib import Path
from typing import Any, TextIO

from resnet_gui.core.errors import LibraryError
from resnet_gui.core.paths import assets_folder, home_folder

PYTHONS = ((3, 11), (3, 14))  # from the first, before the second
ENGINE_SECONDS = 180  # TensorFlow on a cold disk
QT_SECONDS = 30
NEEDED_DISK = 1 * 2**30  # bytes: MNIST, and hundreds of saved runs
NEEDED_MEMORY = 2 * 2**30  # bytes: TensorFlow, MNIST and a network of the presets

SHIPPED = ("digits.npz", "starter.npz")

# What Qt's wheels expect of the system, as `ldd` shows it, and the Debian package of each.
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
X11_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb.so.1": "libxcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
WAYLAND_LIBRARIES = {
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
}

# The first line says which libraries are missing, the last one which platform Qt took. Qt aborts where it finds none.
QT_PROBE = """
import ctypes, json, sys
missing = []
for name in sys.argv[1:]:
    try:
        ctypes.CDLL(name)
    except OSError:
        missing.append(name)
print(json.dumps(missing), flush=True)
from PySide6 import QtSvg, QtWidgets, __version__
print(json.dumps([__version__, QtWidgets.QApplication([]).platformName()]))
"""

# Asks the engine itself, so that the answer is what a training run would get.
ENGINE_PROBE = """
import json
from resnet_gui.engine.device import available_memory, choose_device
import keras, tensorflow
device = choose_device()
print(json.dumps({"version": tensorflow.__version__, "keras": keras.__version__, "kind": device.kind,
    "device": device.text, "cuda": tensorflow.test.is_built_with_cuda(), "memory": available_memory()}))
"""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `ok` is False only where the explorer cannot do its work."""

    name: str
    ok: bool
    text: str
    mend: str = ""  # the line to type, or what to do


def examine() -> list[Finding]:
    """Look at everything that the explorer needs."""
    return [
        examine_python(),
        *examine_engine(),
        examine_window(),
        examine_shipped_files(),
        examine_data(),
        *examine_home(),
    ]


def examine_python() -> Finding:
    """The version of Python."""
    version = ".".join(map(str, sys.version_info[:3]))
    if PYTHONS[0] <= sys.version_info[:2] < PYTHONS[1]:
        return Finding("Python", True, version)
    return Finding("Python", False, f"{version} is not supported", "install Python 3.11, 3.12 or 3.13")


def examine_engine() -> list[Finding]:
    """TensorFlow, the device that it computes on, and the memory there is."""
    done = _try(ENGINE_PROBE, [], ENGINE_SECONDS)
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        mend = f"{sys.executable} -m pip install --force-reinstall tensorflow keras"
        if done.returncode == -getattr(signal, "SIGILL", 4):
            mend = "this processor is too old: TensorFlow's wheels need one with AVX"
        return [Finding("TensorFlow", False, f"cannot be used: {_last_words(done)}", mend)]
    found: dict[str, Any] = loads(lines[-1])
    return [
        Finding("TensorFlow", True, f"{found['version']} with Keras {found['keras']}"),
        _examine_device(found),
        _examine_memory(found["memory"]),
    ]


def _examine_device(found: dict[str, Any]) -> Finding:
    if found["kind"] == "gpu":
        return Finding("Device", True, found["device"])
    cpu = found["device"]
    if sys.platform != "linux":
        text = f"{cpu}; TensorFlow has no GPU support of its own on this system"
        return Finding("Device", True, text, "to train on a GPU use Linux or, on Windows, WSL2")
    if not _has_nvidia_driver():
        return Finding("Device", True, f"{cpu}; no NVIDIA driver found")
    if os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1"):
        return Finding("Device", True, f"{cpu}; CUDA_VISIBLE_DEVICES hides the GPUs", "unset CUDA_VISIBLE_DEVICES")
    if platform.machine() != "x86_64":
        return Finding("Device", True, f"{cpu}; an NVIDIA driver is there, but TensorFlow has CUDA only on x86_64")
    why = "its CUDA libraries are missing or do not load" if found["cuda"] else "this TensorFlow is built without CUDA"
    return Finding("Device", True, f"{cpu}; an NVIDIA driver is there, but {why}", 'pip install "resnet-gui[gpu]"')


def _examine_memory(free: int | None) -> Finding:
    if free is None:
        return Finding("Memory", True, "this system does not tell")
    if free < NEEDED_MEMORY:
        text = f"{_gibibytes(free)} free, {_gibibytes(NEEDED_MEMORY)} are needed to train the presets"
        return Finding("Memory", False, text, "close other programs, or train narrower networks in smaller batches")
    return Finding("Memory", True, f"{_gibibytes(free)} free")


def examine_window() -> Finding:
    """Qt, the libraries that it needs of the system, and whether a window can open here."""
    return _examine_window()[0]


def _examine_window() -> tuple[Finding, list[str]]:
    """The finding, and the Debian packages that would mend it."""
    wanted = dict(LIBRARIES)
    headless = sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    chosen = os.environ.get("QT_QPA_PLATFORM") or ("offscreen" if headless else "")
    if os.environ.get("DISPLAY") and chosen in ("", "xcb"):
        wanted |= X11_LIBRARIES
    if os.environ.get("WAYLAND_DISPLAY") and chosen in ("", "wayland"):
        wanted |= WAYLAND_LIBRARIES
    if sys.platform != "linux":
        wanted = {}
    done = _try(QT_PROBE, list(wanted), QT_SECONDS, {"QT_QPA_PLATFORM": chosen} if chosen else {})
    lines = done.stdout.splitlines()
    # The real try decides: on Wayland, say, Qt may do without what only X11 needs.
    if done.returncode == 0:
        version, took = loads(lines[-1])
        if headless:
            text = f"PySide6 {version}; no display (neither DISPLAY nor WAYLAND_DISPLAY is set)"
            return Finding("Window", True, text, "without a display: resnet-gui demo --out FOLDER"), []
        return Finding("Window", True, f"PySide6 {version} on {took}"), []
    missing = loads(lines[0]) if lines else []
    if missing:
        packages = sorted({wanted[name] for name in missing})
        if shutil.which("apt-get"):
            mend = f"sudo apt-get update && sudo apt-get install -y {' '.join(packages)}"
        else:
            mend = "install these libraries with the system's package manager"
        return Finding("Window", False, f"Qt lacks {', '.join(missing)}", mend), packages
    if "No module named" in done.stderr:
        mend = f"{sys.executable} -m pip install PySide6-Essentials"
    else:
        mend = "check DISPLAY and WAYLAND_DISPLAY; without a display: resnet-gui demo --out FOLDER"
    return Finding("Window", False, f"Qt cannot open one: {_last_words(done)}", mend), []


def examine_shipped_files() -> Finding:
    """The bundled digits and the starter network."""
    folder = assets_folder()
    missing = [name for name in SHIPPED if not (folder / name).is_file()]
    if not missing:
        return Finding("Shipped files", True, f"bundled digits and starter network in {folder}")
    checkout = (folder.parent / "pyproject.toml").is_file()
    reinstall = f"{sys.executable} -m pip install --force-reinstall --no-deps resnet-gui"
    mend = f"git -C {folder.parent} checkout -- assets" if checkout else reinstall
    return Finding("Shipped files", False, f"{' and '.join(missing)} missing in {folder}", mend)


def examine_data() -> Finding:
    """Where MNIST is, or how to get it."""
    from resnet_gui.engine.datasets import find_mnist  # knows the places, and needs no TensorFlow

    named = os.environ.get("RESNET_GUI_DATA")
    if named and not os.path.isdir(os.path.expanduser(named)):
        text = f"RESNET_GUI_DATA names {named}, which is not a folder"
        return Finding("MNIST", False, text, "set RESNET_GUI_DATA to a folder that holds mnist.npz, or unset it")
    if path := find_mnist(None):
        return Finding("MNIST", True, str(path))
    text = "not on this machine; it is downloaded when it is first trained on, and the bundled digits are always there"
    return Finding("MNIST", True, text, "without a network: set RESNET_GUI_DATA to a folder that holds mnist.npz")


def examine_home() -> list[Finding]:
    """Where runs are kept: whether that can be written to, and the disk space there. Leaves nothing behind."""
    mend = "set RESNET_GUI_HOME to a folder that you may write to"
    try:
        home = home_folder()
        place = next(folder for folder in (home, *home.parents) if os.path.lexists(folder))
        with tempfile.TemporaryFile(dir=place) as file:
            file.write(b"resnet-gui")
        free = shutil.disk_usage(place).free
    except (OSError, LibraryError) as error:
        shown = os.environ.get("RESNET_GUI_HOME") or "the folder for user data"
        why = getattr(error, "strerror", None) or str(error)
        return [Finding("Saved runs", False, f"cannot be kept in {shown} ({why})", mend)]
    state = "" if place == home else " (made when it is first needed)"
    kept = Finding("Saved runs", True, f"{home}{state}")
    if free < NEEDED_DISK:
        text = f"{_gibibytes(free)} free where runs are kept, {_gibibytes(NEEDED_DISK)} are advisable"
        return [kept, Finding("Disk", False, text, "delete runs that you no longer need, or " + mend)]
    return [kept, Finding("Disk", True, f"{_gibibytes(free)} free")]


def report(findings: list[Finding], out: TextIO) -> None:
    """Write the findings for people, each with the line that mends it."""
    width = max(len(finding.name) for finding in findings)
    for finding in findings:
        mark = "FAIL" if not finding.ok else "note" if finding.mend else "ok"
        out.write(f"{mark:<5} {finding.name:<{width}}  {finding.text}\n")
        if finding.mend:
            out.write(f"{'':<{width + 6}}  -> {finding.mend}\n")


def main(json: bool = False) -> int:
    """Print all findings, as text or with a JSON object as the last line; 0 if all that matters is well, else 1."""
    findings = examine()
    well = all(finding.ok for finding in findings)
    report(findings, sys.stderr if json else sys.stdout)
    if json:
        print(dumps({"findings": [asdict(finding) for finding in findings], "ok": well}))
    return 0 if well else 1


def prepare_qt() -> int:
    """Have Qt's system libraries: as root on a Debian system install what is missing, else say what to type.

    This is the Makefile's step before a window, a demo or a test. 0 if Qt works in the end, else 1.
    """
    finding, packages = _examine_window()
    if packages and shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        print(f"{finding.text}; installing {' '.join(packages)}", flush=True)
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
            subprocess.run(["apt-get", "-q", *step], env=quiet, check=False)
        finding, packages = _examine_window()
    if not finding.ok:
        report([finding], sys.stderr)
    return 0 if finding.ok else 1


def _try(
    code: str, arguments: list[str], seconds: float, extra: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run Python code in a fresh process; a timeout reads like a failure of the process."""
    command = [sys.executable, "-c", code, *arguments]
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **(extra or {})}
    try:
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"it gave no answer within {seconds:g} seconds")


def _last_words(done: subprocess.CompletedProcess[str]) -> str:
    """One line on why a process failed."""
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    # Qt begins with the reason and ends with advice; Python ends with the reason.
    qt = [line for line in lines if line.startswith("qt.qpa")]
    if qt:
        return qt[0].split(": ", 1)[-1]
    if lines:
        return lines[-1]
    if done.returncode < 0:
        return f"the process died of {signal.Signals(-done.returncode).name}"
    return f"the process ended with status {done.returncode}"


def _gibibytes(count: int) -> str:
    return f"{count / 2**30:.1f} GiB"


def _has_nvidia_driver() -> bool:
    return Path("/proc/driver/nvidia/version").exists() or shutil.which("nvidia-smi") is not None


if __name__ == "__main__":
    sys.exit(prepare_qt())
