"""Values and rules of the explorer, in Python and NumPy alone."""
