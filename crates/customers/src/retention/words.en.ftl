retention_rule = Retention rule
    .many = Retention rules
    .name = Name
    .object = Object
    .after = Counted from
    .months = Months
    .action = Then
    .action-review = Review
    .action-anonymise = Anonymise
    .action-delete = Delete
    .only = Only these records
    .purpose = Purpose
    .law = Where it is written
    .active = Applied every day
    .ran_at = Last applied
    .found = Records found
problem-retention-object = Not an object whose records can be kept for a time.
problem-retention-after = Not a day or a moment of this object.
problem-retention-only = The filter cannot be read: { $detail }
problem-retention-floor = These records must be kept for at least { $months } months: { $law }.
register-months = { $n ->
    [one] { $n } month
   *[other] { $n } months
}
register-consents = Consents: { $months } after the person’s last action
register-rule = { $name } ({ $object }): { $months }, { $action }. { $law }
