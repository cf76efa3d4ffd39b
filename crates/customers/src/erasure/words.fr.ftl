problem-erasure-organisation = Ce profil est celui d’une organisation : le droit à l’effacement est celui des personnes.
problem-erasure-tombstones = Ce fichier n’est pas un export de pierres tombales.
problem-erased = Cette personne a demandé son effacement : la fiche est refusée.
erasure-answer = Vos données ont été effacées. Aucune loi n’impose d’en garder un document. Restent la trace de cette demande, sans nom ni adresse, et une empreinte de vos adresses pour que plus personne ne vous écrive.
erasure-report = Effacés : { $records } fiches de sources ({ $versions } versions), { $identifiers } identifiants avec leurs événements, { $objects } fiches et notes, { $consents } lignes de consentement, { $files } fichiers. Gardés : cette demande sans nom ni adresse (RGPD, art. 5.2), l’opposition sous empreinte (RGPD, art. 21.3), les empreintes contre le retour des données.
