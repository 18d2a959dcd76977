"""How large the face is, and whether that was measured."""

import pytest

from mesoplan.imaging.face_scale import (
    ImplausibleMeasure,
    ScaleSource,
    scale_from_measures,
    template_bizygomatic_mm,
    template_interpupillary_mm,
)
from mesoplan.imaging.face_zones import face_zone_ids, zone_area_cm2

# measured width, measured pupils -> factor, source, as it reads
SCALES = [
    (None, None, 0.9996, ScaleSource.TEMPLATE, "template, not measured (63 mm between the pupils assumed)"),
    (138.0, None, 0.9003, ScaleSource.BIZYGOMATIC, "template, width 138 mm"),
    (None, 60.0, 0.9520, ScaleSource.INTERPUPILLARY, "template, pupils 60 mm"),
    (138.0, 60.0, 0.9003, ScaleSource.BIZYGOMATIC, "template, width 138 mm"),
]


@pytest.mark.parametrize(("width", "pupils", "factor", "source", "reads"), SCALES)
def test_scale(width: float | None, pupils: float | None, factor: float, source: ScaleSource, reads: str) -> None:
    scale = scale_from_measures(bizygomatic_mm=width, interpupillary_mm=pupils)
    assert scale.factor == pytest.approx(factor, abs=1e-4)
    assert (scale.source, str(scale)) == (source, reads)
    assert scale.is_measured == (width is not None or pupils is not None)


def test_the_template_is_broad_for_its_pupils() -> None:
    assert template_bizygomatic_mm() == pytest.approx(153.28, abs=0.01)
    assert template_interpupillary_mm() == pytest.approx(63.02, abs=0.01)


def test_a_width_of_138_mm_gives_a_face_of_291_cm2() -> None:
    factor = scale_from_measures(bizygomatic_mm=138).factor
    assert sum(zone_area_cm2(zone, factor) for zone in face_zone_ids()) == pytest.approx(291.4, abs=0.1)


@pytest.mark.parametrize(
    ("measure", "value"),
    [("bizygomatic_mm", 13.8), ("bizygomatic_mm", 400), ("interpupillary_mm", 6.3), ("interpupillary_mm", 138)],
)
def test_a_slip_of_the_decimal_point_is_refused_with_its_field(measure: str, value: float) -> None:
    with pytest.raises(ImplausibleMeasure, match=rf"{measure}: {value:g} mm is not between"):
        scale_from_measures(**{measure: value})


def test_a_measure_that_is_not_a_number_is_refused() -> None:
    with pytest.raises(ImplausibleMeasure, match="bizygomatic_mm"):
        scale_from_measures(bizygomatic_mm=float("nan"))
