"""What a terminal says of how test films follow their sound or skeleton."""

from svi_studio.domain.training.drift import DriftArm, DriftReport, TestFilm
from svi_studio.domain.training.follow_lines import follow_lines


def arm(name: str, *clips: dict[str, float]) -> DriftArm:
    return DriftArm(name=name, films=(TestFilm(name="1", clips=clips),))


def test_base_and_lora_stand_side_by_side() -> None:
    base, lora = arm("base", {"sync": 0.2, "lag": 3.0}, {"sync": 0.4}), arm("lora", {"sync": 0.9, "lag": 0.0})
    assert follow_lines(DriftReport(arms=(base, lora))) == [
        "Mouth with the sound (correlation): base 0.30, lora 0.90",
        "Mouth behind the sound (frames): base 3.00, lora 0.00",
    ]


def test_what_one_arm_does_not_have_is_unknown() -> None:
    report = DriftReport(arms=(arm("base", {"motion": 1.0}), arm("lora", {"joints": 4.0})))
    assert follow_lines(report) == ["Joints off the skeleton (% of the body): base unknown, lora 4.00"]


def test_what_is_not_measured_is_said_and_other_notes_are_not() -> None:
    report = DriftReport(arms=(), notes=("The mouth is not measured: look.", "A film broke off."))
    assert follow_lines(report) == ["The mouth is not measured: look."]
