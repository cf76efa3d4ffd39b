//! Names of people.

use super::fold::{fold, is_placeholder};

/// Words in front of a family name that belong to the word after them.
const PARTICLES: &[&str] = &[
    "al", "ben", "d", "da", "dal", "das", "de", "del", "della", "den", "der", "des", "di", "do", "dos", "du", "el",
    "l", "la", "le", "les", "lo", "mac", "mc", "o", "san", "st", "saint", "ste", "sainte", "ter", "van", "vd", "von",
    "zu",
];

/// Titles and degrees, which are no part of a name.
const TITLES: &[&str] = &[
    "dr",
    "docteur",
    "doctor",
    "herr",
    "frau",
    "jr",
    "junior",
    "m",
    "madame",
    "mademoiselle",
    "maitre",
    "me",
    "melle",
    "messrs",
    "miss",
    "mlle",
    "mle",
    "mm",
    "mme",
    "monsieur",
    "mr",
    "mrs",
    "ms",
    "phd",
    "pr",
    "prof",
    "professeur",
    "professor",
    "sir",
    "sr",
];

/// A family name: particles joined to their word, compound names as words separated by spaces.
pub(crate) fn last_name(cell: &str) -> Option<String> {
    let folded = fold(cell);
    if is_placeholder(&folded) {
        return None;
    }
    if !folded.contains(' ') {
        return Some(folded);
    }
    let words: Vec<&str> = without_titles(&folded);
    let mut name = String::with_capacity(folded.len());
    for (at, word) in words.iter().enumerate() {
        name.push_str(word);
        if at + 1 < words.len() && !PARTICLES.contains(word) {
            name.push(' ');
        }
    }
    Some(name)
}

/// A given name: compound names as words separated by spaces.
pub(crate) fn first_name(cell: &str) -> Option<String> {
    let folded = fold(cell);
    if is_placeholder(&folded) {
        return None;
    }
    if !folded.contains(' ') {
        return Some(folded);
    }
    Some(without_titles(&folded).join(" "))
}

fn without_titles(folded: &str) -> Vec<&str> {
    let words: Vec<&str> = folded.split(' ').collect();
    let kept: Vec<&str> = words.iter().copied().filter(|word| word.len() < 2 || !TITLES.contains(word)).collect();
    if kept.is_empty() { words } else { kept }
}

/// Family name and given name of a whole name: by the comma (`Roux, Anne`), by capitals (`ROUX Anne`), else the last word
/// is the family name. Comparing tolerates the other order.
pub(crate) fn full_name(cell: &str) -> (Option<String>, Option<String>) {
    let (last, first) = if let Some((last, first)) = cell.split_once(',') {
        (last.to_owned(), first.to_owned())
    } else {
        let folded = fold(cell);
        let kept = without_titles(&folded);
        let shouted: Vec<String> = cell
            .split_whitespace()
            .filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1)
            .filter(|word| word.chars().all(|c| !c.is_lowercase()))
            .map(fold)
            .collect();
        let capitals: Vec<&str> = kept.iter().copied().filter(|word| shouted.iter().any(|held| held == word)).collect();
        if !capitals.is_empty() && capitals.len() < kept.len() {
            let rest: Vec<&str> = kept.iter().copied().filter(|word| !capitals.contains(word)).collect();
            (capitals.join(" "), rest.join(" "))
        } else {
            match kept.split_last() {
                None => return (None, None),
                Some((last, [])) => ((*last).to_owned(), String::new()),
                Some((last, first)) => {
                    let particles = first.iter().rev().take_while(|word| PARTICLES.contains(word)).count();
                    let (first, particles) = first.split_at(first.len() - particles.min(first.len() - 1));
                    ([particles, &[*last]].concat().join(" "), first.join(" "))
                }
            }
        }
    };
    (last_name(&last), first_name(&first))
}

/// The name that a diminutive or a spelling variant stands for: the same text for all forms of one name.
pub(crate) fn formal(first: &str) -> &str {
    NICKNAMES.iter().find(|(short, _)| *short == first).map_or(first, |(_, long)| long)
}

