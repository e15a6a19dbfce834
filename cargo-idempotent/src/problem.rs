//! What is wrong with an input: file, line, field, and what to do.

use std::{fmt, path::Path};

/// Something that could not be read; the rest of its file was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// The line from 1; 0 where the format gives none.
    pub line: usize,
    /// The field's path, if one is to blame.
    pub field: String,
    /// What is wrong, and the mend where one is known.
    pub message: String,
}

impl Problem {
    /// A problem with a whole file.
    pub fn file(path: &Path, message: impl Into<String>) -> Self {
        Self {
            file: path.display().to_string(),
            message: message.into(),
            ..Self::default()
        }
    }

    /// A problem at a line, in a file that the caller names.
    pub fn at(line: usize, field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            file: String::new(),
            line,
            field: field.into(),
            message: message.into(),
        }
    }

    /// Names the file.
    pub fn in_file(mut self, file: &str) -> Self {
        file.clone_into(&mut self.file);
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        if !self.field.is_empty() && self.field != "." {
            write!(f, ": {}", self.field)?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for Problem {}
