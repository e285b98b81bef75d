"""Networks, training and prediction with TensorFlow and Keras; no Qt."""

import os

# TensorFlow and Keras read these once, when they are first imported: every module of the engine comes after this.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
