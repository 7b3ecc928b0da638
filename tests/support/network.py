"""Keeps tests on this machine: a connection beyond loopback fails, and so does the look-up of a name.

One host may be let through: that of the engine that an operator has named.
"""

import ipaddress
import socket
from typing import Any

import pytest

NAMES = {"localhost", socket.gethostname()}


class BeyondLoopback(AssertionError):
    """A test tried to reach another machine."""


def refuse_beyond_loopback(patch: pytest.MonkeyPatch, but: str | None = None) -> None:
    """Let sockets connect to loopback addresses, and to the host `but`, only, for as long as `patch` lasts."""
    let_through = set() if but is None else {but}
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def check(host: str | None) -> None:
        if host not in let_through and not on_this_machine(host):
            raise BeyondLoopback(f"tests may not reach {host}")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            check(address[0])
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            check(address[0])
        return connect_ex(self, address)

    def guarded_look_up(host: Any, *rest: Any, **named: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        check(name)
        found = look_up(host, *rest, **named)
        if name in let_through:
            let_through.update(str(address[4][0]) for address in found)
        return found

    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    patch.setattr(socket, "getaddrinfo", guarded_look_up)


def on_this_machine(host: str | None) -> bool:
    """Tell whether a name or an address is this machine's own."""
    if host in NAMES or host is None:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
