problem-person-point-foreign = Cette adresse n’est pas une adresse de ce profil : un lien n’est envoyé qu’à la personne.
