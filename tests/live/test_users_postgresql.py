"""Users and sessions on a real PostgreSQL, in a cluster of its own."""

from __future__ import annotations

import pytest

from tests.store.user_behaviour import UserBehaviour

pytestmark = pytest.mark.live


class TestUsers(UserBehaviour):
    """On PostgreSQL."""
