use std::sync::Arc;

use kernel::{Clock, Words};
use records::{Place, Platform};

use crate::failure::Failure;

/// The product: every app with its words, and the places from which sources may be pulled.
pub fn platform(places: Vec<Place>) -> Result<Arc<Platform>, Failure> {
    let apps = vec![sales::app(), customers::app()];
    let platform = Platform::new(apps, vec![web::words(), api::WORDS], Clock::System).map_err(Failure::Usage)?;
    Ok(Arc::new(platform.with_places(places)))
}

/// The product's words, for errors on the command line.
pub fn words() -> Result<Words, Failure> {
    let own = (include_str!("../../records/src/words.fr.ftl"), include_str!("../../records/src/words.en.ftl"));
    let apps = [sales::app(), customers::app()].into_iter().flat_map(|app| app.words);
    Words::new(std::iter::once(own).chain(apps)).map_err(|e| Failure::Usage(e.to_string()))
}
