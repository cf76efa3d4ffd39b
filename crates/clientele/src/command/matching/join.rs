//! Columns of several files that hold the same under other names: `last_name` in one, `Nom` in the other.

use matching::{Column, Config, Role, Table};

/// Rows that are looked at to recognise the columns of one file.
const SAMPLE: usize = 5_000;

/// What the columns of the files read so far hold.
#[derive(Default)]
pub struct Known {
    roles: Vec<(String, Role)>,
}

impl Known {
    /// Gives the columns of a further file the names of the columns that hold the same in the files before it. A column
    /// that is named like one of those stays, and where two could be meant, neither is.
    pub fn join(&mut self, columns: &mut [(String, Column)]) {
        let roles = recognise(columns);
        let own: Vec<(String, Role)> = columns.iter().map(|(name, _)| name.clone()).zip(roles).collect();
        let only = |held: &[(String, Role)], role: Role| {
            let mut names = held.iter().filter(|(_, other)| *other == role).map(|(name, _)| name.clone());
            names.next().filter(|_| names.next().is_none())
        };
        for (at, (name, role)) in own.iter().enumerate() {
            let known = self.roles.iter().any(|(other, _)| other == name);
            if known || !identifies(*role) || only(&own, *role).is_none() {
                continue;
            }
            if let Some(same) = only(&self.roles, *role).filter(|same| own.iter().all(|(other, _)| other != same)) {
                columns[at].0 = same;
            }
        }
        for ((name, _), (_, role)) in columns.iter().zip(own) {
            if self.roles.iter().all(|(other, _)| other != name) {
                self.roles.push((name.clone(), role));
            }
        }
    }
}

/// Roles that mean one thing, so that two columns of them can be compared.
fn identifies(role: Role) -> bool {
    !matches!(role, Role::Ignore | Role::Text | Role::Category | Role::Number | Role::Identifier | Role::AddressLine)
}

/// The role of each column, from rows spread over the file; none is recognised where nothing can be.
fn recognise(columns: &[(String, Column)]) -> Vec<Role> {
    let rows = columns.first().map_or(0, |(_, column)| column.len());
    let step = (rows / SAMPLE).max(1);
    let sample = |column: &Column| (0..rows).step_by(step).map(|row| column.get(row)).collect::<Column>();
    let sampled = columns.iter().map(|(name, column)| (name.clone(), sample(column))).collect();
    let mut table = Table::default();
    let config = table.append("sample", sampled).and_then(|()| Config::infer(&table, None));
    columns.iter().map(|(name, _)| config.as_ref().map_or(Role::Ignore, |config| config.role(name))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(files: &[(&[&str], &[&[&str]])]) -> Vec<Vec<String>> {
        let mut known = Known::default();
        files
            .iter()
            .map(|(names, rows)| {
                let cells = |at: usize| rows.iter().map(move |row| Some(row[at]));
                let mut columns: Vec<(String, Column)> =
                    names.iter().enumerate().map(|(at, name)| ((*name).to_owned(), cells(at).collect())).collect();
                known.join(&mut columns);
                columns.into_iter().map(|(name, _)| name).collect()
            })
            .collect()
    }

    #[test]
    fn columns_that_hold_the_same_get_one_name() {
        let crm: &[&[&str]] = &[&["1", "Anne", "Roux", "anne@x.example"], &["2", "Luc", "Petit", "luc@y.example"]];
        let shop: &[&[&str]] = &[&["PETIT", "Luc", "luc@y.example", "Brest"], &["ROUX", "Anne", "a@z.example", "Lyon"]];
        let names = joined(&[
            (&["id", "first_name", "last_name", "email"], crm),
            (&["Nom", "Prénom", "Courriel", "Ville"], shop),
        ]);
        assert_eq!(names[1], ["last_name", "first_name", "email", "Ville"]);
    }

    #[test]
    fn what_is_ambiguous_or_named_alike_stays() {
        let one: &[&[&str]] = &[&["a@x.example", "b@x.example"], &["c@x.example", "d@x.example"]];
        let two: &[&[&str]] = &[&["a@x.example", "Lyon"], &["c@x.example", "Brest"]];
        let names = joined(&[(&["email", "second email"], one), (&["courriel", "city"], two)]);
        assert_eq!(names[1], ["courriel", "city"]);
        let names = joined(&[(&["email", "ville"], two), (&["ville", "email"], &[&["Lyon", "a@x.example"]])]);
        assert_eq!(names[1], ["ville", "email"]);
    }
}
