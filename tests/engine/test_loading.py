"""Loading TensorFlow beside threads that live on."""

import subprocess
import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from pathlib import Path

import pytest

from resnet_gui.engine import loading


def said(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_what_tensorflow_brings_is_never_searched_for_garbage_again():
    code = "import gc, resnet_gui.engine.backend; print(gc.isenabled(), gc.get_freeze_count() > len(gc.get_objects()))"
    assert said(code) == "True True"


def test_garbage_is_collected_again_after_a_failure():
    code = """
import gc
from resnet_gui.engine.loading import uncollected
try:
    with uncollected():
        print(gc.isenabled())
        raise ImportError
except ImportError:
    print(gc.isenabled())
"""
    assert said(code) == "False\nTrue"


@pytest.mark.skipif(
    not any(Path(folder).glob("libtensorflow_*.so*") for folder in find_spec("tensorflow").submodule_search_locations),
    reason="this TensorFlow has no such libraries",
)
def test_large_libraries_are_there_before_the_import():
    code = """
import sys
from pathlib import Path
from resnet_gui.engine.loading import load_libraries
load_libraries()
print("libtensorflow_" in Path("/proc/self/maps").read_text(), "tensorflow" in sys.modules)
"""
    assert said(code) == "True False"


def test_libraries_that_are_missing_or_broken_are_left_to_the_import(monkeypatch, tmp_path):
    package = ModuleSpec("tensorflow", None, is_package=True)
    package.submodule_search_locations = [str(tmp_path), str(tmp_path / "missing")]
    (tmp_path / "libtensorflow_cc.so.9").write_text("no library")
    for found in (package, ModuleSpec("tensorflow", None), None):
        monkeypatch.setattr(loading, "find_spec", lambda name, found=found: found)
        loading.load_libraries()
