import os

from django.core.wsgi import get_wsgi_application

from hoctap.config.bodies import WholeBodies
from hoctap.kernel.limits import limit_requests

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hoctap.config.settings")
application = WholeBodies(get_wsgi_application())
limit_requests()
