"""The face in millimetres: template, scale, zones, landmarks, injection points on it, and its drawing to scale.

Today the surface is always the template face, scaled by a measure of the patient. A face read from a photo
will be another source of the same values (:class:`~mesoplan.imaging.face_template.FaceTemplate` vertices in mm).
"""
