//! The table finds what was there, nothing else, and keeps its size.

use super::*;

fn see(recent: &Recent, detector: Detector, of: u64, mark: u32) -> Option<Before> {
    let mut before = None;
    recent.see(recent.tag(detector, of), |was| {
        before = was;
        Some(mark)
    });
    before
}

#[tokio::test(start_paused = true)]
async fn a_thing_seen_again_tells_when_and_how_it_was_marked() {
    let recent = Recent::new(1 << 12);
    assert_eq!(see(&recent, Detector::CrossScope, 1, 7), None);
    tokio::time::advance(Duration::from_mins(1)).await;
    let before = see(&recent, Detector::CrossScope, 1, 8).unwrap();
    assert_eq!((before.ago.as_secs(), before.mark), (60, 7));
    // The same of another detector is another thing.
    assert_eq!(see(&recent, Detector::Suspects, 1, 9), None);
    tokio::time::advance(Duration::from_secs(601)).await;
    assert_eq!(see(&recent, Detector::CrossScope, 1, 9), None);
}

#[tokio::test(start_paused = true)]
async fn nothing_new_is_seen_again_and_a_full_table_pushes_out_the_oldest() {
    let recent = Recent::new(1 << 10);
    let mut pushed_out = 0;
    for n in 0_u64..100_000 {
        let tag = recent.tag(Detector::Repeats, n);
        let was = recent.see(tag, |before| {
            assert_eq!(before, None, "{n} was never seen");
            Some(0)
        });
        pushed_out += u64::from(was == Some(Detector::Repeats));
    }
    assert!(pushed_out > 90_000, "{pushed_out}");
    assert!(see(&recent, Detector::Repeats, 99_999, 0).is_some());
    assert_eq!(see(&recent, Detector::Repeats, 1, 0), None);
}

#[tokio::test(start_paused = true)]
async fn what_is_of_no_use_any_more_makes_room_uncounted() {
    let recent = Recent::new(1);
    for n in 0_u64..4_096 {
        see(&recent, Detector::Suspects, n, 0);
    }
    tokio::time::advance(Duration::from_secs(121)).await;
    for n in 0_u64..64 {
        let tag = recent.tag(Detector::Suspects, 10_000 + n);
        assert_eq!(recent.see(tag, |_| Some(0)), None);
    }
}

#[test]
fn a_million_things_leave_its_size_as_it_was() {
    let recent = Recent::new(1 << 18);
    let before = recent.bytes();
    for n in 0_u64..1_000_000 {
        recent.see(recent.tag(Detector::Suspects, n), |_| Some(0));
    }
    println!("{} bytes after a million things", recent.bytes());
    assert_eq!((before, recent.bytes()), (0, 4 << 20));
}

#[test]
fn an_entry_has_sixteen_bytes() {
    assert_eq!(size_of::<Entry>(), 16);
}
