"""The text of the scripts: valid, tidy, complete, and nothing in it that the experiment does not need."""

import ast
import itertools
import subprocess
import sys
from dataclasses import replace

import pytest

from resnet_gui.core.architecture import Architecture, Block, Head, Order, Shortcut, refusal
from resnet_gui.core.experiment import DatasetName, Experiment, Recipe
from resnet_gui.core.presets import PRESETS
from resnet_gui.core.script import changed_lines, script_of

RECIPES = [
    Recipe(),
    Recipe("digits", optimizer="sgd", precision="mixed_float16", limit=1000, validation_share=0.0, learning_rate=1e-5),
    Recipe(precision="mixed_bfloat16", limit=50, epochs=3),
    Recipe("digits", precision="float32", seed=2**31 - 1),
    Recipe("mnist+digits", schedule="one-cycle", shift=2.0, pen=0.4),
    Recipe(schedule="steps", rotation=10.0),
    Recipe(schedule="cosine"),
    *(Recipe(name, start="starter") for name in DatasetName if "mine" in name.parts),
]


def experiments():
    kinds = itertools.product(Shortcut, Order, (False, True), Block)
    for number, (shortcut, order, batch_norm, block) in enumerate(kinds):
        if not refusal(shortcut, order, batch_norm):
            head, factor = list(Head)[number % 2], (0.5, 1.0)[number % 2]
            stride, gate = 1 + number % 3 % 2, (-6.0, 0.0)[number % 2]
            architecture = Architecture(
                2, 3, 8, shortcut, batch_norm, head, stride, order, block, branch_scale=factor, gate_bias=gate
            )
            yield Experiment(architecture, RECIPES[number % len(RECIPES)])
    yield from (
        Experiment(Architecture(blocks=0, batch_norm=norm), recipe) for norm in (False, True) for recipe in RECIPES
    )
    yield Experiment(Architecture(blocks=0, batch_norm=True, order="full-pre-activation", shortcut="dropout"))
    yield from (preset.experiment for preset in PRESETS.values())


EXPERIMENTS = list(experiments())


def names_of(tree):
    """Names that a script gives to something, and names that it reads."""
    given, read = set(), set()
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.FunctionDef(name=name) | ast.arg(arg=name):
                given.add(name)
            case ast.Name(id=name, ctx=ast.Load()):
                read.add(name)
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                given |= {alias.asname or alias.name for alias in names}
    return given, read


def test_every_script_compiles_and_uses_every_name_that_it_gives():
    for experiment in EXPERIMENTS:
        given, read = names_of(ast.parse(script_of(experiment)))
        assert given <= read, experiment


def test_scripts_need_numpy_keras_and_tensorflow_alone():
    for experiment in EXPERIMENTS:
        imported = set()
        for node in ast.walk(ast.parse(script_of(experiment))):
            match node:
                case ast.Import(names=names):
                    imported |= {alias.name for alias in names}
                case ast.ImportFrom(module=module):
                    imported.add(module)
        assert imported == {"sys", "keras", "numpy", "tensorflow"}


def test_ruff_finds_nothing_to_say_about_layout_and_names(tmp_path):
    for number, experiment in enumerate(EXPERIMENTS):
        (tmp_path / f"script_{number}.py").write_text(script_of(experiment), encoding="ascii")
    rules = ["--isolated", "--line-length=100", "--no-cache"]
    for command in (["check", "--select=E,F,W,I,B,UP,SIM,C4,RUF", *rules], ["format", "--diff", *rules]):
        said = subprocess.run(
            [sys.executable, "-m", "ruff", *command, str(tmp_path)], capture_output=True, text=True, check=False
        )
        assert said.returncode == 0, said.stdout[:2000] + said.stderr[:2000]


def test_the_same_experiment_has_the_same_text_and_others_have_others():
    texts = [script_of(experiment) for experiment in EXPERIMENTS]
    assert texts == [script_of(Experiment.from_json(experiment.to_json())) for experiment in EXPERIMENTS]
    # The two names of option C differ in the words alone, and so do networks without any block.
    assert len(set(texts)) >= len(set(EXPERIMENTS)) - 1


