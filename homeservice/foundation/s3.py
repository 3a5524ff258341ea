"""An S3-compatible store for uploads. Loaded only where `UPLOAD_STORAGE_URL` names one."""

from typing import Any, NoReturn

from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from storages.backends.s3 import S3Storage

# stores beside Amazon's know no checksums in trailers; a web request waits for nobody half a minute long
CLIENT = Config(
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    connect_timeout=5,
    read_timeout=20,
    retries={"total_max_attempts": 3, "mode": "standard"},
)


class PrivateS3(S3Storage):  # type: ignore[misc]
    """Objects are private, never overwritten, and have no address: views stream them to those who may see them."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.client_config: Config = self.client_config.merge(CLIENT)

    def get_default_settings(self) -> dict[str, Any]:
        ours = {
            "default_acl": "private",
            "file_overwrite": False,
            "signature_version": "s3v4",
            "transfer_config": TransferConfig(use_threads=False),
        }
        return {**super().get_default_settings(), **ours}

    def url(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NotImplementedError("uploads have no address of their own")
