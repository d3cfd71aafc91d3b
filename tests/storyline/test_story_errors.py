"""The answer that a story failed with is at hand, cut to a size and to characters that a window and a file take."""

from svi_studio.storyline.story_errors import MAX_RAW_CHARS, BadReply, NoAnswer


def test_a_long_answer_is_cut() -> None:
    assert len(BadReply("No.", "x" * 1_000_000).raw) == MAX_RAW_CHARS


def test_halves_of_characters_are_replaced() -> None:
    assert NoAnswer("No.", "Rex \ud83d runs").raw.encode() == b"Rex ? runs"
