"""Captions come from a text beside the video or from one table, and a bad table is one sentence."""

from pathlib import Path

import pytest

from svi_studio.domain.errors import BadInput
from trainer.footage.captions import Caption, Captions, read_table


def test_the_text_beside_a_video_counts_before_the_table(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a fox\n runs ", encoding="utf-8")
    (tmp_path / "captions.csv").write_text("file,caption\na.mp4,a cat\nsub/b.mp4,a dog\n", encoding="utf-8")
    captions = Captions.beside(tmp_path)

    assert captions.of("a.mp4") == Caption("a fox runs", "sidecar")
    assert captions.of("sub/b.mp4") == Caption("a dog", "table")
    assert captions.of("c.mp4") == Caption("", "")


@pytest.mark.parametrize("divider", [",", ";", "\t"])
def test_tables_of_every_office_program_are_read(tmp_path: Path, divider: str) -> None:
    rows = f'\ufeffCaption{divider}File\r\n"a ""red"" fox{divider} running"{divider}.\\a.mp4\r\n'
    (tmp_path / "captions.csv").write_text(rows, encoding="utf-8", newline="")

    assert read_table(tmp_path) == {"a.mp4": " ".join(f'a "red" fox{divider} running'.split())}


def test_wrong_columns_are_named(tmp_path: Path) -> None:
    (tmp_path / "captions.csv").write_text("video,text\na.mp4,a cat\n", encoding="utf-8")

    with pytest.raises(BadInput, match=r'has the columns video, text: its first line should be "file,caption"'):
        read_table(tmp_path)


def test_a_table_that_is_no_text_is_a_problem_and_not_the_end(tmp_path: Path) -> None:
    (tmp_path / "captions.csv").write_bytes(b"file,caption\na.mp4,\xff\xfe\x00\n")
    captions = Captions.beside(tmp_path)

    assert captions.of("a.mp4") == Caption()
    assert len(captions.problems()) == 1


def test_a_broken_text_beside_a_video_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\xff\xff")
    captions = Captions.beside(tmp_path)

    assert [captions.of("a.mp4"), captions.of("a.mp4")] == [Caption(), Caption()]
    assert len(captions.problems()) == 1


@pytest.mark.parametrize("content", ["", "\n", "file\n", "file,caption\na.mp4\n", 'file,caption\n"a.mp4,b\n'])
def test_odd_tables_never_crash(tmp_path: Path, content: str) -> None:
    (tmp_path / "captions.csv").write_text(content, encoding="utf-8")

    Captions.beside(tmp_path).of("a.mp4")
