"""Where others reach the explorer, and which of the browsers that do came in by a workshop's code."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from experiments.app.server.gate import LOOPBACK, is_guest

EVERYWHERE = ("0.0.0.0", "::")
"""Hosts that mean every address of this machine, its own loopback among them."""


@dataclass(frozen=True)
class Address:
    """Where the explorer listens. ``key``: what the facilitator's address carries where others can reach it."""

    host: str
    port: int
    key: str | None

    @property
    def url(self) -> str:
        """For whoever started it, on this machine."""
        return self._at("127.0.0.1" if self.key else self.host) + (f"?key={self.key}" if self.key else "")

    @property
    def open_to_others(self) -> bool:
        """Whether it was started for more than this machine."""
        return self.key is not None

    @property
    def guests(self) -> list[str]:
        """For others of the local network, who come in by a workshop's code; none where only this machine can, or
        where there is no network."""
        if not self.open_to_others:
            return []
        return [self._at(name) for name in (_own_addresses() if self.host in EVERYWHERE else [self.host])]

    def _at(self, name: str) -> str:
        return f"http://{f'[{name}]' if ':' in name else name}:{self.port}/"


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


def is_local(host: str) -> bool:
    """Whether only this machine can reach it."""
    return host in LOOPBACK


def _own_addresses() -> list[str]:
    """The addresses by which the local network knows this machine; none where it is on no network."""
    import psutil

    return [each.address for cards in psutil.net_if_addrs().values() for each in cards
             if each.family == socket.AF_INET and not each.address.startswith("127.")]  # fmt: skip
