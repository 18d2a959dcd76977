"""What is uploaded goes straight to a file in the private folder, and no further than a photo may be large."""

from __future__ import annotations

import tempfile
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from mesoplan.clinic.photos import keeping
from mesoplan.imaging.picture_reading import MOST_BYTES


class BoundedUpload(FileUploadHandler):
    """Keeps one byte more than is allowed, so that the reader sees that it is too large, and drops the rest.

    The file has no name in the folder: whatever becomes of the request, nothing of it stays.
    """

    file: UploadedFile[Any] | None = None

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        coming = tempfile.TemporaryFile(dir=keeping.folder())  # noqa: SIM115  # closed by the request
        name, extra = self.file_name, self.content_type_extra
        self.file = UploadedFile(coming, name, self.content_type, 0, self.charset, extra)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.file is not None:
            self.file.write(raw_data[: max(0, MOST_BYTES + 1 - start)])

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        if self.file is not None:
            self.file.seek(0)
            self.file.size = min(file_size, MOST_BYTES + 1)
        return self.file

    def upload_interrupted(self) -> None:
        if self.file is not None:
            self.file.close()
