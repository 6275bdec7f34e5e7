"""What is read of an award by a person with a conflict of interest, and by staff who applied."""

from cities.access.models import Role
from cities.audit.queries import trail_page
from grants.awards.queries import award_history
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


def test_the_history_of_ones_own_award_tells_nothing_of_its_reviews(in_city, manager):
    applied, colleague, third = (make_colleague(Role.STAFF) for _ in range(3))
    award = make_award(applicant=applied)
    declare_conflict(award.application_id, person=third, kind="family", actor=manager)

    tags = [{event.tag for event in award_history(award, reader)} for reader in (applied, colleague)]

    assert tags[1] - tags[0] == {"conflict:declare"}
    assert "award:offer" in tags[0]
