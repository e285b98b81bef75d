"""The field for a learning rate, a number over many powers of ten."""

import math

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QWidget


class LearningRateSpin(QDoubleSpinBox):
    """A number over many powers of ten: shown and typed like 0.001 or 1e-3; arrows go 1, 3, 10, 30 and so on."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setDecimals(14)
        self.setRange(1e-8, 100.0)

    def textFromValue(self, value: float) -> str:
        """Without needless digits."""
        return f"{value:.6g}"

    def valueFromText(self, text: str) -> float:
        """The number that was typed."""
        number = _number(text)
        return self.value() if number is None else number

    def validate(self, text: str, position: int) -> object:
        """Let numbers be typed, also with a comma or an exponent."""
        number = _number(text)
        if number is not None and self.minimum() <= number <= self.maximum():
            return QValidator.State.Acceptable, text, position
        possible = all(letter in "0123456789.,eE+- " for letter in text)
        return (QValidator.State.Intermediate if possible else QValidator.State.Invalid), text, position

    def fixup(self, text: str) -> str:
        """Go back to the last number."""
        return self.textFromValue(self.value())

    def stepBy(self, steps: int) -> None:
        """Go on by half powers of ten."""
        halves = round(2 * math.log10(self.value())) + steps
        self.setValue((3.0 if halves % 2 else 1.0) * 10.0 ** (halves // 2))


def _number(text: str) -> float | None:
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None
