"""What is asked of a check of a target: its claims, the inputs that get rows, what counts as success. It calls nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from gradcli.checking.claims import Claim
from gradcli.checking.reproducing import Typed
from gradcli.errors import UnknownName, UsageError, nearest
from gradcli.language.points import normal
from gradcli.results import Value, Verdict
from gradcli.targets.target import Target

NO_CURE = "a check needs something that can fail"
"""What helps where nothing is left to check."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a target; the parsed form of `check_target`'s arguments."""

    id: str
    target: Target
    claims: Sequence[Claim]
    wrt: Sequence[str]
    freeze: frozenset[str]
    require_resolution: float | None
    seed: int
    verdict: Verdict | None
    suite: bool
    self_test: bool = False
    typed: Typed = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Inputs:
    """The names of the inputs of a target at a point, for which claims are read."""

    inputs: tuple[str, ...]


def chosen(at: Mapping[str, Value], claims: Sequence[Claim], wrt: Sequence[str], freeze: Sequence[str], target: Target) -> list[str]:
    """The inputs that get rows. Raises UsageError if there is none, or nothing that is claimed about them."""
    for name in [*wrt, *freeze]:
        if normal(name) not in at:
            near = nearest(name, at)
            cure = f"did you mean '{near}'?" if near else "inputs: " + (", ".join(at) or "none")
            raise UnknownName(f"'{name}' is no input of {target.name}", hint=cure)
    if not target.derivatives and not claims:
        raise UsageError(f"there is nothing to check: {target.name} comes without a gradient", NO_GRADIENT[target.kind])
    only_claims = [] if target.derivatives else list(dict.fromkeys(claim.input for claim in claims))
    frozen = set(map(normal, freeze))
    names = [name for name in (map(normal, wrt) if wrt else only_claims or at) if name not in frozen]
    if not names:
        raise UsageError("there is nothing to check: " + ("every input is frozen" if at else f"{target.name} has no input"), NO_CURE)
    return list(dict.fromkeys(names))


NO_GRADIENT: Mapping[str, str] = {
    "python": '--gradient MODULE:FUNCTION, --value-and-grad, or --expect "NAME=FORMULA" says what it should be',
    "exec": 'answer {"id": 1, "value": 6.0, "grad": {"w": 5.0}}, or say it with --expect "NAME=FORMULA"',
    "um-bridge": 'the model supports neither Gradient nor ApplyJacobian; --expect "NAME=FORMULA" says what it should be',
}
"""How to claim a gradient, by the kind of the target."""
