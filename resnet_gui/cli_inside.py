"""The command that takes blocks out of a trained network, weakens them or exchanges them, and reads test images."""

import sys
from typing import Annotated, Any

import numpy as np
import typer

from resnet_gui.cli_options import DataDir, Json, RunId
from resnet_gui.cli_output import print_json, print_table, refuse
from resnet_gui.core.inside.lesion import Lesion, lesion_words
from resnet_gui.core.inside.lesion_text import lesion_of
from resnet_gui.core.inside.sweep import MOST_DRAWS, Score, Sweep, SweepKind, SweepQuestion, sweep_steps
from resnet_gui.core.inside.sweep_words import AXES, sweep_sentence
from resnet_gui.core.library import STARTER, Library


def lesions(
    run: RunId = STARTER,
    remove: Annotated[
        SweepKind | None,
        typer.Option(
            help="A sweep: without each block in turn; without k random blocks, k from 0 to all; with k random pairs "
            "of blocks exchanged.",
            show_default=False,
        ),
    ] = None,
    off: Annotated[
        str | None, typer.Option(metavar="BLOCKS", help="Or one lesion: without these blocks, such as 3,5.")
    ] = None,
    swap: Annotated[
        str | None, typer.Option(metavar="PAIRS", help="With these blocks exchanged first, such as 2:4.")
    ] = None,
    alpha: Annotated[
        str | None, typer.Option(metavar="ALPHAS", help="x + alpha F(x) in these blocks, such as 3=0.5.")
    ] = None,
    draws: Annotated[int, typer.Option(min=1, max=MOST_DRAWS, help="Random lesions for each k.")] = 5,
    seed: Annotated[int, typer.Option(min=0, help="Fixes what is random.")] = 0,
    images: Annotated[int, typer.Option(min=0, help="Read the first so many test images; 0 means all.")] = 0,
    data_dir: DataDir = None,
    as_json: Json = False,
) -> int:
    """Measure the test error of a network without some blocks, or with blocks exchanged (Veit et al. 2016).

    Blocks are counted from 1, the first, across the stages.
    """
    by_hand = any(option is not None for option in (off, swap, alpha))
    if by_hand == (remove is not None):
        refuse(
            "Say what to do: a sweep by --remove each, random or shuffle; or one lesion by --off, --swap or --alpha."
        )
    from resnet_gui.engine.device import choose_device
    from resnet_gui.engine.examination import load_test_exam
    from resnet_gui.engine.inside.sweeps import sweep
    from resnet_gui.engine.inside.tally import Tally
    from resnet_gui.engine.prediction import load_reader

    choose_device()
    reader = load_reader(Library(), run)
    blueprint = reader.network.blueprint
    reader.read(np.zeros(blueprint.layers[0].shape[:2], np.uint8))  # refuses a network whose training diverged
    about = {"run": run, "network": reader.name, "blocks": len(blueprint.blocks)}
    if remove is None:
        lesion = lesion_of(blueprint, off or "", swap or "", alpha or "")
        exam = load_test_exam(data_dir)
        tally = Tally(reader.network, [Lesion.none(len(blueprint.blocks)), lesion], exam)
        wanted = min(images or len(exam.labels), len(exam.labels))
        for _ in tally.grow(wanted):
            _tell(tally.share(wanted))
        intact, changed = tally.scores
        return _tell_lesion(about, lesion, intact, changed, exam.source, as_json)
    question = SweepQuestion(remove, draws, seed, images)
    sweep_steps(question, blueprint)  # what cannot be done is said before data is loaded
    for grown in sweep(reader.network, question, load_test_exam(data_dir)):
        _tell(grown[1])
    return _tell_sweep(about, question, grown[0], as_json)


def _tell(share: float) -> None:
    if sys.stderr.isatty():
        print(f"\rreading test images: {share:.0%} ", end="" if share < 1 else "\n", file=sys.stderr, flush=True)


def _tell_lesion(
    about: dict[str, Any],
    lesion: Lesion,
    intact: Score,
    changed: Score,
    source: str,
    as_json: bool,
) -> int:
    words = lesion_words(lesion) or "nothing"
    if as_json:
        print_json(
            about
            | {"dataset": source, "images": intact.images, "changed": words}
            | {"alphas": lesion.alphas, "order": [place + 1 for place in lesion.order]}
            | {"intact": _score(intact), "error": changed.error, "interval": _ends(changed)}
        )
        return 0
    print(f"{about['network']}, changed: {words}")
    for name, score in (("as it was trained", intact), ("changed", changed)):
        low, high = _ends(score)
        print(f"{name}: test error {score.error:.2%} (95 %: {low:.2%} to {high:.2%})")
    print(f"{intact.images:,} test images: {source}")
    return 0


def _tell_sweep(about: dict[str, Any], question: SweepQuestion, sweep: Sweep, as_json: bool) -> int:
    if as_json:
        points = []
        for point in sweep.points:
            figures: dict[str, Any] = {AXES[sweep.kind].key: point.x, "error": point.error, "errors": point.errors}
            figures["interval"] = (point.interval.low, point.interval.high)
            if sweep.kind is SweepKind.EACH:
                figures["downsampling"] = point.x in sweep.downsampling
            if sweep.kind is SweepKind.SHUFFLE:
                figures["kendall_tau"] = point.kendall_tau
            points.append(figures)
        print_json(
            about
            | {"dataset": sweep.source, "images": sweep.images, "remove": sweep.kind, "seed": question.seed}
            | {"draws": question.draws, "intact": _score(sweep.intact), "typical_error": sweep.typical}
            | {"downsampling": sweep.downsampling, "fixed": sweep.fixed, "points": points}
        )
        return 0
    rows = []
    for point in sweep.points:
        note = "changes the shape" if sweep.kind is SweepKind.EACH and point.x in sweep.downsampling else ""
        ends = f"{point.interval.low:.2%}", f"{point.interval.high:.2%}"
        rows.append((str(point.x), note, f"{point.error:.2%}", *ends))
    print(f"{about['network']}: test error as it was trained {sweep.intact.error:.2%}")
    print_table((AXES[sweep.kind].key, "", "test error", "low", "high"), rows, numbers=3)
    print(sweep_sentence(str(about["network"]), sweep))
    print(f"{sweep.images:,} test images: {sweep.source}")
    return 0


def _score(score: Score) -> dict[str, Any]:
    return {"error": score.error, "interval": _ends(score)}


def _ends(score: Score) -> tuple[float, float]:
    return score.interval.low, score.interval.high
