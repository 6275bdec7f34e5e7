"""What a person with a conflict of interest reads about an award in the audit trail: that something happened."""

from cities.access.models import Role
from cities.audit.queries import trail_page
from grants.reviews.actions import declare_conflict

from .factories import make_award, make_colleague


def test_the_trail_hides_an_award_from_whoever_has_a_conflict_with_its_application(in_city, manager):
    award, colleague = make_award(), make_colleague(Role.STAFF)
    declare_conflict(award.application_id, person=colleague, kind="family", actor=manager)

    def read(reader):
        (line,) = trail_page(in_city, {"about": award.pk}, reader=reader).lines
        return line

    assert (read(colleague).is_hidden, read(colleague).subject) == (True, None)
    assert award.reference not in read(colleague).words
    assert award.reference in read(manager).subject.label
