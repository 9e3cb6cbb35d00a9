"""Bodies that say who calls: what they say must be what the token says."""

from __future__ import annotations

import json
from typing import Any, Iterable, List, Mapping, Optional, Tuple
from urllib.parse import parse_qsl

from .caller import Caller
from .errors import IdentityMismatch

#: Names in a body, and the attribute of ``Caller`` that they must equal.
IDENTITY_FIELDS: Mapping[str, str] = {"user_id": "user_id", "organization_id": "organization_id"}

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


class _Object(List[Tuple[str, Any]]):
    """A JSON object with every key as it stands: one that stands twice must be right twice."""


def is_a(content_type: Optional[str], kind: str) -> bool:
    return (content_type or "").strip().lower().startswith(kind)


def check_body(caller: Caller, body: bytes, content_type: Optional[str], fields: Mapping[str, str]) -> None:
    """Raises ``IdentityMismatch`` when a JSON or form body names somebody else. What is neither is left to the view.

    JSON is looked for whatever the content type: what a view parses as JSON need not be called so.
    """
    if is_a(content_type, FORM):
        check_pairs(caller, parse_qsl(body.decode("utf-8", "replace")), fields)
    if body.lstrip(b" \t\r\n\xef\xbb\xbf\xff\xfe\x00")[:1] not in (b"{", b"["):
        return
    try:
        # Numbers stay text: the longest ones cannot be parsed, and would hide what stands beside them.
        document = json.loads(body, object_pairs_hook=_Object, parse_int=str)
    except RecursionError:
        # A view that has more of the stack left might read it.
        raise IdentityMismatch("a body that is too deep to be looked into") from None
    except ValueError:
        return
    for one in [document] if isinstance(document, _Object) else document:
        if isinstance(one, _Object):
            check_pairs(caller, one, fields)


def check_pairs(caller: Caller, pairs: Iterable[Tuple[str, Any]], fields: Mapping[str, str]) -> None:
    """Raises ``IdentityMismatch``. A field that is null says nothing."""
    for name, value in pairs:
        attribute = fields.get(name)
        if attribute is not None and value is not None and not _same(value, getattr(caller, attribute)):
            raise IdentityMismatch(f"{name} of the body")


def _same(value: Any, own: Optional[str]) -> bool:
    """Numbers are compared as text: ids of existing tables are numbers in bodies and texts in tokens."""
    if isinstance(value, bool) or not isinstance(value, (str, int)):
        return False
    return own is not None and str(value) == own
