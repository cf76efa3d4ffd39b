product-name = Clientele
home = Home
overview = Overview
my-profile = My profile
sessions = My sessions
password = Password
save = Save
create = Create
records = Records
go-to = Go to
app-custom = Your objects
welcome = Hello { $name }
recent = { $objects } changed last

## Before the session.
sign-in = Sign in
sign-in-title = Sign in
wrong-password = This e-mail address and this password do not go together.
problem-too-many-attempts = Too many attempts: wait a quarter of an hour.
your-name = Your name
new-password = Password
new-password-hint = At least 10 characters; a sentence is easy to remember.
setup-title = Welcome to Clientele
setup-detail = Create the first administrator. Everybody else is invited afterwards.
setup-submit = Create the workspace
invite-title = Join the workspace
invite-detail = Choose the password with which you will sign in.
invite-submit = Join
dead-link-title = This link has ended
dead-link = It was used already or is too old. Ask for a new one.

## What was done.
toast-saved = Saved
toast-created = Created
toast-deleted = Moved to the bin
toast-restored = Restored
toast-moved = Moved
toast-undone = Undone
toast-bulk-done = Done
toast-revoked = Revoked
toast-forgotten = Forgotten
toast-replayed = Tried again
toast-discarded = Thrown away
toast-revived = It runs again
toast-password-changed = Password changed
undone-records = { $n ->
    [one] Undone: { $n } record is as it was.
   *[other] Undone: { $n } records are as they were.
}
undone-kept = { $n ->
    [one] { $n } was left alone because it changed since.
   *[other] { $n } were left alone because they changed since.
}

## What is wrong.
error-request = If it happens again, tell your administrator this number: { $id }
problem-unreadable-form = This form cannot be read.
problem-file-too-large = A file may weigh { $max } MB at most.
problem-filter-unreadable = This filter cannot be read.
problem-no-such-name = No record is called “{ $value }”, or several are.
problem-bulk-none = No record is selected.
problem-bulk-too-many = At most { $max } records can be changed at once: narrow the list.
problem-not-a-name = Use lower-case letters, digits and underscores, starting with a letter.
problem-options-expected = Give at least one option, one per line.

## Lists.
layout-table = Table
layout-board = Board
board-empty = There is no column to show.
bin = Bin
bin-empty = The bin is empty.
list-empty = No { $objects } yet
count-rows = { $of ->
    [one] { $n } record
   *[other] { $n } records
}
figure-sum = Sum
figure-avg = Average
sort-newest = Newest first
search-chip = Search
format-csv = CSV
format-xlsx = Excel
format-jsonl = JSON lines
format-parquet = Parquet
hidden-record = Hidden
view-all = All { $objects }
views-mine = My views
views-shared = Shared views
view-save-as = Save as a view
view-edit = Rename or share the view
view-delete = Delete the view
view-delete-sure = Delete the view “{ $name }”?
view-update = Update the view
view-unsaved = The view has changed
view-shared = Shared with everybody

## Filters.
filter-value = Value
filter-or = or
filter-custom = Own filter
op-contains = contains
op-eq = is
op-ne = is not
op-starts_with = starts with
op-empty = is empty
op-filled = is filled
op-gt = is more than
op-gte = is at least
op-lt = is less than
op-lte = is at most
op-within = is
op-before = is before
op-since = is from
op-in = is one of
op-not_in = is none of
op-has_any = has one of
op-has_none = has none of
op-me = is me
op-not_me = is not me
span-today = today
span-yesterday = yesterday
span-tomorrow = tomorrow
span-last-7-days = in the last 7 days
span-next-7-days = in the next 7 days
span-last-30-days = in the last 30 days
span-next-30-days = in the next 30 days
span-this-week = this week
span-last-week = last week
span-next-week = next week
span-this-month = this month
span-last-month = last month
span-next-month = next month
span-this-quarter = this quarter
span-last-quarter = last quarter
span-next-quarter = next quarter
span-this-year = this year
span-last-year = last year

## Changing many records.
bulk-edit = Change { $objects }
bulk-delete = Delete { $objects }
bulk-restore = Restore { $objects }
bulk-edit-preview = { $n ->
    [one] { $n } record will get a new value.
   *[other] { $n } records will get a new value.
}
bulk-delete-preview = { $n ->
    [one] { $n } record goes to the bin.
   *[other] { $n } records go to the bin.
}
bulk-restore-preview = { $n ->
    [one] { $n } record leaves the bin.
   *[other] { $n } records leave the bin.
}
bulk-edit-submit = Change
bulk-delete-submit = Delete
bulk-restore-submit = Restore
bulk-undo-hint = You can undo this in one step.
bulk-refused = Changed: { $done }. Refused: { $refused }.

