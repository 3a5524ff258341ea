from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage, default_storage


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Uploads of these tests lie in a folder of their own."""
    monkeypatch.setattr(default_storage, "_wrapped", FileSystemStorage(tmp_path))
    return tmp_path
