"""`make package`: build dist/<stage>/ for `aws cloudformation deploy`."""

import argparse
import sys
import time

from infra import build
from infra.build.archive import unpacked_size
from infra.build.packages import ROOT


def main() -> int:
    """Build, print sizes; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", default="dev")
    stage = parser.parse_args().stage
    start = time.monotonic()
    package = build.aws(stage, ROOT / "dist" / stage)
    for path in (package.code, *package.layers.values()):
        megabytes = path.stat().st_size / 1e6
        print(f"{path.relative_to(ROOT)}: {megabytes:.1f} MB, {unpacked_size([path]) / 1e6:.1f} MB unpacked")
    print(f"build {package.build} in {time.monotonic() - start:.1f} s: {package.folder.relative_to(ROOT)}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
