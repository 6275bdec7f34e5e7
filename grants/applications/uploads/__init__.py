"""From a file that somebody sends to one that is safe to keep and to show.

Photos are decoded and written anew, so that nothing of the file but its picture survives: no place
where it was taken, no second file hidden behind it. Of other papers only plain PDF is taken. Free of
the database: this runs between two short scopes.
"""

from .keeping import StoredFile, store_upload, thumbnail_key
from .names import clean_name
from .reading import ReadyFile, read_upload

__all__ = ["ReadyFile", "StoredFile", "clean_name", "read_upload", "store_upload", "thumbnail_key"]
