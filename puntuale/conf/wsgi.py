"""What the web server calls."""

import os

from django.core.wsgi import get_wsgi_application

from puntuale.guarantee import zones

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "puntuale.conf.settings")
zones.use_newest_rules()
application = get_wsgi_application()
