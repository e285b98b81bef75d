"""The command line that trains an experiment."""

from dataclasses import fields

from resnet_gui.core.experiment import Experiment

SHORT = {"batch_norm": "bn", "learning_rate": "lr", "validation_share": "validation"}  # options that are not the name


def option_of(name: str) -> str:
    """The option of the setting `name`, such as `--batch-size`."""
    return f"--{SHORT.get(name, name).replace('_', '-')}"


def command_of(experiment: Experiment) -> str:
    """The command line that trains `experiment`: the settings that are not the defaults."""
    words = ["resnet-gui", "train"]
    for value in (experiment.architecture, experiment.recipe):
        for field in fields(value):
            chosen, option = getattr(value, field.name), option_of(field.name)
            if chosen == field.default:
                continue
            if isinstance(chosen, bool):
                words.append(option if chosen else option.replace("--", "--no-", 1))
            else:
                words += [option, str(chosen)]
    return " ".join(words)
