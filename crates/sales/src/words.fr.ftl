app-sales = Ventes
section-identity = Identité
section-contact = Coordonnées
section-sales = Vente
section-qualification = Qualification
section-schedule = Planning
