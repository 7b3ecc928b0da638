"""`make pictures [N=8000]`: draws the pictures of docs/analyse.md anew, by the scripts that stand there.

The tables are those of a real night over the demonstration set of a fixed day.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from infra.commands.demo import NoTowns
from infra.demo import handbook, night
from infra.local.emulator import EmulatorFailed

COUNT = 8000
COLOURS = 64


def main() -> int:
    """Draw; 1 and a word of advice where something is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, help="number of made-up reports")
    count = parser.parse_args().count
    try:
        python = handbook.interpreter()
        with tempfile.TemporaryDirectory(prefix="czujka-pictures-") as name:
            folder = Path(name)
            night.tables(folder, count)
            for analysis in handbook.analyses():
                drawn = handbook.draw(analysis, python, folder)
                print(f"docs/images/{analysis.picture}: {_keep(drawn) / 1000:.0f} kB")
    except (handbook.NothingToDrawWith, EmulatorFailed, NoTowns) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as failed:
        print(failed.stderr, file=sys.stderr)
        return 1
    return 0


def _keep(drawn: Path) -> int:
    """Put a picture among those of the documents, in few colours; return its bytes."""
    target = handbook.IMAGES / drawn.name
    with Image.open(drawn) as picture:
        picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)
    return target.stat().st_size


if __name__ == "__main__":
    sys.exit(main())
