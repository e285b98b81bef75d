"""Where the explorer's files lie: what it ships, and what it writes."""

import os
from pathlib import Path

import platformdirs

from resnet_gui.core.errors import LibraryError

_PACKAGE = Path(__file__).resolve().parent.parent


def assets_folder() -> Path:
    """The shipped files: inside an installed package, beside it in a checkout."""
    installed = _PACKAGE / "assets"
    return installed if installed.is_dir() else _PACKAGE.parent / "assets"


def home_folder() -> Path:
    """The folder of everything that the explorer writes: RESNET_GUI_HOME, else the system's folder for user data.

    Raises LibraryError if the variable names the home of a user that does not exist.
    """
    moved = os.environ.get("RESNET_GUI_HOME")
    try:
        if moved:
            return Path(moved).expanduser()
    except RuntimeError:
        raise LibraryError(f"RESNET_GUI_HOME names {moved}, the home of nobody here; name another folder.") from None
    return platformdirs.user_data_path("resnet-gui", appauthor=False)
