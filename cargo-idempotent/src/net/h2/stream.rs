//! One stream of a connection, and its answer as it comes.

use super::{
    frame::{CONTINUATION, DATA, END, Frame, HEADERS, RESET},
    hpack,
};
use crate::{
    case::{Body, Headers, Response},
    net::{Moment, now},
};

pub(crate) struct Stream {
    pub(super) id: u32,
    status: Option<u16>,
    body: Vec<u8>,
    /// When the first byte of its answer was seen.
    pub(crate) first: Option<Moment>,
    /// When it was over, answered or reset.
    pub(crate) last: Option<Moment>,
}

impl Stream {
    pub(super) fn new(id: u32) -> Self {
        Self {
            id,
            status: None,
            body: Vec::new(),
            first: None,
            last: None,
        }
    }

    /// Takes a frame of its own.
    pub(super) fn take(&mut self, frame: &Frame<'_>) -> Result<(), String> {
        let content = frame
            .content()
            .ok_or("a frame with more padding than bytes")?;
        match frame.kind {
            HEADERS => {
                self.first.get_or_insert_with(now);
                let status = hpack::status(content);
                // An interim answer, or trailers: neither is the answer's status.
                if self.status.is_none_or(|s| s < 200) && status.is_some() {
                    self.status = status;
                }
            }
            DATA => self.body.extend_from_slice(content),
            RESET => {
                self.status = None;
                self.last = Some(now());
            }
            _ => {}
        }
        let ends = matches!(frame.kind, HEADERS | DATA) && frame.flags & END != 0;
        // The status stands first: what a block's other frames have is not read.
        if ends && frame.kind != CONTINUATION {
            self.last = Some(now());
        }
        Ok(())
    }

    /// The answer, with status and body only; none if the stream was reset.
    pub(crate) fn answer(&mut self) -> Option<Response> {
        Some(Response {
            status: self.status?,
            headers: Headers::default(),
            body: Body(std::mem::take(&mut self.body)),
        })
    }
}
