problem-pull-place = L’administrateur du serveur n’a ouvert aucun lieu « { $value } » qui convienne à cette source.
problem-pull-folder = Le dossier ne se lit pas : { $detail }.
problem-pull-file = Le fichier « { $file } » ne se lit pas : { $detail }.
problem-pull-column = Le fichier « { $file } » n’a pas de colonne « { $value } ».
problem-pull-unreachable = La base n’est pas joignable : { $detail }.
problem-pull-query = La base refuse la requête : { $detail }.
problem-pull-many = Plus de { $max } fichiers conviennent : précisez leur nom ou rangez ceux qui sont lus.
