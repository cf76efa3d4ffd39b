//! `cargo xtask new object APP NAME`: the folder of a new object, in the shape of those beside it.

use std::fs;

use crate::Result;
use crate::workspace::Workspace;

/// Writes the folder and says which lines the app's table of contents needs.
pub(crate) fn object(app: &str, name: &str) -> Result {
    let fits = |text: &str| {
        text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    if !fits(name) {
        return Err(format!("“{name}” cannot be an object's name: lower-case letters, digits and underscores").into());
    }
    let source = Workspace::open()?.root.join("crates").join(app).join("src");
    if !source.join("lib.rs").is_file() {
        return Err(format!("there is no app “{app}” under crates/").into());
    }
    let folder = source.join(name);
    if folder.exists() {
        return Err(format!("{} exists already", folder.display()).into());
    }
    fs::create_dir(&folder)?;
    for (file, text) in files(name) {
        fs::write(folder.join(file), text)?;
    }
    println!("made crates/{app}/src/{name}; in crates/{app}/src/lib.rs add:\n");
    println!("    pub mod {name};\n");
    println!("    .object({name}::object())");
    println!("    .words(include_str!(\"{name}/words.fr.ftl\"), include_str!(\"{name}/words.en.ftl\"))");
    Ok(())
}

fn files(name: &str) -> [(&'static str, String); 4] {
    let title = {
        let mut letters = name.replace('_', " ");
        letters[..1].make_ascii_uppercase();
        letters
    };
    let prefix: String = name.chars().filter(char::is_ascii_lowercase).take(3).collect();
    [
        ("mod.rs", format!("//! {title}: say in a sentence what it is for.\n\nmod object;\n\npub use object::*;\n")),
        (
            "object.rs",
            format!(
                "use model::{{Field, Grant, ObjectDef, Scope, text}};\n\n/// The name.\n\
                 pub const NAME: Field<String> = text(\"name\").required().searchable().indexed();\n\n/// The definition.\n\
                 pub fn object() -> ObjectDef {{\n    ObjectDef::new(\"{name}\", \"{prefix}\", \"box\", \"name\", vec![NAME.def()])\n        \
                 .columns(&[\"name\", \"owner\", \"updated_at\"])\n        .section(\"details\", &[\"name\", \"owner\"])\n        \
                 .grant(\"*\", Grant::write(Scope::Team))\n}}\n"
            ),
        ),
        ("words.en.ftl", format!("{name} = {title}\n    .many = {title}s\n    .name = Name\n")),
        ("words.fr.ftl", format!("{name} = {title}\n    .many = {title}s\n    .name = Nom\n")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_keys() {
        let files = files("price_book");
        let keys =
            |text: &str| text.lines().map(|l| l.split('=').next().unwrap_or("").trim().to_owned()).collect::<Vec<_>>();
        assert_eq!(keys(&files[2].1), keys(&files[3].1));
        assert!(files[1].1.contains("ObjectDef::new(\"price_book\", \"pri\""));
    }
}
