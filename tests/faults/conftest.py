import contextlib
import shutil
import socket
import tempfile
from pathlib import Path

import pytest

from tests.faults.product import Product
from tests.faults.visitor import Visitor


def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


@pytest.fixture(scope="session")
def running_product():
    # Not tmp_path: pytest closes it to all others, also to PostgreSQL's account where we are root.
    folder = Path(tempfile.mkdtemp(prefix="lyb-faults-"))
    folder.chmod(0o711)
    product = Product(folder, free_port())
    try:
        product.wait_until_ready()
        Visitor(product).sign_in("first@example.org", seconds=120)  # the workers are there, too
        yield product
    finally:
        product.stop()
        shutil.rmtree(folder)


@pytest.fixture
def product(running_product):
    """The one running product of this session, healthy and with nothing left to send."""
    running_product.wait_for(lambda: Visitor(running_product).get("/healthz").status == 200, seconds=60)
    running_product.empty_mailbox()
    yield running_product
    with contextlib.suppress(Exception):
        running_product.forget_notices()
