//! What the command line asks for.

use std::time::Duration;

const HELP: &str = "\
Measure the stores against the raw limits of their servers.

Usage: stores [--only NAME,…] [--quick] [--full]

  --only NAME,…  only these: redis, postgres, mysql, sqlite, cache
  --quick        few short laps, to see that it works; its figures mean little
  --full         the growth up to 5 million records (minutes, and gigabytes)

The servers are those that the variables IDEMPOTENT_TEST_… name. They are filled
and their settings are changed: `cargo xtask bench` starts private ones.
";

/// How much to measure.
pub struct Options {
    only: Option<Vec<String>>,
    /// For how long each contender runs in each round.
    pub span: Duration,
    /// Rounds that count.
    pub rounds: usize,
    /// The numbers of records of the growth series, the smallest first.
    pub sizes: &'static [u64],
    /// The numbers of connections, the smallest first.
    pub connections: &'static [usize],
}

impl Options {
    /// Those of this process; `None` if it was asked for help.
    ///
    /// # Errors
    /// What was not understood.
    pub fn from_arguments() -> Result<Option<Self>, String> {
        let mut options = Self {
            only: None,
            span: Duration::from_millis(80),
            rounds: 9,
            sizes: &[10_000, 100_000, 500_000],
            connections: &[1, 4, 16, 64, 256],
        };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--only" => {
                    let names = arguments.next().ok_or("--only wants names")?;
                    options.only = Some(names.split(',').map(str::to_owned).collect());
                }
                "--quick" => {
                    options.span = Duration::from_millis(15);
                    options.rounds = 3;
                    options.sizes = &[1_000, 5_000];
                    options.connections = &[1, 16];
                }
                "--full" => options.sizes = &[10_000, 100_000, 1_000_000, 5_000_000],
                "--help" | "-h" => {
                    print!("{HELP}");
                    return Ok(None);
                }
                other => return Err(format!("{other} is no option; --help lists them")),
            }
        }
        Ok(Some(options))
    }

    /// Whether the tables of `name` are wanted.
    pub fn wants(&self, name: &str) -> bool {
        let only = self.only.as_ref();
        only.is_none_or(|only| only.iter().any(|wanted| wanted == name))
    }
}
