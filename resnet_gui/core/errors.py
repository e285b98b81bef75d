"""The errors that a user can cause or meet, each with one sentence that says what came and what would work.

ExplorerError
├── ArchitectureError    an architecture that cannot be built
├── RecipeError          training settings that cannot work
├── DatasetError         data that is missing, broken or of another shape
│   ├── DatasetUnavailable  it is not on this machine and could not be downloaded
│   └── NoDrawnDigits       nobody has drawn and labelled a digit here yet
├── PictureError         an image or stroke file that cannot be read
├── FileError            a file that cannot be read or written
│   └── LibraryError        saved runs or digits that cannot be read or written
│       └── UnknownRun          there is no such run
├── ReadingError         a network that cannot read
├── LesionError          a change inside a network that this network does not allow
├── DeviceError          a device or precision that this machine does not have
└── Cancelled            the user took a request back; nothing went wrong
"""


class ExplorerError(Exception):
    """Base of all errors that are shown to the user as their message."""


class ArchitectureError(ExplorerError):
    """The architecture cannot be built."""


class RecipeError(ExplorerError):
    """The training settings cannot work."""


class DatasetError(ExplorerError):
    """The data set is missing, broken, or not what was expected."""


class DatasetUnavailable(DatasetError):
    """The data set is not on this machine and could not be downloaded."""


class NoDrawnDigits(DatasetError):
    """Nobody has drawn and labelled a digit here yet."""


class PictureError(ExplorerError):
    """An image or stroke file cannot be read."""


class FileError(ExplorerError):
    """A file cannot be read or written."""


class LibraryError(FileError):
    """A store of runs or digits cannot be read or written, or holds no such thing."""


class UnknownRun(LibraryError):
    """The library holds no such run."""


class ReadingError(ExplorerError):
    """The network gives no answer that means anything."""


class LesionError(ExplorerError):
    """The network cannot be changed so."""


class DeviceError(ExplorerError):
    """The device or precision that was asked for is not available here."""


class Cancelled(ExplorerError):
    """The user took the request back."""
