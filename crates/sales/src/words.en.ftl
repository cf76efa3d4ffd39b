app-sales = Sales
section-identity = Identity
section-contact = Contact details
section-sales = Sale
section-qualification = Qualification
section-schedule = Schedule
