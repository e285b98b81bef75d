"""Pages that are answered at once, by real networks."""

import numpy as np
import pytest

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.inside.question import Answered, Look, Subject

IMAGE = np.zeros((28, 28), np.uint8)
IMAGE[6:22, 12:16] = 255


class Answers:
    """Answers what a page asks, now and whenever it asks something else."""

    def __init__(self, page, architecture, lesion=None, broken=False):
        from resnet_gui.engine.inside.trace import Specimen
        from resnet_gui.engine.network import Network

        network = Network(architecture)
        if broken:
            network.trained.assign(network.trained * np.nan)
        self.page, self.specimen, self.asked = page, Specimen(network, lesion), []
        self.image = IMAGE
        page.asked.connect(self.answer)
        self.answer()

    def answer(self):
        from resnet_gui.engine.inside.answers import answers

        question = self.page.question
        self.asked.append(question)
        subject = Subject("a")
        look = Look((subject,), question)
        for answer, share in answers(self.specimen, self.image, None, question):
            event = Answered(look, subject, "a", self.specimen.blueprint, self.image, None, answer, share)
            self.page.show_answer(event, second=False)


@pytest.fixture
def answered(qtbot):
    """A function that shows a page of a kind, of a size, and lets a network answer it."""

    def show(kind, size=(690, 400), lesion=None, broken=False, **settings):
        page = kind()
        qtbot.addWidget(page)
        page.resize(*size)
        page.show()
        qtbot.waitExposed(page)
        architecture = Architecture(**{"blocks": 2, "stages": 2, "width": 4} | settings)
        return page, Answers(page, architecture, lesion, broken)

    return show
