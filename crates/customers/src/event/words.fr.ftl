## Pourquoi un événement est rejeté.
problem-event-too-large = L’événement dépasse { $max } Ko.
problem-event-not-an-object = L’événement n’est pas un objet.
problem-event-unreadable = L’événement est illisible : { $detail }
problem-event-type-missing = Le membre « type » manque : identify, track, page, screen, group ou alias.
problem-event-type-unknown = Le type « { $value } » n’existe pas : identify, track, page, screen, group ou alias.
problem-event-name-missing = L’événement n’a pas de nom : donnez-le dans « event ».
problem-event-name-too-long = Le nom dépasse { $max } caractères.
problem-event-user-missing = Personne n’en est l’auteur : donnez « userId » ou « anonymousId ».
problem-event-group-missing = Le groupe n’a pas d’identifiant : donnez-le dans « groupId ».
problem-event-previous-missing = Un alias demande « userId » et « previousId ».
problem-event-id-unreadable = Le membre « { $member } » n’est ni un texte ni un nombre.
problem-event-id-too-long = Le membre « { $member } » dépasse { $max } octets.
problem-event-member-not-an-object = Ce membre doit être un objet.
problem-event-message-unreadable = Le membre « messageId » n’est pas un texte.
problem-event-time-unreadable = « { $value } » n’est pas un instant entre 1900 et 2199 au format ISO 8601.
problem-event-unknown = « { $value } » n’a jamais été vu de cette source, qui n’accepte que ce qu’elle connaît.
problem-event-property-type = La propriété « { $property } » est de type { $found } ; connu jusqu’ici : { $expected }.
