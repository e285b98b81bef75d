"""Picture files of a digit as a network wants them: photos, scans and drawings, dark on light or light on dark."""

import io
import warnings
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError, features

from resnet_gui.core.errors import PictureError
from resnet_gui.core.strokes import BOX, PEN, SIDE
from resnet_gui.engine.datasets import printable
from resnet_gui.engine.ink import cut_digits

FORMATS = ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP", "PPM")  # not EPS, for which Pillow would run Ghostscript
MOST_PIXELS = 100_000_000  # of a picture; a photo has a fifth of that
MOST_BYTES = 1 << 30  # of a file
MOST_SIDE = 2000  # pixels that are looked at; a larger picture is made smaller first
LEAST_PHOTO = 33  # pixels of the longer side from which on a picture may be more than a digit
LEAST_CONTRAST = 24  # of 255 between ink and paper
FINE = 10  # pixels of the larger cut-out in one of the 28 x 28
THIN_PEN = 0.08  # share of the box; a thinner pen all but vanishes at 20 pixels

Gray = NDArray[np.uint8]  # shape (height, width)


@dataclass(frozen=True, eq=False)
class CutOut:
    """The digit in a picture. Both images have ink 255 on paper 0, and the same framing."""

    image: Gray  # shape (28, 28), made as MNIST's were
    ink: Gray  # shape (side, side), at most 280 pixels: the same to look at


def read_picture(path: Path) -> Gray:
    """The digit in the picture file `path` as MNIST would show it: uint8 (28, 28), ink 255 on paper 0.

    Raises PictureError as `cut_out` does.
    """
    return cut_out(path).image


def cut_out(source: Path | bytes) -> CutOut:
    """The digit in a picture file, given as its path or as what is in it.

    Raises PictureError if the file is missing, damaged, too large or no picture, if nothing in it looks like a digit,
    or if there are several digits.
    """
    shown = "The picture" if isinstance(source, bytes) else printable(source)
    gray = _read(source, shown)
    drawing = _drawing(gray)
    if drawing is not None and _is_like_mnist(drawing):
        return CutOut(drawing, drawing)
    digits = [drawing] if drawing is not None and max(gray.shape) < LEAST_PHOTO else cut_digits(gray)
    if len(digits) > 1:
        raise PictureError(f"{shown} shows several digits side by side; cut one of them out.")
    if not digits:
        raise PictureError(f"{shown} shows nothing that stands out as a digit; take one closer, with more contrast.")
    return _fitted(digits[0])


def _read(source: Path | bytes, shown: str) -> Gray:
    """The picture, upright and in shades of grey, its longer side at most MOST_SIDE; `shown` names it in errors."""
    try:
        if isinstance(source, Path):
            if source.exists() and not source.is_file():  # a pipe would be waited for
                raise PictureError(f"{shown} is no file; name a picture file.")
            size = source.stat().st_size
        else:
            size = len(source)
        if not size:
            raise PictureError(f"{shown} is empty; take a PNG or JPEG picture.")
        if size > MOST_BYTES:
            raise PictureError(f"{shown} has {size:,} bytes; take a picture of at most {MOST_BYTES:,}.")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of large and odd pictures; both are dealt with here
            file = source if isinstance(source, Path) else io.BytesIO(source)
            formats = (*FORMATS, "AVIF") if features.check("avif") else FORMATS
            with Image.open(file, formats=formats) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    pixels = f"{picture.width} x {picture.height}"
                    raise PictureError(f"{shown} has {pixels} pixels; take one of at most {MOST_PIXELS:,}.")
                if picture.mode in ("1", "P"):  # cannot be made smaller without losing thin lines
                    return _gray(_upright(picture.convert("RGBA" if picture.has_transparency_data else "L")))
                return _gray(_upright(picture))
    except PictureError:
        raise
    except FileNotFoundError:
        raise PictureError(f"{shown} does not exist; name a picture file that does.") from None
    except UnidentifiedImageError:
        works = "PNG, JPEG, GIF, BMP, TIFF and WebP files work, a HEIC photo saved as JPEG does"
        raise PictureError(f"{shown} is no picture that can be read; {works}.") from None
    except Image.DecompressionBombError:
        raise PictureError(f"{shown} has too many pixels; take one of at most {MOST_PIXELS:,}.") from None
    except MemoryError:
        raise PictureError(f"{shown} does not fit into the free memory; take a smaller picture.") from None
    except Exception as error:  # Pillow's decoders meet damaged bytes with many kinds of errors
        why = getattr(error, "strerror", None) or error
        raise PictureError(f"{shown} cannot be read as a picture ({why}); take another one.") from None


