"""How well test films follow their sound or their skeleton, as lines for a terminal: base beside LoRA."""

from svi_studio.domain.training.drift import BASE, LORA, DriftArm, DriftReport, Figure, known_figures

_NAMES = ("sync", "lag", "joints", "seen")


def follow_lines(report: DriftReport) -> list[str]:
    """A line for each figure that was measured, the mean over all clips, and what is not measured; may be empty."""
    figures = [figure for figure in known_figures(report.arms) if figure.name in _NAMES]
    lines = [f"{figure.title} ({figure.unit}): {_arms(report, figure)}" for figure in figures]
    return [*lines, *(note for note in report.notes if "not measured" in note)]


def _arms(report: DriftReport, figure: Figure) -> str:
    arms = (report.arm(BASE), report.arm(LORA))
    found = ((arm.name, _mean(arm, figure.name)) for arm in arms if arm is not None)
    return ", ".join(f"{name} {'unknown' if value is None else f'{value:.2f}'}" for name, value in found)


def _mean(arm: DriftArm, name: str) -> float | None:
    values = [clip[name] for film in arm.films for clip in film.clips if name in clip]
    return sum(values) / len(values) if values else None
