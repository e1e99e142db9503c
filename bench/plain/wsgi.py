"""The entry point of the plain peer, and a header that says how many queries an answer took."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.plain.settings"

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402

application = get_wsgi_application()


def count_queries(get_response):
    def middleware(request):
        asked = []

        def counted(execute, *arguments):
            asked.append(1)
            return execute(*arguments)

        with connection.execute_wrapper(counted):
            response = get_response(request)
        response["Queries"] = str(len(asked))
        return response

    return middleware
