# ruff: noqa: N818 - the names say what happened; every one of them is a StudioError
"""What can go wrong between this computer and another one: a sentence each, and a type to tell them apart."""

from svi_studio.domain.errors import BadInput, StudioError


class NetError(StudioError):
    """Something went wrong on the way to a server or back."""


class BadAddress(BadInput, NetError):
    """An address as typed, or as a server gave it, that is never connected to."""


class Unreachable(NetError):
    """No connection: no network, no such server, or nobody answers there."""


class Untrusted(NetError):
    """The server could not prove with its certificate that it is the one that was meant."""


class TooSlow(NetError):
    """The time for the whole request is over."""


class TooLarge(NetError):
    """The server sent, or announced, more than the request may bring."""


class BrokenReply(NetError):
    """What came back is not HTTP, ended early, or is packed in a way that was not asked for."""


class Redirected(NetError):
    """The server points elsewhere, and this request follows no redirect, or not this one."""


class OtherOrigin(NetError):
    """A key was about to go to another server than the one that it belongs to."""
