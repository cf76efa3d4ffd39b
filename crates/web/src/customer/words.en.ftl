
## Customer profiles: everything known about somebody.
toast-profile-followed = This profile was merged: here is the one that took it up
toast-value-fixed = Value fixed by hand
toast-value-released = The sources decide again
toast-separated = Separated
toast-joined = Merged
toast-answered-same = Same: the records are together
toast-answered-different = Different: the records are apart
back = Back
profile-gone = No source knows this profile any more.
sure = How sure
sure-single = Only one record
sure-decided = Decided by hand
golden-identity = Identity
golden-contact = Contact details
golden-pinned = Fixed by hand
golden-steward = A person
golden-from = From { $source }, on { $day }.
golden-rule-trusted = Chosen because this source is believed more than the others; among equals the latest value counts.
golden-rule-recent = Chosen because it is the latest value.
golden-rule-frequent = Chosen because most records say so.
golden-rule-complete = Chosen because it says most.
golden-rule-verified = Chosen because it is confirmed, or because nothing speaks against it; among equals the most trusted source counts.
point-confirmed = confirmed
point-bounced = undeliverable
point-invalid = invalid
golden-rule-only = The only value known.
golden-rule-pinned = Fixed by hand: it counts whatever the sources say.
golden-others = { $n ->
    [one] { $n } other value
   *[other] { $n } other values
}
golden-also = Also known
golden-rejected = Other values, not chosen
golden-said = { $source }, { $day }{ $n ->
    [one] {""}
   *[other] {" "}· { $n } records
}
golden-choose = Fix “{ $value }” as the right value
golden-fix = Right value
golden-fix-several = Right values, the best first, one per line
golden-pin = Fix by hand
golden-release = Let the sources decide
attribute-first_name = First name
attribute-last_name = Last name
attribute-full_name = Full name
attribute-name = Name
attribute-birth_date = Birth date
attribute-email = E-mail
attribute-phone = Phone
attribute-street_number = Street number
attribute-street = Street
attribute-address = Address
attribute-address_line = Address, continued
attribute-postcode = Postcode
attribute-city = City
attribute-identifier = Identifiers
attribute-region = Region
attribute-country = Country
attribute-gender = Gender
attribute-organisation = Employer
attribute-job_title = Job title
attribute-language = Language
attribute-website = Website
attribute-stage = Stage
attribute-industry = Industry
attribute-email_state = State of the e-mail
attribute-phone_state = State of the phone
worth = Value
worth-events = Events
worth-first = Known since
worth-recency = Recency
worth-recency-1 = last purchase over a year ago
worth-recency-2 = last purchase six months to a year ago
worth-recency-3 = last purchase three to six months ago
worth-recency-4 = last purchase one to three months ago
worth-recency-5 = bought within a month
worth-frequency = Frequency
worth-frequency-1 = one purchase
worth-frequency-2 = two purchases
worth-frequency-3 = three to five purchases
worth-frequency-4 = six to nine purchases
worth-frequency-5 = ten purchases or more
worth-money = Amount
worth-money-1 = less than 100
worth-money-2 = 100 to 300
worth-money-3 = 300 to 800
worth-money-4 = 800 to 2,000
worth-money-5 = 2,000 or more
relations = Relations
relations-none = No relation is known.
relation-works_at = Works here
relation-employs = Works for it
relation-household = Same household
relation-worked_at = Worked here
relation-employed = Worked for it
relation-since = since { $day }
relation-known-since = known since { $day }
relation-until = until { $day }
doubts = Perhaps the same
consents-points = { $n ->
    [one] { $n } address or number
   *[other] { $n } addresses and numbers
}
records-none = No source record.

## The stream of a profile.
stream-record = sent the record { $key }
stream-record-again = updated the record { $key } (version { $version })
stream-same = decided: these records are the same
stream-different = decided: these records are not the same
stream-merged = merged with { $name } ({ $n ->
    [one] { $n } record
   *[other] { $n } records
})
stream-lost = { $n ->
    [one] { $n } record
   *[other] { $n } records
} left for { $name }
stream-came = { $n ->
    [one] { $n } record
   *[other] { $n } records
} came from { $name }
stream-nameless = a former profile
stream-did = · { $event }
stream-page = · page viewed: { $name }
stream-screen = · screen viewed: { $name }
stream-identify = identified the person
stream-alias = identified the person under another name
stream-group = · joined a group
stream-property = { $name }: { $value }
event-order-completed = order placed
event-order-updated = order changed
event-order-refunded = order refunded
event-order-cancelled = order cancelled
event-order-shipped = order shipped
event-product-viewed = product viewed
event-product-added = product put into the cart
event-product-removed = product taken out of the cart
event-product-reviewed = product reviewed
event-product-shared = product shared
event-products-searched = products searched
event-cart-viewed = cart viewed
event-checkout-started = checkout started
event-coupon-applied = coupon used
event-email-opened = e-mail opened
event-email-link-clicked = link in an e-mail clicked
event-email-bounced = e-mail bounced
event-unsubscribed = unsubscribed
event-signed-up = signed up
event-signed-in = signed in
event-invite-sent = invited somebody

