"""The network as a diagram to take apart."""
