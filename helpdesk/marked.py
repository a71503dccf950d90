"""Words that are marked for translation where they stand, and translated when somebody reads them."""

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Marked: TypeAlias = "str | _StrPromise"
