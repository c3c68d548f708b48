import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from hoctap.config.bodies import WholeBodies
from hoctap.kernel.limits import limit_requests

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hoctap.config.settings")
application = WholeBodies(get_wsgi_application())
limit_requests()
# Every screen, now: else it is loaded while the first page holds its room.
import_module(settings.ROOT_URLCONF)
