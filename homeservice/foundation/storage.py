"""Where uploads lie: a local folder, or an S3-compatible store named by one address. Never publicly reachable."""

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

S3 = "homeservice.foundation.s3.PrivateS3"
LOCAL = "django.core.files.storage.FileSystemStorage"
OPTIONS = {"region", "addressing", "prefix", "encryption", "insecure"}


def upload_storage(address: str, folder: Path) -> dict[str, Any]:
    """Django's storage setting for `UPLOAD_STORAGE_URL`; without one, files lie in the folder.

    `s3://key:secret@host[:port]/bucket?region=…&addressing=path|virtual&prefix=…&encryption=AES256`; `insecure=1`
    speaks plain HTTP, for a store on the same machine. Raises `ImproperlyConfigured`, never naming the secret.
    """
    if not address:
        return {"BACKEND": LOCAL, "OPTIONS": {"location": folder}}
    parts = urlsplit(address)
    if parts.scheme != "s3":
        raise ImproperlyConfigured("UPLOAD_STORAGE_URL begins with s3://")
    return {"BACKEND": S3, "OPTIONS": _s3_options(parts)}


def _s3_options(parts: SplitResult) -> dict[str, Any]:
    bucket = parts.path.strip("/")
    if not (parts.username and parts.password and parts.hostname and bucket) or "/" in bucket:
        raise ImproperlyConfigured("UPLOAD_STORAGE_URL names a key, a secret, a host and one bucket")
    given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    if unknown := given.keys() - OPTIONS:
        raise ImproperlyConfigured(f"UPLOAD_STORAGE_URL has unknown options: {', '.join(sorted(unknown))}")
    port = f":{parts.port}" if parts.port else ""
    return {
        "access_key": unquote(parts.username),
        "secret_key": unquote(parts.password),
        "bucket_name": bucket,
        "endpoint_url": f"{'http' if given.get('insecure') else 'https'}://{parts.hostname}{port}",
        "region_name": given.get("region", "us-east-1"),
        "addressing_style": given.get("addressing", "virtual"),
        "location": given.get("prefix", ""),
        "object_parameters": {"ServerSideEncryption": given["encryption"]} if "encryption" in given else {},
    }
