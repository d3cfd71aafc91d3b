"""Files from strangers: one clear sentence for each, nothing executed, nothing followed out of the folder."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.errors import BadProject, NewerVersion
from svi_studio.domain.film.storyboard import STORYBOARD_VERSION, Storyboard
from svi_studio.project import strict_json
from svi_studio.project.film import schema
from svi_studio.project.film.film_source import open_film
from svi_studio.project.film.project_file import BEFORE_UPGRADE, Project
from tests.builders.storyboards import film

CLIPS = '"clips": [{"id": "a", "prompt": "p"}]'
HOSTILE = {
    "nothing": b"",
    "no text": b"\xff\xfe\x00\x01" * 50,
    "a pickle": b"\x80\x04\x95cposix\nsystem\n(S'touch hacked'\ntR.",
    "no object": b"[1, 2]",
    "half": b'{"title": "x", ',
    "deep lists": b'{"clips": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
    "deep objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "fairly deep": b'{"clips": ' + b"[" * 100 + b"]" * 100 + b"}",
    "NaN": b'{"guidance_scale": NaN}',
    "infinity": b'{"guidance_scale": 1e999}',
    "a long number": b'{"seed": ' + b"9" * 10_000 + b"}",
    "a big seed": b'{"seed": 99999999999999999999}',
    "a negative seed": b'{"seed": -1}',
    "a word for a number": b'{"seed": "7"}',
    "a truth for a number": b'{"seed": true}',
    "a number for words": b'{"title": 7}',
    "a double name": b'{"seed": 1, "seed": 2}',
    "an unknown field": b'{"__class__": "os.system"}',
    "a broken character": b'{"title": "\\ud800"}',
    "a long prompt": b'{"clips": [{"id": "a", "prompt": "' + b"x" * 20_000 + b'"}]}',
    "many clips": json.dumps({"clips": [{"id": f"c{k}"} for k in range(20_001)]}).encode(),
    "many parts": b'{"clips": [' + b"[]," * 1_100_000 + b"[]]}",
    "no version": b'{"schema_version": "1"}',
    "version zero": b'{"schema_version": 0}',
    "version true": b'{"schema_version": true}',
}
PATHS = [
    "/etc/passwd",
    "C:\\\\x.png",
    "\\\\\\\\server\\\\share\\\\x.png",
    "//server/x.png",
    "../x.png",
    "a/../../x.png",
]


def is_one_sentence(text: str) -> bool:
    return text.endswith(".") and "\n" not in text and len(text) < 500 and "Traceback" not in text


def as_project(folder: Path, content: bytes) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "project.json").write_bytes(content)
    return folder


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_bare_storyboard_that_is_none_is_refused(tmp_path: Path, kind: str) -> None:
    (tmp_path / "film.json").write_bytes(HOSTILE[kind])
    with pytest.raises(BadProject) as refusal:
        open_film(tmp_path / "film.json")
    assert is_one_sentence(str(refusal.value)) and "film.json" in str(refusal.value)


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_project_with_such_a_storyboard_is_refused(tmp_path: Path, kind: str) -> None:
    content = b'{"format": "svi-studio project", "schema_version": 1, "storyboard": ' + HOSTILE[kind] + b"}"
    with pytest.raises(BadProject) as refusal:
        open_film(as_project(tmp_path / "x.svi", content))
    assert is_one_sentence(str(refusal.value))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("field", ['"reference_image": "%s"', '"clips": [{"id": "a", "cut": true, "image": "%s"}]',
                                   '"loras": [{"file": "%s"}]'])  # fmt: skip
def test_a_path_out_of_the_folder_is_refused(tmp_path: Path, path: str, field: str) -> None:
    (tmp_path / "film.json").write_text("{" + field % path + "}")
    with pytest.raises(BadProject, match="relative path"):
        open_film(tmp_path / "film.json")


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(b"secret")
    (tmp_path / "film").mkdir()
    (tmp_path / "film" / "a.png").symlink_to(tmp_path / "secret.png")
    (tmp_path / "film" / "film.json").write_text('{"reference_image": "a.png"}')
    with pytest.raises(BadProject, match="outside"):
        open_film(tmp_path / "film" / "film.json").file("a.png")


def test_a_huge_file_is_refused_without_reading_all_of_it(tmp_path: Path) -> None:
    with (tmp_path / "film.json").open("wb") as stream:
        stream.truncate(1 << 40)
    with pytest.raises(BadProject, match="larger than"):
        open_film(tmp_path / "film.json")


@pytest.mark.parametrize("name", ["missing.json", "a" * 300 + ".json", "nul\0.json", "a" * 300 + ".svi", "nul\0.svi"])
def test_a_file_that_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadProject, match=r"There is no fil[em]|cannot be read"):
        open_film(tmp_path / name)


def test_a_newer_storyboard_is_refused_as_newer(tmp_path: Path) -> None:
    (tmp_path / "film.json").write_text('{"schema_version": 99, "a new field": []}')
    with pytest.raises(NewerVersion, match="newer version"):
        open_film(tmp_path / "film.json")


@pytest.mark.parametrize("versions", [(99, 1), (1, 99)])
def test_a_newer_project_is_refused_as_newer(tmp_path: Path, versions: tuple[int, int]) -> None:
    document = {"schema_version": versions[0], "storyboard": {"schema_version": versions[1]}}
    with pytest.raises(NewerVersion):
        open_film(as_project(tmp_path / "x.svi", json.dumps(document).encode()))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
names = st.sampled_from([*Storyboard.model_fields, "unknown"])


@given(st.dictionaries(names, json_values, max_size=5))
def test_any_object_is_a_storyboard_or_refused_in_one_sentence(document: dict[str, Any]) -> None:
    content = json.dumps(document).encode()
    try:
        schema.read_storyboard(strict_json.parse_object(content, Path("film.json")), Path("film.json"))
    except BadProject as refusal:
        assert is_one_sentence(str(refusal))


@given(st.binary(max_size=200))
def test_any_bytes_are_an_object_or_refused(content: bytes) -> None:
    try:
        strict_json.parse_object(content, Path("film.json"))
    except BadProject as refusal:
        assert is_one_sentence(str(refusal))


def test_a_journal_of_rubbish_is_left_out(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "film", film(2))
    (project.folder / "journal.jsonl").write_bytes(b'{"crc32": 1, "entry": "{}"}\n' + b"\x00\xff[[[" * 1000)
    assert Project.open(project.folder).storyboard == film(2)


def test_a_bare_storyboard_opens_with_its_pictures_beside_it(tmp_path: Path) -> None:
    (tmp_path / "film.json").write_text('\ufeff{"reference_image": "pictures/a.png", ' + CLIPS + "}", encoding="utf-8")
    source = open_film(tmp_path / "film.json")
    assert source.file("pictures/a.png") == (tmp_path / "pictures" / "a.png").resolve()
    assert (source.project, source.is_bare) == (tmp_path / "film.svi", True)


def test_a_project_opens_with_its_folder(tmp_path: Path) -> None:
    folder = Project.create(tmp_path / "film", film(2)).folder
    source = open_film(folder)
    assert (source.storyboard, source.folder, source.project, source.is_bare) == (film(2), folder, folder, False)


def test_an_old_document_is_upgraded_one_version_at_a_time() -> None:
    steps = {1: lambda doc: doc | {"b": doc.pop("a") + 1}, 2: lambda doc: doc | {"c": doc["b"] + 1}}
    old = {"schema_version": 1, "a": 1}
    assert schema.upgraded(old, 3, steps, Path("x")) == {"schema_version": 3, "b": 2, "c": 3}
    assert old == {"schema_version": 1, "a": 1}


def test_every_version_can_be_upgraded() -> None:
    assert set(schema.STORYBOARD_UPGRADES) == set(range(1, STORYBOARD_VERSION))
    assert set(schema.PROJECT_UPGRADES) == set(range(1, schema.PROJECT_VERSION))


def test_the_old_file_is_kept_when_an_upgraded_project_is_saved(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "film", film(2))
    project._upgraded_from = b"the old file"
    project.save()
    assert (project.folder / BEFORE_UPGRADE).read_bytes() == b"the old file"


def test_a_file_is_only_so_deep(tmp_path: Path) -> None:
    def parsed(depth: int) -> dict[str, Any]:
        return strict_json.parse_object(b'{"a":' + b"[" * depth + b"]" * depth + b"}", tmp_path / "file")

    assert "a" in parsed(29)
    with pytest.raises(BadProject, match="not a storyboard that can be read"):
        parsed(40)
