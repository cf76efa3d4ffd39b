note = Note
    .many = Notes
    .body = Text
    .about = About
