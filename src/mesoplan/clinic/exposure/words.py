"""What the layer is called: read by the page of the plan too."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

COVERAGE_LAYER = ("coverage", gettext_lazy("Coverage"))
