"""How static files are collected: one stylesheet, hashed names in every import, compressed beforehand."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]

ENTRY = "css/app.css"
_SCRIPT_IMPORT = (
    r"""(?P<matched>(?P<from>import\s(?:[^"';]*?\sfrom\s)?)["'](?P<url>\./[^"']+)["'];)""",
    '%(from)s"%(url)s";',
)
_IMPORT = re.compile(r'@import\s+"(?P<path>[^"]+)";\n?')


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Folds the imports of the entry stylesheet into it (one request, no waterfall), then hashes and compresses."""

    # Our own modules only: Django's setting for all scripts also reads the comments of third-party ones
    patterns = (*CompressedManifestStaticFilesStorage.patterns, ("js/*.js", (_SCRIPT_IMPORT,)))

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        if not dry_run and ENTRY in paths:
            self._fold(ENTRY, paths)
            # The file is read again from where it was written, not from its source
            paths = {**paths, ENTRY: (self, ENTRY)}
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def _fold(self, entry: str, sources: dict[str, Any]) -> None:
        """From the sources: what was collected earlier is folded already, and would hide what has changed since."""
        folder = PurePosixPath(entry).parent
        text = _text(entry, sources)
        folded = _IMPORT.sub(lambda found: _text(str(folder / found["path"]), sources), text)
        if self.exists(entry):
            self.delete(entry)
        self.save(entry, ContentFile(folded.encode()))


def _text(name: str, sources: dict[str, Any]) -> str:
    storage, path = sources[name]
    with storage.open(path) as file:
        return str(file.read(), "utf-8")
