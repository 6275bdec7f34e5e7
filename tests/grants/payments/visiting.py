"""Pages as a person asks for them."""

from django.test import Client

from tests.people import sign_in


def visit(person, path, /, **data):
    client = sign_in(Client(), person)
    return client.post(path, data) if data else client.get(path)


def key(number=1):
    return {"key": f"key-{number}"}
