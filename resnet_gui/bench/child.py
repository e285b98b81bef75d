"""Scripts in a process of their own: each measurement that starts from nothing runs there."""

import os
import subprocess
import sys

from resnet_gui.core.errors import ExplorerError

PATIENCE_SECONDS = 600

# The engine sets it for itself; a plain script in a child is to have what its user's shell says. Read before the engine
# is loaded, since the bench's command imports this module first.
_ONEDNN = os.environ.get("TF_ENABLE_ONEDNN_OPTS")


def run_script(script: str, *arguments: str) -> list[str]:
    """Run `script` in a fresh Python and return the words of its last line. Raises ExplorerError if it fails."""
    # Bytecode is kept from the first start on, as it is for a user; without it Python would compile ours each time.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment.pop("TF_ENABLE_ONEDNN_OPTS", None)
    if _ONEDNN is not None:
        environment["TF_ENABLE_ONEDNN_OPTS"] = _ONEDNN
    command = [sys.executable, "-c", script, *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        raise ExplorerError(f"A measured script took longer than {PATIENCE_SECONDS} s.") from None
    if done.returncode:
        raise ExplorerError(f"A measured script failed: {done.stderr.strip().splitlines()[-1:]}")
    return done.stdout.splitlines()[-1].split()


def run_figures(script: str, *arguments: str) -> list[float]:
    """As `run_script`, for a last line of numbers."""
    return [float(word) for word in run_script(script, *arguments)]
