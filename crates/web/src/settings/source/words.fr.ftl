source-snippet = Dans une page web
source-snippet-hint = Collez cette ligne dans vos pages, avec une clé d’écriture. Sans consentement, rien n’est déposé dans le navigateur ; le signal Global Privacy Control vaut refus.
