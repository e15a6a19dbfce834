//! Two answers side by side: what differs is marked, what is equal is not.

use similar::{ChangeTag, TextDiff};

/// A run of text in one of the two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub text: String,
    pub differs: bool,
}

/// Both texts in pieces, by words, so that a differing id is marked whole.
pub(super) fn sides(a: &str, b: &str) -> [Vec<Piece>; 2] {
    let (left, right) = (words(a), words(b));
    let diff = TextDiff::from_slices(&left, &right);
    let (mut one, mut two) = (Vec::new(), Vec::new());
    for change in diff.iter_all_changes() {
        let text = change.value();
        match change.tag() {
            ChangeTag::Equal => {
                push(&mut one, text, false);
                push(&mut two, text, false);
            }
            ChangeTag::Delete => push(&mut one, text, true),
            ChangeTag::Insert => push(&mut two, text, true),
        }
    }
    [one, two]
}

/// Equal stretches of more lines than that are folded.
const FOLD: usize = 8;

/// The pieces with long equal stretches folded, and whether any was.
pub(super) fn folded(pieces: Vec<Piece>) -> (Vec<Piece>, bool) {
    let mut any = false;
    let fold = pieces.into_iter().map(|piece| {
        let lines: Vec<_> = piece.text.split('\n').collect();
        if piece.differs || lines.len() <= FOLD {
            return piece;
        }
        any = true;
        let (head, tail) = (&lines[..3], &lines[lines.len() - 3..]);
        let left_out = lines.len() - 6;
        let text = format!(
            "{}\n⋯ {left_out} equal lines ⋯\n{}",
            head.join("\n"),
            tail.join("\n")
        );
        Piece { text, ..piece }
    });
    (fold.collect(), any)
}

fn push(pieces: &mut Vec<Piece>, text: &str, differs: bool) {
    match pieces.last_mut() {
        Some(last) if last.differs == differs => last.text.push_str(text),
        _ => pieces.push(Piece {
            text: text.to_owned(),
            differs,
        }),
    }
}

/// Words with their dashes, and each other character by itself.
fn words(text: &str) -> Vec<&str> {
    let inside = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let (mut words, mut start) = (Vec::new(), 0);
    for (at, c) in text.char_indices() {
        if !inside(c) {
            if start < at {
                words.push(&text[start..at]);
            }
            words.push(&text[at..at + c.len_utf8()]);
            start = at + c.len_utf8();
        }
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::{folded, sides};

    #[test]
    fn long_equal_stretches_are_folded_and_differing_ones_never() {
        let long = "line\n".repeat(20);
        let [left, _] = sides(&format!("{long}a-1"), &format!("{long}a-2"));
        let (pieces, any) = folded(left);
        assert!(
            any && pieces[0].text.contains("⋯ 15 equal lines ⋯"),
            "{pieces:?}"
        );
        assert_eq!(pieces[1].text, "a-1");
        let [left, _] = sides(&long, "other");
        assert!(!folded(left).1);
    }

    #[test]
    fn a_differing_id_is_marked_whole_and_the_rest_is_not() {
        let [left, right] = sides("{\"id\":\"a-1\",\"n\":1}", "{\"id\":\"a-2\",\"n\":1}");
        let marked = |pieces: Vec<super::Piece>| {
            let marked = pieces.into_iter().filter(|p| p.differs);
            marked.map(|p| p.text).collect::<Vec<_>>()
        };
        assert_eq!(marked(left), ["a-1"]);
        assert_eq!(marked(right), ["a-2"]);
    }
}
