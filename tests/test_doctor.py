import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from resnet_gui import doctor
from resnet_gui.doctor import Finding


def failed(code, output="", error=""):
    return lambda *_: subprocess.CompletedProcess([], code, output, error)


def engine(**found):
    usual = {"version": "2", "keras": "3", "kind": "cpu", "device": "CPU", "cuda": True, "memory": 2**40}
    return lambda *_: subprocess.CompletedProcess([], 0, json.dumps(usual | found), "")


@pytest.fixture(scope="module")
def findings():
    return {finding.name: finding for finding in doctor.examine()}


def test_everything_that_the_tests_need_is_well_here(findings):
    # Not the memory: a busy machine is no fault of the code.
    assert {"Python", "TensorFlow", "Device", "Memory", "Window", "MNIST", "Saved runs", "Disk"} <= findings.keys()
    for name in ("Python", "TensorFlow", "Device", "Window", "Shipped files", "Saved runs"):
        assert findings[name].ok, findings[name]


def test_looking_at_the_machine_loads_neither_tensorflow_nor_qt():
    code = (
        "import sys; from resnet_gui import doctor\n"
        "doctor.ENGINE_PROBE = 'exit(1)'; doctor.examine()\n"
        "print(sorted({'tensorflow', 'keras', 'PySide6'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300, check=True)
    assert done.stdout.strip() == "[]"


def test_main_ends_with_one_json_object_and_keeps_the_text_off_stdout(monkeypatch, capsys):
    monkeypatch.setattr(
        doctor, "examine", lambda: [Finding("Python", True, "3"), Finding("Disk", False, "full", "tidy")]
    )
    assert doctor.main(json=True) == 1
    out, err = capsys.readouterr()
    assert json.loads(out) == {
        "findings": [
            {"name": "Python", "ok": True, "text": "3", "mend": ""},
            {"name": "Disk", "ok": False, "text": "full", "mend": "tidy"},
        ],
        "ok": False,
    }
    assert "tidy" in err


def test_status_is_zero_where_only_notes_remain(monkeypatch, capsys):
    monkeypatch.setattr(doctor, "examine", lambda: [Finding("Device", True, "CPU", "pip install more")])
    assert doctor.main() == 0
    assert capsys.readouterr().out.startswith("note  Device")


def test_report_shows_each_finding_with_its_mend():
    out = io.StringIO()
    doctor.report([Finding("Python", True, "3.12.1"), Finding("Window", False, "Qt lacks x", "install x")], out)
    assert out.getvalue().splitlines() == [
        "ok    Python  3.12.1",
        "FAIL  Window  Qt lacks x",
        "              -> install x",
    ]


@pytest.mark.parametrize("version", [(3, 10, 9), (3, 14, 0)])
def test_other_pythons_are_refused(monkeypatch, version):
    monkeypatch.setattr(sys, "version_info", version)
    finding = doctor.examine_python()
    assert not finding.ok
    assert "3.12" in finding.mend


def test_broken_tensorflow_is_reported_with_its_last_words(monkeypatch):
    monkeypatch.setattr(doctor, "_try", failed(1, error="Traceback ...\nImportError: libfoo is missing\n"))
    (finding,) = doctor.examine_engine()
    assert not finding.ok
    assert "libfoo is missing" in finding.text
    assert "pip install" in finding.mend


def test_processor_without_the_instructions_is_named_as_the_reason(monkeypatch):
    monkeypatch.setattr(doctor, "_try", failed(-4))
    (finding,) = doctor.examine_engine()
    assert "SIGILL" in finding.text
    assert "AVX" in finding.mend


def test_tensorflow_that_hangs_is_given_up(monkeypatch):
    monkeypatch.setattr(doctor, "ENGINE_PROBE", "import time; time.sleep(60)")
    monkeypatch.setattr(doctor, "ENGINE_SECONDS", 0.2)
    (finding,) = doctor.examine_engine()
    assert "0.2 seconds" in finding.text


@pytest.mark.skipif(sys.platform != "linux", reason="TensorFlow drives GPUs on Linux alone")
def test_unused_gpu_names_the_extra(monkeypatch):
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES")
    monkeypatch.setattr(doctor, "_try", engine())
    monkeypatch.setattr(doctor, "_has_nvidia_driver", lambda: True)
    monkeypatch.setattr(doctor.platform, "machine", lambda: "x86_64")
    device = doctor.examine_engine()[1]
    assert device.ok
    assert "CUDA libraries" in device.text
    assert device.mend == 'pip install "resnet-gui[gpu]"'
    monkeypatch.setattr(doctor.platform, "machine", lambda: "aarch64")
    assert "only on x86_64" in doctor.examine_engine()[1].text
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "-1")
    assert "hides" in doctor.examine_engine()[1].text


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_systems_without_gpu_support_say_so(monkeypatch, system):
    monkeypatch.setattr(doctor, "_try", engine())
    monkeypatch.setattr(sys, "platform", system)
    assert "no GPU support" in doctor.examine_engine()[1].text


def test_little_memory_is_a_failure(monkeypatch):
    monkeypatch.setattr(doctor, "_try", engine(memory=2**29))
    memory = doctor.examine_engine()[2]
    assert not memory.ok
    assert "0.5 GiB" in memory.text


