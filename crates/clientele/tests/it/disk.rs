//! A data disk that fills: a small file system in memory, which only the superuser can mount.

use std::path::Path;
use std::process::Command;

use store::{Place, Store, StoreError};

use crate::program::Program;

const ROWS: usize = 20_000;

fn mount(arguments: &[&str], folder: &Path) -> bool {
    Command::new("mount").args(arguments).arg(folder).output().is_ok_and(|output| output.status.success())
}

/// Unmounts when the test ends, however it ends.
struct Small<'a>(&'a Path);

impl Drop for Small<'_> {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg(self.0).status();
        assert!(unmounted.is_ok_and(|status| status.success()) || std::thread::panicking(), "the disk is unmounted");
    }
}

#[test]
fn an_upgrade_is_not_begun_where_its_copy_has_no_room() {
    let program = Program::on_files();
    let data = program.path("data");
    std::fs::create_dir(&data).expect("a folder");
    if !mount(&["-t", "tmpfs", "-o", "size=60m", "tmpfs"], &data) {
        eprintln!("a file system cannot be mounted here: a full data disk is not tested");
        return;
    }
    let _small = Small(&data);
    program.records("account", "name");
    let file = data.join("tenants").join("main.db");
    // As an earlier version left it.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let store = Store::open(&Place::File(file.clone())).await.expect("opened");
        let kept: Result<(), StoreError> =
            store.write(|w| Box::pin(async move { w.set_setting("standard", &"earlier".into()).await })).await;
        kept.expect("kept");
    });
    let filler = std::fs::File::create(data.join("filler")).expect("made");
    std::io::copy(&mut std::io::repeat(0), &mut &filler).expect_err("the disk is full");
    let full = filler.metadata().expect("a file").len();
    filler.set_len(full - (512 << 10)).expect("cut");
    let output = program.command(&["export", "account", "--out", "none.jsonl"]).output().expect("started");
    let why = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && why.contains("no room for the copy"), "{why}");
    filler.set_len(0).expect("cut");
    assert!(program.records("account", "name").is_empty());
}

#[test]
fn an_import_stops_when_the_disk_is_full_and_goes_on_when_there_is_room() {
    let program = Program::on_files();
    let data = program.path("data");
    std::fs::create_dir(&data).expect("a folder");
    if !mount(&["-t", "tmpfs", "-o", "size=4m", "tmpfs"], &data) {
        eprintln!("a file system cannot be mounted here: a full data disk is not tested");
        return;
    }
    let _small = Small(&data);
    let rows: String = (0..ROWS).map(|n| format!("K{n},Name {n}\n")).collect();
    let file = program.write("many.csv", &format!("external_id,name\n{rows}"));
    let rejects = program.write("rejected.csv", "");
    let import = ["import", &file, "--object", "account", "--map", "external_id=external_id", "--map", "name=name"];
    let output = program.command(&[&import[..], &["--rejects", &rejects]].concat()).output().expect("started");
    let (said, why) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(!output.status.success(), "{said}");
    assert!(why.contains("the disk is full"), "{why}");
    let name = said.lines().find_map(|line| line.strip_prefix("import ")).expect("it says which import").to_owned();

    assert!(mount(&["-o", "remount,size=200m"], &data), "the disk grows");
    let before = program.records("account", "external_id").len();
    assert!(before < ROWS && before.is_multiple_of(1_000), "whole chunks stay: {before}");
    program.run(&["import", "--resume", &name]);
    let keys = program.records("account", "external_id");
    let unique: std::collections::HashSet<&str> = keys.iter().filter_map(|r| r["external_id"].as_str()).collect();
    assert_eq!((keys.len(), unique.len()), (ROWS, ROWS));
}
