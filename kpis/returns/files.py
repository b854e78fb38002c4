"""What a file is by its content, not by its name: only these kinds are taken as evidence."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from accounts.verbs.recipe import Invalid

OFFICE = "application/vnd.openxmlformats-officedocument."
# Ending -> content type it is served as.
KINDS = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "xlsx": OFFICE + "spreadsheetml.sheet",
    "docx": OFFICE + "wordprocessingml.document",
    "csv": "text/csv",
    "txt": "text/plain",
    "eml": "message/rfc822",
}
SAID = "a PDF, PNG, JPG, Excel (.xlsx), Word (.docx), CSV, text or email (.eml) file"


@dataclass(frozen=True)
class FileFacts:
    """What a file is: name for people, ending, type, size in bytes, hash of its content."""

    name: str
    ending: str
    content_type: str
    size: int
    sha256: str


def facts_of(file: UploadedFile) -> FileFacts:
    """Return what an uploaded file is; raise Invalid on field "file" where it can't be taken."""
    name = PurePath((file.name or "file").replace("\\", "/")).name[-250:]
    most = settings.MAX_UPLOAD_MEGABYTES
    if not file.size:
        raise Invalid([("file", "The selected file is empty.")])
    if file.size > most * 1024 * 1024:
        raise Invalid([("file", f"The selected file must be smaller than {most} MB.")])
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    ending = PurePath(name).suffix.lower().lstrip(".").replace("jpeg", "jpg")
    if ending not in KINDS:
        raise Invalid([("file", f"The selected file must be {SAID}.")])
    if not _is(ending, file):
        raise Invalid(
            [("file", f"The file is named .{ending} but its content is something else. Select {SAID}.")]
        )
    file.seek(0)
    return FileFacts(name, ending, KINDS[ending], file.size, digest.hexdigest())


def _is(ending: str, file: UploadedFile) -> bool:
    """Return whether the content is what the ending says."""
    head = file.read(4096)
    file.seek(0)
    if ending == "pdf":
        return b"%PDF-" in head[:1024]
    if ending == "png":
        return head.startswith(b"\x89PNG\r\n\x1a\n")
    if ending == "jpg":
        return head.startswith(b"\xff\xd8\xff")
    if ending in {"xlsx", "docx"}:
        return _holds(file, "xl/workbook.xml" if ending == "xlsx" else "word/document.xml")
    # Text: no zero bytes, unless it is UTF-16 with its mark; and not one of the kinds above under
    # another name.
    if head.startswith((b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"MZ")):
        return False
    return head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" not in head


def _holds(file: UploadedFile, member: str) -> bool:
    if not zipfile.is_zipfile(file):
        return False
    file.seek(0)
    try:
        with zipfile.ZipFile(io.BytesIO(file.read())) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError):
        return False
    # A workbook with macros is a program: it is not taken.
    return member in names and not any(name.endswith("vbaProject.bin") for name in names)