## Records.
new-record = New: { $object }
edit-record = Edit { $name }
section-more = More
section-system = Record
properties = Properties
record-tabs = Parts of the record
timeline = Timeline
history = History
timeline-empty = Nothing has happened yet.
history-empty = Nothing has changed yet.
timeline-create = created the record
timeline-update = changed
timeline-delete = moved the record to the bin
timeline-restore = restored the record
change-create = Created
change-delete = To the bin
change-restore = Restored
via-web = Pages
via-api = API
via-import = Import
via-rule = Rule
via-cli = Command line
via-undo = Undo
in-bin = This record is in the bin.
related-empty = No { $objects }
moved = Stage changed
changed-by = { $who }, { $when }.
why-visible = Why can this be seen?
why-administrator = administrators see everything
why-everything = the role “{ $role }” sees all records of this kind
why-owner = they own it (role “{ $role }”)
why-team = it belongs to one of their teams (role “{ $role }”)
why-shared = it is shared with everybody
why-about = and the record it is about can be seen ({ $field })
entry-work = Work
entry-mobile = Mobile
entry-home = Home
entry-other = Other
revoke = Revoke

## One's own profile.
profile-preferences = Language and time zone
present-password = Current password
change-password = Change the password
password-ends-sessions = Changing it signs you out everywhere.
session-browser = Browser
session-address = Address
session-since = Signed in
session-seen = Last seen
session-this = this one

## Settings.
settings-objects = Objects and fields
settings-objects-hint = Add fields to any object, and objects of your own.
settings-users = Users
settings-users-hint = Who works here, in which team, with which roles.
settings-teams = Teams
settings-teams-hint = Teams and the teams below them.
settings-roles = Roles
settings-roles-hint = Who may see and change what.
settings-sources = Sources
settings-sources-hint = Where customer data comes from, how it does, and with which keys it is sent.
settings-webhooks = Webhooks
settings-webhooks-hint = Tell other systems what changes here.
settings-jobs = Jobs
settings-jobs-hint = Work behind the pages: what waits, what runs, what failed.
settings-batches = Imports and bulk changes
settings-batches-hint = Each can be undone in one step.
settings-tokens = API keys
settings-tokens-hint = A key acts in your name, with your rights or fewer.
settings-api = API
settings-api-hint = The interface for programs, documented for this workspace.
invitation = Invitation
invite = Invite
invitation-hint = Send this link. It works once, for three days, and lets the user choose a password.
token-new = New key
token-name = Name
token-scope = Rights
token-read = Read only
token-write = Read and write
token-days = Ends
token-days-30 = in 30 days
token-days-90 = in 90 days
token-days-365 = in a year
token-days-0 = never
token-created = Created
token-used = Last used
token-expires = Ends
token-once = Copy this key now: it is shown only once.
job-all = All
job-ready = Waiting
job-running = Running
job-dead = Failed
job-done = Done
job-kind = Kind
job-state = State
job-at = Due
job-attempts = Attempts
job-error = Last error
job-revive = Run again
job-none = No job here.
batch-label = Name
batch-kind = Kind
batch-at = When
batch-by = Who
batch-import = Import
batch-bulk = Bulk change
batch-edit = Change
batch-undo = Undo
batch-none = Nothing yet.
batch-undo-sure = Undo “{ $name }”? What changed since stays as it is.
state-running = Running
state-done = Done
state-failed = Stopped by an error
state-cancelled = Cancelled
state-undone = Undone
scope-none = none
scope-own = own
scope-team = of one’s teams
scope-all = all
grant-read = See
grant-create = Create
grant-update = Change
grant-delete = Delete
grant-hidden = Fields not seen
grant-locked = Fields not changed
grant-fields = { $n ->
    [0] no limit
    [one] { $n } field limited
   *[other] { $n } fields limited
}
object = Object
object-new = New object
object-name = Name for programs
object-name-hint = Lower-case letters, digits and underscores; it cannot be changed later.
object-kind = Kind
object-custom = yours
object-standard = standard
object-fields = Fields
object-added = Added
object-icon = Icon
label-fr = Name in French
label-en = Name in English
plural-fr = Plural in French
plural-en = Plural in English
field-new = New field
field-label = Field
field-type = Type
field-required = Required
field-unique = Unique
field-searchable = Found by search
field-indexed = Fast filters and sorts
field-personal = Says something about a person
field-default = Default value
field-options = Options
field-options-hint = One per line: a name, or “value | French | English”.
field-to = Points to
field-stars = Stars
field-pattern = Pattern
field-pattern-hint = Zeros are the counter, as in D-{"{"}year{"}"}-00000.
field-expression = Formula
field-expression-hint = For instance: amount.amount * probability / 100.0
field-result = Yields
field-source = Over
field-operation = Calculation
field-of = Of
field-help-section = Help
help-fr = Help in French
help-en = Help in English
field-conditions = Conditions
field-required-when = Required when
field-visible-when = Shown when
field-read-only-when = Locked when
rollup-count = Count
rollup-sum = Sum
rollup-min = Least
rollup-max = Greatest
rollup-avg = Average
type-text = Text
type-long_text = Long text
type-integer = Whole number
type-number = Number
type-percent = Percentage
type-money = Amount
type-boolean = Yes or no
type-date = Date
type-date_time = Date and time
type-duration = Duration
type-choice = Choice
type-multi_choice = Multiple choice
type-person_name = Person’s name
type-emails = E-mail addresses
type-phones = Phone numbers
type-links = Links
type-address = Postal address
type-reference = Link to a record
type-references = Links to several records
type-polymorphic = Link to any record
type-user = User
type-files = Files
type-rating = Rating
type-tags = Tags
type-location = Place
type-json = JSON
type-auto_number = Automatic number
type-formula = Formula
type-rollup = Roll-up

