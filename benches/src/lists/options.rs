//! What the command line asks for.

use std::time::Duration;

const HELP: &str = "\
Measure an operator's lists on many records, alone and beside claims.

Usage: lists [--only NAME,…] [--records N] [--operators N] [--quick]

  --only NAME,…  only these: memory, sqlite, postgres, mysql, redis, redis-cluster
  --records N    instead of 1,000,000
  --operators N  how many load a page a second beside the claims, instead of 5
  --quick        few records and short rounds, to see that it works

The servers are those that the variables IDEMPOTENT_TEST_… name: they are filled.
`cargo xtask bench` starts private ones.
";

/// How much to measure.
#[derive(Clone)]
pub struct Options {
    only: Option<Vec<String>>,
    pub records: u64,
    /// How many look at lists beside the claims.
    pub operators: u32,
    /// Rounds of claims: each alone, beside lists, and alone again.
    pub rounds: usize,
    /// How long each of the three lasts.
    pub span: Duration,
}

impl Options {
    /// Those of this process; `None` if it was asked for help.
    ///
    /// # Errors
    /// What was not understood.
    pub fn from_arguments() -> Result<Option<Self>, String> {
        let mut options = Self {
            only: None,
            records: 1_000_000,
            operators: 5,
            rounds: 18,
            span: Duration::from_secs(1),
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().ok_or(format!("{argument} wants a value"));
            match argument.as_str() {
                "--only" => {
                    options.only = Some(value()?.split(',').map(str::to_owned).collect());
                }
                "--records" => {
                    let number = value()?.replace(['_', ','], "");
                    let wrong = |_| "--records wants a number".to_owned();
                    options.records = number.parse().map_err(wrong)?;
                }
                "--operators" => {
                    let wrong = |_| "--operators wants a number, 1 or more";
                    let number: std::num::NonZeroU32 = value()?.parse().map_err(wrong)?;
                    options.operators = number.get();
                }
                "--quick" => {
                    options.records = 20_000;
                    options.rounds = 3;
                    options.span = Duration::from_millis(300);
                }
                "--help" | "-h" => {
                    print!("{HELP}");
                    return Ok(None);
                }
                other => return Err(format!("{other} is no option; --help lists them")),
            }
        }
        Ok(Some(options))
    }

    /// Whether the store of `name` is wanted.
    pub fn wants(&self, name: &str) -> bool {
        let only = self.only.as_ref();
        only.is_none_or(|only| only.iter().any(|wanted| wanted == name))
    }
}
