"""The pages about test films: every arm and every figure in the JSON, the chart and the table."""

from pathlib import Path

from svi_studio.domain.training.drift import DriftArm, DriftReport, TestFilm, read_drift
from trainer.evaluation.report import drift_chart, write_report


def arm(name: str, end: float) -> DriftArm:
    def clips(start: float) -> tuple[dict[str, float], ...]:
        return ({"similarity": start, "motion": 2.0}, {"similarity": end, "motion": 2.0, "seam": 3.0, "colour": 4.0})

    return DriftArm(name=name, films=tuple(TestFilm(name=f"film {s}", clips=clips(s)) for s in (0.8, 1.0)))


REPORT = DriftReport(title="Film", step=100, arms=(arm("base", 0.45), arm("lora", 0.9)))


def test_the_json_reads_back_as_it_was(tmp_path: Path) -> None:
    write_report(REPORT, tmp_path)
    assert read_drift((tmp_path / "drift.json").read_bytes()) == REPORT


def test_nothing_half_written_stays(tmp_path: Path) -> None:
    write_report(REPORT, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["drift.json", "drift.svg"]


def test_motion_stands_beside_similarity_in_the_chart() -> None:
    svg = drift_chart(REPORT)
    assert svg.index("Similarity") < svg.index("Motion") < svg.index("Colour")


def test_the_chart_can_be_of_chosen_figures() -> None:
    assert "Colour" not in drift_chart(REPORT, ["similarity", "motion"])


def test_few_films_are_drawn_themselves_and_many_as_a_band() -> None:
    many = DriftArm(
        name="base", films=tuple(TestFilm(name=str(k), clips=({"psnr": k}, {"psnr": k + 1.0})) for k in range(6))
    )
    assert drift_chart(REPORT).count("<polygon") == 0
    assert drift_chart(DriftReport(arms=(many,))).count("<polygon") == 1
