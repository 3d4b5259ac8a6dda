"""The files of others stand in the tree exactly as they were released."""

import shutil
from pathlib import Path

import pytest

from config.checks import vendored


@pytest.fixture
def vendor_dir(tmp_path: Path) -> Path:
    """Return a copy of `static/vendor/` that a test may spoil."""
    copy = tmp_path / "vendor"
    shutil.copytree(vendored.VENDOR_DIR, copy)
    return copy


def test_the_vendored_files_are_as_released():
    assert vendored.problems() == []


def test_every_vendored_package_carries_its_licence():
    for package in vendored.packages():
        assert package.licence
        assert "LICENSE" in package.files
        assert package.integrity.startswith("sha512-")


def test_a_changed_file_is_named(vendor_dir: Path):
    changed = vendor_dir / "plotly-basic-4.1.1" / "plotly-basic.min.js"
    changed.write_bytes(changed.read_bytes() + b" ")
    assert vendored.problems(vendor_dir) == [
        "plotly-basic-4.1.1/plotly-basic.min.js: altered since it was vendored"
    ]


def test_a_missing_file_is_named(vendor_dir: Path):
    (vendor_dir / "plotly-4.1.1" / "LICENSE").unlink()
    assert vendored.problems(vendor_dir) == ["plotly-4.1.1/LICENSE: missing"]


def test_a_file_that_nobody_listed_is_named(vendor_dir: Path):
    (vendor_dir / "stray.js").write_text("")
    assert vendored.problems(vendor_dir) == ["stray.js: not listed in vendor.json"]


def test_the_style_sheet_of_the_charts_has_all_66_rules():
    sheet = vendored.VENDOR_DIR.parent / "css" / "plotly.css"
    assert sheet.read_text().count("{") == 66