## The records of a profile.
bonds = What holds the records together
bonds-hint = Each line is the probability that two records are the same. The weakest line that holds them is where they would come apart.
bond-between = Records
bond-share = Probability
bond-kind = Part
bond-weakest = weakest
bond-holds = holds
bond-extra = confirms
bond-decided = decided
why = Why?
records-single = A single record: nothing had to be linked.
records-drawn = The first { $n } records are drawn.
records-side-by-side = Records side by side
records-elsewhere = { $n ->
    [one] { $n } record of another profile
   *[other] { $n } records of other profiles
}
differs = differs
separate = These are not the same
separate-hint = Choose the records that do not belong here. You see what follows before anything changes.
separate-weakest = Separate at the weakest line
separate-title = These are not the same
separate-confirm = Separate
join = Same as…
join-with = The other profile
join-hint = Choose the profile that is the same. You see what follows before anything changes.
join-nobody = No profile was chosen: pick one from the list.
join-preview = Look at the merge
join-title = These are the same
join-confirm = Merge
verdict = Decision
verdict-note = Why (kept with the decision)
verdict-undoable = The source records stay as they are. The decision can be taken back at any time.
verdict-same = { $one } — the same as { $other }
verdict-different = { $one } — not the same as { $other }
verdicts = Decisions
verdicts-hint = What people decided counts more than the model, until it is taken back.
undo-verdict = Take back
lineage = How this profile came to be
lineage-hint = Former identifiers keep leading here.
lineage-when = When
lineage-who = Who
lineage-what = What
lineage-former = Other profile
lineage-model = The model
follows-count = { $before ->
    [one] { $before } profile becomes
   *[other] { $before } profiles become
} { $after ->
    [one] { $after } profile.
   *[other] { $after } profiles.
}
follows-golden = Golden values
follows-before = Before
follows-after = After
follows-changes = changes
follows-records = { $n ->
    [one] { $n } source record:
   *[other] { $n } source records:
}
follows-events = { $events ->
    [0] No event
    [one] { $events } event
   *[other] { $events } events
}, { $orders ->
    [0] no order
    [one] { $orders } order
   *[other] { $orders } orders
} come along.
follows-consents = Consents stay with their e-mail address or number: no profile gains or loses one.

## Two records.
pair = Two records
waterfall = Why: what each comparison adds
waterfall-what = Compared
waterfall-values = Values
waterfall-outcome = Outcome
waterfall-weight = Bits
waterfall-rare = { $n } ‰ of records have it
waterfall-sum = In all { $bits } bits: { $share } likely to be the same.
compared-prior = Starting point
compared-last_name = Last name
compared-first_name = First name
compared-date = Birth date
compared-email = E-mail
compared-phone = Phone
compared-address = Address
compared-line = Address, continued
compared-identifier = Identifier
compared-organisation = Name
compared-company = Company number
compared-country = Country
compared-website = Website
compared-related = Relatives
compared-identical = Identical records
level-missing = not said
level-exact = the same
level-first-and-last-name-swapped = first and last name swapped
level-one-letter-or-the-sound = one letter, or the sound alike
level-a-word-in-common = a word in common
level-similar = similar
level-different = different
level-diminutive = short form
level-initial = initial
level-initials = initials
level-day-and-month-swapped = day and month swapped
level-one-digit = one digit differs
level-two-parts-of-three = two parts of three agree
level-same-year = same year
level-same-name-at-another-domain = same name at another domain
level-same-street-and-number = same street and number
level-same-street = same street
level-same-street-and-number-elsewhere = same street and number elsewhere
level-same-postcode-and-city = same postcode and city
level-another-street-in-the-same-city = another street in the same city
level-another-street-or-number-in-the-same-city = another street or number in the same city
level-same-postcode-or-city = same postcode or city
level-similar-postcode-or-city = similar postcode or city
level-same-beginning = same beginning
level-one-sign = one sign differs
level-nearly-all-words = nearly all words
level-most-words = most words
level-more-than-half-of-the-words = more than half of the words
level-half-of-the-words = half of the words
level-some-words = some words
level-another-part-of-the-group = another part of the group
level-another-part-or-trade-of-the-group = another part or trade of the group
level-two-records-taken-at-random = two records taken at random
level-may-be-a-relative-instead = may be a relative instead
level-one-record-written-twice = one record written twice

