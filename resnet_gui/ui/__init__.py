"""The window, with PySide6 and pyqtgraph; TensorFlow is reached through threads.py only."""
