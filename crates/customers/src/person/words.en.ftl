problem-person-point-foreign = This address is none of the profile’s: a link is only sent to the person.
