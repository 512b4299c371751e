"""Static files: names that carry their content's hash, so that browsers may keep them for ever."""

from whitenoise.storage import (  # type: ignore[import-untyped]  # published without types
    CompressedManifestStaticFilesStorage,
)


class AssetStorage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # published without types
    """Hashed and compressed once collected; plain names for files that were not, as in tests and development."""

    manifest_strict = False

    def stored_name(self, name: str) -> str:
        try:
            return str(super().stored_name(name))
        except ValueError:
            return name
