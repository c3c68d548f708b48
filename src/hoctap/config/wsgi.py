import os

from django.core.wsgi import get_wsgi_application

from hoctap.config.bodies import WholeBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hoctap.config.settings")
application = WholeBodies(get_wsgi_application())
