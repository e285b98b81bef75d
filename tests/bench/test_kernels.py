"""The part `kernels`."""

from resnet_gui.bench import kernels
from resnet_gui.core.architecture import Architecture
from resnet_gui.core.blueprint import make_blueprint
from resnet_gui.core.experiment import Precision


def test_each_convolution_is_computed_forward_and_backward():
    shapes = kernels._convolutions(make_blueprint(Architecture(blocks=1, width=4)), Precision.FLOAT32)()
    image, kernel = (kernels.BATCH, 28, 28, 4), (3, 3, 4, 4)
    stem = [image, (3, 3, 1, 4)]
    assert [tuple(shape) for shape in shapes] == [*stem, image, kernel, image, image, kernel, image]


def test_training_and_convolutions_have_a_speed():
    blueprint = make_blueprint(Architecture(blocks=1, width=4))
    assert kernels._rate(kernels._training(blueprint, Precision.FLOAT32, "/CPU:0")) > 0
