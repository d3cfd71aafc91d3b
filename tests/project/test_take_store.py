import json
import os
import sys
from pathlib import Path

import pytest

from svi_studio.disk.publish import MARK
from svi_studio.domain.errors import BadProject
from svi_studio.domain.takes.take import Take
from svi_studio.project.takes.take_store import TakeStore
from tests.builders.storyboards import film, plan_of

JOBS = plan_of(film(3)).jobs


def take_of(index: int) -> Take:
    job = JOBS[index]
    return Take(take_hash=job.take_hash, parent_hash=job.parent_hash, job=job, num_frames=21)


def commit(store: TakeStore, index: int = 0, content: bytes = b"frames") -> Take:
    draft = store.begin(JOBS[index])
    draft.path("frames.mkv").write_bytes(content)
    draft.path("poster.png").write_bytes(b"poster")
    return draft.commit(take_of(index))


@pytest.fixture
def store(tmp_path: Path) -> TakeStore:
    return TakeStore(tmp_path / "takes")


def test_a_committed_take_exists_with_its_files(store: TakeStore) -> None:
    take = commit(store)
    assert store.has(take.take_hash) and [file.name for file in take.files] == ["frames.mkv", "poster.png"]


def test_a_take_is_loaded_as_it_was_committed(store: TakeStore) -> None:
    take = commit(store)
    assert store.load(take.take_hash) == take


def test_a_file_of_a_take_is_found(store: TakeStore) -> None:
    take = commit(store)
    assert store.file(take.take_hash, "frames.mkv").read_bytes() == b"frames"


def test_a_file_that_a_take_does_not_have_is_refused(store: TakeStore) -> None:
    take = commit(store)
    with pytest.raises(BadProject, match="no file"):
        store.file(take.take_hash, "../../project.json")


def test_a_draft_is_no_take(store: TakeStore) -> None:
    store.begin(JOBS[0]).path("frames.mkv").write_bytes(b"x")
    assert not store.has(JOBS[0].take_hash) and list(store.hashes()) == []


def test_a_discarded_draft_leaves_nothing(store: TakeStore) -> None:
    draft = store.begin(JOBS[0])
    draft.path("frames.mkv").write_bytes(b"x")
    draft.discard()
    assert [entry.name for entry in store.folder.iterdir()] == [".lock"]


def test_discarding_a_committed_draft_keeps_the_take(store: TakeStore) -> None:
    draft = store.begin(JOBS[0])
    take = draft.commit(take_of(0))
    draft.discard()
    assert store.has(take.take_hash)


def test_a_half_made_take_is_no_take_and_is_cleaned_by_its_mark(store: TakeStore) -> None:
    take = commit(store)
    (store.folder / take.take_hash / "manifest.json").unlink()
    (store.folder / take.take_hash / MARK).touch()
    assert not store.has(take.take_hash)
    store.clean()
    assert not (store.folder / take.take_hash).exists()


def test_a_folder_that_is_only_called_like_a_take_is_never_cleaned(store: TakeStore) -> None:
    commit(store)
    foreign = store.folder / ("ab" * 32)
    (foreign / "diff").mkdir(parents=True)
    (foreign / "diff" / "data").write_bytes(b"container data")
    store.clean()
    assert (foreign / "diff" / "data").read_bytes() == b"container data"


def test_a_take_is_rendered_beside_a_folder_of_its_name_that_is_not_ours(store: TakeStore) -> None:
    foreign = store.folder / JOBS[0].take_hash
    foreign.mkdir(parents=True)
    (foreign / "thesis.txt").write_bytes(b"mine")
    take = commit(store)
    assert store.load(take.take_hash) == take
    assert [file.read_bytes() for file in store.folder.glob("*.aside-*/thesis.txt")] == [b"mine"]


def test_what_the_user_put_into_a_take_outlives_its_deletion(store: TakeStore) -> None:
    take = commit(store)
    notes = store.folder / take.take_hash / "notes.txt"
    notes.write_bytes(b"mine")
    store.delete(take.take_hash)
    assert [file.name for file in notes.parent.iterdir()] == ["notes.txt"] and not store.has(take.take_hash)


def test_a_take_whose_files_claim_more_than_their_pixels_need_is_refused(store: TakeStore) -> None:
    take = commit(store)
    manifest = store.folder / take.take_hash / "manifest.json"
    document = json.loads(manifest.read_text())
    document["files"][0]["size"] = 1 << 40
    manifest.write_text(json.dumps(document))
    os.truncate(manifest.with_name("frames.mkv"), 1 << 40)
    with pytest.raises(BadProject, match="too large"):
        store.load(take.take_hash)


def test_a_take_whose_file_was_cut_short_counts_as_missing(store: TakeStore) -> None:
    take = commit(store)
    store.file(take.take_hash, "frames.mkv").write_bytes(b"fra")
    assert not store.has(take.take_hash)


def test_a_damaged_take_can_be_committed_again(store: TakeStore) -> None:
    take = commit(store)
    store.file(take.take_hash, "frames.mkv").write_bytes(b"fra")
    commit(store)
    assert store.load(take.take_hash) == take


