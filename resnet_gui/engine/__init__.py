"""Networks, training and prediction with TensorFlow and Keras; no Qt."""
