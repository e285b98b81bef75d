"""The demo as a process of its own, on the bundled digits, with short lessons."""

import os
import subprocess
import sys

from PIL import Image

SHORT = "import sys; from pathlib import Path; from resnet_gui import demo; "
SHORT += "demo.LESSON_STEPS = 3; demo.GROWING_SECONDS = 1; "
RUN = SHORT + "sys.exit(demo.main(Path(sys.argv[1])))"


def demo(folder, tmp_path, **variables):
    nowhere = {"RESNET_GUI_HOME": str(tmp_path / "home"), "KERAS_HOME": str(tmp_path / "keras"), "no_proxy": "*"}
    environment = {name: value for name, value in os.environ.items() if name != "RESNET_GUI_DATA"} | nowhere
    command = [sys.executable, "-c", variables.get("code", RUN), str(folder)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=900)


def test_the_demo_does_the_main_job_and_shows_it(tmp_path):
    offline = "from resnet_gui.engine import datasets; datasets.MNIST_URL = 'http://127.0.0.1:9/mnist.npz'; "
    done = demo(tmp_path / "pictures", tmp_path, code=offline + RUN)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr == ""
    pictures = sorted((tmp_path / "pictures").iterdir())
    assert [picture.name[:2] for picture in pictures] == [f"{number:02d}" for number in range(1, len(pictures) + 1)]
    assert len(pictures) >= 7
    for picture in pictures:
        with Image.open(picture) as image:
            if "augmentation" not in picture.name:  # a dialog, as large as it wants to be
                assert image.size == (1360, 820)
            assert len(image.getcolors(1_000_000) or range(1000)) > 20  # something is on it
    for words in ("bundled digits", "Drew a 3: Reads 3", "plain-50", "ResNet-50", "training loss"):
        assert words in done.stdout


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path):
    (tmp_path / "file").touch()
    command = [sys.executable, "-m", "resnet_gui", "demo", "--out", str(tmp_path / "file" / "x")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 1
    assert "cannot be saved" in done.stderr
    assert done.stderr.count("\n") == 1
