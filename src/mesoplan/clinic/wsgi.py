import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mesoplan.clinic.settings")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as on the command line (mesoplan.cli.main)
application = get_wsgi_application()
