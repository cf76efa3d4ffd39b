problem-erasure-organisation = This profile is an organisation’s: the right to erasure is that of people.
problem-erasure-tombstones = This file is no export of tombstones.
problem-erased = This person asked to be erased: the record is refused.
erasure-answer = Your data was erased. No law demands that a document of it be kept. What stays is the trace of this request, without name or address, and a fingerprint of your addresses so that nobody writes to you again.
erasure-report = Erased: { $records } records of sources ({ $versions } versions), { $identifiers } identifiers with their events, { $objects } records and notes, { $consents } lines of consent, { $files } files. Kept: this request without name or address (GDPR, art. 5.2), the objection under a fingerprint (GDPR, art. 21.3), fingerprints that keep the data from coming back.
