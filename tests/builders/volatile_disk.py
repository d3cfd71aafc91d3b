"""A disk that forgets at a power cut whatever was not synced, to prove that every sync is where it has to be."""

from collections.abc import Collection
from pathlib import Path

from svi_studio.disk.fs_ops import FsOps
from tests.builders.faulty_disk import PowerCut


class VolatileDisk(FsOps):
    """Works on files below ``root`` and keeps in ``durable`` what a power cut would leave of them.

    Content lasts from the sync of its file on. Names last from the sync of their folder on, or at once when ``eager``:
    a real disk may do either. The power goes before operation ``cut_at``, counted from 0.
    """

    def __init__(self, root: Path, cut_at: int, *, eager: bool) -> None:
        self._cut_at, self._eager, self.operations = cut_at, eager, 0
        self.durable = {file: file.read_bytes() for file in root.rglob("*") if file.is_file()}
        self._synced = dict(self.durable)  # by the name that a file has now
        self._unsettled: set[Path] = set()  # names that a power cut would take back
        self._renamed: list[tuple[Path, Path]] = []

    def before(self, operation: str, path: Path) -> None:
        if self.operations == self._cut_at:
            raise PowerCut
        self.operations += 1

    def create(self, path: Path) -> int:
        descriptor = super().create(path)
        self._new_name(path, b"")
        return descriptor

    def open_append(self, path: Path) -> int:
        is_new = not path.exists()
        descriptor = super().open_append(path)
        if is_new:
            self._new_name(path, b"")
        return descriptor

    def sync(self, descriptor: int, path: Path) -> None:
        super().sync(descriptor, path)
        self._synced[path] = path.read_bytes()
        if path in self.durable and path not in self._unsettled:
            self.durable[path] = self._synced[path]

    def replace(self, source: Path, target: Path) -> None:
        super().replace(source, target)
        self._new_name(target, self._synced.pop(source))

    def rename_folder(self, source: Path, target: Path) -> None:
        super().rename_folder(source, target)
        self._renamed.append((source, target))
        for file in [file for file in self._synced if file.is_relative_to(source)]:
            self._synced[target / file.relative_to(source)] = self._synced.pop(file)
        if self._eager:
            self._settle(target.parent)

    def remove(self, path: Path) -> None:
        super().remove(path)
        if self._eager:
            self._settle(path.parent)

    def remove_tree(self, path: Path, last: str = "", only: Collection[str] | None = None) -> None:
        super().remove_tree(path, last, only)
        if self._eager:
            self._settle(path.parent)

    def sync_folder(self, path: Path) -> None:
        super().sync_folder(path)
        self._settle(path)

    def _new_name(self, path: Path, content: bytes) -> None:
        self._synced[path] = content
        self._unsettled.add(path)
        if self._eager:
            self._settle(path.parent)

    def _settle(self, folder: Path) -> None:
        """Everything that stands in ``folder`` now, and nothing else, stands there after a power cut."""
        for source, target in [pair for pair in self._renamed if pair[0].parent == folder]:
            for file in [file for file in self.durable if file.is_relative_to(source)]:
                self.durable[target / file.relative_to(source)] = self.durable.pop(file)
            self._renamed.remove((source, target))
        for file in [file for file in self.durable if file.is_relative_to(folder)]:
            if not (folder / file.relative_to(folder).parts[0]).exists():
                del self.durable[file]
        for file in [entry for entry in folder.iterdir() if entry.is_file()]:
            self.durable[file] = self._synced.get(file, b"")
            self._unsettled.discard(file)

    def lay_out(self, root: Path, target: Path) -> Path:
        """Write what lasts of ``root`` to the folder ``target``."""
        for file, content in self.durable.items():
            copy = target / file.relative_to(root)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(content)
        return target
