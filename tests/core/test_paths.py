from resnet_gui.core.paths import assets_folder, home_folder


def test_the_variable_moves_the_home(monkeypatch, tmp_path):
    monkeypatch.setenv("RESNET_GUI_HOME", str(tmp_path / "moved"))
    assert home_folder() == tmp_path / "moved"


def test_without_the_variable_the_system_decides(monkeypatch):
    monkeypatch.delenv("RESNET_GUI_HOME")
    assert home_folder().name == "resnet-gui"
    assert home_folder().is_absolute()


def test_the_assets_are_there():
    assert {"digits.npz", "starter.npz"} <= {path.name for path in assets_folder().iterdir()}
