product-name = Clientele
home = Home
overview = Overview
profile = My profile
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
why-visible = Why can I see this?
why-you = You can see this record because:
why-administrator = you are an administrator and see everything
why-everything = the role “{ $role }” sees all records of this kind
why-owner = you own it (role “{ $role }”)
why-team = it belongs to one of your teams (role “{ $role }”)
why-shared = it is shared with everybody
why-about = and you can see the record it is about ({ $field })
entry-work = Work
entry-mobile = Mobile
entry-home = Home
entry-other = Other
