//! A file is there whole or not at all: whoever reads while it is written, or after the
//! writer was killed, finds no half of it.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::{fs, io, process};

/// Writes beside `path`, then takes its place.
pub(crate) fn write(path: &Path, bytes: impl AsRef<[u8]>) -> io::Result<()> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    // Equal bodies may be written at once, by several recorders too.
    let unique = format!("{}-{}.partial", process::id(), NEXT.fetch_add(1, Relaxed));
    let beside = path.with_added_extension(unique);
    let written = fs::write(&beside, bytes).and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        // Perhaps it is not there at all; what failed is told by the first error.
        let _ = fs::remove_file(&beside);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_finds_the_old_or_the_new_and_no_half() {
        let folder = std::env::temp_dir().join(format!("whole-{}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("case.yaml");
        let text = |letter: &str| letter.repeat(1 << 20);
        write(&path, text("a")).unwrap();
        let writer = std::thread::spawn({
            let path = path.clone();
            move || (0..50).for_each(|_| write(&path, text("b")).unwrap())
        });
        while !writer.is_finished() {
            let seen = fs::read_to_string(&path).unwrap();
            assert!(seen == text("a") || seen == text("b"), "{}", seen.len());
        }
        writer.join().unwrap();
        assert_eq!(
            fs::read_dir(&folder).unwrap().count(),
            1,
            "nothing is left beside"
        );
        fs::remove_dir_all(folder).unwrap();
    }
}
