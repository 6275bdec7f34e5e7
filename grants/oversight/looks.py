"""What the Center's pages are called in the log that cities read. Registers itself."""

from django.utils.translation import gettext_lazy as _

from cities.audit.readings import register_pages

register_pages(
    {
        "center-overview": _("Overview of all cities"),
        "center-city-list": _("List of all cities"),
        "center-city-detail": _("Page of a city"),
        "center-member-list": _("People of a city"),
        "center-member": _("Roles of a person"),
        "center-invitation-list": _("Open invitations of a city"),
        "center-invitation": _("An invitation"),
        "center-people": _("How many lost second steps wait for the Center"),
        "center-grant-list": _("Program grants of all cities"),
        "center-grant-detail": _("A program grant, and the city’s answers to it"),
        "center-deputy-list": _("Deputies of all cities"),
        "center-deputy": _("A deputy"),
        "center-disbursement-list": _("Payments of all cities"),
        "center-disbursement-detail": _("A payment, down to award, application and receipts"),
        "center-receipt-picture": _("Picture of a receipt"),
        "center-exception-list": _("Exceptions of all cities"),
        "disbursements-xlsx": _("Export of payments, as a workbook"),
        "disbursements-csv": _("Export of payments, as a CSV file"),
        "disbursements-xlsx-file": _("Download of an export of payments, as a workbook"),
        "disbursements-csv-file": _("Download of an export of payments, as a CSV file"),
    },
    filters={
        "q": _("Search"),
        "city": _("City"),
        "cohort": _("Cohort"),
        "state": _("State"),
        "call": _("Call"),
        "status": _("Status"),
        "method": _("Method"),
        "kind": _("Exception"),
        "dated": _("Day of"),
        "since": _("From"),
        "until": _("Until"),
        "least": _("At least (cents)"),
        "most": _("At most (cents)"),
    },
)
