import pytest

from resnet_gui.core.architecture import Architecture, Head, Shortcut
from resnet_gui.core.blueprint import Kind, Role, make_blueprint
from resnet_gui.core.presets import PRESETS


# The 6n+2-layer networks, from the definition in He et al. 2015, section 4.2.
@pytest.mark.parametrize(
    ("blocks", "depth", "option_a", "option_b"),
    [
        (3, 20, 269_722, 272_474),
        (5, 32, 464_154, 466_906),
        (7, 44, 658_586, 661_338),
        (9, 56, 853_018, 855_770),
        (18, 110, 1_727_962, 1_730_714),
        (200, 1202, 19_421_274, 19_424_026),
    ],
)
def test_published_networks_have_their_published_size(blocks, depth, option_a, option_b):
    for shortcut, parameters in (("A", option_a), ("B", option_b), ("none", option_a)):
        architecture = Architecture(blocks, 3, 16, shortcut, batch_norm=True, head=Head.AVERAGE_POOLING)
        blueprint = make_blueprint(architecture, (32, 32, 3), 10)
        assert (blueprint.depth, blueprint.parameters) == (depth, parameters)


@pytest.mark.parametrize(("blocks", "parameters"), [(1, 75_002), (2, 172_218)])
def test_option_a_on_images_of_28_pixels(blocks, parameters):
    architecture = Architecture(blocks, 3, 16, "A", batch_norm=True, head=Head.AVERAGE_POOLING)
    assert make_blueprint(architecture).parameters == parameters


def test_blocks_know_their_parts_and_where_the_shape_changes():
    whole = make_blueprint(Architecture(2, 2, 8, "shortcut-only-gating", batch_norm=True))
    blocks = whole.blocks
    assert [(b.stage, b.number, b.changes_shape) for b in blocks] == [
        (1, 1, False),
        (1, 2, False),
        (2, 1, True),
        (2, 2, False),
    ]
    assert (blocks[2].input_shape, blocks[2].shape) == ((28, 28, 8), (14, 14, 16))
    assert [layer.text for layer in blocks[2].part(Role.GATE)] == ["subsample, stride 2", "conv 1x1, sigmoid"]
    assert [layer.kind for layer in blocks[0].part(Role.SHORTCUT)] == [Kind.SCALE, Kind.MULTIPLY]
    outside = sum(layer.parameters for role in (Role.STEM, Role.HEAD) for layer in whole.part(role))
    assert sum(block.parameters for block in blocks) + outside == whole.parameters


# He et al. 2016, figure 4.
@pytest.mark.parametrize(
    ("order", "layers"),
    [
        ("original", "conv BN ReLU conv BN + ReLU"),
        ("bn-after-addition", "conv BN ReLU conv + BN ReLU"),
        ("relu-before-addition", "conv BN ReLU conv BN ReLU +"),
        ("relu-only-pre-activation", "ReLU conv BN ReLU conv BN +"),
        ("full-pre-activation", "BN ReLU conv BN ReLU conv +"),
    ],
)
def test_the_order_of_the_second_block_is_the_papers(order, layers):
    short = {Kind.CONV: "conv", Kind.BATCH_NORM: "BN", Kind.RELU: "ReLU", Kind.ADD: "+"}
    block = make_blueprint(Architecture(2, 1, 4, batch_norm=True, order=order)).blocks[1]
    assert " ".join(short[layer.kind] for layer in block.layers) == layers


def test_a_pre_activation_network_activates_after_the_stem_and_after_the_last_sum():
    blueprint = make_blueprint(Architecture(1, 2, 4, batch_norm=True, order="full-pre-activation"))
    layers = {layer.name: layer for layer in blueprint.layers}
    assert list(layers)[:5] == ["image", "stem", "stem_bn", "stem_relu", "stage1_block1_conv1"]
    assert list(layers)[-4:] == ["final_bn", "final_relu", "flatten", "classes"]
    # Where the shape changes, branch and shortcut start from the same activation.
    shared = ("stage2_block1_preactivation_relu",)
    assert layers["stage2_block1_conv1"].inputs == layers["stage2_block1_projection_subsample"].inputs == shared


def test_memory_of_a_step_grows_with_the_batch():
    blueprint = make_blueprint(Architecture())
    one, two = blueprint.training_bytes(1), blueprint.training_bytes(2)
    assert two - one == 8 * sum(layer.values for layer in blueprint.layers)
    assert one > 16 * blueprint.parameters


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
