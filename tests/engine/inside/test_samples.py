"""Images that a run has not learned from."""

import numpy as np

from resnet_gui.core.experiment import Recipe
from resnet_gui.engine.datasets import split
from resnet_gui.engine.inside.samples import samples_of


def arrays(folder):
    with np.load(folder / "mnist.npz") as archive:
        return archive["x_train"], archive["y_train"]


def test_validation_images_come_first(bars_folder):
    recipe = Recipe(validation_share=0.2, seed=3)
    images, labels = arrays(bars_folder)
    found = samples_of(recipe, bars_folder, 50)
    rows = split(600, recipe).validation[:50]
    np.testing.assert_array_equal(found.images, images[rows])
    np.testing.assert_array_equal(found.labels, labels[rows])
    assert found.words == "50 validation images of MNIST"


def test_without_them_those_that_the_limit_left_out(bars_folder):
    recipe = Recipe(validation_share=0.0, limit=400)
    images, _ = arrays(bars_folder)
    found = samples_of(recipe, bars_folder, 1000)
    trained = {images[row].tobytes() for row in split(600, recipe).train}
    assert len(found.labels) == 200
    assert not trained & {image.tobytes() for image in found.images}
    assert found.words == "200 images that it did not train on, of MNIST"


def test_a_run_that_learned_from_all_images_is_told_so(bars_folder):
    assert "it was trained on" in samples_of(Recipe(validation_share=0.0), bars_folder, 10).words


def test_drawn_digits_are_not_needed(bars_folder):
    assert samples_of(Recipe(dataset="mnist+mine"), bars_folder, 10).words == "10 validation images of MNIST"


def test_the_same_images_are_not_read_again(bars_folder):
    assert samples_of(Recipe(), bars_folder, 10) is samples_of(Recipe(), bars_folder, 10)
