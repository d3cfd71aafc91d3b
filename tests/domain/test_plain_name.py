import pytest

from svi_studio.domain.text.plain_name import plain_name


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("A red puppet", "A red puppet"),
        ("what/is: this?", "what is this"),
        ("..\\..\\up", "up"),
        ("con", "Film"),
        ("LPT1.txt", "Film"),
        ("", "Film"),
        (" . ", "Film"),
        ("\u202egnp.exe\n", "gnp.exe"),
        ("Stra\u00dfe 🦊", "Stra\u00dfe 🦊"),
    ],
)
def test_any_words_become_a_name_that_every_disk_takes(words: str, name: str) -> None:
    assert plain_name(words) == name


def test_a_long_title_becomes_a_short_name() -> None:
    assert 70 <= len(plain_name("狐" * 300).encode()) <= 80
