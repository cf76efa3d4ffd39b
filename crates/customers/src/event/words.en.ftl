## Why an event is refused.
problem-event-too-large = The event is larger than { $max } KB.
problem-event-not-an-object = The event is no object.
problem-event-unreadable = The event cannot be read: { $detail }
problem-event-type-missing = The member “type” is missing: identify, track, page, screen, group or alias.
problem-event-type-unknown = There is no type “{ $value }”: identify, track, page, screen, group or alias.
problem-event-name-missing = The event has no name: give it in the member “event”.
problem-event-name-too-long = The name has more than { $max } characters.
problem-event-user-missing = Nobody did it: give “userId” or “anonymousId”.
problem-event-group-missing = The group has no identifier: give it in “groupId”.
problem-event-previous-missing = An alias needs “userId” and “previousId”.
problem-event-id-unreadable = The member “{ $member }” is neither a text nor a number.
problem-event-id-too-long = The member “{ $member }” is longer than { $max } bytes.
problem-event-member-not-an-object = This member must be an object.
problem-event-message-unreadable = The member “messageId” is no text.
problem-event-time-unreadable = “{ $value }” is no moment between 1900 and 2199 in the form of ISO 8601.
problem-event-unknown = “{ $value }” was never seen from this source, which only takes what it knows.
problem-event-property-type = The property “{ $property }” is of type { $found }; known so far: { $expected }.
