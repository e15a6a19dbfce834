//! What outlives the process: a line for each effect with its record, so that both are
//! one write; two, where that is what is wrong.

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

/// What a line tells: a record, what was made, or both.
#[derive(Default, Serialize, Deserialize)]
struct Line {
    id: String,
    print: Vec<u8>,
    /// None while it runs.
    answer: Option<Response>,
    made: Option<Value>,
}

/// The file, if there is one.
#[derive(Default)]
pub(super) struct Journal(Mutex<Option<File>>);

impl Journal {
    /// Record and effect, in one line.
    pub(super) fn both(&self, id: &str, print: &[u8], answer: &Response) {
        self.write(&Line {
            made: answer.body.as_json(),
            ..Line::done(id, print, answer)
        });
    }

    /// The record alone: its effect comes later.
    pub(super) fn record(&self, id: &str, print: &[u8], answer: &Response) {
        self.write(&Line::done(id, print, answer));
    }

    /// The effect alone.
    pub(super) fn effect(&self, made: &Value) {
        self.write(&Line {
            made: Some(made.clone()),
            ..Line::default()
        });
    }

    /// A claim that nothing ends but its answer.
    pub(super) fn claimed(&self, id: &str, print: &[u8]) {
        self.write(&Line {
            id: id.to_owned(),
            print: print.to_vec(),
            ..Line::default()
        });
    }

    fn write(&self, line: &Line) {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(file) = &mut *file else { return };
        if let Ok(mut text) = serde_json::to_string(line) {
            text.push('\n');
            let _ = file.write_all(text.as_bytes());
        }
    }
}

impl Line {
    fn done(id: &str, print: &[u8], answer: &Response) -> Self {
        Self {
            id: id.to_owned(),
            print: print.to_vec(),
            answer: Some(answer.clone()),
            made: None,
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
            if let Some(made) = line.made {
                // A refund names its payment.
                let list = match made.get("payment") {
                    Some(_) => &service.refunded,
                    None => &service.paid,
                };
                lock(list).push(made);
                // Ids go on from where they were.
                lock(&service.ids).next();
                lock(&service.ids).next();
            }
            if line.id.is_empty() || service.is(Flaw::LostOnRestart) {
                continue;
            }
            let print = line.print;
            let record = match line.answer {
                Some(answer) => Record::done(print, answer),
                None => Record::running(print),
            };
            service.records.put(&line.id, record);
        }
        let file = OpenOptions::new().create(true).append(true).open(path);
        let file = file.map_err(|e| format!("{}: {e}", path.display()))?;
        service.journal = Journal(Mutex::new(Some(file)));
        Ok(service)
    }
}
