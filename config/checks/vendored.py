"""Compare the files of others in `static/vendor/` with `vendor.json`, or fetch them.

`python -m config.checks.vendored` compares; with the word `fetch` it takes each
package from npm again (`npm pack`), refuses one whose integrity is not the
recorded one, and writes the listed files, as released.
"""

import base64
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

VENDOR_DIR = Path(__file__).resolve().parent.parent.parent / "static" / "vendor"
MANIFEST = "vendor.json"


@dataclass(frozen=True)
class Package:
    """One npm package and the files that we keep of it, with their SHA-256."""

    name: str
    version: str
    integrity: str
    licence: str
    folder: str
    files: dict[str, str]


def packages(vendor_dir: Path = VENDOR_DIR) -> list[Package]:
    """Return the packages that the manifest of `vendor_dir` lists."""
    entries = json.loads((vendor_dir / MANIFEST).read_text(encoding="utf-8"))
    return [Package(**entry) for entry in entries]


def problems(vendor_dir: Path = VENDOR_DIR) -> list[str]:
    """Return a line for each file that is missing, altered or not listed."""
    listed = {MANIFEST: ""}
    for package in packages(vendor_dir):
        for name, digest in package.files.items():
            listed[f"{package.folder}/{name}"] = digest
    present = {
        path.relative_to(vendor_dir).as_posix(): path
        for path in vendor_dir.rglob("*")
        if path.is_file()
    }
    found = [f"{name}: missing" for name in listed if name not in present]
    for name, path in sorted(present.items()):
        if name not in listed:
            found.append(f"{name}: not listed in {MANIFEST}")
        elif name != MANIFEST and _sha256(path.read_bytes()) != listed[name]:
            found.append(f"{name}: altered since it was vendored")
    return found


def fetch(vendor_dir: Path = VENDOR_DIR) -> None:
    """Take every listed file from npm again. Raises ValueError on a wrong integrity."""
    for package in packages(vendor_dir):
        with tempfile.TemporaryDirectory() as folder:
            source = f"{package.name}@{package.version}"
            subprocess.run(
                ["npm", "pack", source, "--silent", "--pack-destination", folder],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            (archive,) = Path(folder).glob("*.tgz")
            digest = hashlib.sha512(archive.read_bytes()).digest()
            if f"sha512-{base64.b64encode(digest).decode()}" != package.integrity:
                raise ValueError(f"{source}: npm sent something else than recorded")
            _unpack(archive, package, vendor_dir / package.folder)


def _unpack(archive: Path, package: Package, target: Path) -> None:
    with tarfile.open(archive) as members:
        for name in package.files:
            member = members.extractfile(f"package/{name}")
            if member is None:
                raise ValueError(f"{package.name}: {name} is no file")
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(member.read())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main(arguments: list[str]) -> int:
    if arguments == ["fetch"]:
        fetch()
    elif arguments:
        print("usage: python -m config.checks.vendored [fetch]", file=sys.stderr)
        return 2
    found = problems()
    for line in found:
        print(f"static/vendor/{line}", file=sys.stderr)
    if not found:
        count = sum(len(package.files) for package in packages())
        print(f"vendored files: {count} files as released")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
