"""What every money call of the API has in common."""

from drf_spectacular.utils import OpenApiParameter

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="A key of your own, new for each deed (at most 80 characters). The same key and body are answered the "
    "same again and done once; another body is refused with 422, one that is under way with 409.",
)
