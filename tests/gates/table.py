"""The table of the long check: promised, exercised, held, seconds; as text, Markdown and JSON."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.gates.gate import Gate, Outcome, broken_limits, held

HEAD = ("gate", "promised", "exercised", "held", "seconds", "figures")
Row = tuple[str, ...]


def rows(results: Mapping[str, Mapping[str, Any]]) -> list[Row]:
    """One row a gate, in the order of their numbers."""
    read = [(Gate.from_json(each["gate"]), Outcome.from_json(each["outcome"])) for each in results.values()]
    return [_row(gate, outcome) for gate, outcome in sorted(read, key=lambda pair: pair[0].number)]


def remarks(results: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """What was broken, what was not exercised and why, and the seeds of what was broken."""
    sentences = []
    for each in results.values():
        gate, outcome = Gate.from_json(each["gate"]), Outcome.from_json(each["outcome"])
        broken = [*outcome.faults, *broken_limits(gate, outcome)]
        sentences += [f"{gate.number} {gate.title}: broken: {fault} (seed {outcome.seed})" for fault in broken]
        sentences += [f"{gate.number} {gate.title}: not exercised: {reason}" for reason in outcome.missing]
    return sentences


def all_hold(results: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether nothing was broken; what was not exercised is told, and breaks nothing."""
    return all(held(Gate.from_json(r["gate"]), Outcome.from_json(r["outcome"])) != "no" for r in results.values())


def as_text(table: Sequence[Row]) -> str:
    """For a terminal: columns of one width, without the figures."""
    lines = [row[:5] for row in (HEAD, *table)]
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    return "\n".join("  ".join(word.ljust(width) for word, width in zip(line, widths, strict=True)) for line in lines)


def as_markdown(table: Sequence[Row], sentences: Sequence[str]) -> str:
    """For a document."""
    lines = [HEAD, tuple("---" for _ in HEAD), *table]
    text = "\n".join("| " + " | ".join(word.replace("|", "\\|") for word in line) + " |" for line in lines)
    return text + "\n\n" + "\n".join(f"- {sentence}" for sentence in sentences) + "\n"


def write(folder: Path, results: Mapping[str, Mapping[str, Any]]) -> None:
    """``table.md`` and ``table.json`` in ``folder``."""
    table, sentences = rows(results), remarks(results)
    (folder / "table.md").write_text(as_markdown(table, sentences), encoding="utf-8")
    document = {"rows": [dict(zip(HEAD, row, strict=True)) for row in table], "remarks": sentences}
    (folder / "table.json").write_text(json.dumps(document, indent=1, ensure_ascii=False), encoding="utf-8")


def _row(gate: Gate, outcome: Outcome) -> Row:
    promised = "; ".join(f"{count:,} {kind}" for kind, count in gate.promised.items())
    exercised = "; ".join(f"{outcome.exercised[kind]:,} {kind}" for kind in gate.promised)
    figures = "; ".join(
        f"{name} {value:,.4g}" + (f" (at most {gate.limits[name]:,.4g})" if name in gate.limits else "")
        for name, value in outcome.figures.items()
    )
    title = f"{gate.number} {gate.title}"
    return (title, promised, exercised, held(gate, outcome), f"{outcome.seconds:.0f}", figures)