/// Diminutives and their formal names, French and English. Where one form serves several names, the most usual.
const NICKNAMES: &[(&str, &str)] = &[
    ("abby", "abigail"),
    ("al", "albert"),
    ("alec", "alexander"),
    ("alex", "alexandre"),
    ("alexander", "alexandre"),
    ("alix", "alexandre"),
    ("andy", "andrew"),
    ("angie", "angela"),
    ("annie", "anne"),
    ("art", "arthur"),
    ("babeth", "elisabeth"),
    ("barb", "barbara"),
    ("bea", "beatrice"),
    ("becky", "rebecca"),
    ("ben", "benjamin"),
    ("bernie", "bernard"),
    ("bert", "albert"),
    ("beth", "elisabeth"),
    ("betty", "elisabeth"),
    ("bill", "william"),
    ("billy", "william"),
    ("bob", "robert"),
    ("bobby", "robert"),
    ("brad", "bradley"),
    ("caro", "caroline"),
    ("cath", "catherine"),
    ("cathy", "catherine"),
    ("charlie", "charles"),
    ("charly", "charles"),
    ("chloe", "chloe"),
    ("chris", "christophe"),
    ("christopher", "christophe"),
    ("chrissy", "christine"),
    ("chuck", "charles"),
    ("cindy", "cynthia"),
    ("clem", "clement"),
    ("dan", "daniel"),
    ("dani", "daniel"),
    ("danny", "daniel"),
    ("dave", "david"),
    ("deb", "deborah"),
    ("debbie", "deborah"),
    ("dede", "andre"),
    ("dick", "richard"),
    ("didi", "didier"),
    ("dom", "dominique"),
    ("don", "donald"),
    ("doug", "douglas"),
    ("drew", "andrew"),
    ("ed", "edward"),
    ("eddie", "edward"),
    ("edouard", "edward"),
    ("eli", "elisabeth"),
    ("elizabeth", "elisabeth"),
    ("eliza", "elisabeth"),
    ("ellie", "eleanor"),
    ("emilie", "emilie"),
    ("emily", "emilie"),
    ("fanfan", "francois"),
    ("flo", "florence"),
    ("fran", "frances"),
    ("frank", "franck"),
    ("fred", "frederic"),
    ("freddy", "frederic"),
    ("frederick", "frederic"),
    ("frederique", "frederic"),
    ("gab", "gabriel"),
    ("gaby", "gabriel"),
    ("gege", "gerard"),
    ("geo", "georges"),
    ("george", "georges"),
    ("ginny", "virginia"),
    ("greg", "gregoire"),
    ("gregory", "gregoire"),
    ("guigui", "guillaume"),
    ("gus", "gustave"),
    ("hank", "henry"),
    ("harry", "henry"),
    ("henri", "henry"),
    ("isa", "isabelle"),
    ("jack", "john"),
    ("jacky", "jacques"),
    ("jake", "jacob"),
    ("jamie", "james"),
    ("jeannot", "jean"),
    ("jeff", "jeffrey"),
    ("jen", "jennifer"),
    ("jenny", "jennifer"),
    ("jess", "jessica"),
    ("jessie", "jessica"),
    ("jim", "james"),
    ("jimmy", "james"),
    ("jo", "joseph"),
    ("joe", "joseph"),
    ("joey", "joseph"),
    ("johnny", "john"),
    ("jon", "jonathan"),
    ("jojo", "joseph"),
    ("josh", "joshua"),
    ("juju", "julien"),
    ("kate", "catherine"),
    ("katherine", "catherine"),
    ("kathy", "catherine"),
    ("katie", "catherine"),
    ("kath", "catherine"),
    ("katy", "catherine"),
    ("ken", "kenneth"),
    ("kim", "kimberly"),
    ("laeti", "laetitia"),
    ("larry", "lawrence"),
    ("leo", "leonard"),
    ("lili", "elisabeth"),
    ("lisa", "elisabeth"),
    ("liz", "elisabeth"),
    ("lizzie", "elisabeth"),
    ("loulou", "louis"),
    ("lulu", "lucien"),
    ("maddie", "madeleine"),
    ("maggie", "margaret"),
    ("manu", "emmanuel"),
    ("manue", "emmanuelle"),
    ("marc", "mark"),
    ("marge", "margaret"),
    ("mat", "mathieu"),
    ("matt", "mathieu"),
    ("matthew", "mathieu"),
    ("matthieu", "mathieu"),
    ("max", "maxime"),
    ("meg", "margaret"),
    ("mel", "melanie"),
    ("michael", "mickael"),
    ("mich", "michel"),
    ("mick", "mickael"),
    ("mike", "mickael"),
    ("mimi", "michelle"),
    ("michele", "michelle"),
    ("mitch", "mitchell"),
    ("moe", "mohamed"),
    ("mohammed", "mohamed"),
    ("muhammad", "mohamed"),
    ("nat", "nathalie"),
    ("nate", "nathan"),
    ("nath", "nathalie"),
    ("ned", "edward"),
    ("nick", "nicolas"),
    ("nicky", "nicolas"),
    ("nicholas", "nicolas"),
    ("nico", "nicolas"),
    ("nini", "eugenie"),
    ("oli", "olivier"),
    ("oliver", "olivier"),
    ("pam", "pamela"),
    ("pat", "patrick"),
    ("patty", "patricia"),
    ("paulo", "paul"),
    ("peggy", "margaret"),
    ("pete", "peter"),
    ("phil", "philippe"),
    ("philip", "philippe"),
    ("pierrot", "pierre"),
    ("raph", "raphael"),
    ("ray", "raymond"),
    ("rich", "richard"),
    ("rick", "richard"),
    ("rob", "robert"),
    ("robbie", "robert"),
    ("rod", "rodney"),
    ("ron", "ronald"),
    ("sam", "samuel"),
    ("sammy", "samuel"),
    ("sandy", "alexandra"),
    ("seb", "sebastien"),
    ("sebastian", "sebastien"),
    ("sof", "sophie"),
    ("steeve", "steve"),
    ("steph", "stephane"),
    ("stephanie", "stephane"),
    ("stephen", "steve"),
    ("steven", "steve"),
    ("sue", "susan"),
    ("suzy", "suzanne"),
    ("ted", "edward"),
    ("teddy", "edward"),
    ("theo", "theodore"),
    ("tim", "timothy"),
    ("titi", "thierry"),
    ("tina", "christine"),
    ("toine", "antoine"),
    ("tom", "thomas"),
    ("tommy", "thomas"),
    ("toni", "anthony"),
    ("tonio", "antoine"),
    ("tony", "anthony"),
    ("trish", "patricia"),
    ("val", "valentin"),
    ("vero", "veronique"),
    ("vicky", "victoria"),
    ("vince", "vincent"),
    ("will", "william"),
    ("willy", "william"),
    ("zac", "zachary"),
    ("zack", "zachary"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn particles_and_titles() {
        assert_eq!(last_name("de La Tour").as_deref(), Some("delatour"));
        assert_eq!(last_name("O'Connor-Le Gall").as_deref(), Some("oconnor legall"));
        assert_eq!(last_name("Mme Durand").as_deref(), Some("durand"));
        assert_eq!(last_name("M").as_deref(), Some("m"));
        assert_eq!(first_name("Jean-Pierre").as_deref(), Some("jean pierre"));
        assert_eq!(last_name("N/A"), None);
    }

    #[test]
    fn whole_names() {
        let check = |cell: &str| {
            let (last, first) = full_name(cell);
            format!("{} | {}", last.unwrap_or_default(), first.unwrap_or_default())
        };
        assert_eq!(check("Roux, Anne-Marie"), "roux | anne marie");
        assert_eq!(check("Mme Anne ROUX"), "roux | anne");
        assert_eq!(check("DE LA TOUR Jean Paul"), "delatour | jean paul");
        assert_eq!(check("Ludwig van Beethoven"), "vanbeethoven | ludwig");
        assert_eq!(check("Cher"), "cher | ");
        assert_eq!(check(""), " | ");
    }

    #[test]
    fn diminutives() {
        assert_eq!(formal("bob"), "robert");
        assert_eq!(formal("liz"), formal("elizabeth"));
        assert_eq!(formal("zebulon"), "zebulon");
    }
}
