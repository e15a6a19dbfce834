//! The blocks of an `.http` file, each with its lines' numbers.

/// The lines between two `###`, and the title that stood behind the first.
pub(super) struct Block<'a> {
    pub(super) title: Option<String>,
    pub(super) lines: Vec<(usize, &'a str)>,
}

/// Splits a file at its `###` lines.
pub(super) fn blocks(text: &str) -> Vec<Block<'_>> {
    let mut blocks = vec![Block {
        title: None,
        lines: Vec::new(),
    }];
    for (index, line) in text.lines().enumerate() {
        if let Some(title) = line.strip_prefix("###") {
            let title = title.trim_matches('#').trim();
            blocks.push(Block {
                title: (!title.is_empty()).then(|| title.to_owned()),
                lines: Vec::new(),
            });
        } else if let Some(block) = blocks.last_mut() {
            block.lines.push((index + 1, line));
        }
    }
    blocks
}
