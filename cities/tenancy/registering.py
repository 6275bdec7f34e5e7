"""What this room tells the floor below."""

from django.db.backends.signals import connection_created

from .instants import read_quickly

connection_created.connect(read_quickly)
