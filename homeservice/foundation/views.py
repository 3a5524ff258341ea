"""Serving stored files to those who may see them."""

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from homeservice.foundation.models import Upload
from homeservice.foundation.rules import IMAGES
from homeservice.kernel.access import scope_of_request, signed_in
from homeservice.kernel.web import not_modified


@require_safe
@signed_in
def upload_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A stored file, or 404 for a stranger. Kept by the person's own browser only."""
    upload = get_object_or_404(Upload.objects.visible_to(scope_of_request(request)), pk=pk)
    response = not_modified(request, upload.sha256) or FileResponse(
        default_storage.open(upload.storage_key),
        as_attachment=upload.content_type not in IMAGES,
        filename=upload.file_name,
        content_type=upload.content_type,
    )
    response["ETag"] = f'"{upload.sha256}"'
    response["Cache-Control"] = "private, max-age=3600"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