## Import.
import-title = Import { $objects }
import-steps = Steps of the import
import-file = File
import-file-hint = CSV, Excel, JSON or Parquet, in any encoding; up to 512 MB.
import-no-file = Choose a file first.
import-columns = Columns
import-preview = Preview
import-run = Import
import-to-preview = Preview
import-method = What to do with each row
import-method-create = Create records
import-method-update = Change existing records
import-method-upsert = Change existing records, create the others
import-key = Find existing records by
import-saved = Saved mappings:
import-save-as = Save the mapping as
import-save-as-hint = For the next file of the same shape. Leave blank to save nothing.
import-missing = Create the records it refers to
import-missing-hint = Where a reference finds nothing, a record of that name is created.
import-back = Back to the columns
import-start = Start the import
import-tried = Tried on the first { $n } rows; nothing is saved yet.
import-read = Rows
import-created = Created
import-updated = Changed
import-unchanged = Unchanged
import-made = Created on the way
import-rejected = Rejected
import-is-created = new
import-is-updated = changed
import-is-unchanged = unchanged
import-is-rejected = rejected
import-rows = { $n ->
    [one] { $n } row
   *[other] { $n } rows
}
import-rejects = Rejected rows
import-undo = Undo the import
problem-file-unreadable = This file cannot be read: { $detail }
invitation-make = Make the link
why-sees = { $name } sees this record because:
why-not = { $name } cannot see this record.
why-other = Ask for this user
webhook-deliveries = Latest messages

## Sources: how they do, what was learnt of their events, what was refused.
source-none = No source yet
source-none-hint = A source is whatever tells you about people or organisations: a website, an application, a file.
source-tab-health = Health
source-tab-events = Events
source-tab-rejects = Rejected
source-last = Last received
source-never = Never
source-accepted = Kept in 30 days
source-repeated = Duplicates left out
source-rejected = Rejected in 30 days
source-volume = Events kept by day
source-volume-tip = { $day }: { $accepted } kept, { $rejected } rejected
source-unlawful = Say what this source’s data is processed for, and on which legal basis.
source-complete = Complete
source-off = This source is switched off: what it sends is not taken.
source-keys = Write keys
source-keys-hint = A program sends events with a key. A key in a web page is seen by everybody: it can write, and read nothing.
source-key-new = New write key
source-send = Where to send
source-send-hint = The Segment libraries take this address and a write key.
source-learnt-none = No event has come yet
source-learnt-hint = Learnt from what came. A source that rejects what it does not know is compared with this.
source-property = Property
source-types = Types
source-count = Times
source-first = First
source-seen = Last
source-forget = Forget
source-type-text = text
source-type-number = number
source-type-boolean = yes/no
source-type-list = list
source-type-object = object
source-type-nothing = nothing
source-type-times = { $type } × { $n }
source-rejects-none = Nothing was rejected
source-rejects-hint = What was rejected waits here. Mend the cause, then try again: events keep the time at which they came.
source-received = Received
source-reason = Reason
source-event = Event
source-replay = Try again
source-replay-all = Try all again
source-discard = Throw away
source-discard-all = Throw all away
source-discard-sure = Throw the rejected events of this source away? They cannot be brought back.
