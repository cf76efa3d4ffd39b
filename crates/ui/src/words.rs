macro_rules! words {
    ($($name:ident)*) => {
        /// The words components say by themselves, in the reader's language. Fill it with [`Words::from_lookup`].
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[expect(missing_docs, reason = "a field is the key of the word it holds")]
        pub struct Words { $(pub $name: String),* }

        impl Words {
            /// The message keys, in the order of the fields: a field `close_panel` has the key `ui-close-panel`.
            pub fn keys() -> Vec<String> {
                [$(stringify!($name)),*].map(key).to_vec()
            }

            /// Looks every word up by its key.
            pub fn from_lookup(mut lookup: impl FnMut(&str) -> String) -> Words {
                Words { $($name: lookup(&key(stringify!($name)))),* }
            }

            /// The Fluent messages of the interface's own words in a language: English, and French for `fr` tags.
            pub fn fluent(lang: &str) -> &'static str {
                if lang.starts_with("fr") {
                    include_str!("words.fr.ftl")
                } else {
                    include_str!("words.en.ftl")
                }
            }

            /// The words of a language as this crate ships them, without a Fluent bundle.
            pub fn shipped(lang: &str) -> Words {
                let text = Words::fluent(lang);
                Words::from_lookup(|key| {
                    text.lines()
                        .filter_map(|line| line.split_once(" = "))
                        .find(|(name, _)| *name == key)
                        .map(|(_, word)| word.to_owned())
                        .unwrap_or_else(|| key.to_owned())
                })
            }
        }
    };
}

fn key(field: &str) -> String {
    format!("ui-{}", field.replace('_', "-"))
}

words! {
    skip_to_content search search_everything no_result loading close cancel save save_and_new edit delete
    undo more next previous add remove yes no none menu navigation favourites settings sign_out language
    theme theme_system theme_light theme_dark account_menu collapse_sidebar shortcuts notifications
    breadcrumb select_all select_row selected select_all_matching clear_selection clear_filters no_match
    load_more sort sort_ascending sort_descending columns filter add_condition add_group apply import export
    search_list layout all any where_word show_columns move_up move_down required mine theirs conflict_title
    conflict_hint keep_mine keep_theirs problems_title title first_name middle_name last_name suffix label
    email phone link_address street street_2 postcode city region country currency amount latitude longitude
    hours minutes choose_file drop_file type_to_search create_new record_type sign_in password
    forgot_password owner tasks write_here field before after when who through restore column_in_file
    example field_here do_not_import key_create key_search key_help key_move key_select key_edit key_open
    key_back key_save key_palette overdue today later progress copy stage rating_of presence pages failed preview row outcome record
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_every_word_and_no_other() {
        let mut wanted = Words::keys();
        wanted.sort();
        for lang in ["en", "fr"] {
            let mut found: Vec<_> = Words::fluent(lang)
                .lines()
                .filter_map(|line| line.split_once(" = ").map(|(name, _)| name.to_owned()))
                .collect();
            found.sort();
            assert_eq!(found, wanted, "{lang}");
        }
    }
}
