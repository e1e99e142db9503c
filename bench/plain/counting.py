"""A header that says how many queries an answer took."""

from django.db import connection


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
