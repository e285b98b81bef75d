"""ResNet Explorer: take residual networks apart, train them, and let them read what you draw."""

__version__ = "0.1.0"