@pytest.mark.parametrize(
    ("settings", "there", "not_there"),
    [
        ({}, ["y = branch + shortcut", "Flatten"], ["batch_norm", "Dropout", "gate", "pad(", "activated"]),
        ({"shortcut": "none"}, ["def plain_block(", "return layers.ReLU()(branch)"], ["shortcut = ", "branch +"]),
        ({"shortcut": "A"}, ["[:, ::stride, ::stride]", "keras.ops.pad"], ["size=1"]),
        ({"shortcut": "C"}, ["shortcut = conv(x[:, ::stride, ::stride], filters, size=1)"], ["if branch.shape"]),
        ({"shortcut": "dropout", "dropout_rate": 0.3}, ["DROPOUT_RATE = 0.3"], ["GATE_BIAS", "_SCALE"]),
        ({"shortcut": "constant-scaling"}, ["SHORTCUT_SCALE * shortcut"], ["BRANCH_SCALE"]),
        ({"shortcut": "constant-scaling", "branch_scale": 0.5}, ["BRANCH_SCALE * branch"], ["gate"]),
        ({"shortcut": "exclusive-gating"}, ["(1 - gate) * shortcut", "gate * branch"], ["Dropout"]),
        ({"shortcut": "shortcut-only-gating"}, ["(1 - gate) * shortcut"], ["gate * branch"]),
        ({"batch_norm": True, "order": "full-pre-activation"}, ["figure 4e", "first"], ["y = branch"]),
        ({"order": "relu-only-pre-activation"}, ["figure 4d", "activated = layers.ReLU()(x)"], ["batch_norm"]),
        ({"block": "bottleneck"}, ["channels = 4 * filters", "conv(branch, channels, size=1)"], []),
        ({"blocks": 0}, ["def build_network"], ["block", "BLOCKS", "for stage"]),
        ({"stem_stride": 2, "head": "average-pooling"}, ["size=3, stride=2)", "GlobalAveragePooling2D"], ["Flatten"]),
    ],
)
def test_a_script_holds_what_its_architecture_needs_and_nothing_else(settings, there, not_there):
    text = script_of(Experiment(Architecture(**settings)))
    assert [words for words in there if words not in text] == []
    assert [words for words in not_there if words in text] == []


@pytest.mark.parametrize(
    ("settings", "there", "not_there"),
    [
        ({}, ["Adam(LEARNING_RATE)", "load_data()", "Computes in float32"], ["SGD", "LIMIT", "set_dtype_policy"]),
        ({"precision": "float32"}, [], ["float32;", "set_dtype_policy", "LossScale"]),
        ({"precision": "mixed_float16"}, ['set_dtype_policy("mixed_float16")', "scale_loss(loss)"], []),
        ({"precision": "mixed_bfloat16"}, ['set_dtype_policy("mixed_bfloat16")', 'dtype="float32"'], ["LossScale"]),
        ({"optimizer": "sgd"}, ["momentum=0.9"], ["Adam"]),
        ({"validation_share": 0.0}, [], ["validation", "VALIDATION_SHARE", "held_out"]),
        ({"limit": 77}, ["LIMIT = 77", "[:LIMIT]"], []),
        ({"dataset": "digits"}, ["assets/digits.npz of the package resnet_gui"], ["mnist"]),
    ],
)
def test_a_script_holds_what_its_recipe_needs_and_nothing_else(settings, there, not_there):
    text = script_of(Experiment(recipe=Recipe(**settings)))
    assert [words for words in there if words not in text] == []
    assert [words for words in not_there if words in text] == []


def test_the_formula_and_the_papers_stand_at_the_top():
    doc = ast.get_docstring(ast.parse(script_of(PRESETS["resnet20"].experiment)))
    for words in ("ResNet-20", "image classification", "y = ReLU(F(x) + x)", "section 3.3", "1512.03385", "1603.05027"):
        assert words in doc


def test_changed_lines_are_those_that_are_new_or_other():
    assert changed_lines("a\nb\nc\n", "a\nb\nc\n") == set()
    assert changed_lines("a\nb\nc\n", "a\nB\nc\nd\n") == {1, 3}
    assert changed_lines("a\nb\nc\n", "a\nc\n") == set()
    assert changed_lines("", "a\nb") == {0, 1}
    assert changed_lines("a", "") == set()


def test_another_number_of_blocks_changes_constants_and_words_alone():
    before = PRESETS["resnet20"].experiment
    after = script_of(replace(before, architecture=replace(before.architecture, blocks=5)))
    changed = [after.splitlines()[line] for line in sorted(changed_lines(script_of(before), after))]
    assert [line.split()[0] for line in changed] == ['"""ResNet-32', "Network:", "BLOCKS", '"""Return']


def test_what_a_script_cannot_have_is_said():
    said = script_of(Experiment(recipe=Recipe("mnist+mine", start="abc-1")))
    assert "not with those of the run abc-1" in said
    assert "drawn in the window are not among its data" in said
    assert "not with those" not in script_of(Experiment())
