"""What a signature binds, as one hash: change any input and the signature no longer stands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def canonical_json(value: object) -> str:
    """One spelling per value: keys sorted, no spaces, letters as they are, NaN refused."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def sha256_of(value: object) -> str:
    """Hex SHA-256 of the canonical JSON of `value`."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def bound_hash(
    *,
    case: Mapping[str, Any],
    plan: Mapping[str, Any],
    evaluation: Mapping[str, Any],
    knowledge_release: str,
    knowledge_sha256: str,
    engine: str,
) -> str:
    """Hash of all that a signature stands on: case, plan, evaluation, knowledge release, engine."""
    return sha256_of(
        {
            "case": case,
            "plan": plan,
            "evaluation": evaluation,
            "knowledge": {"release": knowledge_release, "sha256": knowledge_sha256},
            "engine": engine,
        }
    )
