import pytest

from resnet_gui.core.architecture import Architecture, Head, Shortcut
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.presets import PRESETS


# Option B of the 6n+2-layer networks, from the definition in He et al. 2015, section 4.2.
@pytest.mark.parametrize(
    ("blocks", "depth", "parameters"),
    [
        (3, 20, 272_474),
        (5, 32, 466_906),
        (7, 44, 661_338),
        (9, 56, 855_770),
        (18, 110, 1_730_714),
        (200, 1202, 19_424_026),
    ],
)
def test_published_networks_have_their_published_size(blocks, depth, parameters):
    architecture = Architecture(blocks, 3, 16, Shortcut.IDENTITY, batch_norm=True, head=Head.AVERAGE_POOLING)
    blueprint = make_blueprint(architecture, (32, 32, 3), 10)
    assert (blueprint.depth, blueprint.parameters) == (depth, parameters)


def test_seed_preset_has_288_202_parameters():
    assert make_blueprint(PRESETS["seed"].experiment.architecture).parameters == 288_202


def test_plain_twin_of_one_stage_costs_the_same():
    plain = make_blueprint(Architecture(blocks=4, shortcut=Shortcut.NONE))
    residual = make_blueprint(Architecture(blocks=4, shortcut=Shortcut.IDENTITY))
    assert plain.parameters == residual.parameters
    assert plain.multiply_adds == residual.multiply_adds


def test_no_blocks_leave_stem_and_head():
    blueprint = make_blueprint(Architecture(blocks=0))
    assert [layer.name for layer in blueprint.layers] == ["image", "stem", "flatten", "classes"]
    assert blueprint.depth == 2


def test_multiply_adds_of_the_stem_are_those_of_its_kernel_at_every_pixel():
    stem = make_blueprint(Architecture(blocks=0, width=8)).layers[1]
    assert stem.multiply_adds == 3 * 3 * 1 * 8 * 28 * 28


def test_each_stage_halves_the_image():
    shapes = {layer.name: layer.shape for layer in make_blueprint(Architecture(blocks=1, stages=4, width=4)).layers}
    assert [shapes[f"stage{stage}_block1_add"][:2] for stage in (1, 2, 3, 4)] == [(28, 28), (14, 14), (7, 7), (4, 4)]
