"""The wheel, built and installed as a stranger would. `make check-wheel` does the same with a full environment."""

import configparser
import email
import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = "Scripts" if os.name == "nt" else "bin"


def run(*command, cwd):
    # Without PYTHONPATH, which could lead back to the checkout.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def shipped(folder):
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT), cwd=folder)
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    """A virtual environment with the wheel, which finds the packages of this one, but not the checkout."""
    folder = tmp_path_factory.mktemp("elsewhere")
    venv.create(folder / "venv", symlinks=os.name != "nt")
    python = folder / "venv" / SCRIPTS / "python"
    site = Path(run(str(python), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip())
    # Python does not read the .pth files of a folder that came from one, so the editable installation stays out.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--no-deps",
        "--no-index",
        str(wheel),
        cwd=folder,
    )
    return folder


def test_wheel_holds_every_file_of_the_package(names):
    assert {f"resnet_gui/{name}" for name in shipped(ROOT / "resnet_gui")} <= names


def test_wheel_holds_the_assets_inside_the_package(names):
    assets = shipped(ROOT / "assets")
    pictures = {name for name in assets if name.startswith("pictures/")}
    assert assets - pictures
    assert {f"resnet_gui/assets/{name}" for name in assets - pictures} <= names
    assert not {f"resnet_gui/assets/{name}" for name in pictures} & names  # the README's


def test_wheel_holds_nothing_else(names):
    assert {name.split("/")[0].split("-")[0] for name in names} == {"resnet_gui"}
    assert not [name for name in names if "__pycache__" in name or "test" in Path(name).name.split("_")]


def test_wheel_names_its_commands_and_pythons(wheel, names):
    (entry_points,) = (name for name in names if name.endswith("entry_points.txt"))
    (metadata,) = (name for name in names if name.endswith("METADATA"))
    with zipfile.ZipFile(wheel) as archive:
        commands = configparser.ConfigParser()
        commands.read_string(archive.read(entry_points).decode())
        about = email.message_from_bytes(archive.read(metadata))
    assert "resnet-gui" in commands["console_scripts"]
    assert "resnet-gui-window" in commands["gui_scripts"]
    assert set(about["Requires-Python"].split(",")) == {">=3.11", "<3.14"}
    assert {"gpu", "test"} == set(about.get_all("Provides-Extra"))


def test_installed_wheel_finds_itself_and_its_assets(environment):
    code = (
        "import json, resnet_gui; from resnet_gui.core.paths import assets_folder\n"
        "print(json.dumps([resnet_gui.__file__, str(assets_folder()), [p.name for p in assets_folder().iterdir()]]))"
    )
    python = environment / "venv" / SCRIPTS / "python"
    package, assets, held = json.loads(run(str(python), "-c", code, cwd=environment))
    inside = (environment / "venv").resolve()
    assert Path(package).resolve().is_relative_to(inside)
    assert Path(assets).resolve().is_relative_to(inside)
    assert set(held) == {path.name for path in (ROOT / "assets").iterdir()} - {"pictures"}


def test_installed_command_describes_a_network(environment):
    command = environment / "venv" / SCRIPTS / "resnet-gui"
    told = json.loads(run(str(command), "describe", "--preset", "seed", "--json", cwd=environment).splitlines()[-1])
    assert told["parameters"] > 0
    assert {"depth", "multiply_adds", "layers"} <= told.keys()


def test_constraints_are_names_and_versions_alone():
    lines = [line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    for line in lines:
        name, version = line.split("==")
        assert name.replace("-", "").replace("_", "").isalnum()
        assert version.replace(".", "").isdigit()
