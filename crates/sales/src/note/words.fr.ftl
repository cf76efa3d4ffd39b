note = Note
    .many = Notes
    .body = Texte
    .about = Concerne