## The pairs that wait for an answer.
review = Duplicates to review
review-nav = Duplicates
review-queue = Waiting
review-question = Are these the same?
review-share = { $share } likely
review-waiting = { $of ->
    [one] { $n } pair waits for an answer
   *[other] { $n } pairs wait for an answer
}
review-done = { $n ->
    [0] none answered today
    [one] { $n } answered today
   *[other] { $n } answered today
}
review-worth = Usefulness { $worth }
review-worth-hint = What your answer tells that the model does not know: 1 where it could as well toss a coin, 0 where it is certain.
review-worth-most = the most useful to settle
review-answer = Answer
review-same = Same
review-different = Different
review-skip = Skip
review-undo = Undo my last answer
review-previous = Previous
review-next = Next
review-first = Back to the first
review-more = More
review-none = Nothing to review
review-none-hint = The model is sure of every pair that it found. New pairs come as sources send records.
review-end = That was the last pair
review-bulk = Accept in bulk
review-quality = Data quality
bulk-share = At least so probable
bulk-count = Count
bulk-found = { $n ->
    [0] No waiting pair is at least { $share } % probable
    [one] { $n } waiting pair is at least { $share } % probable
   *[other] { $n } waiting pairs are at least { $share } % probable
}
bulk-hint = Each pair is decided by itself, as if you had answered “Same”, and all of them can be undone together.
bulk-accept = { $n ->
    [one] Accept { $n } pair
   *[other] Accept { $n } pairs
}
bulk-running = { $n ->
    [one] { $n } pair accepted so far…
   *[other] { $n } pairs accepted so far…
}
bulk-continue = Go on
bulk-done = { $n ->
    [0] No pair was accepted
    [one] { $n } pair accepted
   *[other] { $n } pairs accepted
}
bulk-note = Accepted in bulk, at least { $share } % probable
batch-verdicts = Decisions

## Data quality.
quality-none = No source has sent a record yet.
quality-records = Records
quality-alone = Alone
quality-shared = Known to others
quality-duplicates = Duplicates
quality-unreadable = Unreadable
quality-unlinkable = Unlinkable
quality-source = Source
quality-by-source = By source
quality-hint = Alone: a profile of its own. Known to others: another source knows the same person. Duplicates: further records of a person within the source. Unreadable: e-mails, phones and birth dates that cannot be understood. Unlinkable: nothing by which the record could find others.
quality-attribute = Attribute
quality-filled = Completeness
quality-valid = Validity
quality-sample = Counts are exact; shares are measured on up to { $n } records of each source.
alike-title = { $n ->
    [one] This may be known already
   *[other] These may be the same
}
alike-hint = You can save all the same; records are compared afterwards and can be merged later.
alike-another = It is somebody else
alike-new-window = (opens in a new window)
erased-typed = This address or number is of a person who asked to be erased.
erased-typed-hint = Save the record only if this person came back by themselves. The customer repository takes it up only once the address is let in again.
toast-saved-erased = Saved. This address or number is of a person who asked to be erased.
known-profile = Customer profile
known-none = This record is not part of a customer profile.
known-twins = { $n ->
    [one] One other record of this customer
   *[other] { $n } other records of this customer
}:
sure-records = { $n ->
    [one] one source record
   *[other] { $n } source records, sure to { $share }
}
merge-with = Merge…
merge-title = Merge records
merge-hint = Choose the record that stays, and of each value which one it has afterwards. What is believed is chosen already.
merge-values = Values side by side
merge-keep = Record that stays
merge-all = All of them
merge-moves = Everything that points to the others (opportunities, activities, contacts …) moves to the one that stays; the others go to the bin. All of it can be undone at once.
merge-do = Merge
enrich = Take over what is ticked
enrich-title = What other sources say:
toast-records-merged = Merged
toast-enriched = Taken over
problem-enrich-nothing = Tick at least one value that is still proposed.

## Segments
segments = Segments
segment-why = Why?
segment-value = Known value: { $value }
segment-no-value = none
segment-everybody = No condition: everybody is in it.
segment-conditions = Conditions
segment-use = Use
segment-no-purpose = None
segment-by-program = These conditions were written by a program; they are not changed here and stay as they are.
segment-count = Count
segment-counted = { $of ->
    [one] { $n } member
   *[other] { $n } members
}
segment-members = Members
segment-see = See the members
segment-make = Make a segment of it
segment-by = Reachable: { $channel }
segment-reach = By the consents, for the purpose “{ $purpose }”, of { $n ->
    [one] { $n } member looked at.
   *[other] the latest { $n } members.
}
segment-hidden = A condition looks at a field that you do not see, so its members are not shown to you.
segment-off = This segment is not in use: it has no members.
segment-told = What its members read
segment-told-hint = On their page, with the conditions and their own values.
follows-enters = Enters: { $names }
follows-stays = Stays in: { $names }
follows-leaves = Leaves: { $names }
