//! SQLite: a file that is none, a name that is a directory.

use xtask::servers::Scratch;

use super::is_refused;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_database_is_refused_and_left_alone() {
    let scratch = Scratch::new().expect("a temporary directory");
    let file = scratch.join("notes");
    let text = "no database, but long enough to be taken for one ".repeat(40);
    std::fs::write(&file, &text).unwrap();
    let store = format!("sqlite:{}", file.display());
    is_refused(&store, &["no SQLite database"]);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text);
    let store = format!("sqlite:{}", scratch.path().display());
    is_refused(&store, &["cannot be opened"]);
    is_refused("sqlite::memory:", &["MemoryStore"]);
}
