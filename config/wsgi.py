import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config.startup import refuse_a_strong_role

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
if settings.PRODUCTION:
    refuse_a_strong_role()
