"""Picture files of a digit as a network wants them: any size, dark on light or light on dark."""

import warnings
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

from resnet_gui.core.errors import PictureError
from resnet_gui.core.strokes import BOX, PEN, SIDE
from resnet_gui.engine.datasets import printable

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP")  # not EPS, for which Pillow would run Ghostscript
MOST_PIXELS = 100_000_000  # of a picture; a photo has a fifth of that
MOST_SIDE = 2000  # pixels that are looked at; a larger picture is made smaller first
LEAST_CONTRAST = 24  # of 255 between ink and paper
WORKING_BOX = 160  # pixels of the box in which thin pens are thickened
THIN_PEN = 0.08  # share of the box; a thinner pen all but vanishes at 20 pixels

Gray = NDArray[np.uint8]  # shape (height, width)


def read_picture(path: Path) -> Gray:
    """The digit in the picture file `path` as MNIST would show it: uint8 (28, 28), ink 255 on paper 0.

    Raises PictureError if the file is missing, damaged, too large or no picture, or if nothing stands out in it.
    """
    shown = printable(path)
    if path.exists() and not path.is_file():  # a pipe would be waited for
        raise PictureError(f"{shown} is no file; name a picture file.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of large and odd pictures; both are dealt with here
            with Image.open(path, formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    size = f"{picture.width} x {picture.height}"
                    raise PictureError(f"{shown} has {size} pixels; take one of at most {MOST_PIXELS:,}.")
                upright = ImageOps.exif_transpose(picture)
                upright.thumbnail((MOST_SIDE, MOST_SIDE))
                gray = _gray(upright)
    except PictureError:
        raise
    except FileNotFoundError:
        raise PictureError(f"{shown} does not exist; name a picture file that does.") from None
    except UnidentifiedImageError:
        raise PictureError(f"{shown} is no picture; PNG, JPEG, GIF, BMP, TIFF and WebP files work.") from None
    except MemoryError:
        raise PictureError(f"{shown} does not fit into the free memory; take a smaller picture.") from None
    except Exception as error:  # Pillow's decoders meet damaged bytes with many kinds of errors
        why = getattr(error, "strerror", None) or error
        raise PictureError(f"{shown} cannot be read as a picture ({why}); take another one.") from None
    ink = _ink(gray)
    if ink is None:
        raise PictureError(f"{shown} shows nothing that stands out from its background; take one with more contrast.")
    return ink if _is_like_mnist(ink) else _fitted(ink)


def _gray(picture: Image.Image) -> Gray:
    """Shades of grey; where the picture is transparent, paper: white, or black if what is visible is bright."""
    if picture.has_transparency_data:
        colored = picture.convert("RGBA")
        alpha = np.asarray(colored.getchannel("A"), np.float64) / 255
        gray = np.asarray(colored.convert("L"), np.float64)
        bright = alpha.any() and np.average(gray, weights=alpha) > 127
        blended: Gray = (alpha * gray + (1 - alpha) * (0 if bright else 255)).round().astype(np.uint8)
        return blended
    if picture.mode.startswith(("I", "F")):  # 16 bits and more: Pillow would clip rather than scale
        values = np.nan_to_num(np.asarray(picture, np.float64))
        span = float(np.ptp(values)) or 1.0
        scaled: Gray = ((values - values.min()) / span * 255).round().astype(np.uint8)
        return scaled
    return np.asarray(picture.convert("L"))


def _ink(gray: Gray) -> Gray | None:
    """Ink 255 on paper 0, or None if nothing stands out. What most of the border shows is paper."""
    border = np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])
    distance = gray.astype(np.float64) - float(np.median(border))
    dark, bright = np.clip(-distance, 0, None), np.clip(distance, 0, None)
    contrast_of_ink = bright if (bright**2).sum() > (dark**2).sum() else dark
    most = float(contrast_of_ink.max())
    if most < LEAST_CONTRAST:
        return None
    strength = contrast_of_ink / most
    paper = 0.0 if _is_flat(border) else 0.25  # shadows and noise of a photo
    ink: Gray = (255 * np.clip((strength - paper) / (1 - paper), 0, 1)).round().astype(np.uint8)
    return ink


def _is_flat(border: Gray) -> bool:
    """Whether the paper has one shade, as in a drawing."""
    return float(np.mean(border == np.median(border))) > 0.9


def _is_like_mnist(ink: Gray) -> bool:
    """Whether the picture already is as MNIST's are: 28 x 28 with the digit in the 20-pixel box, centred by mass."""
    if ink.shape != (SIDE, SIDE):
        return False
    rows, columns = np.nonzero(ink)
    mass = np.array([np.average(rows, weights=ink[rows, columns]), np.average(columns, weights=ink[rows, columns])])
    longer = max(np.ptp(rows), np.ptp(columns)) + 1
    return bool(abs(longer - BOX) <= 2 and np.abs(mass - (SIDE - 1) / 2).max() < 1)


def _fitted(ink: Gray) -> Gray:
    """The ink scaled into the 20-pixel box, thin pens thickened, centred by mass in 28 x 28 pixels."""
    rows, columns = np.nonzero(ink > 127)
    cut = Image.fromarray(ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1])
    scale = WORKING_BOX / max(cut.size)
    cut = cut.resize([max(1, round(side * scale)) for side in cut.size], Image.Resampling.BOX if scale < 1 else None)
    missing = PEN * WORKING_BOX - _pen_width(np.asarray(cut))
    if missing > (PEN - THIN_PEN) * WORKING_BOX:
        room = int(missing / 2) + 1
        cut = ImageOps.expand(cut, room).filter(ImageFilter.MaxFilter(2 * (room - 1) + 1))
    scale = BOX / max(cut.size)
    small = np.asarray(cut.resize([max(1, round(side * scale)) for side in cut.size], Image.Resampling.BOX))
    field = np.zeros((3 * SIDE, 3 * SIDE), np.float64)  # room to move the window over
    field[SIDE : SIDE + small.shape[0], SIDE : SIDE + small.shape[1]] = small
    places = np.arange(3 * SIDE)
    row, column = (round(np.average(places, weights=field.sum(axis=axis)) - (SIDE - 1) / 2) for axis in (1, 0))
    image = field[row : row + SIDE, column : column + SIDE]
    fitted: Gray = (image * (255 / image.max())).round().astype(np.uint8)
    return fitted


def _pen_width(ink: Gray) -> float:
    """Pixels across the pen's line: twice the inked area over the length of its two edges."""
    inked = np.pad(ink > 127, 1)
    inside = inked[1:-1, 1:-1] & inked[:-2, 1:-1] & inked[2:, 1:-1] & inked[1:-1, :-2] & inked[1:-1, 2:]
    edge = inked[1:-1, 1:-1].sum() - inside.sum()
    return 2 * float(inked.sum()) / max(float(edge), 1.0)
