"""A keyring in memory, and ones that fail in the ways of real ones."""


class MemoryKeyring:
    """Works."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if (service, username) not in self.kept:
            raise LookupError("no such password")
        del self.kept[service, username]


class LockedKeyring(MemoryKeyring):
    """The user said no when the system asked to unlock it."""

    def get_password(self, service: str, username: str) -> str | None:
        raise PermissionError("locked")

    def set_password(self, service: str, username: str, password: str) -> None:
        raise PermissionError(f"locked: {password}")

    def delete_password(self, service: str, username: str) -> None:
        raise PermissionError("locked")
