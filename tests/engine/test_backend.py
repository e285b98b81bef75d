"""What reaches stderr while TensorFlow loads."""

import os
import subprocess
import sys

from resnet_gui.engine.backend import quiet


def test_loading_says_nothing():
    done = subprocess.run([sys.executable, "-c", "import resnet_gui.engine.training"], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")


def test_only_chatter_is_kept_off_stderr(capfd):
    with quiet():
        os.write(
            2, b"I0000 00:00:1795526236.1 3590 port.cc:153] oneDNN is on.\nE0000 00:00:1.0 1 x.cc:1] broken\nI am\n"
        )
    os.write(2, b"after\n")
    assert capfd.readouterr().err == "E0000 00:00:1.0 1 x.cc:1] broken\nI am\nafter\n"
