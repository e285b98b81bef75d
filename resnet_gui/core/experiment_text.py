"""An experiment as one short line that people can read, copy, paste and share.

`resnet-gui/1 blocks=24 width=16 batch_norm=yes`: the version of the format, and each setting that is not the default.
"""

import re
from dataclasses import fields

from resnet_gui.core.architecture import Architecture
from resnet_gui.core.errors import ExplorerError
from resnet_gui.core.experiment import Experiment, Recipe

VERSION = 1
HEAD = f"resnet-gui/{VERSION}"
LONGEST = 4000  # characters; a whole experiment takes some hundred
_FLAGS = {"yes": True, "no": False, "true": True, "false": False}
_KINDS = {field.name: kind for kind in (Architecture, Recipe) for field in fields(kind)}
_DEFAULTS = {field.name: field.default for kind in (Architecture, Recipe) for field in fields(kind)}


def text_of(experiment: Experiment) -> str:
    """The line that `experiment_of` reads."""
    words = [HEAD]
    for value in (experiment.architecture, experiment.recipe):
        for field in fields(value):
            setting = getattr(value, field.name)
            if setting != field.default:
                words.append(f"{field.name}={_written(setting)}")
    return " ".join(words)


def experiment_of(text: str) -> Experiment:
    """The experiment that `text` describes: a line of `text_of`, or the JSON of `Experiment.to_json`.

    Raises ExplorerError for anything else, with what is wrong: a newer format, unknown settings, bad values.
    """
    text = text.strip()
    if len(text) > LONGEST:
        raise ExplorerError(f"That text is no experiment: it has {len(text):,} characters, at most {LONGEST:,} work.")
    if text.startswith("{"):
        return Experiment.from_json(text)
    head, *words = text.split() or [""]
    version = re.fullmatch(r"resnet-gui/([0-9]{1,4})", head)
    if version is None:
        raise ExplorerError(f"That text is no experiment: it must begin with {HEAD}; it begins with {_shown(head)}.")
    if int(version[1]) > VERSION:
        raise ExplorerError(f"That experiment was written by a newer version ({head}); this one reads {HEAD}.")
    settings: dict[type, dict[str, object]] = {Architecture: {}, Recipe: {}}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or name not in _KINDS:
            known = ", ".join(_KINDS)
            raise ExplorerError(f"That experiment has {_shown(word)}, which means nothing here; it may have {known}.")
        if name in settings[_KINDS[name]]:
            raise ExplorerError(f"That experiment has two values for {name}; leave one of them.")
        settings[_KINDS[name]][name] = _read(name, value)
    return Experiment(Architecture.from_dict(settings[Architecture]), Recipe.from_dict(settings[Recipe]))


def _written(setting: object) -> str:
    if isinstance(setting, bool):
        return "yes" if setting else "no"
    return f"{setting:g}" if isinstance(setting, float) and float(f"{setting:g}") == setting else str(setting)


def _read(name: str, value: str) -> object:
    """`value` as what the setting's default is; what is no such thing stays text, which the setting then refuses."""
    default = _DEFAULTS[name]
    if isinstance(default, bool):
        return _FLAGS.get(value.lower(), value)
    for kind in (int, float):
        if type(default) is kind:
            try:
                return kind(value)
            except ValueError:
                return value[:40]
    return value


def _shown(text: str) -> str:
    """A piece of foreign text for a message: short, and nothing but printable characters."""
    return ascii(text[:40] + "…" if len(text) > 40 else text).replace("\\u2026", "…")
