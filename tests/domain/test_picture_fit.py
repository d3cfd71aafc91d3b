"""What a film does to a picture, told in plain words."""

import pytest

from svi_studio.domain.pictures.picture_fit import fit_words
from svi_studio.domain.pictures.picture_look import PictureLook, Size

FILM = (832, 480)


@pytest.mark.parametrize(
    ("picture", "look", "words"),
    [
        (FILM, PictureLook(FILM), ""),
        ((1664, 960), PictureLook(FILM), ""),
        ((1000, 1000), PictureLook(), ""),
        ((1000, 1000), PictureLook(FILM), "1000 x 1000, of which the middle is filmed, at 832 x 480"),
        ((1000, 1000), PictureLook(FILM, (0, 0, 900, 600)), "1000 x 1000, of which your frame is filmed, at 832 x 480"),
        (
            (1000, 1000),
            PictureLook(FILM, squeeze=True),
            "1000 x 1000, squeezed to 832 x 480: it all looks 73 % wider",
        ),
        (
            (2000, 500),
            PictureLook(FILM, squeeze=True),
            "2000 x 500, squeezed to 832 x 480: it all looks 57 % narrower",
        ),
        ((416, 240), PictureLook(FILM), "416 x 240, enlarged to 832 x 480: it will look soft"),
        ((416, 416), PictureLook(FILM), "416 x 240 of 416 x 416, enlarged to 832 x 480: it will look soft"),
    ],
)
def test_what_is_lost_of_a_picture_is_said_and_nothing_else(picture: Size, look: PictureLook, words: str) -> None:
    assert fit_words(picture, look) == words
