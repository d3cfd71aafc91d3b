"""A key is hidden in what its server says, wherever the pieces are cut."""

from hypothesis import given
from hypothesis import strategies as st

from svi_studio.net.secret import Secret
from svi_studio.storyline.server.spoken_key import SpokenKey

_WORDS = "sk-sk-0123456789"
_KEY = SpokenKey(Secret(_WORDS, "https://example.org"))


@given(st.lists(st.sampled_from(["sk-", "0123", _WORDS, "a", _WORDS[:9], _WORDS[9:]])), st.integers(1, 20))
def test_pieces_say_what_the_whole_says_without_the_key(parts: list[str], size: int) -> None:
    text = "".join(parts)
    said = "".join(_KEY.hidden(text[start : start + size] for start in range(0, len(text), size)))
    assert said == text.replace(_WORDS, "(hidden)")


def test_without_a_key_everything_is_said_at_once() -> None:
    assert list(SpokenKey(None).hidden(["a", "sk-", "b"])) == ["a", "sk-", "b"]