@pytest.mark.skipif(sys.platform != "linux", reason="the libraries are Linux's")
def test_missing_libraries_are_named_with_their_packages(monkeypatch):
    missing = '["libxcb-cursor.so.0", "libEGL.so.1"]\n'
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("QT_QPA_PLATFORM")
    monkeypatch.setattr(doctor, "_try", failed(-6, missing, "qt.qpa.plugin: Could not load the plugin"))
    monkeypatch.setattr(doctor.shutil, "which", lambda _: "/usr/bin/apt-get")
    finding = doctor.examine_window()
    assert not finding.ok
    assert "libxcb-cursor.so.0" in finding.text
    assert finding.mend.endswith("apt-get install -y libegl1 libxcb-cursor0")


@pytest.mark.skipif(sys.platform != "linux", reason="displays are Linux's")
def test_display_that_does_not_answer_is_reported_and_kills_nothing(monkeypatch):
    monkeypatch.setenv("DISPLAY", ":4711")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.setenv("QT_QPA_PLATFORM", "xcb")
    finding = doctor.examine_window()
    assert not finding.ok
    assert "DISPLAY" in finding.mend or "apt-get" in finding.mend or "libraries" in finding.mend


def test_library_that_is_not_there_is_found_missing(monkeypatch):
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(doctor, "LIBRARIES", {"libno-such-thing.so.7": "libno-such-thing7"})
    monkeypatch.setenv("QT_QPA_PLATFORM", "no-such-platform")
    assert "libno-such-thing.so.7" in doctor.examine_window().text


@pytest.mark.parametrize("root", [True, False])
def test_missing_libraries_are_installed_by_root_alone(monkeypatch, capsys, root):
    lacking = Finding("Window", False, "Qt lacks libEGL.so.1", "sudo apt-get install -y libegl1"), ["libegl1"]
    looks = iter([lacking, (Finding("Window", True, "fine"), [])])
    commands = []
    monkeypatch.setattr(doctor, "_examine_window", lambda: next(looks))
    monkeypatch.setattr(doctor.os, "geteuid", lambda: 0 if root else 1000, raising=False)
    monkeypatch.setattr(doctor.shutil, "which", lambda _: "/usr/bin/apt-get")
    monkeypatch.setattr(doctor.subprocess, "run", lambda command, **_: commands.append(command[2:]))
    assert doctor.prepare_qt() == (0 if root else 1)
    if root:
        assert commands == [["update"], ["install", "-y", "--no-install-recommends", "libegl1"]]
    else:
        assert not commands
        assert "sudo apt-get install -y libegl1" in capsys.readouterr().err


def test_data_folder_that_does_not_exist_is_a_failure(monkeypatch, tmp_path):
    monkeypatch.setenv("RESNET_GUI_DATA", str(tmp_path / "nowhere"))
    finding = doctor.examine_data()
    assert not finding.ok
    assert "nowhere" in finding.text


def test_mnist_is_found_where_the_variable_points(monkeypatch, tmp_path):
    (tmp_path / "mnist.npz").touch()
    monkeypatch.setenv("RESNET_GUI_DATA", str(tmp_path))
    assert doctor.examine_data() == Finding("MNIST", True, str(tmp_path / "mnist.npz"))


def test_missing_mnist_is_no_failure(monkeypatch, tmp_path):
    for name in ("RESNET_GUI_HOME", "KERAS_HOME", "RESNET_GUI_DATA"):
        monkeypatch.setenv(name, str(tmp_path))
    finding = doctor.examine_data()
    assert finding.ok
    assert "bundled digits" in finding.text


def test_home_is_not_made_by_looking_at_it(monkeypatch, tmp_path):
    monkeypatch.setenv("RESNET_GUI_HOME", str(tmp_path / "a" / "b"))
    kept, disk = doctor.examine_home()
    assert kept.ok
    assert disk.name == "Disk"
    assert list(tmp_path.iterdir()) == []


def test_home_that_exists_is_left_as_it_was(monkeypatch, tmp_path):
    monkeypatch.setenv("RESNET_GUI_HOME", str(tmp_path))
    assert doctor.examine_home()[0] == Finding("Saved runs", True, str(tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("below", ["", "deeper/still"])
def test_home_that_is_a_file_is_a_failure(monkeypatch, tmp_path, below):
    file = tmp_path / "file"
    file.touch()
    monkeypatch.setenv("RESNET_GUI_HOME", str(file / below))
    (finding,) = doctor.examine_home()
    assert not finding.ok
    assert str(file) in finding.text
    assert "RESNET_GUI_HOME" in finding.mend


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that not even root may write to")
def test_home_that_cannot_be_written_is_a_failure(monkeypatch):
    monkeypatch.setenv("RESNET_GUI_HOME", "/proc/resnet-gui")
    assert not doctor.examine_home()[0].ok


def test_home_of_an_unknown_user_is_a_failure(monkeypatch):
    monkeypatch.setenv("RESNET_GUI_HOME", "~no-such-user-here/runs")
    assert not doctor.examine_home()[0].ok


def test_full_disk_is_a_failure(monkeypatch, tmp_path):
    monkeypatch.setenv("RESNET_GUI_HOME", str(tmp_path))
    monkeypatch.setattr(doctor, "NEEDED_DISK", 2**80)
    disk = doctor.examine_home()[1]
    assert not disk.ok
    assert "delete runs" in disk.mend


def test_missing_shipped_files_are_a_failure(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "assets_folder", lambda: tmp_path / "assets")
    finding = doctor.examine_shipped_files()
    assert not finding.ok
    assert "reinstall" in finding.mend
