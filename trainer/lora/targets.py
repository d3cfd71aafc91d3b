"""Which layers of a transformer a LoRA adapts: the authors' names (`q`, `ffn.0`), found exactly in diffusers' class."""

from collections.abc import Sequence

from torch import nn

from svi_studio.domain.errors import BadInput
from svi_studio.weights.key_names import DIT


def original_name(name: str) -> str:
    """The authors' name of the module or parameter `name` of `WanTransformer3DModel`; as it is where they have none."""
    return DIT.original(name) or name


def target_modules(transformer: nn.Module, targets: Sequence[str]) -> list[str]:
    """Names of the linear layers of `transformer` whose original name ends in one of `targets`, in its own order.

    As peft matches names: whole parts from the end, so that `k` is `cross_attn.k` and never `cross_attn.k_img`
    (`add_k_proj` in diffusers). Raises BadInput when a target is nowhere in the transformer.
    """
    found = {target: _matches(transformer, target) for target in targets}
    missing = [target for target, names in found.items() if not names]
    if missing or not found:
        raise BadInput(
            f'The recipe adapts the layers "{", ".join(missing)}", which this model does not have; '
            "use q, k, v, o, ffn.0 and ffn.2."
        )
    wanted = {name for names in found.values() for name in names}
    return [name for name, _ in transformer.named_modules() if name in wanted]


def _matches(transformer: nn.Module, target: str) -> list[str]:
    linears = [name for name, module in transformer.named_modules() if isinstance(module, nn.Linear)]
    return [name for name in linears if f".{original_name(name)}".endswith(f".{target}")]
