"""What people read when they are refused, in French and English, and which of the two they asked for."""

from __future__ import annotations

from typing import Optional

LANGUAGES = ("fr", "en")

MESSAGES = {
    "MISSING_TOKEN": {
        "fr": "Token d'authentification manquant",
        "en": "Missing authentication token",
    },
    "TOKEN_EXPIRED": {
        "fr": "Token d'authentification expiré",
        "en": "Expired authentication token",
    },
    "INVALID_TOKEN": {
        "fr": "Token d'authentification invalide",
        "en": "Invalid authentication token",
    },
    "TOKEN_REVOKED": {
        "fr": "Token d'authentification révoqué",
        "en": "Revoked authentication token",
    },
    "MISSING_ROLE": {
        "fr": "Vous n'avez pas le rôle nécessaire",
        "en": "You do not have the necessary role",
    },
    "MISSING_PERMISSION": {
        "fr": "Vous n'avez pas la permission nécessaire",
        "en": "You do not have the necessary permission",
    },
    "IDENTITY_MISMATCH": {
        "fr": "L'utilisateur ou l'organisation de la requête n'est pas celui du token",
        "en": "The user or organization of the request is not that of the token",
    },
    "TOO_MANY_REQUESTS": {
        "fr": "Trop de demandes. Réessayez plus tard.",
        "en": "Too many requests. Please try again later.",
    },
    "KEYS_UNAVAILABLE": {
        "fr": "Service d'authentification indisponible",
        "en": "Authentication service unavailable",
    },
    "REVOCATIONS_UNAVAILABLE": {
        "fr": "Service d'authentification indisponible",
        "en": "Authentication service unavailable",
    },
}


def language_of(accept_language: Optional[str], default: str = "fr") -> str:
    """``"fr"`` or ``"en"``: the one that ``Accept-Language`` (RFC 9110, 12.5.4) ranks first, else ``default``."""
    best, best_quality = default, 0.0
    for choice in (accept_language or "")[:1000].split(","):
        tag, _, parameters = choice.partition(";")
        language = tag.strip().lower().split("-")[0]
        quality = _quality(parameters)
        if language in LANGUAGES and quality > best_quality:
            best, best_quality = language, quality
    return best


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip().lower() != "q":
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    return quality if 0.0 <= quality <= 1.0 else 0.0
