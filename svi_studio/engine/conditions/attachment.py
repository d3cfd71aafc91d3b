"""Lets a transformer take sound and skeletons: two more arguments of its call, used where the authors use them."""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

from torch import nn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from svi_studio.engine.conditions.sound_network import SoundNetwork

SOUND = "sound"
SKELETON = "skeleton"
"""The names of the arguments: `sound [B, T, tokens, width]`, `skeleton [B, T * h * w, dim]`, both tokens."""


class Attachment:
    """The two arguments of one transformer, and of each call that it is in.

    diffusers' own code stays as it is: hooks do the work, and they run again where a block is computed twice to save
    memory. So a backward pass must come before the next call of the same transformer, as in every training loop.
    """

    def __init__(self, transformer: nn.Module, sound: SoundNetwork | None) -> None:
        self._sound: Tensor | None = None
        self._skeleton: Tensor | None = None
        owner: Any = transformer
        hooks = [
            owner.register_forward_pre_hook(self._take, with_kwargs=True),
            owner.patch_embedding.register_forward_hook(self._add_skeleton),
        ]
        for block, heard in zip(owner.blocks, sound.blocks if sound is not None else (), strict=False):
            hearing = _Hearing(self, heard)
            hooks.append(block.norm2.register_forward_pre_hook(hearing.remember))
            hooks.append(block.attn2.register_forward_hook(hearing.add))
        self._hooks = hooks
        self._transformer = weakref.ref(transformer)
        _ATTACHED[transformer] = self

    def tell(self, tokens: Mapping[str, Tensor]) -> None:
        """What a call follows that goes through the transformer's parts one by one, by the names of the arguments."""
        self._sound, self._skeleton = tokens.get(SOUND), tokens.get(SKELETON)

    @property
    def sound(self) -> Tensor | None:
        """The tokens of the call that runs, None without sound."""
        return self._sound

    def remove(self) -> None:
        """Leaves the transformer as it was before."""
        for hook in self._hooks:
            hook.remove()
        transformer = self._transformer()
        if transformer is not None and _ATTACHED.get(transformer) is self:
            del _ATTACHED[transformer]

    def _take(self, _: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        self._sound, self._skeleton = kwargs.pop(SOUND, None), kwargs.pop(SKELETON, None)
        return args, kwargs

    def _add_skeleton(self, _: nn.Module, __: object, patches: Tensor) -> Tensor | None:
        if self._skeleton is None:
            return None
        tokens = self._skeleton.transpose(1, 2).reshape(len(self._skeleton), *patches.shape[1:])
        return patches + tokens.to(patches.dtype)


class _Hearing:
    """One block's attention to sound, after that to the words and before the feed-forward network."""

    def __init__(self, attachment: Attachment, block: nn.Module) -> None:
        self._attachment = attachment
        self._block = block
        self._hidden: Tensor | None = None

    def remember(self, _: nn.Module, args: tuple[Any, ...]) -> None:
        """What stood in the block before the words are added, which the attention to them does not see whole."""
        self._hidden = args[0] if self._attachment.sound is not None else None

    def add(self, _: nn.Module, __: object, words: Tensor) -> Tensor | None:
        """What is added for the words and the sound, given what is added for the `words`."""
        sound, hidden = self._attachment.sound, self._hidden
        self._hidden = None
        if sound is None or hidden is None:
            return None
        return words + self._block(hidden.to(words.dtype) + words, sound)


def attach(transformer: nn.Module, *, sound: SoundNetwork | None = None) -> Attachment:
    """Lets `transformer`, a `WanTransformer3DModel`, be called with `sound=` (given its network) and `skeleton=`.

    Both are tokens that the networks of this folder make; each call says them anew, and a call without them is as it
    ever was. Gradients flow to the tokens and to the network. Raises ValueError when `sound` has other blocks.
    """
    owner: Any = transformer
    if sound is not None and len(sound.blocks) != len(owner.blocks):
        raise ValueError(f"the sound network has {len(sound.blocks)} blocks and the transformer {len(owner.blocks)}")
    return Attachment(transformer, sound)


def attachment_of(transformer: nn.Module) -> Attachment | None:
    """What was attached to `transformer` last."""
    return _ATTACHED.get(transformer)


_ATTACHED: weakref.WeakKeyDictionary[nn.Module, Attachment] = weakref.WeakKeyDictionary()
