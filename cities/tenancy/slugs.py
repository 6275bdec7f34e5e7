"""First path segments that belong to the site. A test compares this list with the URL map."""

RESERVED_SLUGS = frozenset(
    {
        "accounts",
        "admin",
        "api",
        "assets",
        "center",
        "common-grants",
        "demo",
        "docs",
        "favicon.ico",
        "healthz",
        "i18n",
        "me",
        "media",
        "open",
        "robots.txt",
        "security.txt",
        "static",
        "status",
        "stories",
        "styleguide",
        "well-known",
        "www",
    }
)
