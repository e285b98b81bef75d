"""How fast the explorer is on this machine: ratios, measured side by side in one run, each part also alone."""
