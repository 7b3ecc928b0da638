"""Where the functions will run: which Python, on which processor, in which packages' wheels."""

import platform
import sys
from dataclasses import dataclass

ARCHITECTURES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}


@dataclass(frozen=True)
class Target:
    """A Lambda runtime on a processor.

    `wheels` is uv's name of the platform whose wheels fit, None for the host's own.
    """

    python: str
    architecture: str
    wheels: str | None

    @property
    def runtime(self) -> str:
        """Lambda's name of the runtime."""
        return f"python{self.python}"

    @property
    def is_host(self) -> bool:
        """Whether the packages are those of this very interpreter and machine."""
        return self.wheels is None


# The newest runtime for which every package of the locks has a wheel (ADR 0003). Lambda's base system for it,
# Amazon Linux 2023, has glibc 2.34.
AWS = Target(python="3.14", architecture="arm64", wheels="aarch64-manylinux_2_28")


def host() -> Target:
    """The interpreter and the machine that run this code: the emulator runs the functions on them."""
    return Target(
        python="{}.{}".format(*sys.version_info[:2]),
        architecture=ARCHITECTURES[platform.machine().lower()],
        wheels=None,
    )
