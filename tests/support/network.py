"""Keeps tests on this machine: a connection beyond loopback fails, and so does the look-up of a name."""

import ipaddress
import socket
from typing import Any

import pytest

NAMES = {"localhost", socket.gethostname()}


class BeyondLoopback(AssertionError):
    """A test tried to reach another machine."""


def refuse_beyond_loopback(patch: pytest.MonkeyPatch) -> None:
    """Let sockets connect to loopback addresses only, for as long as `patch` lasts."""
    connect, connect_ex, look_up = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def check(host: str | None) -> None:
        if host in NAMES or host is None:
            return
        try:
            if ipaddress.ip_address(host).is_loopback:
                return
        except ValueError:
            pass
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
        check(host.decode() if isinstance(host, bytes) else host)
        return look_up(host, *rest, **named)

    patch.setattr(socket.socket, "connect", guarded_connect)
    patch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    patch.setattr(socket, "getaddrinfo", guarded_look_up)