def _upright(picture: Image.Image) -> Image.Image:
    """The picture made smaller, first (it spares a JPEG's decoder most of its work), and turned as its camera says."""
    gap = None if picture.mode.startswith("I;16") else 2.0  # Pillow cannot take the first, coarse step with 16 bits
    picture.thumbnail((MOST_SIDE, MOST_SIDE), Image.Resampling.BOX, gap)
    return ImageOps.exif_transpose(picture)


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


def _drawing(gray: Gray) -> Gray | None:
    """Ink 255 on paper 0 if something stands out from a border that has one shade, as in a drawing, or is tiny."""
    border = np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])
    paper = float(np.median(border))
    distance = gray - paper
    dark, bright = np.clip(-distance, 0, None), np.clip(distance, 0, None)
    ink = bright if (bright**2).sum() > (dark**2).sum() else dark
    if ink.max() < LEAST_CONTRAST or (np.mean(border == paper) < 0.9 and max(gray.shape) >= LEAST_PHOTO):
        return None
    drawing: Gray = (ink * (255 / ink.max())).round().astype(np.uint8)
    return drawing


def _is_like_mnist(ink: Gray) -> bool:
    """Whether the picture already is as MNIST's are: 28 x 28 with the digit in the 20-pixel box, centred by mass."""
    if ink.shape != (SIDE, SIDE):
        return False
    rows, columns = np.nonzero(ink)
    mass = np.array([np.average(rows, weights=ink[rows, columns]), np.average(columns, weights=ink[rows, columns])])
    longer = max(np.ptp(rows), np.ptp(columns)) + 1
    return bool(abs(longer - BOX) <= 2 and np.abs(mass - (SIDE - 1) / 2).max() < 1)


def _fitted(ink: Gray) -> CutOut:
    """The ink scaled into the 20-pixel box, thin pens thickened, centred by mass in 28 x 28 pixels."""
    box = round(BOX * FINE)
    cut = _scaled(_tight(_scaled(ImageOps.expand(Image.fromarray(ink), 1), max(box, *ink.shape))), box)
    missing = PEN * box - _pen_width(np.asarray(cut))
    if missing > (PEN - THIN_PEN) * box:
        room = int(missing / 2) + 1
        cut = _scaled(ImageOps.expand(cut, room).filter(ImageFilter.MaxFilter(2 * (room - 1) + 1)), box)
    small = np.asarray(cut, np.float64)
    side = SIDE * FINE
    field = np.zeros((3 * side, 3 * side))  # room to move the window over
    field[side : side + small.shape[0], side : side + small.shape[1]] = small
    places = np.arange(3 * side)
    row, column = (round(np.average(places, weights=field.sum(axis=axis)) - (side - 1) / 2) for axis in (1, 0))
    large = field[row : row + side, column : column + side]
    image = large.reshape(SIDE, FINE, SIDE, FINE).mean(axis=(1, 3))
    return CutOut((image * (255 / image.max())).round().astype(np.uint8), large.round().astype(np.uint8))


def _tight(picture: Image.Image) -> Image.Image:
    """The picture's part that holds the ink."""
    ink = np.asarray(picture)
    rows, columns = np.nonzero(ink > ink.max() / 2)
    return picture.crop((columns.min(), rows.min(), columns.max() + 1, rows.max() + 1))


def _scaled(picture: Image.Image, longer: int) -> Image.Image:
    """The picture with its longer side of `longer` pixels."""
    scale = longer / max(picture.size)
    sampling = Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC
    return picture.resize([max(1, round(side * scale)) for side in picture.size], sampling)


def _pen_width(ink: Gray) -> float:
    """Pixels across the pen's line: twice the inked area over the length of its two edges."""
    inked = np.pad(ink > 127, 1)
    inside = inked[1:-1, 1:-1] & inked[:-2, 1:-1] & inked[2:, 1:-1] & inked[1:-1, :-2] & inked[1:-1, 2:]
    edge = inked[1:-1, 1:-1].sum() - inside.sum()
    return 2 * float(inked.sum()) / max(float(edge), 1.0)
