"""Where others reach the explorer, and which of the browsers that do came in by a workshop's code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.app.server.gate import is_guest

if TYPE_CHECKING:
    from experiments.app.server.serve import Address

_address: list[Address] = []
"""Where the explorer listens, once it does."""


def open_at(address: Address) -> None:
    """Let pages know where others find them."""
    _address[:] = [address]


def for_others() -> list[str]:
    """The addresses that other machines open; none where only this one can, or where there is no network."""
    return [each for address in _address for each in address.guests]


def open_to_others() -> bool:
    """Whether the explorer was started for more than this machine."""
    return any(address.open_to_others for address in _address)


def by_code(cookies: dict[str, str] | None) -> bool:
    """Whether the browser with these cookies came in by a workshop's code: as a team, not as who runs the explorer."""
    return any(is_guest(cookies, address.key) for address in _address)
