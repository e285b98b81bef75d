"""The way into the window."""

import subprocess
import sys


def test_imports_of_the_window_read_no_sources_and_search_no_garbage():
    code = (
        "import gc, linecache; from resnet_gui.__main__ import _import_quickly; _import_quickly(); "
        "import resnet_gui.ui.app; print(gc.isenabled(), [name for name in linecache.cache if 'pyqtgraph' in name])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False []"
