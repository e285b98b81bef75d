"""Colours for Python text: keywords, strings, comments, numbers and what is defined."""

import keyword
import re

from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from resnet_gui.ui.theme import LIGHT, Colors

QUOTES = '"""'
_TOKEN = re.compile(
    rf"(?P<comment>\#.*)|(?P<string>[rfb]?\"(?:\\.|[^\"\\])*\"|[rfb]?'(?:\\.|[^'\\])*')"
    rf"|(?P<keyword>\b(?:{'|'.join(keyword.kwlist)})\b)|(?P<number>\b\d[\d_]*(?:\.\d*)?(?:e-?\d+)?\b)"
    r"|(?<=def )(?P<name>\w+)"
)
OUTSIDE, INSIDE = 0, 1  # of a string of several lines, at the end of a line


class PythonHighlighter(QSyntaxHighlighter):
    """Colours a document of Python text in the scheme of `set_colors`."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._formats: dict[str, QTextCharFormat] = {}
        self.set_colors(LIGHT)

    def set_colors(self, colors: Colors) -> None:
        """Draw in this scheme."""
        shades = {
            "comment": colors.muted,
            "string": colors.runs[2],
            "keyword": colors.accent,
            "number": colors.runs[1],
            "name": colors.text,
        }
        for kind, color in shades.items():
            self._formats[kind] = QTextCharFormat()
            self._formats[kind].setForeground(QColor(color))
        self._formats["name"].setFontWeight(QFont.Weight.Bold)
        self._formats["comment"].setFontItalic(True)
        self.rehighlight()

    def highlightBlock(self, text: str) -> None:
        """Colour one line."""
        start = 0
        if self.previousBlockState() == INSIDE:
            end = text.find(QUOTES)
            start = len(text) if end < 0 else end + len(QUOTES)
            self.setFormat(0, start, self._formats["string"])
            if end < 0:
                self.setCurrentBlockState(INSIDE)
                return
        opening = text.find(QUOTES, start)
        self.setCurrentBlockState(OUTSIDE)
        if opening >= 0:
            end = text.find(QUOTES, opening + len(QUOTES))
            length = (len(text) if end < 0 else end + len(QUOTES)) - opening
            self.setFormat(opening, length, self._formats["string"])
            if end < 0:
                self.setCurrentBlockState(INSIDE)
            return
        for match in _TOKEN.finditer(text, start):
            kind = match.lastgroup or ""
            self.setFormat(match.start(kind), len(match[kind]), self._formats[kind])
