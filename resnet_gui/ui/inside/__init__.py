"""The views that take a network apart."""
