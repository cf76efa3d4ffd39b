problem-verdict-not-of-the-profile = Au moins une de ces fiches n’appartient pas à ce profil : rechargez la page et choisissez à nouveau.
problem-verdict-needs-two-sides = Il faut des fiches des deux côtés, et qu’elles existent encore.
problem-verdict-of-different-kinds = Une personne et une organisation ne sont jamais la même : choisissez des profils de même nature.
problem-profile-attribute-unknown = « { $value } » n’est pas un attribut de ce profil.
problem-source-object-unknown = Il n’y a pas d’objet « { $value } » dans cet espace.
problem-model-in-use = Ce modèle est déjà en service.
problem-model-unusable = Cette version ne peut pas se servir de ce modèle : { $why }. Apprenez-en un nouveau.
