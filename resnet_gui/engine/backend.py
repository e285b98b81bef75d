"""TensorFlow and Keras, imported without their chatter: the engine takes both from here."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from resnet_gui.engine.loading import load_libraries, uncollected

# Both read these once, when they are first imported.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"
# By itself TensorFlow takes oneDNN's kernels only where the processor has AVX-512 VNNI or newer instructions; on others
# with AVX2 they train about twice as fast as its own.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "1")
# Threads of its own for each device: that of a session that reads has none, while the one that trains has all.
os.environ["TF_OVERRIDE_GLOBAL_THREADPOOL"] = "1"

# What TensorFlow's libraries say while they load, whatever TF_CPP_MIN_LOG_LEVEL is: information, and its preface.
CHATTER = re.compile(rb"I\d{4} \d\d:\d\d:|WARNING: All log messages before absl::InitializeLog")


@contextmanager
def quiet() -> Iterator[None]:
    """Keep CHATTER off stderr; everything else that is written there meanwhile comes out at the end."""
    try:
        stderr = os.dup(2)
    except OSError:  # a windowed program may have none
        yield
        return
    try:
        said = tempfile.TemporaryFile()  # noqa: SIM115 - closed below
    except OSError:  # no folder for temporary files: noisy is better than not at all
        os.close(stderr)
        yield
        return
    with said:
        os.dup2(said.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
            said.seek(0)
            with suppress(OSError):
                os.write(2, b"".join(line for line in said if not CHATTER.match(line)))


with quiet(), uncollected():
    load_libraries()
    import keras
    import tensorflow as tf

# A keras.json of the user's may say otherwise.
keras.config.set_image_data_format("channels_last")
keras.config.set_floatx("float32")

__all__ = ["keras", "tf"]
