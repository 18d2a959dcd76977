"""Shapes that every model keeps: each field says what it holds, each decision is whole or not there."""

from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from mesoplan.clinic.privacy import Privacy

APPS = [config for config in apps.get_app_configs() if config.name.startswith("mesoplan.clinic.")]
MODELS = [model for app in APPS for model in app.get_models()]


@pytest.mark.parametrize("model", MODELS)
def test_every_field_has_a_privacy_class(model: Any) -> None:
    names = {field.name for field in model._meta.get_fields() if field.concrete}
    assert set(model.privacy) == names
    assert set(model.privacy.values()) <= set(Privacy)


@pytest.mark.parametrize("model", MODELS)
def test_free_text_and_documents_are_never_called_harmless(model: Any) -> None:
    """A JSON document or a text that people write may hold anything about a person; `meaning` is one of ours."""
    for field in model._meta.get_fields():
        if isinstance(field, models.JSONField | models.TextField) and field.name != "meaning":
            assert model.privacy[field.name] is not Privacy.NONE, field.name


@pytest.mark.parametrize("model", MODELS)
def test_every_pair_of_when_and_who_is_all_or_none(model: Any) -> None:
    fields = {field.name for field in model._meta.get_fields()}
    pairs = {name[:-3] for name in fields if name.endswith("_at") and f"{name[:-3]}_by" in fields}
    checks = " ".join(str(c.condition) for c in model._meta.constraints if isinstance(c, models.CheckConstraint))
    for pair in pairs:
        both_required = not model._meta.get_field(f"{pair}_at").null and not model._meta.get_field(f"{pair}_by").null
        assert both_required or f"{pair}_at__isnull" in checks, f"{model.__name__}: {pair}_at and {pair}_by"


def test_models_and_migrations_agree(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_audit_has_no_foreign_keys() -> None:
    entry = apps.get_model("audit", "AuditEntry")
    assert not [field for field in entry._meta.get_fields() if field.is_relation]
