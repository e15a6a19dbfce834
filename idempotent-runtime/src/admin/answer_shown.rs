//! A stored answer for an operator: its status, size and header names; values
//! and body with the permission only, as text or hex, never as what they are.

use bytes::Bytes;

use super::frame::Frame;
use super::operator::Operator;
use super::{link, reading, shown};
use crate::answer::{Answer, AnswerKind};
use crate::record::{RecordView, State};

/// So much of a body is shown.
const MOST: usize = 16 << 10;

pub(super) struct AnswerShown {
    /// A status, or what else it is.
    pub(super) kind: String,
    pub(super) size: String,
    /// Each name, and its value with the permission.
    pub(super) headers: Vec<(String, Option<String>)>,
    pub(super) body: BodyShown,
}

pub(super) enum BodyShown {
    /// There is none, or what stands here says why.
    None(String),
    /// Who asks may not see it.
    Closed,
    Text {
        text: String,
        cut: Option<String>,
    },
    Hex {
        text: String,
        cut: Option<String>,
    },
}

impl AnswerShown {
    /// The answer of a record that is done.
    pub(super) async fn of(frame: &Frame, view: &RecordView) -> Option<Self> {
        if !matches!(view.state, State::Done | State::Tombstone) {
            return None;
        }
        Some(match reading::answer(&frame.panel, &view.id).await {
            Ok(Some(answer)) => {
                let opened = frame.operator.as_ref().is_some_and(Operator::sees_answers);
                Self::read(&answer, opened)
            }
            Ok(None) => Self::only("gone", "It expired meanwhile."),
            Err(refusal) => Self::only("not known", &refusal.detail()),
        })
    }

    fn read(answer: &Answer, opened: bool) -> Self {
        let mut shown = match answer.kind() {
            Some(AnswerKind::Http) => return Self::response(answer, opened),
            Some(AnswerKind::Value) => Self::content("a function's value", answer, opened),
            Some(AnswerKind::Error) => Self::content("a function's error", answer, opened),
            Some(AnswerKind::Tombstone) => Self::only("tombstone", tombstone(answer)),
            Some(AnswerKind::Sealed) => Self::only("sealed", "Its key is not with this process."),
            None => Self::only("unknown", "A later version wrote it."),
        };
        shown.size = shown::size(answer.as_bytes().len() as u64);
        shown
    }

    fn response(answer: &Answer, opened: bool) -> Self {
        let Some(stored) = crate::http::stored_response(answer) else {
            return Self::only("unreadable", "It is no response of a known format.");
        };
        let headers = stored.headers.iter().map(|(name, value)| {
            let value = || shown::text(&String::from_utf8_lossy(value.as_bytes()));
            (shown::text(name.as_str()), opened.then(value))
        });
        Self {
            kind: format!(
                "{} {}",
                stored.status.as_u16(),
                stored.status.canonical_reason().unwrap_or_default()
            ),
            size: shown::size(stored.body.len() as u64),
            headers: headers.collect(),
            body: BodyShown::of(&stored.body, opened),
        }
    }

    fn content(kind: &str, answer: &Answer, opened: bool) -> Self {
        Self {
            body: BodyShown::of(&answer.content(), opened),
            ..Self::only(kind, "")
        }
    }

    fn only(kind: &str, why: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            size: String::new(),
            headers: Vec::new(),
            body: BodyShown::None(why.to_owned()),
        }
    }
}

fn tombstone(answer: &Answer) -> &'static str {
    match answer.content().first() {
        Some(1) => "The answer was over the limit for stored answers.",
        Some(2) => "The answer was a stream of unknown length.",
        Some(3) => "The answer did not serialize.",
        Some(4) => "The answer's body failed after its head.",
        _ => "The answer could not be kept.",
    }
}

impl BodyShown {
    fn of(body: &Bytes, opened: bool) -> Self {
        if body.is_empty() {
            return Self::None("It is empty.".to_owned());
        }
        if !opened {
            return Self::Closed;
        }
        let part = &body[..body.len().min(MOST)];
        let cut =
            (body.len() > MOST).then(|| format!("the first {} of it", shown::size(MOST as u64)));
        match std::str::from_utf8(part) {
            Ok(text) => Self::Text {
                text: shown::lines(text),
                cut,
            },
            // A character that the cut divides is no sign of another kind.
            Err(error) if part.len() - error.valid_up_to() < 4 && cut.is_some() => {
                let text = String::from_utf8_lossy(&part[..error.valid_up_to()]);
                Self::Text {
                    text: shown::lines(&text),
                    cut,
                }
            }
            Err(_) => {
                let lines: Vec<_> = part.chunks(32).map(link::hex).collect();
                Self::Hex {
                    text: lines.join("\n"),
                    cut,
                }
            }
        }
    }
}
