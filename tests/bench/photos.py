"""A clean copy of a photo of 12 megapixels (4032 × 3024): processor time and memory of the decoding function's core."""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from PIL import Image

from infra.local.emulator import ROOT

WIDTH, HEIGHT = 4032, 3024
ROUNDS = 3
CHILD = "--file"


def run() -> dict[str, Any]:
    """CPU seconds and peak resident megabytes of a process that does nothing else, for each type; and of a bare one."""
    with tempfile.TemporaryDirectory() as folder:
        results: dict[str, Any] = {"bare_process_mb": _measured(None)["peak_mb"]}
        for kind in ("JPEG", "PNG", "WEBP"):
            path = Path(folder) / kind
            picture().save(path, kind, quality=85)
            results[kind.lower()] = {"file_bytes": path.stat().st_size, **_measured(path)}
    return results


def picture() -> Image.Image:
    """Blocks of noise and a gradient: a megabyte or more in each type, and none above the limit of an upload."""
    noise = Image.effect_noise((WIDTH // 4, HEIGHT // 4), 40).resize((WIDTH, HEIGHT), Image.Resampling.NEAREST)
    edges = Image.linear_gradient("L").resize((WIDTH, HEIGHT))
    return Image.merge("RGB", (noise, edges, noise.transpose(Image.Transpose.FLIP_LEFT_RIGHT)))


def _measured(path: Path | None) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench.photos", CHILD, str(path or "")]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def _child(name: str) -> dict[str, Any]:
    from chalicelib.services.picture import clean

    seconds, made = [], None
    for _ in range(ROUNDS if name else 0):
        begun = time.process_time()
        made = clean(Path(name).read_bytes())
        seconds.append(time.process_time() - begun)
    peak = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)
    if made is None:
        return {"peak_mb": peak}
    return {
        "cpu_s": round(statistics.median(seconds), 2),
        "peak_mb": peak,
        "copy_bytes": len(made.body),
        "small_copy_bytes": len(made.small),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_child(sys.argv[sys.argv.index(CHILD) + 1])))
