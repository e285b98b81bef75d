"""What can be undone and done again."""

from resnet_gui.core.undo import Undo


def test_values_go_back_and_forth():
    undo = Undo(10)
    undo.remember("a")
    undo.remember("b")
    assert undo.undo("c") == "b"
    assert undo.undo("b") == "a"
    assert not undo.can_undo
    assert undo.redo("a") == "b"
    assert undo.redo("b") == "c"
    assert not undo.can_redo


def test_something_new_ends_what_could_be_done_again_and_the_oldest_is_forgotten():
    undo = Undo(2)
    for value in "abc":
        undo.remember(value)
    assert undo.undo("d") == "c"
    undo.remember("c")
    assert not undo.can_redo
    assert [undo.undo("e"), undo.can_undo, undo.undo("c"), undo.can_undo] == ["c", True, "b", False]
