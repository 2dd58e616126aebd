"""What becomes of a row, and why a row does not go in: the words of the answer, which programs compare. They
are documented, and never change their meaning."""

# Outcomes.
CREATED, UPDATED, UNCHANGED, OLDER = "created", "updated", "unchanged", "older"
REFUSED, WAITING = "refused", "waiting"
OUTCOMES = (CREATED, UPDATED, UNCHANGED, OLDER, REFUSED, WAITING)
# What is told is here.
ACCEPTED = (CREATED, UPDATED, UNCHANGED)

# Codes of rows that are refused, or wait.
BAD_ROW = "bad_row"  # it is no row: no object, without kind or id, with fields that there are not
UNKNOWN_KIND = "unknown_kind"
MISSING_FIELD = "missing_field"
UNKNOWN_FIELD = "unknown_field"
BAD_VALUE = "bad_value"  # not of the type of its field
UNKNOWN_VALUE = "unknown_value"  # it names a record of ours, or an option, that there is not
TOO_LONG = "too_long"
NOT_PERMITTED = "not_permitted"
KEY_TAKEN = "key_taken"  # another record has the code, number or key already
AMBIGUOUS = "ambiguous"  # several records of ours could be meant
CONFLICT = "conflict"  # it contradicts what is stored, and cannot be changed by telling it
WAITS_FOR = "waits_for"  # what it refers to has not been told yet
FAILED = "failed"  # a check of the record says no; the message says which

CODES = (
	BAD_ROW,
	UNKNOWN_KIND,
	MISSING_FIELD,
	UNKNOWN_FIELD,
	BAD_VALUE,
	UNKNOWN_VALUE,
	TOO_LONG,
	NOT_PERMITTED,
	KEY_TAKEN,
	AMBIGUOUS,
	CONFLICT,
	WAITS_FOR,
	FAILED,
)
