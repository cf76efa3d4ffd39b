//! Copies from before upgrades: the latest three stay, and what nobody remembers is left alone.

use serde_json::json;
use store::{Place, Store, StoreError};

use crate::databases::{World, each};

/// Whether a copy can be opened and holds what was there.
async fn holds(world: &World, name: &str) -> bool {
    let place = match world.space.store.place() {
        Place::File(path) => match path.with_file_name(name) {
            file if file.exists() => Place::File(file),
            _ => return false,
        },
        Place::Schema { url, .. } => Place::Schema { url, schema: name.to_owned() },
    };
    let copy = Store::open(&place).await.expect("opened");
    let there = copy.read().await.expect("a reader").version().await.expect("read") > 0;
    if !there {
        copy.erase().await.expect("erased");
    }
    there
}

#[test]
fn of_the_copies_before_upgrades_the_latest_three_stay() {
    each(async |world| {
        assert!(world.copies().await.is_empty(), "a new database has nothing to lose");
        let mut all: Vec<String> = Vec::new();
        for n in 1..=5 {
            world.upgrade(n).await.expect("upgraded");
            world.upgrade(n).await.expect("opened");
            all.extend(world.copies().await.last().cloned());
        }
        assert_eq!(world.copies().await, all[2..]);
        for (n, name) in all.iter().enumerate() {
            assert_eq!(holds(&world, name).await, n >= 2, "{name}");
        }
        // What was set aside otherwise is not among them.
        let aside = world.space.store.snapshot(world.space.system_ctx().now).await.expect("copied");
        world.upgrade(6).await.expect("upgraded");
        assert_eq!(world.copies().await[..2], all[3..]);
        let aside = match aside {
            Place::File(path) => path.file_name().expect("a name").to_string_lossy().into_owned(),
            Place::Schema { schema, .. } => schema,
        };
        assert!(holds(&world, &aside).await);
        for name in world.copies().await.into_iter().chain([aside]) {
            if let Place::Schema { url, .. } = world.space.store.place() {
                let copy = Store::open(&Place::Schema { url, schema: name }).await.expect("opened");
                copy.erase().await.expect("erased");
            }
        }
    });
}

#[test]
fn an_upgrade_that_fails_leaves_no_copy() {
    each(async |world| {
        let broken = world
            .space
            .store
            .write(|w| Box::pin(async move { w.put_object("broken", &json!({"no": "definition"})).await }));
        let broken: Result<(), StoreError> = broken.await;
        broken.expect("kept");
        assert!(world.upgrade(1).await.is_err());
        assert!(world.copies().await.is_empty());
        if let Place::File(path) = world.space.store.place() {
            let folder = std::fs::read_dir(path.parent().expect("a folder")).expect("read");
            let names = folder.map(|file| file.expect("a file").file_name().to_string_lossy().into_owned());
            let copies: Vec<String> = names.filter(|name| name.contains(".before-")).collect();
            assert!(copies.is_empty(), "{copies:?}");
        }
    });
}
