from mesoplan.clinic.formats import *  # noqa: F403