def test_a_take_with_other_content_is_not_loaded(store: TakeStore) -> None:
    take = commit(store)
    store.file(take.take_hash, "frames.mkv").write_bytes(b"FRAMES")
    with pytest.raises(BadProject, match=r"frames\.mkv .* is damaged"):
        store.load(take.take_hash)


def test_a_take_that_was_found_damaged_exists_no_more_until_it_is_made_again(store: TakeStore) -> None:
    take = commit(store)
    store.file(take.take_hash, "frames.mkv").write_bytes(b"FRAMES")
    assert store.is_damaged(take.take_hash) and not store.has(take.take_hash)
    commit(store)
    assert store.load(take.take_hash) == take
    assert len(list((store.folder / take.take_hash).iterdir())) == 3


def test_a_sound_take_is_not_damaged(store: TakeStore) -> None:
    assert not store.is_damaged(commit(store).take_hash)


def test_no_take_is_damaged_while_the_disk_with_them_is_away(store: TakeStore) -> None:
    take = commit(store)
    store.folder.rename(store.folder.with_name("away"))
    assert not store.is_damaged(take.take_hash)


@pytest.mark.parametrize("content", [b"", b"{}", b"[" * 5000, b"\xff\xfe", b'{"schema_version": 2}'])
def test_a_manifest_that_is_none_is_refused(store: TakeStore, content: bytes) -> None:
    take = commit(store)
    (store.folder / take.take_hash / "manifest.json").write_bytes(content)
    assert not store.has(take.take_hash)


def test_a_take_under_another_takes_name_is_refused(store: TakeStore) -> None:
    take = commit(store)
    (store.folder / take.take_hash).rename(store.folder / JOBS[1].take_hash)
    assert not store.has(JOBS[1].take_hash)


def test_a_manifest_cannot_name_a_file_elsewhere(store: TakeStore) -> None:
    take = commit(store)
    manifest = store.folder / take.take_hash / "manifest.json"
    document = json.loads(manifest.read_text())
    document["files"][0]["name"] = "../../../etc/passwd"
    manifest.write_text(json.dumps(document))
    with pytest.raises(BadProject):
        store.load(take.take_hash)


def test_the_first_of_two_commits_of_one_take_stays(store: TakeStore) -> None:
    slow = store.begin(JOBS[0])
    slow.path("frames.mkv").write_bytes(b"late")
    take = commit(store)
    assert slow.commit(take_of(0)) == take and store.load(take.take_hash) == take


def test_a_draft_that_lives_is_not_cleaned(store: TakeStore) -> None:
    draft = store.begin(JOBS[0])
    draft.path("frames.mkv").write_bytes(b"x")
    TakeStore(store.folder).clean()
    assert draft.path("frames.mkv").read_bytes() == b"x"


def test_deleting_a_take_says_how_much_it_frees(store: TakeStore) -> None:
    take = commit(store)
    size = sum(file.stat().st_size for file in (store.folder / take.take_hash).iterdir())
    assert store.delete(take.take_hash) == size and not store.has(take.take_hash)


def test_deleting_what_is_not_there_frees_nothing(store: TakeStore) -> None:
    assert (store.delete("f" * 64), store.delete("..")) == (0, 0)


def test_all_takes_are_listed(store: TakeStore) -> None:
    assert {commit(store, 0).take_hash, commit(store, 1).take_hash} == set(store.hashes())


@pytest.mark.parametrize("name", ["../x", "a/b", "manifest.json", "", ".lock", "a\0", "a" * 200, "C:x"])
def test_a_draft_has_plain_file_names_only(store: TakeStore, name: str) -> None:
    with pytest.raises(ValueError, match="cannot be a file"):
        store.begin(JOBS[0]).path(name)


@pytest.mark.parametrize("name", ["", "..", "/etc", "A" * 64, "\0" * 64])
def test_a_name_that_is_no_hash_is_no_take(store: TakeStore, name: str) -> None:
    assert not store.has(name)


def test_a_take_of_another_job_is_not_committed(store: TakeStore) -> None:
    with pytest.raises(ValueError, match="another job"):
        store.begin(JOBS[0]).commit(take_of(1))


@pytest.mark.skipif(sys.platform == "win32", reason="makes a link")
def test_a_manifest_behind_a_link_makes_no_take(store: TakeStore, tmp_path: Path) -> None:
    manifest = store.folder / commit(store).take_hash / "manifest.json"
    manifest.rename(tmp_path / "manifest.json")
    manifest.symlink_to(tmp_path / "manifest.json")
    assert not store.has(JOBS[0].take_hash) and list(store.hashes()) == []


def test_a_manifest_of_many_megabytes_is_none(store: TakeStore) -> None:
    manifest = store.folder / commit(store).take_hash / "manifest.json"
    manifest.write_bytes(manifest.read_bytes() + b" " * (4 << 20))
    assert not store.has(JOBS[0].take_hash)


def test_what_a_killed_write_left_in_a_take_is_cleaned(store: TakeStore) -> None:
    take = commit(store)
    left = store.folder / take.take_hash / ".svi-0123456789abcdef.tmp"
    left.touch()
    store.clean()
    assert not left.exists() and store.load(take.take_hash) == take
