"""Where the desk reads an applicant's files: at the applicant's own addresses, under the same rule."""

from grants.applications.models import Attachment
from grants.cycles.questions import ShownFile


def shown_file(slug: str, file: Attachment) -> ShownFile:
    """Describe a file for a page. Written out, since a page may show dozens."""
    address = f"/{slug}/files/{file.pk}/"
    is_image = file.content_type.startswith("image/")
    return ShownFile(
        str(file.pk),
        file.name,
        file.size_bytes,
        url=address,
        thumbnail_url=f"{address}small/" if is_image else "",
    )
