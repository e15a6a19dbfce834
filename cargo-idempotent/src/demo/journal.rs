//! What outlives the process: a line for each payment, with its record, so that
//! effect and record are one write.

use std::{
    fs::{File, OpenOptions},
    io::Write as _,
    path::Path,
    sync::{Mutex, PoisonError},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Flaw,
    payments::{Payments, lock},
    record::Record,
};
use crate::case::Response;

#[derive(Serialize, Deserialize)]
struct Line {
    id: String,
    print: Vec<u8>,
    answer: Response,
    payment: Value,
}

/// The file, if there is one.
#[derive(Default)]
pub(super) struct Journal(Mutex<Option<File>>);

impl Journal {
    /// One line, written at once.
    pub(super) fn write(&self, id: &str, print: &[u8], answer: &Response) {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(file) = &mut *file else { return };
        let line = Line {
            id: id.to_owned(),
            print: print.to_vec(),
            answer: answer.clone(),
            payment: answer.body.as_json().unwrap_or_default(),
        };
        if let Ok(mut text) = serde_json::to_string(&line) {
            text.push('\n');
            let _ = file.write_all(text.as_bytes());
        }
    }
}

impl Payments {
    /// A service with what its file has; half a line at its end never was.
    pub(super) fn kept(flaws: &[Flaw], path: &Path) -> Result<Self, String> {
        let mut service = Self::new(flaws);
        let text = std::fs::read_to_string(path).unwrap_or_default();
        for line in text.lines() {
            let Ok(line) = serde_json::from_str::<Line>(line) else {
                continue;
            };
            lock(&service.paid).push(line.payment);
            // Ids go on from where they were.
            lock(&service.ids).next();
            lock(&service.ids).next();
            if !service.is(Flaw::LostOnRestart) {
                let record = Record::Done {
                    print: line.print,
                    answer: line.answer,
                };
                service.records.put(&line.id, record);
            }
        }
        let file = OpenOptions::new().create(true).append(true).open(path);
        let file = file.map_err(|e| format!("{}: {e}", path.display()))?;
        service.journal = Journal(Mutex::new(Some(file)));
        Ok(service)
    }
}
