# Made from openapi/cerbo-portal.yaml by ./scripts/generate; edits are lost.
"""The known values of the contract's open sets, which are plain texts."""

from typing import Final


class RequestType:
    """What was requested. An open set: that patients submit these kinds is inferred from the vendor's help centre,
    the values are not known.

    Constants of the known values; others are legal.
    """

    SECURE_MESSAGE: Final = "secure_message"
    APPOINTMENT: Final = "appointment"
    PRESCRIPTION: Final = "prescription"
    PRESCRIPTION_REFILL: Final = "prescription_refill"
    SUPPLEMENT: Final = "supplement"
    DOCUMENT: Final = "document"
    QUESTIONNAIRE: Final = "questionnaire"
    VITALS: Final = "vitals"
    VACCINE_RECORD: Final = "vaccine_record"
    PHARMACY: Final = "pharmacy"
    ACCOUNT_CHANGE: Final = "account_change"
    INSURANCE_CHANGE: Final = "insurance_change"


class RequestStatus:
    """Where the request stands in the clinic's review. An open set.

    Constants of the known values; others are legal.
    """

    OPEN: Final = "open"
    COMPLETED: Final = "completed"
    REJECTED: Final = "rejected"
    DISMISSED: Final = "dismissed"
