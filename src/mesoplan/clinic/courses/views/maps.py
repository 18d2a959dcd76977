"""What all maps share: their colours as a style sheet, and the shaded head behind them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from mesoplan.imaging.face_view import View
from mesoplan.imaging.head_shape import head_picture
from mesoplan.imaging.map_style import map_css

KEPT = "private, max-age=86400"


@require_GET
def style(request: HttpRequest) -> HttpResponse:
    return HttpResponse(map_css(), content_type="text/css; charset=utf-8", headers={"Cache-Control": KEPT})


@require_GET
def head(request: HttpRequest, view: str) -> HttpResponse:
    if view not in {one.value for one in View}:
        raise Http404("no such view of the face")
    picture = head_picture(View(view)).shading_png
    return HttpResponse(picture, content_type="image/png", headers={"Cache-Control": KEPT})
